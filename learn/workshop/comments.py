"""Comments at lines of a text: written, settled, and found again where their line has moved to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock
from learn.core.access import Actor, Forbidden, NotFound, Refused
from learn.notices import events, lines
from learn.workshop import keys
from learn.workshop.models import ReviewComment

WRITTEN = "anmerkung"  # the kind of event
MOST = 4000  # characters
EXCERPT = 200
EMPTY = "Schreiben Sie Ihre Anmerkung in das Feld."
LONG = "Kürzen Sie die Anmerkung auf 4000 Zeichen."
NO_LINE = "Nennen Sie eine Zeile von 1 bis {last}."


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment. `line`: where its line stands now, from 1; 0 where the text has no such line any more.

    `moved`: it stood elsewhere when it was written. `author` is empty once the person is gone.
    """

    id: int
    line: int
    excerpt: str
    body: str
    author: str
    author_id: int | None
    written: date
    settled: bool
    moved: bool


def at(session: Session, key: str, text: str) -> tuple[Comment, ...]:
    """The comments on a text as it reads now (whole file, LF), by line, lost ones first: one statement."""
    statement = (
        select(ReviewComment, Person.name)
        .outerjoin(Person, Person.id == ReviewComment.author_id)
        .where(ReviewComment.key == key)
        .order_by(ReviewComment.id)
    )
    rows = session.execute(statement).all()
    places = _places(text) if rows else {}
    found = [_comment(row, name or "", places) for row, name in rows]
    return tuple(sorted(found, key=lambda comment: (comment.line, comment.id)))


def page_of(key: str) -> str:
    """The address of the page with a text's comments."""
    path, _, query = keys.href(key).partition("?")
    return f"{path}/anmerkungen" + (f"?{query}" if query else "")


def open_of(session: Session, course_id: str) -> Mapping[str, int]:
    """How many comments wait in each text of a course."""
    statement = select(ReviewComment.key, func.count()).where(
        ReviewComment.course_id == course_id, ReviewComment.settled_on.is_(None)
    )
    rows = session.execute(statement.group_by(ReviewComment.key))
    return {row[0]: row[1] for row in rows}


def write(
    session: Session, actor: Actor, course_id: str, key: str, text: str, line: int, body: str
) -> ReviewComment:
    """Comment on a line of the text as it is saved. Raises Refused, with the field."""
    lines = text.split("\n")
    words = body.replace("\r\n", "\n").strip()
    if not 1 <= line <= len(lines):
        raise Refused(NO_LINE.format(last=len(lines)), field="line")
    if not words or len(words) > MOST:
        raise Refused(LONG if words else EMPTY, field="comment")
    made = ReviewComment(
        course_id=course_id,
        key=key,
        line=line,
        excerpt=_excerpt(lines[line - 1]),
        body=words,
        author_id=actor.owner,
        written_at=clock.now(),
    )
    session.add(made)
    session.flush()
    events.record(session, WRITTEN, f"anmerkung:{key}", comment=made.id, by=actor.owner)
    return made


def settle(session: Session, number: int, *, settled: bool) -> ReviewComment:
    """Settle a comment, or open it again. Raises NotFound."""
    found = one(session, number)
    found.settled_on = (found.settled_on or clock.today()) if settled else None
    _all_settled(session, found.key)
    return found


def delete(session: Session, actor: Actor, number: int) -> ReviewComment:
    """Take back one's own comment. Raises NotFound, Forbidden."""
    found = one(session, number)
    if found.author_id != actor.person_id:
        raise Forbidden
    session.delete(found)
    _all_settled(session, found.key)
    return found


def waits(session: Session, key: str) -> bool:
    """Whether any comment on a text is not settled."""
    waiting = select(ReviewComment.id).where(ReviewComment.key == key, ReviewComment.settled_on.is_(None))
    return session.scalar(waiting.limit(1)) is not None


def _all_settled(session: Session, key: str) -> None:
    """With the last comment of a text the lines about it are done, too."""
    session.flush()
    if not waits(session, key):
        lines.settle(session, f"anmerkung:{key}")


def one(session: Session, number: int) -> ReviewComment:
    """Raises NotFound."""
    found = session.get(ReviewComment, number)
    if found is None:
        raise NotFound
    return found


def _comment(row: ReviewComment, name: str, places: Mapping[str, Sequence[int]]) -> Comment:
    line = _line(row, places.get(row.excerpt, ()))
    return Comment(
        id=row.id,
        line=line,
        excerpt=row.excerpt,
        body=row.body,
        author=name,
        author_id=row.author_id,
        written=clock.local(row.written_at).date(),
        settled=row.settled_on is not None,
        moved=line not in {0, row.line},
    )


def _line(row: ReviewComment, places: Sequence[int]) -> int:
    """The nearest line that reads as the comment's did, the upper of two; 0 without one."""
    return min(places, key=lambda place: (abs(place - row.line), place), default=0)


def _places(text: str) -> dict[str, list[int]]:
    """Line numbers by what stands there."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        found.setdefault(_excerpt(line), []).append(number)
    return found


def _excerpt(line: str) -> str:
    return " ".join(line.split())[:EXCERPT]
