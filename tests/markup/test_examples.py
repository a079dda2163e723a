"""Every example of the help, rendered: exactly the parts that stand beside it, and no fault."""

from pathlib import Path

import pytest

from learn.markup import extensions, faults, render
from learn.markup.examples import SECTIONS, Construct, Example, Source, World, Wrong, constructs
from learn.markup.model import Fault, Rendered
from tests.parity import COUNTED, both

FOUND = constructs()
EXAMPLES = [(c.name, number, e) for c in FOUND for number, e in enumerate(c.examples, 1)]
WRONG = [(c.name, number, e) for c in FOUND for number, e in enumerate(c.wrong, 1)]
# What content.md section 2 names, by module; these three belong to no lesson.
NOT_IN_LESSONS = {"base", "mentions", "quotations"}


def rendered(source: Source) -> Rendered:
    return render(source.source, "kurs", World(), kind=source.kind, formulas=source.formulas)


def ids(found: list[tuple[str, int, Example]] | list[tuple[str, int, Wrong]]) -> list[str]:
    return [f"{name}-{number}" for name, number, _ in found]


@pytest.mark.parametrize("example", [e for _, _, e in EXAMPLES], ids=ids(EXAMPLES))
def test_an_example_becomes_what_stands_beside_it(example: Example) -> None:
    found = rendered(example)
    assert found.parts == example.parts
    assert found.terms == example.terms
    assert found.faults == ()


@pytest.mark.parametrize("wrong", [e for _, _, e in WRONG], ids=ids(WRONG))
def test_what_is_wrong_is_reported_in_the_words_shown(wrong: Wrong) -> None:
    (fault,) = rendered(wrong).faults
    assert (fault.code, fault.line, faults.sentence(fault)) == (wrong.code, wrong.line, wrong.sentence)


@pytest.mark.parametrize("example", [e for _, _, e in EXAMPLES], ids=ids(EXAMPLES))
def test_a_git_host_shows_the_same_structure(example: Example) -> None:
    ours, theirs = both(example.source, COUNTED)
    assert ours == theirs


def test_every_module_has_an_example() -> None:
    folder = Path(extensions.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"} - NOT_IN_LESSONS
    assert modules == {module for construct in FOUND for module in construct.covers}


def test_every_construct_is_explained_where_it_belongs() -> None:
    assert [c.section for c in FOUND] == sorted((c.section for c in FOUND), key=list(SECTIONS).index)
    assert {c.section for c in FOUND} == set(SECTIONS)
    assert len({c.name for c in FOUND}) == len(FOUND)
    assert all(explained(construct) for construct in FOUND)


def explained(construct: Construct) -> bool:
    found = render(construct.text, "kurs", World())
    return bool(construct.examples) and bool(found.parts) and found.faults == ()


def test_every_kind_of_question_has_an_example() -> None:
    kinds = {q.kind for _, _, e in EXAMPLES for part in e.parts for q in getattr(part, "questions", ())}
    assert kinds == {"einfach", "mehrfach", "zahl", "text", "reihenfolge", "zuordnung"}


def test_a_changed_example_would_be_noticed() -> None:
    example = FOUND[0].examples[0]
    assert rendered(Source(example.source + "x")).parts != example.parts
    assert isinstance(rendered(Source("[hier](weg.md)")).faults[0], Fault)
