"""Tabs."""

from tests.markup.support import faults, flat

SOURCE = "<!-- tabs -->\n\nVorab\n\n## A\n\na\n\n### Tief\n\n## B\n\nb\n\n<!-- /tabs -->\n\nDanach"


def test_headings_of_one_level_become_sections() -> None:
    assert flat(SOURCE) == (
        '<div class="sc-variants"><p>Vorab</p>'
        '<section class="sc-variant" aria-labelledby="s-a"><h2 id="s-a">A</h2><p>a</p>'
        '<h3 id="s-tief">Tief</h3></section>'
        '<section class="sc-variant" aria-labelledby="s-b"><h2 id="s-b">B</h2><p>b</p></section></div>'
        "<p>Danach</p>"
    )


def test_tabs_without_headings_are_reported() -> None:
    assert faults("Text\n\n<!-- tabs -->\n\nText\n\n<!-- /tabs -->") == [("K203", 3)]
