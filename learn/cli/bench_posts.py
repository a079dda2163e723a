"""Questions and answers of `learn bench data`: many rows at a time, with people who read them.

Three people are there to measure as: `mitglied` reads the Netzwerk and one Klasse, `koordination` all, and
`einprozent`, a trainer from a guest town, only the few public questions and those of the first Klasse.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Insert, Table, func, insert, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person, PersonRole, PersonTopic, TrainerCohort
from learn.cli import generated_posts as generated
from learn.cli.generated_rows import ORIGIN, Network, Place, Writer, add, circles
from learn.cli.shown import shown
from learn.core.db import Base, Database
from learn.core.numbering import continue_after
from learn.courses.manifest import Manifest
from learn.forum.audience import MEMBERS, PUBLIC
from learn.forum.models import (
    Helped,
    MeToo,
    Post,
    PostAuthor,
    PostRevision,
    Question,
    QuestionReader,
    QuestionTopic,
)
from learn.network.models import Cohort, CohortTown, Municipality
from learn.notices.models import Event, Notice

AT_ONCE = 20_000  # posts in one transaction
WRITERS = 240  # people at least, so that posts have authors
KLASSEN = ("Messklasse A (Demo)", "Messklasse B (Demo)")
READERS = ("mitglied", "koordination", "einprozent")
FOLLOWED = 50  # the readers follow every fiftieth question that they may read
COMPETENT = ("sensorik", "klima", "datenschutz")
TABLES: tuple[type[Base], ...] = (  # in the order of their foreign keys
    Question,
    QuestionTopic,
    Post,
    PostAuthor,
    PostRevision,
    MeToo,
    Helped,
    QuestionReader,
)


def invent(database: Database, number: int, trees: Sequence[tuple[int, Manifest]]) -> None:
    """Add threads until there are so many generated posts; those that are there already stay."""
    with database.writing() as session:
        klassen = _klassen(session)
        _people(session, klassen[0])
    with database.reading() as session:
        network = _network(session, klassen, trees)
        done = _done(session)
    with shown("Beiträge", number) as advance:
        for some in _batches(generated.threads(number), done):
            with database.writing() as session:
                _store(session, network, some)
            advance(sum(len(thread.kinds) for thread in some))


def _batches(threads: Iterable[generated.Thread], done: int) -> Iterator[list[generated.Thread]]:
    """Threads that are missing, some thousand posts at a time."""
    some: list[generated.Thread] = []
    posts = 0
    for thread in threads:
        if thread.number < done:
            continue
        some.append(thread)
        posts += len(thread.kinds)
        if posts >= AT_ONCE:
            yield some
            some, posts = [], 0
    if some:
        yield some


def _done(session: Session) -> int:
    """How many threads are there: they are stored in their order, so the last one tells."""
    last = select(Question.origin).where(Question.origin.startswith(ORIGIN)).order_by(Question.id.desc())
    origin = session.scalar(last.limit(1))
    return int(origin.removeprefix(ORIGIN)) + 1 if origin else 0


def _store(session: Session, network: Network, threads: Iterable[generated.Thread]) -> None:
    """Keep the rows of some threads, each table at once, and let the tables count on behind them."""
    last = [session.scalar(select(func.max(table.id))) or 0 for table in (Question, Post)]
    place = Place(last[0] + 1, last[1] + 1)
    for thread in threads:
        add(place, network, thread)
    followed = list(_followed(session, network, place))
    place.rows[QuestionReader] += followed
    for table in TABLES:
        if place.rows[table]:
            session.execute(_into(table), place.rows[table])
    _tell(session, followed, place)
    given = {"question": place.question_id - 1, "post": place.post_id - 1}
    continue_after(session.connection(), given)


def _into(table: type[Base]) -> Insert:
    """Plain rows: nothing of them is wanted back."""
    made = table.__table__
    assert isinstance(made, Table)
    return insert(made)


def _followed(session: Session, network: Network, place: Place) -> Iterator[dict[str, Any]]:
    """The measuring people follow some questions, of which they have read the first post alone."""
    readable = {
        "mitglied": {"netzwerk", PUBLIC, f"klasse:{network.klassen[1]}"},
        "koordination": set(circles(network.klassen)),
        "einprozent": {PUBLIC, f"klasse:{network.klassen[0]}"},
    }
    for name, person_id in _readers(session).items():
        mine = [each["id"] for each in place.rows[Question] if each["listed"] in readable[name]]
        for question_id in mine[:: 1 if name == "einprozent" else FOLLOWED]:
            ids = {"person_id": person_id, "question_id": question_id}
            yield {**ids, "last_read": 1, "follow": "alles", "reason": "gewaehlt"}


def _tell(session: Session, followed: Sequence[Mapping[str, Any]], place: Place) -> None:
    """The lines of what they follow; the events behind them are done."""
    if not followed:
        return
    latest = {each["id"]: (each["last_number"], each["latest_at"]) for each in place.rows[Question]}
    events: list[dict[str, Any]] = [
        {"kind": "antwort", "subject": f"frage:{row['question_id']}", "resolved": True}
        | {"data": {"question": row["question_id"]}, "at": latest[row["question_id"]][1]}
        for row in followed
    ]
    given = insert(Event).returning(Event.id, sort_by_parameter_order=True)
    lines = [
        {
            "person_id": row["person_id"],
            "subject": event["subject"],
            "question_id": row["question_id"],
            "kind": "antwort",
            "reason": "gewaehlt",
            "data": event["data"],
            "event_id": event_id,
            "happened_on": event["at"].date(),
            "done": False,
        }
        for row, event, event_id in zip(followed, events, session.scalars(given, events), strict=True)
    ]
    session.execute(_into(Notice), lines)


def _readers(session: Session) -> dict[str, int]:
    """The measuring people by name."""
    found = session.execute(select(Person.email, Person.id).where(Person.email.in_(map(address, READERS))))
    return {email.partition("@")[0]: person_id for email, person_id in found}


def address(name: str) -> str:
    return f"{name}@example.org"


def _network(session: Session, klassen: list[int], trees: Sequence[tuple[int, Manifest]]) -> Network:
    writers: dict[str, list[Writer]] = {circle: [] for circle in circles(klassen)}
    inside = {
        (row.cohort_id, row.municipality_id)
        for row in session.execute(select(CohortTown.cohort_id, CohortTown.municipality_id))
    }
    statement = (
        select(Person.id, Municipality.id, Municipality.size, Municipality.role)
        .join(Municipality, Municipality.id == Person.municipality_id)
        .where(Person.name.startswith("Person "))
        .order_by(Person.email_key)
    )
    for person_id, town_id, size, role in session.execute(statement):
        writer = Writer(person_id, town_id, size)
        writers[PUBLIC].append(writer)
        if role in MEMBERS:
            writers["netzwerk"].append(writer)
            for number in klassen:
                if (number, town_id) in inside:
                    writers[f"klasse:{number}"].append(writer)
    lessons = [
        (lesson.id, tree.course_id, lesson.edition) for _release, tree in trees for lesson in tree.lessons()
    ]
    return Network(writers, klassen, frozenset(COMPETENT), lessons)


def _klassen(session: Session) -> list[int]:
    """Two Klassen of member towns: the second holds the town of `mitglied`, the first does not."""
    towns = session.scalars(
        select(Municipality.id).where(Municipality.role.in_(MEMBERS)).order_by(Municipality.ags)
    ).all()
    found = []
    for name, some in zip(KLASSEN, (towns[1:4], [towns[0], *towns[3:6]]), strict=True):
        cohort = session.scalar(select(Cohort).where(Cohort.name == name))
        if cohort is None:
            cohort = Cohort(name=name, description="Erzeugt für Messungen.", created_on=date(2024, 1, 8))
            session.add(cohort)
            session.flush()
            session.add_all(
                CohortTown(cohort_id=cohort.id, municipality_id=town, joined_on=cohort.created_on)
                for town in some
            )
            session.flush()
        found.append(cohort.id)
    return found


def _people(session: Session, klasse: int) -> None:
    """The three who measure, and a contact for some topics."""
    towns = {
        role: session.scalar(
            select(Municipality.id).where(Municipality.role == role).order_by(Municipality.ags)
        )
        for role in ("pionier", "gast")
    }
    _person(session, "mitglied", towns["pionier"], ())
    _person(session, "koordination", None, ("coordinator",))
    limited = _person(session, "einprozent", towns["gast"], ("trainer",))
    if limited:
        session.add(TrainerCohort(person_id=limited, cohort_id=klasse))
    contact = _person(session, "kontakt", towns["pionier"], ("expert",))
    if contact:
        session.add_all(PersonTopic(person_id=contact, topic=topic) for topic in COMPETENT)


def _person(session: Session, name: str, town: int | None, roles: Sequence[str]) -> int | None:
    """The number of somebody who was missing."""
    if session.scalar(select(Person.id).where(Person.email == address(name))):
        return None
    made = Person(
        email=address(name),
        email_key=address(name),
        name=f"{name.capitalize()} Messung (Demo)",
        municipality_id=town,
        password_hash=None,
        created_on=date(2024, 1, 8),
    )
    session.add(made)
    session.flush()
    session.add_all(PersonRole(person_id=made.id, role=role) for role in roles)
    return made.id
