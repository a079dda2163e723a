"""quizdown's questions."""

from learn.markup import render
from learn.markup.model import Quiz
from tests.courses.foreign.converted import body, converted, text

QUIZ = """
    ## Prüfen

    {{< quizdown >}}
    ---
    primary_color: orange
    ---
    # Was misst ein Fühler?

    ---
    shuffle_answers: false
    ---

    > Er ist klein.

    - [x] Wärme
    > Ja.
    - [ ] Geld
        > Nein.

    > **Darum:** So ist es.

    ## Ordnen Sie [alles](a.md)!
    1. eins
    2. zwei
    3. drei

    ### Nur eins
    1. [ ] a
    1. [x] b
    {{< /quizdown >}}
    Danach
"""


def test_questions_become_a_quiz() -> None:
    assert body(QUIZ, "hugo") == text("""
        ## Prüfen

        <!-- quiz id=quiz-was-misst-ein-fuehler -->

        ### Was misst ein Fühler?
        <!-- frage id=was-misst-ein-fuehler -->

        > Er ist klein.

        - [x] Wärme
          > Ja.
        - [ ] Geld
            > Nein.

        > **Darum:** So ist es.

        ### Ordnen Sie [alles](a.md)!
        <!-- frage id=ordnen-sie-alles typ=reihenfolge -->

        1. eins
        2. zwei
        3. drei

        ### Nur eins
        <!-- frage id=nur-eins -->

        1. [ ] a
        1. [x] b

        <!-- /quiz -->

        Danach
    """)


def test_the_quiz_is_read_without_faults() -> None:
    rendered = render(body(QUIZ, "hugo").replace("[alles](a.md)", "alles"), "kurs")
    quiz = next(part for part in rendered.parts if isinstance(part, Quiz))
    assert not rendered.faults
    assert [question.kind for question in quiz.questions] == ["mehrfach", "reihenfolge", "einfach"]
    assert quiz.heading == "Prüfen"
    first = quiz.questions[0]
    assert "klein" in first.hint
    assert "Ja." in first.options[0].feedback
    assert "Nein." in first.options[1].feedback
    assert "So ist es." in first.explanation


def test_what_our_questions_cannot_be_stays_text() -> None:
    options = "".join(f"- [x] Antwort {n}\n" for n in range(9))
    for answers in (
        "- [ ] a\n- [ ] b",
        "1. [x] a\n2. [x] b",
        "1. a\n2. b",
        "nur Text",
        "- [x] a",
        "- [x] a\n- b",
        options,
    ):
        found = converted(f"{{{{< quizdown >}}}}\n# F\n{answers}\n{{{{< /quizdown >}}}}", "hugo")
        assert "<!--" not in found.body
        assert answers.splitlines()[0] in found.body
        assert ("K601", "F") in [(fault.code, fault.values["ausschnitt"]) for fault in found.faults]


def test_quizzes_are_parted_by_such_questions_and_names_never_repeat() -> None:
    fit, unfit = "# F\n- [x] a\n- [ ] b\n", "# G\ntext\n"
    found = body(f"{{{{< quizdown >}}}}\n{fit}{unfit}{fit}{{{{< /quizdown >}}}}", "hugo")
    assert found.count("<!-- quiz id=") == 2
    assert "id=f " in found
    assert "id=f-2 " in found
    assert not [fault for fault in render(found, "kurs").faults if fault.code != "K504"]


def test_a_quiz_within_a_box_stays_text() -> None:
    found = converted(
        "{{% expand %}}\n{{< quizdown >}}\n# F\n- [x] a\n- [ ] b\n{{< /quizdown >}}\n{{% /expand %}}", "hugo"
    )
    assert "\\{{< quizdown >}}" in found.body
    assert "frage" not in found.body
