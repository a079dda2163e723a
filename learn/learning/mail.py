"""The weekly letter to those who asked for it: what comes next, how long it takes, one click to end it.

A job notes who is due and asks for one letter each, in one transaction; the letter is written when it leaves.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.accounts.queries import actors
from learn.config import Config
from learn.core import clock, copies, jobs, mail
from learn.core.letters import Letter, absolute, message
from learn.core.mail import Message
from learn.core.workdays import CLOSES, OPENS
from learn.learning import reminders
from learn.learning.models import Reminder
from learn.learning.reminders import Following
from learn.notices.unsubscribing import Wish, address

SETTINGS = "/konto/erinnerung"
WISH = "erinnerung"  # kind of wish behind the link that ends these letters, and name of their list
SEND = "send_reminder"
BATCH = 100  # people per transaction
OFTEN = timedelta(hours=1)  # so that each day has its turn, however the hours of a worker move


@jobs.job("remind_learners", every=OFTEN)
def remind(work: jobs.Work) -> None:
    """Ask for the letters of today, from 7 to 19; each person's once in a week."""
    if not OPENS <= clock.local(clock.now()).time() < CLOSES:
        return
    while len(remind_some(work)) == BATCH:
        pass


def remind_some(work: jobs.Work) -> Sequence[int]:
    """Note some people of today's weekday as reminded and ask for their letters; gives who they are."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())  # weeks of ISO 8601
    due = (
        select(Reminder)
        .join(Person, Person.id == Reminder.person_id)
        .where(Person.active, Reminder.mail, Reminder.weekday == today.weekday())
        .where(or_(Reminder.sent_for.is_(None), Reminder.sent_for < monday))
        .order_by(Reminder.person_id)
        .limit(BATCH)
        .with_for_update(of=Reminder, skip_locked=True)
    )
    with work.database.writing() as session:
        found = session.scalars(due).all()
        for each in found:
            each.sent_for = monday
            jobs.enqueue(session, SEND, person_id=each.person_id, at=clock.now().isoformat())
        return [each.person_id for each in found]


@jobs.job(SEND, attempts=mail.ATTEMPTS)
def send(work: jobs.Work, *, person_id: int, at: str) -> None:
    """Write and send one letter; none once its day is over, she ended it, or nothing is unfinished."""
    asked = datetime.fromisoformat(at)
    if clock.local(asked).date() != clock.today():
        return
    with work.database.reading() as session:
        letter = written(session, work.config, person_id)
    if letter is None:
        return
    number = mail.recurring(work.config, asked, "reminder", person_id)
    if mail.hand_over(work, letter, number, asked) and gone(work, person_id):
        with work.database.writing() as session:
            copies.forget_later(session, work.config, letter.to)


def gone(work: jobs.Work, person_id: int) -> bool:
    """Whether somebody was erased, such as while her letter was on its way."""
    with work.database.reading() as session:
        return session.get(Person, person_id) is None


def written(session: Session, config: Config, person_id: int) -> Message | None:
    """The letter as it is today; None where there is none to write."""
    found = session.get(Reminder, person_id)
    actor = actors(session, [person_id]).get(person_id)
    if found is None or not found.mail or actor is None:
        return None
    step = reminders.following(session, actor)
    return _letter(config, session.get_one(Person, person_id), step) if step is not None else None


def _letter(config: Config, person: Person, step: Following) -> Message:
    wish = address(config, Wish(person.id, WISH))
    letter = Letter(
        "Ihre Lernzeit",
        ("heute ist Ihre Lernzeit.", f"Hier geht es für Sie weiter: {step.words}."),
        ("Weiterlernen", absolute(config, step.path)),
        reason="Sie bekommen diese E-Mail höchstens einmal in der Woche, weil Sie es so eingestellt haben.",
        settings=absolute(config, SETTINGS),
        ways=(("Diese Erinnerung beenden", wish), ("Erinnerung einstellen", absolute(config, SETTINGS))),
    )
    return replace(message(config, person.email, letter), unsubscribe=wish, list_name=WISH)
