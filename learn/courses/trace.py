"""What later checks need to know of a rendered text, so that an unchanged one is never parsed again."""

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from learn.courses import targets
from learn.courses.surroundings import Resolver, answer
from learn.markup.model import Exercise, Fault, Part, Plan, Question, Quiz, Rendered

ADDRESS = re.compile(r"""\b(?:href|src|srcset)="(/(?:kurse|vokabelheft|medien)/[^"]*)""")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark with an id. `digest` tells whether its content is the same as another's."""

    kind: str
    id: str
    line: int
    digest: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What later checks need to know of a rendered text, without its HTML.

    `targets`: each as written, its line, and where it led. `hidden`: it holds an address that no scanned
    target explains. `problem`: why it could not be rendered, one German sentence.
    """

    canonical: str = ""
    faults: tuple[Fault, ...] = ()
    targets: tuple[tuple[str, int, str], ...] = ()
    hrefs: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    lessons: tuple[tuple[str, int], ...] = ()  # ids that questions name, with lines
    key: str = ""  # what the solutions say
    hidden: bool = False
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "faults": [[fault.code, fault.line, dict(fault.values)] for fault in self.faults],
            "targets": [list(target) for target in self.targets],
            "hrefs": list(self.hrefs),
            "slugs": list(self.slugs),
            "marks": [[mark.kind, mark.id, mark.line, mark.digest] for mark in self.marks],
            "lessons": [list(lesson) for lesson in self.lessons],
            "canonical": self.canonical,
            "key": self.key,
            "hidden": self.hidden,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Trace":
        return cls(
            canonical=data["canonical"],
            faults=tuple(Fault(code, line, values) for code, line, values in data["faults"]),
            targets=tuple((text, line, led) for text, line, led in data["targets"]),
            hrefs=tuple(data["hrefs"]),
            slugs=tuple(data["slugs"]),
            marks=tuple(Mark(*mark) for mark in data["marks"]),
            lessons=tuple((identity, line) for identity, line in data["lessons"]),
            key=data["key"],
            hidden=data["hidden"],
        )


def of(rendered: Rendered, resolver: Resolver, body: str, first_line: int) -> Trace:
    """The trace of a text that was just rendered."""
    found = targets.scan(body, first_line)
    led = {target.text: answer(resolver, target.text) for target in found}
    hrefs = sorted({html.unescape(href) for href in ADDRESS.findall(_html(rendered.parts))})
    explained = {part for told in led.values() for part in told.split()}
    return Trace(
        canonical=digest(rendered.canonical),
        faults=rendered.faults,
        targets=tuple((target.text, target.line, led[target.text]) for target in found),
        hrefs=tuple(hrefs),
        slugs=tuple(_slugs(rendered)),
        marks=tuple(_named(rendered)),
        lessons=tuple(_lessons(rendered.parts, body, first_line)),
        key=digest([_solution(entry) for entry in _questions(rendered.parts)]),
        hidden=not explained.issuperset(hrefs),
    )


def digest(value: object) -> str:
    """SHA-256 of a value as canonical JSON."""
    data = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()


def _html(parts: tuple[Part, ...]) -> str:
    """All texts of the parts, joined."""
    return "\n".join(_strings([asdict(part) for part in parts]))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def _slugs(rendered: Rendered) -> Iterator[str]:
    """Fragments that lead somewhere on the page."""
    for heading in rendered.headings:
        yield heading.slug
    for part in rendered.parts:
        if isinstance(part, Quiz | Exercise | Plan):
            yield part.slug


def _questions(parts: tuple[Part, ...]) -> Iterator[Question]:
    for part in parts:
        if isinstance(part, Quiz):
            yield from part.questions


def _lessons(parts: tuple[Part, ...], body: str, first_line: int) -> Iterator[tuple[str, int]]:
    """Ids that questions name, each with the line of its mark."""
    rows = body.split("\n")
    for question in _questions(parts):
        if question.lesson:
            start = max(question.line - first_line, 0)
            words = f"lektion={question.lesson}"
            offset = next((number for number, row in enumerate(rows[start:]) if words in row), 0)
            yield question.lesson, start + offset + first_line


def _named(rendered: Rendered) -> Iterator[Mark]:
    """Marks; one whose id is missing or wrong has none, whatever stands in for it."""
    nameless = {fault.line for fault in rendered.faults if fault.code in {"K104", "K301"}}
    for mark in _marks(rendered.parts):
        yield replace(mark, id="") if mark.line in nameless else mark


def _marks(parts: tuple[Part, ...]) -> Iterator[Mark]:
    for part in parts:
        if isinstance(part, Quiz):
            yield Mark("Quiz", part.id, part.line, "")
            for question in part.questions:
                yield Mark("Frage", question.id, question.line, "")
        elif isinstance(part, Exercise):
            yield Mark("Aufgabe", part.id, part.line, digest(part.html))
        elif isinstance(part, Plan):
            yield Mark("Fahrplan", part.id, part.line, digest(part.labels()))


def _solution(question: Question) -> list[object]:
    """What makes an answer right; None of it is shown before."""
    right = [option.html for option in question.options if option.correct]
    return [question.id, question.kind, right, question.items, question.pairs, question.solutions]
