"""Merging and splitting: posts move between questions with all that belongs to them.

A moved post keeps its id, so links, revisions, quotes, reactions and mentions follow. It gets the next
number of its new question; at its old number stays a `verweis`, so that numbers stay dense and none is given
twice. `parting` takes both back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from learn.core.access import Forbidden, NotFound, Refused
from learn.forum import acts, asking, carrying, counting, indexing, pictures, policy, queries
from learn.forum.audience import Reader, narrower
from learn.forum.models import Moderation, Post, PostRevision, Question

BETWEEN = (acts.MERGE, acts.SPLIT)
MERGED = "verschoben"
NUMBER = re.compile(r"(?:.*/fragen/|#)?(\d{1,9})(?:-[a-z0-9-]*)?/?(?:[?#].*)?\s*")
NO_TARGET = "Geben Sie die Nummer oder die Adresse einer Frage an."
ITSELF = "Wählen Sie eine andere Frage."
WIDER = "Die andere Frage hat einen größeren oder anderen Kreis. Dorthin darf nichts von hier."
CLOSED = "Diese Frage ist ausgeblendet oder zusammengeführt. Wählen Sie eine andere."
CHOOSE = "Wählen Sie mindestens einen Beitrag."
NOT_FIRST = "Der erste Beitrag ist die Frage selbst. Führen Sie dafür die Fragen zusammen."


@dataclass(frozen=True, slots=True)
class Fresh:
    """The question that chosen posts become: title and topics, the main one first."""

    title: str
    topics: tuple[str, ...]


def number_in(text: str) -> int:
    """The number of a question, given as such or in its address. Raises Refused."""
    found = NUMBER.fullmatch(text.strip())
    if found is None:
        raise Refused(NO_TARGET, field="target")
    return int(found[1])


def held(session: Session, who: Reader, first_id: int, second_id: int) -> tuple[Question, Question]:
    """Two questions as they are now, both locked, the lower number first, whoever asks. Raises NotFound."""
    statement = (
        select(Question)
        .where(Question.id.in_((first_id, second_id)))
        .order_by(Question.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {question.id: question for question in session.scalars(statement)}
    if len({first_id, second_id} & found.keys()) != 2 or not all(who.reads(q.circle) for q in found.values()):
        raise NotFound
    return found[first_id], found[second_id]


def target_of(session: Session, who: Reader, source: Question, text: str) -> Question:
    """The question that is named, where posts of this one may go. Raises Refused at `target`."""
    number = number_in(text)
    if number == source.id:
        raise Refused(ITSELF, field="target")
    target = queries.question(session, who, number)
    if target is None:
        raise Refused(NO_TARGET, field="target")
    check(source, target)
    return target


def merge(session: Session, who: Reader, source_id: int, target_id: int, reason: str) -> Moderation:
    """Append all posts of a question to another; its page leads there.

    Raises NotFound, Forbidden, Refused.
    """
    source, target = both(session, who, source_id, target_id)
    reason = acts.clean(reason)
    posts = carrying.content(session, source.id)
    former = {"verdict": target.verdict}
    moved = carrying.carry(session, source, target, posts)
    if any(post.solution for post in posts):
        target.verdict = target.verdict or source.verdict
    source.status, source.merged_into, source.reason = MERGED, target.id, reason
    finish(session, source, target)
    return acts.record(
        session,
        who.actor,
        acts.MERGE,
        source,
        reason,
        [post.id for post in posts],
        other=target.id,
        moved=moved,
        former=former,
        verdict=target.verdict,
    )


def split(
    session: Session,
    who: Reader,
    source_id: int,
    chosen: Sequence[int],
    target: int | Fresh,
    reason: str,
) -> Moderation:
    """Take posts, by number, out of a question into another one, or into a new one.

    Rückfragen go with what they ask about. Raises NotFound, Forbidden, Refused.
    """
    if isinstance(target, Fresh):
        source = queries.held(session, who, source_id)
        authorise(who, source)
    else:
        source, into = both(session, who, source_id, target)
    reason = acts.clean(reason)
    posts = with_comments(session, source.id, chosen)
    new = isinstance(target, Fresh)
    if isinstance(target, Fresh):
        into = opened(session, source, posts[0], target)
    former = {"verdict": source.verdict, "verdict_there": into.verdict, "first": first_of(posts[0])}
    moved = carrying.carry(session, source, into, posts)
    if new:
        lead(session, into, posts[0])
    if any(post.solution for post in posts):
        into.verdict = into.verdict or source.verdict
    counting.refresh(session, source.id)
    judge_again(source)
    finish(session, source, into)
    return acts.record(
        session,
        who.actor,
        acts.SPLIT,
        source,
        reason,
        [post.id for post in posts],
        other=into.id,
        moved=moved,
        former=former,
        new=new,
        verdict=into.verdict,
        verdict_here=source.verdict,
    )


def both(session: Session, who: Reader, source_id: int, target_id: int) -> tuple[Question, Question]:
    """Source and target, locked, once everything about them is right."""
    if source_id == target_id:
        raise Refused(ITSELF, field="target")
    source, target = held(session, who, source_id, target_id)
    authorise(who, source)
    check(source, target)
    return source, target


def authorise(who: Reader, source: Question) -> None:
    if not policy.may_rearrange(who.actor):
        raise Forbidden
    if source.status != "gezeigt":
        raise Refused("Diese Frage ist schon ausgeblendet oder zusammengeführt.", status=409)


def check(source: Question, target: Question) -> None:
    """Posts may go into the same or a narrower circle only. Raises Refused at `target`."""
    if target.status != "gezeigt":
        raise Refused(CLOSED, field="target")
    if not narrower(target.circle, source.circle):
        raise Refused(WIDER, field="target")


def with_comments(session: Session, source_id: int, chosen: Sequence[int]) -> list[Post]:
    """The chosen posts and all Rückfragen about them, in their order. Raises Refused at `posts`."""
    posts = carrying.content(session, source_id)
    if 1 in chosen:
        raise Refused(NOT_FIRST, field="posts")
    wanted: set[int] = set()
    for post in posts:
        if post.number in chosen or (post.about_id in wanted and post.kind == "rueckfrage"):
            wanted.add(post.id)
    if not wanted:
        raise Refused(CHOOSE, field="posts")
    return [post for post in posts if post.id in wanted]


def opened(session: Session, source: Question, first: Post, fresh: Fresh) -> Question:
    """The new question, as old as its first post: it takes the place in lists that it would have had."""
    if first.hidden:
        raise Refused("Der erste der Beiträge ist ausgeblendet. Aus ihm wird keine Frage.", field="posts")
    title = asking.clean_title(fresh.title)
    topics = asking.known_topics(session, fresh.topics)
    made = Question(
        title=title,
        slug=asking.slug_of(title),
        tried="",
        tried_parts=[],
        phase=source.phase,
        level=source.level,
        cohort_id=source.cohort_id,
        circle=source.circle,
        listed=source.circle,
        municipality_id=first.municipality_id,
        size=first.size,
        topic=topics[0],
        lesson_id=source.lesson_id,
        course_id=source.course_id,
        heading=source.heading,
        edition=source.edition,
        asked_at=first.at,
        latest_at=first.at,
        waits_since=first.at,
        status="gezeigt",
        reason="",
        locked=False,
        verdict="",
        state=counting.OPEN,
        **dict.fromkeys(("answers", "solutions", "me_too", "last_number", "top_number", "quiet_number"), 0),
    )
    session.add(made)
    session.flush()
    asking.add_topics(session, made, topics)
    return made


def first_of(post: Post) -> dict[str, Any]:
    """What a post loses when it becomes the text of a question."""
    return {"kind": post.kind, "about": post.about_id, "solution": post.solution}


def lead(session: Session, question: Question, first: Post) -> None:
    """Make an Antwort the text of its new question; its current revision bears the title."""
    first.kind, first.about_id, first.solution = "frage", None, False
    name_revision(session, first.id, question.title)
    session.flush()


def name_revision(session: Session, post_id: int, title: str) -> None:
    latest = select(func.max(PostRevision.revision)).where(PostRevision.post_id == post_id).scalar_subquery()
    here = (PostRevision.post_id == post_id) & (PostRevision.revision == latest)
    session.execute(update(PostRevision).where(here).values(title=title))


def judge_again(source: Question) -> None:
    """No question is „gelöst“ whose Lösungen have all gone elsewhere."""
    if not source.solutions and source.verdict in {counting.SOLVED, counting.PARTLY}:
        source.verdict = ""


def finish(session: Session, source: Question, target: Question) -> None:
    """Count both anew, index the one that loses first, move the files of pictures to their circle."""
    for question in (source, target):
        counting.refresh(session, question.id)
        indexing.reindex(session, question.id)
    if source.circle != target.circle:
        pictures.settle_later(session, target.id)
