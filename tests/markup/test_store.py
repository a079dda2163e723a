"""Parts as JSON, and prefixed ids."""

import json

import pytest

from learn.markup import store
from learn.markup.model import Html, Part, Quiz
from learn.markup.sanitise import sanitise
from tests.markup.support import asked, lesson

EVERYTHING = (
    "## Weg\n\nText[^a] [zurück](#weg)\n\n|a|\n|-|\n|1|\n\n"
    + asked("> [Weg](#weg)\n\n1. [x] a\n   > [Weg](#weg)\n2. [ ] b\n\n> x").replace("## Frage", "### Frage")
    + "\n<!-- quiz id=r -->\n\n### G?\n<!-- frage id=g typ=zuordnung -->\n\n"
    "|L|R|\n|-|-|\n|[a](#weg)|1|\n|b|2|\n\n"
    "<!-- /quiz -->\n\n<!-- aufgabe id=a -->\n\nx\n\n<!-- /aufgabe -->\n\n"
    "<!-- fahrplan id=p -->\n\n- **A:** b\n\n[Weg](#weg)\n\n|s|t|\n|-|-|\n|[u](#weg)| |\n\n"
    "<!-- /fahrplan -->\n\n[^a]: Note\n"
)


def test_there_and_back() -> None:
    parts = lesson(EVERYTHING).parts
    assert {type(part).__name__ for part in parts} == {"Html", "Quiz", "Exercise", "Plan"}
    assert store.load(json.loads(json.dumps(store.dump(parts)))) == parts


def test_terms_there_and_back() -> None:
    terms = lesson('## A\n<!-- begriff id=b auch="c, d" -->\n\nx', kind="glossar").terms
    assert store.load_terms(json.loads(json.dumps(store.dump_terms(terms)))) == terms


def test_keys_of_a_newer_version_are_ignored() -> None:
    assert store.load([{"type": "html", "html": "x", "neu": 1}]) == (Html("x"),)


def pieces(parts: tuple[Part, ...]) -> str:
    return json.dumps(store.dump(parts), ensure_ascii=False)


def test_prefixed_ids_and_targets() -> None:
    parts = store.prefixed(lesson(EVERYTHING).parts, "les_1")
    text = pieces(parts)
    assert '\\"#s-weg\\"' not in text
    assert text.count('href=\\"#les_1-s-weg\\"') == 6
    for name in (
        'id=\\"les_1-s-weg',
        'id=\\"les_1-fnref-1',
        'id=\\"les_1-fn-1',
        'href=\\"#les_1-fnref-1',
        'href=\\"#les_1-fn-1',
    ):
        assert name in text
    assert isinstance(parts[0], Html)
    assert sanitise(parts[0].html) == parts[0].html


def test_ids_of_sections_stay_for_the_template() -> None:
    found = [part for part in store.prefixed(lesson(EVERYTHING).parts, "les_1") if isinstance(part, Quiz)]
    assert [part.id for part in found] == ["q", "r"]


def test_captions_follow_their_id() -> None:
    parts = store.prefixed(lesson("Tabelle: T\n\n|a|\n|-|\n|1|").parts, "les_1")
    assert 'aria-labelledby=\\"les_1-tab-1' in pieces(parts)
    assert 'id=\\"les_1-tab-1' in pieces(parts)


@pytest.mark.parametrize("prefix", ["", "a b", '"', "ä"])
def test_a_prefix_is_an_id(prefix: str) -> None:
    with pytest.raises(ValueError, match="Kennung"):
        store.prefixed((Html("x"),), prefix)


def test_regions_of_a_page_with_several_texts_get_names_of_their_own() -> None:
    found = lesson("Eins[^a]\n\n[^a]: Zwei").parts
    part = store.prefixed(found, "les_00000001", "Über <b> & „so“")[0]
    assert isinstance(part, Html)
    assert 'aria-label="Fußnoten, Über b &amp; „so“"' in part.html
    assert 'aria-label="Fußnote 1"' in part.html
