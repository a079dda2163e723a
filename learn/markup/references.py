"""Link reference definitions, and the parts that links share with them."""

import re

from learn.markup.limits import TERMS

LABEL = re.compile(rf"\[((?:[^\\\[\]]|\\.){{1,{TERMS}}})\]", re.DOTALL)
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TARGET = re.compile(r"<((?:[^<>\n\\]|\\.)*)>")
_TITLE = re.compile(
    r""""((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)'|\(((?:[^()\\]|\\.)*+)\)""",
    re.DOTALL,
)
_PLAIN = re.compile(r"(?:[^\x00-\x20()\\]|\\[!-/:-@\[-`{-~]?)*+")
_PARENTHESES = frozenset("()")
_BLANK = re.compile(r"[ \t]*\n?[ \t]*")
_LINE_END = re.compile(r"[ \t]*(?:\n|\Z)")


def normal(label: str) -> str:
    """Labels agree when they do after folding case and white space."""
    return " ".join(label.split()).casefold().upper()


def target(text: str, pos: int) -> tuple[str, int] | None:
    """A link target at `pos`, as written, and where it ends."""
    if text.startswith("<", pos):
        found = _TARGET.match(text, pos)
        return (found[1], found.end()) if found else None
    depth, index = 0, pos
    while found := _PLAIN.match(text, index):
        index = found.end()
        sign = text[index : index + 1]
        if sign not in _PARENTHESES or depth == (32 if sign == "(" else 0):
            break
        depth += 1 if sign == "(" else -1
        index += 1
    return (text[pos:index], index) if depth == 0 else None


def title(text: str, pos: int) -> tuple[str, int] | None:
    """A quoted title at `pos` and where it ends."""
    found = _TITLE.match(text, pos)
    if not found or "\n\n" in found[0]:
        return None
    return found[found.lastindex or 1], found.end()


def blank(text: str, pos: int) -> int:
    """Where white space with at most one line end, begun at `pos`, ends."""
    found = _BLANK.match(text, pos)
    return found.end() if found else pos


def take_definitions(text: str, references: dict[str, tuple[str, str]]) -> int:
    """Adds the definitions `text` begins with to `references`; the number of lines they take."""
    pos = 0
    while True:
        found = _definition(text, pos)
        if found is None:
            return text.count("\n", 0, pos) + (pos == len(text) and pos > 0 and text[pos - 1] != "\n")
        label, href, words, pos = found
        references.setdefault(normal(label), (href, words))


def _definition(text: str, pos: int) -> tuple[str, str, str, int] | None:
    label = LABEL.match(text, pos)
    if not label or not label[1].strip() or not text.startswith(":", label.end()):
        return None
    start = blank(text, label.end() + 1)
    found = target(text, start)
    if not found or (found[1] == start):
        return None
    href, after = found
    end = _LINE_END.match(text, after)
    begin = blank(text, after)
    words = title(text, begin) if begin > after else None
    if words:
        last = _LINE_END.match(text, words[1])
        if last:
            return label[1], href, words[0], last.end()
    return (label[1], href, "", end.end()) if end else None
