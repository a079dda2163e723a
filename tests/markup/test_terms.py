"""Glossary entries and links to them."""

import pytest

from learn.markup.extensions.terms import term_slug
from tests.markup.support import faults, flat, lesson

GLOSSARY = """## Raumklima
<!-- begriff id=klima auch="Innenklima, Raumluft" -->

Siehe [Füße](#fuesse) und *Luft*.[^a]

## Füße

Text

[^a]: Note
"""


def test_a_link_to_the_glossary_is_a_term() -> None:
    found = flat("[Raumklima](../glossar.md#raumklima)")
    assert found == '<p><a href="/vokabelheft/raumklima" class="sc-term">Raumklima</a></p>'


def test_entries_have_slug_title_and_further_words() -> None:
    found = lesson(GLOSSARY, kind="glossar", first_line=7)
    assert found.faults == ()
    assert found.parts == ()
    first, second = found.terms
    assert (first.slug, first.title, first.also, first.line) == (
        "klima",
        "Raumklima",
        ("Innenklima", "Raumluft"),
        7,
    )
    assert (second.slug, second.title, second.html) == ("fuesse", "Füße", "<p>Text</p>")
    assert '<a href="/vokabelheft/fuesse" class="sc-term">Füße</a>' in first.html
    assert 'class="sc-footnotes"' in first.html


@pytest.mark.parametrize(
    ("title", "slug"), [("Größe über Öl", "groesse-ueber-oel"), ("CO₂-Wert", "co₂-wert")]
)
def test_umlauts_are_written_out(title: str, slug: str) -> None:
    assert term_slug(title) == slug


def test_slugs_are_unique() -> None:
    assert faults("## A\n\nx\n\n## B\n<!-- begriff id=a -->\n\ny", kind="glossar") == [("K107", 5)]


def test_the_mark_stands_under_its_heading() -> None:
    assert faults("## A\n\nx\n\n<!-- begriff id=a -->", kind="glossar") == [("K203", 5)]
    assert faults("Text\n\n<!-- begriff id=a -->") == [("K202", 3)]
