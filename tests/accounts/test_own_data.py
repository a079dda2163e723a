"""Pages of one's own data: what is shown and handed out is one's own; leaving can be undone for a week."""

import csv
import io
import json
import zipfile
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learn.accounts import erasure, requests, tickets
from learn.accounts.models import JoinRequest, Person, PersonRole, Ticket
from learn.accounts.views import own_data
from learn.core import audit, clock, export, jobs
from learn.core.access import Refused
from learn.core.i18n import day
from learn.core.limits import Limit, TooMany
from learn.core.models import AuditEntry, Job, SignIn
from learn.core.pace import Pace
from learn.network.models import Municipality
from tests.accounts.mailbox import Mailbox
from tests.accounts.ways import browser
from tests.client import CheckingClient, sign_in
from tests.factories import PASSWORD, make_municipality, make_person

PAGE, LOG, FILE, CLOSE = (f"/konto/daten{rest}" for rest in ("", "/protokoll", "/export.zip", "/loeschen"))
DAY = timedelta(days=1)


@pytest.fixture
def person(db: Session, client: CheckingClient, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Signed in with `client`; nobody has fetched anything yet."""
    monkeypatch.setattr(own_data, "EXPORTS", Pace(Limit("export", tries=10, seconds=600)))
    found = make_person(db, name="Jana Hellweg", email="jana@stadt.example")
    sign_in(client, found)
    return found


def state(db: Session, person: Person) -> tuple[bool, bool] | None:
    """Whether she is active, and whether a day is set; None once she is gone."""
    row = db.execute(select(Person.active, Person.erase_on).where(Person.id == person.id)).one_or_none()
    return (row.active, row.erase_on is not None) if row else None


# What there is


def test_the_page_names_what_is_kept_and_nothing_else(
    client: CheckingClient, db: Session, person: Person
) -> None:
    page = client.get(PAGE).text
    for words in (
        "<dt>Konto</dt>",
        "<dt>Angemeldete Geräte</dt>",
        "Nur Sie sehen diese Seite",
        "Es gibt keinen Eintrag",
    ):
        assert words in page
    assert "<dt>Passkeys</dt>" not in page
    assert person.email not in page.split("<main", 1)[1]


def test_own_entries_of_the_log_are_shown_without_names(
    client: CheckingClient, db: Session, person: Person
) -> None:
    staff = make_person(db, name="Karla Koordination", roles=["coordinator"])
    other = make_person(db)
    for number in range(7):
        audit.record(db, audit.person(staff.id), "konto.rollen", audit.person(person.id), f"Grund {number}")
    audit.record(db, audit.person(staff.id), "konto.gesperrt", audit.person(other.id))
    audit.record(db, audit.person(person.id), "konto.rollen", audit.person(other.id))
    page = client.get(PAGE).text.split("<main", 1)[1]
    assert page.count("Rollen geändert") == own_data.SHOWN
    assert page.index("Grund 6") < page.index("Grund 5")
    assert "Grund 0" not in page
    log = client.get(LOG).text.split("<main", 1)[1]
    assert log.count("Rollen geändert") == 7
    assert log.count(f"Konto {staff.id}<") == 7
    for hidden in ("Karla", "Konto gesperrt", f"Konto {other.id}<"):
        assert hidden not in page + log
    assert "data-print" in log


@pytest.mark.parametrize("address", [PAGE, LOG, FILE, CLOSE])
def test_visitors_are_sent_to_sign_in(client: CheckingClient, address: str) -> None:
    assert client.get(address).headers["Location"].startswith("/anmelden?")


# Taking it along


def opened(client: CheckingClient) -> zipfile.ZipFile:
    answer = client.get(FILE)
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_the_file_is_hers_and_stays_nowhere(client: CheckingClient, db: Session, person: Person) -> None:
    make_person(db, name="Otto Anders", email="otto@stadt.example")
    answer = client.get(FILE)
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=meine-daten-{clock.today()}.zip"
    assert answer.headers["Cache-Control"] == "no-store"
    with opened(client) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    assert json.loads(texts["json/konto.json"])[0]["e_mail_adresse"] == person.email
    assert "json/passkeys.json" not in texts
    assert "Passkeys" in texts["LIESMICH.md"].partition("## Nichts gespeichert")[2]
    assert not any("Otto" in text for text in texts.values())
    assert str(person.password_hash) not in "".join(texts.values())


def test_cells_are_never_formulas(client: CheckingClient, db: Session, person: Person) -> None:
    person.office = '=HYPERLINK("https://boese.example";"Klick")'
    person.name = "  +49 2761 1"
    db.flush()
    with opened(client) as archive:
        text = archive.read("csv/konto.csv").decode("utf-8-sig")
        exact = json.loads(archive.read("json/konto.json"))
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert row["Funktion"] == "'" + person.office
    assert row["Name"] == "'" + person.name
    assert row["Konto offen"] == "ja"
    assert row["Kommune verlassen"] == ""
    assert exact[0]["funktion"] == person.office


@pytest.mark.parametrize("sign", export.FORMULA)
def test_every_beginning_of_a_formula_is_defused(sign: str) -> None:
    assert export.cell(f"{sign}1").startswith("'")
    assert export.cell(f" {sign}1").startswith("'")
    assert export.cell(-1) == "-1"


@pytest.mark.usefixtures("in_one_window")
def test_many_exports_have_to_wait(client: CheckingClient, person: Person, db: Session) -> None:
    own_data.EXPORTS.take("somebody else")
    statuses = [client.get(FILE).status_code for _ in range(12)]
    assert set(statuses[:9]) == {200}
    assert statuses[-1] == 429
    assert client.get(PAGE).status_code == 200


def test_pace_forgets_with_its_window() -> None:
    pace = Pace(Limit("x", tries=2, seconds=60))
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(2):
            pace.take("a")
        pace.take("b")
        with pytest.raises(TooMany) as many:
            pace.take("a")
        assert 0 < many.value.wait <= 60
        traveller.shift(timedelta(seconds=many.value.wait))
        pace.take("a")


# Leaving


def test_leaving_says_what_goes_and_what_stays(client: CheckingClient, person: Person) -> None:
    page = client.get(CLOSE).text.split("<main", 1)[1]
    ends = day(clock.today() + timedelta(days=7))
    for words in (
        f"Am {ends} löschen wir",
        "<li>Angemeldete Geräte</li>",
        "Ehemaliges Mitglied, Musterstadt",
    ):
        assert words in page
    assert "<li>Protokoll der Verwaltung</li>" not in page


def test_closing_ends_everything_at_once(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    elsewhere = browser(app)
    sign_in(elsewhere, person, remember=True)
    tickets.issue(db, tickets.PASSWORD, DAY, person_id=person.id)
    config = app.extensions["learn.config"]
    requests.ask_as(db, config, requests.MOVE, person, municipality_id=make_municipality(db).id)
    answer = client.submit(CLOSE, {"password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    ends = clock.today() + timedelta(days=7)
    assert f"Am {day(ends)} löschen wir es" in client.get("/").text
    assert state(db, person) == (False, True)
    assert db.scalars(select(SignIn)).all() == []
    assert db.scalars(select(JoinRequest)).all() == []
    assert db.scalars(select(Ticket.kind)).all() == [tickets.UNDO_ERASURE]
    for each in (client, elsewhere):
        assert each.get(PAGE).headers["Location"].startswith("/anmelden?")
    assert client.submit("/anmelden", {"email": person.email, "password": PASSWORD}).status_code == 422
    entries = db.execute(select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject)).all()
    who = audit.person(person.id)
    assert entries == [(who, "konto.geschlossen", who)]


def test_others_stop_seeing_her_at_once(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    person.listed = True
    db.add(PersonRole(person_id=person.id, role="expert"))
    town = db.get_one(Municipality, person.municipality_id)
    neighbour = browser(app)
    sign_in(neighbour, make_person(db, name="Otto Anders", municipality=town))
    assert person.name in neighbour.get(f"/kommunen/{town.ags}").text
    assert client.submit(CLOSE, {"password": PASSWORD}).status_code == 303
    assert person.name not in neighbour.get(f"/kommunen/{town.ags}").text


def test_a_wrong_password_keeps_the_account_open(client: CheckingClient, db: Session, person: Person) -> None:
    for password in ("falsch und noch falscher", ""):
        answer = client.submit(CLOSE, {"password": password})
        assert answer.status_code == 422
        assert "<title>Fehler: " in answer.text
        assert "Das Passwort stimmt nicht." in answer.text
    assert state(db, person) == (True, False)
    assert db.scalars(select(Job)).all() == []


@pytest.mark.usefixtures("in_one_window")
def test_passwords_cannot_be_guessed_here(client: CheckingClient, db: Session, person: Person) -> None:
    answers = [client.submit(CLOSE, {"password": f"geraten {number}"}).status_code for number in range(8)]
    assert 429 in answers
    assert client.submit(CLOSE, {"password": PASSWORD}).status_code == 429
    assert state(db, person) == (True, False)


def test_a_right_password_gives_its_try_back(client: CheckingClient, db: Session, person: Person) -> None:
    for _ in range(10):
        assert client.submit(CLOSE, {"password": PASSWORD}).status_code == 303
        db.execute(update(Person).values(active=True, erase_on=None))
        sign_in(client, person)


def test_without_a_password_a_fresh_sign_in_and_a_word_are_asked(
    client: CheckingClient, db: Session, person: Person
) -> None:
    person.password_hash = None
    db.flush()
    assert "Bestätigen Sie deshalb zuerst" in client.get(CLOSE).text
    answer = client.submit(CLOSE, {"confirmation": "löschen"})
    assert answer.headers["Location"].startswith("/konto/anmeldung/bestaetigen?weiter=")
    assert state(db, person) == (True, False)
    with client.session_transaction() as cookie:
        cookie["since"] = cookie["minute"]  # she signed in just now
    assert "Schreiben Sie „löschen“" in client.get(CLOSE).text
    assert client.submit(CLOSE, {"confirmation": "ja"}).status_code == 422
    assert client.submit(CLOSE, {"confirmation": " Löschen "}).status_code == 303
    assert state(db, person) == (False, True)


def test_the_last_coordinator_stays(client: CheckingClient, db: Session) -> None:
    last = make_person(db, roles=["coordinator"])
    make_person(db, roles=["coordinator"], active=False)
    sign_in(client, last)
    assert "Sie sind die einzige Koordination" in client.get(CLOSE).text
    answer = client.submit(CLOSE, {"password": PASSWORD})
    assert answer.status_code == 422
    assert "Sie sind die einzige Koordination" in answer.text
    assert state(db, last) == (True, False)
    make_person(db, roles=["coordinator"])
    assert client.submit(CLOSE, {"password": PASSWORD}).status_code == 303


# The way back


def leave(app: Flask, client: CheckingClient) -> str:
    """Close the account and give the path of the link in the letter."""
    assert client.submit(CLOSE, {"password": PASSWORD}).status_code == 303
    box = Mailbox.of(app)
    mail = box.one()
    for path in box.folder.glob("*.eml"):
        path.unlink()
    assert mail["Subject"] == f"Ihr Konto wird am {plain(clock.today() + 7 * DAY)} gelöscht"
    body = mail.get_body(("plain",))
    assert body is not None
    (line,) = [line for line in str(body.get_content()).splitlines() if "/konto-zurueck/" in line]
    return line.removeprefix("http://localhost")


def plain(on: date) -> str:
    return day(on).replace("\N{NO-BREAK SPACE}", " ")


def test_the_link_opens_a_form_and_only_that_changes_something(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    link = leave(app, client)
    stranger = browser(app)
    for _ in range(2):
        page = stranger.get(link)
        assert page.status_code == 200
        assert day(clock.today() + 7 * DAY) in page.text
        for hidden in (person.name, person.email):
            assert hidden not in page.text
    assert state(db, person) == (False, True)
    answer = stranger.submit(link)
    assert answer.headers["Location"] == "/anmelden"
    assert "Ihr Konto ist wieder offen" in stranger.get("/anmelden").text
    assert state(db, person) == (True, False)
    assert client.submit("/anmelden", {"email": person.email, "password": PASSWORD}).status_code == 303


def test_a_link_counts_once_and_for_a_week(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    link = leave(app, client)
    assert client.submit(link).status_code == 303
    for answer in (client.get(link), client.submit(link), client.get("/konto-zurueck/erfunden")):
        assert answer.status_code == 404
        assert "Dieser Link gilt nicht mehr" in answer.text
    sign_in(client, person)
    link = leave(app, client)
    with time_machine.travel(clock.now() + 7 * DAY + timedelta(minutes=1), tick=False):
        assert client.submit(link).status_code == 404
    assert state(db, person) == (False, True)


def test_after_a_week_she_is_gone(app: Flask, client: CheckingClient, db: Session, person: Person) -> None:
    link = leave(app, client)
    work = jobs.Work(app.extensions["learn.config"], app.extensions["learn.database"].current())
    for days, left in ((6, (False, True)), (7, None)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            erasure.erase_closed(work)
        assert state(db, person) == left
    assert client.get(link).status_code == 404
    assert client.submit("/anmelden", {"email": person.email, "password": PASSWORD}).status_code == 422


def test_whoever_comes_back_is_not_erased(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    client.submit(leave(app, client))
    work = jobs.Work(app.extensions["learn.config"], app.extensions["learn.database"].current())
    with time_machine.travel(clock.now() + 8 * DAY, tick=False):
        erasure.erase_closed(work)
    assert state(db, person) == (True, False)


def test_closing_twice_is_closing_once(app: Flask, db: Session, person: Person) -> None:
    config = app.extensions["learn.config"]
    for _ in range(2):
        erasure.close(db, config, person, by=audit.person(person.id))
    assert len(db.scalars(select(AuditEntry)).all()) == 1
    assert len(db.scalars(select(Job).where(Job.name == "send_mail")).all()) == 1


def test_a_disabled_account_is_not_closed(app: Flask, db: Session) -> None:
    disabled = make_person(db, active=False)
    with pytest.raises(Refused, match="gesperrt"):
        erasure.close(db, app.extensions["learn.config"], disabled, by=audit.person(disabled.id))
