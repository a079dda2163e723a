"""Forms of a course's page: its data, new parts, addresses, read alike from a file and a request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from werkzeug.datastructures import MultiDict

from learn.core.i18n import gettext as _
from learn.courses import frontmatter, heads
from learn.courses.files import NAME
from learn.courses.heads import FileKind
from learn.workshop import fields, forms
from learn.workshop.forms import Faults, line, rows
from learn.workshop.scalars import Value

Shape = Literal["text", "lines", "chosen", "pairs", "test"]
LONGEST_SLUG = 60
SHEET: Mapping[str, Shape] = {
    "titel": "text",
    "ergebnis": "text",
    "ziele": "lines",
    "thema": "chosen",
    "zielgruppe": "text",
    "voraussetzung": "lines",
    "kommune": "text",
    "autoren": "lines",
    "quelle": "text",
    "lizenz": "text",
    "geprueft": "text",
    "bild": "text",
    "werte": "pairs",
    "abschluss": "test",
}
NAMES = {"titel": "title"}  # fields that are not called like their keys
LICENCES = (
    ("CC0-1.0", "CC0: frei von Rechten"),
    ("CC-BY-4.0", "CC BY: Namen nennen"),
    ("CC-BY-SA-4.0", "CC BY-SA: Namen nennen, ebenso weitergeben"),
    ("geschuetzt", "geschützt: alle Rechte vorbehalten"),
)


@dataclass(frozen=True, slots=True)
class Form:
    """Fields as typed and what is wrong with them, by field."""

    values: Mapping[str, str]
    faults: Faults = field(default_factory=dict)
    base_revision: int = 0

    def but(self, **faults: str) -> "Form":
        """The same with these faults."""
        return replace(self, faults={**self.faults, **faults})

    def says(self, name: str) -> str:
        return self.values.get(name, "")


def of_course(text: str, slug: str, base_revision: int) -> Form:
    """The data of a course in fields."""
    values = {NAMES.get(key, key): shown(text, key, shape) for key, shape in SHEET.items()}
    return Form({**values, "slug": slug}, {}, base_revision)


def shown(text: str, key: str, shape: Shape) -> str:
    """What a field shows of a key: items and pairs line by line, as they are read again."""
    found = fields.value(text, key)
    if shape == "test":
        return "ja" if "test" in fields.items(text, key) else ""
    if isinstance(found, dict):
        return "\n".join(line(f"{name}: {words}") for name, words in found.items())
    return line(found) if isinstance(found, str) else "\n".join(filter(None, map(line, found or ())))


def read_course(sent: MultiDict[str, str]) -> Form:
    """The data of a course as sent."""
    values = {"slug": line(sent.get("slug", ""))}
    for key, shape in SHEET.items():
        name = NAMES.get(key, key)
        said = "\n".join(sent.getlist(name)) if shape == "chosen" else sent.get(name, "")
        values[name] = line(said) if shape == "text" else rows(said)
    return Form(values, {}, forms.number(sent.get("base_revision")))


def composed(text: str, form: Form) -> str:
    """The file with what the fields say; what they left alone is not written anew. Raises Unreadable."""
    changes: dict[str, Value | None] = {}
    for key, shape in SHEET.items():
        said = form.says(NAMES.get(key, key))
        held = shown(text, key, shape)
        if said != held and not (shape == "chosen" and set(said.split("\n")) == set(held.split("\n"))):
            changes[key] = meant(said, key, text)
    return fields.with_values(text, changes)


def meant(said: str, key: str, text: str) -> Value | None:
    """The value that a field's text means; None takes the key away. Items that were there stay as written."""
    shape = SHEET[key]
    if shape == "text":
        return said or None
    if shape == "test":
        others = [each for each in fields.items(text, "abschluss") if each != "test"] or ["lektionen"]
        return [*others, "test"] if said else others
    found = [row for row in said.split("\n") if row]
    if shape == "pairs":
        parted = (row.partition(":") for row in found)
        return {name.strip(): words.strip() for name, _colon, words in parted} or None
    written = {line(item): item for item in fields.items(text, key)}
    if shape == "chosen":  # boxes stand in an order of their own
        found = [item for item in written if item in found] + [row for row in found if row not in written]
    return [written.get(row, row) for row in found] or None


def course_faults(before: str, after: str, form: Form) -> Faults:
    """What is wrong with the data: required keys always, others where they changed."""
    required = {"titel", "ergebnis", "lizenz"}
    found: Faults = {}
    for fault in heads.read(frontmatter.split(after), "kurs").faults:
        key = str(fault.values.get("key", ""))
        if key in required or (key in SHEET and forms.changed(before, after, key)):
            found[NAMES.get(key, key)] = expectation(key, str(fault.values.get("erwartung", "")))
    pairs = [row for row in form.says("werte").split("\n") if row.strip()]
    if len({row.partition(":")[0].strip() for row in pairs}) < len(pairs):
        found["werte"] = _("Nennen Sie jeden Namen nur einmal.")
    return found


def expectation(key: str, expected: str) -> str:
    """What to do about a field of a course."""
    if key == "titel":
        return _("Schreiben Sie einen Titel mit 1 bis 120 Zeichen.")
    if key == "ergebnis":
        return _("Schreiben Sie einen Satz mit bis zu 200 Zeichen.")
    if key == "lizenz":
        return _("Wählen Sie eine Lizenz.")
    if key == "werte":
        return _(
            "Schreiben Sie je Zeile einen Namen aus Kleinbuchstaben, einen Doppelpunkt und die Erklärung."
        )
    return _("Erlaubt ist %(expected)s.", expected=expected)


def checked(
    sent: MultiDict[str, str], kind: FileKind, keys: Iterable[str], required: Iterable[str] = ()
) -> Form:
    """A new part of a course: its fields and what is wrong with them by the rules of front matter."""
    values = {name: line(sent.get(name, "")) for name in {*keys, "slug"}}
    written = {key: values.get(NAMES.get(key, key), "") for key in heads.KEYS[kind]}
    head = fields.with_values(fields.EMPTY, {key: said for key, said in written.items() if said})
    faults: Faults = {}
    for fault in heads.read(frontmatter.split(head), kind).faults:
        key = str(fault.values.get("key", ""))
        if NAMES.get(key, key) in keys:
            faults[NAMES.get(key, key)] = part(key, str(fault.values.get("erwartung", "")))
    missing = {name: part(name, "") for name in required if not values[name] and name not in faults}
    return Form(values, {**faults, **missing}, forms.number(sent.get("base_revision")))


def part(key: str, expected: str) -> str:
    """What to do about a field of a new part."""
    if key == "dauer":
        return _("Schreiben Sie die Minuten als Zahl von 1 bis 60.")
    return expectation(key, expected)


def slug_fault(slug: str, taken: Iterable[str]) -> str:
    """What is wrong with the address of a lesson; empty where it may stand."""
    if not NAME.fullmatch(slug):
        return _("Nehmen Sie für die Adresse nur Kleinbuchstaben, Ziffern und einzelne Bindestriche.")
    if len(slug) > LONGEST_SLUG:
        return _("Kürzen Sie die Adresse auf %(number)s Zeichen.", number=LONGEST_SLUG)
    if slug in set(taken):
        return _("Die Adresse „%(slug)s“ ist in diesem Kurs vergeben. Wählen Sie eine andere.", slug=slug)
    return ""


def minutes(said: str) -> int:
    """Minutes of a field; 0 for what is none."""
    found = said.removesuffix("min").strip()
    return (
        int(found) if found.isascii() and found.isdigit() and len(found) < 3 and 1 <= int(found) <= 60 else 0
    )
