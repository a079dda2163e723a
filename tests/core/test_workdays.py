"""Working days: holidays of each Land by its act, days counted, and when mail may leave."""

from datetime import UTC, date, datetime

import pytest

from learn.core import workdays
from learn.core.clock import BERLIN

NRW, BERLIN_LAND, SAXONY = "05", "11", "14"

EASTERS = {
    1961: (4, 2),
    2000: (4, 23),
    2008: (3, 23),
    2011: (4, 24),
    2026: (4, 5),
    2038: (4, 25),
    2049: (4, 18),
}
NUMBERS = {  # public holidays of 2026 by Land, Easter and Whit Sunday left out
    "01": 10,
    "02": 10,
    "03": 10,
    "04": 10,
    "05": 11,
    "06": 10,
    "07": 11,
    "08": 12,
    "09": 12,
    "10": 12,
    "11": 10,
    "12": 10,
    "13": 11,
    "14": 11,
    "15": 11,
    "16": 11,
}


@pytest.mark.parametrize("year", EASTERS)
def test_easter_falls_on_the_known_days(year: int) -> None:
    assert workdays.easter(year) == date(year, *EASTERS[year])


def test_easter_is_always_a_sunday_of_spring() -> None:
    for year in range(1900, 2200):
        found = workdays.easter(year)
        assert found.weekday() == 6
        assert date(year, 3, 22) <= found <= date(year, 4, 25)


@pytest.mark.parametrize("land", NUMBERS)
def test_each_land_has_its_number_of_holidays(land: str) -> None:
    assert len(workdays.holidays(2026, land)) == NUMBERS[land]


@pytest.mark.parametrize(
    ("day", "lands"),
    [
        (date(2026, 1, 6), {"08", "09", "15"}),
        (date(2027, 3, 8), {"11", "13"}),
        (date(2022, 3, 8), {"11"}),
        (date(2026, 6, 4), {"05", "06", "07", "08", "09", "10"}),
        (date(2025, 8, 15), {"10"}),
        (date(2027, 9, 20), {"16"}),
        (date(2028, 10, 31), {"01", "02", "03", "04", "12", "13", "14", "15", "16"}),
        (date(2014, 10, 31), {"12", "13", "14", "15", "16"}),
        (date(2027, 11, 1), {"05", "07", "08", "09", "10"}),
        (date(2026, 11, 18), {SAXONY}),
        (date(2025, 11, 19), {SAXONY}),
        (date(2022, 11, 16), {SAXONY}),
        (date(2025, 5, 8), {BERLIN_LAND}),
        (date(2017, 10, 31), set(NUMBERS)),
        (date(2026, 4, 3), set(NUMBERS)),
        (date(2026, 12, 24), set()),
    ],
)
def test_a_day_is_free_in_its_laender_and_no_other(day: date, lands: set[str]) -> None:
    assert {land for land in NUMBERS if not workdays.is_workday(day, land)} == lands


def test_five_working_days_after_friday_29_may_2026() -> None:
    asked = date(2026, 5, 29)
    assert workdays.after(asked, 5, "05966024") == date(2026, 6, 8), "Fronleichnam in Nordrhein-Westfalen"
    assert workdays.after(asked, 5, "11000000") == date(2026, 6, 5)
    assert workdays.after(asked, 5, NRW, {date(2026, 6, 1)}) == date(2026, 6, 9), "a local holiday"
    assert workdays.after(asked, 0, NRW) == asked


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("asked", "leaves"),
    [
        ("2026-06-03T07:00", "2026-06-03T07:00"),
        ("2026-06-03T06:59", "2026-06-03T07:00"),
        ("2026-06-03T18:59", "2026-06-03T18:59"),
        ("2026-06-03T19:00", "2026-06-05T07:00"),  # Fronleichnam lies between
        ("2026-06-05T23:00", "2026-06-08T07:00"),
        ("2026-12-24T20:00", "2026-12-28T07:00"),
    ],
)
def test_mail_leaves_on_working_days_from_seven_to_nineteen(asked: str, leaves: str) -> None:
    assert workdays.leaves(at(asked), NRW) == at(leaves)


@pytest.mark.parametrize(
    ("asked", "leaves"),
    [
        ("2026-06-08T06:59", "2026-06-08T07:00"),
        ("2026-06-08T07:01", "2026-06-15T07:00"),
        ("2026-05-20T12:00", "2026-05-26T07:00"),  # Pfingstmontag
        ("2026-05-25T12:00", "2026-05-26T07:00"),
        ("2026-05-26T08:00", "2026-06-01T07:00"),
        ("2026-05-24T12:00", "2026-05-26T07:00"),
    ],
)
def test_the_weekly_mail_leaves_on_the_first_working_day_of_the_week(asked: str, leaves: str) -> None:
    assert workdays.weekly(at(asked), NRW) == at(leaves)


def test_the_clock_of_berlin_decides() -> None:
    summer = datetime(2026, 7, 1, 5, 0, tzinfo=UTC)
    winter = datetime(2026, 12, 1, 5, 59, tzinfo=UTC)
    assert workdays.leaves(summer, NRW) == summer
    assert workdays.leaves(winter, NRW) == datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
