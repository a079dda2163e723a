"""What rendering returns and what it asks of its surroundings, as plain frozen values.

Everything here can be pickled (it crosses the rendering process) and stored as JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Profile = Literal["kurs", "beitrag", "gfm"]
Kind = Literal["einfach", "mehrfach", "zahl", "text", "reihenfolge", "zuordnung"]
Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding: a code of content.md section 3, the line (from 1) and the words for its sentence."""

    code: str
    line: int
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture: address (`/medien/<sha256>.<ext>`) and size in CSS pixels."""

    src: str
    width: int
    height: int
    narrow: "Picture | None" = None


@dataclass(frozen=True, slots=True)
class Link:
    """A resolved target. `identity` is what content_hash sees: an id where there is one."""

    href: str
    identity: str
    term: bool = False


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Why a target cannot be used; the renderer adds the line and shows the text without a link."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


class Resolver(Protocol):
    """Knows the files around a text. Targets come as written; nothing is opened or fetched."""

    def picture(self, target: str) -> Picture | Unresolved: ...

    def link(self, target: str) -> Link | Unresolved: ...

    def knows_value(self, name: str) -> bool:
        """Whether kurs.md explains the local value `name` under `werte`."""
        ...


@dataclass(frozen=True, slots=True)
class Heading:
    """A rendered heading: level 2 to 6, slug without the `s-` prefix, plain text."""

    level: int
    slug: str
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Html:
    """A sanitised, balanced piece of HTML."""

    html: str


@dataclass(frozen=True, slots=True)
class Quote(Html):
    """Words of another contribution, marked as quoted from a revision of it; `text` are its plain words."""

    post: int
    revision: int
    text: str


@dataclass(frozen=True, slots=True)
class Option:
    html: str
    correct: bool
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question as written. `html` is the heading's inline HTML, `text` the same as plain text.

    einfach, mehrfach: `options`. reihenfolge: `items` in the right order. zuordnung: `pairs`
    (left, right) with `columns` as their heads. zahl, text: `solutions` as typed
    (zahl: exactly one, such as `72 Stunden`, `21 bis 23`, `21,5 ± 0,5`).
    `items` and left cells are sanitised inline HTML; right cells and `columns` are escaped words
    without elements (they stand in `option`), so they too are safe as HTML. `solutions` is plain text.
    """

    id: str
    kind: Kind
    html: str
    text: str
    hint: str = ""
    explanation: str = ""
    options: tuple[Option, ...] = ()
    items: tuple[str, ...] = ()
    columns: tuple[str, str] = ("", "")
    pairs: tuple[tuple[str, str], ...] = ()
    solutions: tuple[str, ...] = ()
    lesson: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Quiz:
    id: str
    heading: str
    slug: str
    questions: tuple[Question, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Exercise:
    id: str
    heading: str
    slug: str
    html: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class PlanText:
    html: str


@dataclass(frozen=True, slots=True)
class PlanField:
    """A text field; `label` is plain text and unique in its Fahrplan, `hint` is plain text."""

    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PlanCell:
    """A table cell: fixed `html`, or a field when `label` is set."""

    html: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class PlanTable:
    """`columns` are escaped words without elements, the cells of `rows` fixed HTML or fields."""

    columns: tuple[str, ...]
    rows: tuple[tuple[PlanCell, ...], ...]


PlanPart = PlanText | PlanField | PlanTable


@dataclass(frozen=True, slots=True)
class Plan:
    id: str
    heading: str
    slug: str
    parts: tuple[PlanPart, ...]
    line: int = 0

    def labels(self) -> tuple[str, ...]:
        """Labels of all fields in source order; `field-<i>` of the form counts them from 1."""
        found: list[str] = []
        for part in self.parts:
            if isinstance(part, PlanField):
                found.append(part.label)
            elif isinstance(part, PlanTable):
                found.extend(cell.label for row in part.rows for cell in row if cell.label)
        return tuple(found)


Part = Html | Quiz | Exercise | Plan


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry: slug, heading, further words for the search, sanitised explanation."""

    slug: str
    title: str
    also: tuple[str, ...]
    html: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text after rendering.

    `canonical` is a JSON-able value of the parsed text for content_hash: blocks, questions, Fahrplan,
    link identities, picture hashes, white space collapsed outside code. `text` is its plain words.
    `mentions` are targets such as `person:12` that a contribution names.
    """

    parts: tuple[Part, ...]
    faults: tuple[Fault, ...] = ()
    headings: tuple[Heading, ...] = ()
    title: str = ""
    terms: tuple[Term, ...] = ()
    text: str = ""
    canonical: object = None
    pictures: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
