"""The start page: for visitors; who is signed in goes to her own learning."""

from dataclasses import dataclass
from typing import Self

from flask.typing import ResponseReturnValue
from flask_babel import format_decimal

from learn.core.access import actor, visitor
from learn.core.db import session
from learn.core.web import page, to
from learn.courses import queries as shelf
from learn.courses.queries import Card
from learn.network import queries as network
from learn.network.models import Municipality
from learn.site.blueprint import pages
from learn.site.cards import CourseCard

STARTS = 3


@dataclass(frozen=True, slots=True)
class Town:
    """A member town; `size` is a confirmed figure or a class, never an unconfirmed figure."""

    name: str
    pioneer: bool
    size: str

    @classmethod
    def of(cls, town: Municipality) -> Self:
        known = network.population(town)
        figure = format_decimal(known.figure) if known and known.figure else ""
        return cls(town.name, town.role == "pionier", figure or (known.size_class if known else ""))


@pages.get("/", access=visitor)
def start() -> ResponseReturnValue:
    """Promise, three courses of different topics, three steps, the towns."""
    if actor().signed_in:
        return to("site.overview")
    chosen = recommended(shelf.cards(session(), limit=12).items)
    return page(
        "site/start.html",
        cards=[CourseCard.of(card) for card in chosen],
        districts=districts(),
    )


def districts() -> list[tuple[str, list[Town]]]:
    """The network's towns by Kreis, both in alphabetical order."""
    found: dict[str, list[Town]] = {}
    for town in network.towns(session()):
        found.setdefault(town.district, []).append(Town.of(town))
    return sorted(found.items())


def recommended(cards: tuple[Card, ...]) -> list[Card]:
    """Up to three cards, of different topics where there are such."""
    chosen: list[Card] = []
    seen: set[str] = set()
    for card in cards:
        topic = card.topics[0] if card.topics else ""
        if topic not in seen:
            seen.add(topic)
            chosen.append(card)
    rest = [card for card in cards if card not in chosen]
    return (chosen + rest)[:STARTS]
