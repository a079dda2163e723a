"""Taking merges and splits back: posts return to their old numbers and leave a hidden `verweis` behind."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.forum import carrying
from learn.forum.models import Moderation, Post, Question
from learn.forum.moving import MERGED, name_revision

LATER = "Die Beiträge sind inzwischen weiter gewandert. Nehmen Sie zuerst den späteren Eingriff zurück."


def part_again(
    session: Session, act: Moderation, source: Question, target: Question | None, _reason: str
) -> None:
    """Take a merge back: the posts return to their old numbers, their question is a page again."""
    assert target is not None
    source.status, source.merged_into = "gezeigt", None
    restore(session, act, source, target)
    if target.verdict == act.data["verdict"]:
        target.verdict = act.data["former"]["verdict"]


def join_again(
    session: Session, act: Moderation, source: Question, target: Question | None, reason: str
) -> None:
    """Take a split back; what was written in the new question meanwhile comes along with new numbers."""
    assert target is not None
    former = act.data["former"]
    if act.data["new"]:
        unlead(session, act, former["first"])
    restore(session, act, source, target)
    if act.data["new"]:
        rest = carrying.content(session, target.id)
        carrying.carry(session, target, source, rest)
        target.status, target.merged_into, target.reason = MERGED, source.id, reason
    if target.verdict == act.data["verdict"]:
        target.verdict = former["verdict_there"]
    if source.verdict == act.data["verdict_here"]:
        source.verdict = former["verdict"]


def restore(session: Session, act: Moderation, source: Question, target: Question) -> None:
    """Bring the moved posts home. Raises Refused where they are no longer where the act left them."""
    moved = act.data["moved"]
    there = select(Post.id, Post.number).where(Post.question_id == target.id)
    found = {row.id: row.number for row in session.execute(there)}
    if any(post_id not in found for post_id, _number in moved):
        raise Refused(LATER, status=409)
    carrying.bring_back(session, source, target, moved, found)


def unlead(session: Session, act: Moderation, former: dict[str, Any]) -> None:
    """Make the text of a question the Antwort again that it was."""
    first = session.get_one(Post, act.data["moved"][0][0])
    first.kind, first.about_id, first.solution = former["kind"], former["about"], former["solution"]
    name_revision(session, first.id, "")
    session.flush()
