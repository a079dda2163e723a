"""People are created, disabled and changed; each change ends what it makes untrue and is recorded."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import erasure, queries, service, tickets
from learn.accounts.models import Person
from learn.core import sessions
from learn.core.access import Refused
from learn.core.clock import today
from learn.core.models import AuditEntry, SignIn
from tests.factories import make_municipality, make_person

BY = "kommandozeile"


def create(db: Session, **values: object) -> Person:
    fields = {"email": "jana@example.org", "name": "Jana Hellweg", "password_hash": "x", **values}
    return service.create_user(db, by=BY, **fields)  # type: ignore[arg-type]


def audited(db: Session) -> list[str]:
    return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_person_belongs_to_a_town(db: Session) -> None:
    town = make_municipality(db)
    person = create(db, municipality=town.ags, roles=["learner", "trainer"])
    assert person.municipality_id == town.id
    assert queries.roles(db, person.id) == {"trainer"}
    assert queries.person(db, " JANA@example.org") is person
    assert audited(db) == ["konto.angelegt"]


def test_only_coordinators_and_operators_may_lack_one(db: Session) -> None:
    with pytest.raises(Refused, match="Kommune"):
        create(db, roles=["trainer"])
    with pytest.raises(Refused, match="99999999"):
        create(db, municipality="99999999")
    assert create(db, roles=["operator"]).municipality_id is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "jana"}, "email"),
        ({"email": "ja na@example.org"}, "email"),
        ({"email": "jana@example.org\nBcc: x@example.org"}, "email"),
        ({"email": "j" * 200 + "@example.org"}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "Jana\nHellweg"}, "name"),
        ({"name": "Jana \u202egewlleH"}, "name"),
        ({"name": "Jana\u2066"}, "name"),
        ({"office": "\u200fAmt"}, "office"),
        ({"name": "J" * 201}, "name"),
        ({"roles": ["koenigin"]}, "role"),
    ],
)
def test_what_is_refused(db: Session, values: dict[str, object], field: str) -> None:
    town = make_municipality(db)
    with pytest.raises(Refused) as refused:
        create(db, municipality=town.ags, **values)
    assert refused.value.field == field


def test_an_address_has_one_account(db: Session) -> None:
    town = make_municipality(db)
    create(db, municipality=town.ags)
    with pytest.raises(Refused, match="schon ein Konto"):
        create(db, municipality=town.ags, email="JANA@example.org")
    assert len(list(db.scalars(select(Person)))) == 1


def test_changes_end_sessions_and_are_recorded(db: Session) -> None:
    person = make_person(db)

    def signed_in() -> int:
        return len(list(db.scalars(select(SignIn).where(SignIn.person_id == person.id))))

    changes: tuple[Callable[[], None], ...] = (
        lambda: service.set_password(db, person, "neu", by=BY),
        lambda: service.set_roles(db, person, ["trainer", "expert"], by=BY),
        lambda: service.disable_user(db, person, by=BY, reason="ausgeschieden"),
    )
    for change in changes:
        sessions.open_row(db, person.id, remember=False, device="")
        assert signed_in() == 1
        change()
        assert signed_in() == 0
    assert audited(db) == ["konto.passwort", "konto.rollen", "konto.gesperrt"]
    entry = list(db.scalars(select(AuditEntry)))[-1]
    assert (entry.actor, entry.subject, entry.reason) == (BY, f"person:{person.id}", "ausgeschieden")


def test_a_password_set_by_staff_ends_links_for_another(db: Session) -> None:
    person, control = make_person(db), make_person(db)
    lasts = timedelta(hours=1)
    links = [tickets.issue(db, tickets.PASSWORD, lasts, person_id=one.id) for one in (person, control)]
    service.set_password(db, person, "neu", by=BY)
    assert tickets.ticket(db, tickets.PASSWORD, links[0]) is None
    assert tickets.ticket(db, tickets.PASSWORD, links[1]) is not None


def test_roles_need_a_town(db: Session) -> None:
    person = create(db, roles=["operator"])
    with pytest.raises(Refused):
        service.set_roles(db, person, ["trainer"], by=BY)


def test_a_disabled_person_gets_no_session(db: Session) -> None:
    person = make_person(db, active=False)
    assert service.sign_in(db, person.id, remember=False, device="") is None


def test_who_was_disabled_does_not_open_her_account_by_an_earlier_link(db: Session) -> None:
    closed, control = (make_person(db, active=False) for _ in range(2))
    links = []
    for person in (closed, control):
        person.erase_on = today()
        lasts = timedelta(days=7)
        links.append(tickets.issue(db, tickets.UNDO_ERASURE, lasts, person_id=person.id))
    service.disable_user(db, closed, by=BY)
    assert erasure.undo(db, links[0]) is None
    assert erasure.undo(db, links[1]) is control


def test_the_actor_is_one_person_with_her_town_and_roles(db: Session) -> None:
    town = make_municipality(db, name="Musterhausen")
    person = make_person(db, name="Jana Hellweg", municipality=town, roles=["trainer", "expert"])
    token = sessions.open_row(db, person.id, remember=True, device="")
    db.flush()
    found = queries.actor_of_token(db, sessions.hashed(token), today())
    assert found is not None
    actor, remember = found
    assert remember
    assert (actor.person_id, actor.name, actor.municipality) == (person.id, "Jana Hellweg", "Musterhausen")
    assert actor.roles == {"trainer", "expert"}
    assert queries.actor_of_token(db, "0" * 64, today()) is None
