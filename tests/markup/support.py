"""A small world for texts: pictures, pages, terms and values that exist, and shortcuts to render."""

import re
from dataclasses import dataclass

from learn.markup import render
from learn.markup.model import Html, Link, Picture, Plan, Question, Quiz, Rendered, Unresolved

SHA = "0f" * 32


@dataclass(frozen=True)
class World:
    """`a.svg` has a narrow form, `b.png` none; pages end in `.md`; terms lie in `glossar.md`."""

    def picture(self, target: str) -> Picture | Unresolved:
        if target == "bilder/a.svg":
            return Picture(f"/medien/{SHA}.svg", 680, 210, Picture(f"/medien/{SHA[::-1]}.svg", 340, 420))
        if target == "bilder/b.png":
            return Picture(f"/medien/{SHA}.png", 300, 150)
        return Unresolved("K501", {"pfad": target})

    def link(self, target: str) -> Link | Unresolved:
        path, _, name = target.partition("#")
        if path == "../glossar.md":
            return Link(f"/vokabelheft/{name}", f"glo_1#{name}", term=True)
        if path == "02-zwei.md":
            return Link(f"/kurse/k/zwei#s-{name}" if name else "/kurse/k/zwei", f"les_2#{name}")
        return Unresolved("K503", {"ziel": target})

    def knows_value(self, name: str) -> bool:
        return name == "einrichtung"


def lesson(text: str, **words: object) -> Rendered:
    return render(text, "kurs", World(), **words)  # type: ignore[arg-type]  # as the tests name them


def html(text: str, **words: object) -> str:
    """The HTML of a text that gives one part and no fault."""
    found = lesson(text, **words)
    assert found.faults == ()
    return "".join(part.html for part in found.parts if isinstance(part, Html))


def flat(text: str, **words: object) -> str:
    """The same on one line, without blanks between elements."""
    return one_line(html(text, **words))


def one_line(text: str) -> str:
    return re.sub(r"(?<=>)\n|\n(?=<(?!/code))", "", text)


def faults(text: str, **words: object) -> list[tuple[str, int]]:
    return [(fault.code, fault.line) for fault in lesson(text, **words).faults]


def quiz(text: str, **words: object) -> Quiz:
    found = [part for part in lesson(text, **words).parts if isinstance(part, Quiz)]
    assert len(found) == 1
    return found[0]


def question(body: str, mark: str = "") -> Question:
    """The only question of a quiz with this body."""
    return quiz(asked(body, mark)).questions[0]


def asked(body: str, mark: str = "") -> str:
    """A quiz with one question; `body` begins at line 6."""
    return f"<!-- quiz id=q -->\n\n## Frage?\n<!-- frage id=f {mark} -->\n\n{body}\n\n<!-- /quiz -->\n"


def plan(body: str) -> Plan:
    found = lesson(f"<!-- fahrplan id=p -->\n\n{body}\n\n<!-- /fahrplan -->\n").parts
    assert isinstance(found[0], Plan)
    return found[0]
