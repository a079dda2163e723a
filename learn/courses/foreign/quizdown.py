"""Quizzes in quizdown's syntax: what our dialect can express becomes a quiz, all else stays text."""

import re

from learn.courses.foreign.boxes import Boxes, Marker, paired
from learn.courses.foreign.lines import Lines
from learn.courses.foreign.noting import Notes
from learn.courses.foreign.questions import Question, questions
from learn.courses.foreign.scanning import heading

_TARGET = re.compile(r"\]\([^)]{0,2000}\)")
_SLUG = re.compile(r"[^a-z0-9]+")
_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def quizzes(lines: Lines, boxes: Boxes, notes: Notes) -> Lines:
    """With our quizzes in place of quizdown's; those inside other boxes, lists or quotes stay text."""
    if not any(box.kind == "quiz" for box in boxes.boxes):
        return lines
    markers = [boxes.marker(text) for text in lines.texts]
    return _Quizzes(lines, boxes, notes, markers).written()


class _Quizzes:
    def __init__(self, lines: Lines, boxes: Boxes, notes: Notes, markers: list[Marker | None]) -> None:
        self.lines, self.boxes, self.notes, self.markers = lines, boxes, notes, markers
        self.good = paired(markers)
        self.texts: list[str] = []
        self.numbers: list[int] = []
        self.ids: set[str] = set(re.findall(r"\bid=([a-z0-9-]+)", lines.joined))
        self.level = 1
        self.open = 0

    def written(self) -> Lines:
        index = 0
        while index < len(self.lines.texts):
            marker = self.markers[index]
            if marker is None or self.boxes.boxes[marker.number].kind != "quiz":
                self._other(index, marker)
            elif marker.opens and marker.number in self.good and not marker.prefix and not self.open:
                index = self._quiz(index, marker)
            else:
                self._add(self.boxes.text(marker), self.lines.numbers[index])
                self.notes.stays(self.lines.numbers[index], self.texts[-1])
            index += 1
        return Lines(self.texts, self.numbers)

    def _add(self, text: str, number: int) -> None:
        self.texts.append(text)
        self.numbers.append(number)

    def _other(self, index: int, marker: Marker | None) -> None:
        text = self.lines.texts[index]
        if marker is not None and marker.number in self.good:
            self.open += 1 if marker.opens else -1
        elif not self.lines.scan.hidden[index] and (found := heading(text)):
            self.level = found[0]
        self._add(text, self.lines.numbers[index])

    def _quiz(self, index: int, marker: Marker) -> int:
        """Writes what stands up to the end of the quiz; the index of its last line."""
        end = index + 1
        while (other := self.markers[end]) is None or other.number != marker.number:
            end += 1
        texts = [
            text if self.markers[i] is None else ""
            for i, text in enumerate(self.lines.texts[index:end], index)
        ]
        if any(self.markers[i] is not None for i in range(index + 1, end)):
            return self._as_text(index, end)
        self.notes.became(self.lines.numbers[index], self.boxes.boxes[marker.number].source, "einem Quiz")
        start, found = questions(texts[1:], self.lines.numbers[index + 1 : end])
        self._gap(self.lines.numbers[index])
        for text in _trimmed(start):
            self._add(text, self.lines.numbers[index])
        self._runs(found)
        self._gap(self.lines.numbers[end])
        return end

    def _gap(self, number: int) -> None:
        if self.texts and self.texts[-1].strip():
            self._add("", number)

    def _as_text(self, index: int, end: int) -> int:
        """A quiz that holds other boxes cannot be ours: its own signs stay."""
        for at in (index, end):
            marker = self.markers[at]
            assert marker is not None
            self.notes.stays(self.lines.numbers[at], self.boxes.text(marker))
        opening, closing = self.markers[index], self.markers[end]
        assert opening is not None
        assert closing is not None
        self._add(self.boxes.text(opening), self.lines.numbers[index])
        self.markers[end] = None
        self.lines.texts[end] = self.boxes.text(closing)
        return index

    def _runs(self, found: list[Question]) -> None:
        """Neighbouring questions that fit share a quiz."""
        level = min(6, max(2, self.level + 1))
        inside = False
        for question in found:
            if bool(question.kind) != inside:
                inside = not inside
                self._edge(question, inside=inside)
            self._question(question, level)
        if inside:
            self._edge(found[-1], inside=False)

    def _edge(self, question: Question, *, inside: bool) -> None:
        self._gap(question.number)
        mark = f"<!-- quiz id={self._id('quiz-' + question.words)} -->" if inside else "<!-- /quiz -->"
        self._add(mark, question.number)
        self._add("", question.number)

    def _question(self, question: Question, level: int) -> None:
        number = question.number
        if not question.kind:
            self.notes.stays(number, question.words or "quizdown")
            self._add(f"{'#' * level} {question.words}".rstrip(), number)
            for text in question.texts:
                self._add(text, number)
            return
        if any(text.strip() and not text.lstrip().startswith(">") for text in question.before):
            self.notes.became(number, question.words, "einer Frage, ihr Text zum Hinweis")
        typ = " typ=reihenfolge" if question.kind == "reihenfolge" else ""
        self._add(f"{'#' * level} {question.words}", number)
        self._add(f"<!-- frage id={self._id(question.words)}{typ} -->", number)
        for part in (
            question.before,
            [text for option in question.options for text in option.texts],
            question.after,
        ):
            if any(text.strip() for text in part):
                self._add("", number)
                for text in _trimmed(part):
                    self._add(text, number)
        self._add("", number)

    def _id(self, words: str) -> str:
        """A name from the words, with a number where it is taken."""
        words = _TARGET.sub("]", words).casefold().translate(_FOLD)
        bare = _SLUG.sub("-", words)[:48].strip("-") or "frage"
        found, count = bare, 1
        while found in self.ids:
            count += 1
            found = f"{bare}-{count}"
        self.ids.add(found)
        return found


def _trimmed(texts: list[str]) -> list[str]:
    filled = [index for index, text in enumerate(texts) if text.strip()]
    return texts[filled[0] : filled[-1] + 1] if filled else []
