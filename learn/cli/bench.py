"""`learn bench data`: an instance full of generated courses, people, progress and posts, for measurements."""

import random
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from learn.accounts import passwords, words
from learn.accounts.models import Person
from learn.cli import bench_posts, generated
from learn.cli.marked import import_towns, mark, refuse_real_people
from learn.cli.ready import ready
from learn.cli.shown import shown
from learn.config import Config
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import publish as publishing
from learn.courses.manifest import Manifest
from learn.courses.models import Course, Release
from learn.learning.models import Enrolment, ProgressEntry
from learn.network.models import Municipality
from learn.search import rebuilding

FIRST_DAY = date(2026, 1, 5)
DAYS = 250
COURSES_AT_ONCE = 50
PEOPLE_AT_ONCE = 2000
MOST_COURSES = 4  # begun by one person


@click.group()
def bench() -> None:
    """Daten für Messungen erzeugen."""


@bench.command()
@click.option("--posts", default=0, type=click.IntRange(min=0), metavar="N", help="Beiträge im Forum.")
@click.option("--people", default=0, type=click.IntRange(min=0), metavar="N", help="Personen.")
@click.option("--courses", default=0, type=click.IntRange(min=0), metavar="N", help="Kurse.")
def data(posts: int, people: int, courses: int) -> None:
    """Die Instanz mit erzeugten Daten füllen; sie wird als Demo gekennzeichnet."""
    people = max(people, bench_posts.WRITERS) if posts else people
    config = Config.from_env()
    with ready(config) as database:
        refuse_real_people(database)
        mark(database)
        import_towns(database)
        publish(config, database, courses)
        invent(database, people)
        if posts:
            bench_posts.invent(database, posts, tree_of_each(database))
            index(database, posts)
    click.echo(f"{courses} Kurse, {people} Personen und {posts} Beiträge sind da.")


def index(database: Database, number: int) -> None:
    """The search index, from all texts; what is right already stays."""
    with shown("Suchindex", number) as advance:
        rebuilding.rebuild(database, lambda _name, texts: advance(texts))


def publish(config: Config, database: Database, number: int) -> None:
    """Publish generated course folders the way authors do, some at a time."""
    with shown("Kurse", number) as advance:
        for start in range(0, number, COURSES_AT_ONCE):
            some = range(start, min(start + COURSES_AT_ONCE, number))
            with tempfile.TemporaryDirectory() as folder:
                for course in some:
                    generated.write_course(Path(folder), course)
                report = publishing.publish(database, Storage(config.storage), Path(folder))
            if not report.ok:
                raise Refused(f"Die erzeugten Kurse haben Fehler: {report.findings[0]}")
            advance(len(some))


def invent(database: Database, number: int) -> None:
    """Add people who are missing, each with some courses begun and some lessons done."""
    password_hash = passwords.hashed(secrets.token_urlsafe(16))  # nobody signs in as one of them
    trees = tree_of_each(database)
    with shown("Personen", number) as advance:
        for start in range(0, number, PEOPLE_AT_ONCE):
            numbers = range(start, min(start + PEOPLE_AT_ONCE, number))
            with database.writing() as session:
                _invent_some(session, numbers, password_hash, trees)
            advance(len(numbers))


def tree_of_each(database: Database) -> list[tuple[int, Manifest]]:
    """Current releases in the order of the catalogue: id and tree."""
    query = (
        select(Release.id, Release.manifest)
        .join(Course, Course.release_id == Release.id)
        .where(Course.kind == "kurs")
        .order_by(Course.position, Course.id)
    )
    with database.reading() as session:
        return [(release_id, Manifest.from_json(manifest)) for release_id, manifest in session.execute(query)]


def _invent_some(
    session: Session, numbers: range, password_hash: str, trees: Sequence[tuple[int, Manifest]]
) -> None:
    towns = session.scalars(select(Municipality.id).order_by(Municipality.ags)).all()
    emails = [f"person{number:06}@example.org" for number in numbers]
    known = set(session.scalars(select(Person.email_key).where(Person.email_key.in_(emails))))
    people = [
        {
            "email": email,
            "email_key": email,
            "name": f"Person {number:06} (Demo)",
            "municipality_id": towns[number % len(towns)],
            "password_hash": password_hash,
            "active": True,
            "created_on": FIRST_DAY,
        }
        for number, email in zip(numbers, emails, strict=True)
        if email not in known
    ]
    if not people:
        return
    session.execute(insert(Person), people)
    new = [row["email"] for row in people]
    named = select(Person.email, Person.id, Person.name).where(Person.email_key.in_(new))
    found = session.execute(named).all()
    words.store(session, [(row.id, row.name, row.email) for row in found])
    people_ids = sorted((int(row.email[6:12]), row.id) for row in found)
    _learn(session, people_ids, trees)


def _learn(
    session: Session, people: Sequence[tuple[int, int]], trees: Sequence[tuple[int, Manifest]]
) -> None:
    """Enrolments first, whose ids the log needs."""
    begun: list[tuple[random.Random, Manifest, dict[str, Any]]] = []
    for number, person_id in people:
        chance = random.Random(number)  # noqa: S311 - no secret
        for place in chance.sample(range(len(trees)), min(len(trees), chance.randrange(MOST_COURSES + 1))):
            release_id, tree = trees[place]
            day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
            row = {"person_id": person_id, "course_id": tree.course_id, "release_id": release_id, "day": day}
            begun.append((chance, tree, row))
    if not begun:
        return
    statement = insert(Enrolment).returning(Enrolment.id, sort_by_parameter_order=True)
    ids = session.scalars(statement, [row for _chance, _tree, row in begun]).all()
    entries = [
        entry
        for enrolment_id, (chance, tree, row) in zip(ids, begun, strict=True)
        for entry in _entries(
            chance, tree, {"enrolment_id": enrolment_id, "release_id": row["release_id"], "day": row["day"]}
        )
    ]
    if entries:
        session.execute(insert(ProgressEntry), entries)


def _entries(chance: random.Random, tree: Manifest, common: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The first so many lessons done, and the course once nothing required is left."""
    lessons = list(tree.lessons())
    done = lessons[: chance.randrange(len(lessons) + 1)]
    for lesson in done:
        yield _entry(common, lesson.id, lesson.edition)
    if all(lesson in done for lesson in lessons if lesson.required):
        yield _entry(common, tree.course_id, tree.edition)


def _entry(common: dict[str, Any], name: str, edition: int) -> dict[str, Any]:
    request_id = f"bench-{common['enrolment_id']}-{name}"
    fields = {"object_id": name, "edition": edition, "event": "done", "pass_": 0, "request_id": request_id}
    return {**common, **fields}
