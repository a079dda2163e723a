"""Changing, leaving and returning: what stays, what ends, who decides."""

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import joining, queries, service
from learn.accounts.models import Identity, JoinRequest, Person, PersonTopic, Provider, TrainerCohort
from learn.accounts.views import moving as pages
from learn.core import clock
from learn.core.access import NotFound, Refused
from learn.core.models import AuditEntry
from learn.learning.models import Enrolment
from learn.network.models import Cohort, MailDomain, Municipality
from tests.accounts.mailbox import Mailbox
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.site import sensors


@pytest.fixture
def towns(db: Session) -> tuple[Municipality, Municipality]:
    """Olpe, whose domain is olpe.example, and Soest, whose domains are soest.example and common.example."""
    olpe, soest = make_municipality(db, name="Olpe"), make_municipality(db, name="Soest")
    db.add(MailDomain(domain="olpe.example", municipality_id=olpe.id))
    db.add_all(MailDomain(domain=f"{name}.example", municipality_id=soest.id) for name in ("soest", "common"))
    db.flush()
    return olpe, soest


@pytest.fixture
def petra(db: Session, towns: tuple[Municipality, Municipality]) -> Person:
    """A contact and trainer of Olpe whose address Soest lists."""
    person = make_person(
        db, name="Petra", email="petra@common.example", municipality=towns[0], roles=["expert", "trainer"]
    )
    cohort = Cohort(name="Klasse", created_on=clock.today())
    db.add(cohort)
    db.flush()
    db.add(PersonTopic(person_id=person.id, topic="ki"))
    db.add(TrainerCohort(person_id=person.id, cohort_id=cohort.id))
    db.flush()
    return person


@pytest.fixture
def browser(client: CheckingClient, petra: Person) -> CheckingClient:
    sign_in(client, petra)
    return client


def change(browser: CheckingClient, town: Municipality | str) -> tuple[int, str]:
    sent = {"municipality": town if isinstance(town, str) else town.ags}
    answer = browser.submit("/konto/kommune", sent)
    return answer.status_code, answer.headers.get("Location", answer.text)


def standing(person: Person) -> tuple[int | None, date | None]:
    """Her town, and since when she has none."""
    return person.municipality_id, person.left_on


def test_a_listed_domain_changes_at_once(
    app: Flask,
    browser: CheckingClient,
    db: Session,
    petra: Person,
    towns: tuple[Municipality, Municipality],
) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere, petra)
    page = browser.get("/konto/kommune").text
    assert "Bisher gehören Sie zu Olpe." in page
    assert "Ihre Aufgabe als Kontakt und Ihre Themen enden" in page
    assert change(browser, towns[1]) == (303, "/konto")
    db.expire_all()
    assert petra.municipality_id == towns[1].id
    assert queries.roles(db, petra.id) == {"trainer"}
    assert db.scalars(select(PersonTopic)).all() == []
    assert len(db.scalars(select(TrainerCohort)).all()) == 1
    assert "Sie gehören jetzt zu Soest." in browser.get("/konto").text
    assert elsewhere.get("/konto").headers["Location"].startswith("/anmelden")


def test_another_change_asks_the_koordination(
    browser: CheckingClient, app: Flask, db: Session, petra: Person, towns: tuple[Municipality, Municipality]
) -> None:
    mailbox, wenden = Mailbox.of(app), make_municipality(db, name="Wenden")
    assert change(browser, wenden) == (303, "/konto")
    assert change(browser, towns[0])[0] == 422  # her own
    db.expire_all()
    assert petra.municipality_id == towns[0].id
    assert queries.roles(db, petra.id) == {"expert", "trainer"}
    assert "entscheidet über Ihren Wechsel" in browser.get("/konto").text
    request = db.scalars(select(JoinRequest)).one()
    assert (request.kind, request.person_id, request.municipality_id) == ("wechsel", petra.id, wenden.id)
    mailbox.new()
    joining.accept(db, request.id, by="person:1")
    db.flush()
    assert petra.municipality_id == wenden.id
    assert queries.roles(db, petra.id) == {"trainer"}
    assert browser.get("/konto").headers["Location"].startswith("/anmelden")
    (entry,) = db.scalars(select(AuditEntry))
    assert (entry.actor, entry.action, entry.subject) == ("person:1", "konto.kommune", f"person:{petra.id}")
    assert mailbox.one()["To"] == petra.email


def test_a_declined_change_leaves_everything(
    browser: CheckingClient, db: Session, petra: Person, towns: tuple[Municipality, Municipality]
) -> None:
    change(browser, make_municipality(db, name="Wenden"))
    joining.decline(db, db.scalars(select(JoinRequest.id)).one(), by="person:1", reason="unbekannt")
    db.expire_all()
    assert petra.municipality_id == towns[0].id
    assert browser.get("/konto").status_code == 200
    (entry,) = db.scalars(select(AuditEntry))
    assert (entry.action, entry.subject) == ("anfrage.wechsel.abgelehnt", f"person:{petra.id}")


def test_a_request_is_taken_back_and_a_new_one_replaces_it(
    browser: CheckingClient, db: Session, petra: Person
) -> None:
    for name in ("Wenden", "Attendorn"):
        change(browser, make_municipality(db, name=name))
    town = db.scalars(select(Municipality.name).join(JoinRequest)).all()
    assert town == ["Attendorn"]
    other = make_person(db)
    sign_in(browser, other)
    for _ in range(2):
        assert browser.submit("/konto/anfrage-zuruecknehmen", {"kind": "wechsel"}).status_code == 303
    assert len(db.scalars(select(JoinRequest)).all()) == 1  # hers alone
    sign_in(browser, petra)
    browser.submit("/konto/anfrage-zuruecknehmen", {"kind": "wechsel"})
    assert db.scalars(select(JoinRequest)).all() == []


@pytest.mark.parametrize("wanted", ["", "Atlantis", "99999999"])
def test_an_unknown_town_is_no_choice(browser: CheckingClient, db: Session, wanted: str) -> None:
    status, page = change(browser, wanted)
    assert status == 422
    assert "Wählen Sie eine Kommune" in page
    assert db.scalars(select(JoinRequest)).all() == []


def test_leaving_takes_duties_and_keeps_learning(
    app: Flask,
    browser: CheckingClient,
    db: Session,
    petra: Person,
    towns: tuple[Municipality, Municipality],
) -> None:
    sensors.publish(db)
    assert browser.submit("/kurse/sensoren/beginnen").status_code == 303
    elsewhere = app.test_client()
    sign_in(elsewhere, petra)
    page = browser.get("/konto/kommune/verlassen").text
    assert "Olpe verlassen?" in page
    assert "nach einem Jahr geschlossen" in page
    assert browser.submit("/konto/kommune/verlassen").headers["Location"] == "/konto"
    db.expire_all()
    assert standing(petra) == (None, clock.today())
    assert queries.roles(db, petra.id) == frozenset()
    assert db.scalars(select(PersonTopic)).all() == []
    assert db.scalars(select(TrainerCohort)).all() == []
    assert len(db.scalars(select(Enrolment)).all()) == 1
    assert "Sie gehören zu keiner Kommune." in browser.get("/konto").text
    assert elsewhere.get("/konto").headers["Location"].startswith("/anmelden")
    assert browser.get("/konto/kommune/verlassen").headers["Location"] == "/konto"
    with time_machine.travel(clock.now() + timedelta(days=3)):
        sign_in(browser, petra)
        browser.submit("/konto/kommune/verlassen")
    db.expire_all()
    assert standing(petra) == (None, clock.today())  # the first day counts
    sign_in(browser, petra)
    assert change(browser, towns[1]) == (303, "/konto")  # returning
    db.expire_all()
    assert standing(petra) == (towns[1].id, None)
    assert db.scalars(select(AuditEntry)).all() == []


def test_staff_keep_their_roles(client: CheckingClient, db: Session) -> None:
    person = make_person(db, roles=["coordinator", "expert"])
    sign_in(client, person)
    client.submit("/konto/kommune/verlassen")
    assert queries.roles(db, person.id) == {"coordinator"}


def test_the_sign_in_of_the_former_town_is_forgotten(
    browser: CheckingClient, db: Session, petra: Person, towns: tuple[Municipality, Municipality]
) -> None:
    for town in towns:
        provider = Provider(
            municipality_id=town.id,
            name=town.name,
            issuer="https://a.example",
            client_id="a",
            client_secret="",
            group_roles={},
        )
        db.add(provider)
        db.flush()
        db.add(Identity(provider_id=provider.id, subject="1", person_id=petra.id, linked_on=clock.today()))
    petra.password_hash = None
    db.flush()
    assert "Das Anmelden über die bisherige Kommune endet." in browser.get("/konto/kommune").text
    change(browser, towns[1])
    assert db.scalars(select(Provider.name).join(Identity)).all() == ["Soest"]
    assert "Das Anmelden über die Kommune endet." in browser.get("/konto/kommune/verlassen").text
    browser.submit("/konto/kommune/verlassen")
    assert db.scalars(select(Identity)).all() == []


def test_a_request_of_somebody_gone_cannot_be_accepted(
    browser: CheckingClient, db: Session, petra: Person
) -> None:
    change(browser, make_municipality(db, name="Wenden"))
    service.disable_user(db, petra, by="person:1")
    db.flush()
    with pytest.raises(NotFound):
        joining.accept(db, db.scalars(select(JoinRequest.id)).one(), by="person:1")


def test_an_account_in_the_way_stops_accepting(
    db: Session, petra: Person, towns: tuple[Municipality, Municipality]
) -> None:
    request = JoinRequest(
        kind="konto",
        email=petra.email,
        email_key=petra.email_key,
        name="P",
        municipality_id=towns[0].id,
        password_hash="x",
        asked_on=clock.today(),
    )
    db.add(request)
    db.flush()
    with pytest.raises(Refused, match="schon ein Konto"):
        joining.accept(db, request.id, by="person:1")


@pytest.mark.usefixtures("in_one_window")
def test_towns_are_not_changed_all_day(browser: CheckingClient) -> None:
    statuses = [change(browser, "")[0] for _ in range(pages.CHANGES.tries + 1)]
    assert statuses == [422] * pages.CHANGES.tries + [429]
