"""Alerts."""

import pytest

from tests.markup.support import flat


@pytest.mark.parametrize(
    ("name", "sort", "label"),
    [
        ("NOTE", "note", "Hinweis"),
        ("tip", "tip", "Tipp"),
        ("IMPORTANT", "important", "Wichtig"),
        ("WARNING", "warning", "Achtung"),
        ("CAUTION", "caution", "Vorsicht"),
    ],
)
def test_five_sorts(name: str, sort: str, label: str) -> None:
    assert flat(f"> [!{name}]\n> Text *x*") == (
        f'<aside class="sc-callout sc-callout--{sort}" role="note"><p class="sc-callout__h">{label}</p>'
        "<p>Text <em>x</em></p></aside>"
    )


def test_blocks_follow_inside() -> None:
    found = flat("> [!TIP]\n>\n> - a\n>\n> b")
    assert found.endswith("Tipp</p><ul><li>a</li></ul><p>b</p></aside>")


@pytest.mark.parametrize("source", ["> [!TIP] mehr", "> [!ANDERS]\n> x", "> a\n> [!TIP]", "> [!TIP]*x*"])
def test_other_quotes_stay_quotes(source: str) -> None:
    assert flat(source).startswith("<blockquote>")


def test_neighbours_stay_apart() -> None:
    assert flat("> [!TIP]\n> a\n\n> [!NOTE]\n> b").count("<aside") == 2


def test_words_beside_raw_html_stay() -> None:
    assert flat("> [!NOTE]\n> a\n>\n> <div>b</div>\n> c *d*").endswith("<p>a</p><div>b</div>\nc *d*</aside>")
