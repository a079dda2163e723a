"""Working days of the 16 Länder: neither weekend nor public holiday; days and times are Europe/Berlin.

Sources: the holiday acts of the Länder (Feiertagsgesetze), as in force in 2026, and Art. 2 Abs. 2
Einigungsvertrag for 3 October. Days that count in single towns only (Friedensfest in Augsburg, Mariä
Himmelfahrt in parts of Bayern, Fronleichnam in parts of Sachsen and Thüringen) are a setting:
LEARN_HOLIDAYS, passed as `closed`. A Land is named by the first two digits of an AGS, so a whole one does
as well; with an unknown one only the days of all Länder count.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from learn.core.clock import BERLIN, local

DAY = timedelta(days=1)
SATURDAY = 5
BUSS_UND_BETTAG_BEFORE = 23  # November: the Wednesday before it
OPENS, CLOSES = time(7), time(19)  # when mail may leave

EVERYWHERE = ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
FROM_EASTER = (-2, 1, 39, 50)  # Karfreitag, Ostermontag, Himmelfahrt, Pfingstmontag
FRONLEICHNAM = 60
WITH_FRONLEICHNAM = frozenset({"05", "06", "07", "08", "09", "10"})
SINCE: dict[tuple[int, int], dict[str, int]] = {  # month and day: Land -> first year, 0: older than this
    (1, 6): dict.fromkeys(("08", "09", "15"), 0),  # Heilige Drei Könige
    (3, 8): {"11": 2019, "13": 2023},  # Frauentag
    (8, 15): {"10": 0},  # Mariä Himmelfahrt
    (9, 20): {"16": 2019},  # Weltkindertag
    (10, 31): {  # Reformationstag
        **dict.fromkeys(("12", "13", "14", "15", "16"), 0),
        **dict.fromkeys(("01", "02", "03", "04"), 2018),
    },
    (11, 1): dict.fromkeys(("05", "07", "08", "09", "10"), 0),  # Allerheiligen
}
ONCE = {  # of one year only
    date(2017, 10, 31): None,  # 500 years of the Reformation, everywhere
    date(2020, 5, 8): "11",
    date(2025, 5, 8): "11",
    date(2028, 6, 17): "11",
}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    century, of_century = divmod(year, 100)
    leaps, left = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * (year % 19) + century - leaps - moon + 15) % 30
    weekday = (32 + 2 * left + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=200)
def holidays(year: int, land: str) -> frozenset[date]:
    """The public holidays of a Land in a year, without those that are always Sundays."""
    land, sunday = land[:2], easter(year)
    found = {date(year, month, day) for month, day in EVERYWHERE}
    found |= {sunday + days * DAY for days in FROM_EASTER}
    if land in WITH_FRONLEICHNAM:
        found.add(sunday + FRONLEICHNAM * DAY)
    for (month, day), lands in SINCE.items():
        if year >= lands.get(land, 10_000):
            found.add(date(year, month, day))
    if land == "14":
        found.add(_buss_und_bettag(year))
    return frozenset(found | {day for day, only in ONCE.items() if day.year == year and only in {None, land}})


def _buss_und_bettag(year: int) -> date:
    before = date(year, 11, BUSS_UND_BETTAG_BEFORE) - DAY
    return before - ((before.weekday() - 2) % 7) * DAY


def is_workday(day: date, land: str, closed: Collection[date] = ()) -> bool:
    """Whether town halls of a Land work on a day; `closed`: further days off."""
    return day.weekday() < SATURDAY and day not in holidays(day.year, land[:2]) and day not in closed


def after(day: date, number: int, land: str, closed: Collection[date] = ()) -> date:
    """The working day so many working days after a day, which does not count itself."""
    while number > 0:
        day += DAY
        number -= is_workday(day, land, closed)
    return day


def leaves(instant: datetime, land: str, closed: Collection[date] = ()) -> datetime:
    """When mail may leave from an instant on: working days from 7 to 19; the instant itself if it may."""
    here = local(instant)
    if is_workday(here.date(), land, closed) and OPENS <= here.time() < CLOSES:
        return instant
    start = here.date() if here.time() < OPENS else here.date() + DAY
    return _opening(_first(start, land, closed))


def weekly(instant: datetime, land: str, closed: Collection[date] = ()) -> datetime:
    """When the next weekly mail leaves: Monday at 7, or on the first working day after; never before now."""
    monday = local(instant).date() - local(instant).weekday() * DAY
    found = _opening(_first(monday, land, closed))
    return found if found >= instant else _opening(_first(monday + 7 * DAY, land, closed))


def _first(day: date, land: str, closed: Collection[date]) -> date:
    return day if is_workday(day, land, closed) else after(day, 1, land, closed)


def _opening(day: date) -> datetime:
    return datetime.combine(day, OPENS, tzinfo=BERLIN)
