"""What one rendering knows and collects; every construct receives it."""

import re
from dataclasses import dataclass, field
from typing import Literal

from learn.markup.limits import Budget, wide
from learn.markup.model import Fault, Heading, Link, Picture, Profile, Resolver, Unresolved
from learn.markup.tokens import Tokens
from learn.markup.tree import Node

_REFUSED = re.compile(
    r"\s*(?:vbscript|javascript|file|data(?!:image/(?:gif|png|jpeg|webp);)):", re.IGNORECASE
)  # by markdown-it
TextKind = Literal["lektion", "kurs", "modul", "glossar", "pfad", "fragen", "einfach", "beitrag"]


class NoFiles:
    """The resolver of a text without surroundings: no target leads anywhere."""

    def picture(self, target: str) -> Picture | Unresolved:
        return Unresolved("K501", {"pfad": target})

    def link(self, target: str) -> Link | Unresolved:
        return Unresolved("K503", {"ziel": target})

    def knows_value(self, name: str) -> bool:  # noqa: ARG002  # the protocol's signature
        return False


@dataclass(slots=True)
class Entry:
    """A glossary entry being read; `place` holds its blocks in the tree."""

    slug: str
    title: str
    also: tuple[str, ...]
    line: int
    blocks: list[Node] = field(default_factory=list)
    place: Node = field(default_factory=lambda: Node("begriff"))


@dataclass(slots=True)
class Context:
    """Input and findings of one rendering. Lines are those of the file, from `first_line`."""

    profile: Profile
    resolve: Resolver
    kind: TextKind = "lektion"
    first_line: int = 1
    formulas: bool = False
    title: str = ""
    budget: Budget = field(default_factory=Budget)
    faults: list[Fault] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    footnotes: dict[str, Node] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    notes: dict[int, Node] = field(default_factory=dict)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    fragments: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    slugs: dict[str, int] = field(default_factory=dict)
    pictures: dict[str, None] = field(default_factory=dict)
    mentions: dict[str, None] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=Tokens)
    found_title: str = ""
    noted: set[tuple[object, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        if not self.ours:
            self.budget = wide()

    def fault(self, code: str, line: int, **values: str) -> None:
        """Notes a fault once per code, line and words."""
        key = (code, line, *values.items())
        if self.profile != "gfm" and key not in self.noted:
            self.noted.add(key)
            self.faults.append(Fault(code, line, values))

    def accepts(self, href: str) -> bool:
        """Whether this may be the target of a link; where our constructs apply, they judge it later."""
        return self.ours or not _REFUSED.match(href)

    @property
    def ours(self) -> bool:
        """Whether our constructs apply."""
        return self.profile != "gfm"
