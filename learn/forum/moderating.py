"""Hiding, locking, moving between topics, undoing, objecting: each act with its reason, told to the author.

No act moves a question up in lists or tells its followers. Reading states stay as they are: who had read
the hidden post has read it when it comes back, and to who had not it is new again.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Forbidden, NotFound, Refused
from learn.forum import acts, asking, counting, editing, indexing, moving, parting, policy, queries
from learn.forum.audience import Reader
from learn.forum.models import Moderation, Post, Question
from learn.notices import events

HIDDEN = "ausgeblendet"
SHOWN = "gezeigt"
GONE = "Der Beitrag ist schon ausgeblendet oder zurückgezogen."
AWAY = "Diese Frage ist schon ausgeblendet oder zusammengeführt."
LOCKED = "Diese Frage ist schon geschlossen."
SAME = "Die Frage hat diese Themen schon."
UNDONE = "Das ist schon zurückgenommen."
WAITS = "Darüber entscheidet die Koordination bei den Meldungen."
OBJECTED = "Gegen diesen Eingriff gibt es schon einen Widerspruch."
WRITE = "Schreiben Sie, warum Sie widersprechen."


def hide_post(session: Session, who: Reader, post: Post, reason: str) -> Moderation:
    """Hide a post; its number stays with the reason. The first one goes with its whole question.

    Raises NotFound, Forbidden, Refused.
    """
    post, question = queries.held_post(session, who, post.id)
    if post.number == 1:
        return hide_question(session, who, question, reason)
    allow(who, acts.HIDE, question)
    reason = acts.clean(reason)
    if post.kind == "verweis" or post.hidden not in {"", acts.REPORTED}:
        raise Refused(GONE, status=409)
    post.hidden, post.reason = HIDDEN, reason
    finish(session, question)
    return acts.record(session, who.actor, acts.HIDE, question, reason, [post.id], post=post)


def hide_question(session: Session, who: Reader, question: Question, reason: str) -> Moderation:
    """Hide a question with all its posts; its page says why. Raises NotFound, Forbidden, Refused."""
    question = queries.held(session, who, question.id)
    allow(who, acts.HIDE, question)
    reason = acts.clean(reason)
    shown(question)
    first = queries.first_post(session, question.id)
    if first.hidden == acts.REPORTED:
        first.hidden = ""
    question.status, question.reason = HIDDEN, reason
    finish(session, question)
    return acts.record(session, who.actor, acts.HIDE, question, reason, [first.id])


def lock(session: Session, who: Reader, question: Question, reason: str) -> Moderation:
    """Let nobody answer any more. Raises NotFound, Forbidden, Refused."""
    question = queries.held(session, who, question.id)
    allow(who, acts.LOCK, question)
    reason = acts.clean(reason)
    shown(question)
    if question.locked:
        raise Refused(LOCKED, status=409)
    question.locked, question.reason = True, reason
    finish(session, question)
    first = queries.first_post(session, question.id)
    return acts.record(session, who.actor, acts.LOCK, question, reason, [first.id])


def move(session: Session, who: Reader, question: Question, topics: Sequence[str], reason: str) -> Moderation:
    """Give a question other topics, the main one first. Raises NotFound, Forbidden, Refused."""
    question = queries.held(session, who, question.id)
    allow(who, acts.MOVE, question)
    shown(question)
    wanted = asking.known_topics(session, tuple(topics))
    former = queries.topics(session, question.id)
    if wanted == former:
        raise Refused(SAME, field="topic")
    reason = acts.clean(reason)
    editing.set_topics(session, question, wanted)
    finish(session, question)
    first = queries.first_post(session, question.id)
    return acts.record(
        session,
        who.actor,
        acts.MOVE,
        question,
        reason,
        [first.id],
        former=list(former),
        topics=list(wanted),
    )


def undo(session: Session, who: Reader, act_id: int, reason: str) -> Moderation:
    """Take an act back; an open objection to it is answered by that. Raises NotFound, Forbidden, Refused."""
    found = acts.one(session, act_id)
    if found is None or found.action not in UNDOING:
        raise NotFound
    if found.action in moving.BETWEEN:
        question, other = moving.held(session, who, found.question_id, found.data["other"])
    else:
        question, other = queries.held(session, who, found.question_id), None
    act = acts.held(session, act_id)
    allow(who, act.action, question)
    if act.undone:
        raise Refused(UNDONE, status=409)
    if act.data.get("reported"):
        raise Refused(WAITS, status=409)
    reason = acts.clean(reason)
    UNDOING[act.action](session, act, question, other, reason)
    act.undone = True
    if act.objection_state == acts.OPEN:
        act.objection_state = acts.REVIEWED
    session.flush()
    restore_reason(session, question)
    finish(session, question)
    if other is not None:
        finish(session, other)
    post = session.get(Post, act.post_id) if act.post_id else None
    return acts.record(
        session, who.actor, acts.UNDO, question, reason, act.data["posts"], post=post, of=act.id
    )


def keep(session: Session, who: Reader, act_id: int, reason: str) -> Moderation:
    """Answer an objection: reviewed, the act stands. Raises NotFound, Forbidden, Refused."""
    if not policy.may_rearrange(who.actor):
        raise Forbidden
    act = acts.held(session, act_id)
    if act.objection_state != acts.OPEN:
        raise Refused("Über diesen Widerspruch ist schon entschieden.", status=409)
    reason = acts.clean(reason, "Schreiben Sie, warum es dabei bleibt. Die Person liest Ihre Antwort.")
    act.objection_state = acts.REVIEWED
    question = session.get_one(Question, act.question_id)
    post = session.get(Post, act.post_id) if act.post_id else None
    return acts.record(
        session, who.actor, acts.KEEP, question, reason, act.data["posts"], post=post, of=act.id
    )


def may_object(session: Session, who: Reader, act: Moderation) -> bool:
    """Authors of what an act touched; once, while it stands."""
    touched = act.action in UNDOING and who.actor.signed_in
    return touched and not act.undone and who.actor.person_id in acts.authors(session, act)


def object_to(session: Session, who: Reader, act_id: int, text: str) -> None:
    """„Widersprechen“, by an author, once. Raises NotFound, Refused."""
    act = acts.held(session, act_id)
    if not may_object(session, who, act):
        raise NotFound
    if act.objection:
        raise Refused(OBJECTED, status=409)
    act.objection = acts.clean(text, WRITE)
    act.objection_state = acts.OPEN
    ids = {"moderation": act.id, "question": act.question_id, "by": who.actor.owner}
    events.record(session, "widerspruch", f"widerspruch:{act.id}", **ids)


def allow(who: Reader, action: str, question: Question) -> None:
    """Raises Forbidden for who may not do this here."""
    rearranges = action in acts.REARRANGING
    if not (policy.may_rearrange(who.actor) if rearranges else policy.may_moderate(who, question)):
        raise Forbidden


def shown(question: Question) -> None:
    """Raises Refused for a question that is hidden or merged away."""
    if question.status != SHOWN:
        raise Refused(AWAY, status=409)


def finish(session: Session, question: Question) -> None:
    """What follows from an act: counted columns, places in lists, the search index."""
    counting.refresh(session, question.id)
    indexing.reindex(session, question.id)


def restore_reason(session: Session, question: Question) -> None:
    """The reason of the latest act that still stands; none is left of those that were taken back."""
    statement = (
        select(Moderation.reason)
        .where(Moderation.question_id == question.id, Moderation.post_id.is_(None))
        .where(Moderation.action.in_(acts.STANDING), Moderation.undone.is_(False))
        .order_by(Moderation.id.desc())
        .limit(1)
    )
    if question.status == SHOWN and not question.locked:
        question.reason = ""
    elif (standing := session.scalar(statement)) is not None:
        question.reason = standing


Undoing = Callable[[Session, Moderation, Question, Question | None, str], None]


def _show(session: Session, act: Moderation, question: Question, _other: Question | None, _why: str) -> None:
    if act.post_id is None:
        question.status = SHOWN
        return
    post = session.get_one(Post, act.post_id)
    if post.hidden == HIDDEN:
        post.hidden, post.reason = "", ""


def _unlock(
    _session: Session, _act: Moderation, question: Question, _other: Question | None, _why: str
) -> None:
    question.locked = False


def _move_back(
    session: Session, act: Moderation, question: Question, _other: Question | None, _why: str
) -> None:
    former = asking.known_topics(session, tuple(act.data["former"]))
    editing.set_topics(session, question, former)


UNDOING: dict[str, Undoing] = {
    acts.HIDE: _show,
    acts.LOCK: _unlock,
    acts.MOVE: _move_back,
    acts.MERGE: parting.part_again,
    acts.SPLIT: parting.join_again,
}
