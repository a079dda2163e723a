"""LiaScript: its macros, marks and media stay text; each is named so that somebody replaces it."""

import re

from learn.courses.foreign.lines import Lines
from learn.courses.foreign.noting import Notes

_SIGNS = re.compile(
    r"(?<![\w@.`])@[A-Za-z][\w.]{0,60}(?:\([^()\n]{0,300}\))?"  # macros
    r"|\[\[[^\[\]\n]{0,300}\]\]|\[\([^()\n]{0,100}\)\]"  # quizzes
    r"|(?:!\?|\?\?|(?<!!)\?)(?=\[)"  # film, embedded page, sound
    r"|--\{\{[^{}\n]{0,40}\}\}--"  # spoken words
)
_MOVED = re.compile(r"^[ \t]{4,}(?:--)?\{\{[\d\s,;-]{0,40}\}\}(?:--)?[ \t]*$")


def left(lines: Lines, notes: Notes) -> Lines:
    """The lines, with a note for each sign of the dialect."""

    def change(found: re.Match[str], line: int) -> None:
        notes.stays(line, found[0])

    texts = list(lines.texts)
    for index, text in enumerate(texts):
        if "{{" in text and lines.scan.hidden[index] and _MOVED.match(text) and not _fenced(lines, index):
            texts[index] = text.strip()  # far from the margin it would be shown as code
            notes.stays(lines.numbers[index], text)
    lines = Lines(texts, lines.numbers) if texts != lines.texts else lines
    lines.replaced(_SIGNS, change)
    return lines


def _fenced(lines: Lines, index: int) -> bool:
    return any(fence.first <= index <= fence.last for fence in lines.scan.fences)
