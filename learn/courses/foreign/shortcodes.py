"""Shortcodes of Hugo: where they stand, what they are called with, and which belong together."""

import re
from collections import Counter
from dataclasses import dataclass, field

from learn.courses.foreign.lines import Lines

_BEGIN = re.compile(r"(?<!\\)\{\{([<%])[ \t\n]*(/?)[ \t]*([A-Za-z][\w./-]{0,80})")
_ENDS = {"<": ">}}", "%": "%}}"}
_ARGUMENT = re.compile(
    r"(?:([\w-]{1,80})\s{0,9}=\s{0,9})?(?:\"((?:[^\"\\]|\\.)*+)\"|`([^`]*+)`|([^\s\"`=]++)|[\"`=].*+)",
    re.DOTALL,
)
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Token:
    """One shortcode as written from `start` to `end` of the joined text."""

    start: int
    end: int
    name: str
    words: str
    closing: bool
    source: str


@dataclass(slots=True)
class Arguments:
    """Positional and named values, in order."""

    positional: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)

    def get(self, *names: str) -> str:
        return next((self.named[name] for name in names if self.named.get(name)), "")

    def at(self, index: int) -> str:
        return self.positional[index] if index < len(self.positional) else ""


def tokens(lines: Lines) -> list[Token]:
    """All shortcodes outside code; an opening sign before the end of another makes that one plain text."""
    text = lines.joined
    begins = [found for found in _BEGIN.finditer(text) if not lines.guarded(found.start())]
    found: list[Token] = []
    for index, begin in enumerate(begins):
        after = begins[index + 1].start() if index + 1 < len(begins) else len(text)
        limit = min(after, begin.start() + LONGEST)
        ending = text.find(_ENDS[begin[1]], begin.end(), limit)
        if ending < 0:
            continue
        words = text[begin.end() : ending]
        if words[:1] and words[:1] not in " \t\n/":
            continue
        end = ending + 3
        source = text[begin.start() : end]
        found.append(Token(begin.start(), end, begin[3].casefold(), words, bool(begin[2]), source))
    return found


def arguments(words: str) -> Arguments:
    given = Arguments()
    for found in _ARGUMENT.finditer(words.rstrip().removesuffix("/")):
        value = found[2] if found[2] is not None else found[3] if found[3] is not None else found[4] or ""
        value = value.replace('\\"', '"').strip()
        if found[1]:
            given.named.setdefault(found[1].casefold(), value)
        elif value:
            given.positional.append(value)
    return given


def pairs(found: list[Token]) -> dict[int, int]:
    """Index of an opening shortcode to that of its end; those without one stand alone."""
    stack: list[int] = []
    waiting: Counter[str] = Counter()
    together: dict[int, int] = {}
    for index, token in enumerate(found):
        if not token.closing:
            if not token.words.rstrip().endswith("/"):
                stack.append(index)
                waiting[token.name] += 1
        elif waiting[token.name]:
            while True:
                opened = stack.pop()
                waiting[found[opened].name] -= 1
                if found[opened].name == token.name:
                    together[opened] = index
                    break
    return together
