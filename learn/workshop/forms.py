"""The editor's form as plain values, read alike from a stored text and from what was sent."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from werkzeug.datastructures import MultiDict

from learn.core.i18n import gettext as _
from learn.courses import frontmatter, heads
from learn.courses.heads import DEFAULTS, FileKind
from learn.workshop import fields, keys
from learn.workshop.fields import Unreadable
from learn.workshop.scalars import Value

LARGEST = 2 * 1024 * 1024  # of a form in the Werkstatt, bytes
LONGEST = 256 * 1024  # of a text, bytes
LARGEST_NUMBER = 2**31 - 1
HIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")  # no text may hold them
NEW_LINES = re.compile("\r\n|[\r\v\f\x85]")
Shape = Literal["text", "list", "flag", "number", "licence"]
Faults = dict[str, str]  # sentence by field

# What the editor offers beside title and duration; the course's own data have a page of their own.
EXTRAS: Mapping[FileKind, Mapping[str, Shape]] = {
    "lektion": {
        "ziele": "list",
        "pflicht": "flag",
        "voraussetzung": "list",
        "ausgabe": "number",
        "aenderung": "text",
        "erneut_ab": "number",
        "formeln": "flag",
        "geprueft": "text",
        "autoren": "list",
        "quelle": "text",
        "lizenz": "licence",
    },
    "einfach": {"zu_ausgabe": "number", "geprueft": "text"},
    "modul": {"ergebnis": "text"},
    "kurs": {"ergebnis": "text"},
    "glossar": {"lizenz": "licence"},
    "fragen": {"bestehen": "number", "ziehen": "number", "ausgabe": "number"},
}


@dataclass(frozen=True, slots=True)
class Writing:
    """A text as the editor's fields hold it. `extras`: further keys of the front matter, as typed.

    `window` and `sequence` order what is kept while somebody types; `adopted` is the window whose unsaved
    text the page was opened with. `whole`: the front matter is unreadable, the body is the whole file.
    """

    title: str = ""
    duration: str = ""
    body: str = ""
    extras: Mapping[str, str] = field(default_factory=dict)
    base_revision: int = 0
    window: str = ""
    sequence: int = 0
    adopted: str = ""
    whole: bool = False


def of_text(key: str, text: str) -> Writing:
    """A stored file in fields."""
    kind = keys.kind_of(key)
    if frontmatter.split(text).tree is None:
        return Writing(body=text, whole=True)
    extras = {name: shown(text, name, shape) for name, shape in EXTRAS[kind].items()}
    body = fields.parts(text)[1].removeprefix("\n")
    return Writing(line(fields.words(text, "titel")), minutes(text), body, extras)


def first_line(text: str) -> int:
    """The line of the file in which the editor's text begins."""
    _head, body, line_number = fields.parts(text)
    return line_number + body.startswith("\n") if frontmatter.split(text).tree is not None else 1


def shown(text: str, name: str, shape: Shape) -> str:
    """What a field shows of a key: items line by line, what counts where the key is missing.

    Shown as it is read again, so that a field nobody has touched changes nothing.
    """
    if shape == "list":
        return "\n".join(filter(None, map(line, fields.items(text, name))))
    found = line(fields.words(text, name))
    if shape == "flag":
        return found or ("ja" if DEFAULTS[name] else "nein")
    if shape == "number" and not found:
        return str(DEFAULTS.get(name, ""))
    return found


def minutes(text: str) -> str:
    """The duration without its unit."""
    return line(fields.words(text, "dauer")).removesuffix("min")


def read(sent: MultiDict[str, str], before: Writing) -> Writing:
    """The form; what is not in it stays as `before`."""
    return replace(
        before,
        title=line(sent.get("title", before.title)),
        duration=line(sent.get("duration", before.duration)),
        body=typed(sent.get("body", before.body)),
        extras={name: rows(sent.get(name, value)) for name, value in before.extras.items()},
        base_revision=number(sent.get("base_revision")),
        window=line(sent.get("window", ""))[:40],
        sequence=number(sent.get("sequence")),
        adopted=line(sent.get("adopted", ""))[:40],
    )


def typed(text: str) -> str:
    """A text as it is stored: lines end alike, without characters that no file may hold."""
    return HIDDEN.sub("", NEW_LINES.sub("\n", text))


def line(text: str) -> str:
    """A text on one line."""
    return " ".join(typed(text).split())


def rows(text: str) -> str:
    """A text line by line, without empty ones."""
    return "\n".join(filter(None, map(line, typed(text).split("\n"))))


def number(text: str | None) -> int:
    """A whole number of a hidden field; 0 for anything else."""
    found = int(text) if text and text.isascii() and text.isdigit() and len(text) < 11 else 0
    return min(found, LARGEST_NUMBER)


def composed(key: str, text: str, writing: Writing) -> str:
    """The file with what the fields say; what they left as it was is not written anew. Raises Unreadable."""
    before = of_text(key, text)
    if before.whole:
        return as_before(text, writing.body)
    return fields.with_values(bodied(text, writing), changes(key, text, before, writing))


def kept(key: str, text: str, writing: Writing) -> str:
    """The same while somebody types: what its front matter cannot hold yet stays out of it."""
    try:
        return composed(key, text, writing)
    except Unreadable:
        return bodied(text, writing)


def bodied(text: str, writing: Writing) -> str:
    """The file with this body; the empty line below the front matter, which no field shows, stays."""
    before = fields.parts(text)[1]
    lead = "\n" if before.startswith("\n") else ""
    return fields.with_body(text, lead + as_before(before, writing.body))


def changes(key: str, text: str, before: Writing, writing: Writing) -> dict[str, Value | None]:
    """The keys of the front matter that the fields change; None takes one away."""
    found: dict[str, Value | None] = {}
    kind = keys.kind_of(key)
    if writing.title != before.title:
        found["titel"] = writing.title or (None if kind == "einfach" else "")
    if writing.duration != before.duration:
        found["dauer"] = f"{writing.duration}min" if writing.duration.isdigit() else writing.duration
    for name, shape in EXTRAS[kind].items():
        if writing.extras[name] != before.extras[name]:
            found[name] = value(writing.extras[name], shape, fields.items(text, name))
    return found


def as_before(before: str, body: str) -> str:
    """The text ended with its last line, unless what was there before did not do so."""
    return body if before and not before.endswith("\n") else ended(body)


def ended(body: str) -> str:
    """A file ends with its last line."""
    return body if not body or body.endswith("\n") else f"{body}\n"


def value(typed_text: str, shape: Shape, before: Iterable[str] = ()) -> Value | None:
    """What a field's text means; None takes the key away. Items that were there `before` stay as written."""
    if shape != "list":
        return line(typed_text) or None
    written = {line(item): item for item in before}
    return [written.get(item, item) for item in rows(typed_text).split("\n") if item] or None


def faults(key: str, before: str, after: str) -> Faults:
    """What is wrong with a file, by field: size, title and duration always, other keys where they changed."""
    if len(after.encode()) > LONGEST:
        return {"body": _("Kürzen Sie den Text oder teilen Sie die Lektion. Er fasst höchstens 256 KB.")}
    known = {"titel": "title", "dauer": "duration"}
    known |= {name: name for name in EXTRAS[keys.kind_of(key)] if changed(before, after, name)}
    result: Faults = {}
    for fault in heads.read(frontmatter.split(after), keys.kind_of(key)).faults:
        name = known.get(str(fault.values.get("key", "")))
        if name:
            result[name] = sentence(name, str(fault.values.get("erwartung", "")))
    return result


def changed(before: str, after: str, name: str) -> bool:
    return fields.value(before, name) != fields.value(after, name)


def sentence(name: str, expected: str) -> str:
    """What to do about a field."""
    if name == "title":
        return _("Schreiben Sie einen Titel mit 1 bis 120 Zeichen.")
    if name == "duration":
        return _("Schreiben Sie die Dauer als Zahl von 1 bis 60.")
    return _("Erlaubt ist %(expected)s.", expected=expected)
