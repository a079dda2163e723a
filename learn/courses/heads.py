"""What may stand in front matter: one table of keys per kind of file, each value checked and converted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from learn.courses import frontmatter
from learn.courses import values as v
from learn.courses.frontmatter import Front, Node
from learn.courses.values import Rejected
from learn.markup.model import Fault

FileKind = Literal["kurs", "modul", "lektion", "einfach", "glossar", "pfad", "fragen"]
Reading = Callable[[Node], Any]
DEFAULTS: Mapping[str, Any] = {
    "ausgabe": 1,
    "erneut_ab": 1,
    "pflicht": True,
    "formeln": False,
    "sprache": "de",
}


@dataclass(frozen=True, slots=True)
class Key:
    read: Reading
    required: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """Converted front matter. `lines` holds each key's line, `known` is false when it could not be read."""

    kind: FileKind
    values: Mapping[str, Any]
    lines: Mapping[str, int]
    faults: tuple[Fault, ...] = ()
    known: bool = True

    @property
    def id(self) -> str:
        return self.text("id")

    def text(self, key: str) -> str:
        found = self.values.get(key, DEFAULTS.get(key, ""))
        assert isinstance(found, str)
        return found

    def number(self, key: str) -> int:
        """A whole number; 0 where the key is missing and has no default."""
        found = self.values.get(key, DEFAULTS.get(key, 0))
        assert isinstance(found, int)
        return found

    def flag(self, key: str) -> bool:
        return bool(self.values.get(key, DEFAULTS.get(key, False)))

    def items(self, key: str) -> tuple[str, ...]:
        """The texts of a list, empty where the key is missing."""
        return tuple(item.text for item in self.values.get(key, ()))

    def placed(self, key: str) -> tuple[v.Item, ...]:
        """The same with the line of each item."""
        return tuple(self.values.get(key, ()))

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        return tuple(self.values.get(key, ()))

    def sound(self, *keys: str) -> bool:
        """Whether these keys are as allowed, or missing; what depends on others stays unjudged."""
        return self.known and all(key in self.values or key not in self.lines for key in keys)

    def line(self, key: str) -> int:
        """The key's line; line 1 where it is missing."""
        return self.lines.get(key, 1)


TITLE = v.text(120)
SENTENCE = v.text(200, "ein Satz bis 200 Zeichen")
WORDS = v.text(200, "ein Text bis 200 Zeichen")
KEYS: Mapping[FileKind, Mapping[str, Key]] = {
    "kurs": {
        "id": Key(v.identity("kur")),
        "titel": Key(TITLE, required=True),
        "ausgabe": Key(v.number()),
        "ergebnis": Key(SENTENCE, required=True),
        "ziele": Key(v.goals),
        "thema": Key(v.topics),
        "zielgruppe": Key(WORDS),
        "kommune": Key(WORDS),
        "autoren": Key(v.names),
        "voraussetzung": Key(v.identities("kur", "les")),
        "abschluss": Key(v.choices("lektionen", "test")),
        "lizenz": Key(v.licence, required=True),
        "geprueft": Key(v.reviewed),
        "sprache": Key(v.language),
        "quelle": Key(WORDS),
        "bild": Key(v.text(400, "ein Pfad zu einem Bild")),
        "werte": Key(v.explained),
    },
    "modul": {
        "id": Key(v.identity("mod")),
        "titel": Key(TITLE, required=True),
        "ergebnis": Key(SENTENCE),
    },
    "lektion": {
        "id": Key(v.identity("les")),
        "titel": Key(TITLE, required=True),
        "ausgabe": Key(v.number()),
        "erneut_ab": Key(v.number("eine ganze Zahl von 1 bis zur Ausgabe")),
        "aenderung": Key(SENTENCE),
        "dauer": Key(v.duration, required=True),
        "pflicht": Key(v.yes_or_no),
        "ziele": Key(v.goals),
        "voraussetzung": Key(v.identities("kur", "les", word="vorige")),
        "abschluss": Key(v.items("eine Liste erlaubter Angaben", 60)),
        "ersetzt": Key(v.identities("les")),
        "autoren": Key(v.names),
        "kommune": Key(WORDS),
        "quelle": Key(WORDS),
        "lizenz": Key(v.licence),
        "geprueft": Key(v.reviewed),
        "formeln": Key(v.yes_or_no),
    },
    "einfach": {
        "zu_ausgabe": Key(v.number(), required=True),
        "titel": Key(TITLE),
        "geprueft": Key(v.reviewed),
    },
    "glossar": {
        "id": Key(v.identity("glo")),
        "titel": Key(TITLE, required=True),
        "lizenz": Key(v.licence),
    },
    "pfad": {
        "id": Key(v.identity("pfa")),
        "titel": Key(TITLE, required=True),
        "ergebnis": Key(SENTENCE, required=True),
        "kurse": Key(v.identities("kur", least=1), required=True),
        "lizenz": Key(v.licence),
    },
    "fragen": {
        "id": Key(v.identity("fra")),
        "titel": Key(TITLE, required=True),
        "ausgabe": Key(v.number()),
        "bestehen": Key(v.number(), required=True),
        "ziehen": Key(v.number()),
    },
}


def read(front: Front, kind: FileKind) -> Head:
    """Convert the front matter of a file of this kind; faults K102 to K105, K301, K406."""
    if front.tree is None:
        return Head(kind, {}, {}, front.faults, known=False)
    table = KEYS[kind]
    faults = list(front.faults)
    values: dict[str, Any] = {}
    for name, node in front.tree.items.items():
        line = front.tree.lines[name]
        if name not in table:
            faults.append(_unknown(name, line, table))
        elif not (name == "id" and isinstance(node, frontmatter.Scalar) and not node.text):
            try:
                values[name] = table[name].read(node)
            except Rejected as problem:
                faults.append(problem.fault(name, line))
    faults += _missing(front.tree, table, values)
    faults += _together(values, front.tree)
    return Head(kind, values, dict(front.tree.lines), tuple(faults))


def _unknown(name: str, line: int, table: Mapping[str, Key]) -> Fault:
    suggestion = get_close_matches(name, table, n=1, cutoff=0.0)[0]
    return Fault("K105", line, {"key": v.shortened(name), "vorschlag": suggestion})


def _missing(tree: frontmatter.Mapping, table: Mapping[str, Key], values: Mapping[str, Any]) -> list[Fault]:
    faults = [
        Fault("K103", 1, {"key": name})
        for name, key in table.items()
        if key.required and name not in tree.items
    ]
    node = tree.items.get("id")
    empty = node is None or (isinstance(node, frontmatter.Scalar) and not node.text)
    if "id" in table and "id" not in values and empty:
        faults.append(Fault("K301", tree.lines.get("id", 1)))
    return faults


def _together(values: dict[str, Any], tree: frontmatter.Mapping) -> list[Fault]:
    """What one key demands of another: `erneut_ab` stays within `ausgabe`."""
    edition = values.get("ausgabe", 1) if "ausgabe" in values or "ausgabe" not in tree.items else None
    again = values.get("erneut_ab", 1)
    if edition is None or again <= edition:
        return []
    wanted = {"key": "erneut_ab", "erwartung": "eine ganze Zahl von 1 bis zur Ausgabe", "wert": str(again)}
    return [Fault("K104", tree.lines["erneut_ab"], wanted)]
