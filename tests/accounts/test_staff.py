"""What staff do with accounts: the effect, the end of sessions, exactly one entry of the log, refusals."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import reasons, staff, totp
from learn.accounts.models import Person, RecoveryCode, TotpSecret
from learn.accounts.staff import Duties
from learn.config import Config
from learn.core import audit, sessions
from learn.core.access import NotFound, Refused
from learn.core.clock import today
from learn.core.models import AuditEntry, Job, SignIn
from learn.network.models import Cohort
from tests.factories import make_municipality, make_person

BY = audit.person(4711)


@pytest.fixture
def config(app: object) -> Config:
    found = app.extensions["learn.config"]  # type: ignore[attr-defined]
    assert isinstance(found, Config)
    return found


def entries(db: Session) -> list[tuple[str, str, str, str]]:
    return [(row.actor, row.action, row.subject, row.reason) for row in db.scalars(select(AuditEntry))]


def signed_in(db: Session, person: Person) -> bool:
    return db.scalar(select(SignIn.id).where(SignIn.person_id == person.id).limit(1)) is not None


def is_open(db: Session, person: Person) -> bool | None:
    return db.scalar(select(Person.active).where(Person.id == person.id))


def jobs(db: Session) -> list[str]:
    return list(db.scalars(select(Job.name).order_by(Job.id)))


def give_app(db: Session, person: Person) -> None:
    db.add(TotpSecret(person_id=person.id, sealed="x", confirmed=True, added_on=today()))
    db.add(RecoveryCode(person_id=person.id, code_hash="0" * 64))
    db.flush()


def set_duties(db: Session, person: Person, *roles: str, by: str = BY, **rest: frozenset[object]) -> bool:
    wanted = Duties(frozenset(roles), **rest)  # type: ignore[arg-type]
    return staff.set_duties(db, person.id, wanted, by=by, reason="aufgabe")


ACTIONS: dict[str, Callable[[Session, Config, int], object]] = {
    "konto.gesperrt": lambda db, _, n: staff.disable(db, n, by=BY, reason="ausgeschieden"),
    "konto.abgemeldet": lambda db, _, n: staff.end_sessions(db, n, by=BY, reason="geraet"),
    "konto.passwort_link": lambda db, c, n: staff.send_link(db, c, n, by=BY, reason="passwort"),
    "konto.zweiter_faktor": lambda db, c, n: staff.remove_second_factor(db, c, n, by=BY, reason="geraet"),
    "konto.geschlossen": lambda db, c, n: staff.close(db, c, n, by=BY, reason="wunsch"),
    "konto.rollen": lambda db, _, n: staff.set_duties(
        db, n, Duties(frozenset({"trainer"})), by=BY, reason="aufgabe"
    ),
}
KEEP_SESSIONS = {"konto.passwort_link"}


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_leaves_one_entry_and_ends_sessions(db: Session, config: Config, action: str) -> None:
    person = make_person(db)
    give_app(db, person)
    sessions.open_row(db, person.id, remember=False, device="")
    ACTIONS[action](db, config, person.id)
    ((actor, written, subject, reason),) = entries(db)
    assert (actor, written, subject) == (BY, action, audit.person(person.id))
    assert reason.partition(":")[0] in reasons.REASONS
    assert person.name not in reason
    assert signed_in(db, person) == (action in KEEP_SESSIONS)


@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_is_done_with_a_closed_account_or_with_nobody(
    db: Session, config: Config, action: str
) -> None:
    person = make_person(db, active=False)
    person.erase_on = today() + timedelta(days=7)
    db.flush()
    with pytest.raises(Refused, match="geschlossen"):
        ACTIONS[action](db, config, person.id)
    with pytest.raises(NotFound):
        ACTIONS[action](db, config, person.id + 1000)
    assert entries(db) == []


def test_a_reason_is_one_of_the_list(db: Session) -> None:
    person = make_person(db)
    with pytest.raises(Refused) as refused, db.begin_nested():
        staff.end_sessions(db, person.id, by=BY, reason="Jana hat angerufen")
    assert refused.value.field == "reason"
    assert entries(db) == []


def test_disabled_and_enabled_again(db: Session) -> None:
    person = make_person(db)
    staff.disable(db, person.id, by=BY, reason="verdacht")
    assert is_open(db, person) is False
    with pytest.raises(Refused, match="schon gesperrt"):
        staff.disable(db, person.id, by=BY, reason="verdacht")
    staff.enable(db, person.id, by=BY, reason="geklaert")
    assert is_open(db, person) is True
    with pytest.raises(Refused, match="nicht gesperrt"):
        staff.enable(db, person.id, by=BY, reason="geklaert")
    assert [entry[1] for entry in entries(db)] == ["konto.gesperrt", "konto.entsperrt"]


def test_the_lost_app_goes_and_a_letter_tells(db: Session, config: Config) -> None:
    person = make_person(db, email="jana@example.org")
    give_app(db, person)
    staff.remove_second_factor(db, config, person.id, by=BY, reason="geraet")
    assert not totp.is_on(db, person.id)
    assert db.scalar(select(RecoveryCode.person_id)) is None
    (letter,) = db.scalars(select(Job).where(Job.name == "send_mail"))
    assert letter.arguments["to"] == "jana@example.org"
    assert "die Verwaltung des Netzwerks hat die Authenticator-App" in " ".join(
        letter.arguments["text"].split()
    )
    with pytest.raises(Refused, match="keine Authenticator-App"):
        staff.remove_second_factor(db, config, person.id, by=BY, reason="geraet")


def test_who_has_no_password_is_invited_instead(db: Session, config: Config) -> None:
    person = make_person(db)
    staff.send_link(db, config, person.id, by=BY, reason="passwort")
    assert jobs(db) == ["password_letter"]
    person.password_hash = None
    db.flush()
    staff.send_link(db, config, person.id, by=BY, reason="wunsch")
    assert jobs(db) == ["password_letter", "send_mail"]
    assert [entry[1::2] for entry in entries(db)] == [
        ("konto.passwort_link", "passwort"),
        ("konto.eingeladen", "wunsch"),
    ]


def test_another_town(db: Session) -> None:
    olpe, soest = make_municipality(db, name="Olpe", role="pionier"), make_municipality(db, name="Soest")
    person = make_person(db, municipality=olpe, roles=["expert", "trainer"])
    with pytest.raises(Refused, match="schon zu Olpe"):
        staff.set_town(db, person.id, olpe, by=BY, reason="wunsch")
    sessions.open_row(db, person.id, remember=False, device="")
    staff.set_town(db, person.id, soest, by=BY, reason="wunsch")
    assert person.municipality_id == soest.id
    assert staff.duties(db, person.id).roles == {"trainer"}
    assert not signed_in(db, person)
    assert [entry[1] for entry in entries(db)] == ["konto.kommune"]


# Roles


def test_a_klasse_that_is_gone_never_makes_a_trainer_accompany_all(db: Session) -> None:
    person = make_person(db, municipality=make_municipality(db))
    with pytest.raises(Refused, match="Klasse") as refused:
        set_duties(db, person, "trainer", cohorts=frozenset({4711}))
    assert refused.value.field == "cohorts"
    assert not staff.duties(db, person.id).roles
    assert set_duties(db, person, "trainer"), "but she may be asked to, by choosing none"


def test_roles_topics_and_klassen(db: Session) -> None:
    town = make_municipality(db, role="pionier")
    klasse = Cohort(name="Eins", created_on=today())
    db.add(klasse)
    db.flush()
    person = make_person(db, municipality=town)
    topics, cohorts = frozenset({"klima", "ki"}), frozenset({klasse.id, klasse.id + 99})
    assert set_duties(db, person, "expert", "trainer", topics=topics, cohorts=cohorts)
    assert staff.duties(db, person.id) == Duties(
        frozenset({"expert", "trainer"}), topics, frozenset({klasse.id})
    )
    assert entries(db)[0][3] == "aufgabe: expert, trainer"
    assert not set_duties(db, person, "expert", "trainer", topics=topics, cohorts=frozenset({klasse.id})), (
        "nothing new"
    )
    assert set_duties(db, person, topics=topics, cohorts=cohorts), "without the role they go"
    assert staff.duties(db, person.id) == Duties()
    assert [entry[3] for entry in entries(db)][1:] == ["aufgabe: keine"]


@pytest.mark.parametrize("roles", [("koenigin",), ("expert", "koenigin")])
def test_roles_that_do_not_exist_are_refused(db: Session, roles: tuple[str, ...]) -> None:
    person = make_person(db)
    with pytest.raises(Refused, match="gibt es nicht"):
        set_duties(db, person, *roles)


def test_topics_that_do_not_exist_are_refused(db: Session) -> None:
    person = make_person(db, municipality=make_municipality(db, role="pionier"))
    with pytest.raises(Refused, match="gibt es nicht"):
        set_duties(db, person, "expert", topics=frozenset({"kaninchen"}))


def test_contacts_only_in_pioneer_towns_but_those_of_a_former_one_stay(db: Session) -> None:
    town = make_municipality(db, name="Olpe", role="pionier")
    person = make_person(db, municipality=town, roles=["expert"])
    town.role = "mitglied"
    db.flush()
    assert set_duties(db, person, "expert", "trainer")
    other = make_person(db, municipality=town)
    with pytest.raises(Refused, match="Olpe ist keine"):
        set_duties(db, other, "expert")


def test_the_last_coordinator_keeps_her_role(db: Session, config: Config) -> None:
    karla = make_person(db, roles=["coordinator"])
    gone = make_person(db, roles=["coordinator"], active=False)
    for attempt in (
        lambda: set_duties(db, karla),
        lambda: staff.disable(db, karla.id, by=BY, reason="verdacht"),
        lambda: staff.close(db, config, karla.id, by=BY, reason="wunsch"),
    ):
        with pytest.raises(Refused, match="einzige Koordination"):
            attempt()
    other = make_person(db, roles=["coordinator"])
    with pytest.raises(Refused, match="nur eine andere Person"):
        set_duties(db, karla, by=audit.person(karla.id))
    assert set_duties(db, karla, "coordinator", "trainer", by=audit.person(karla.id)), "others she may"
    assert set_duties(db, karla, by=audit.person(other.id))
    with pytest.raises(Refused, match="einzige Koordination"):
        set_duties(db, other)
    assert gone.id
