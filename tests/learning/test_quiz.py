"""All six kinds of questions: what is read from the form, the verdict, the marks."""

from itertools import permutations

import pytest

from learn.core.access import Refused
from learn.learning.quiz import Result, judge, read, shuffled
from learn.markup.model import Option, Question

ONE = Question(
    "q",
    "einfach",
    "Q",
    "Q",
    options=(Option("a", False, "nein"), Option("b", True, "ja"), Option("c", False)),
)
MANY = Question(
    "q", "mehrfach", "Q", "Q", options=(Option("a", True, "1"), Option("b", False, "2"), Option("c", True))
)
NUMBER = Question("q", "zahl", "Q", "Q", solutions=("21,5 ± 0,5 °C",))
TEXT = Question("q", "text", "Q", "Q", solutions=("Personenbezug", "Personenbeziehbarkeit"))
ORDER = Question("q", "reihenfolge", "Q", "Q", items=("eins", "zwei", "drei", "vier", "fünf"))
PAIRS = Question("q", "zuordnung", "Q", "Q", pairs=(("A", "1"), ("B", "2"), ("C", "3"), ("D", "4")))


def checked(question: Question, *answers: str, placed: dict[int, str] | None = None) -> Result:
    return judge(question, read(question, 3, answers, placed or {}))


def order(*places: str) -> Result:
    """Places by source index, sent under the numbers that the page shows."""
    shown = shuffled(3, "q", len(ORDER.items))
    return checked(ORDER, placed=dict(zip(shown, places, strict=False)))


def pairs(*rights: int | None) -> Result:
    """Source indexes of the right cells, sent as the page shows them."""
    shown = shuffled(3, "q", len(PAIRS.pairs))
    values = {i: "" if right is None else str(shown[right]) for i, right in enumerate(rights)}
    return checked(PAIRS, placed=values)


def test_one_option_is_right_or_wrong_with_its_feedback() -> None:
    right = checked(ONE, "1")
    assert (right.verdict, right.marks, right.feedback) == ("right", (None, True, None), ("ja",))
    wrong = checked(ONE, "0")
    assert (wrong.verdict, wrong.marks, wrong.feedback) == ("wrong", (False, None, None), ("nein",))


def test_several_options_are_right_as_the_exact_set_and_almost_with_one_right() -> None:
    assert checked(MANY, "0", "2").verdict == "right"
    almost = checked(MANY, "0", "1")
    assert (almost.verdict, almost.marks, almost.missing) == ("almost", (True, False, None), 1)
    assert almost.feedback == ("1", "2")
    assert checked(MANY, "0", "1", "2").verdict == "almost"
    assert checked(MANY, "1").verdict == "wrong"
    assert checked(MANY, "2", "2").marks == (None, None, True)


@pytest.mark.parametrize("answers", [(), ("",), ("7",), ("x",), ("-1",), ("0", "1"), ("²",)])
def test_an_empty_or_impossible_choice_is_refused(answers: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as caught:
        checked(ONE, *answers)
    assert (caught.value.status, caught.value.field) == (422, "answer")


def test_numbers_within_the_range_are_right() -> None:
    assert checked(NUMBER, "21").verdict == "right"
    assert checked(NUMBER, " 22,0 °c ").verdict == "right"
    assert checked(NUMBER, "22,01").verdict == "wrong"
    with pytest.raises(Refused, match=r"Schreiben Sie eine Zahl, zum Beispiel 21,5\."):
        checked(NUMBER, "warm")
    with pytest.raises(Refused):
        checked(NUMBER, " ")


def test_texts_match_any_accepted_one() -> None:
    assert checked(TEXT, "„personenbezug“.").verdict == "right"
    assert checked(TEXT, "Personenbeziehbarkeit").verdict == "right"
    assert checked(TEXT, "Datenbezug").verdict == "wrong"
    with pytest.raises(Refused):
        checked(TEXT, "")


def test_an_order_is_right_in_every_place_and_almost_with_half_of_its_neighbours() -> None:
    assert order("1", "2", "3", "4", "5").verdict == "right"
    shifted = order("5", "1", "2", "3", "4")
    assert (shifted.verdict, shifted.marks) == ("almost", (False,) * 5)
    assert order("3", "4", "1", "2", "5").verdict == "almost"  # two of four neighbours
    assert order("5", "4", "3", "2", "1").verdict == "wrong"
    assert order("1", "2", "", "", "").verdict == "wrong"
    assert order("1", "2", "", "", "").marks == (True, True, None, None, None)
    with pytest.raises(Refused):
        order("", "", "", "", "")


def test_pairs_are_right_all_together_and_almost_with_half() -> None:
    assert pairs(0, 1, 2, 3).verdict == "right"
    half = pairs(0, 1, 3, 2)
    assert (half.verdict, half.marks) == ("almost", (True, True, False, False))
    assert pairs(0, 2, 3, None).verdict == "wrong"
    assert pairs(0, 2, 3, None).marks == (True, False, False, None)
    with pytest.raises(Refused):
        pairs(None, None, None, None)


def test_shown_numbers_are_a_permutation_that_does_not_tell_the_order() -> None:
    for version in range(50):
        for count in range(3, 9):
            shown = shuffled(version, "q", count)
            assert sorted(shown) == list(range(count))
            assert shown != tuple(range(count))
    assert {shuffled(version, "q", 2) for version in range(50)} == {(0, 1), (1, 0)}
    assert shuffled(3, "q", 5) == shuffled(3, "q", 5)
    assert len({shuffled(version, "q", 4) for version in range(200)}) == len(list(permutations(range(4)))) - 1
