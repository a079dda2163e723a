"""Marks: where they work, how they are written, which ids they bear."""

import pytest

from tests.markup.support import asked, faults, flat, lesson

QUIZ = asked("1. [x] a\n2. [ ] b")


def test_other_comments_vanish() -> None:
    assert (
        flat("a\n\n<!-- Notiz: später -->\n\n<!--\nmehrere\nZeilen\n-->\n\nb <!-- weg -->")
        == "<p>a</p><p>b </p>"
    )


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("<!-- quitz id=a -->", "quitz"),
        ("<!-- quizz -->", "quizz"),
        ("<!-- abgabe -->", "abgabe"),
        ("<!-- peer id=a frist=x -->", "peer"),
    ],
)
def test_unknown_marks(source: str, name: str) -> None:
    found = lesson(f"\n{source}\n").faults
    assert [(fault.code, fault.line, fault.values["name"]) for fault in found] == [("K202", 2, name)]


@pytest.mark.parametrize("key", ["versuche=3", "bestehen=2", "frist=morgen"])
def test_unknown_keys(key: str) -> None:
    assert faults(QUIZ.replace("id=q", f"id=q {key}")) == [("K202", 1)]


@pytest.mark.parametrize("source", ["<!-- todo -->", "<!-- prettier-ignore -->", "<!-- Hinweis an mich -->"])
def test_remarks_are_no_marks(source: str) -> None:
    assert faults(source) == []


def test_values_in_quotes() -> None:
    assert faults(QUIZ.replace("id=q", 'id="q"')) == []


@pytest.mark.parametrize("mark", ["quiz", "frage"])
def test_missing_ids(mark: str) -> None:
    source = QUIZ.replace(f"{mark} id={mark[0]} ", f"{mark} ")
    assert [code for code, _ in faults(source)] == ["K301"]


def test_the_same_id_twice() -> None:
    source = (
        "<!-- aufgabe id=a -->\n\nx\n\n<!-- /aufgabe -->\n\n<!-- aufgabe id=a -->\n\ny\n\n<!-- /aufgabe -->"
    )
    assert faults(source) == [("K302", 7)]


def test_ids_that_cannot_be() -> None:
    assert faults("<!-- aufgabe id=Ä -->\n\nx\n\n<!-- /aufgabe -->") == [("K104", 1)]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (QUIZ.replace("<!-- /quiz -->", ""), 1),
        (QUIZ.replace("<!-- quiz id=q -->", ""), 9),
        (f"> <!-- quiz id=a -->\n\n{QUIZ}", 1),
        ("Text\n\n<!-- frage id=f -->", 3),
        ("<!-- aufgabe id=a -->\n\n<!-- tabs -->\n\n## x\n\n<!-- /tabs -->\n\n<!-- /aufgabe -->", 3),
        ("<!-- aufgabe id=a -->\n\nx\n\n<!-- aufgabe id=b -->\n\ny\n\n<!-- /aufgabe -->", 1),
        ("<!-- /tabs -->", 1),
        ("<details>\n<summary>T</summary>\n\n<!-- aufgabe id=a -->\n\n</details>", 4),
    ],
)
def test_misplaced_marks(source: str, line: int) -> None:
    assert faults(source) == [("K203", line)]


def test_marks_in_code_are_code() -> None:
    assert faults("```\n<!-- quiz id=q -->\n```\n\n    <!-- quiz id=q -->") == []


@pytest.mark.parametrize("kind", ["kurs", "modul", "glossar", "einfach"])
def test_where_marks_do_not_work_their_content_stays_text(kind: str) -> None:
    found = lesson("## A\n\n" + asked("1. [x] a\n2. [ ] b").replace("## Frage", "### Frage"), kind=kind)
    assert [(fault.code, fault.line) for fault in found.faults] == [("K202", 3), ("K202", 6)]
    assert "Frage?" in found.text


@pytest.mark.parametrize("kind", ["kurs", "modul", "glossar", "einfach"])
def test_tabs_work_there(kind: str) -> None:
    assert lesson("## X\n\n<!-- tabs -->\n\n### A\n\na\n\n<!-- /tabs -->", kind=kind).faults == ()


def test_a_test_holds_questions_only() -> None:
    body = "## F?\n<!-- frage id=f lektion=les_1 -->\n\n1. [x] a\n2. [ ] b\n"
    found = lesson(body, kind="fragen", title="Test")
    assert found.faults == ()
    assert repr(found.parts).startswith("(Quiz(id='abschluss', heading='Test'")
    assert found.parts[0].questions[0].lesson == "les_1"  # type: ignore[union-attr]  # a Quiz
    assert faults(f"Text\n\n{body}", kind="fragen") == [("K401", 1)]
    assert faults(body.replace("## F", "# F\n\n## F"), kind="fragen") == []


def test_a_mark_directly_behind_html_counts() -> None:
    solution = "<details><summary>L</summary>7</details>"
    assert faults(f"<!-- quiz id=q -->\n## F\n<!-- frage id=f typ=zahl -->\n{solution}\n<!-- /quiz -->") == []
    assert faults("<pre>\n<!-- quiz id=q -->\n</pre>") == []


def test_a_key_counts_once() -> None:
    assert faults("<!-- aufgabe id=a id=b -->\n\nx\n\n<!-- /aufgabe -->") == [("K202", 1)]
