"""The clearly fictional Klassen of a demo, and its invented people as contacts.

Real towns get no invented facts: their mailbox, phase and topics stay empty, and both name and description
say that the membership is made up.
"""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from learn.accounts import queries as people
from learn.accounts.models import PersonTopic
from learn.core.db import Database
from learn.courses import cards
from learn.network import choices, cohorts
from learn.network import queries as network
from learn.network.models import Cohort

ACTOR = "demo"


@dataclass(frozen=True, slots=True)
class InventedKlasse:
    """A Klasse with the keys of its towns and how many of the catalogue's first courses it has chosen."""

    name: str
    description: str
    towns: tuple[str, ...]
    courses: int
    open_link: bool


@dataclass(frozen=True, slots=True)
class InventedContact:
    """What a demo person says of herself."""

    email: str
    office: str
    topics: tuple[str, ...] = ()


KLASSEN = (
    InventedKlasse(
        "Klasse Beispiel (Demo)",
        "Erfunden zum Ausprobieren. Weder die Klasse noch ihre Auswahl von Kommunen gibt es wirklich.",
        ("05958004", "05974012", "05966024", "05970004"),
        2,
        open_link=True,
    ),
    InventedKlasse(
        "Klasse Muster (Demo)",
        "Erfunden zum Ausprobieren. Die Kommune der Demo-Lernenden gehört nicht dazu.",
        ("05974040", "05962024"),
        1,
        open_link=False,
    ),
)
CONTACTS = (
    InventedContact("emre.beispiel@example.org", "Stabsstelle Beispiel (Demo)", ("klima", "sensorik")),
    InventedContact("jana.muster@example.org", "Amt für Muster (Demo)"),
    InventedContact("tilda.vorlage@example.org", "Lernbegleitung (Demo)"),
)


def invent_cohorts(database: Database) -> None:
    """Create the Klassen and contacts that the instance lacks; again changes nothing."""
    with database.writing() as session:
        new = [
            klasse
            for klasse in KLASSEN
            if not session.scalar(select(exists().where(Cohort.name == klasse.name)))
        ]
        for klasse in new:
            _invent(session, klasse)
        if new:
            for contact in CONTACTS:
                _list(session, contact)


def _invent(session: Session, klasse: InventedKlasse) -> None:
    made = cohorts.create(session, klasse.name, klasse.description, by=ACTOR)
    for ags in klasse.towns:
        town = network.town(session, ags)
        if town is not None:
            cohorts.join(session, made, town, by=ACTOR)
    for card in cards.cards(session, limit=klasse.courses).items:
        choices.choose(session, made, card.id, by=ACTOR)
    if klasse.open_link:
        cohorts.open_link(session, made, by=ACTOR)


def _list(session: Session, contact: InventedContact) -> None:
    person = people.person(session, contact.email)
    if person is not None:
        person.office, person.listed = contact.office, True
        session.flush()
        session.add_all(PersonTopic(person_id=person.id, topic=topic) for topic in contact.topics)
