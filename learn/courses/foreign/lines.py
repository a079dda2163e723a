"""A foreign text as lines that know their place in the file and whether they are code."""

import re
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from learn.courses.foreign.scanning import BREAKS, Scan, Scanner

PREFIX = re.compile(r"(?:[ \t]*+>)*+[ \t]*+")
_RUN = re.compile(r"(\\*)(`+)")
_COMMENT = re.compile(r"<!--(?!-?>)")


@dataclass
class Lines:
    """Lines of a text and, for each, its number in the foreign file (from 1). Not changed in place."""

    texts: list[str]
    numbers: list[int]

    @classmethod
    def of(cls, body: str, first: int = 1) -> "Lines":
        texts = body.split("\n")
        return cls(texts, list(range(first, first + len(texts))))

    def changed(self, texts: list[str]) -> "Lines":
        """These lines with other words; itself where nothing differs, so that nothing is read anew."""
        return self if texts == self.texts else Lines(texts, self.numbers)

    @cached_property
    def scan(self) -> Scan:
        return Scanner().read(self.texts)

    @cached_property
    def joined(self) -> str:
        return "\n".join(self.texts)

    @cached_property
    def starts(self) -> list[int]:
        found, at = [], 0
        for text in self.texts:
            found.append(at)
            at += len(text) + 1
        return found

    def index_at(self, offset: int) -> int:
        """The line in which the character at `offset` of the joined text stands."""
        return bisect_right(self.starts, offset) - 1

    def number_at(self, offset: int) -> int:
        return self.numbers[self.index_at(offset)]

    @cached_property
    def _spans(self) -> tuple[list[int], list[int]]:
        """Begins and ends of code spans and comments within paragraphs, as offsets."""
        begins, ends = [], []
        for offset, text in self._paragraphs():
            for start, end in _code_spans(text):
                begins.append(offset + start)
                ends.append(offset + end)
        return begins, ends

    def _paragraphs(self) -> Iterator[tuple[int, str]]:
        run: list[int] = []
        for index, text in enumerate([*self.texts, ""]):
            last = index == len(self.texts) or self.scan.hidden[index] or not text.strip()
            if run and (last or BREAKS.match(text)):
                yield self.starts[run[0]], "\n".join(self.texts[run[0] : run[-1] + 1])
                run = []
            if not last:
                run.append(index)

    def guarded(self, offset: int) -> bool:
        """Whether the character is code or in a comment and therefore never touched."""
        if self.scan.hidden[self.index_at(offset)]:
            return True
        begins, ends = self._spans
        at = bisect_right(begins, offset) - 1
        return at >= 0 and offset < ends[at]

    def replaced(
        self, pattern: re.Pattern[str], change: Callable[[re.Match[str], int], str | None]
    ) -> "Lines":
        """With matches outside code replaced by what `change(match, line number)` gives; None keeps one."""
        pieces: list[tuple[int, int, str]] = []
        for found in pattern.finditer(self.joined):
            if self.guarded(found.start()):
                continue
            new = change(found, self.number_at(found.start()))
            if new is not None:
                pieces.append((found.start(), found.end(), new))
        return self.spliced(pieces) if pieces else self

    def spliced(self, pieces: list[tuple[int, int, str]]) -> "Lines":
        """With the characters `start` to `end` of each piece replaced; pieces come in order, apart."""
        writer, at = _Writer(), 0
        for start, end, new in pieces:
            self._copy(writer, at, start)
            number = self.number_at(start)
            for count, part in enumerate(new.split("\n")):
                writer.add(part, number, fresh=count > 0)
            at = end
        self._copy(writer, at, len(self.joined))
        return Lines(writer.texts(), writer.numbers)

    def _copy(self, writer: "_Writer", start: int, end: int) -> None:
        index = self.index_at(start)
        for count, part in enumerate(self.joined[start:end].split("\n")):
            writer.add(part, self.numbers[min(index + count, len(self.numbers) - 1)], fresh=count > 0)


class _Writer:
    """Collects pieces of lines."""

    def __init__(self) -> None:
        self.parts: list[list[str]] = [[]]
        self.numbers: list[int] = [1]
        self.begun = False

    def add(self, part: str, number: int, *, fresh: bool) -> None:
        if fresh:
            self.parts.append([])
            self.numbers.append(number)
        elif not self.parts[-1]:
            self.numbers[-1] = number
        if part:
            self.parts[-1].append(part)

    def texts(self) -> list[str]:
        return ["".join(parts) for parts in self.parts]


def _code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Code spans and comments of a paragraph, each found once from left to right."""
    if "`" not in text and "<!--" not in text:
        return
    closers: dict[int, deque[int]] = defaultdict(deque)
    openers: list[tuple[int, int]] = []
    for run in _RUN.finditer(text):
        start, size = run.start(2), len(run[2])
        closers[size].append(start)
        openers.append((start + 1, size - 1) if len(run[1]) % 2 else (start, size))
    comments = [found.start() for found in _COMMENT.finditer(text)]
    begins = sorted([*openers, *((start, -1) for start in comments)])
    at, last_comment = 0, text.rfind("-->")
    for start, size in begins:
        if start < at or size == 0:
            continue
        end = _span_end(text, start, size, closers, last_comment)
        if end:
            yield start, end
            at = end


def _span_end(text: str, start: int, size: int, closers: dict[int, deque[int]], last_comment: int) -> int:
    """Where the span that begins at `start` ends; 0 if it does not."""
    if size < 0:
        return text.find("-->", start + 4) + 3 if last_comment >= start + 4 else 0
    waiting = closers[size]
    while waiting and waiting[0] <= start:
        waiting.popleft()
    return waiting[0] + size if waiting else 0
