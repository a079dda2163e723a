"""Course cards as templates show them, with the reader's own progress where she has begun."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from flask import current_app
from markupsafe import Markup

from learn.core.i18n import day
from learn.core.i18n import gettext as _
from learn.courses.queries import Card
from learn.network.topics import topic_name
from learn.site.standing import Standing


@dataclass(frozen=True, slots=True)
class CardProgress:
    """The bar on a card."""

    done: int
    total: int
    text: str


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in a list, see components/course_card.html."""

    href: str
    title: str
    outcome: str
    topic: str
    topics: tuple[str, ...]
    picture: str
    minutes: int
    lessons: int
    town: str
    easy: bool
    progress: CardProgress | None

    @classmethod
    def of(cls, card: Card, standing: Standing | None = None) -> Self:
        return cls(
            href=f"/kurse/{card.slug}",
            title=card.title,
            outcome=card.outcome,
            topic=topic_name(card.topics[0]) if card.topics else "",
            topics=card.topics,
            picture=card.image,
            minutes=card.minutes,
            lessons=card.lessons,
            town=card.municipality,
            easy=card.plain,
            progress=card_progress(standing) if standing else None,
        )

    def html(self) -> Markup:
        """The card drawn; one without anybody's progress is the same for all and drawn once."""
        return draw(self) if self.progress else drawn_for_all(self)


def draw(card: CourseCard) -> Markup:
    """Fill components/course_card.html."""
    component = current_app.jinja_env.get_template("components/course_card.html").module
    drawn: Markup = component.course_card(card)  # type: ignore[attr-defined]
    return drawn


drawn_for_all = lru_cache(maxsize=1000)(draw)


def card_progress(standing: Standing) -> CardProgress:
    """Count of lessons, or the day of completion."""
    state = standing.state
    completion = standing.enrolled.completion
    if completion and standing.finished:
        text = _("Abgeschlossen am %(day)s", day=day(completion.day))
    else:
        text = _("%(done)s von %(total)s Lektionen", done=state.done, total=state.total)
    return CardProgress(state.done, state.total, text)
