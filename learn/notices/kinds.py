"""What packages above register for their kinds of events: whom one concerns, and which letter tells it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from learn.accounts import choices
from learn.accounts.models import Person
from learn.config import Config
from learn.core.mail import Message
from learn.notices.models import Event

BATCH = 50  # people in one transaction

MODERATION, MENTION, ANSWER, TOWN_ASKED = "moderation", "erwaehnt", "antwort", "kommune"
TOWN_FOLLOWED, ASKED, ANSWERED, FOLLOWED, TOPIC = "ort", "gefragt", "geantwortet", "gewaehlt", "thema"
DUTY, REPORTED, COURSE = "aufgabe", "gemeldet", "kurs"
CHOICE_OF = {  # reasons, of which the first that fits is told, and the kind of mail that each belongs to
    MODERATION: choices.ADDRESSED,
    REPORTED: choices.ADDRESSED,
    DUTY: choices.DUTIES,
    COURSE: choices.COURSES,
    MENTION: choices.ADDRESSED,
    ANSWER: choices.OWN,
    TOWN_ASKED: choices.ADDRESSED,
    TOWN_FOLLOWED: choices.FORUM,
    ASKED: choices.FORUM,
    ANSWERED: choices.FORUM,
    FOLLOWED: choices.FORUM,
    TOPIC: choices.FORUM,
}
REASONS = tuple(CHOICE_OF)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whom an event concerns.

    `mail`: whether she gets any. `line`: whether it becomes a line of her Mitteilungen.
    """

    person_id: int
    reason: str
    mail: bool = True
    line: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """The next people an event concerns. `last`: the last one looked at, None when there are no more.

    `subject`: of their line; `question_id`: which question it is about.
    """

    recipients: Sequence[Recipient] = ()
    last: int | None = None
    subject: str = ""
    question_id: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One event on its way to one person, and why."""

    event: Event
    reason: str


Recipients = Callable[[Session, Config, Event, int], Batch]
Writer = Callable[[Session, Config, Person, Item], Message | None]
Weekly = Callable[[Session, Config, Person, Sequence[Item]], Message | None]
Sentence = Callable[[Session, Event], str]
AnyRecipients = TypeVar("AnyRecipients", bound=Recipients)
AnyWriter = TypeVar("AnyWriter", bound=Writer)
AnyWeekly = TypeVar("AnyWeekly", bound=Weekly)
AnySentence = TypeVar("AnySentence", bound=Sentence)

RECIPIENTS: dict[str, Recipients] = {}
WRITERS: dict[str, Writer] = {}
WEEKLY: list[Weekly] = []
SENTENCES: dict[str, Sentence] = {}


def concerns(*kinds: str) -> Callable[[AnyRecipients], AnyRecipients]:
    """Register who is concerned by events of these kinds, by ascending number behind a given person.

    The function may be asked again after a crash; it writes nothing but jobs, and those for person 0 only.
    """

    def register(find: AnyRecipients) -> AnyRecipients:
        RECIPIENTS.update(dict.fromkeys(kinds, find))
        return find

    return register


def told_by(*kinds: str) -> Callable[[AnyWriter], AnyWriter]:
    """Register what writes the mail of one event; None where there is nothing to say or to see any more."""

    def register(write: AnyWriter) -> AnyWriter:
        WRITERS.update(dict.fromkeys(kinds, write))
        return write

    return register


def in_a_sentence(*kinds: str) -> Callable[[AnySentence], AnySentence]:
    """Register what tells events of these kinds in the weekly overview; empty: nothing to be told."""

    def register(tell: AnySentence) -> AnySentence:
        SENTENCES.update(dict.fromkeys(kinds, tell))
        return tell

    return register


def weekly(write: AnyWeekly) -> AnyWeekly:
    """Register what writes the weekly overview."""
    WEEKLY[:] = [write]
    return write
