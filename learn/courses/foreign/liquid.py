"""Liquid of Jekyll and braces of other dialects: paths in links are freed of it, all else stays as text."""

import re

from learn.courses.foreign.lines import PREFIX, Lines
from learn.courses.foreign.noting import Notes

_SIGN = r"(?<![\\{])(?:\{\{(?![<%\\])[^{}\n]{0,300}\}\}|\{%(?!\})[^{}\n]{0,300}%\})"
_IN_TARGET = re.compile(
    rf"(?:(?<=\]\()|(?<=href=[\"'])|(?<=src=[\"'])|(?<=\]: ))"
    rf"[ \t]{{0,9}}({_SIGN}(?:[ \t]{{0,9}}{_SIGN}){{0,4}})"
)
_ONE = re.compile(_SIGN)
_PATH = re.compile(r"\{%-?\s*(?:link|post_url)\s+[\"']?([^\s\"'%]+)|\{\{-?\s*[\"']([^\"']*)[\"']")
_ROOT = re.compile(r"\b(?:base_?url|root|site\.url)\b", re.IGNORECASE)
_HIGHLIGHT = re.compile(r"\{%-?\s*(highlight\s+([\w+#-]+)[^%{}]*|endhighlight)\s*-?%\}\s*$")
_LEFT = re.compile(
    rf"{_SIGN}|\{{:[^{{}}\n]{{1,300}}\}}|\[\[[^\[\]\n]{{1,300}}\]\]"
    r"|(?<=> )\[!(?!(?i:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ ]*$)[\w-]{1,40}\][+-]?"  # callouts of notes
    r"|^(?:import|export)[ ][^\n]{1,300}['\"][ ]?;?$|^[ \t]*\.\.[ ][\w-]{1,40}::",  # MDX, reStructuredText
    re.MULTILINE,
)
_TAG = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])")


def targets(lines: Lines, notes: Notes) -> Lines:
    """Links whose address begins with Liquid, as paths from the root of the material."""

    def change(found: re.Match[str], line: int) -> str | None:
        new = "".join(_path(token) for token in _ONE.findall(found[1]))
        if not new and not _ROOT.search(found[1]) and found.string[found.end() : found.end() + 1] == ")":
            return None  # nobody knows where it leads: no link for other readers, and its words are seen
        notes.became(line, found[1], f"„{new}“" if new else "einem Pfad")
        return new

    return lines.replaced(_IN_TARGET, change)


def _path(token: str) -> str:
    found = _PATH.match(token)
    return (found[1] or found[2] or "") if found else ""


def highlighted(lines: Lines, notes: Notes) -> Lines:
    """`{% highlight %}` and its end, each alone on a line, as a fence."""
    if "highlight" not in lines.joined:
        return lines
    texts = list(lines.texts)
    opened: tuple[int, str, str] | None = None
    for index, text in enumerate(texts):
        if "highlight" not in text or lines.scan.hidden[index]:
            continue
        prefix = PREFIX.match(text)
        head = prefix[0] if prefix else ""
        found = _HIGHLIGHT.match(text, len(head))
        if found and found[2]:
            opened = (index, head, found[2])
        elif found and opened and opened[1] == head and not _fenced(texts, opened[0], index):
            texts[opened[0]] = f"{head}```{opened[2]}"
            texts[index] = f"{head}```"
            notes.became(lines.numbers[opened[0]], lines.texts[opened[0]], "Code")
            opened = None
    return lines.changed(texts)


def _fenced(texts: list[str], first: int, last: int) -> bool:
    return any("```" in text for text in texts[first + 1 : last])


def left(lines: Lines, notes: Notes) -> Lines:
    """Notes what stays as text; what might be taken for an element in it is written so that it is not."""

    def change(found: re.Match[str], line: int) -> str | None:
        text = found[0]
        notes.stays(line, text)
        return _TAG.sub(r"\\<", text) if _TAG.search(text) else None

    return lines.replaced(_LEFT, change)
