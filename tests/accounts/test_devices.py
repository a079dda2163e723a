"""Own sessions: listed by device and first day, ended at once, by their owner alone."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask import session as flask_cookie
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock, sessions
from learn.core.i18n import day
from learn.core.models import SignIn
from tests.accounts.ways import browser, cookie_of, copy_of, is_in
from tests.client import CheckingClient, sign_in
from tests.factories import make_person

END, OTHERS = "/konto/anmeldung/geraete", "/konto/anmeldung/geraete/andere"


@pytest.fixture
def person(db: Session, client: CheckingClient) -> Person:
    """Signed in with `client`."""
    found = make_person(db)
    sign_in(client, found)
    return found


def newest(db: Session) -> int:
    return db.scalars(select(func.max(SignIn.id))).one()


def test_the_list_tells_device_and_first_day(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    with time_machine.travel(clock.now() - timedelta(days=3), tick=False):
        sign_in(browser(app), person, remember=True)
        begun = day(clock.today())
    sign_in(browser(app), make_person(db))
    page = client.get("/konto/anmeldung").text
    assert page.count("<h3>Test</h3>") == 2
    assert page.count("dieses Gerät") == 1
    assert page.index("dieses Gerät") < page.index(f"angemeldet am {begun}")
    assert "Alle anderen abmelden" in page
    for words in ("zuletzt aktiv", "letzte Nutzung", "127.0.0.1"):
        assert words not in page


def test_alone_there_is_nothing_to_end(client: CheckingClient, person: Person) -> None:
    assert "Alle anderen abmelden" not in client.get("/konto/anmeldung").text


def test_sessions_that_are_over_are_not_listed(app: Flask, client: CheckingClient, person: Person) -> None:
    with time_machine.travel(clock.now() - timedelta(days=40), tick=False):
        sign_in(browser(app), person)
    assert client.get("/konto/anmeldung").text.count("<h3>Test</h3>") == 1


def test_many_sessions_fit_on_the_page(app: Flask, client: CheckingClient, person: Person) -> None:
    for _ in range(sessions.SHOWN + 4):
        sign_in(browser(app), person)
    page = client.get("/konto/anmeldung").text
    assert page.count("<h3>Test</h3>") == sessions.SHOWN
    assert "5 ältere Anmeldungen stehen hier nicht." in page
    assert page.count("dieses Gerät") == 1


def test_ending_one_device_ends_its_copies_at_once(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    other, third = browser(app), browser(app)
    sign_in(third, person)
    sign_in(other, person)
    stolen = copy_of(other)
    assert is_in(stolen)
    answer = client.submit(END, {"device": str(newest(db))})
    assert answer.headers["Location"] == "/konto/anmeldung#geraete"
    assert not is_in(other)
    assert stolen.get("/konto/sitzung").headers["Location"].startswith("/anmelden")
    assert is_in(third)
    assert is_in(client)


def test_ending_this_one_signs_out(client: CheckingClient, db: Session, person: Person) -> None:
    stolen = copy_of(client)
    assert client.submit(END, {"device": str(newest(db))}).headers["Location"] == "/"
    assert not is_in(client)
    assert not is_in(stolen)


def test_all_others_end_and_this_one_stays(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    others = [browser(app) for _ in range(3)]
    for number, other in enumerate(others):
        sign_in(other, person, remember=number == 0)
    stolen = [copy_of(other) for other in others]
    somebody = browser(app)
    sign_in(somebody, make_person(db))
    assert client.submit(OTHERS).headers["Location"] == "/konto/anmeldung#geraete"
    assert is_in(client)
    assert is_in(somebody)
    assert not any(is_in(each) for each in [*others, *stolen])


def test_flasks_cookie_alone_would_survive_that(app: Flask, client: CheckingClient, person: Person) -> None:
    other = browser(app)
    sign_in(other, person)
    client.submit(OTHERS)
    with app.test_request_context("/", headers={"Cookie": f"sitzung={cookie_of(other)}"}):
        assert flask_cookie[sessions.PERSON] == person.id


@pytest.mark.parametrize("sent", ["", "abc", "-1", "0", "²", "9" * 18, "9" * 30])
def test_what_is_no_device_of_hers_does_not_exist(client: CheckingClient, person: Person, sent: str) -> None:
    assert client.submit(END, {"device": sent}).status_code == 404


def test_nor_is_somebody_elses(app: Flask, client: CheckingClient, db: Session, person: Person) -> None:
    somebody = browser(app)
    sign_in(somebody, make_person(db))
    assert client.submit(END, {"device": str(newest(db))}).status_code == 404
    assert is_in(somebody)


def test_pages_say_how_long_an_unused_session_lasts(client: CheckingClient, person: Person) -> None:
    start = clock.now().replace(second=0, microsecond=0)
    with time_machine.travel(start, tick=False):
        sign_in(client, person)
        assert 'data-idle="720"' in client.get("/kurse").text
    with time_machine.travel(start + timedelta(minutes=4), tick=False):
        assert 'data-idle="716"' in client.get("/kurse").text
    with time_machine.travel(start + timedelta(minutes=300), tick=False):
        assert 'data-idle="720"' in client.get("/kurse").text
        assert client.get("/konto/sitzung").text == "720"


def test_staying_renews_the_cookie_and_writes_nothing(
    client: CheckingClient, db: Session, person: Person
) -> None:
    start = clock.now()
    with time_machine.travel(start + timedelta(minutes=716), tick=False):
        answer = client.get("/konto/sitzung")
        assert (answer.status_code, answer.text) == (200, "720")
        assert answer.headers["Cache-Control"] == "no-store"
    with time_machine.travel(start + timedelta(minutes=1400), tick=False):
        assert client.get("/konto/sitzung").status_code == 200
    with time_machine.travel(start + timedelta(minutes=2200), tick=False):
        assert client.get("/konto/sitzung").status_code == 303


def test_who_stays_for_30_days_and_visitors_get_no_warning(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    assert "data-idle" not in browser(app).get("/kurse").text
    remembered = browser(app)
    sign_in(remembered, person, remember=True)
    assert "data-idle" not in remembered.get("/kurse").text
    assert remembered.get("/konto/sitzung").text == ""
