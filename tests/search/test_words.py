"""Words: stems that belong together, parts of compounds, what a word may be misspelt as."""

import pytest

from learn.search import likeness, words
from learn.search.plain import plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Häuser", "Haus"),
        ("Strassen", "Straße"),
        ("Baeume", "Baum"),
        ("steuert", "steuern"),
        ("umgerüstet", "Umrüstung"),
        ("Gateways", "Gateway"),
        ("kalibriert", "Kalibrierung"),
        ("gefördert", "Förderung"),
        ("Bürger:innen", "Bürgerinnen"),
        ("Lenkung", "lenken"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert words.stem(words.forms(one)[-1]) == words.stem(words.forms(other)[-1])


@pytest.mark.parametrize(("one", "other"), [("Schulung", "Schule"), ("Burg", "Bürger"), ("Planet", "Plan")])
def test_other_words_do_not(one: str, other: str) -> None:
    assert words.stem(words.forms(one)[-1]) != words.stem(words.forms(other)[-1])


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("strassenbeleuchtung", ("strassen", "beleuchtung")),
        ("datenschutzgrundverordnung", ("daten", "schutz", "grund", "verordnung")),
        ("haushaltsplan", ("haushalts", "plan")),
        ("beratung", ("beratung",)),
        ("strategie", ("strategie",)),
    ],
)
def test_compounds_are_parted(compound: str, parts: tuple[str, ...]) -> None:
    assert words.parts(compound) == parts


def test_neighbouring_parts_count_together() -> None:
    assert "datenschutz" in words.terms("datenschutzgrundverordnung")


def test_words_of_the_corpus_part_compounds_too() -> None:
    corpus = {words.stem("zwirbel")}
    assert words.parts("zwirbelbummel") == ("zwirbelbummel",)
    assert words.parts("zwirbelbummel", {*corpus, words.stem("bummel")}.__contains__) == ("zwirbel", "bummel")


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("zwirbelkonzept", ("zwirbel", "konzept")),
        ("verkehrszwirbelung", ("verkehrs", "zwirbelung")),
        ("regenzwirbelbecken", ("regen", "zwirbel", "becken")),
        ("informatisierung", ("informatisierung",)),
        ("personalisierung", ("personalisierung",)),
    ],
)
def test_one_part_may_be_unknown(compound: str, parts: tuple[str, ...]) -> None:
    assert words.parts(compound) == parts


def test_larger_parts_are_found_by_their_own_parts() -> None:
    assert words.stem("raum") in words.terms("parkraumkonzept")
    assert words.terms("gestaltet") == (words.stem("gestaltet"),)


def test_hyphens_give_the_parts_and_the_whole() -> None:
    assert words.forms("IT-Sicherheit") == ("it", "sicherheit", "itsicherheit")
    assert words.forms("und") == ()


def test_a_word_is_nearest_to_its_misspelling() -> None:
    sharing = {gram: ["beleuchtung", "belastung"] for gram in words.grams("beleuchtung")}
    assert likeness.similar("beleuchtng", sharing) == ["beleuchtung"]
    assert likeness.distance("abcd", "acbd", 2) == 1
    assert likeness.distance("abcd", "wxyz", 2) == 3


def test_another_verb_is_not_inside() -> None:
    assert likeness.inside("leitung", ["anleitung", "fernwaermeleitung"]) == ["fernwaermeleitung"]


def test_only_words_are_left_of_html() -> None:
    assert (
        plain("<p>Ein <b>Wort</b>teil</p><ul><li>a<li>&lt;b&gt;</ul><math><mi>x</mi></math>")
        == "Ein Wortteil a <b>"
    )
