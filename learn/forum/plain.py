"""A post as plain text, for mails: paragraphs, lists and addresses of links; quoted words stay behind."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

BLOCKS = frozenset(
    {"p", "ul", "ol", "pre", "blockquote", "table", "tr", "h2", "h3", "h4", "h5", "h6", "figure", "div"}
)
QUOTE = "[Hier steht ein Zitat aus einem anderen Beitrag.]"


def paragraphs(parts: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """The text of stored parts (`Post.parts`) as paragraphs that may hold line breaks."""
    found: list[str] = []
    for part in parts:
        if "quote" in part:
            found.append(QUOTE)
        else:
            reader = _Reader()
            reader.feed(part["html"])
            reader.close()
            found += reader.blocks()
    return tuple(found)


class _Reader(HTMLParser):
    """Collects text; a block element ends a paragraph, an item of a list begins a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._text: list[str] = [""]
        self._links: list[tuple[str, int]] = []
        self._kept = 0  # inside how many <pre>

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in BLOCKS:
            self._text.append("")
        elif tag == "br":
            self._text[-1] += "\n"
        elif tag == "li":
            self._text[-1] += "\n– "
        elif tag == "img":
            self._text[-1] += f"[Bild: {found.get('alt') or ''}]"
        elif tag in {"td", "th"}:
            self._text[-1] += " | " if self._text[-1] else ""
        if tag == "a":
            self._links.append((found.get("href") or "", len(self._text[-1])))
        self._kept += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._text.append("")
        if tag == "a" and self._links:
            self._end_link(*self._links.pop())
        self._kept -= tag == "pre"

    def handle_data(self, data: str) -> None:
        words = data if self._kept else re.sub(r"\s+", " ", data)
        self._text[-1] += words if self._kept or not self._text[-1].endswith("\n") else words.lstrip()

    def blocks(self) -> list[str]:
        lines = ("\n".join(line.rstrip(" ") for line in text.split("\n")).strip() for text in self._text)
        return [text for text in lines if text]

    def _end_link(self, href: str, start: int) -> None:
        """The address behind the words, where it is one for outside and not the words themselves."""
        if href.startswith(("https://", "http://")) and href not in self._text[-1][start:]:
            self._text[-1] += f" ({href})"
