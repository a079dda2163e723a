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
from learn.workshop import comments, notifying, policy, publishing, releases, review

SETTINGS = "/konto/mitteilungen"
LIST = "werkstatt"
NEXT = {  # what somebody may do about it, below the sentence that tells it
    review.HANDED_IN: "Sehen Sie an, was sich ändert. Dann geben Sie den Kurs frei oder zurück.",
    review.SENT_BACK: "Lesen Sie die Bemerkung, und geben Sie den Kurs danach wieder zur Freigabe.",
    review.APPROVED: "Sie können ihn jetzt veröffentlichen oder einen Termin dafür planen.",
    publishing.LIVE: "Lernende lesen ab jetzt diesen Stand.",
    releases.ROLLED_BACK: "Ihre Veröffentlichung bleibt erhalten. Sie können jederzeit zu ihr zurückkehren.",
    review.FAILED: "Nichts ist verändert. Den Grund lesen Sie in der Werkstatt.",
    comments.WRITTEN: "Sie steht an ihrer Zeile. Ist nichts mehr zu tun, wählen Sie dort „Erledigt“.",
}


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
        (words, NEXT[item.event.kind]),
        ("In der Werkstatt ansehen", absolute(config, place(item.event.subject, item.event.kind))),
        reason="Sie bekommen diese E-Mail, weil Sie an dem Kurs schreiben oder Kurse freigeben.",
        settings=absolute(config, SETTINGS),
        ways=(("E-Mails dieser Art abbestellen", ending), ("E-Mails einstellen", absolute(config, SETTINGS))),
    )
    return replace(message(config, person.email, letter), unsubscribe=ending, list_name=LIST)


def place(subject: str, kind: str) -> str:
    """The page that an event of this kind is about."""
    if subject.startswith(notifying.COURSE):
        page = "veroeffentlichungen" if kind == releases.ROLLED_BACK else "freigabe"
        return f"/werkstatt/kurse/{subject.removeprefix(notifying.COURSE)}/{page}"
    return comments.page_of(subject.removeprefix(notifying.TEXT))
