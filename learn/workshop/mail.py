"""Letters about steps of courses and comments; their words stay behind the sign-in."""

from dataclasses import replace

from sqlalchemy.orm import Session

from learn.accounts import choices
from learn.accounts.models import Person
from learn.accounts.queries import actors
from learn.config import Config
from learn.core.letters import Letter, absolute, message
from learn.core.mail import Message
from learn.notices.kinds import Item, told_by
from learn.notices.unsubscribing import Wish, address
from learn.workshop import comments, notifying, policy

SETTINGS = "/konto/mitteilungen"
LIST = "werkstatt"


@told_by(*notifying.KINDS)
def about_course(session: Session, config: Config, person: Person, item: Item) -> Message | None:
    """What happened to a course; None once it is gone or she writes no courses any more."""
    actor = actors(session, [person.id]).get(person.id)
    words = notifying.sentence(session, item.event)
    if actor is None or not policy.author(actor) or not words:
        return None
    ending = address(config, Wish(person.id, choices.COURSES))
    letter = Letter(
        words.rstrip("."),
        (words,),
        ("In der Werkstatt ansehen", absolute(config, place(item.event.subject))),
        reason="Sie bekommen diese E-Mail, weil Sie an dem Kurs schreiben oder Kurse freigeben.",
        settings=absolute(config, SETTINGS),
        ways=(("E-Mails dieser Art abbestellen", ending), ("E-Mails einstellen", absolute(config, SETTINGS))),
    )
    return replace(message(config, person.email, letter), unsubscribe=ending, list_name=LIST)


def place(subject: str) -> str:
    """The page that an event is about."""
    if subject.startswith(notifying.COURSE):
        return f"/werkstatt/kurse/{subject.removeprefix(notifying.COURSE)}/freigabe"
    return comments.page_of(subject.removeprefix(notifying.TEXT))
