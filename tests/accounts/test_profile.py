"""One's own profile and address: what is shown to whom, who confirms, who decides."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import joining, queries
from learn.accounts.models import JoinRequest, Person, PersonTopic, PersonWord, Ticket
from learn.accounts.views import profile
from learn.core.models import AuditEntry
from learn.network.models import MailDomain, Municipality
from tests.accounts.mailbox import Mailbox, path_in, text
from tests.client import CheckingClient, sign_in
from tests.factories import PASSWORD, make_municipality, make_person

EMAIL, NEW, FREE = "petra@olpe.example", "muster@olpe.example", "petra@mail.example"


@pytest.fixture
def olpe(db: Session) -> Municipality:
    town = make_municipality(db, name="Olpe")
    db.add(MailDomain(domain="olpe.example", municipality_id=town.id))
    db.flush()
    return town


@pytest.fixture
def petra(db: Session, olpe: Municipality) -> Person:
    return make_person(db, name="Petra Muster", email=EMAIL, municipality=olpe)


@pytest.fixture
def browser(client: CheckingClient, petra: Person) -> CheckingClient:
    sign_in(client, petra)
    return client


@pytest.fixture
def mailbox(app: Flask) -> Mailbox:
    return Mailbox.of(app)


# Profile


def test_a_profile_is_hidden_until_she_says_otherwise(
    browser: CheckingClient, db: Session, petra: Person
) -> None:
    page = browser.get("/konto").text
    assert all(words in page for words in ("Petra Muster", EMAIL, "Olpe"))
    assert not petra.listed
    assert not petra.name_public
    assert " checked" not in page
    sent = {"name": "Digitalisierung Olpe", "office": "Digitalisierung", "listed": "ja"}
    assert browser.submit("/konto", sent).headers["Location"] == "/konto"
    db.expire_all()
    assert (petra.name, petra.office, petra.listed, petra.name_public) == (
        "Digitalisierung Olpe",
        "Digitalisierung",
        True,
        False,
    )
    found = set(db.scalars(select(PersonWord.word).where(PersonWord.person_id == petra.id)))
    assert "digitalisierung olpe" in found
    assert not any("muster" in word for word in found)
    assert "Digitalisierung Olpe" in browser.get("/konto").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Geben Sie einen Namen oder eine Funktion an."),
        ({"name": "Petra", "office": "a\nb"}, "in eine Zeile"),
        ({"name": "P" * 201}, "in eine Zeile"),
    ],
)
def test_a_faulty_profile_is_not_saved(
    browser: CheckingClient, db: Session, petra: Person, fields: dict[str, str], words: str
) -> None:
    answer = browser.submit("/konto", fields)
    assert answer.status_code == 422
    assert words in answer.text
    db.expire_all()
    assert petra.name == "Petra Muster"


@pytest.mark.parametrize(
    ("roles", "shown"), [([], False), (["trainer"], False), (["coordinator"], True), (["operator"], True)]
)
def test_staff_find_the_desk(client: CheckingClient, db: Session, roles: list[str], shown: bool) -> None:
    sign_in(client, make_person(db, roles=roles))
    assert ('href="/verwaltung"' in client.get("/konto").text) is shown


def test_duties_and_topics_are_shown(browser: CheckingClient, db: Session, petra: Person) -> None:
    assert "Aufgaben im Netzwerk" not in browser.get("/konto").text
    other = make_person(db, roles=["expert", "trainer"])
    db.add(PersonTopic(person_id=other.id, topic="ki"))
    db.flush()
    sign_in(browser, other)
    page = browser.get("/konto").text
    assert "Kontakt für Themen: KI" in page
    assert "Lernbegleitung" in page


def test_without_a_token_nothing_changes(browser: CheckingClient, db: Session, petra: Person) -> None:
    for path in ("/konto", "/konto/adresse", "/konto/kommune", "/konto/kommune/verlassen"):
        answer = browser.post(
            path, data={"name": "Dieb", "email": NEW}, headers={"Origin": "http://evil.example"}
        )
        assert answer.status_code == 400
    db.expire_all()
    assert (petra.name, petra.email) == ("Petra Muster", EMAIL)
    assert petra.municipality_id is not None


# Address


def prove(browser: CheckingClient, password: str = PASSWORD) -> int:
    return browser.submit("/konto/anmeldung/bestaetigen", {"password": password}).status_code


def ask(browser: CheckingClient, email: str) -> tuple[int, str]:
    answer = browser.submit("/konto/adresse", {"email": email})
    return answer.status_code, answer.headers.get("Location", answer.text)


def test_an_address_needs_fresh_proof(browser: CheckingClient, mailbox: Mailbox) -> None:
    assert browser.get("/konto/adresse").headers["Location"].startswith("/konto/anmeldung/bestaetigen")
    assert ask(browser, NEW)[1].startswith("/konto/anmeldung/bestaetigen")
    assert prove(browser, "falsch") == 422
    assert ask(browser, NEW)[1].startswith("/konto/anmeldung/bestaetigen")
    assert mailbox.new() == []
    assert prove(browser) == 303
    assert EMAIL in browser.get("/konto/adresse").text


def test_a_new_address_is_confirmed_there_and_told_here(
    app: Flask, browser: CheckingClient, db: Session, petra: Person, mailbox: Mailbox
) -> None:
    elsewhere, stranger = app.test_client(), app.test_client()
    sign_in(elsewhere, petra)
    sign_in(stranger, make_person(db))
    prove(browser)
    assert ask(browser, NEW) == (303, "/konto")
    letters = {mail["To"]: mail for mail in mailbox.new()}
    assert set(letters) == {EMAIL, NEW}
    assert NEW not in text(letters[EMAIL])
    link = path_in(letters[NEW])
    assert app.test_client().get(link).headers["Location"].startswith("/anmelden?weiter=")
    assert stranger.get(link).status_code == 404  # an address is confirmed by who asked for it
    assert isinstance(stranger, CheckingClient)
    assert stranger.submit(link).status_code == 404
    page = browser.get(link).text
    assert EMAIL in page
    assert NEW in page
    db.expire_all()
    assert petra.email == EMAIL  # GET writes nothing
    assert browser.submit(link).headers["Location"] == "/konto"
    db.expire_all()
    assert (petra.email, petra.email_key) == (NEW, NEW)
    assert NEW in db.scalars(select(PersonWord.word)).all()
    assert EMAIL not in db.scalars(select(PersonWord.word)).all()
    assert browser.get("/konto").status_code == 200
    assert elsewhere.get("/konto").headers["Location"].startswith("/anmelden")
    assert browser.submit(link).status_code == 404
    assert db.scalars(select(AuditEntry)).all() == []


def test_links_sent_to_the_old_address_end(
    browser: CheckingClient, db: Session, petra: Person, mailbox: Mailbox
) -> None:
    browser.submit("/passwort-vergessen", {"email": EMAIL})
    reset = mailbox.link()
    prove(browser)
    ask(browser, NEW)
    letters = {mail["To"]: mail for mail in mailbox.new()}
    browser.submit(path_in(letters[NEW]))
    assert browser.get(reset).status_code == 404


def test_an_address_of_another_account_gets_no_link(
    browser: CheckingClient, db: Session, petra: Person, mailbox: Mailbox
) -> None:
    make_person(db, email=NEW)
    prove(browser)
    assert ask(browser, NEW) == (303, "/konto")  # the same answer
    letters = {mail["To"]: mail["Subject"] for mail in mailbox.new()}
    assert letters == {EMAIL: "Ihre Adresse soll sich ändern", NEW: "Diese Adresse hat schon ein Konto"}
    assert db.scalars(select(Ticket)).all() == []


def test_an_address_taken_meanwhile_stays_with_the_first(
    browser: CheckingClient, db: Session, petra: Person, mailbox: Mailbox
) -> None:
    prove(browser)
    ask(browser, NEW)
    letters = {mail["To"]: mail for mail in mailbox.new()}
    make_person(db, email=NEW)
    answer = browser.submit(path_in(letters[NEW]))
    assert answer.status_code == 404
    assert "schon ein Konto" in answer.text
    db.expire_all()
    assert petra.email == EMAIL


def test_another_domain_needs_the_koordination(
    browser: CheckingClient, db: Session, petra: Person, mailbox: Mailbox
) -> None:
    prove(browser)
    ask(browser, FREE)
    letters = {mail["To"]: mail for mail in mailbox.new()}
    assert browser.submit(path_in(letters[FREE])).headers["Location"] == "/konto"
    db.expire_all()
    assert petra.email == EMAIL
    assert FREE in browser.get("/konto").text
    request = db.scalars(select(JoinRequest)).one()
    assert (request.kind, request.person_id, request.email) == ("adresse", petra.id, FREE)
    mailbox.new()
    joining.accept(db, request.id, by="person:1")
    db.flush()
    assert petra.email == FREE
    assert browser.get("/konto").headers["Location"].startswith("/anmelden")
    assert (mailbox.one()["To"], db.scalars(select(AuditEntry.action)).all()) == (FREE, ["konto.adresse"])


def test_without_a_town_any_address_will_do(
    browser: CheckingClient, db: Session, petra: Person, mailbox: Mailbox
) -> None:
    petra.municipality_id = None
    db.flush()
    prove(browser)
    ask(browser, FREE)
    letters = {mail["To"]: mail for mail in mailbox.new()}
    browser.submit(path_in(letters[FREE]))
    db.expire_all()
    assert petra.email == FREE


@pytest.mark.parametrize(("email", "words"), [(EMAIL, "schon Ihre Adresse"), ("petra", "name@stadt.de")])
def test_faulty_addresses(browser: CheckingClient, mailbox: Mailbox, email: str, words: str) -> None:
    prove(browser)
    status, page = ask(browser, email)
    assert status == 422
    assert words in page
    assert mailbox.new() == []


def test_one_may_spell_the_own_address_differently(
    browser: CheckingClient, db: Session, petra: Person, mailbox: Mailbox
) -> None:
    prove(browser)
    assert ask(browser, "Petra@Olpe.example")[0] == 303
    letters = {mail["To"]: mail for mail in mailbox.new()}
    browser.submit(path_in(letters["Petra@Olpe.example"]))
    db.expire_all()
    assert (petra.email, petra.email_key) == ("Petra@Olpe.example", EMAIL)


def test_the_latest_wish_counts(browser: CheckingClient, mailbox: Mailbox) -> None:
    prove(browser)
    links = []
    for email in (NEW, "dritte@olpe.example"):
        ask(browser, email)
        links += [path_in(mail) for mail in mailbox.new() if mail["To"] == email]
    assert [browser.get(link).status_code for link in links] == [404, 200]


@pytest.mark.usefixtures("in_one_window")
def test_nobody_is_flooded_with_links(browser: CheckingClient) -> None:
    prove(browser)
    statuses = [
        ask(browser, f"p{number}@olpe.example")[0] for number in range(profile.NEW_ADDRESSES.tries + 1)
    ]
    assert statuses == [303] * profile.NEW_ADDRESSES.tries + [429]


def test_a_disabled_person_confirms_nothing(
    browser: CheckingClient, db: Session, petra: Person, mailbox: Mailbox
) -> None:
    prove(browser)
    ask(browser, NEW)
    letters = {mail["To"]: mail for mail in mailbox.new()}
    petra.active = False
    db.flush()
    assert browser.submit(path_in(letters[NEW])).headers["Location"].startswith("/anmelden")
    assert queries.person(db, NEW) is None
