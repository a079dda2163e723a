"""Letters about posts and what becomes of them, written when they leave: only of what may be read then."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.accounts.queries import actors
from learn.config import Config
from learn.core import jobs, mail
from learn.core.access import VISITOR
from learn.core.letters import Letter, absolute, message
from learn.core.mail import Message
from learn.forum import audience, authors, notifying, plain, reading
from learn.forum.audience import Reader
from learn.forum.models import Question, Report
from learn.forum.notifying import News
from learn.network.models import Cohort, CohortTown, Municipality
from learn.notices import kinds
from learn.notices.kinds import Item, told_by
from learn.notices.models import Event
from learn.notices.unsubscribing import Wish, address

SETTINGS = "/konto/mitteilungen"
LIST = "forum"
FOLLOWING = frozenset({kinds.TOWN_FOLLOWED, kinds.ASKED, kinds.ANSWERED, kinds.FOLLOWED, kinds.TOPIC})
WHY = {
    kinds.MENTION: "weil Sie darin angesprochen sind",
    kinds.TOWN_ASKED: "weil Ihre Kommune darin angesprochen ist",
    kinds.TOWN_FOLLOWED: "weil Sie der Kommune folgen",
    kinds.ASKED: "weil Sie gefragt haben",
    kinds.ANSWERED: "weil Sie geantwortet haben",
    kinds.FOLLOWED: "weil Sie dieser Frage folgen",
    kinds.TOPIC: "weil Sie dem Thema folgen",
    kinds.MODERATION: "weil ein Beitrag von Ihnen betroffen ist",
    kinds.REPORTED: "weil Sie einen Beitrag gemeldet haben",
    kinds.DUTY: "weil Sie zur Koordination gehören",
}
ANSWERED = {
    notifying.ANSWER: "weil Sie gefragt haben",
    notifying.COMMENT: "weil nach Ihrem Beitrag gefragt wird",
    notifying.SOLUTION: "weil die Antwort von Ihnen ist",
}


@told_by(*notifying.POSTS)
def about_post(session: Session, config: Config, person: Person, item: Item) -> Message | None:
    """One post with its whole text; None once she may not read it, has read it, or follows it no more."""
    found = notifying.news(session, item.event)
    who = reader_of(session, person)
    if found is None or who is None or not still_for(session, who, found, item.reason):
        return None
    letter = Letter(
        found.question.title,
        (_happened(session, who, found), *plain.paragraphs(found.post.parts)),
        ("Im Forum ansehen", absolute(config, f"/forum/beitraege/{found.post.id}")),
        reason=f"Sie bekommen diese E-Mail, {_why(item)}.",
        settings=absolute(config, SETTINGS),
        ways=_ways(config, person, item.reason, found.question.id),
    )
    return listed(config, person, letter, CHOICE[item.reason], thread_of(config, found.question))


@told_by(notifying.MODERATION, notifying.DECISION, *notifying.DUTIES)
def about_matter(session: Session, config: Config, person: Person, item: Item) -> Message | None:
    """What the Koordination did or has to do; names and texts stay behind the sign-in."""
    who = reader_of(session, person)
    if who is None or (item.reason == kinds.DUTY and "coordinator" not in who.actor.roles):
        return None
    letter = Letter(
        sentence(session, item.event).rstrip("."),
        (sentence(session, item.event), "Näheres steht in Ihren Mitteilungen."),
        ("Mitteilungen ansehen", absolute(config, "/mitteilungen")),
        reason=f"Sie bekommen diese E-Mail, {_why(item)}.",
        settings=absolute(config, SETTINGS),
        ways=_ways(config, person, item.reason),
    )
    return listed(config, person, letter, CHOICE[item.reason])


@jobs.job(notifying.TO_MAILBOX, attempts=mail.ATTEMPTS)
def to_mailbox(work: jobs.Work, *, event_id: int, municipality_id: int) -> None:
    """A town without a contact is told by its Funktionspostfach, if the town may read the question."""
    with work.database.reading() as session:
        event, town = session.get(Event, event_id), session.get(Municipality, municipality_id)
        found = notifying.news(session, event) if event is not None else None
        if event is None or found is None or town is None or not town.mailbox:
            return
        if not town_reads(session, town, found.question):
            return
        letter = _to_town(session, work.config, town, found)
    number = mail.recurring(work.config, event.at, event.id, "town", municipality_id)
    mail.hand_over(work, letter, number, event.at)


def town_reads(session: Session, town: Municipality, question: Question) -> bool:
    """Whether the people of a town read a question."""
    if question.listed == audience.PUBLIC:
        return True
    if town.role not in audience.MEMBERS:
        return False
    inside = select(CohortTown.cohort_id).where(CohortTown.municipality_id == town.id)
    joined = session.scalars(select(Cohort.id).where(Cohort.id.in_(inside)))
    circles = {audience.NETWORK, *(audience.circle_of(audience.COHORT, number) for number in joined)}
    return question.listed in circles


def thread_of(config: Config, question: Question) -> str:
    """The number of the mail that begins the conversation about a question; the same for everybody."""
    return mail.recurring(config, question.asked_at, "question", question.id)


CHOICE = kinds.CHOICE_OF


def reader_of(session: Session, person: Person) -> Reader | None:
    actor = actors(session, [person.id]).get(person.id)
    return audience.reader(session, actor) if actor is not None else None


def still_for(session: Session, who: Reader, found: News, reason: str) -> bool:
    """Whether she may read it, has not done so yet, and still follows where that is why she is told."""
    following = reading.following_of(session, who.actor, found.question)
    if not who.reads(found.question.listed) or (found.number and following.last_read >= found.number):
        return False
    town_of_answer = reason == kinds.TOWN_FOLLOWED and not following.level
    return reason not in FOLLOWING or town_of_answer or following.level in found.levels


def _happened(session: Session, who: Reader, found: News) -> str:
    """Who did what, as the page signs the post."""
    by = authors.bylines(session, who, [found.post])[found.post.id].words
    did = {
        notifying.QUESTION: "fragt",
        notifying.ANSWER: "hat geantwortet",
        notifying.COMMENT: "hat eine Rückfrage",
        notifying.SOLUTION: "hat eine Antwort geschrieben, die jetzt als Lösung markiert ist",
    }[found.event.kind]
    return f"{by}, {did}:" if by else "Neu in dieser Frage:"


def _why(item: Item) -> str:
    return WHY.get(item.reason) or ANSWERED.get(item.event.kind, "weil Sie beteiligt sind")


def _ways(config: Config, person: Person, reason: str, question_id: int = 0) -> tuple[tuple[str, str], ...]:
    """One click each: nothing more of this question, no more mails of this kind, the settings."""
    muting = (
        [("Nichts mehr davon", address(config, Wish(person.id, question_id=question_id)))]
        if reason in FOLLOWING and question_id
        else []
    )
    return (
        *muting,
        ("E-Mails dieser Art abbestellen", address(config, Wish(person.id, CHOICE[reason]))),
        ("E-Mails einstellen", absolute(config, SETTINGS)),
    )


def listed(config: Config, person: Person, letter: Letter, kind: str, thread: str = "") -> Message:
    made = message(config, person.email, letter)
    unsubscribe = address(config, Wish(person.id, kind))
    return replace(made, unsubscribe=unsubscribe, thread=thread, list_name=LIST)


def _to_town(session: Session, config: Config, town: Municipality, found: News) -> Message:
    """To a town as a whole: authors are named as visitors see them."""
    who = Reader(VISITOR, (audience.PUBLIC,))
    letter = Letter(
        found.question.title,
        (
            f"{town.kind} {town.name}".strip() + " ist in einem Beitrag angesprochen.",
            _happened(session, who, found),
            *plain.paragraphs(found.post.parts),
        ),
        ("Im Forum ansehen", absolute(config, f"/forum/beitraege/{found.post.id}")),
        reason="Diese Adresse steht als Funktionspostfach bei Ihrer Kommune, die keinen Kontakt genannt hat.",
    )
    made = message(config, town.mailbox, letter)
    return replace(made, thread=thread_of(config, found.question), list_name=LIST)


def sentence(session: Session, event: Event) -> str:
    if event.kind == notifying.DECISION:
        state = session.scalar(select(Report.state).where(Report.id == event.data.get("report")))
        hidden = "Ihre Meldung: Der Beitrag ist ausgeblendet."
        return hidden if state != "bleibt" else "Ihre Meldung: Der Beitrag bleibt."
    return {
        notifying.MODERATION: "Die Koordination hat einen Beitrag von Ihnen geändert.",
        notifying.OBJECTION: "Ein Widerspruch wartet auf die Koordination.",
        notifying.REPORT: "Eine Meldung wartet auf die Koordination.",
        notifying.WAITING: "Eine Frage wartet seit fünf Arbeitstagen auf eine Antwort.",
    }[event.kind]
