"""Front matter: restricted YAML read from parser events, so that no bomb, type or surprise can arise.

Scalars stay text, at most four levels, no anchors, aliases, tags, merge keys or duplicate keys.
"""

import re
from dataclasses import dataclass, field

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from learn.markup.model import Fault

LIMIT = 8 * 1024
DEPTH = 4
LINE_END = re.compile(r"\r\n|\r|\n")
YAML_LINE_END = re.compile("[\x85\u2028\u2029]")  # ends lines in YAML 1.1, not in an editor
REASONS = {  # by what the parser was about to read
    "while scanning a quoted": "Ein Anführungszeichen wird nicht geschlossen",
    "while scanning a simple key": "Nach dem Schlüssel fehlt der Doppelpunkt",
    "while parsing a flow": "Eine Klammer wird nicht geschlossen",
}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as written, with the line it stands in (from 1, in the file)."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in order; `lines` says where each key stands."""

    items: dict[str, "Node"]
    lines: dict[str, int]
    line: int


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Front:
    """A file parted into front matter and body. `body_line` is the line the body begins in."""

    tree: Mapping | None
    body: str
    body_line: int
    faults: tuple[Fault, ...] = ()


class Bad(Exception):
    """The front matter is not what we allow."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.fault = Fault("K102", line, {"grund": reason})


def split(text: str) -> Front:
    """Part a decoded file (without BOM) and load its front matter. Line ends become LF."""
    lines = LINE_END.sub("\n", text).split("\n")
    if lines[0].rstrip() != "---":
        return _broken(lines, "Er steht zuerst, zwischen zwei Zeilen ---")
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        return _broken(lines, "Die Zeile --- am Ende fehlt")
    body = "\n".join(lines[end + 1 :])
    head = "\n".join(lines[1:end]) + "\n"
    if len(head.encode()) > LIMIT:
        fault = Fault("K108", 1, {"was": "Der Kopf", "grenze": "8 KB"})
        return Front(None, body, end + 2, (fault,))
    try:
        return Front(load(head), body, end + 2)
    except Bad as problem:
        return Front(None, body, end + 2, (problem.fault,))


def load(text: str, first_line: int = 2) -> Mapping:
    """The mapping that `text` holds. Raises Bad."""
    text = YAML_LINE_END.sub(" ", LINE_END.sub("\n", text))
    try:
        return _Reader(first_line).read(text)
    except yaml.MarkedYAMLError as problem:
        if _is_colon(problem):
            raise Bad(*_colon(text.split("\n"), problem, first_line)) from None
        raise Bad(_reason(problem), _line_of(problem) + first_line) from None
    except yaml.YAMLError as problem:
        line = text[: getattr(problem, "position", 0)].count("\n")
        raise Bad("Ein Zeichen ist dort nicht erlaubt", line + first_line) from None


def _broken(lines: list[str], reason: str) -> Front:
    return Front(None, "\n".join(lines), 1, (Fault("K102", 1, {"grund": reason}),))


def _is_colon(problem: yaml.MarkedYAMLError) -> bool:
    return "mapping values are not allowed" in (problem.problem or "")


def _colon(lines: list[str], problem: yaml.MarkedYAMLError, first_line: int) -> tuple[str, int]:
    """A colon is too many; if it is the first of its line, a line before lacks one."""
    mark = problem.problem_mark
    number = mark.line if mark else 0
    first = mark is not None and ":" not in lines[number][: mark.column]
    before = next((row for row in range(number - 1, -1, -1) if lines[row].strip()), number)
    if first and before != number and ":" not in lines[before]:
        return "Nach dem Schlüssel fehlt der Doppelpunkt", before + first_line
    return "Setzen Sie Text mit Doppelpunkt in Anführungszeichen", number + first_line


def _line_of(problem: yaml.MarkedYAMLError) -> int:
    """Where the author looks: at the opening quote, bracket or key, else at the problem itself."""
    opening = (problem.context or "").startswith(tuple(REASONS))
    mark = problem.context_mark if opening and problem.context_mark else problem.problem_mark
    return mark.line if mark else 0


def _reason(problem: yaml.MarkedYAMLError) -> str:
    context = problem.context or ""
    known = (reason for opening, reason in REASONS.items() if context.startswith(opening))
    if "cannot start any token" in (problem.problem or ""):
        return "Setzen Sie Text, der so beginnt, in Anführungszeichen"
    return next(known, "So lässt er sich nicht lesen")


@dataclass(slots=True)
class _Open:
    """A collection that is still being read."""

    line: int
    mapping: bool
    items: list[Node] = field(default_factory=list)
    keyed: dict[str, Node] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    key: Scalar | None = None

    def add(self, node: Node) -> None:
        if not self.mapping:
            self.items.append(node)
        elif self.key is None:
            self._name(node)
        else:
            self.keyed[self.key.text] = node
            self.lines[self.key.text] = self.key.line
            self.key = None

    def _name(self, node: Node) -> None:
        if not isinstance(node, Scalar):
            raise Bad("Ein Schlüssel ist ein einfaches Wort", node.line)
        if node.text == "<<":
            raise Bad("Der Schlüssel << ist nicht erlaubt", node.line)
        if node.text in self.keyed:
            raise Bad(f"„{node.text[:40]}“ steht doppelt da", node.line)
        self.key = node

    def close(self) -> Node:
        if self.mapping:
            return Mapping(self.keyed, self.lines, self.line)
        return Sequence(tuple(self.items), self.line)


class _Reader:
    """Builds the tree from events without recursion."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.open: list[_Open] = []
        self.root: Node | None = None

    def read(self, text: str) -> Mapping:
        documents = 0
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, DocumentStartEvent):
                documents += 1
                self._document(event, documents)
            elif isinstance(event, NodeEvent):
                self._node(event)
            elif isinstance(event, CollectionEndEvent):
                self._place(self.open.pop().close())
        if self.root is None:
            return Mapping({}, {}, self.first_line)
        if not isinstance(self.root, Mapping):
            raise Bad("Er besteht aus Zeilen der Form „schlüssel: wert“", self.root.line)
        return self.root

    def _line(self, event: Event) -> int:
        assert event.start_mark is not None
        return event.start_mark.line + self.first_line

    def _document(self, event: DocumentStartEvent, documents: int) -> None:
        if documents > 1 or event.explicit or event.version or event.tags:
            raise Bad("Anweisungen für YAML sind nicht erlaubt", self._line(event))

    def _node(self, event: NodeEvent) -> None:
        line = self._line(event)
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise Bad("Verweise mit & und * sind nicht erlaubt", line)
        if getattr(event, "tag", None) is not None:
            raise Bad("Angaben mit ! sind nicht erlaubt", line)
        if isinstance(event, ScalarEvent):
            self._place(Scalar(event.value, line))
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            if len(self.open) >= DEPTH:
                raise Bad("Er ist tiefer als vier Ebenen", line)
            self.open.append(_Open(line, isinstance(event, MappingStartEvent)))

    def _place(self, node: Node) -> None:
        if self.open:
            self.open[-1].add(node)
        else:
            self.root = node
