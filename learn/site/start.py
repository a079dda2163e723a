"""The start page: for visitors; who is signed in goes to her own learning."""

from flask.typing import ResponseReturnValue

from learn.core.access import actor, visitor
from learn.core.db import session
from learn.core.web import page, to
from learn.courses import queries as shelf
from learn.courses.queries import Card
from learn.network import queries as network
from learn.site.blueprint import pages
from learn.site.cards import CourseCard

STARTS = 3


@pages.get("/", access=visitor)
def start() -> ResponseReturnValue:
    """Promise, three courses of different topics, three steps, the towns."""
    if actor().signed_in:
        return to("site.overview")
    chosen = recommended(shelf.cards(session(), limit=12).items)
    return page(
        "site/start.html",
        cards=[CourseCard.of(card) for card in chosen],
        towns=[(town.name, town.role == "pionier") for town in network.municipalities(session())],
    )


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
