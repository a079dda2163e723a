"""Reports of posts: one per person and post, two grave ones from different towns hide it until the decision.

The author never learns who reported; the reporter hears what was decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Forbidden, NotFound, Refused
from learn.core.paging import Slice, slice_of
from learn.forum import acts, counting, indexing, moderating, policy, queries, texts
from learn.forum.audience import Reader
from learn.forum.models import Moderation, Post, Question, Report
from learn.network.models import Municipality
from learn.notices import events

PRIVATE, SECRET = "personendaten", "vertraulich"
KINDS = (PRIVATE, SECRET, "rechte", "werbung", "beleidigung", "anderes")
GRAVE = frozenset({PRIVATE, SECRET})
OPEN, HIDDEN, STAYS = "offen", "verborgen", "bleibt"
TOWNS = 2  # whose grave reports hide a post at once
UNTIL_DECIDED = "Ausgeblendet, bis die Koordination entschieden hat."
LONGEST = 2_000
CHOOSE = "Wählen Sie, worum es geht."
DESCRIBE = "Schreiben Sie, was Ihnen aufgefallen ist."
TWICE = "Sie haben diesen Beitrag schon gemeldet."
DECIDED = "Über diese Meldung ist schon entschieden."
ANSWER = "Schreiben Sie, warum der Beitrag sichtbar bleibt. Wer gemeldet hat, liest Ihre Antwort."


@dataclass(frozen=True, slots=True)
class Case:
    """A reported post with what was said of it; reporters are not named to anybody."""

    post: Post
    question: Question
    reports: tuple[Report, ...]
    towns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the queue: the oldest open report of a post."""

    report_id: int
    post_id: int
    kind: str
    reported_on: date
    title: str
    number: int
    hidden: str
    reports: int


def report(session: Session, who: Reader, post: Post, kind: str, text: str) -> Report:
    """Report a post that she can read. Raises NotFound, Forbidden, Refused."""
    post, question = queries.held_post(session, who, post.id)
    check(session, who, post, question)
    if kind not in KINDS:
        raise Refused(CHOOSE, field="kind")
    text = clean(text)
    made = Report(
        post_id=post.id,
        person_id=who.actor.owner,
        municipality_id=who.actor.municipality_id,
        kind=kind,
        text=text,
        reported_on=clock.today(),
        state=OPEN,
        answer="",
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as known:
        raise Refused(TWICE, status=409) from known
    ids = {"report": made.id, "post": post.id, "question": question.id, "by": who.actor.owner}
    events.record(session, "meldung", f"gemeldet:{post.id}", **ids)
    if not post.hidden and grave_towns(session, post.id) >= TOWNS:
        hide(session, question, post)
    return made


def check(session: Session, who: Reader, post: Post, question: Question) -> None:
    """Whether she may report this post. Raises NotFound, Forbidden, Refused for her own."""
    if not who.reads(question.listed) or post.kind == "verweis" or post.hidden not in {"", acts.REPORTED}:
        raise NotFound
    if not policy.may_report(who, question):
        raise Forbidden
    if queries.wrote(session, who, post.id):
        raise Refused("Das ist Ihr eigener Beitrag. Sie können ihn ändern oder zurückziehen.", status=403)


def reported(session: Session, who: Reader, post_id: int) -> bool:
    """Whether she has reported the post before."""
    mine = select(Report.id).where(Report.post_id == post_id, Report.person_id == who.actor.person_id)
    return session.scalar(mine) is not None


def clean(text: str) -> str:
    """What was noticed. Raises Refused."""
    text = text.replace("\r\n", "\n").strip()
    if texts.is_blank(text):
        raise Refused(DESCRIBE, field="text")
    if len(text) > LONGEST:
        raise Refused(f"Kürzen Sie auf 2.000 Zeichen. Der Text hat {len(text)}.", field="text")
    return text


def grave_towns(session: Session, post_id: int) -> int:
    """From how many towns grave reports of a post are open."""
    open_ones = (Report.post_id == post_id) & (Report.state == OPEN) & Report.kind.in_(GRAVE)
    return session.execute(
        select(func.count(Report.municipality_id.distinct())).where(open_ones)
    ).scalar_one()


def hide(session: Session, question: Question, post: Post) -> None:
    """Take a post out of sight until somebody has decided; nobody is named as having done it."""
    post.hidden, post.reason = acts.REPORTED, ""  # the page says until when
    finish(session, question)
    acts.record(session, None, acts.HIDE, question, UNTIL_DECIDED, [post.id], post=post, reported=True)


def finish(session: Session, question: Question) -> None:
    counting.refresh(session, question.id)
    indexing.reindex(session, question.id)


def waiting(session: Session, after: str | None) -> Slice[Waiting]:
    """Reported posts with open reports, the oldest report first."""
    first = select(func.min(Report.id)).where(Report.state == OPEN).group_by(Report.post_id)
    found = slice_of(session, select(Report).where(Report.id.in_(first)), [Report.id], after)
    return Slice(_described(session, found.rows), found.after)


def number_waiting(session: Session, limit: int) -> int:
    """How many posts have open reports, counted to a limit."""
    some = select(Report.post_id).where(Report.state == OPEN).distinct().limit(limit)
    return len(session.scalars(some).all())


def case(session: Session, post_id: int) -> Case | None:
    """A post with its open reports; None when there are none left."""
    mine = (Report.post_id == post_id) & (Report.state == OPEN)
    reports = tuple(session.scalars(select(Report).where(mine).order_by(Report.id)))
    if not reports:
        return None
    statement = select(Post, Question).join(Question, Question.id == Post.question_id)
    post, question = session.execute(statement.where(Post.id == post_id)).one()
    towns = {one.municipality_id for one in reports if one.municipality_id}
    names = select(Municipality.name).where(Municipality.id.in_(towns)).order_by(Municipality.sort)
    return Case(post, question, reports, tuple(session.scalars(names)))


def decide(session: Session, who: Reader, post_id: int, *, hide: bool, reason: str) -> None:
    """Close all open reports of a post: hide it with the reason, or let it stay with an answer to reporters.

    Raises NotFound, Forbidden, Refused.
    """
    if not policy.may_rearrange(who.actor):
        raise Forbidden
    post, question = queries.held_post(session, who, post_id)
    open_ones = select(Report.id).where(Report.post_id == post.id, Report.state == OPEN).with_for_update()
    ids = list(session.scalars(open_ones))
    if not ids:
        raise Refused(DECIDED, status=409)
    reason = acts.clean(reason, acts.WHY if hide else ANSWER)
    if hide:
        _hide(session, who, post, question, reason)
    elif post.hidden == acts.REPORTED:
        show_again(session, who, post, question, reason)
    values = {"state": HIDDEN if hide else STAYS, "answer": reason}
    session.execute(update(Report).where(Report.id.in_(ids)).values(values))
    for number in ids:  # each reporter hears of her own
        told = {"report": number, "post": post.id, "question": question.id}
        events.record(session, "entscheidung", f"meldung:{number}", **told)


def _hide(session: Session, who: Reader, post: Post, question: Question, reason: str) -> None:
    """Where it is out of sight already, the reports are closed all the same."""
    if post.hidden not in {"", acts.REPORTED} or question.status != "gezeigt":
        return
    settle_own_act(session, post)
    moderating.hide_post(session, who, post, reason)


def show_again(session: Session, who: Reader, post: Post, question: Question, reason: str) -> None:
    """The post is back at its place; its author is told."""
    act = settle_own_act(session, post)
    post.hidden, post.reason = "", ""
    finish(session, question)
    of = act.id if act else 0
    acts.record(session, who.actor, acts.UNDO, question, reason, [post.id], post=post, of=of)


def settle_own_act(session: Session, post: Post) -> Moderation | None:
    """What the reports alone did is over with the decision."""
    mine = (Moderation.post_id == post.id) & (Moderation.action == acts.HIDE) & Moderation.undone.is_(False)
    found = session.scalar(
        select(Moderation).where(mine, Moderation.actor_id.is_(None)).order_by(Moderation.id.desc()).limit(1)
    )
    if found is not None and found.data.get("reported"):
        found.undone = True
        if found.objection_state == acts.OPEN:
            found.objection_state = acts.REVIEWED
        session.flush()
        return found
    return None


def _described(session: Session, found: Sequence[Report]) -> list[Waiting]:
    ids = [one.post_id for one in found]
    counted: Any = (
        select(Report.post_id, func.count().label("number"))
        .where(Report.post_id.in_(ids), Report.state == OPEN)
        .group_by(Report.post_id)
        .subquery()
    )
    statement = (
        select(Post.id, Post.number, Post.hidden, Question.title, counted.c.number)
        .join(Question, Question.id == Post.question_id)
        .join(counted, counted.c.post_id == Post.id)
    )
    posts = {row[0]: row for row in session.execute(statement)}
    return [
        Waiting(
            report_id=one.id,
            post_id=one.post_id,
            kind=one.kind,
            reported_on=one.reported_on,
            title=posts[one.post_id][3],
            number=posts[one.post_id][1],
            hidden=posts[one.post_id][2],
            reports=posts[one.post_id][4],
        )
        for one in found
    ]
