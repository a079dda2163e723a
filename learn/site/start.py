"""The start page: for visitors; who is signed in goes to her own learning."""

from flask.typing import ResponseReturnValue

from learn.core.access import actor, visitor
from learn.core.db import session
from learn.core.web import page, to
from learn.courses import queries as shelf
from learn.courses.queries import Card
from learn.network import queries as network
from learn.site import asked
from learn.site.blueprint import pages
from learn.site.cards import CourseCard
from learn.site.towns import Row

STARTS = 3
TOWNS = 100  # more than these are not listed one by one


@pages.get("/", access=visitor)
def start() -> ResponseReturnValue:
    """Promise, three courses of different topics, three steps, solved questions, the towns."""
    if actor().signed_in:
        return to("site.overview")
    chosen = recommended(shelf.cards(session(), limit=12).items)
    return page(
        "site/start.html",
        cards=[CourseCard.of(card) for card in chosen],
        solved=asked.solved_lately(),
        districts=districts(),
    )


def districts() -> list[tuple[str, list[Row]]]:
    """The network's towns by Kreis, both in alphabetical order; of a large network the pioneers."""
    towns = network.towns(session(), limit=TOWNS + 1)
    if len(towns) > TOWNS:
        towns = network.towns(session(), role="pionier", limit=TOWNS)
    found: dict[str, list[Row]] = {}
    for town in towns:
        found.setdefault(town.district, []).append(Row.of(town))
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
