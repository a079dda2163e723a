"""Shortcodes of Hugo in our dialect: boxes, code, pictures, links and local values; the rest stays text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from learn.courses.foreign.attributes import picture
from learn.courses.foreign.boxes import Boxes
from learn.courses.foreign.hugo_boxes import KNOWN, box_of
from learn.courses.foreign.lines import PREFIX, Lines
from learn.courses.foreign.noting import Notes
from learn.courses.foreign.shortcodes import Arguments, Token, arguments, pairs, tokens
from learn.markup.names import names

_CODE = names("highlight code mermaid plantuml diagram codeblock")
_PICTURES = names("figure img image imgproc imgcap")
_VIDEOS = {
    "youtube": "https://www.youtube.com/watch?v=",
    "youtuber": "https://www.youtube.com/watch?v=",
    "vimeo": "https://vimeo.com/",
}
_ROOTS = names("baseurl siteurl base_url site_url rooturl")
_MARKED = re.compile(r"[\[\]<>*`&]")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_LINKED = re.compile(r"[^\[\]]*\][(\[]")
_LIST = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")
_TAG = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])")
_IN_TAG = re.compile(r"(?:\s(?:href|src)=[\"']?[^\"'\s<>]*|^[ ]{0,3}\[[^\]]{1,200}\]:[ \t]*\S*)$")
_ID = re.compile(r"[\w-]{1,80}")
_RUN = re.compile("`{3,}")
NEAR = 400  # characters that are looked at around a shortcode


@dataclass
class Hugo:
    """One text's shortcodes being replaced; `values` are the local values it then uses."""

    lines: Lines
    boxes: Boxes
    notes: Notes
    front: Mapping[str, Any]
    site: Mapping[str, Any] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    pieces: list[tuple[int, int, str]] = field(default_factory=list)

    def converted(self) -> Lines:
        self.tokens = tokens(self.lines)
        self.pairs = pairs(self.tokens)
        self.closers: dict[int, str] = {}
        index = 0
        while index < len(self.tokens):
            index = self._token(index)
        return self.lines.spliced(self.pieces) if self.pieces else self.lines

    def _token(self, index: int) -> int:
        """Replaces a shortcode, with its content if that is code; the index of the next one."""
        token = self.tokens[index]
        if index in self.closers:
            self._piece(token, self.closers[index])
        elif token.closing:
            self._stays(token)
        elif index in self.pairs:
            return self._pair(index, token, self.pairs[index])
        elif not self._single(token):
            self._stays(token)
        return index + 1

    def _piece(self, token: Token, new: str) -> None:
        self.pieces.append((token.start, token.end, new))

    def _stays(self, token: Token) -> None:
        """As text; what could be taken for an element or quote is written so that it is not."""
        self.notes.stays(self.lines.number_at(token.start), token.source)
        safe = _TAG.sub(r"\\<", token.source).replace("\n>}}", "\n\\>}}")
        if token.name.rpartition("/")[2] in KNOWN:
            safe = f"\\{safe}"  # what does not fit here would fit elsewhere, once it is read again
        if safe != token.source:
            self._piece(token, safe)

    # Places

    def _place(self, token: Token) -> tuple[str, str, str]:
        """What stands near before and behind it on its lines, and how a new line of its block begins."""
        start = self.lines.starts[self.lines.index_at(token.start)]
        head = self.lines.joined[start : min(token.start, start + NEAR)]
        before = self.lines.joined[max(start, token.start - NEAR) : token.start]
        behind = self.lines.joined[token.end : token.end + NEAR].partition("\n")[0]
        found = PREFIX.match(head)
        prefix = found[0] if found else ""
        item = _LIST.match(head, len(prefix))
        return before, behind, prefix + " " * (len(item[0]) if item else 0)

    def _alone(self, token: Token, marker: str) -> str:
        """A line that holds nothing but this."""
        before, behind, prefix = self._place(token)
        lead = "" if before.strip(" \t>") == "" else f"\n{prefix}"
        return f"{lead}{marker}" + (f"\n{prefix}" if behind.strip() else "")

    def _paragraph(self, token: Token, words: str) -> str:
        """A paragraph of its own where the shortcode stands alone; else within the words around it."""
        before, behind, prefix = self._place(token)
        if before.strip(" \t>") or behind.strip():
            return words
        index = self.lines.index_at(token.start)
        above = self.lines.texts[index - 1].strip(" \t>") if index else ""
        index = self.lines.index_at(token.end)
        below = self.lines.texts[index + 1].strip(" \t>") if index + 1 < len(self.lines.texts) else ""
        return (f"\n{prefix}" if above else "") + words + (f"\n{prefix}" if below else "")

    def _in_target(self, token: Token) -> bool:
        """Whether it stands in the address of a link."""
        before = self._place(token)[0]
        at = before.rfind("](")
        return (at >= 0 and ")" not in before[at:]) or _IN_TAG.search(before) is not None

    # Pairs

    def _pair(self, index: int, token: Token, end: int) -> int:
        closing = self.tokens[end]
        given = arguments(token.words)
        if self._place(token)[0].lstrip().startswith("|"):
            self._stays(token)
        elif token.name in _CODE:
            self._code(token, closing, given)
            return end + 1
        elif token.name == "button" and self._button(token, closing, end, given):
            pass
        else:
            self._box(token, end, given)
        return index + 1

    def _box(self, token: Token, end: int, given: Arguments) -> None:
        box = box_of(token, given)
        if box is None:
            self._stays(token)
            return
        number = self.boxes.add(box, self.tokens[end].source)
        self._piece(token, self._alone(token, self.boxes.opening(number)))
        self.closers[end] = self._alone(self.tokens[end], self.boxes.closing(number))

    def _code(self, token: Token, closing: Token, given: Arguments) -> None:
        """Its content is code, whatever it looks like."""
        language = given.get("lang", "language") or given.at(0)
        if token.name not in {"highlight", "code", "codeblock"}:
            language = token.name
        content = self.lines.joined[token.end : closing.start]
        longest = max((len(run[0]) for run in _RUN.finditer(content)), default=2)
        fence = "`" * max(3, longest + 1)
        name = language if _ID.fullmatch(language) else ""
        self.notes.became(self.lines.number_at(token.start), token.source, "Code")
        self._piece(token, self._alone(token, f"{fence}{name}"))
        self._piece(closing, self._alone(closing, fence))

    def _button(self, token: Token, closing: Token, end: int, given: Arguments) -> bool:
        target = given.get("href", "link", "url", "relref") or given.at(0)
        content = self.lines.joined[token.end : closing.start]
        if not target or "\n\n" in content or len(content) > 500 or "[" in content:
            return False
        self.notes.became(self.lines.number_at(token.start), token.source, "einem Link")
        self._piece(token, "[")
        self.closers[end] = f"]({_address(target)})"
        return True

    # Singles

    def _single(self, token: Token) -> bool:
        given = arguments(token.words)
        if token.name in {"param", "siteparam"}:
            return self._param(token, given)
        if token.name in {"ref", "relref"} or token.name in _ROOTS:
            return self._ref(token, given)
        if token.name in _PICTURES:
            return self._picture(token, given)
        if token.name in _VIDEOS:
            return self._video(token, given)
        return False

    def _became(self, token: Token, new: str, words: str) -> bool:
        self.notes.became(self.lines.number_at(token.start), token.source, words)
        self._piece(token, new)
        return True

    def _param(self, token: Token, given: Arguments) -> bool:
        key = given.at(0) or given.get("name")
        name = re.sub(r"[^\w-]+", "-", key).strip("-")[:80]
        if not name:
            return False
        value = self._value(key)
        if self._in_target(token):
            return self._became(token, quote(value or name), f"„{value or name}“")
        if self._glued(token):
            return False
        words = value or key
        if self._in_words(token):
            words = name if _MARKED.search(words) else words  # a link holds no other one
            return self._became(token, words, f"„{words}“")
        if _MARKED.search(words) or "\n" in words:
            words = name
        self.values.setdefault(name, f"Was der fremde Kurs als „{key}“ einsetzt")
        return self._became(token, f"[{words}](var:{name})", "einem lokalen Wert")

    def _in_words(self, token: Token) -> bool:
        """Whether it stands among the words of a link or picture."""
        before, behind, _ = self._place(token)
        return before.count("[") > before.count("]") and _LINKED.match(behind) is not None

    def _glued(self, token: Token) -> bool:
        """Whether it stands within an address that is no marked link."""
        before = self._place(token)[0]
        return bool(before) and not before[-1].isspace() and "://" in before.split()[-1]

    def _value(self, key: str) -> str:
        """What the text's own front matter says, in which Hugo looks first, else the site's settings."""
        return _said(self.front, key) or _said(self.site, key)

    def _ref(self, token: Token, given: Arguments) -> bool:
        if not self._in_target(token):
            return False
        target = "" if token.name in _ROOTS else given.get("path") or given.at(0)
        return self._became(token, _address(target), f"„{target}“" if target else "einem Pfad")

    def _picture(self, token: Token, given: Arguments) -> bool:
        source = given.get("src", "link", "file") or given.at(0)
        if not source or self._in_target(token):
            return False
        shown = [value for key, value in given.named.items() if key in {"title", "caption", "attr"} and value]
        alt = given.get("alt") or _plain(given.get("caption", "title")) or given.at(1)
        words = " – ".join(shown)
        marked = _MARKED.search(words) is not None
        new = picture(alt, _address(source), "" if marked else words)
        if given.get("link") and given.get("src"):
            new = f"[{new}]({_address(given.get('link'))})"
        if marked:
            new += f"\n{self._place(token)[2]}\n{self._place(token)[2]}{words}"
        return self._became(token, self._paragraph(token, new), "einem Bild")

    def _video(self, token: Token, given: Arguments) -> bool:
        key = given.get("id") or given.at(0)
        if not _ID.fullmatch(key):
            return False
        address = _VIDEOS[token.name] + key
        words = given.get("title", "label") or address
        if _MARKED.search(words):
            words = address
        return self._became(token, self._paragraph(token, f"[Video: {words}]({address})"), "einem Link")


def _said(settings: Mapping[str, Any], key: str) -> str:
    """What settings say under a name with dots, whatever its case; empty where that is no text or number."""
    found: Any = settings
    for part in key.split("."):
        if not isinstance(found, Mapping):
            return ""
        found = next(
            (value for name, value in found.items() if str(name).casefold() == part.casefold()), None
        )
    return str(found).strip()[:200] if isinstance(found, str | int | float) else ""


def _plain(caption: str) -> str:
    """A caption without links and emphasis, which no alt text has."""
    return re.sub(r"[*`]", "", _LINK.sub(r"\1", caption))


def _address(target: str) -> str:
    """An address as it may stand between parentheses."""
    return re.sub(r"[\s()<>]", lambda found: quote(found[0]), target.strip())
