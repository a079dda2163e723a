"""A Kommune's own Markdown at a lesson or one of its headings: prepared, stored, removed, rendered anew."""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn.core import clock, jobs
from learn.core.access import Actor, NotFound, Refused
from learn.markup import RENDERER, faults, guard
from learn.markup.addresses import OwnAddresses
from learn.markup.model import Fault, Html, Rendered
from learn.markup.sanitise import bare_text
from learn.markup.store import prefixed
from learn.notices.models import Notice
from learn.workshop.anchoring import MOVED, SPOT
from learn.workshop.models import Supplement

LONGEST = 8_000  # characters
EMPTY = "Schreiben Sie die Ergänzung in das Feld."
NO_PICTURE = "Das Bild „{pfad}“ erscheint nicht: Ergänzungen haben keine Bilder."
TAKEN = "An dieser Stelle steht schon eine Ergänzung Ihrer Kommune. Wählen Sie eine andere Stelle."
DAY = timedelta(days=1)
AT_ONCE = 50  # rows of one transaction
_HEADING = re.compile(r"(</?h)([2-6])(?=[ >])")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A lesson, or one of its headings by slug and words (both empty: the lesson itself)."""

    course_id: str
    lesson_id: str
    slug: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """What will not look as it was written: its line in the field (from 1), a sentence, its code."""

    line: int
    sentence: str
    code: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text that was rendered before the lock is taken. `hints`: by line."""

    source: str
    html: str
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class Current:
    """What is stored now."""

    id: int
    slug: str
    body: str
    revision: int


class Conflict(Exception):
    """Somebody saved meanwhile; carries what is stored now. 409."""

    def __init__(self, row: Supplement) -> None:
        super().__init__("outdated base_revision")
        self.current = Current(row.id, row.slug, row.body, row.revision)


def prepare(source: str, anchor: Anchor) -> Prepared:
    """Check and render a text. Raises Refused at `body`."""
    typed = source.replace("\r\n", "\n").replace("\r", "\n")
    source = typed.strip()
    if len(source) > LONGEST:
        raise Refused(f"Kürzen Sie auf 8.000 Zeichen. Der Text hat {len(source)}.", field="body")
    try:
        found = guard.render(source, "beitrag", OwnAddresses())
    except guard.Refused as problem:
        raise Refused(str(problem), field="body") from problem
    html = _placed(found, anchor.lesson_id, anchor.slug)
    if not bare_text(html).strip():
        raise Refused(EMPTY, field="body")
    above = typed[: len(typed) - len(typed.lstrip())].count("\n")
    return Prepared(source, html, tuple(_hints(found.faults, above)))


def _hints(found: Iterable[Fault], above: int) -> Iterator[Hint]:
    """In words, for a text below so many empty lines; a picture that is left out needs no description."""
    pictures = {fault.line for fault in found if fault.code == "K501"}
    for fault in found:
        if fault.code == "K501":
            yield Hint(fault.line + above, NO_PICTURE.format(**fault.values), fault.code)
        elif fault.code != "K502" or fault.line not in pictures:
            yield Hint(fault.line + above, faults.sentence(fault), fault.code)


def rendered(source: str, lesson_id: str, slug: str) -> str:
    """Sanitised HTML whose ids cannot meet those of a lesson, nor of another supplement on the page.

    Headings stand below the one the supplement belongs to and leave no level out. Raises guard.Refused.
    """
    return _placed(guard.render(source, "beitrag", OwnAddresses()), lesson_id, slug)


def _placed(found: Rendered, lesson_id: str, slug: str) -> str:
    html = "".join(part.html for part in found.parts if isinstance(part, Html))
    (part,) = prefixed((Html(html),), _prefix(lesson_id, slug))
    assert isinstance(part, Html)
    return _below(part.html, 3 if slug else 2)


def _prefix(lesson_id: str, slug: str) -> str:
    """Begins an id: the lesson's and, as a slug may be long and hold any letter, a number for it."""
    return f"{lesson_id}-ergaenzung-{zlib.crc32(slug.encode())}"


def _below(html: str, top: int) -> str:
    """The same with headings from level `top`, each at most one level below the one before."""
    last = top - 1

    def level(found: re.Match[str]) -> str:
        nonlocal last
        if found[1] == "<h":
            last = min(6, max(top, int(found[2]) + top - 2), last + 1)
        return f"{found[1]}{last}"

    return _HEADING.sub(level, html)


def supplement(session: Session, municipality_id: int, number: int) -> Supplement | None:
    """One of a Kommune's supplements."""
    mine = (Supplement.municipality_id == municipality_id, Supplement.id == number)
    return session.scalar(select(Supplement).where(*mine))


def of_course(session: Session, municipality_id: int, course_id: str) -> Sequence[Supplement]:
    """A Kommune's supplements in a course, lesson by lesson."""
    mine = (Supplement.municipality_id == municipality_id, Supplement.course_id == course_id)
    return session.scalars(
        select(Supplement).where(*mine).order_by(Supplement.lesson_id, Supplement.id)
    ).all()


def of_lesson(session: Session, municipality_id: int, lesson_id: str) -> Sequence[Supplement]:
    """A Kommune's supplements at a lesson, the one at its beginning first."""
    mine = (Supplement.municipality_id == municipality_id, Supplement.lesson_id == lesson_id)
    return session.scalars(select(Supplement).where(*mine).order_by(Supplement.slug)).all()


def save(
    session: Session,
    actor: Actor,
    municipality_id: int,
    anchor: Anchor,
    text: Prepared,
    *,
    number: int,
    base_revision: int,
) -> Supplement:
    """Store a new supplement (`number` 0) or change one. Raises Conflict, Refused at `heading`.

    One that was removed meanwhile is stored anew: a text is never lost.
    """
    mine = (Supplement.municipality_id == municipality_id, Supplement.lesson_id == anchor.lesson_id)
    held = select(Supplement).where(*mine).with_for_update()
    row = session.scalar(held.where(Supplement.id == number)) if number else None
    there = session.scalar(held.where(Supplement.slug == anchor.slug))
    if row is None and there is not None:
        if there.body == text.source:  # sent twice
            return there
        raise Conflict(there)
    if row is not None and row.revision != base_revision:
        raise Conflict(row)
    if there is not None and there is not row:
        raise Refused(TAKEN, field="heading")
    return _stored(session, actor, row, municipality_id, anchor, text)


def _stored(
    session: Session,
    actor: Actor,
    row: Supplement | None,
    municipality_id: int,
    anchor: Anchor,
    text: Prepared,
) -> Supplement:
    if row is None:
        row = Supplement(municipality_id=municipality_id, lesson_id=anchor.lesson_id, revision=0)
        session.add(row)
    row.course_id, row.slug, row.heading, row.place = anchor.course_id, anchor.slug, anchor.heading, SPOT
    row.body, row.html, row.renderer = text.source, text.html, RENDERER
    row.revision += 1
    row.written_by, row.written_on = actor.person_id, clock.today()
    try:
        session.flush()
    except IntegrityError as taken:
        raise Refused(TAKEN, field="heading") from taken
    return row


def remove(session: Session, municipality_id: int, number: int, *, base_revision: int) -> None:
    """Take a supplement away with the lines that told of it. Raises NotFound, Conflict."""
    row = session.get(Supplement, number, with_for_update=True)
    if row is None or row.municipality_id != municipality_id:
        raise NotFound
    if row.revision != base_revision:
        raise Conflict(row)
    session.delete(row)
    session.execute(delete(Notice).where(Notice.subject == f"{MOVED}:{number}"))
    session.flush()


@jobs.job("render_supplements", every=DAY)
def render_anew(work: jobs.Work) -> None:
    """Render anew what an older renderer made; what cannot be rendered stays as it is."""
    last = 0
    while True:
        old = select(Supplement).where(Supplement.renderer != RENDERER, Supplement.id > last)
        with work.database.reading() as session:
            rows = session.scalars(old.order_by(Supplement.id).limit(AT_ONCE)).all()
        if not rows:
            return
        last = rows[-1].id
        fresh = [(row.id, row.revision, html) for row in rows if (html := _again(row)) is not None]
        with work.database.writing() as session:
            for number, revision, html in fresh:
                _renew(session, number, revision, html)


def _again(row: Supplement) -> str | None:
    try:
        return rendered(row.body, row.lesson_id, row.slug)
    except guard.Refused:
        return None


def _renew(session: Session, number: int, revision: int, html: str) -> None:
    """Keep it, unless the supplement was edited meanwhile."""
    row = session.get(Supplement, number, with_for_update=True)
    if row is not None and row.revision == revision:
        row.html, row.renderer = html, RENDERER
