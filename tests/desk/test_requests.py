"""Requests at the desk: yes, no, and the mail domain on the way."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import joining, queries
from learn.accounts.models import JoinRequest, Person
from learn.core.clock import today
from learn.core.models import AuditEntry, Job
from learn.network import queries as towns
from learn.network.models import MailDomain, Municipality
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person

LIST = "/verwaltung/anfragen"


@pytest.fixture
def desk(client: CheckingClient, db: Session) -> CheckingClient:
    sign_in(client, make_person(db, roles=["coordinator"]))
    return client


@pytest.fixture
def olpe(db: Session) -> Municipality:
    return make_municipality(db, name="Olpe")


def ask(
    db: Session, town: Municipality, email: str = "jana@olpe-rathaus.de", **values: object
) -> JoinRequest:
    fields = {"kind": "konto", "name": "Jana <Muster>", "password_hash": "x", **values}
    request = JoinRequest(email=email, email_key=email, municipality_id=town.id, asked_on=today(), **fields)
    db.add(request)
    db.flush()
    return request


def actions(db: Session) -> list[str]:
    return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_the_overview_counts_what_waits(desk: CheckingClient, db: Session, olpe: Municipality) -> None:
    assert "wartet" not in desk.get("/verwaltung").text.partition("sc-desk__due")[2]
    ask(db, olpe)
    assert "1 wartet" in desk.get("/verwaltung").text
    ask(db, olpe, "zwei@olpe-rathaus.de")
    assert "2 warten" in desk.get("/verwaltung").text


def test_a_request_shows_what_one_must_know(desk: CheckingClient, db: Session, olpe: Municipality) -> None:
    request = ask(db, olpe, message="Erste Zeile\nzweite <b>Zeile</b>", office="Bürgerbüro")
    assert "olpe-rathaus.de" in desk.get(LIST).text
    page = desk.get(f"{LIST}/{request.id}").text
    for words in ("Jana &lt;Muster&gt; zu Olpe?", "Bürgerbüro", "Erste Zeile<br>zweite &lt;b&gt;"):
        assert words in page
    assert "Für keine Kommune eingetragen." in page
    assert actions(db) == []


def test_yes_makes_the_account_and_may_list_the_domain(
    desk: CheckingClient, db: Session, olpe: Municipality
) -> None:
    request = ask(db, olpe)
    answer = desk.submit(f"{LIST}/{request.id}/aufnehmen", {"domain": "ja"})
    assert answer.headers["Location"] == LIST
    person = queries.person(db, "jana@olpe-rathaus.de")
    assert person is not None
    assert person.municipality_id == olpe.id
    assert towns.mail_domains(db, olpe.id) == ("olpe-rathaus.de",)
    assert actions(db) == ["konto.angelegt", "kommune.domain_ergaenzt"]
    assert "gehört jetzt zu Olpe" in desk.get(LIST).text
    assert desk.submit(f"{LIST}/{request.id}/aufnehmen").status_code == 409


def test_without_the_tick_no_domain(desk: CheckingClient, db: Session, olpe: Municipality) -> None:
    desk.submit(f"{LIST}/{ask(db, olpe).id}/aufnehmen")
    assert towns.mail_domains(db, olpe.id) == ()


@pytest.mark.parametrize("email", ["jana@gmx.de", "jana@soest.example"])
def test_domains_of_others_are_never_listed(
    desk: CheckingClient, db: Session, olpe: Municipality, email: str
) -> None:
    soest = make_municipality(db, name="Soest")
    db.add(MailDomain(domain="soest.example", municipality_id=soest.id))
    request = ask(db, olpe, email)
    page = desk.get(f"{LIST}/{request.id}").text
    assert 'name="domain"' not in page
    assert "Gehört zu Soest." in page or "Gehört keiner einzelnen Kommune." in page
    assert desk.submit(f"{LIST}/{request.id}/aufnehmen", {"domain": "ja"}).status_code == 303
    assert towns.mail_domains(db, olpe.id) == ()


def test_a_change_of_kommune(desk: CheckingClient, db: Session, olpe: Municipality) -> None:
    person = make_person(db, municipality=make_municipality(db, name="Soest"))
    request = ask(db, olpe, person.email, kind="wechsel", person_id=person.id, password_hash=None)
    assert "bisher Soest" in desk.get(f"{LIST}/{request.id}").text
    desk.submit(f"{LIST}/{request.id}/aufnehmen")
    assert db.scalar(select(Person.municipality_id).where(Person.id == person.id)) == olpe.id
    assert actions(db) == ["konto.kommune"]


def test_no_needs_a_reason_and_tells_it(desk: CheckingClient, db: Session, olpe: Municipality) -> None:
    request = ask(db, olpe)
    refused = desk.submit(f"{LIST}/{request.id}/ablehnen", {"reason": "mag ich nicht"})
    assert refused.status_code == 422
    assert "Wählen Sie einen Grund aus der Liste." in refused.text
    desk.submit(f"{LIST}/{request.id}/ablehnen", {"reason": "privat"})
    assert db.scalars(select(JoinRequest.id)).all() == []
    entry = db.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.reason) == ("anfrage.konto.abgelehnt", "privat")
    (job,) = db.scalars(select(Job).where(Job.name == "tell_declined"))
    assert job.arguments["reason"] == joining.REASONS["privat"]


def test_what_is_decided_is_not_found(desk: CheckingClient) -> None:
    assert desk.get(f"{LIST}/4711").status_code == 404
    assert desk.submit(f"{LIST}/4711/ablehnen", {"reason": "privat"}).status_code == 409
