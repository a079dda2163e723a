"""„Nichts mehr davon“ from a mail: the link is enough, nobody has to sign in."""

from sqlalchemy.orm import Session

from learn.accounts.queries import actors
from learn.forum import audience, policy, reading
from learn.forum.models import Question


def mute(session: Session, person_id: int, question_id: int) -> None:
    """Follow a question no more; nothing happens where the person may not read it any longer."""
    actor, question = actors(session, [person_id]).get(person_id), session.get(Question, question_id)
    if actor is None or question is None:
        return
    who = audience.reader(session, actor)
    if policy.may_follow(who, question):
        reading.follow(session, who, question, reading.NOTHING)
