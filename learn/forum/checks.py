"""What a question must be: title, topics, phase, circle; and how its words are brought into form."""

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.core.folding import fold
from learn.forum import policy
from learn.forum.audience import COHORT, LEVELS, NETWORK, PUBLIC, Reader, circle_of
from learn.forum.texts import Prepared
from learn.network.models import Cohort
from learn.network.vocabulary import vocabulary

PHASES = ("idee", "konzept", "vergabe", "betrieb")
ATTRIBUTIONS = ("name", "funktion")
TITLE = range(10, 151)
TOPICS = range(1, 4)
CHOOSE_TOPICS = "Wählen Sie 1 bis 3 Themen aus der Liste."
CHOOSE_CIRCLE = "Wählen Sie einen Kreis, zu dem Ihre Kommune gehört."
CHOOSE_PHASE = "Wählen Sie, wie weit Ihr Vorhaben ist."
CHOOSE_NAME = "Wählen Sie, unter welchem Namen Ihr Beitrag erscheint."
NOT_ASCII = re.compile(r"[^a-z0-9]+")
SLUG = 80  # characters


@dataclass(frozen=True, slots=True)
class Anchor:
    """The place in a course under which a question stands; `heading` is a slug or empty."""

    lesson_id: str
    course_id: str
    heading: str
    edition: int


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """What the ask form holds. `topics` as typed or chosen, the main one first; a synonym will do."""

    title: str
    body: Prepared
    tried: Prepared | None
    topics: tuple[str, ...]
    phase: str
    level: str
    cohort_id: int | None
    attribution: str
    anchor: Anchor | None = None
    suggested_topic: str = ""


def preset(who: Reader) -> str:
    """The level a new question starts with."""
    return NETWORK if who.member else PUBLIC


def check(session: Session, who: Reader, new: NewQuestion) -> tuple[str, ...]:
    """The slugs of a question's topics, once everything about it is right. Raises Refused."""
    clean_title(new.title)
    topics = known_topics(session, new.topics)
    check_phase(new.phase)
    check_attribution(new.attribution)
    check_circle(session, who, new.level, new.cohort_id)
    return topics


def clean_title(title: str) -> str:
    """A title on one line, without characters that cannot be seen. Raises Refused."""
    visible = "".join(seen(sign) for sign in unicodedata.normalize("NFC", title))
    line = " ".join(visible.split())
    if len(line) not in TITLE:
        raise Refused(f"Der Titel braucht 10 bis 150 Zeichen. Er hat {len(line)}.", field="title")
    return line


def known_topics(session: Session, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The slugs of topics given by slug, name or synonym, each once. Raises Refused."""
    words = vocabulary(session)
    found = dict.fromkeys(words.find(word) for word in wanted)
    topics = tuple(slug for slug in found if slug)
    if None in found or len(topics) not in TOPICS:
        raise Refused(CHOOSE_TOPICS, field="topic")
    return topics


def check_phase(phase: str) -> None:
    if phase not in PHASES:
        raise Refused(CHOOSE_PHASE, field="phase")


def check_attribution(attribution: str) -> None:
    if attribution not in ATTRIBUTIONS:
        raise Refused(CHOOSE_NAME, field="attribution")


def check_circle(session: Session, who: Reader, level: str, cohort_id: int | None) -> str:
    """The circle of a level that she may write in. Raises Refused."""
    circle = circle_of(level, cohort_id)
    known = level in LEVELS and policy.may_post_in(who, circle)
    if level == COHORT:  # the Koordination reads all Klassen, but only those that there are
        known = known and cohort_id is not None and session.get(Cohort, cohort_id) is not None
    if not known:
        raise Refused(CHOOSE_CIRCLE, field="visibility")
    return circle


def slug_of(title: str) -> str:
    """A title as it stands in addresses."""
    return NOT_ASCII.sub("-", fold(title)).strip("-")[:SLUG].rstrip("-") or "frage"


def seen(sign: str) -> str:
    """The character, a blank in place of a control, nothing in place of one without a shape."""
    category = unicodedata.category(sign)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category in {"Cf", "Co", "Cs", "Cn"} else sign
