"""Registration: the same for every address, nothing before it is confirmed, then domain or Koordination."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from learn.accounts import belonging, joining, passwords, queries, registration, tickets
from learn.accounts.models import JoinRequest, Person, PersonWord, Ticket
from learn.accounts.views import joining as pages
from learn.core.access import Refused
from learn.core.models import AuditEntry, Job, SignIn
from learn.network.models import MailDomain, Municipality
from tests.accounts.mailbox import Mailbox, path_in, text
from tests.client import CheckingClient, sign_in
from tests.factories import PASSWORD, make_municipality, make_person

NAME = "Digitalisierung, Stadt Olpe"
EMAIL = "petra@olpe.example"
BOX = "/registrieren/postfach"


@pytest.fixture
def olpe(db: Session) -> Municipality:
    """A town that lists two mail domains."""
    town = make_municipality(db, name="Olpe")
    db.add_all(
        MailDomain(domain=domain, municipality_id=town.id) for domain in ("olpe.example", "rathaus.example")
    )
    db.flush()
    return town


@pytest.fixture
def mailbox(app: Flask) -> Mailbox:
    return Mailbox.of(app)


def register(client: CheckingClient, town: Municipality, **fields: str) -> tuple[int, str]:
    sent = {"name": NAME, "email": EMAIL, "municipality": town.ags, "password": PASSWORD, **fields}
    answer = client.submit("/registrieren", sent)
    return answer.status_code, answer.headers.get("Location", answer.text)


def people(db: Session) -> list[str]:
    return list(db.scalars(select(Person.email).order_by(Person.id)))


def test_a_listed_domain_makes_an_account_and_signs_in(
    client: CheckingClient, db: Session, olpe: Municipality, mailbox: Mailbox
) -> None:
    assert register(client, olpe) == (303, BOX)
    assert "Sehen Sie in Ihr Postfach" in client.get(BOX).text
    assert people(db) == []
    mail = mailbox.one()
    assert mail["To"] == EMAIL
    link = path_in(mail)
    page = client.get(link)
    assert page.status_code == 200
    assert EMAIL in page.text
    assert people(db) == []  # GET writes nothing
    answer = client.submit(link, {"password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/lernen")
    person = queries.person(db, EMAIL)
    assert person is not None
    assert (person.name, person.municipality_id) == (NAME, olpe.id)
    assert client.get("/konto").status_code == 200
    assert "petra@olpe.example" in db.scalars(select(PersonWord.word)).all()
    assert db.scalars(select(Ticket)).all() == []
    assert db.scalars(select(AuditEntry)).all() == []  # nobody of the staff touched anything


@pytest.mark.parametrize("email", ["petra@rathaus.example", "Petra@OLPE.Example"])
def test_a_town_lists_several_domains_in_any_case(
    client: CheckingClient, db: Session, olpe: Municipality, mailbox: Mailbox, email: str
) -> None:
    register(client, olpe, email=email)
    assert client.submit(mailbox.link(), {"password": PASSWORD}).headers["Location"] == "/lernen"


def test_the_link_asks_for_the_password_of_the_registration(
    client: CheckingClient, db: Session, olpe: Municipality, mailbox: Mailbox
) -> None:
    register(client, olpe)
    link = mailbox.link()
    answer = client.submit(link, {"password": "Holunder und Hafen"})
    assert answer.status_code == 422
    assert "nicht das Passwort" in answer.text
    assert people(db) == []
    for _ in range(pages.BY_LINK.tries - 1):
        client.submit(link, {"password": "falsch"})
    assert client.submit(link, {"password": PASSWORD}).status_code == 429


@pytest.mark.parametrize("email", ["petra@example.org", "petra@sub.olpe.example", "petra@notolpe.example"])
def test_another_domain_waits_for_the_koordination(
    client: CheckingClient, db: Session, olpe: Municipality, mailbox: Mailbox, email: str
) -> None:
    register(client, olpe, email=email, message="Ich vertrete Frau Muster.")
    answer = client.submit(mailbox.link(), {"password": PASSWORD})
    assert answer.headers["Location"] == "/registrieren/anfrage"
    assert "Die Koordination entscheidet" in client.get("/registrieren/anfrage").text
    assert people(db) == []
    request = db.scalars(select(JoinRequest)).one()
    assert (request.kind, request.email, request.municipality_id) == ("konto", email, olpe.id)
    assert request.message == "Ich vertrete Frau Muster."
    assert passwords.fits(PASSWORD, request.password_hash)
    assert client.get("/konto").status_code == 303


def test_the_domain_of_another_town_waits_too(
    client: CheckingClient, db: Session, olpe: Municipality, mailbox: Mailbox
) -> None:
    register(client, make_municipality(db, name="Soest"))
    answer = client.submit(mailbox.link(), {"password": PASSWORD})
    assert answer.headers["Location"] == "/registrieren/anfrage"


def test_accepting_makes_the_account_and_writes_to_her(
    client: CheckingClient, db: Session, olpe: Municipality, mailbox: Mailbox
) -> None:
    coordinator = make_person(db, roles=["coordinator"])
    register(client, olpe, email="petra@example.org")
    client.submit(mailbox.link(), {"password": PASSWORD})
    request = db.scalars(select(JoinRequest)).one()
    person = joining.accept(db, request.id, by=f"person:{coordinator.id}")
    assert db.scalars(select(JoinRequest)).all() == []
    with pytest.raises(Refused, match="schon jemand"):
        joining.accept(db, request.id, by="person:1")
    (entry,) = db.scalars(select(AuditEntry))
    assert (entry.actor, entry.action, entry.subject) == (
        f"person:{coordinator.id}",
        "konto.angelegt",
        f"person:{person.id}",
    )
    letters = {mail["To"]: mail for mail in mailbox.new()}
    assert "Ihr Konto ist angelegt" in letters["petra@example.org"]["Subject"]
    answer = client.submit("/anmelden", {"email": "petra@example.org", "password": PASSWORD})
    assert answer.headers["Location"] == "/lernen"


def test_declining_says_why(
    client: CheckingClient, db: Session, olpe: Municipality, mailbox: Mailbox
) -> None:
    register(client, olpe, email="petra@example.org")
    client.submit(mailbox.link(), {"password": PASSWORD})
    request = db.scalars(select(JoinRequest)).one()
    with pytest.raises(Refused, match="aus der Liste"):
        joining.decline(db, request.id, by="person:1", reason="Petra ist doof")
    joining.decline(db, request.id, by="person:1", reason="privat")
    assert db.scalars(select(JoinRequest)).all() == []
    assert people(db) == []
    (entry,) = db.scalars(select(AuditEntry))
    assert (entry.action, entry.reason) == ("anfrage.konto.abgelehnt", "privat")
    assert "petra" not in f"{entry.subject}{entry.reason}"
    assert joining.REASONS["privat"] in " ".join(text(mailbox.one()).split())


def test_asking_again_takes_the_place_of_the_first_request(
    client: CheckingClient, db: Session, olpe: Municipality, mailbox: Mailbox
) -> None:
    for name in ("Petra", "Petra Muster"):
        register(client, olpe, email="petra@example.org", name=name)
        client.submit(mailbox.link(), {"password": PASSWORD})
    assert db.scalars(select(JoinRequest.name)).all() == ["Petra Muster"]


# Nobody learns from registration who has an account


def known_people(db: Session, town: Municipality) -> dict[str, str]:
    """An address for each case."""
    make_person(db, email="offen@olpe.example", municipality=town)
    make_person(db, email="gesperrt@olpe.example", municipality=town, active=False)
    closed = make_person(db, email="zu@olpe.example", municipality=town, active=False)
    closed.erase_on = closed.created_on
    imported = make_person(db, email="neu@olpe.example", municipality=town)
    imported.password_hash = None
    db.flush()
    return {
        "offen@olpe.example": "Sie haben schon ein Konto",
        "gesperrt@olpe.example": "Ihr Konto ist gesperrt",
        "zu@olpe.example": "Ihr Konto ist geschlossen",
        "neu@olpe.example": "Sie haben schon ein Konto",
        "niemand@olpe.example": "Bestätigen Sie Ihre Adresse",
    }


def test_the_answer_and_the_work_are_the_same_the_letter_differs(
    app: Flask, db: Session, olpe: Municipality, mailbox: Mailbox
) -> None:
    letters = known_people(db, olpe)
    seen = []
    for email in letters:
        client = app.test_client()
        assert isinstance(client, CheckingClient)
        client.token()
        with statements(app) as done:
            answer = register(client, olpe, email=email)
        seen.append((answer, tuple(done)))
    assert len(set(seen)) == 1
    assert {mail["To"]: mail["Subject"] for mail in mailbox.new()} == letters
    assert db.scalars(select(Ticket.email_key)).all() == ["niemand@olpe.example"]


class statements:  # noqa: N801 - reads as a noun in `with`
    """The statements that the application sends meanwhile, without their values."""

    def __init__(self, app: Flask) -> None:
        self.engine = app.extensions["learn.database"].current().writer
        self.sent: list[str] = []

    def note(self, *arguments: object) -> None:
        if "SAVEPOINT" not in str(arguments[2]):  # numbered
            self.sent.append(str(arguments[2]))

    def __enter__(self) -> list[str]:
        event.listen(self.engine, "before_cursor_execute", self.note)
        return self.sent

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self.note)


def test_a_letter_is_written_once_however_often_its_job_runs(
    client: CheckingClient, app: Flask, db: Session, olpe: Municipality, mailbox: Mailbox
) -> None:
    register(client, olpe)
    job = db.scalars(select(Job).where(Job.name == "registration_letter")).one()
    db.add(
        Job(name=job.name, arguments=job.arguments, run_at=job.run_at, attempts=0, state="due", problem="")
    )
    db.flush()
    assert len(mailbox.new()) == 1


def test_links_lead_to_our_own_address_whatever_the_browser_says(
    client: CheckingClient, olpe: Municipality, mailbox: Mailbox
) -> None:
    sent = {"name": NAME, "email": EMAIL, "municipality": olpe.ags, "password": PASSWORD}
    assert client.submit("/registrieren", sent, headers={"Host": "evil.example"}).status_code == 400
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }
    assert client.submit("/registrieren", sent, headers=forged).status_code == 303
    mail = mailbox.one()
    assert "evil" not in mail.as_string()
    assert "http://localhost/registrieren/" in text(mail)


def test_a_letter_repeats_nothing_that_was_typed(
    client: CheckingClient, olpe: Municipality, mailbox: Mailbox
) -> None:
    register(client, olpe, name="Gewinn auf spam.example", message="spam.example")
    assert "spam" not in mailbox.one().as_string()


def test_a_forged_form_reaches_nothing(
    client: CheckingClient, db: Session, olpe: Municipality, mailbox: Mailbox
) -> None:
    register(client, olpe)
    link = mailbox.link()
    person = make_person(db)
    reset = f"/passwort/{tickets.issue(db, tickets.PASSWORD, registration.LASTS, person_id=person.id)}"
    config = client.application.extensions["learn.config"]
    invitation = joining.invite(db, config, by="person:1", email="otto@olpe.example", municipality=olpe.ags)
    db.flush()
    before, hashed = db.scalars(select(Ticket.token_hash)).all(), person.password_hash
    sent = {"name": NAME, "email": EMAIL, "municipality": olpe.ags, "password": PASSWORD}
    foreign = {"Origin": "https://evil.example"}
    for path in ("/registrieren", link, "/passwort-vergessen", reset, urlsplit(invitation).path):
        assert client.post(path, data=sent, headers=foreign).status_code == 400
        assert client.post(path, data=sent).status_code == 400
        token = {"csrf_token": client.token()}
        assert client.post(path, data={**sent, **token}, headers=foreign).status_code == 400
    db.expire_all()
    assert db.scalars(select(Ticket.token_hash)).all() == before
    assert person.password_hash == hashed
    assert {mail["To"] for mail in mailbox.new()} == {"otto@olpe.example"}


# The form


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "Geben Sie einen Namen oder eine Funktion an."),
        ({"name": "a\tb\u2028c"}, "höchstens 200 Zeichen in eine Zeile"),
        ({"email": "petra"}, "name@stadt.de"),
        ({"email": "petra@olpe.example\r\nBcc: x@y.de"}, "name@stadt.de"),
        ({"municipality": ""}, "Wählen Sie Ihre Kommune."),
        ({"municipality": "Atlantis"}, "Wählen Sie eine Kommune aus der Liste."),
        ({"password": ""}, "Wählen Sie ein Passwort."),
        ({"password": "kurz"}, "mindestens 8 Zeichen"),
        ({"password": "Stadt Olpe"}, "ohne Ihren Namen"),
        ({"message": "x" * 2001}, "2.000 Zeichen"),
    ],
)
def test_faults_stand_at_their_fields_and_nothing_is_sent(
    client: CheckingClient, olpe: Municipality, mailbox: Mailbox, fields: dict[str, str], words: str
) -> None:
    status, page = register(client, olpe, **fields)
    assert status == 422
    assert words in page
    assert "<title>Fehler: Konto anlegen" in page
    assert PASSWORD not in page
    assert mailbox.new() == []


def test_a_town_may_be_named_exactly(client: CheckingClient, olpe: Municipality) -> None:
    assert register(client, olpe, municipality=" Olpe ")[0] == 303


def test_of_two_towns_with_one_name_the_key_decides(client: CheckingClient, db: Session) -> None:
    for district in ("Nord", "Süd"):
        town = make_municipality(db, name="Neustadt")
        town.district = district
    db.flush()
    assert register(client, town, municipality="Neustadt")[0] == 422
    page = client.get("/registrieren").text
    assert "Neustadt (Nord)" in page
    assert "Neustadt (Süd)" in page


def test_few_towns_are_a_list_and_many_a_search(
    client: CheckingClient, db: Session, olpe: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_municipality(db, name="Soest")
    assert f'<option value="{olpe.ags}">Olpe</option>' in client.get("/registrieren").text
    monkeypatch.setattr(belonging, "SELECTABLE", 1)
    page = client.get("/registrieren").text
    assert 'name="ort"' in page
    assert 'name="password"' not in page
    assert "ist nicht dabei" in client.get("/registrieren?ort=atlantis").text
    chosen = client.get(f"/registrieren?kommune={olpe.ags}").text
    assert f'name="municipality" value="{olpe.ags}"' in chosen
    assert 'name="password"' in chosen
    assert 'name="municipality"' in register(client, olpe, municipality="Atlantis")[1]


def test_who_is_signed_in_has_an_account(client: CheckingClient, db: Session) -> None:
    sign_in(client, make_person(db))
    assert client.get("/registrieren").headers["Location"] == "/konto"


@pytest.mark.usefixtures("in_one_window")
def test_a_mailbox_is_not_flooded(client: CheckingClient, olpe: Municipality) -> None:
    statuses = [register(client, olpe)[0] for _ in range(pages.BY_ADDRESS.tries + 1)]
    assert statuses == [303] * pages.BY_ADDRESS.tries + [429]
    assert register(client, olpe, email="andere@olpe.example")[0] == 303


def test_a_link_counts_once(
    client: CheckingClient, db: Session, olpe: Municipality, mailbox: Mailbox
) -> None:
    register(client, olpe)
    link = mailbox.link()
    assert client.submit(link, {"password": PASSWORD}).status_code == 303
    for answer in (client.get(link), client.submit(link, {"password": PASSWORD})):
        assert answer.status_code == 404
        assert "gilt nicht mehr" in answer.text
    assert db.scalar(select(func.count()).select_from(SignIn)) == 1


def test_of_two_registrations_of_one_address_the_first_confirmed_counts(
    client: CheckingClient, db: Session, olpe: Municipality, mailbox: Mailbox
) -> None:
    links = []
    for _ in range(2):
        register(client, olpe)
        links.append(mailbox.link())
    assert client.submit(links[0], {"password": PASSWORD}).status_code == 303
    answer = client.submit(links[1], {"password": PASSWORD})
    assert answer.status_code == 404
    assert "schon ein Konto" in answer.text
    assert len(people(db)) == 1
