"""Links: pages, outside, places on the page, nowhere."""

import pytest

from tests.markup.support import faults, flat, lesson


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[zwei](02-zwei.md)", '<a href="/kurse/k/zwei">zwei</a>'),
        ("[zwei](02-zwei.md#weg)", '<a href="/kurse/k/zwei#s-weg">zwei</a>'),
        ("[raus](https://a.example)", '<a href="https://a.example" rel="noopener">raus</a>'),
        ("[Post](mailto:a@b.example)", '<a href="mailto:a@b.example">Post</a>'),
        ("[Anruf](tel:+4927110)", '<a href="tel:+4927110">Anruf</a>'),
    ],
)
def test_targets(source: str, expected: str) -> None:
    assert flat(source) == f"<p>{expected}</p>"


@pytest.mark.parametrize("target", ["#der-weg-über-land", "#der-weg-%C3%BCber-land", "#Der-Weg-über-Land"])
def test_places_on_the_page_follow_their_heading(target: str) -> None:
    assert 'href="#s-der-weg-über-land"' in flat(f"[x]({target})\n\n## Der Weg über Land")


def test_questions_and_sections_are_places_too() -> None:
    source = (
        "[Ja](#frage) [Nein](#aufgabe-liste)\n\n<!-- aufgabe id=liste -->\n\nText\n\n<!-- /aufgabe -->\n\n"
        "<!-- quiz id=q -->\n\n## Frage\n<!-- frage id=f -->\n\n1. [x] a\n2. [ ] b\n\n<!-- /quiz -->\n"
    )
    found = lesson(source)
    assert found.faults == ()
    assert 'href="#frage-f"' in found.parts[0].html  # type: ignore[union-attr]  # an Html part
    assert 'href="#aufgabe-liste"' in found.parts[0].html  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "target",
    [
        "fehlt.md",
        "#fehlt",
        "",
        "javascript:alert(1)",
        "//a.example",
        "ftp://a.example",
        "data:text/html,x",
        "JaVa\tscript:x",
    ],
)
def test_what_leads_nowhere_is_words_and_a_fault(target: str) -> None:
    source = f"\n\n[Worte](<{target}>)"
    assert faults(source) == [("K503", 3)]
    assert lesson(source).parts[0].html == "<p><span>Worte</span></p>"  # type: ignore[union-attr]


@pytest.mark.parametrize("words", ["hier", "Mehr", "Link", ""])
def test_empty_words_are_reported(words: str) -> None:
    assert faults(f"[{words}](https://a.example)") == [("K506", 1)]


def test_an_anchor_without_address_is_no_link() -> None:
    assert faults('<a name="x">y</a>') == [("K201", 1)]
    assert faults("[y]()") == [("K503", 1)]
