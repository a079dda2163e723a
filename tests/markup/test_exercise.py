"""Exercises and the heading of sections."""

from learn.markup.model import Exercise, Html
from tests.markup.support import lesson


def test_an_exercise_holds_its_text() -> None:
    found = lesson(
        "Vorab\n\n## Ihre Aufgabe\n\n<!-- aufgabe id=liste -->\n\nText *x*\n\n<!-- /aufgabe -->\n\nDanach"
    )
    assert found.faults == ()
    first, exercise, last = found.parts
    assert exercise == Exercise("liste", "Ihre Aufgabe", "ihre-aufgabe", "<p>Text <em>x</em></p>", 5)
    assert isinstance(first, Html)
    assert first.html == "<p>Vorab</p>"
    assert last == Html("<p>Danach</p>")
    assert [heading.slug for heading in found.headings] == ["ihre-aufgabe"]


def test_without_a_heading_it_has_the_usual_one() -> None:
    found = lesson("## Aufgabe\n\nText\n\n<!-- aufgabe id=liste -->\n\nx\n\n<!-- /aufgabe -->")
    exercise = found.parts[1]
    assert isinstance(exercise, Exercise)
    assert (exercise.heading, exercise.slug) == ("Aufgabe", "aufgabe-1")
    assert [(heading.slug, heading.line) for heading in found.headings] == [("aufgabe", 1), ("aufgabe-1", 5)]
