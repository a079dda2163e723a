"""The Carpentries' older form: quotes and code whose kind stands below them as `{: .challenge}`."""

import re
from dataclasses import dataclass, field

from learn.courses.foreign.boxes import Boxes
from learn.courses.foreign.divs import Div, box_of
from learn.courses.foreign.lines import PREFIX, Lines
from learn.markup.names import names

_BELOW = re.compile(r"\{:\s{0,9}([^{}]{0,300})\}\s*$")
_CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
_BOXES = names(
    "callout challenge checklist discussion hint instructor keypoints objectives prereq questions solution "
    "spoiler testimonial caution warning"
)
_LANGUAGES = {
    "source": "",
    "code": "",
    "input": "",
    "error": "error",
    "output": "output",
    "warning": "warning",
}
DEPTH = 10


@dataclass(slots=True)
class _Plan:
    """What happens at a line: levels of quoting that go, boxes that begin before it or end in its place."""

    begins: list[tuple[int, int]] = field(default_factory=list)  # depth, box
    ends: tuple[int, int] | None = None
    gone: bool = False


def boxed(lines: Lines, boxes: Boxes) -> Lines:
    """With markers around the quotes that bear a class we know, and languages at the code that bears one."""
    if "{:" not in lines.joined:
        return lines
    reader = _Reader(lines, boxes)
    for index in range(len(lines.texts)):
        reader.look(index)
    return reader.written()


class _Reader:
    def __init__(self, lines: Lines, boxes: Boxes) -> None:
        self.lines, self.boxes = lines, boxes
        self.plans: dict[int, _Plan] = {}
        self.texts = list(lines.texts)
        self.shallow: list[tuple[int, int]] = []  # indexes of lines, ever deeper: what ends the quotes above
        self.ranges: list[tuple[int, int, int]] = []  # first and last line, level of quoting that goes
        self.fences = {fence.last: fence for fence in lines.scan.fences}

    def look(self, index: int) -> None:
        depth = self.lines.scan.depth[index]
        while self.shallow and self.shallow[-1][1] > depth:
            self.shallow.pop()
        if not self.lines.scan.hidden[index] and "{:" in self.texts[index]:
            self._attribute(index, depth)
        if self.shallow and self.shallow[-1][1] == depth:
            self.shallow.pop()
        self.shallow.append((index, depth))

    def _attribute(self, index: int, depth: int) -> None:
        text = self.texts[index]
        prefix = PREFIX.match(text)
        found = _BELOW.match(text, prefix.end() if prefix else 0)
        if not found:
            return
        classes = [name.casefold() for name in _CLASS.findall(found[1])]
        above = self.shallow[-1][0] if self.shallow and self.shallow[-1][1] <= depth else -1
        known = [name for name in classes if name in _BOXES]
        if index - above > 1 and known and depth < DEPTH:
            self._quote(above + 1, index, depth, known[0], found[0])
        elif index - 1 in self.fences and self.lines.scan.depth[index - 1] == depth:
            self._language(index, classes)
        else:
            self._plan(index).gone = True

    def _quote(self, first: int, last: int, depth: int, name: str, source: str) -> None:
        box = box_of(Div(name, "", "", source))
        if box is None:
            return
        number = self.boxes.add(box, "")
        self._plan(first).begins.append((depth, number))
        self._plan(last).ends = (depth, number)
        self.ranges.append((first, last, depth + 1))

    def _language(self, index: int, classes: list[str]) -> None:
        fence = self.fences[index - 1]
        self._plan(index).gone = True
        if fence.info or not classes:
            return
        name = classes[0].removeprefix("language-")
        name = _LANGUAGES.get(name, name)
        self.texts[fence.first] = self.texts[fence.first].rstrip() + name

    def _plan(self, index: int) -> _Plan:
        return self.plans.setdefault(index, _Plan())

    def written(self) -> Lines:
        texts: list[str] = []
        numbers: list[int] = []
        levels = self._levels()
        for index, text in enumerate(self.texts):
            plan = self.plans.get(index, _Plan())
            number = self.lines.numbers[index]
            for depth, box in sorted(plan.begins):
                texts.append(self.boxes.opening(box, self._prefix(depth, levels[index])))
                numbers.append(number)
            if plan.ends:
                depth, box = plan.ends
                texts.append(self.boxes.closing(box, self._prefix(depth, levels[index])))
            elif not plan.gone:
                texts.append(_unquoted(text, levels[index]))
            else:
                continue
            numbers.append(number)
        return Lines(texts or [""], numbers or [1])

    def _levels(self) -> list[frozenset[int]]:
        """For each line the levels of quoting that go."""
        begins: dict[int, list[int]] = {}
        ends: dict[int, list[int]] = {}
        for first, last, level in self.ranges:
            begins.setdefault(first, []).append(level)
            ends.setdefault(last, []).append(level)
        now: frozenset[int] = frozenset()
        found = []
        for index in range(len(self.texts)):
            if index in ends or index in begins:
                now = (now - frozenset(ends.get(index, ()))) | frozenset(begins.get(index, ()))
            found.append(now)
        return found

    @staticmethod
    def _prefix(depth: int, levels: frozenset[int]) -> str:
        return "> " * (depth - sum(level <= depth for level in levels))


def _unquoted(text: str, levels: frozenset[int]) -> str:
    """The line without the signs of these levels of quoting."""
    if not levels:
        return text
    out, at, last = [], 0, max(levels)
    for level in range(1, last + 1):
        sign = text.find(">", at)
        if sign < 0 or text[at:sign].strip():
            break
        end = sign + 1 + (text[sign + 1 : sign + 2] == " ")
        if level not in levels:
            out.append(text[at:end])
        at = end
    return "".join(out) + text[at:]
