"""Exported files back into an empty forum: every field checked, numbers kept, one transaction.

The Markdown files are there to be read: one that differs from its JSON is refused, or the change were lost.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Refused
from learn.core.db import Base
from learn.core.numbering import continue_after
from learn.core.storage import Storage
from learn.forum import asking, exporting, intake, pictures, portable, rendering
from learn.forum.counting import OPEN, VERDICTS
from learn.forum.exporting import FORMAT, INDEX, LEVELS, PICTURES, QUESTIONS
from learn.forum.models import (
    Picture,
    Post,
    PostMention,
    PostPicture,
    PostQuote,
    PostRevision,
    Question,
    QuestionLink,
    QuestionTopic,
)
from learn.forum.portable import SHAPES, Data
from learn.network.models import Municipality, Topic

MOST = 2**31 - 1
WORDS: Mapping[str, tuple[str, ...]] = {  # what a field may say
    "stufe": LEVELS,
    "phase": asking.PHASES,
    "zustand": ("gezeigt", "ausgeblendet", "verschoben"),
    "ergebnis": ("", *VERDICTS),
    "angabe": asking.ATTRIBUTIONS,
    "ausgeblendet": ("", "ausgeblendet", "zurueckgezogen", "gemeldet"),
}
KINDS = ("frage", "antwort", "rueckfrage", "verweis")
Tables = list[tuple[type[Base], list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Source:
    """A checked folder. Its questions are read again, one at a time, when they are stored."""

    folder: Path
    index: Data
    files: tuple[Path, ...]

    def questions(self) -> Iterator[Data]:
        for path in self.files:
            yield question(path)


def load(session: Session, storage: Storage, folder: Path) -> int:
    """Take an exported folder in; how many questions it holds. Raises Refused where the forum has some."""
    if session.scalar(select(Question.id).limit(1)) is not None:
        raise Refused("Das Forum ist nicht leer. Nehmen Sie eine leere Instanz.")
    source = read(folder)
    towns = _towns(session, source.index["kommunen"])
    _topics(session, source.index["themen"])
    for data in source.questions():
        _store(session, storage, source, data, towns)
    _point(session, source)
    for data in source.questions():
        for post in data["beitraege"]:
            _render(session, post["id"])
        question_row = session.get_one(Question, data["id"])
        intake.finish(session, question_row)
        session.expire_all()
    return len(source.files)


def read(folder: Path) -> Source:
    """Check everything in a folder before anything is written. Raises Refused with file and field."""
    index = _json(folder / INDEX)
    _shape(INDEX, "index", index)
    if index["format"] != FORMAT:
        raise Refused(f"{INDEX}: Dieses Format kennt das Programm nicht: {index['format']}")
    for kind, rows in (("kommune", index["kommunen"]), ("thema", index["themen"])):
        for row in rows:
            _shape(INDEX, kind, row)
    source = Source(folder, index, tuple(sorted((folder / QUESTIONS).glob("*.json"))))
    _check_names(source)
    return source


def question(path: Path) -> Data:
    """One question's file, checked. Raises Refused."""
    name = f"{QUESTIONS}/{path.name}"
    data = _json(path)
    _shape(name, "frage", data)
    for post in data["beitraege"]:
        _shape(name, "beitrag", post)
        _moment(name, post["am"])
        if post["art"] not in KINDS:
            raise Refused(f"{name}: „art“ kennt „{post['art']}“ nicht.")
    for picture in data["bilder"]:
        _shape(name, "bild", picture)
    _moment(name, data["gefragt_am"])
    if not data["beitraege"] or not data["themen"] or portable.file_name(data) != path.stem:
        raise Refused(f"{name}: Beiträge oder Themen fehlen, oder der Dateiname passt nicht.")
    return data


def _check_names(source: Source) -> None:
    """Exactly the files that an export writes, with words, keys and texts that fit together."""
    towns = exporting.town_names(source.index["kommunen"])
    topics = {topic["adresse"] for topic in source.index["themen"]}
    wanted, numbers = {INDEX}, list[int]()
    for data in source.questions():
        name = f"{QUESTIONS}/{portable.file_name(data)}"
        wanted |= {f"{name}.json", f"{name}.md"}
        wanted |= {f"{PICTURES}/{one['id']}.{one['art']}" for one in data["bilder"]}
        numbers += [post["id"] for post in data["beitraege"]]
        _check_words(name, data, towns, topics)
        path = source.folder / f"{name}.md"
        if not path.is_file() or path.read_bytes() != portable.markdown(data, towns).encode():
            raise Refused(
                f"{name}.md weicht von {name}.json ab. Ändern Sie die JSON-Datei und löschen Sie keine."
            )
        _check_pictures(source.folder, data)
    present = {
        path.relative_to(source.folder).as_posix() for path in source.folder.rglob("*") if path.is_file()
    }
    for name in sorted(present ^ wanted):
        raise Refused(f"{name} ist zu viel oder fehlt.")
    if len(set(numbers)) != len(numbers):
        raise Refused("Eine Nummer eines Beitrags kommt zweimal vor.")


def _check_words(name: str, data: Data, towns: Mapping[str, str], topics: set[str]) -> None:
    for holder in (data, *data["beitraege"]):
        for field, known in WORDS.items():
            if holder.get(field, known[0]) not in known:
                raise Refused(f"{name}.json: „{field}“ kennt „{holder[field]}“ nicht.")
        named = [*([holder["kommune"]] if holder["kommune"] else []), *holder.get("nennt", ())]
        if not towns.keys() >= set(named):
            raise Refused(f"{name}.json: Eine Kommune fehlt in {INDEX}.")
    if not topics >= set(data["themen"]):
        raise Refused(f"{name}.json: Ein Thema fehlt in {INDEX}.")
    order = [post["nummer"] for post in data["beitraege"]]
    if order[0] != 1 or any(one >= other for one, other in pairwise(order)):
        raise Refused(f"{name}.json: Die Nummern der Beiträge steigen nicht.")


def _check_pictures(folder: Path, data: Data) -> None:
    for one in data["bilder"]:
        path = folder / PICTURES / f"{one['id']}.{one['art']}"
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != one["sha256"]:
            raise Refused(f"{PICTURES}/{path.name} fehlt oder hat eine andere Prüfsumme.")


def _json(path: Path) -> Data:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise Refused(f"{path.name} fehlt.") from None
    except (ValueError, RecursionError):
        raise Refused(f"{path.name} ist kein gültiges JSON.") from None
    if not isinstance(found, dict):
        raise Refused(f"{path.name} enthält keine Felder.")
    return found


def _shape(name: str, kind: str, data: Any) -> None:
    """Exactly the fields of a kind, each of its type."""
    shape = SHAPES[kind]
    if not isinstance(data, dict):
        raise Refused(f"{name}: Hier fehlen die Felder von „{kind}“.")
    for field in sorted(data.keys() - shape.keys()):
        raise Refused(f"{name}: Das Feld „{field}“ ist unbekannt.")
    for field, types in shape.items():
        value = data.get(field, ...)
        if type(value) not in types or (isinstance(value, int) and not 0 <= value <= MOST):
            raise Refused(f"{name}: Das Feld „{field}“ fehlt oder hat einen falschen Wert.")


def _moment(name: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refused(f"{name}: {text} ist kein Zeitpunkt.")
    return found


def _towns(session: Session, rows: Sequence[Data]) -> dict[str | None, int | None]:
    """The numbers of the towns by key; those that are missing come as guests."""
    known: dict[str | None, int | None] = {None: None}
    for row in rows:
        town = session.scalar(select(Municipality).where(Municipality.ags == row["ags"]))
        if town is None:
            town = Municipality(ags=row["ags"], name=row["name"], kind=row["art"], role="gast")
            session.add(town)
            session.flush()
        known[row["ags"]] = town.id
    return known


def _topics(session: Session, rows: Sequence[Data]) -> None:
    for row in rows:
        if session.get(Topic, row["adresse"]) is None:
            session.add(Topic(slug=row["adresse"], name=row["name"], position=99))
    session.flush()


def _store(
    session: Session,
    storage: Storage,
    source: Source,
    data: Data,
    towns: Mapping[str | None, int | None],
) -> None:
    """The rows of a question; what points at posts that come later follows."""
    listed = {"listed": data["stufe"], "state": OPEN, "latest_at": _moment("", data["gefragt_am"])}
    listed["waits_since"] = listed["latest_at"]
    tables: Tables = [
        (Question, [_question(data, towns) | listed]),
        (
            QuestionTopic,
            [
                {"question_id": data["id"], "topic": topic, "position": position, **listed}
                for position, topic in enumerate(data["themen"])
            ],
        ),
        (Picture, [_picture(storage, source, data, one) for one in data["bilder"]]),
        (Post, [_post(data, post, towns) for post in data["beitraege"]]),
        (PostRevision, [_revision(data, post) for post in data["beitraege"]]),
        (
            PostMention,
            [
                {"post_id": post["id"], "person_id": None, "municipality_id": towns[ags]}
                for post in data["beitraege"]
                for ags in post["nennt"]
            ],
        ),
        (
            PostPicture,
            [
                {"post_id": post["id"], "picture_id": number}
                for post in data["beitraege"]
                for number in post["zeigt"]
            ],
        ),
    ]
    for table, rows in tables:
        if rows:
            session.execute(insert(table), rows)


def _question(data: Data, towns: Mapping[str | None, int | None]) -> dict[str, Any]:
    return {
        "id": data["id"],
        "title": data["titel"],
        "slug": data["adresse"],
        "tried": data["versucht"],
        "phase": data["phase"],
        "level": data["stufe"],
        "circle": data["stufe"],
        "municipality_id": towns[data["kommune"]],
        "size": data["groesse"],
        "topic": data["themen"][0],
        "lesson_id": data["lektion"],
        "course_id": data["kurs"],
        "heading": data["abschnitt"],
        "edition": data["ausgabe"],
        "status": data["zustand"],
        "reason": data["grund"],
        "locked": data["geschlossen"],
        "verdict": data["ergebnis"],
        "last_number": data["letzte_nummer"],
        "quiet_number": data["letzte_nummer"],
        "asked_at": _moment("", data["gefragt_am"]),
        "origin": data["herkunft"],
    }


def _post(data: Data, post: Data, towns: Mapping[str | None, int | None]) -> dict[str, Any]:
    return {
        "id": post["id"],
        "question_id": data["id"],
        "number": post["nummer"],
        "kind": post["art"],
        "body": post["text"],
        "revision": post["fassung"],
        "attribution": post["angabe"],
        "municipality_id": towns[post["kommune"]],
        "size": post["groesse"],
        "by_name": post["name"],
        "at": _moment("", post["am"]),
        "hidden": post["ausgeblendet"],
        "reason": post["grund"],
        "solution": post["loesung"],
        "origin": post["herkunft"],
    }


def _revision(data: Data, post: Data) -> dict[str, Any]:
    first = post["nummer"] == 1
    return {
        "post_id": post["id"],
        "revision": post["fassung"],
        "title": data["titel"] if first else "",
        "tried": data["versucht"] if first else "",
        "body": post["text"],
        "at": _moment("", post["am"]),
    }


def _picture(storage: Storage, source: Source, data: Data, one: Data) -> dict[str, Any]:
    """Its file goes to the storage under a new name."""
    key = pictures.key_of(data["stufe"])
    storage.save(key, (source.folder / PICTURES / f"{one['id']}.{one['art']}").read_bytes())
    return {
        "id": one["id"],
        "question_id": data["id"],
        "key": key,
        "sha": one["sha256"],
        "ext": one["art"],
        "width": one["breite"],
        "height": one["hoehe"],
        "added_on": clock.today(),
    }


def _point(session: Session, source: Source) -> None:
    """What refers to posts and questions, now that all are there; tables count on behind them."""
    highest = {"question": 0, "post": 0, "forum_picture": 0}
    for data in source.questions():
        posts = data["beitraege"]
        if data["zusammengefuehrt"]:
            merged = update(Question).where(Question.id == data["id"])
            session.execute(merged.values(merged_into=data["zusammengefuehrt"]))
        for post in posts:
            if post["zu"] or post["verschoben"]:
                moved = update(Post).where(Post.id == post["id"])
                session.execute(moved.values(about_id=post["zu"], moved_to=post["verschoben"]))
        quotes = [
            {"post_id": post["id"], "quoted_id": quoted, "revision": revision}
            for post in posts
            for quoted, revision in post["zitiert"]
        ]
        if quotes:
            session.execute(insert(PostQuote), quotes)
        highest["question"] = max(highest["question"], data["id"])
        highest["post"] = max(highest["post"], *(post["id"] for post in posts))
        highest["forum_picture"] = max(highest["forum_picture"], *(one["id"] for one in data["bilder"]), 0)
    for one, other in source.index["aehnlich"]:
        pairs = [{"question_id": a, "other_id": b} for a, b in ((one, other), (other, one))]
        session.execute(insert(QuestionLink), pairs)
    continue_after(session.connection(), highest)


def _render(session: Session, post_id: int) -> None:
    found = rendering.again(session, post_id)
    if found is None:
        raise Refused(f"Der Text von Beitrag {post_id} lässt sich nicht umwandeln.")
    rendering.store(session, found)
    session.flush()
