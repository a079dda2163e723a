"""Puts what a Kommune adds into finished HTML: values in place of words, supplements at their headings.

Pure. It works on pages as they are delivered, so that nothing a cache holds, nor anything stored, has them.
The HTML is what templates and the sanitiser write: balanced, attributes in double quotes, texts escaped.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from markupsafe import escape

MARK = 'data-var="'  # is in HTML that has a place for a value
_VALUE = re.compile(r'<span\b[^<>]*\bdata-var="([\w-]{1,80})"[^<>]*>')
_SPAN = re.compile(r"<(/?)span\b[^>]*>")
_ENCLOSING = ("summary", "header")  # a box stands behind these, not in them
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def with_values(html: str, values: Mapping[str, str]) -> str:
    """The HTML with these values, escaped; places without one keep their words."""
    if not values or MARK not in html:
        return html
    pieces, at = [], 0
    for start, end, name in places(html):
        if start >= at and values.get(name):
            pieces += [html[at:start], str(escape(_UNSEEN.sub("", values[name])))]
            at = end
    return "".join([*pieces, html[at:]])


def places(html: str) -> Iterator[tuple[int, int, str]]:
    """Where local values stand: begin and end of the words, name."""
    for found in _VALUE.finditer(html):
        end = _closing(html, found.end())
        if end is not None:
            yield found.end(), end, found[1]


def _closing(html: str, at: int) -> int | None:
    """Where the end tag of a span stands whose content begins here."""
    depth = 1
    for tag in _SPAN.finditer(html, at):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.start()
    return None


def with_boxes(html: str, boxes: Iterable[tuple[str, str]], start: str) -> str:
    """The HTML with boxes, each with the id of the heading that it stands behind.

    One whose heading is not there stands behind the first occurrence of `start`.
    """
    first = html.find(start) + len(start) if start in html else 0
    found = [(_behind(html, heading) or first, box) for heading, box in boxes]
    pieces, at = [], 0
    for place, box in sorted(found, key=lambda each: each[0]):
        pieces += [html[at:place], box]
        at = place
    return "".join([*pieces, html[at:]])


def _behind(html: str, heading: str) -> int | None:
    """The place behind a heading, and behind the summary or the head of a section that holds it."""
    found = (
        re.search(rf'<(h[2-6])\b[^<>]*\bid="{re.escape(str(escape(heading)))}"', html) if heading else None
    )
    end = html.find(f"</{found[1]}>", found.end()) if found else -1
    if end < 0:
        return None
    end += len("</h2>")
    for name in _ENCLOSING:
        if html.rfind(f"<{name}", 0, end) > html.rfind(f"</{name}>", 0, end):
            end = html.find(f"</{name}>", end) + len(f"</{name}>")
    return end
