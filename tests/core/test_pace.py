"""One source does slow work once at a time, and others do not wait for it; tries may cost more than one."""

import threading

import pytest

from learn.core.limits import Limit, TooMany
from learn.core.pace import Pace, Turns


def test_a_second_one_waits_and_a_third_is_refused() -> None:
    turns, order = Turns(), list[str]()

    def second() -> None:
        with turns.one("jana"):
            order.append("second")

    thread = threading.Thread(target=second)
    with turns.one("jana"):
        thread.start()
        while turns._here["jana"] < 2:
            pass
        with pytest.raises(TooMany), turns.one("jana"):
            pass
        with turns.one("kurt"):
            order.append("first")
    thread.join()
    assert order == ["first", "second"]
    with turns.one("jana"):
        pass
    assert not turns._here


def test_patience_ends() -> None:
    turns = Turns(patience=0.01)
    with turns.one("jana"):
        for _ in range(2):
            with pytest.raises(TooMany), turns.one("jana"):
                pass
    with pytest.raises(ValueError, match="gone"), turns.one("jana"):
        raise ValueError("gone")
    with turns.one("jana"):
        pass


@pytest.mark.usefixtures("in_one_window")
def test_a_try_may_cost_more() -> None:
    pace = Pace(Limit("probe", tries=5, seconds=60_000))
    pace.take("jana", 4)
    pace.take("jana")
    with pytest.raises(TooMany):
        pace.take("jana")
    pace.take("kurt", 5)
