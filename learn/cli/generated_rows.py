"""The rows of a generated thread, derived columns included, as `learn.forum.counting` would compute them."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from learn.cli import generated_posts as generated
from learn.cli.generated_posts import Thread
from learn.core.db import Base
from learn.forum import asking, counting, texts
from learn.forum.audience import PUBLIC, circle_of
from learn.forum.models import (
    Helped,
    MeToo,
    Post,
    PostAuthor,
    PostRevision,
    Question,
    QuestionReader,
    QuestionTopic,
)
from learn.markup import RENDERER

FIRST = datetime(2024, 1, 8, 7, 0, tzinfo=UTC)
BETWEEN = timedelta(minutes=4)  # two questions
LONGEST_PAUSE = 4_000  # minutes, of a short thread between two posts
ORIGIN = "bench:"

Rows = dict[type[Base], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who posts: her number, her town's number and size."""

    person_id: int
    municipality_id: int
    size: str


@dataclass(frozen=True, slots=True)
class Network:
    """Whom and what posts refer to. `writers` by circle; `lessons`: lesson, course, edition."""

    writers: Mapping[str, Sequence[Writer]]
    klassen: Sequence[int]
    competent: frozenset[str]
    lessons: Sequence[tuple[str, str, int]]


@dataclass(slots=True)
class Place:
    """Where the next thread begins: numbers of questions and posts not yet given."""

    question_id: int
    post_id: int
    rows: Rows = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class Written:
    """A thread while its posts are made."""

    thread: Thread
    question_id: int
    writers: Sequence[Writer]
    posts: list[dict[str, Any]] = field(default_factory=list)
    authors: list[Writer] = field(default_factory=list)


def add(place: Place, network: Network, thread: Thread) -> None:
    """Append the rows of a thread and move on."""
    circle = generated.circle(thread, [circle_of("klasse", number) for number in network.klassen])
    written = Written(thread, place.question_id, network.writers[circle])
    _posts(written, place)
    question = _question(written, network, circle)
    _reactions(written, question, place.rows)
    _derive(written, question, network)
    place.rows[Question].append(question)
    copied = {name: question[name] for name in counting.COPIED}
    topics = generated.topics(random.Random(f"topics {thread.number}"))  # noqa: S311 - no secret
    place.rows[QuestionTopic] += [
        {"question_id": place.question_id, "topic": slug, "position": position, **copied}
        for position, slug in enumerate(topics)
    ]
    place.rows[QuestionReader] += _readers(written)
    place.rows[Post] += written.posts
    place.question_id += 1
    place.post_id += len(written.posts)


def _posts(written: Written, place: Place) -> None:
    thread, chance = written.thread, written.thread.chance
    at = FIRST + BETWEEN * thread.number
    pause = max(2, LONGEST_PAUSE * 5 // (4 + len(thread.kinds)))
    for offset, kind in enumerate(thread.kinds):
        author = chance.choice(written.writers)
        source = generated.text(chance)
        about = _asked(written, chance, offset) if kind == "rueckfrage" else None
        post_id, body = place.post_id + offset, "\n\n".join(source)
        written.posts.append(_post(written, post_id, offset + 1, kind, at, body, source, author, about))
        written.authors.append(author)
        place.rows[PostAuthor].append({"post_id": post_id, "person_id": author.person_id})
        place.rows[PostRevision].append(
            {
                "post_id": post_id,
                "revision": 1,
                "title": "" if offset else thread.title,
                "tried": "",
                "body": body,
                "at": at,
                "reason": "",
                "redacted": False,
            }
        )
        at += timedelta(minutes=chance.randrange(1, pause))


def _asked(written: Written, chance: random.Random, offset: int) -> int:
    """The post that a Rückfrage is about: often the question, else the one before."""
    return int(written.posts[0 if chance.random() < 0.5 else offset - 1]["id"])


def _post(
    written: Written,
    post_id: int,
    number: int,
    kind: str,
    at: datetime,
    body: str,
    source: Sequence[str],
    author: Writer,
    about: int | None,
) -> dict[str, Any]:
    chance = written.thread.chance
    hidden = number > 1 and chance.random() < 0.005
    return {
        "id": post_id,
        "question_id": written.question_id,
        "number": number,
        "kind": kind,
        "about_id": about,
        "body": body,
        "parts": [{"html": "\n".join(f"<p>{paragraph}</p>" for paragraph in source)}],
        "renderer": RENDERER,
        "excerpt": texts.excerpt("\n".join(source)),
        "revision": 1,
        "attribution": chance.choice(("name", "funktion")),
        "municipality_id": author.municipality_id,
        "size": author.size,
        "by_name": "",
        "at": at,
        "hidden": "ausgeblendet" if hidden else "",
        "reason": "Werbung" if hidden else "",
        "solution": kind == "antwort" and chance.random() < 0.2,
        "helped": 0,
        "moved_to": None,
        "key": None,
        "origin": None,
    }


def _question(written: Written, network: Network, circle: str) -> dict[str, Any]:
    chance, first = written.thread.chance, written.posts[0]
    level, _colon, cohort = circle.partition(":")
    topics = generated.topics(random.Random(f"topics {written.thread.number}"))  # noqa: S311 - no secret
    anchored = network.lessons and chance.random() < 0.02
    lesson, course, edition = chance.choice(network.lessons) if anchored else (None, None, None)
    return {
        "id": written.question_id,
        "title": written.thread.title,
        "slug": asking.slug_of(written.thread.title),
        "tried": "",
        "tried_parts": [],
        "phase": chance.choice(generated.PHASES),
        "level": level,
        "cohort_id": int(cohort) if cohort else None,
        "circle": circle,
        "listed": circle,
        "municipality_id": first["municipality_id"],
        "size": first["size"],
        "topic": topics[0],
        "lesson_id": lesson,
        "course_id": course,
        "heading": "",
        "edition": edition,
        "status": "gezeigt",
        "reason": "",
        "merged_into": None,
        "locked": chance.random() < 0.01,
        "verdict": chance.choice(("", "geloest", "geloest", "teilweise", "ungeloest")),
        "last_number": len(written.posts),
        "quiet_number": 0,
        "asked_at": first["at"],
        "origin": f"{ORIGIN}{written.thread.number}",
    }


def _reactions(written: Written, question: dict[str, Any], rows: Rows) -> None:
    """„Ich auch“ for one question in six, „Hat geholfen“ for one answer in ten."""
    chance, own = written.thread.chance, question["municipality_id"]
    several = chance.choices(written.writers, k=chance.randrange(1, 7)) if chance.random() < 0.16 else []
    towns = {each.person_id: each.municipality_id for each in several if each.municipality_id != own}
    question["me_too"] = len(set(towns.values()))
    rows[MeToo] += [
        {"question_id": question["id"], "person_id": person, "municipality_id": town}
        for person, town in towns.items()
    ]
    for post in written.posts:
        if post["kind"] == "antwort" and chance.random() < 0.1:
            other = chance.choice(written.writers)
            post["helped"] = int(other.municipality_id != post["municipality_id"])
            ids = {"person_id": other.person_id, "municipality_id": other.municipality_id}
            rows[Helped].append({"post_id": post["id"], **ids})


def _derive(written: Written, question: dict[str, Any], network: Network) -> None:
    shown = [post for post in written.posts if not post["hidden"]]
    answers = [post for post in shown if post["kind"] == "antwort"]
    question["answers"] = len(answers)
    question["solutions"] = sum(post["solution"] for post in answers)
    question["top_number"] = shown[-1]["number"]
    question["latest_at"] = shown[-1]["at"]
    solved = question["solutions"] and question["verdict"] in {counting.SOLVED, counting.PARTLY}
    question["state"] = counting.ANSWERED if solved else counting.OPEN
    question["waits_since"] = counting.Waiting(
        question["asked_at"],
        question["me_too"],
        question["topic"] in network.competent,
        _asks_back(written, shown[-1]),
    ).since


def _asks_back(written: Written, latest: dict[str, Any]) -> bool:
    """Whether the latest post is somebody else's Rückfrage about a post of the asker."""
    if latest["kind"] != "rueckfrage":
        return False
    asker: int = written.authors[0].person_id
    about = written.authors[latest["about_id"] - written.posts[0]["id"]].person_id
    writer: int = written.authors[latest["number"] - 1].person_id
    return bool(about == asker and writer != asker)


def _readers(written: Written) -> Iterator[dict[str, Any]]:
    """Who wrote follows, and has read up to her latest post."""
    last: dict[int, tuple[int, bool]] = {}
    for number, (author, post) in enumerate(zip(written.authors, written.posts, strict=True), 1):
        before = last.get(author.person_id, (0, False))[1]
        last[author.person_id] = (number, before or post["kind"] == "antwort")
    asker: int = written.authors[0].person_id
    for person_id, (number, answered) in last.items():
        follow, reason = ("wichtiges", "geantwortet") if answered else ("", "")
        if person_id == asker:
            follow, reason = "alles", "gefragt"
        ids = {"person_id": person_id, "question_id": written.question_id}
        yield {**ids, "last_read": number, "follow": follow, "reason": reason}


def circles(klassen: Sequence[int]) -> tuple[str, ...]:
    """All circles that threads stand in."""
    return (PUBLIC, "netzwerk", *(circle_of("klasse", number) for number in klassen))
