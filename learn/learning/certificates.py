"""Nachweise: what a person shows of a finished course, issued when she asks for it and never by itself."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, NotFound, Refused
from learn.courses import queries as shelf
from learn.learning import log, queries, service
from learn.learning.models import Certificate, CertificateStatus
from learn.learning.progress import Row, newest_completion
from learn.learning.sheets import Lesson, Module, Sheet, sheet_of

__all__ = [
    "Due",
    "Held",
    "Lesson",
    "Module",
    "Sheet",
    "choose",
    "due",
    "held",
    "held_one",
    "issue",
    "issued_for",
    "keep_credential",
    "revoke",
    "valid",
    "withdraw",
]

CODE = re.compile(r"[0-9a-f]{32}")  # 128 random bits
LIST = 131_072  # positions of one revocation list: the least that Bitstring Status List v1.0 allows
TRIES = 20  # taken places drawn in a row before the next list begins: the present one is nearly full


@dataclass(frozen=True, slots=True)
class Held:
    """A Nachweis as issued. `named`: its check page says the name; `kept`: that page outlives the account.

    `position`: list * 131,072 + index in the revocation lists. `credential`: the badge as signed, or empty.
    """

    code: str
    course_id: str
    release_id: int
    edition: int
    name: str
    sheet: Sheet
    completed_on: date
    issued_on: date
    named: bool
    kept: bool
    position: int
    credential: str


@dataclass(frozen=True, slots=True)
class Due:
    """A completion of which the person has no Nachweis yet."""

    course_id: str
    title: str
    edition: int
    completed_on: date


def held(session: Session, actor: Actor) -> list[Held]:
    """The actor's own, the latest issued first: one statement."""
    own = select(Certificate).where(Certificate.person_id == actor.owner)
    return [_held(row) for row in session.scalars(own.order_by(Certificate.id.desc()))]


def held_one(session: Session, actor: Actor, code: str) -> Held:
    """One of the actor's own. Raises NotFound for anything else, be it another person's."""
    return _held(_own(session, actor, code))


def valid(session: Session, code: str) -> Held | None:
    """The Nachweis of this code for everybody who knows it; None if it was never issued or is withdrawn."""
    if CODE.fullmatch(code) is None:
        return None
    row = session.scalar(select(Certificate).where(Certificate.code == code))
    return _held(row) if row is not None else None


def issued_for(session: Session, actor: Actor, course_id: str, edition: int) -> str:
    """The code of the actor's Nachweis of this completion, empty before it is issued: one statement."""
    row = _issued(session, actor, course_id, edition)
    return row.code if row is not None else ""


def due(session: Session, actor: Actor) -> list[Due]:
    """Finished courses without a Nachweis of the edition completed last: three statements at most."""
    issued = select(Certificate.course_id, Certificate.edition).where(Certificate.person_id == actor.owner)
    known = {(course_id, edition) for course_id, edition in session.execute(issued)}
    open_ = [
        (each.course_id, each.completion)
        for each in queries.enrolments(session, actor)
        if each.completion and (each.course_id, each.completion.edition) not in known
    ]
    releases = shelf.releases(session, {row.release_id for _course, row in open_})
    return [
        Due(course_id, releases[row.release_id].manifest.title, row.edition, row.day)
        for course_id, row in open_
    ]


def issue(session: Session, actor: Actor, course_id: str, *, named: bool, network: str) -> Held:
    """Issue the Nachweis of the newest completion, once; asked again, give the one that exists.

    `named`: its check page says the name. `network`: name of the issuing network. Raises Refused (422)
    before the course is finished.
    """
    enrolment_id = service.held_enrolment(session, actor, course_id)
    completion = newest_completion(log.load(session, enrolment_id), course_id)
    release = shelf.release(session, completion.release_id) if completion else None
    if completion is None or release is None:
        raise Refused("Schließen Sie zuerst den Kurs ab.")
    issued = _issued(session, actor, course_id, completion.edition)
    if issued is None:
        values = {
            "name": actor.name,
            "sheet": sheet_of(release, network).as_json(),
            "named": named,
            "kept": False,
            "credential": "",
        }
        _insert(session, actor, completion, values)
        issued = _issued(session, actor, course_id, completion.edition)
        assert issued is not None
    return _held(issued)


def choose(session: Session, actor: Actor, code: str, *, named: bool, kept: bool) -> None:
    """What the check page says, and whether it outlives the account. Raises NotFound."""
    row = _own(session, actor, code)
    row.named, row.kept = named, kept
    session.flush()


def keep_credential(session: Session, actor: Actor, code: str, credential: str) -> None:
    """Store the badge of one of the actor's own as signed now; empty: none. Raises NotFound."""
    _own(session, actor, code).credential = credential
    session.flush()


def withdraw(session: Session, actor: Actor, code: str) -> None:
    """Make one of the actor's own invalid for ever: its position counts as revoked, its row goes.

    Raises NotFound, also the second time.
    """
    row = _own(session, actor, code)
    revoke(session, [row.position])
    session.execute(delete(Certificate).where(Certificate.id == row.id))


def revoke(session: Session, positions: Sequence[int]) -> None:
    """Mark these positions of the revocation lists."""
    status = update(CertificateStatus).where(CertificateStatus.position.in_(positions))
    session.execute(status.values(revoked=True).execution_options(synchronize_session=False))


def _insert(session: Session, actor: Actor, completion: Row, values: dict[str, object]) -> None:
    """Store a Nachweis; had another request been first, which the database decides, nothing."""
    position = take_position(session)
    number = log.insert_new(
        session,
        Certificate,
        {
            **values,
            "code": secrets.token_hex(16),
            "person_id": actor.owner,
            "course_id": completion.object_id,
            "release_id": completion.release_id,
            "edition": completion.edition,
            "completed_on": completion.day,
            "issued_on": clock.today(),
            "position": position,
        },
    )
    if number is None:
        session.execute(delete(CertificateStatus).where(CertificateStatus.position == position))


def take_position(session: Session) -> int:
    """Take a random free position, so that places in the list tell nothing about when or whose."""
    last = session.scalar(select(func.max(CertificateStatus.position)))
    number = 0 if last is None else last // LIST
    while True:
        for _try in range(TRIES):
            wanted = {"position": number * LIST + secrets.randbelow(LIST), "revoked": False}
            found = log.insert_new(session, CertificateStatus, wanted)
            if found is not None:
                return found
        number += 1


def _issued(session: Session, actor: Actor, course_id: str, edition: int) -> Certificate | None:
    own = select(Certificate).filter_by(person_id=actor.owner, course_id=course_id, edition=edition)
    return session.scalar(own)


def _own(session: Session, actor: Actor, code: str) -> Certificate:
    own = select(Certificate).where(Certificate.person_id == actor.owner, Certificate.code == code)
    found = session.scalar(own) if CODE.fullmatch(code) else None
    if found is None:
        raise NotFound
    return found


def _held(row: Certificate) -> Held:
    return Held(
        code=row.code,
        course_id=row.course_id,
        release_id=row.release_id,
        edition=row.edition,
        name=row.name,
        sheet=Sheet.from_json(row.sheet),
        completed_on=row.completed_on,
        issued_on=row.issued_on,
        named=row.named,
        kept=row.kept,
        position=row.position,
        credential=row.credential,
    )
