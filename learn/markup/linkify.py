"""Bare addresses as linkify-it finds them, for profile `gfm` alone: courses link what `autolinks` says.

markdown-it, with which that profile is compared, links more than GFM does, such as `example.org/a` and
`//example.org`, and after other signs. The rules are those of linkify-it with its default settings.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from markdown.util import AtomicString

from learn.markup.emphasis import Token
from learn.markup.patterns import NOTHING, Found, GfmPattern, address
from learn.markup.tree import Node

_MISSING = ("", "mailto:", "http://")
LABELS = 12  # of a host name; more would make a long text slow
_ZONES = (
    "biz|com|edu|gov|net|org|pro|web|xxx|aero|asia|coop|info|museum|name|shop|рф|a[cdefgilmnoqrstuwxz]|"
    "b[abdefghijmnorstvwyz]|c[acdfghiklmnoruvwxyz]|d[ejkmoz]|e[cegrstu]|f[ijkmor]|g[abdefghilmnpqrstuwy]|h[kmnrtu]|"
    "i[delmnoqrst]|j[emop]|k[eghimnprwyz]|l[abcikrstuvy]|m[acdeghklmnopqrstuvwxyz]|n[acefgilopruz]|om|"
    "p[aefghklmnrstwy]|qa|r[eosuw]|s[abcdeghijklmnortuvxyz]|t[cdfghjklmnortvwz]|u[agksyz]|v[aceginu]|w[fs]|y[et]|"
    r"z[amw]|xn--[a-z0-9\-]{1,59}"
)
_BLANK = "\\x00-\\x20\\x7f-\\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_IP = r"(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)\.){3}(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)"
_PORT = r"(?::(?:6(?:[0-4]\d{3}|5(?:[0-4]\d{2}|5(?:[0-2]\d|3[0-5])))|[1-5]?\d{1,4}))?"
_LOCAL = r"[\-;:&=+$,.a-zA-Z0-9_][\-;:&=+$,\".a-zA-Z0-9_]{0,63}"
_SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?|ftp)$", re.IGNORECASE)
_SPECIAL = re.compile(r"[@:/]|\.\w")


@cache
def _punctuation() -> str:
    """Unicode's punctuation for use in a character class."""
    found = (sign for sign in map(chr, range(0x10000)) if unicodedata.category(sign)[0] == "P")
    return "".join(re.escape(sign) for sign in found)


class Rules:
    """linkify-it's expressions."""

    def __init__(self) -> None:
        signs = _punctuation()
        letter = rf"[^><｜{_BLANK}{signs}]"
        edge = rf"[><｜{_BLANK}{signs}]"
        domain = rf"(?:xn--[a-z0-9\-]{{1,59}}|{letter}(?:(?:-|{letter}){{0,61}}{letter})?)"
        end = rf"(?=$|{edge})(?!-|_|:\d|\.-|\.(?!$|[{_BLANK}{signs}]))"
        fuzzy = rf"(?:{domain}\.){{1,{LABELS}}}(?:{_ZONES})"
        host = rf"(?:{domain}\.){{0,{LABELS}}}{domain}"
        login = rf"(?:[^{_BLANK}@/\[\]()]{{1,50}}@)?"
        path = _path(letter)
        self.http = _compiled(rf"//{login}{host}{_PORT}{end}{path}")
        self.relative = _compiled(
            rf"{login}(?:localhost|(?:{domain}\.){{1,{LABELS}}}(?:xn--[a-z0-9\-]{{1,59}}|{letter}{{1,63}}))"
            rf"{_PORT}{end}{path}"
        )
        self.mailto = _compiled(rf"{_LOCAL}@{host}{end}")
        self.schemes = _compiled(rf"(?:^|(?!_){edge})(https?:|ftp:|//|mailto:)")
        self.host = _compiled(
            rf"(?:^|(?![.:/\-_@])[$+<=>^`|｜{_BLANK}{signs}])((?![$+<=>^`|｜]){fuzzy}{_PORT}{end}{path})"
        )
        self.host_likely = _compiled(rf"localhost|www\.|\.\d{{1,3}}\.|\.(?:{_ZONES})(?:[>{_BLANK}{signs}]|$)")
        self.mail = _compiled(rf"(?:^|[><｜\"({_BLANK}])({_LOCAL}@(?:{_IP}|{fuzzy}){end})")

    def likely(self, text: str) -> bool:
        """What markdown-it asks of a whole paragraph before it looks for links."""
        return "@" in text or bool(self.schemes.search(text) or self.host_likely.search(text))

    def scheme_end(self, text: str, scheme: str, pos: int) -> int:
        """Where the address ends whose scheme ends at `pos`, or 0."""
        if scheme == "//":
            if pos >= 3 and text[pos - 3] in ":/":
                return 0
            found = self.relative.match(text, pos)
        else:
            found = (self.mailto if scheme.lower() == "mailto:" else self.http).match(text, pos)
        return found.end() if found else 0

    def candidates(self, text: str) -> list[tuple[int, int, int]]:
        """Begin, negative end and kind of what may be a link."""
        kept: list[tuple[int, int, int]] = []
        for found in self.schemes.finditer(text):
            end = self.scheme_end(text, found[1], found.end())
            if end:
                kept.append((found.start(1), -end, 0))
        if "@" in text:
            kept.extend((found.start(1), -found.end(1), 1) for found in self.mail.finditer(text))
        if "." in text and (kept or self.host_likely.search(text)):
            kept.extend((found.start(1), -found.end(1), 2) for found in self.host.finditer(text))
        return kept

    def links(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Begin, end and missing scheme of the links in `text`: the first, then the longest one."""
        last = 0
        for begin, end, kind in sorted(self.candidates(text)):
            if begin >= last:
                yield begin, -end, _MISSING[kind]
                last = -end


def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


def _path(letter: str) -> str:
    return (
        rf"(?:[/?#](?:[^{_BLANK}><｜()\[\]{{}}.,\"'?!\-;]|\[[^{_BLANK}\]]*\]|\([^{_BLANK})]*\)|\{{[^{_BLANK}}}]*\}}|"
        rf"\"[^{_BLANK}\"]+\"|'[^{_BLANK}']+'|'(?={letter}|-)|\.{{2,}}[a-zA-Z0-9%/&]|\.(?![{_BLANK}.]|$)|-+|"
        rf",(?![{_BLANK}]|$)|;(?![{_BLANK}]|$)|!+(?![{_BLANK}!]|$)|\?(?![{_BLANK}?]|$))+|/)?"
    )


@cache
def rules() -> Rules:
    return Rules()


class SchemeAddress(GfmPattern):
    """`https://…` wherever a colon follows its name: binds tighter than emphasis."""

    starts = ":"
    expression = "://"

    def found(self, m: re.Match[str], data: str) -> Found:
        name = _SCHEME.search(data[max(0, m.start() - 8) : m.start()])
        if not name:
            return NOTHING
        end = rules().scheme_end(data, f"{name[1]}:", m.start() + 1)
        if not end:
            return NOTHING
        start = m.start() - len(name[1])
        words = data[start:end].rstrip("*")
        node = address(words, words)
        node.auto = True
        return node, start, start + len(words)


def linked(content: list[str | Node]) -> list[str | Node]:
    """The content of one element with its bare addresses linked; escapes and entities part texts."""
    found: list[str | Node] = []
    special = False
    for kind, run in groupby(content, _kind):
        if kind:
            found.extend(run)
        else:
            found.extend(_text("".join(map(str, run)), special))
        special = kind == 1
    return found


def _kind(item: str | Node) -> int:
    """0 for plain text, 1 for a character that was written otherwise, 2 for all else."""
    if isinstance(item, AtomicString):
        return 1
    return 2 if isinstance(item, Node) or item == "\n" else 0


def _text(text: str, after_special: bool) -> Iterator[str | Node]:
    last = 0
    if _SPECIAL.search(text):
        for begin, end, scheme in rules().links(text):
            if begin or not after_special:
                yield text[last:begin]
                yield address(text[begin:end], scheme + text[begin:end])
                last = end
    yield text[last:]


def leave_links(tokens: list[Token]) -> None:
    """Marks what stands inside an author's `<a>`: there is no place for links."""
    depth = 0
    for index, token in enumerate(tokens):
        if isinstance(token, Node) and token.tag == "raw":
            depth += _step(token)
        elif depth > 0 and isinstance(token, Node) and token.auto:
            tokens[index] = str(token.text)
    depth = 0
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if isinstance(token, Node) and token.tag == "raw":
            depth = max(0, depth - _step(token))
        elif depth and isinstance(token, str):
            tokens[index] = AtomicString(token)


_OPENS = re.compile(r"<a[>\s]", re.IGNORECASE)
_CLOSES = re.compile(r"</a\s*>", re.IGNORECASE)


def _step(token: Node) -> int:
    source = token.source or ""
    return bool(_OPENS.match(source)) - bool(_CLOSES.match(source))
