"""The clearly fictional people of a demo, one per role, with some progress."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from learn.accounts import passwords
from learn.accounts import queries as people
from learn.accounts import service as accounts
from learn.core import storage
from learn.core.access import Actor
from learn.core.db import Database
from learn.courses import queries as courses
from learn.courses.library import CourseRelease
from learn.learning import service as learning

ACTOR = "demo"
COMPLETE = "vollstaendig"  # stands in demo.json once everybody was invented; whoever is missing then has left
ALL = 99
FILE = "demo.json"


@dataclass(frozen=True, slots=True)
class Invented:
    """A person. `progress` counts the lessons she has completed in the catalogue's first courses."""

    role: str
    name: str
    ags: str | None
    progress: tuple[int, ...] = ()

    @property
    def email(self) -> str:
        first, last = self.name.removesuffix(" (Demo)").lower().split()
        return f"{first}.{last}@example.org"

    @property
    def roles(self) -> tuple[str, ...]:
        return () if self.role == "learner" else (self.role,)


PEOPLE = (
    Invented("learner", "Jana Muster (Demo)", "05974012", (3,)),
    Invented("expert", "Emre Beispiel (Demo)", "05958004", (2, 1)),
    Invented("trainer", "Tilda Vorlage (Demo)", "05966024", (ALL, 2)),
    Invented("coordinator", "Karla Entwurf (Demo)", "05970004", (1,)),
    Invented("operator", "Ole Probe (Demo)", None),
)


def invent(database: Database, folder: Path) -> dict[str, str]:
    """Create whom the instance lacks and give the passwords by role; progress only for the new.

    Whoever was erased or bears another address since is not invented again, and her password goes.
    """
    known, drawn = _passwords(folder)
    complete = known.pop(COMPLETE, "") != ""
    present = {}
    for person in (each for each in PEOPLE if each.role in known):
        password_hash = passwords.hashed(known[person.role])
        with database.writing() as session:
            if _invent(session, person, password_hash, renew=drawn, lacking=not complete):
                present[person.role] = known[person.role]
    if not complete or present != known:
        _keep(folder, {**present, COMPLETE: "ja"})
    return present


def _invent(session: Session, person: Invented, password_hash: str, *, renew: bool, lacking: bool) -> bool:
    """Create her where she is lacking and may be; whether she is there then."""
    found = people.person(session, person.email)
    if found is not None or not lacking:
        if found is not None and renew:
            accounts.set_password(session, found, password_hash, by=ACTOR)
        return found is not None
    made = accounts.create_user(
        session,
        by=ACTOR,
        email=person.email,
        name=person.name,
        password_hash=password_hash,
        municipality=person.ags,
        roles=person.roles,
    )
    learn_some(session, Actor(person_id=made.id), person.progress)
    return True


def learn_some(session: Session, actor: Actor, counts: tuple[int, ...]) -> None:
    """Begin the catalogue's first courses and complete so many lessons of each."""
    cards = courses.cards(session, limit=len(counts)).items if counts else ()
    releases = courses.current_by_id(session, [card.id for card in cards])
    for card, count in zip(cards, counts, strict=False):
        learning.enrol(session, actor, releases[card.id])
        _complete(session, actor, releases[card.id], count)


def _complete(session: Session, actor: Actor, release: CourseRelease, count: int) -> None:
    for lesson in list(release.manifest.lessons())[:count]:
        for exercise in lesson.conditions:
            request = learning.Request(secrets.token_hex(16), lesson.edition, exercise=exercise)
            learning.complete(session, actor, release, lesson.id, request)
        request = learning.Request(secrets.token_hex(16), lesson.edition)
        learning.complete(session, actor, release, lesson.id, request)


def _passwords(folder: Path) -> tuple[dict[str, str], bool]:
    """The passwords by role, and whether they were drawn just now."""
    path = folder / FILE
    if path.is_file():
        return dict(json.loads(path.read_text(encoding="utf-8"))), False
    drawn = {person.role: secrets.token_urlsafe(9) for person in PEOPLE}
    _keep(folder, drawn)
    return drawn, True


def _keep(folder: Path, known: dict[str, str]) -> None:
    storage.write(folder / FILE, json.dumps(known, indent=2).encode())
