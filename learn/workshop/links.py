"""Links that lead outside from published lessons: which there are, and what became of them.

Asked by the worker alone, a few at a time, and only where the operator has switched it on.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from html import unescape
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from learn.core import clock, jobs
from learn.core.cleaning import DAY
from learn.core.db import Database
from learn.core.jobs import Work
from learn.core.paging import Slice, slice_of
from learn.courses import queries as shelf
from learn.courses.manifest import Manifest
from learn.courses.models import Course, LessonVersion, PublishedId, Release
from learn.courses.published import chunks
from learn.workshop import keys, outside
from learn.workshop.models import OutsideLink
from learn.workshop.outside import Answer, Resolve

OFTEN = timedelta(minutes=30)
BATCH = 20
PER_HOST = 2
PAUSE = 2.0  # seconds between two requests to one host
LONGEST = 240.0  # seconds a batch may take, well within a job's lease
LOOKED_AT = 400  # rows among which a batch is chosen
AGAIN = timedelta(days=30)
SOONER = timedelta(days=7)  # for what did not answer
BROKEN = ("tot", "umgezogen", "unklar")
HREF = re.compile(r'\bhref="(https?://[^"]+)"')


@dataclass(frozen=True, slots=True)
class Found:
    """An address with what its last check found; `uses`: editors and titles of the lessons that name it."""

    address: str
    state: str
    note: str
    checked_on: date | None
    uses: tuple[tuple[str, str], ...] = ()


def addresses(html: str) -> Iterator[str]:
    """Addresses outside that a piece of HTML links to, without their fragments."""
    for found in HREF.findall(html):
        yield unescape(found).partition("#")[0]


def broken(session: Session, named: Iterable[str]) -> list[Found]:
    """Those of these addresses that did not answer well when they were asked last."""
    shas = sorted({_sha(address) for address in named})[:400]
    if not shas:
        return []
    columns = (OutsideLink.address, OutsideLink.state, OutsideLink.note, OutsideLink.checked_on)
    rows = session.execute(select(*columns).where(OutsideLink.sha.in_(shas), OutsideLink.state.in_(BROKEN)))
    return [Found(*row) for row in rows]


def counts(session: Session) -> Mapping[str, int]:
    """How many addresses there are in each state."""
    rows = session.execute(select(OutsideLink.state, func.count()).group_by(OutsideLink.state))
    return {row[0]: row[1] for row in rows}


def listed(session: Session, state: str, after: str | None) -> Slice[Found]:
    """Addresses in a state, some rows at a time, each with the lessons that name it."""
    wanted = select(OutsideLink).where(OutsideLink.state == state)
    found: Slice[OutsideLink] = slice_of(session, wanted, [OutsideLink.address, OutsideLink.sha], after)
    titles = _titles(session, {use for row in found.rows for use in row.uses})
    rows = [
        Found(row.address, row.state, row.note, row.checked_on, _named(row.uses, titles))
        for row in found.rows
    ]
    return Slice(rows, found.after)


def _named(uses: Iterable[str], titles: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((keys.href(use), titles[use]) for use in uses if use in titles)


def _titles(session: Session, lessons: set[str]) -> dict[str, str]:
    """Titles of lessons that are still in their courses."""
    owners = select(PublishedId.course_id).where(PublishedId.id.in_(lessons)).distinct()
    current = shelf.current_by_id(session, session.scalars(owners)) if lessons else {}
    entries = (entry for release in current.values() for entry in release.manifest.lessons())
    return {entry.id: entry.title for entry in entries if entry.id in lessons}


@jobs.job("collect_links", every=DAY)
def collect(work: Work) -> None:
    """Keep the list of addresses in step with what is published; nothing while checking is off."""
    if work.config.check_links:
        gather(work.database)


def gather(database: Database) -> None:
    """Read all current lessons and note the addresses that they name."""
    with database.reading() as session:
        uses = _uses(session)
    with database.writing() as session:
        known = {row.sha: row for row in session.scalars(select(OutsideLink))}
        for sha, (address, lessons) in uses.items():
            if sha not in known:
                session.add(OutsideLink(sha=sha, address=address, uses=lessons))
            elif known[sha].uses != lessons:
                known[sha].uses = lessons
        for some in chunks(known.keys() - uses.keys()):
            session.execute(delete(OutsideLink).where(OutsideLink.sha.in_(some)))


def _uses(session: Session) -> dict[str, tuple[str, list[str]]]:
    """Addresses and the lessons that name them, by hash."""
    versions: dict[int, str] = {}
    for stored in session.scalars(select(Release.manifest).join(Course, Course.release_id == Release.id)):
        versions.update((entry.version, entry.id) for entry in Manifest.from_json(stored).lessons())
    found: dict[str, tuple[str, list[str]]] = {}
    for some in chunks(sorted(versions), 50):
        columns = (LessonVersion.id, LessonVersion.parts, LessonVersion.plain)
        for row in session.execute(select(*columns).where(LessonVersion.id.in_(some))):
            for address in {each for text in _strings([row.parts, row.plain]) for each in addresses(text)}:
                found.setdefault(_sha(address), (address, []))[1].append(versions[row.id])
    return {sha: (address, sorted(lessons)) for sha, (address, lessons) in found.items()}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _sha(address: str) -> str:
    return sha256(address.encode("utf-8", "replace")).hexdigest()


@jobs.job("check_links", every=OFTEN)
def check(work: Work) -> None:
    """Ask some addresses that have waited longest; nothing while checking is off."""
    if work.config.check_links:
        ask(work.database)


def ask(
    database: Database,
    resolve: Resolve = outside.public_endpoint,
    pause: Callable[[float], None] = sleep,
) -> int:
    """Ask a batch of addresses, politely, and note what they said; how many were asked.

    When none at all answers it is our own network that is away: nothing is noted then.
    """
    today = clock.today()
    with database.reading() as session:
        batch = _due(session, today)
    answers, end = dict[str, Answer](), monotonic() + LONGEST
    asked = Counter[str]()
    for address in batch:
        host = _host(address)
        if monotonic() > end:
            break
        if asked[host]:
            pause(PAUSE)
        asked[host] += 1
        answers[address] = outside.check(address, resolve)
    if any(answer.reached for answer in answers.values()) or len(answers) < PER_HOST:
        _note(database, answers, today)
    return len(answers)


def _due(session: Session, today: date) -> Sequence[str]:
    """Addresses to ask now, those never asked first, few of one host."""
    old, failed = OutsideLink.checked_on <= today - AGAIN, OutsideLink.checked_on <= today - SOONER
    due = or_(OutsideLink.checked_on.is_(None), old, OutsideLink.state.in_(("tot", "unklar")) & failed)
    order = (OutsideLink.checked_on.asc().nulls_first(), OutsideLink.sha)
    rows = session.scalars(select(OutsideLink.address).where(due).order_by(*order).limit(LOOKED_AT))
    hosts, found = Counter[str](), list[str]()
    for address in rows:
        host = _host(address)
        hosts[host] += 1
        if hosts[host] <= PER_HOST and len(found) < BATCH:
            found.append(address)
    return found


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _note(database: Database, answers: Mapping[str, Answer], today: date) -> None:
    with database.writing() as session:
        for address, answer in answers.items():
            values = {"state": answer.state, "note": answer.note[:200], "checked_on": today}
            session.execute(update(OutsideLink).where(OutsideLink.sha == _sha(address)).values(values))
