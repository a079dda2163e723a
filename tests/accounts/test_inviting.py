"""Invitations: once, seven days, for somebody new, imported or known, or for a Kommune."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts import joining, queries
from learn.accounts.models import JoinRequest, Person, PersonTopic, PersonWord, Ticket
from learn.config import Config
from learn.core import audit, clock, jobs
from learn.core.access import NotFound, Refused
from learn.core.db import Database
from learn.core.models import AuditEntry, Job
from learn.network.models import MailDomain, Municipality
from tests.accounts.mailbox import Mailbox, path_in, text
from tests.client import CheckingClient, sign_in
from tests.factories import PASSWORD, make_municipality, make_person

BY = "person:1"
EMAIL = "petra@example.org"


@pytest.fixture
def config(app: Flask) -> Config:
    found = app.extensions["learn.config"]
    assert isinstance(found, Config)
    return found


@pytest.fixture
def olpe(db: Session) -> Municipality:
    return make_municipality(db, name="Olpe", role="pionier")


@pytest.fixture
def mailbox(app: Flask) -> Mailbox:
    return Mailbox.of(app)


def invite(db: Session, config: Config, town: Municipality | None, **values: object) -> str:
    """The path of a new invitation."""
    fields = {"email": EMAIL, "municipality": town.ags if town else None, **values}
    link = joining.invite(db, config, by=BY, **fields)  # type: ignore[arg-type]
    db.flush()
    return link.removeprefix(config.base_url)


def actions(db: Session) -> list[tuple[str, str]]:
    return [(row.actor, row.action) for row in db.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def no_password(db: Session, town: Municipality, email: str = EMAIL) -> Person:
    """Somebody who was imported."""
    person = make_person(db, name="Petra", email=email, municipality=town)
    person.password_hash = None
    db.flush()
    return person


def test_somebody_new_chooses_name_and_password_and_is_in(
    client: CheckingClient, db: Session, config: Config, olpe: Municipality, mailbox: Mailbox
) -> None:
    link = invite(db, config, olpe, name="Petra", roles=["expert"], topics=["ki"])
    mail = mailbox.one()
    assert (mail["To"], path_in(mail)) == (EMAIL, link)
    assert "für Olpe" in " ".join(text(mail).split())
    assert db.scalars(select(Person)).all() == []
    page = client.get(link).text
    assert all(words in page for words in (EMAIL, "Olpe", "Kontakt für Themen", 'value="Petra"'))
    answer = client.submit(link, {"name": "Digitalisierung Olpe", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/lernen")
    person = queries.person(db, EMAIL)
    assert person is not None
    assert (person.name, person.municipality_id) == ("Digitalisierung Olpe", olpe.id)
    assert queries.roles(db, person.id) == {"expert"}
    assert db.scalars(select(PersonTopic.topic)).all() == ["ki"]
    assert client.get("/konto").status_code == 200
    assert actions(db) == [(BY, "einladung.erstellt"), (BY, "konto.angelegt")]
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "", "password": PASSWORD}, "Geben Sie einen Namen oder eine Funktion an."),
        ({"name": "Petra", "password": "kurz"}, "mindestens 8 Zeichen"),
        ({"name": "Petra Holunder", "password": "PetraHolunder"}, "ohne Ihren Namen"),
    ],
)
def test_faults_leave_the_invitation_valid(
    client: CheckingClient,
    db: Session,
    config: Config,
    olpe: Municipality,
    fields: dict[str, str],
    words: str,
) -> None:
    link = invite(db, config, olpe)
    answer = client.submit(link, fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert client.get(link).status_code == 200


def test_it_ends_after_seven_days(
    client: CheckingClient, db: Session, config: Config, olpe: Municipality
) -> None:
    link = invite(db, config, olpe)
    with time_machine.travel(clock.now() + joining.LASTS - timedelta(minutes=1)):
        assert client.get(link).status_code == 200
    with time_machine.travel(clock.now() + joining.LASTS + timedelta(minutes=1)):
        assert client.get(link).status_code == 404
        assert client.submit(link, {"name": "Petra", "password": PASSWORD}).status_code == 404


def test_a_new_invitation_makes_the_earlier_one_void(
    client: CheckingClient, db: Session, config: Config, olpe: Municipality
) -> None:
    first, second = invite(db, config, olpe), invite(db, config, olpe, email=EMAIL.upper())
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"email": "petra"}, "keine E-Mail-Adresse"),
        ({"roles": ["koenigin"]}, "gibt es nicht"),
        ({"topics": ["ki"]}, "wer Kontakt ist"),
        ({"roles": ["expert"], "topics": ["zauberei"]}, "zauberei"),
        ({"email": None, "roles": ["operator"]}, "gibt keine Rollen"),
        ({"municipality": "99999999"}, "99999999"),
        ({"municipality": None}, "Kommune"),
        ({"name": "a\nb"}, "200 Zeichen"),
    ],
)
def test_what_cannot_be_offered(
    db: Session, config: Config, olpe: Municipality, values: dict[str, object], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        invite(db, config, olpe, **values)
    assert db.scalars(select(Ticket)).all() == []


def test_contacts_are_invited_to_pioneer_towns_only(db: Session, config: Config, olpe: Municipality) -> None:
    olpe.role = "mitglied"
    with pytest.raises(Refused, match="Pionierkommunen") as refused:
        invite(db, config, olpe, roles=["expert"])
    assert refused.value.field == "roles"
    assert db.scalars(select(Ticket)).all() == []


# Somebody with an account


def test_a_known_person_signs_in_and_confirms_the_change(
    app: Flask, client: CheckingClient, db: Session, config: Config, olpe: Municipality
) -> None:
    soest = make_municipality(db, name="Soest")
    person = make_person(db, email=EMAIL, municipality=soest, roles=["expert"])
    db.add(PersonTopic(person_id=person.id, topic="klima"))
    db.flush()
    link = invite(db, config, olpe, roles=["trainer"])
    page = client.get(link).text
    assert f"/anmelden?weiter={link}" in page
    assert 'name="password"' not in page
    refused = client.submit(link, {"name": "Dieb", "password": PASSWORD})
    assert refused.status_code == 403
    answer = client.submit("/anmelden", {"email": EMAIL, "password": PASSWORD, "weiter": link})
    assert answer.headers["Location"] == link
    elsewhere = app.test_client()
    sign_in(elsewhere, person)
    page = client.get(link).text
    assert "Sie verlassen damit Soest" in page
    assert client.submit(link).headers["Location"] == "/konto"
    db.expire_all()
    assert person.municipality_id == olpe.id
    assert queries.roles(db, person.id) == {"trainer"}
    assert db.scalars(select(PersonTopic)).all() == []
    assert client.get("/konto").status_code == 200
    assert elsewhere.get("/konto").status_code == 303
    assert actions(db) == [(BY, "einladung.erstellt"), (BY, "konto.aufgenommen")]


def test_an_invitation_is_hers_alone(
    client: CheckingClient, db: Session, config: Config, olpe: Municipality
) -> None:
    make_person(db, email=EMAIL)
    other = make_person(db, name="Otto Anders")
    link = invite(db, config, olpe, roles=["coordinator"])
    sign_in(client, other)
    assert "einer anderen Person" in client.get(link).text
    assert client.submit(link).status_code == 403
    assert queries.roles(db, other.id) == frozenset()


@pytest.mark.parametrize("closed", [True, False])
def test_a_closed_account_is_not_opened(
    client: CheckingClient, db: Session, config: Config, olpe: Municipality, closed: bool
) -> None:
    person = make_person(db, email=EMAIL, active=False)
    person.erase_on = clock.today() if closed else None
    link = invite(db, config, olpe)
    assert "geschlossen oder gesperrt" in client.get(link).text
    assert client.submit(link, {"name": "Petra", "password": PASSWORD}).status_code == 403
    assert not person.active


# Imported people


def test_an_imported_person_sets_name_and_password(
    client: CheckingClient, db: Session, config: Config, olpe: Municipality, mailbox: Mailbox
) -> None:
    person = no_password(db, olpe)
    link = joining.invite_person(db, config, person.id, by=BY).removeprefix(config.base_url)
    assert mailbox.link() == link
    assert 'value="Petra"' in client.get(link).text
    assert client.submit(link, {"name": "Petra Muster", "password": PASSWORD}).status_code == 303
    db.expire_all()
    assert (person.name, person.municipality_id) == ("Petra Muster", olpe.id)
    assert db.scalar(select(func.count()).select_from(PersonWord).where(PersonWord.word == "petra muster"))
    assert client.get("/konto").status_code == 200
    assert actions(db) == [(BY, "konto.eingeladen")]


def test_whoever_has_a_password_is_not_invited_again(
    client: CheckingClient, db: Session, config: Config, olpe: Municipality, mailbox: Mailbox
) -> None:
    person = no_password(db, olpe)
    link = joining.invite_person(db, config, person.id, by=BY).removeprefix(config.base_url)
    mailbox.new()
    client.submit("/passwort-vergessen", {"email": EMAIL})
    assert client.submit(mailbox.link(), {"password": PASSWORD}).status_code == 303
    assert client.get(link).status_code == 404
    db.expire_all()
    with pytest.raises(Refused, match="schon ein Passwort"):
        joining.invite_person(db, config, person.id, by=BY)
    with pytest.raises(NotFound):
        joining.invite_person(db, config, 0, by=BY)


def test_an_invitation_by_address_takes_an_imported_person_along(
    client: CheckingClient, db: Session, config: Config, olpe: Municipality
) -> None:
    person = no_password(db, make_municipality(db, name="Soest"))
    link = invite(db, config, olpe, roles=["trainer"])
    assert client.submit(link, {"name": "Petra", "password": PASSWORD}).status_code == 303
    db.expire_all()
    assert person.municipality_id == olpe.id
    assert queries.roles(db, person.id) == {"trainer"}


@pytest.fixture
def work(instance: Config) -> Iterator[jobs.Work]:
    """An instance on files of its own."""
    database = Database.of(instance)
    yield jobs.Work(instance, database)
    database.dispose()


def test_all_imported_people_are_invited_once_in_batches(
    work: jobs.Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "AT_ONCE", 2)
    with work.database.writing() as session:
        town = make_municipality(session)
        people = [no_password(session, town, f"p{number}@example.org") for number in range(5)]
        make_person(session, municipality=town)
        no_password(session, town, "gesperrt@example.org").active = False
        joining.invite_imported(session, by=BY)
    box = Mailbox(work.config, work.database)
    mails = box.new()
    assert sorted(mail["To"] for mail in mails) == [person.email for person in people]
    with work.database.writing() as session:
        joining.invite_imported(session, by=BY)
    assert box.new() == []
    with work.database.reading() as session:
        entries = session.scalars(select(AuditEntry)).all()
        assert {entry.subject for entry in entries} == {audit.person(person.id) for person in people}
        assert len(entries) == len(people)
        assert session.scalars(select(Job)).all() == []


def test_a_job_that_runs_twice_invites_once(work: jobs.Work) -> None:
    with work.database.writing() as session:
        first, second = (
            no_password(session, make_municipality(session), f"p{n}@example.org") for n in (1, 2)
        )
    for _ in range(2):
        joining.invite_many(work, by=BY, after=0, up_to=first.id)
    with work.database.reading() as session:
        assert session.scalars(select(Ticket.person_id)).all() == [first.id]
        assert second.id > first.id


# A Kommune


def test_the_first_to_confirm_joins_the_kommune(
    client: CheckingClient, db: Session, config: Config, olpe: Municipality, mailbox: Mailbox
) -> None:
    link = invite(db, config, olpe, email=None)
    assert mailbox.new() == []
    sent = {"name": "Petra", "email": EMAIL, "password": PASSWORD}
    assert client.submit(link, sent).headers["Location"] == "/registrieren/postfach"
    first = mailbox.link()
    client.submit(link, {**sent, "email": "otto@example.org"})
    second = mailbox.link()
    assert client.get(link).status_code == 200  # nobody has joined yet
    assert client.submit(first, {"password": PASSWORD}).headers["Location"] == "/lernen"
    person = queries.person(db, EMAIL)
    assert person is not None
    assert person.municipality_id == olpe.id
    assert client.get(link).status_code == 404
    assert client.submit(second, {"password": PASSWORD}).headers["Location"] == "/registrieren/anfrage"
    assert db.scalars(select(JoinRequest.email)).all() == ["otto@example.org"]


def test_a_listed_domain_uses_it_up_as_well(
    client: CheckingClient, db: Session, config: Config, olpe: Municipality, mailbox: Mailbox
) -> None:
    db.add(MailDomain(domain="example.org", municipality_id=olpe.id))
    link = invite(db, config, olpe, email=None)
    client.submit(link, {"name": "Petra", "email": EMAIL, "password": PASSWORD})
    assert client.submit(mailbox.link(), {"password": PASSWORD}).headers["Location"] == "/lernen"
    assert client.get(link).status_code == 404


def test_somebody_signed_in_changes_to_it(
    client: CheckingClient, db: Session, config: Config, olpe: Municipality
) -> None:
    person = make_person(db, municipality=make_municipality(db, name="Soest"))
    link = invite(db, config, olpe, email=None)
    sign_in(client, person)
    assert "Sie verlassen damit Soest" in client.get(link).text
    assert client.submit(link).headers["Location"] == "/konto"
    db.expire_all()
    assert person.municipality_id == olpe.id
    assert client.get(link).status_code == 404


def test_whoever_belongs_to_it_does_not_use_it_up(
    client: CheckingClient, db: Session, config: Config, olpe: Municipality
) -> None:
    link = invite(db, config, olpe, email=None)
    sign_in(client, make_person(db, municipality=olpe))
    assert "Sie gehören schon zu Olpe." in client.get(link).text
    assert client.submit(link).status_code == 403
    assert client.get(link).status_code == 200


# The Koordination's list


def test_open_invitations_are_listed_and_withdrawn(
    app: Flask, client: CheckingClient, db: Session, config: Config, olpe: Municipality
) -> None:
    link = invite(db, config, olpe, name="Petra", roles=["trainer"])
    invite(db, config, olpe, email=None)
    invite(db, config, None, email="ole@example.org", roles=["operator"])
    imported = no_password(db, olpe, "import@example.org")
    joining.invite_person(db, config, imported.id, by=BY)
    db.flush()
    with app.test_request_context():
        found = joining.open_invitations(db, None)
    assert [(one.email, one.municipality, one.roles) for one in found.rows] == [
        ("import@example.org", "Olpe", ()),
        ("ole@example.org", "", ("operator",)),
        ("", "Olpe", ()),
        (EMAIL, "Olpe", ("trainer",)),
    ]
    mine = found.rows[-1]
    joining.withdraw_invitation(db, mine.id, by=BY)
    db.flush()
    assert client.get(link).status_code == 404
    with pytest.raises(Refused, match="schon angenommen"):
        joining.withdraw_invitation(db, mine.id, by=BY)
    assert actions(db)[-1] == (BY, "einladung.zurueckgezogen")


def test_a_long_list_goes_on(app: Flask, db: Session, config: Config, olpe: Municipality) -> None:
    for number in range(30):
        invite(db, config, olpe, email=f"p{number}@example.org")
    with app.test_request_context():
        first = joining.open_invitations(db, None)
        second = joining.open_invitations(db, first.after)
    assert (len(first.rows), len(second.rows), second.after) == (25, 5, "")
