"""Goals, minutes and lists of the Carpentries' lessons."""

from learn.courses.foreign.carpentries import plain
from tests.courses.foreign.converted import body, converted, said, text

GOALS = "::: objectives\n\n- Den Befehl `ls` *nutzen*.\n- Ordner\n  nennen\n\n:::\n"


def test_objectives_that_come_first_become_goals() -> None:
    found = converted(f"{GOALS}\nText", "carpentries")
    assert found.goals == ("Den Befehl ls nutzen.", "Ordner nennen")
    assert found.body.strip() == "Text"
    assert said(found) == [("K602", 1, "Zielen im Kopf")]


def test_behind_other_words_they_stay_as_well() -> None:
    found = converted(f"Vorweg\n\n{GOALS}", "carpentries")
    assert len(found.goals) == 2
    assert "> **Objectives**\n>\n> - Den Befehl `ls` *nutzen*." in found.body


def test_a_title_may_stand_before_them() -> None:
    assert body(f"# Titel\n\n{GOALS}", "carpentries") == "# Titel"


def test_what_is_too_long_or_too_much_stays() -> None:
    many = "::: objectives\n" + "".join(f"- Ziel {n}\n" for n in range(5)) + ":::"
    assert converted(many, "carpentries").goals == ("Ziel 0", "Ziel 1", "Ziel 2", "Ziel 3")
    assert "> - Ziel 4" in body(many, "carpentries")
    long = converted(f"::: objectives\n- {'a' * 121}\n- [b](c.md)\n:::", "carpentries")
    assert long.goals == ()
    assert "[b](c.md)" in long.body


def test_more_than_a_list_stays() -> None:
    found = converted("::: objectives\nSie können:\n\n- a\n:::", "carpentries")
    assert found.goals == ()
    assert "Sie können:" in found.body


def test_plain_words() -> None:
    assert plain("`a` **b** *c* d_e") == "a b c d_e"
    assert plain("a <b>") == ""


def test_minutes() -> None:
    assert converted("a", "carpentries", teaching=10, exercises="5").minutes == 15
    assert converted("a", "carpentries", teaching="viel", exercises=None).minutes == 0
    assert converted("a", "carpentries", teaching=90).minutes == 60
    assert converted("a", "hugo", teaching=90).minutes == 0


def test_lists_of_old_front_matter() -> None:
    found = converted(
        "Text", "carpentries", questions=["Warum?"], objectives=["Wissen, *warum*."], keypoints="Darum."
    )
    assert found.goals == ("Wissen, warum.",)
    assert found.body.strip() == text("""
        > [!NOTE]
        > **Questions**
        >
        > - Warum?

        Text

        > [!IMPORTANT]
        > **Keypoints**
        >
        > - Darum.
    """)


def test_odd_front_matter_harms_nothing() -> None:
    assert body("a", "carpentries", questions={"a": 1}, objectives=[None, {}], keypoints=3) == "a"


def test_chunks_name_their_language() -> None:
    assert body("```{r, echo=FALSE}\nx\n```", "carpentries") == "```r\nx\n```"
    assert body("~~~ {.python}\nx\n~~~", "carpentries") == "~~~python\nx\n~~~"
