"""A weekly reminder as a calendar (RFC 5545): one entry for all weeks, and what comes next."""

from datetime import UTC, date, datetime, time, timedelta

from icalendar import CLASS, TRANSP, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from learn.core.clock import BERLIN
from learn.core.letters import one_line
from learn.learning.reminders import Following

MONDAY = date(2026, 1, 5)  # entries begin in this week, whenever they were asked for
BEGINS, LASTS = time(9), timedelta(minutes=15)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PRODUCT = "-//Smart Cities Schule//Erinnerung//DE"
HOUR = timedelta(hours=1)


def calendar(name: str, weekday: int, today: date, *, base: str, step: Following | None) -> bytes:
    """The calendar of one person. `name` is the entry's own, the same as long as its address.

    It holds no day on which somebody learnt or set anything: it begins in a fixed week, and its stamp is that
    of the day on which it is read.
    """
    begins = datetime.combine(MONDAY + timedelta(days=weekday), BEGINS, BERLIN)
    entry = Event.new(
        uid=name,
        stamp=datetime.combine(today, time(), UTC),
        start=begins,
        end=begins + LASTS,
        summary="Lernzeit: 15 Minuten",
        description=_told(step),
        url=base + (step.path if step else "/kurse"),
        classification=CLASS.PRIVATE,
        transparency=TRANSP.TRANSPARENT,
    )
    entry.add("rrule", {"freq": "weekly", "byday": DAYS[weekday]})
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("x-wr-calname", "Lernzeit")
    for part in (zone(), entry):
        made.add_component(part)
    return bytes(made.to_ical())


def zone() -> Timezone:
    """Europe/Berlin by rules: summer time from the last Sunday of March to that of October (2000/84/EC).

    Its instants bear no zone: they are those that clocks showed there.
    """
    made = Timezone()
    made.add("tzid", "Europe/Berlin")
    for part, name, begins, month, before, after in (
        (TimezoneStandard(), "CET", datetime.combine(date(1996, 10, 27), time(3)), 10, 2 * HOUR, HOUR),
        (TimezoneDaylight(), "CEST", datetime.combine(date(1981, 3, 29), time(2)), 3, HOUR, 2 * HOUR),
    ):
        part.add("dtstart", begins)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1SU"})
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        made.add_component(part)
    return made


def _told(step: Following | None) -> str:
    return one_line(f"Weiter mit {step.words}." if step else "Suchen Sie sich einen Kurs aus.")
