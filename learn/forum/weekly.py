"""The weekly overview: in words what is new in the questions that a person follows, and no text of them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts import choices
from learn.accounts.models import Person
from learn.config import Config
from learn.core.i18n import ngettext
from learn.core.letters import Letter, absolute
from learn.core.mail import Message
from learn.forum import notifying
from learn.forum.audience import Reader
from learn.forum.mail import SETTINGS, listed, reader_of, sentence, still_for
from learn.forum.models import Post, Question, QuestionReader
from learn.notices import kinds
from learn.notices.kinds import Item, weekly
from learn.notices.unsubscribing import OVERVIEW, Wish, address

SHOWN = 30  # questions in one overview


@weekly
def overview(session: Session, config: Config, person: Person, items: Sequence[Item]) -> Message | None:
    """The week in words: each question with what she has not read of it, then the other matters."""
    who = reader_of(session, person)
    if who is None:
        return None
    told = [*_questions(session, config, who, items), *_matters(session, who, items)]
    if not told:
        return None
    letter = Letter(
        "Ihre Woche im Forum",
        ("das ist neu und geht Sie an:", *told),
        ("Mitteilungen ansehen", absolute(config, "/mitteilungen")),
        reason="Sie bekommen diese Übersicht einmal in der Woche, wenn es etwas Neues gibt.",
        settings=absolute(config, SETTINGS),
        ways=(
            ("Diese Übersicht abbestellen", address(config, Wish(person.id, OVERVIEW))),
            ("E-Mails einstellen", absolute(config, SETTINGS)),
        ),
    )
    return listed(config, person, letter, OVERVIEW)


def _questions(session: Session, config: Config, who: Reader, items: Sequence[Item]) -> list[str]:
    """A paragraph for each question with unread posts, or a new Lösung, that she still may read."""
    wanted: dict[int, set[str]] = {}
    for item in items:
        if item.event.kind in notifying.POSTS:
            found = notifying.news(session, item.event)
            if found is not None and still_for(session, who, found, item.reason):
                wanted.setdefault(found.question.id, set()).add(item.event.kind)
    if not wanted:
        return []
    named = session.execute(select(Question.id, Question.title).where(Question.id.in_(wanted)))
    titles = {row.id: row.title for row in named}
    numbers = _unread(session, who, list(wanted))
    told = [
        f"„{titles[number]}“: {_new(numbers.get(number, {}), solved=notifying.SOLUTION in wanted[number])}\n"
        + absolute(config, f"/forum/fragen/{number}")
        for number in list(wanted)[:SHOWN]
    ]
    left = len(wanted) - SHOWN
    return [*told, *([f"Dazu kommen {left} weitere Fragen."] if left > 0 else [])]


def _unread(session: Session, who: Reader, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many posts of each kind she has not read in some questions."""
    mine = (QuestionReader.question_id == Post.question_id) & (
        QuestionReader.person_id == who.actor.person_id
    )
    statement = (
        select(Post.question_id, Post.kind, func.count())
        .outerjoin(QuestionReader, mine)
        .where(Post.question_id.in_(ids), Post.hidden == "")
        .where(Post.number > func.coalesce(QuestionReader.last_read, 0))
        .group_by(Post.question_id, Post.kind)
    )
    found: dict[int, dict[str, int]] = {}
    for question_id, kind, number in session.execute(statement):
        found.setdefault(question_id, {})[kind] = number
    return found


def _new(numbers: dict[str, int], *, solved: bool) -> str:
    """„neue Frage, 2 Antworten, 1 Rückfrage, eine Lösung“."""
    answers, comments = numbers.get(notifying.ANSWER, 0), numbers.get(notifying.COMMENT, 0)
    words = [
        "neue Frage" if numbers.get(notifying.QUESTION) else "",
        ngettext("%(num)s neue Antwort", "%(num)s neue Antworten", answers) if answers else "",
        ngettext("%(num)s Rückfrage", "%(num)s Rückfragen", comments) if comments else "",
        "eine Antwort ist als Lösung markiert" if solved else "",
    ]
    return ", ".join(word for word in words if word) or "Neues"


def _matters(session: Session, who: Reader, items: Sequence[Item]) -> list[str]:
    """A sentence for everything else."""
    told = (
        kinds.SENTENCES.get(item.event.kind, sentence)(session, item.event)
        for item in items
        if item.event.kind not in notifying.POSTS and _hers(who, item)
    )
    return [words for words in dict.fromkeys(told) if words]


def _hers(who: Reader, item: Item) -> bool:
    """Whether what waits for a role still waits for her."""
    roles = choices.KINDS[kinds.CHOICE_OF[item.reason]].roles
    return not roles or bool(roles & who.actor.roles)
