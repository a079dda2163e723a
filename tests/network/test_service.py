"""What the Koordination changes of a town, and the entry it leaves."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.core.models import AuditEntry
from learn.network import queries, service
from learn.network.models import Municipality
from tests.factories import make_municipality

BY = "person:7"


@pytest.fixture
def town(db: Session) -> Municipality:
    return make_municipality(db, ags="05966024", name="Olpe", role="pionier")


def entries(session: Session) -> list[tuple[str, str, str, str]]:
    return [
        (entry.actor, entry.action, entry.subject, entry.reason)
        for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]


def test_details_are_stored_with_one_entry_that_names_them(db: Session, town: Municipality) -> None:
    values: dict[str, Any] = {
        "mailbox": "smart@olpe.example",
        "phase": "",
        "population": 25_000,
        "population_day": None,
        "population_verified": False,
    }
    assert service.change_town(db, town, values, ["klima"], by=BY)
    assert not service.change_town(db, town, values, ["klima"], by=BY)
    assert (town.mailbox, town.population, town.size) == ("smart@olpe.example", 25_000, "25000")
    assert queries.topics(db, town.id) == ("klima",)
    assert entries(db) == [(BY, "kommune.geaendert", "kommune:05966024", "postfach, einwohner, themen")]


def test_a_role_changes_once(db: Session, town: Municipality) -> None:
    assert service.change_role(db, town, "mitglied", by=BY)
    assert not service.change_role(db, town, "mitglied", by=BY)
    assert entries(db) == [(BY, "kommune.rolle", "kommune:05966024", "pionier, jetzt mitglied")]


def test_a_domain_belongs_to_one_town(db: Session, town: Municipality) -> None:
    service.add_domain(db, town, " @Olpe.example", by=BY)
    assert queries.mail_domains(db, town.id) == ("olpe.example",)
    with pytest.raises(Refused, match="steht schon in der Liste"):
        service.add_domain(db, town, "olpe.example", by=BY)
    other = make_municipality(db, name="Wenden")
    with pytest.raises(Refused, match="gehört schon zu Olpe"):
        service.add_domain(db, other, "olpe.example", by=BY)
    assert not service.remove_domain(db, other, "olpe.example", by=BY)
    assert service.remove_domain(db, town, "olpe.example", by=BY)
    service.add_domain(db, other, "olpe.example", by=BY)
    assert [entry[1] for entry in entries(db)] == [
        "kommune.domain_ergaenzt",
        "kommune.domain_entfernt",
        "kommune.domain_ergaenzt",
    ]


@pytest.mark.parametrize("domain", ["gmx.de", "olpe", "a b.de", ""])
def test_a_domain_that_everybody_can_have_is_refused(db: Session, town: Municipality, domain: str) -> None:
    with pytest.raises(Refused) as caught:
        service.add_domain(db, town, domain, by=BY)
    assert caught.value.field == "domain"
    assert entries(db) == []
