"""A forgotten password: one answer for all, a link that counts once, sessions that end."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import passwords, resets, tickets
from learn.accounts.models import Person, Ticket
from learn.accounts.views import joining as pages
from learn.core import clock
from learn.core.models import AuditEntry, Job
from tests.accounts.mailbox import Mailbox, text
from tests.client import CheckingClient, sign_in
from tests.factories import PASSWORD, make_person

EMAIL = "petra@example.org"
NEW = "Holunder und Hafen"
SAID = "Wenn es ein Konto gibt, ist eine E-Mail unterwegs."


@pytest.fixture
def petra(db: Session) -> Person:
    return make_person(db, name="Petra Muster", email=EMAIL)


@pytest.fixture
def mailbox(app: Flask) -> Mailbox:
    return Mailbox.of(app)


def ask(client: CheckingClient, email: str = EMAIL, **options: object) -> int:
    return client.submit("/passwort-vergessen", {"email": email}, **options).status_code


def link_for(client: CheckingClient, mailbox: Mailbox) -> str:
    assert ask(client) == 303
    return mailbox.link()


def test_the_link_sets_a_password_and_leads_to_sign_in(
    app: Flask, client: CheckingClient, db: Session, petra: Person, mailbox: Mailbox
) -> None:
    devices = [client, app.test_client()]
    for device in devices:
        sign_in(device, petra)
    link, other = link_for(client, mailbox), link_for(client, mailbox)
    assert EMAIL in client.get(link).text
    answer = client.submit(link, {"password": NEW})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/anmelden")
    for device in devices:
        assert device.get("/konto").headers["Location"].startswith("/anmelden")
    db.expire_all()
    assert passwords.fits(NEW, petra.password_hash)
    for void in (link, other):
        assert client.get(void).status_code == 404
        assert client.submit(void, {"password": PASSWORD}).status_code == 404
    assert "Ihr Passwort wurde geändert" in mailbox.one()["Subject"]
    assert client.submit("/anmelden", {"email": EMAIL, "password": NEW}).headers["Location"] == "/lernen"
    assert db.scalars(select(AuditEntry)).all() == []


def test_a_copied_cookie_does_not_survive_it(
    app: Flask, client: CheckingClient, petra: Person, mailbox: Mailbox
) -> None:
    sign_in(client, petra)
    copied = client.get_cookie("sitzung")
    assert copied is not None
    thief = app.test_client()
    thief.set_cookie("sitzung", copied.value)
    assert thief.get("/konto").status_code == 200
    visitor = app.test_client()
    assert isinstance(visitor, CheckingClient)
    visitor.submit(link_for(visitor, mailbox), {"password": NEW})
    for browser in (client, thief):
        assert browser.get("/konto").headers["Location"].startswith("/anmelden")


def test_nobody_learns_who_has_an_account(app: Flask, db: Session, petra: Person, mailbox: Mailbox) -> None:
    make_person(db, email="gesperrt@example.org", active=False)
    closed = make_person(db, email="zu@example.org", active=False)
    closed.erase_on = clock.today()
    db.flush()
    letters = {
        EMAIL: "Neues Passwort festlegen",
        "gesperrt@example.org": "Ihr Konto ist gesperrt",
        "zu@example.org": "Ihr Konto ist geschlossen",
    }
    answers = set()
    for email in (*letters, "niemand@example.org"):
        client = app.test_client()
        assert isinstance(client, CheckingClient)
        assert ask(client, email) == 303
        page = client.get("/passwort-vergessen").text
        assert SAID in page
        assert email not in page
        answers.add(
            "\n".join(line for line in page.splitlines() if "nonce" not in line and "csrf" not in line)
        )
        assert db.scalars(select(Job.name)).all() == ["password_letter"]
        mails = mailbox.new()
        assert [mail["Subject"] for mail in mails] == ([letters[email]] if email in letters else [])
    assert len(answers) == 1
    assert db.scalars(select(Ticket.person_id)).all() == [petra.id]


def test_the_letter_goes_to_the_address_of_the_account_not_the_one_typed(
    client: CheckingClient, db: Session, mailbox: Mailbox
) -> None:
    make_person(db, email="petra@strasse.example")
    assert ask(client, "PETRA@Straße.example") == 303  # folds to the same, but is another domain
    assert mailbox.one()["To"] == "petra@strasse.example"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password": ""}, "Wählen Sie ein Passwort."),
        ({"password": "kurz"}, "mindestens 8 Zeichen"),
        ({"password": "PetraMuster"}, "ohne Ihren Namen"),
        ({"password": "x" * 201}, "höchstens 200 Zeichen"),
    ],
)
def test_a_weak_password_leaves_the_link_valid(
    client: CheckingClient, petra: Person, mailbox: Mailbox, fields: dict[str, str], words: str
) -> None:
    link = link_for(client, mailbox)
    answer = client.submit(link, fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert client.submit(link, {"password": NEW}).status_code == 303


def test_the_link_ends_after_an_hour(client: CheckingClient, petra: Person, mailbox: Mailbox) -> None:
    link = link_for(client, mailbox)
    with time_machine.travel(clock.now() + resets.LASTS + timedelta(seconds=5)):
        assert client.get(link).status_code == 404
        assert client.submit(link, {"password": NEW}).status_code == 404


def test_a_person_disabled_meanwhile_sets_none(
    client: CheckingClient, db: Session, petra: Person, mailbox: Mailbox
) -> None:
    link, before = link_for(client, mailbox), petra.password_hash
    petra.active = False
    db.flush()
    assert client.get(link).status_code == 404
    assert client.submit(link, {"password": NEW}).status_code == 404
    db.expire_all()
    assert petra.password_hash == before


def test_somebody_without_a_password_gets_one_this_way(
    client: CheckingClient, db: Session, petra: Person, mailbox: Mailbox
) -> None:
    petra.password_hash = None
    db.flush()
    assert client.submit(link_for(client, mailbox), {"password": NEW}).status_code == 303
    assert client.submit("/anmelden", {"email": EMAIL, "password": NEW}).status_code == 303


def test_a_missing_address_is_named(client: CheckingClient, mailbox: Mailbox) -> None:
    answer = client.submit("/passwort-vergessen", {"email": "petra"})
    assert answer.status_code == 422
    assert "name@stadt.de" in answer.text
    assert mailbox.new() == []


def test_neither_a_mailbox_nor_the_program_is_flooded(
    client: CheckingClient, db: Session, petra: Person
) -> None:
    start = clock.now().replace(minute=0, second=0, microsecond=0)
    with time_machine.travel(start, tick=False):
        statuses = [ask(client) for _ in range(pages.BY_ADDRESS.tries + 1)]
        assert statuses == [303] * pages.BY_ADDRESS.tries + [429]
        left = pages.BY_SOURCE.tries - len(statuses)
        assert [ask(client, f"p{number}@example.org") for number in range(left)] == [303] * left
        assert ask(client, "noch@example.org") == 429


def test_links_lead_to_our_own_address(client: CheckingClient, petra: Person, mailbox: Mailbox) -> None:
    assert ask(client, headers={"Host": "evil.example"}) == 400
    assert ask(client, headers={"X-Forwarded-Host": "evil.example"}) == 303
    mail = mailbox.one()
    assert "evil" not in mail.as_string()
    assert "http://localhost/passwort/" in text(mail)


def test_other_kinds_of_links_set_no_password(client: CheckingClient, db: Session, petra: Person) -> None:
    token = tickets.issue(db, tickets.ADDRESS, resets.LASTS, person_id=petra.id, data={"email": "x@y.de"})
    db.flush()
    assert client.get(f"/passwort/{token}").status_code == 404
    assert client.submit(f"/passwort/{token}", {"password": NEW}).status_code == 404
