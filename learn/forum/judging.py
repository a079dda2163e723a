"""Which Antworten solved a question, and the verdict about it."""

from sqlalchemy.orm import Session

from learn.core.access import Forbidden, Refused
from learn.forum import counting, indexing, policy, queries
from learn.forum.audience import Reader
from learn.forum.counting import SOLVED, VERDICTS
from learn.forum.models import Post, Question
from learn.notices import events

MARK_FIRST = "Markieren Sie zuerst eine Antwort."
ONLY_ANSWERS = "Nur eine Antwort kann eine Lösung sein."
CHOOSE = "Wählen Sie, ob die Frage gelöst ist."


def mark(session: Session, who: Reader, post: Post, *, on: bool) -> None:
    """Mark an Antwort as Lösung, or no longer; the first one also gives the verdict „gelöst“.

    Raises NotFound, Forbidden, Refused. Doing it twice is doing it once.
    """
    post, question = queries.held_post(session, who, post.id)
    _authorise(session, who, question)
    if post.kind != "antwort" or post.hidden:
        raise Refused(ONLY_ANSWERS)
    if post.solution == on:
        return
    post.solution = on
    question.solutions += 1 if on else -1
    if on:
        question.verdict = question.verdict or SOLVED
        ids = {"question": question.id, "post": post.id, "by": who.actor.owner}
        events.record(session, "loesung", f"frage:{question.id}", **ids)
    _settle(session, question)


def judge(session: Session, who: Reader, question: Question, verdict: str) -> None:
    """Say whether the question is solved. Raises NotFound, Forbidden, Refused."""
    question = queries.held(session, who, question.id)
    _authorise(session, who, question)
    if verdict not in VERDICTS:
        raise Refused(CHOOSE, field="verdict")
    if verdict == SOLVED and not question.solutions:
        raise Refused(MARK_FIRST, field="verdict")
    question.verdict = verdict
    _settle(session, question)


def _settle(session: Session, question: Question) -> None:
    """The state is named in the index, too."""
    counting.settle(session, question)
    indexing.reindex(session, question.id, queries.first_post(session, question.id).id)


def _authorise(session: Session, who: Reader, question: Question) -> None:
    if not policy.may_solve(who, question, mine=queries.asked(session, who, question.id)):
        raise Forbidden
