"""Invitations at the desk: to a person by mail, to a Kommune by a link that is shown once."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Ticket
from learn.core.models import AuditEntry, Job
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person

LIST = "/verwaltung/einladungen"


@pytest.fixture
def desk(client: CheckingClient, db: Session) -> CheckingClient:
    sign_in(client, make_person(db, roles=["coordinator"]))
    return client


def actions(db: Session) -> list[str]:
    return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_person_gets_a_mail_and_stands_in_the_list(desk: CheckingClient, db: Session) -> None:
    olpe = make_municipality(db, name="Olpe", role="pionier")
    assert desk.get(f"{LIST}/person").status_code == 200
    fields = {
        "email": "jana@olpe.example",
        "name": "Jana Muster",
        "municipality": olpe.ags,
        "roles": ["expert"],
        "topics": ["klima"],
    }
    assert desk.submit(f"{LIST}/person", fields).headers["Location"] == LIST
    page = desk.get(LIST).text
    assert "Die Einladung an jana@olpe.example ist unterwegs." in page
    assert all(word in page for word in ("Jana Muster", "Olpe", "Kontakt", "Zurückziehen"))
    (mail,) = db.scalars(select(Job).where(Job.name == "send_mail"))
    assert mail.arguments["to"] == "jana@olpe.example"
    assert actions(db) == ["einladung.erstellt"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "jana"}, "Geben Sie eine Adresse wie"),
        ({"email": "j@x.example"}, "Geben Sie die Kommune der Person an."),
        ({"email": "j@x.example", "municipality": "Atlantis"}, "Wählen Sie eine Kommune aus der Liste."),
        ({"email": "j@x.example", "municipality": "99", "roles": ["expert"]}, "Wählen Sie eine Kommune"),
        ({"email": "j@x.example", "municipality": "Soest", "roles": ["expert"]}, "Soest ist keine"),
        ({"email": "j@x.example", "municipality": "Soest", "topics": ["klima"]}, "Themen hat nur"),
        ({"email": "j@x.example", "municipality": "Soest", "roles": ["koenigin"]}, "gibt es nicht"),
    ],
)
def test_faults_stand_at_their_field_and_keep_the_rest(
    desk: CheckingClient, db: Session, fields: dict[str, object], sentence: str
) -> None:
    make_municipality(db, name="Soest", role="mitglied")
    answer = desk.submit(f"{LIST}/person", fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{fields["email"]}"' in answer.text
    assert db.scalars(select(Ticket.id)).all() == []


def test_a_coordinator_needs_no_town(desk: CheckingClient, db: Session) -> None:
    fields = {"email": "karla@x.example", "roles": ["coordinator"]}
    assert desk.submit(f"{LIST}/person", fields).status_code == 303


def test_the_link_of_a_kommune_is_shown_once_and_works(desk: CheckingClient, db: Session) -> None:
    olpe = make_municipality(db, name="Olpe")
    assert desk.submit(f"{LIST}/kommune", {"municipality": "Atlantis"}).status_code == 422
    assert desk.submit(f"{LIST}/kommune", {"municipality": olpe.ags}).headers["Location"] == LIST
    (link,) = re.findall(r"<code>(http://localhost/einladung/[^<]+)</code>", desk.get(LIST).text)
    assert "<code>" not in desk.get(LIST).text, "only once"
    assert "Link für die Kommune" in desk.get(LIST).text
    stranger = desk.application.test_client()
    assert "Olpe" in stranger.get(link.removeprefix("http://localhost")).text


def test_withdrawn_at_once(desk: CheckingClient, db: Session) -> None:
    olpe = make_municipality(db, name="Olpe")
    desk.submit(f"{LIST}/kommune", {"municipality": olpe.ags})
    ticket_id = db.scalars(select(Ticket.id)).one()
    assert desk.submit(f"{LIST}/{ticket_id}/zurueckziehen").headers["Location"] == LIST
    page = desk.get(LIST).text
    assert "Ihr Link gilt nicht mehr." in page
    assert "Keine Einladung offen." in page
    assert desk.submit(f"{LIST}/{ticket_id}/zurueckziehen").status_code == 409
    assert actions(db) == ["einladung.erstellt", "einladung.zurueckgezogen"]
