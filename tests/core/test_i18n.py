"""German dates and durations."""

from datetime import date

from flask import Flask

from learn.core import i18n


def test_days() -> None:
    assert i18n.day(date(2026, 6, 9)) == "9.\u00a0Juni 2026"
    assert i18n.day(date(2026, 3, 1)) == "1.\u00a0März 2026"


def test_months() -> None:
    assert i18n.month("2026-09") == "September 2026"
    assert i18n.month("2026-09-15") == "September 2026"
    assert i18n.month("") == ""
    assert i18n.month("2026-13") == "2026-13"
    assert i18n.month("bald") == "bald"


def test_minutes(small: Flask) -> None:
    with small.test_request_context("/"):
        assert i18n.minutes(1) == "1\u00a0Minute"
        assert i18n.minutes(45) == "45\u00a0Minuten"
