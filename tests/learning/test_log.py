"""What a request means for the log, decided without a database."""

from datetime import date

import pytest

from learn.core.access import Refused
from learn.learning.log import Wish, decide
from learn.learning.progress import DONE, REOPENED, Row

DAY = date(2026, 6, 2)
FIRST = Row("les_a", 1, DONE, 0, DAY, 1, "r1", 1)
OPENED = Row("les_a", 1, REOPENED, 0, DAY, 1, "r2", 2)


def wish(event: str = DONE, edition: int = 1, pass_: int | None = 0, request_id: str = "r9") -> Wish:
    return Wish("les_a", edition, event, pass_, request_id)


def test_the_first_completion_is_stored_in_pass_0() -> None:
    assert decide([], wish(), done=False) == 0
    assert decide([], wish(pass_=None), done=False) == 0


def test_a_double_click_and_a_second_tab_store_nothing() -> None:
    assert decide([FIRST], wish(request_id="r1"), done=True) is None
    assert decide([FIRST], wish(), done=True) is None


def test_a_newer_edition_is_stored_beside_the_older_and_never_the_other_way_round() -> None:
    assert decide([FIRST], wish(edition=2), done=True) == 0
    assert decide([FIRST._replace(edition=2)], wish(), done=True) is None


def test_reopening_needs_something_done_and_counts_once() -> None:
    assert decide([FIRST], wish(REOPENED), done=True) == 0
    assert decide([], wish(REOPENED), done=False) is None
    assert decide([FIRST, OPENED], wish(REOPENED), done=False) is None
    assert decide([FIRST, OPENED], wish(REOPENED, pass_=None), done=False) is None


def test_a_lesson_done_by_a_replaced_one_can_be_reopened() -> None:
    assert decide([], wish(REOPENED), done=True) == 0


def test_a_late_replay_of_an_ended_pass_stores_nothing() -> None:
    assert decide([FIRST, OPENED], wish(), done=False) is None
    assert decide([FIRST, OPENED], wish(request_id="r1"), done=False) is None
    assert decide([FIRST, OPENED], wish(pass_=None, request_id="r1"), done=False) is None


def test_after_reopening_the_next_pass_is_stored() -> None:
    assert decide([FIRST, OPENED], wish(pass_=1), done=False) == 1
    assert decide([FIRST, OPENED], wish(pass_=None), done=False) == 1


def test_a_pass_above_the_present_one_is_refused() -> None:
    with pytest.raises(Refused):
        decide([FIRST], wish(pass_=1), done=True)


@pytest.mark.parametrize(
    "other",
    [
        Wish("les_b", 1, DONE, 0, "r1"),
        Wish("les_a", 1, REOPENED, 0, "r1"),
        Wish("les_a", 2, DONE, 0, "r1"),
        Wish("les_a", 1, DONE, 1, "r1"),
    ],
)
def test_a_request_id_used_for_something_else_is_refused(other: Wish) -> None:
    with pytest.raises(Refused):
        decide([FIRST], other, done=True)
