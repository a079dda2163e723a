"""Whatever happens: each count is the length of its list, and no channel shows more than may be read."""

from collections.abc import Callable
from random import Random
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import jobs
from learn.core.db import Database
from learn.forum import counting, feeds, lines, lists, reading
from learn.forum.audience import Reader, visible
from learn.forum.models import Question
from learn.forum.walks import Wanted
from learn.notices import resolving
from learn.notices.models import Event
from learn.search import finding
from tests.forum.world import (
    ACTS,
    BEGINNING,
    TOPICS,
    WORD,
    World,
    circles,
    is_solved,
    is_unread,
    posts,
    shown,
)

STEPS = 14
EXAMPLES = {"sqlite": 3, "postgres": 1}


def test_counts_are_the_lengths_of_their_lists_and_nothing_leaks(
    app: Flask, database: Database, kind: str
) -> None:
    work = jobs.Work(app.extensions["learn.config"], database)

    @settings(
        max_examples=EXAMPLES[kind],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        derandomize=True,
    )
    @given(st.integers(0, 2**32 - 1))
    def run(seed: int) -> None:
        chance = Random(seed)  # a step as likely as any other, however late
        with app.app_context(), database.reading() as session:
            world = World.made(session)
            done = [world.happen(step) for step in BEGINNING]
            for _number in range(STEPS):
                who, first, second = (chance.randrange(60) for _part in range(3))
                done.append(world.happen((chance.randrange(len(ACTS)), who, first, second)))
                tell(session, work)
                session.expire_all()
                check(world, done)
            session.rollback()

    run()


def tell(session: Session, work: jobs.Work) -> None:
    """What the worker does at once: everybody whom an event concerns gets her line."""
    for event_id in session.scalars(select(Event.id).where(~Event.resolved).order_by(Event.id)).all():
        resolving.resolve(work, event_id=event_id)


def check(world: World, done: list[str]) -> None:
    ids = world.session.scalars(select(Question.id)).all()
    assert counting.differing(world.session, ids) == set(), done
    everything = shown(world)
    for who in world.readers():
        allowed = circles(world, who)
        mine = {number for number, question in everything.items() if question.circle in allowed}
        counted = world.session.scalars(select(Question.id).where(visible(who))).all()
        assert sorted(counted) == sorted(mine), done
        check_lists(world, who, {number: everything[number] for number in mine}, done)
        check_channels(world, who, mine, done)


def check_lists(world: World, who: Reader, mine: dict[int, Question], done: list[str]) -> None:
    solved = {number for number, question in mine.items() if is_solved(world, question)}
    unread = {number for number, question in mine.items() if is_unread(world, who, question)}
    views = {"neu": set(mine), "offen": set(mine) - solved, "geloest": solved, "ungelesen": unread}
    for view, right in views.items():
        if view != "ungelesen" or who.actor.signed_in:
            assert listed(world, who, Wanted(view)) == sorted(right), (view, done)
    for topic in TOPICS:
        here = [number for number, question in mine.items() if question.topic == topic]
        assert listed(world, who, Wanted("neu", topic)) == sorted(here), (topic, done)
    joined = select(Question.id).where(visible(who), reading.unread(who))
    assert set(world.session.scalars(joined)) == unread, done


def listed(world: World, who: Reader, wanted: Wanted) -> list[int]:
    """The ids on all pages of a list."""
    return pages(lambda after: turn(lists.questions(world.session, who, wanted, after)))


def turn(found: Any) -> tuple[list[int], Any]:
    return [row.id for row in found.rows], found.after


def pages(page: Callable[[Any], tuple[list[int], Any]]) -> list[int]:
    rows, after = page(None)
    found = list(rows)
    while after:
        rows, after = page(after)
        found += rows
    assert len(found) == len(set(found)), "a row on two pages"
    return sorted(found)


def check_channels(world: World, who: Reader, mine: set[int], done: list[str]) -> None:
    right = {post.id for number in mine for post in posts(world, number) if post.kind != "verweis"}
    assert {entry.post_id for entry in feeds.entries(world.session, who)} == right, done
    assert searched(world, who) == {f"frage:{number}" for number in mine}, done
    if who.actor.signed_in:
        check_notices(world, who, mine, done)


def searched(world: World, who: Reader) -> set[str]:
    found: set[str] = set()
    hits = finding.search(world.session, who.circles, WORD, kind="fragen")
    while True:
        found |= {hit.ref for hit in hits.rows}
        if hits.after is None:
            return found
        hits = finding.search(world.session, who.circles, WORD, kind="fragen", after=hits.after)


def check_notices(world: World, who: Reader, mine: set[int], done: list[str]) -> None:
    """The badge counts the open lines; each open line of a question is unread and in sight."""
    count, _state = lines.standing(world.session, who.actor)
    found: list[lines.Line] = []
    after: str | None = None
    while True:
        some = lines.lines(world.session, who.actor, closed=False, after=after)
        found += some.rows
        if not some.after:
            break
        after = some.after
    assert count == len(found), done
    for line in found:
        if line.question_id is not None and line.kind in {"frage", "antwort", "rueckfrage", "loesung"}:
            assert line.question_id in mine, done
            question = world.session.get(Question, line.question_id)
            assert question is not None
            assert is_unread(world, who, question), done
