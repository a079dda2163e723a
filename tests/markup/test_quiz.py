"""Quizzes: question types, hint, feedback, explanation and every fault with its line."""

import pytest

from learn.markup.model import Option
from tests.markup.support import asked, faults, lesson, question, quiz


def test_a_quiz_takes_the_heading_before_it() -> None:
    found = quiz("## Kurz *geprüft*\n\n" + asked("1. [x] a\n2. [ ] b"))
    assert (found.id, found.heading, found.slug, found.line) == ("q", "Kurz geprüft", "kurz-geprüft", 3)
    assert [heading.text for heading in lesson("## A\n\n" + asked("1. [x] a\n2. [ ] b")).headings] == ["A"]


def test_single_choice_with_hint_feedback_and_explanation() -> None:
    body = "> Tipp\n\n1. [ ] *a*\n   > falsch\n2. [x] b\n\n> Darum\n>\n> - x"
    found = question(body)
    assert (found.id, found.kind, found.text, found.html) == ("f", "einfach", "Frage?", "Frage?")
    assert found.hint == "<p>Tipp</p>"
    assert found.options == (
        Option("<em>a</em>", correct=False, feedback="<p>falsch</p>"),
        Option("b", correct=True),
    )
    assert found.explanation == "<p>Darum</p>\n<ul>\n<li>x</li>\n</ul>"


def test_loose_options_are_the_same() -> None:
    found = question("- [x] a\n\n  > ja\n\n- [ ] b")
    assert found.kind == "mehrfach"
    assert found.options == (Option("a", correct=True, feedback="<p>ja</p>"), Option("b", correct=False))


def test_options_show_no_box() -> None:
    assert "input" not in repr(question("- [x] a\n- [ ] b"))


@pytest.mark.parametrize(
    "solution", ["24 Werte", "21 bis 23", "21,5 ± 0,5", "-3", "1.500,75 €", "−4 °C", "1 500", "168"]
)
def test_numbers(solution: str) -> None:
    found = question(f"<details>\n<summary>Lösung</summary>\n\n{solution}\n\n</details>", "typ=zahl")
    assert (found.kind, found.solutions) == ("zahl", (solution,))


def test_texts() -> None:
    body = "<details>\n<summary>Lösung</summary>\n\n- eins\n- *zwei*\n\n</details>\n\n> Darum"
    found = question(body, "typ=text")
    assert found.solutions == ("eins", "zwei")
    assert found.explanation == "<p>Darum</p>"


def test_order() -> None:
    found = question("1. a\n2. *b*\n3. c", "typ=reihenfolge")
    assert (found.kind, found.items) == ("reihenfolge", ("a", "<em>b</em>", "c"))


def test_pairs() -> None:
    found = question("| L | R |\n|---|---|\n| *a* | 1 |\n| b | 2 |", "typ=zuordnung")
    assert found.columns == ("L", "R")
    assert found.pairs == (("<em>a</em>", "1"), ("b", "2"))


def test_the_right_cells_and_heads_hold_no_elements() -> None:
    found = question("| *L* | R |\n|---|---|\n| a | **&lt;b&gt;** |\n| b | 2 |", "typ=zuordnung")
    assert found.columns == ("L", "R")
    assert found.pairs[0][1] == "&lt;b&gt;"


def test_other_blocks_before_the_answers_belong_to_the_hint() -> None:
    assert question("Ein Text.\n\n> Tipp\n\n1. [x] a\n2. [ ] b").hint == "<p>Ein Text.</p>\n<p>Tipp</p>"


def details(text: str) -> str:
    return f"<details>\n<summary>Lösung</summary>\n\n{text}\n\n</details>"


@pytest.mark.parametrize(
    ("body", "mark", "code", "line"),
    [
        ("1. [ ] a\n2. [ ] b", "", "K402", 6),
        ("1. [x] a\n2. [x] b", "", "K402", 7),
        ("- [ ] a\n- [ ] b", "", "K402", 6),
        ("1. [x] a", "", "K405", 6),
        ("1. [x] a\n" + "1. [ ] b\n" * 8, "", "K405", 6),
        ("Nur Text", "", "K405", 4),
        ("1. a\n2. b", "typ=reihenfolge", "K405", 6),
        ("|L|R|\n|-|-|\n|a|1|", "typ=zuordnung", "K405", 6),
        ("|L|R|\n|-|-|\n|a|1|\n|b|1|", "typ=zuordnung", "K403", 6),
        ("|L|R|S|\n|-|-|-|\n|a|1|x|\n|b|2|x|", "typ=zuordnung", "K403", 6),
        (details("viele"), "typ=zahl", "K403", 9),
        (details("1,2,3"), "typ=zahl", "K403", 9),
        (details(""), "typ=text", "K403", 6),
        ("Nur Text", "typ=text", "K403", 4),
        ("1. [ ] a\n> nicht eingerückt\n2. [x] b\n3. [ ] c", "", "K404", 7),
    ],
)
def test_faults_in_a_question(body: str, mark: str, code: str, line: int) -> None:
    assert faults(asked(body, mark)) == [(code, line)]


def test_a_type_that_does_not_exist_has_no_effect() -> None:
    assert faults(asked("1. [x] a\n2. [ ] b", "typ=wahl")) == [("K202", 4)]


ANSWERS = "1. [x] a\n2. [ ] b\n"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (f"## F?\n\n{ANSWERS}", 3),
        (f"<!-- frage id=f -->\n\n{ANSWERS}", 3),
        (f"## F?\n\nText\n\n<!-- frage id=f -->\n\n{ANSWERS}", 7),
        (f"## F?\n<!-- frage id=f -->\n\n{ANSWERS}\n## G?\n\nText", 9),
        (f"## F?\n<!-- frage id=f -->\n<!-- frage id=g -->\n\n{ANSWERS}", 5),
        (f"Text\n\n## F?\n<!-- frage id=f -->\n\n{ANSWERS}", 3),
        ("", 1),
    ],
)
def test_the_mark_stands_under_its_heading(body: str, line: int) -> None:
    assert faults(f"<!-- quiz id=q -->\n\n{body}\n\n<!-- /quiz -->\n") == [("K401", line)]


def test_answers_of_several_blocks_do_not_tell_the_solution() -> None:
    found = question("1. [x] a\n\n   mehr\n2. [ ] b\n   - c")
    assert [option.html for option in found.options] == [
        "<p>a</p>\n<p>mehr</p>",
        "<p>b</p>\n<ul>\n<li>c</li>\n</ul>",
    ]


def test_a_table_in_a_hint_can_be_scrolled() -> None:
    found = question("> | a |\n> |---|\n> | b |\n\n1. [x] a\n2. [ ] b")
    assert found.hint.startswith('<div class="sc-tablewrap" role="region"')
