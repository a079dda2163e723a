"""The page of one's reminder, the calendar behind its secret address, and ending it by the link in a mail."""

import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.config import Config
from learn.core import clock, logs
from learn.learning.mail import WISH
from learn.learning.models import Reminder
from learn.notices import unsubscribing
from learn.notices.unsubscribing import Wish
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.site.test_budgets import statements

PAGE = "/konto/erinnerung"
BERLIN = ZoneInfo("Europe/Berlin")
BOTH = {"weekday": "2", "ways": ["mail", "kalender"], "press": "speichern"}


def stored(db: Session) -> list[Reminder]:
    db.expire_all()
    return list(db.scalars(select(Reminder)))


def set_up(client: CheckingClient, **fields: object) -> str:
    """Save the form and give the path of the calendar that the page then shows."""
    assert client.submit(PAGE, {**BOTH, **fields}).status_code == 303
    return shown(client)


def shown(client: CheckingClient) -> str:
    text = client.get(PAGE).text
    return text.partition("<code>http://localhost")[2].partition("<")[0]


def event(client: CheckingClient, path: str) -> Event:
    """The one entry of a calendar."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    (found,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert isinstance(found, Event)
    return found


def finish(client: CheckingClient, lesson: str) -> None:
    """Complete a lesson of the course."""
    page = client.get(f"/kurse/sensoren/{lesson}").text
    form = page.partition(f'action="/kurse/sensoren/{lesson}/abschliessen"')[2].partition("</form>")[0]
    fields = {
        name: form.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("edition", "pass")
    }
    client.submit(f"/kurse/sensoren/{lesson}/abschliessen", {**fields, "request_id": "r1"})


def test_without_a_wish_nothing_is_stored(learner: CheckingClient, db: Session) -> None:
    page = learner.get(PAGE).text
    assert "Keine Erinnerung mehr" not in page
    assert 'aria-current="page">Erinnerung' in page
    assert stored(db) == []


def test_what_she_chose_is_kept_and_ended(learner: CheckingClient, db: Session, jana: Person) -> None:
    path = set_up(learner)
    (row,) = stored(db)
    assert (row.person_id, row.weekday, row.mail, row.sent_for) == (jana.id, 2, True, None)
    key = path.removeprefix("/erinnerung/").removesuffix(".ics")
    assert key not in row.feed_hash
    assert len(row.feed_hash) == 64
    page = learner.get(PAGE).text
    assert '<option value="2" selected>Mittwoch' in page
    assert page.count(" checked") == 2
    assert learner.submit(PAGE, {"press": "ende"}).status_code == 303
    assert stored(db) == []
    assert learner.get(path).status_code == 404


def test_without_a_way_nothing_stays(learner: CheckingClient, db: Session) -> None:
    path = set_up(learner)
    set_up(learner, ways=["mail"])
    assert learner.get(path).status_code == 404
    assert [row.feed_hash for row in stored(db)] == [""]
    set_up(learner, ways=[])
    assert stored(db) == []


@pytest.mark.parametrize("day", ["7", "-1", "", "Montag", "²", "99999999999"])
def test_a_day_that_is_none_is_refused_and_the_choice_kept(
    learner: CheckingClient, db: Session, day: str
) -> None:
    answer = learner.submit(PAGE, {**BOTH, "weekday": day})
    assert answer.status_code == 422
    assert "Wählen Sie einen Wochentag." in answer.text
    assert "<title>Fehler:" in answer.text
    assert answer.text.count(" checked") == 2
    assert stored(db) == []


@pytest.mark.usefixtures("sensoren")
def test_the_calendar_says_each_week_what_comes_next(learner: CheckingClient) -> None:
    path = set_up(learner)
    nothing = event(learner, path)
    assert "Suchen Sie sich einen Kurs aus." in str(nothing["DESCRIPTION"])
    learner.submit("/kurse/sensoren/beginnen")
    found = event(learner, path)
    assert str(found["SUMMARY"]) == "Lernzeit: 15 Minuten"
    assert str(found["DESCRIPTION"]) == "Weiter mit „Messen“ im Kurs „Sensoren“, etwa 5 Minuten."
    assert str(found["URL"]) == "http://localhost/kurse/sensoren/messen"
    begins = found.start
    assert isinstance(begins, datetime)
    assert begins == datetime(2026, 1, 7, 9, tzinfo=BERLIN)
    assert found.end - begins == timedelta(minutes=15)
    assert found["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=WE"
    assert str(found["UID"]) == str(nothing["UID"])
    finish(learner, "messen")
    assert "Weiter mit „Montieren“" in str(event(learner, path)["DESCRIPTION"])


def test_its_time_zone_knows_summer_and_winter(learner: CheckingClient) -> None:
    calendar = Calendar.from_ical(learner.get(set_up(learner)).data)
    (zone,) = calendar.walk("VTIMEZONE")
    made = zone.to_tz()  # type: ignore[attr-defined]
    for day in (
        date(2026, 1, 7),
        date(2026, 3, 28),
        date(2026, 3, 30),
        date(2026, 10, 24),
        date(2040, 11, 1),
    ):
        noon = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001 - it gets both zones
        assert noon.replace(tzinfo=made).utcoffset() == noon.replace(tzinfo=BERLIN).utcoffset(), day
    assert calendar.errors == []


def test_it_says_nothing_of_when_she_learns_or_asked(app: Flask, db: Session, sensoren: str) -> None:
    """Two people who asked and learnt on other days have the same calendar but for its name."""
    found = []
    for day in ("2026-03-04 10:00:00+00:00", "2026-05-20 18:30:00+00:00"):
        with time_machine.travel(day):
            client = app.test_client()
            assert isinstance(client, CheckingClient)
            sign_in(client, make_person(db, municipality=make_municipality(db, name=f"Ort {day}")))
            client.submit("/kurse/sensoren/beginnen")
            finish(client, "messen")
            path = set_up(client)
        found.append(path)
    reader = app.test_client()
    with time_machine.travel("2026-06-01 08:00:00+00:00"):
        texts = [
            [line for line in reader.get(path).text.splitlines() if "UID:" not in line] for path in found
        ]
    assert texts[0] == texts[1]
    assert len(texts[0]) > 20


def test_a_new_address_ends_the_one_before(learner: CheckingClient) -> None:
    first = set_up(learner)
    assert learner.submit(PAGE, {"press": "adresse"}).status_code == 303
    second = shown(learner)
    assert first != second
    assert learner.get(first).status_code == 404
    assert learner.get(second).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert "/erinnerung/" not in learner.get(PAGE).text
        assert "Ihr Kalender hat eine Adresse." in learner.get(PAGE).text


def test_an_address_that_opens_nothing_looks_like_one_that_never_was(
    learner: CheckingClient, app: Flask, db: Session, jana: Person
) -> None:
    path = set_up(learner)
    visitor = app.test_client()
    assert visitor.get(path).status_code == 200
    jana.active = False
    db.flush()
    for gone in (path, "/erinnerung/nie-da-gewesen.ics", "/erinnerung/.ics"):
        assert visitor.get(gone).status_code == 404
    assert visitor.get("/erinnerung/%00.ics").status_code in {400, 404}


def test_reading_it_leaves_no_trace(
    learner: CheckingClient, app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = set_up(learner)
    visitor = app.test_client()
    before = [(row.weekday, row.feed_hash, row.sent_for) for row in stored(db)]
    log = io.StringIO()
    monkeypatch.setattr(app.wsgi_app.app, "log", logs.logger("json", log))  # type: ignore[attr-defined]
    with statements() as asked:
        answer = visitor.get(path)
    assert {words.split(maxsplit=1)[0] for words in asked} == {"SELECT"}
    assert len(asked) <= 4
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    again = visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert log.getvalue().count("/erinnerung/<key>.ics") == 2
    assert path.removeprefix("/erinnerung/").removesuffix(".ics") not in log.getvalue()
    assert [(row.weekday, row.feed_hash, row.sent_for) for row in stored(db)] == before


def test_the_page_costs_no_more_with_a_reminder(learner: CheckingClient) -> None:
    set_up(learner)
    learner.get(PAGE)
    with statements() as asked:
        learner.get(PAGE)
    assert len(asked) <= 3


def link(app: Flask, person_id: int) -> str:
    config: Config = app.extensions["learn.config"]
    return unsubscribing.address(config, Wish(person_id, WISH)).removeprefix("http://localhost")


def test_the_link_in_a_mail_ends_mails_with_one_click(
    learner: CheckingClient, app: Flask, db: Session, jana: Person
) -> None:
    path = set_up(learner)
    visitor = app.test_client()
    page = visitor.get(link(app, jana.id)).text
    assert "die wöchentliche E-Mail zu Ihrer Lernzeit" in page
    assert [row.mail for row in stored(db)] == [True]  # GET changes nothing
    for _time in range(2):
        assert visitor.post(link(app, jana.id)).status_code == 200
        assert [row.mail for row in stored(db)] == [False]
    assert visitor.get(path).status_code == 200  # the calendar stays
    set_up(learner, ways=["mail"])
    visitor.post(link(app, jana.id))
    assert stored(db) == []
