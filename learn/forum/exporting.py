"""The forum as files: one JSON and one Markdown file for each Frage, pictures, an index of what they name.

Nothing of Klassen leaves, no person from the Netzwerk, hidden Beiträge as placeholders. „Ich auch“ and „Hat
geholfen“ stay, as they are people's. The same data give the same bytes.
"""

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.core.storage import Storage
from learn.forum import portable
from learn.forum.audience import NETWORK, PUBLIC
from learn.forum.models import Picture, Question, QuestionLink
from learn.forum.portable import Data, included
from learn.network.models import Municipality, Topic, TopicSynonym

FORMAT = 1
LEVELS = (PUBLIC, NETWORK)
INDEX, QUESTIONS, PICTURES = "forum.json", "fragen", "bilder"
AT_ONCE = 50


@dataclass(slots=True)
class Exported:
    """What was written; `towns` and `topics` are those that questions name."""

    questions: int = 0
    posts: int = 0
    pictures: int = 0
    towns: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)


def export(session: Session, storage: Storage, folder: Path, level: str) -> Exported:
    """Write everything of a level into a new or empty folder, at once or not at all. Raises Refused."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} ist nicht leer. Nehmen Sie einen anderen Ordner.")
    target = folder.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        done = _write(session, storage, fresh, level)
        fresh.chmod(0o755)
        fresh.replace(target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return done


def town_names(towns: Sequence[Data]) -> dict[str, str]:
    """Towns as they are named in Markdown, by their key."""
    return {town["ags"]: f"{town['art']} {town['name']}".strip() for town in towns}


def _write(session: Session, storage: Storage, folder: Path, level: str) -> Exported:
    done = Exported()
    for name in (QUESTIONS, PICTURES):
        (folder / name).mkdir()
    towns = session.execute(select(Municipality.id, Municipality.ags, Municipality.name, Municipality.kind))
    known = {row.id: {"ags": row.ags, "name": row.name, "art": row.kind} for row in towns}
    keys, names = {number: town["ags"] for number, town in known.items()}, town_names(list(known.values()))
    last = 0
    while some := _next(session, level, last):
        for data in portable.questions(session, level, some, keys):
            path = folder / QUESTIONS / portable.file_name(data)
            path.with_name(f"{path.name}.json").write_bytes(portable.as_bytes(data))
            path.with_name(f"{path.name}.md").write_bytes(portable.markdown(data, names).encode())
            _note(done, data)
        done.pictures += _copy_pictures(session, storage, folder / PICTURES, [one.id for one in some])
        last = some[-1].id
        session.expunge_all()
    index: dict[str, Any] = {
        "format": FORMAT,
        "stufe": level,
        "kommunen": sorted(
            (town for town in known.values() if town["ags"] in done.towns), key=lambda town: town["ags"]
        ),
        "themen": _topics(session, done.topics),
        "aehnlich": _links(session, level),
    }
    (folder / INDEX).write_bytes(portable.as_bytes(index))
    return done


def _next(session: Session, level: str, last: int) -> Sequence[Question]:
    wanted = select(Question).where(included(level), Question.id > last).order_by(Question.id)
    return session.scalars(wanted.limit(AT_ONCE)).all()


def _note(done: Exported, data: Data) -> None:
    done.questions += 1
    done.posts += len(data["beitraege"])
    done.topics.update(data["themen"])
    for holder in (data, *data["beitraege"]):
        done.towns.update([holder["kommune"]] if holder["kommune"] else [])
        done.towns.update(holder.get("nennt", ()))


def _copy_pictures(session: Session, storage: Storage, folder: Path, ids: Sequence[int]) -> int:
    """The pictures that shown posts of shown questions show."""
    listed = select(Question.id).where(Question.id.in_(ids), Question.listed != "")
    pictures = {one["id"] for number in session.scalars(listed) for one in portable.pictures(session, number)}
    for picture in session.scalars(select(Picture).where(Picture.id.in_(pictures))):
        with storage.open(picture.key) as file:
            (folder / f"{picture.id}.{picture.ext}").write_bytes(file.read())
    return len(pictures)


def _topics(session: Session, slugs: Collection[str]) -> list[Data]:
    words: dict[str, list[str]] = {}
    for row in session.scalars(select(TopicSynonym).order_by(TopicSynonym.word)):
        words.setdefault(row.topic, []).append(row.written)
    found = session.scalars(select(Topic).where(Topic.slug.in_(slugs)).order_by(Topic.slug))
    return [{"adresse": one.slug, "name": one.name, "worte": words.get(one.slug, [])} for one in found]


def _links(session: Session, level: str) -> list[list[int]]:
    """Pairs of questions that are alike, the lower number first."""
    leaving = select(Question.id).where(included(level))
    pairs = select(QuestionLink.question_id, QuestionLink.other_id).where(
        QuestionLink.question_id < QuestionLink.other_id,
        QuestionLink.question_id.in_(leaving),
        QuestionLink.other_id.in_(leaving),
    )
    found = session.execute(pairs.order_by(QuestionLink.question_id, QuestionLink.other_id))
    return [[one, other] for one, other in found]
