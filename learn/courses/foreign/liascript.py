"""LiaScript: its macros, marks and media stay text; each is named so that somebody replaces it."""

import re

from learn.courses.foreign.lines import Lines
from learn.courses.foreign.noting import Notes

_SIGNS = re.compile(
    r"(?<![\w@.`])@[A-Za-z][\w.]{0,60}(?:\([^()\n]{0,300}\))?"  # macros
    r"|\[\[[^\[\]\n]{0,300}\]\]|\[\([^()\n]{0,100}\)\]"  # quizzes
    r"|(?:!\?|\?\?|(?<!!)\?)\[[^\[\]\n]{0,100}\]"  # film, embedded page, sound
    r"|--\{\{[^{}\n]{0,40}\}\}--"  # spoken words
)
_QUIZ = re.compile(r"[ \t]{4,}(?:\[\[[^\[\]\n]{0,300}\]\]|\[\([^()\n]{0,100}\)\])")
_MOVED = re.compile(r"^[ \t]{4,}(?:--)?\{\{[\d\s,;-]{0,40}\}\}(?:--)?[ \t]*$")


def left(lines: Lines, notes: Notes) -> Lines:
    """The lines, with a note for each sign of the dialect."""

    def change(found: re.Match[str], line: int) -> None:
        notes.stays(line, found[0])

    texts = list(lines.texts)
    fenced = {at for fence in lines.scan.fences for at in range(fence.first, fence.last + 1)}
    for index, text in enumerate(texts):
        if not lines.scan.hidden[index] or index in fenced:
            continue
        if "{{" in text and _MOVED.match(text):
            texts[index] = text.strip()  # far from the margin it would be shown as code
            notes.stays(lines.numbers[index], text)
        elif _QUIZ.match(text):
            notes.stays(lines.numbers[index], text.strip())
    lines = lines.changed(texts)
    lines.replaced(_SIGNS, change)
    return lines
