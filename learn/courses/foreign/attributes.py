"""Attributes in braces behind pictures and links, as Pandoc and kramdown write them."""

import re

from learn.courses.foreign.boxes import SIGN
from learn.courses.foreign.lines import Lines
from learn.courses.foreign.noting import Notes

_PICTURE = re.compile(
    r"!\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*+)\]\(([^()\s]*+(?:\([^()\s]*\)[^()\s]*+)*+)"
    r"(?:\s{1,9}(?:\"([^\"]{0,1000})\"|'([^']{0,1000})'))?\s{0,9}\)\{:?([^{}]{0,4000})\}"
)
_ALT = re.compile(
    r"(?:^|\s)(?:fig[.-])?alt\s{0,9}=\s{0,9}(?:'((?:[^'\\]|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\"|([^\s'\"]++))",
    re.DOTALL,
)
_VALUE = r"(?:\"[^\"{}]*+\"|'[^'{}]*+'|[^\s\"'{}]++)"
_BEHIND_LINK = re.compile(
    rf"(?<=\)){{:?\s{{0,9}}(?:[.#][\w-]++|[\w-]++={_VALUE})(?:\s{{1,9}}(?:[.#][\w-]++|[\w-]++={_VALUE}))*+\s{{0,9}}}}"
)
_MARKED = re.compile(r"[\[\]<>*`&]")
DECORATIVE = "schmuck"


def pictures(lines: Lines, notes: Notes) -> Lines:
    """`{alt='…'}` becomes the alt text; what stood there before is the caption, as Pandoc has it."""

    def change(found: re.Match[str], line: int) -> str | None:
        text, target, attributes = found[1], found[2], found[5]
        given = _ALT.search(attributes)
        title = found[3] or found[4] or ""
        if not given:
            return picture(text, target, title)
        notes.became(line, found[0][found.start(5) - found.start() - 1 :], "dem Alternativtext des Bildes")
        alt = re.sub(r"\\(.)", r"\1", given[1] or given[2] or given[3] or "")
        caption = title or " ".join(text.split())
        if not caption and not alt.strip():
            return picture("", target, DECORATIVE)
        alone = _alone(lines, found)
        if not caption or (alone and not _MARKED.search(caption)):
            return picture(alt, target, caption)
        bare = picture(alt, target, "")
        return f"{bare}\n\n{caption}" if alone else f"{caption} {bare}"

    return lines.replaced(_PICTURE, change)


def _alone(lines: Lines, found: re.Match[str]) -> bool:
    """Whether the picture is a paragraph of its own at the margin: only then its caption is shown."""
    first, last = lines.index_at(found.start()), lines.index_at(found.end())
    begin, end = lines.starts[first], lines.starts[last] + len(lines.texts[last])
    if found.start() != begin or lines.joined[found.end() : end].strip():
        return False
    around = [lines.texts[index] for index in (first - 1, last + 1) if 0 <= index < len(lines.texts)]
    return not any(text.strip() and not text.startswith((":::", SIGN)) for text in around)


def picture(alt: str, target: str, caption: str) -> str:
    """A picture in Markdown; `alt` and `caption` are plain words."""
    words = re.sub(r"(?<!\\)([\[\]])", r"\\\1", " ".join(alt.split()))
    if not caption:
        return f"![{words}]({target})"
    quoted = " ".join(caption.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'![{words}]({target} "{quoted}")'


def links(lines: Lines) -> Lines:
    """Without what says how a link is to be opened or styled; no words are in it."""
    return lines.replaced(_BEHIND_LINK, lambda found, line: "")  # noqa: ARG005  # one signature
