"""What staff do with somebody's account at the desk: each action one entry in the audit log, with a reason.

Reasons come from a fixed list, because the audit log must hold no names. Nobody may act on an account that
its owner has closed; only the link in her mail opens it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.accounts import erasure, joining, moving, queries, resets, service, totp
from learn.accounts.mail import staff as letters
from learn.accounts.models import Person, PersonTopic, TrainerCohort
from learn.accounts.reasons import REASONS
from learn.config import Config
from learn.core import audit, mail, sessions
from learn.core.access import NotFound, Refused
from learn.network.models import Cohort, Municipality

LAST_COORDINATOR = (
    "Das ist die einzige Koordination des Netzwerks. Geben Sie diese Rolle zuerst einer anderen Person."
)
OWN_COORDINATION = "Ihre eigene Rolle Koordination kann Ihnen nur eine andere Person der Koordination nehmen."


@dataclass(frozen=True, slots=True)
class Duties:
    """Roles beyond `learner`, the topics of a contact, the numbers of a trainer's Klassen (none: all)."""

    roles: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    cohorts: frozenset[int] = frozenset()


def duties(session: Session, person_id: int) -> Duties:
    """What somebody is responsible for."""
    topics = select(PersonTopic.topic).where(PersonTopic.person_id == person_id)
    cohorts = select(TrainerCohort.cohort_id).where(TrainerCohort.person_id == person_id)
    return Duties(
        queries.roles(session, person_id),
        frozenset(session.scalars(topics)),
        frozenset(session.scalars(cohorts)),
    )


def set_duties(session: Session, person_id: int, wanted: Duties, *, by: str, reason: str) -> bool:
    """Give exactly these roles, topics and Klassen; all sessions end. False where nothing changes.

    Raises Refused.
    """
    last = is_last(session, person_id)
    person = held(session, person_id)
    wanted = consistent(wanted)
    former = duties(session, person.id)
    if wanted == former:
        return False
    if "coordinator" in former.roles - wanted.roles:
        check_coordination(person, by, last=last)
    if "expert" in wanted.roles - former.roles:
        service.check_pioneer(session, person.municipality_id)
    cohorts = known_cohorts(session, wanted.cohorts)
    service.set_roles(session, person, wanted.roles, by=by, reason=known(reason))
    session.execute(delete(PersonTopic).where(PersonTopic.person_id == person.id))
    session.execute(delete(TrainerCohort).where(TrainerCohort.person_id == person.id))
    chosen = joining.known_topics(session, wanted.topics, wanted.roles)
    session.add_all(PersonTopic(person_id=person.id, topic=topic) for topic in chosen)
    session.add_all(TrainerCohort(person_id=person.id, cohort_id=cohort_id) for cohort_id in cohorts)
    session.flush()
    return True


def consistent(wanted: Duties) -> Duties:
    """Topics belong to contacts, Klassen to trainers; without the role they go."""
    roles = frozenset(service.known_roles(wanted.roles))
    return Duties(
        roles,
        wanted.topics if "expert" in roles else frozenset(),
        wanted.cohorts if "trainer" in roles else frozenset(),
    )


def known_cohorts(session: Session, wanted: frozenset[int]) -> Sequence[int]:
    """Those of these Klassen that there are. Raises Refused where none is: no Klasse would mean all."""
    found = session.scalars(select(Cohort.id).where(Cohort.id.in_(wanted))).all()
    if wanted and not found:
        raise Refused("Diese Klasse gibt es nicht mehr. Wählen Sie noch einmal.", field="cohorts")
    return found


def is_last(session: Session, person_id: int) -> bool:
    """Whether she is the only coordinator; else all of them are locked, which comes before any other lock."""
    return erasure.is_last_coordinator(session, person_id, lock=True)


def check_coordination(person: Person, by: str, *, last: bool) -> None:
    """Somebody else takes this role, and never the last one. Raises Refused."""
    if last:
        raise Refused(LAST_COORDINATOR, field="roles")
    if by == audit.person(person.id):
        raise Refused(OWN_COORDINATION, field="roles")


def disable(session: Session, person_id: int, *, by: str, reason: str) -> None:
    """Close an account until further notice; nothing is deleted, all sessions end. Raises Refused."""
    last = is_last(session, person_id)
    person = held(session, person_id)
    if not person.active:
        raise Refused("Dieses Konto ist schon gesperrt.", status=409)
    if last:
        raise Refused(LAST_COORDINATOR)
    service.disable_user(session, person, by=by, reason=known(reason))


def enable(session: Session, person_id: int, *, by: str, reason: str) -> None:
    """Open a disabled account again, with its former password. Raises Refused."""
    person = held(session, person_id)
    if person.active:
        raise Refused("Dieses Konto ist nicht gesperrt.", status=409)
    person.active = True
    audit.record(session, by, "konto.entsperrt", audit.person(person.id), known(reason))


def end_sessions(session: Session, person_id: int, *, by: str, reason: str) -> None:
    """Sign somebody out everywhere."""
    person = held(session, person_id)
    sessions.close_rows(session, person.id)
    audit.record(session, by, "konto.abgemeldet", audit.person(person.id), known(reason))


def send_link(session: Session, config: Config, person_id: int, *, by: str, reason: str) -> None:
    """Mail the way to a password: an invitation to who has none, else the link for a new one.

    Raises Refused.
    """
    person = opened(session, person_id)
    reason = known(reason)
    if person.password_hash is None:
        joining.invite_person(session, config, person.id, by=by, reason=reason)
        return
    resets.ask(session, person.email)
    audit.record(session, by, "konto.passwort_link", audit.person(person.id), reason)


def set_town(session: Session, person_id: int, town: Municipality, *, by: str, reason: str) -> None:
    """Make somebody belong to another town; all sessions end. Raises Refused."""
    person = opened(session, person_id)
    if person.municipality_id == town.id:
        raise Refused(f"Diese Person gehört schon zu {town.name}.", field="municipality")
    moving.move(session, person, town)
    audit.record(session, by, "konto.kommune", audit.person(person.id), known(reason))


def remove_second_factor(session: Session, config: Config, person_id: int, *, by: str, reason: str) -> None:
    """Let the password alone open an account again; all sessions end, a letter tells her. Raises Refused."""
    person = opened(session, person_id)
    if not totp.turn_off(session, person.id):
        raise Refused("Dieses Konto hat keine Authenticator-App.", status=409)
    sessions.close_rows(session, person.id)
    mail.send(session, letters.second_factor_removed(config, person.email))
    audit.record(session, by, "konto.zweiter_faktor", audit.person(person.id), known(reason))


def close(session: Session, config: Config, person_id: int, *, by: str, reason: str) -> date:
    """Close an account and erase it a week later; her link undoes it. Gives the day. Raises Refused."""
    if is_last(session, person_id):
        raise Refused(LAST_COORDINATOR)
    person = opened(session, person_id)
    return erasure.close(session, config, person, by=by, reason=known(reason))


def held(session: Session, person_id: int) -> Person:
    """The account, locked, unless its owner has closed it. Raises NotFound or Refused."""
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    if person.erase_on is not None:
        raise Refused("Dieses Konto ist geschlossen. Nur die Person selbst kann das ändern.", status=409)
    return person


def opened(session: Session, person_id: int) -> Person:
    """The same for what only makes sense while it is open. Raises NotFound or Refused."""
    person = held(session, person_id)
    if not person.active:
        raise Refused("Dieses Konto ist gesperrt. Öffnen Sie es zuerst wieder.", status=409)
    return person


def known(reason: str) -> str:
    """A reason of the list. Raises Refused."""
    if reason not in REASONS:
        raise Refused("Wählen Sie einen Grund aus der Liste.", field="reason")
    return reason
