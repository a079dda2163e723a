"""Headings: title, slugs, levels."""

import pytest

from learn.markup.extensions.headings import slug
from tests.markup.support import faults, flat, lesson


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Der Weg", "der-weg"),
        ("Größen, die sich lohnen", "größen-die-sich-lohnen"),
        ("A & B", "a--b"),
        ("snake_case-Wort", "snake_case-wort"),
        ("Was ist „LoRaWAN“?", "was-ist-lorawan"),
        ("!!!", "abschnitt"),
        ("🎉 Fest", "-fest"),
        ("Kosten – 5 €", "kosten--5-"),
        ("CO₂ je m²", "co-je-m"),
    ],
)
def test_slugs_are_githubs(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_repeated_headings_are_numbered() -> None:
    source = "## A\n\n## A\n\n## A-1\n\n## A"
    assert [heading.slug for heading in lesson(source).headings] == ["a", "a-1", "a-1-1", "a-2"]


def test_a_heading_knows_level_text_and_line() -> None:
    found = lesson("Text\n\n## *Der* Weg\n", first_line=10).headings[0]
    assert (found.level, found.slug, found.text, found.line) == (2, "der-weg", "Der Weg", 12)


def test_the_leading_title_is_not_rendered() -> None:
    found = lesson("# Titel\n\n## A", title="Titel")
    assert found.title == "Titel"
    assert flat("# Titel\n\n## A", title="Titel") == '<h2 id="s-a">A</h2>'


def test_a_title_that_differs_is_reported() -> None:
    assert faults("# Anders\n", title="Titel", first_line=4) == [("K208", 4)]


def test_another_first_level_moves_all_down() -> None:
    source = "# Titel\n\n# A\n\n## B\n\n### C\n\n#### D\n\n##### E\n\n###### F"
    assert [heading.level for heading in lesson(source).headings] == [2, 3, 4, 5, 6, 6]


def test_a_skipped_level_is_reported_where_it_happens() -> None:
    assert faults("## A\n\n#### B\n\n##### C") == [("K504", 3)]
    assert faults("### A") == [("K504", 1)]


def test_ids_cannot_shadow_anything() -> None:
    assert 'id="s-location"' in flat("## Location")
