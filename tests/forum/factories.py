"""Rows and values for tests of the forum: typed plain functions."""

from itertools import count

from sqlalchemy.orm import Session

from learn.accounts import queries as people
from learn.accounts.models import Person
from learn.core import clock
from learn.core.access import Actor
from learn.forum import asking, audience, texts
from learn.forum.asking import NewQuestion
from learn.forum.audience import Reader
from learn.forum.models import Post, Question
from learn.forum.texts import Prepared
from learn.network.models import Cohort, CohortTown, Municipality, Topic
from tests.factories import make_municipality, make_person

KEYS = count(1)
TOPICS = {"sensorik": "Sensorik", "datenplattform": "Datenplattform", "klima": "Klima"}


def make_topics(session: Session) -> None:
    """The topics that these tests use, where the migration has not made them."""
    for position, (slug, name) in enumerate(TOPICS.items()):
        if session.get(Topic, slug) is None:
            session.add(Topic(slug=slug, name=name, position=position))
    session.flush()


def actor_of(session: Session, person: Person) -> Actor:
    """A person as the actor of a request."""
    roles = people.roles(session, person.id)
    return Actor(person.id, person.name, person.municipality_id, "", roles)


def reader_of(session: Session, person: Person) -> Reader:
    """A person as a reader of the forum."""
    return audience.reader(session, actor_of(session, person))


def make_reader(
    session: Session,
    *roles: str,
    name: str = "Jana Hellweg",
    town: Municipality | None = None,
    role: str = "mitglied",
) -> Reader:
    """A new person of a town (a new one where none is given) as a reader."""
    town = town or make_municipality(session, role=role)
    return reader_of(session, make_person(session, name=name, municipality=town, roles=roles))


def make_cohort(session: Session, *towns: Municipality, name: str = "") -> Cohort:
    """A Klasse of these towns."""
    cohort = Cohort(name=name or f"Klasse {next(KEYS)}", created_on=clock.today())
    session.add(cohort)
    session.flush()
    session.add_all(
        CohortTown(cohort_id=cohort.id, municipality_id=town.id, joined_on=clock.today()) for town in towns
    )
    session.flush()
    return cohort


def plain(words: str) -> Prepared:
    """A text without any mark-up, prepared without the rendering process."""
    return Prepared(words, [{"html": f"<p>{words}</p>"}], texts.excerpt(words), words)


def new_question(
    title: str = "Wer hat Bodenfeuchte gemessen?",
    body: str = "Wir suchen Erfahrungen.",
    *,
    topics: tuple[str, ...] = ("sensorik",),
    level: str = "netzwerk",
    cohort_id: int | None = None,
    attribution: str = "name",
) -> NewQuestion:
    """What somebody asks."""
    return NewQuestion(title, plain(body), None, topics, "konzept", level, cohort_id, attribution)


def make_question(session: Session, who: Reader, *, level: str = "netzwerk", **values: object) -> Question:
    """A published question."""
    make_topics(session)
    return asking.ask(session, who, new_question(level=level, **values), key=f"key{next(KEYS)}")  # type: ignore[arg-type]


def make_answer(session: Session, who: Reader, question: Question, words: str = "Ja, seit 2024.") -> Post:
    """A published Antwort."""
    return asking.answer(session, who, question, plain(words), attribution="name", key=f"key{next(KEYS)}")


def make_comment(session: Session, who: Reader, about: Post, words: str = "Mit welchem Gerät?") -> Post:
    """A published Rückfrage."""
    return asking.comment(session, who, about, plain(words), attribution="name", key=f"key{next(KEYS)}")
