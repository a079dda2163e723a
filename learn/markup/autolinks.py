"""GFM's extended autolinks: addresses linked without any mark."""

import re

from learn.markup.patterns import NOTHING, Found, GfmPattern, address
from learn.markup.tree import Node

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_ENTITY_END = re.compile(r"&[a-zA-Z0-9]+;$")
_BEFORE = frozenset(" \t\n*_~(\"'„“‚")
_BRACKET = re.compile(r"[\[\]]")


def trimmed(text: str) -> str:
    """Without the punctuation that ends a sentence rather than the address."""
    surplus = text.count(")") - text.count("(")
    end = len(text)
    while end:
        char = text[end - 1]
        if char in "?!.,:*_~'\"“”‘’«»…":
            end -= 1
        elif char == ")" and surplus > 0:
            surplus -= 1
            end -= 1
        elif char == ";" and (found := _ENTITY_END.search(text[max(0, end - 40) : end])):
            end -= len(found[0])
        else:
            break
    return text[:end]


def before_bracket(text: str) -> str:
    """What stands before the first `]` that closes nothing in `text`: it ends a link around the address."""
    depth = 0
    for found in _BRACKET.finditer(text):
        depth += 1 if found[0] == "[" else -1
        if depth < 0:
            return text[: found.start()]
    return text


class BareAddress(GfmPattern):
    """`https://…`, `http://…`, `ftp://…` and `www.…` after a blank or an opening sign."""

    starts = "hHfFwW"
    expression = r"(?i:(?:https?|ftp)://|www\.)(?=[\w])[^\s<]{1,2000}"

    def begin(self, data: str, line: int) -> None:  # noqa: ARG002  # starts afresh
        self._refused = 0  # no second try within an address that was none

    def found(self, m: re.Match[str], data: str) -> Found:
        start = m.start()
        if start < self._refused or (start and data[start - 1] not in _BEFORE):
            return NOTHING
        words = trimmed(before_bracket(m[0]))
        scheme, sign, _rest = words.partition("://")
        href = words if sign and len(scheme) <= 5 else f"http://{words}"
        if not self._proper(href.partition("://")[2], short=href is words):
            self._refused = m.end()
            return NOTHING
        node = address(words, href)
        node.auto = True
        return node, start, start + len(words)

    @staticmethod
    def _proper(rest: str, *, short: bool) -> bool:
        """Whether `rest` begins with a host; behind a scheme it needs no dot (`localhost`)."""
        host = _HOST.match(rest)
        parts = host[0].split(".") if host else []
        return len(parts) > (not short) and all(parts) and not any("_" in part for part in parts[-2:])


class BareMail(GfmPattern):
    """An e-mail address; the scanner hands over what stands before the sign."""

    starts = "@"
    expression = r"@(?:[a-zA-Z0-9_-]{1,63}\.){1,8}[a-zA-Z0-9_-]{0,62}[a-zA-Z](?![a-zA-Z0-9_-])"
    _local = re.compile(r"(?:^|(?<=[\s*_~(\"']))[a-zA-Z0-9.+_-]{1,64}$")

    def found(self, m: re.Match[str], data: str) -> Found:
        before = data[max(0, m.start() - 65) : m.start()]
        local = self._local.search(before)
        if not local or not local[0]:
            return NOTHING
        words = local[0] + m[0]
        node: Node = address(words, f"mailto:{words}")
        node.auto = True
        return node, m.start() - len(local[0]), m.end()
