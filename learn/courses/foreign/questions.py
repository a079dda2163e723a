"""Reads questions in quizdown's syntax: what belongs to each, and which kind of ours it can be."""

import re
from dataclasses import dataclass, field, replace

from learn.courses.foreign.scanning import Scanner, heading

_OPTION = re.compile(r"([ ]{0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+)(\[[ xX]?\][ \t]+)?")
CHOICES, STEPS = (2, 8), (3, 8)


@dataclass(slots=True)
class Option:
    """An answer: its lines, the width of its mark, what stands in its brackets (None without)."""

    texts: list[str]
    width: int
    ordered: bool
    tick: bool | None


@dataclass(slots=True)
class Question:
    """A heading and what stands under it; `number` is its line in the file."""

    words: str
    number: int
    before: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    kind: str = ""


def questions(texts: list[str], numbers: list[int]) -> tuple[list[str], list[Question]]:
    """What stands before the first heading, without settings, and the questions."""
    hidden = Scanner().read(texts).hidden
    start: list[str] = []
    found: list[Question] = []
    skip = -1
    for index, text in enumerate(texts):
        if index <= skip:
            continue
        words = None if hidden[index] else heading(text.strip())
        if words:
            found.append(Question(words[1], numbers[index]))
        elif text.strip() == "---" and not _any(found[-1].texts if found else start):
            skip = _settings(texts, index)
            if skip < 0:
                (found[-1].texts if found else start).append(text)
        else:
            (found[-1].texts if found else start).append(text)
    return start, [_read(question) for question in found]


def _any(texts: list[str]) -> bool:
    return any(text.strip() for text in texts)


def _settings(texts: list[str], index: int) -> int:
    """Where settings between lines of three hyphens end; -1 if these are none."""
    for at in range(index + 1, min(len(texts), index + 20)):
        if texts[at].strip() == "---":
            return at
        if texts[at].strip() and not re.match(r"\s*[\w-]+\s*:", texts[at]):
            return -1
    return -1


def _read(question: Question) -> Question:
    """Parts the text under the heading into hint, answers and explanation, and says which kind it is."""
    hidden = Scanner().read(question.texts).hidden
    option: Option | None = None
    blank = False
    for index, text in enumerate(question.texts):
        found = None if hidden[index] else _OPTION.match(text)
        if found and text.strip() and not (question.after and _any(question.after)):
            option = Option([text], len(found[1]), found[1].strip()[0].isdigit(), _tick(found[2]))
            question.options.append(option)
        elif option is None:
            question.before.append(text)
        elif question.after or not _belongs(text, option, blank=blank):
            question.after.append(text)
        else:
            option.texts.append(_indented(text, option))
        blank = not text.strip()
    return replace(question, kind=_kind(question))


def _tick(box: str | None) -> bool | None:
    return None if box is None else "x" in box.casefold()


def _belongs(text: str, option: Option, *, blank: bool) -> bool:
    """Whether a line continues this answer: indented, or directly below it."""
    if not text.strip():
        return True
    indent = len(text.expandtabs(4)) - len(text.expandtabs(4).lstrip())
    return indent >= min(option.width, 2) or not blank


def _indented(text: str, option: Option) -> str:
    """Feedback at the margin moves below its answer."""
    indent = len(text) - len(text.lstrip(" "))
    if text.startswith("\t") or indent >= option.width or not text.strip():
        return text
    return " " * option.width + text.lstrip(" ")


def _kind(question: Question) -> str:
    """einfach, mehrfach or reihenfolge; empty where our dialect has no such question."""
    options = question.options
    ticks = [option.tick for option in options]
    ordered = {option.ordered for option in options}
    if (
        not question.words
        or len(ordered) != 1
        or any(text.lstrip().startswith("<!--") for text in question.texts)
    ):
        return ""
    if all(tick is None for tick in ticks):
        return "reihenfolge" if ordered == {True} and STEPS[0] <= len(options) <= STEPS[1] else ""
    if None in ticks or not CHOICES[0] <= len(options) <= CHOICES[1]:
        return ""
    right = sum(bool(tick) for tick in ticks)
    if ordered == {True}:
        return "einfach" if right == 1 else ""
    return "mehrfach" if right else ""
