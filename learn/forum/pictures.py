"""Pictures of posts: made anew from their pixels, stored apart for each circle, seen with their post only."""

import secrets
import time
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update
from sqlalchemy.orm import Session

from learn.core import clock, jobs
from learn.core.access import Actor
from learn.core.reencoding import Encoded
from learn.core.storage import Storage
from learn.forum.audience import Reader, visible
from learn.forum.models import Picture, Post, PostPicture, Question

EXT = "webp"
FOLDER = "forum"
FRESH = "neu"  # of pictures that no post shows yet
UNPUBLISHED_STAY = timedelta(days=30)
DAY = timedelta(days=1)


def key_of(circle: str) -> str:
    """A free key in the folder of a circle; empty: of pictures that no post shows yet."""
    return f"{_folder(circle)}/{secrets.token_hex(16)}.{EXT}"


def _folder(circle: str) -> str:
    return f"{FOLDER}/{circle.replace(':', '-') or FRESH}"


def add(session: Session, actor: Actor, encoded: Encoded, key: str) -> Picture:
    """The row of a picture whose file is stored; hers alone until a post shows it."""
    made = Picture(
        person_id=actor.owner,
        key=key,
        sha=encoded.sha,
        ext=EXT,
        width=encoded.width,
        height=encoded.height,
        added_on=clock.today(),
    )
    session.add(made)
    session.flush()
    return made


def mark(picture: Picture, description: str) -> str:
    """What stands for a picture in a text; its description on one line, without brackets."""
    words = " ".join(description.replace("[", "(").replace("]", ")").replace("\\", "/").split())
    return f"![{words}](bild:{picture.id})"


def may_see(session: Session, who: Reader, picture_id: int, ext: str) -> Picture | None:
    """A picture for who reads a shown post with it; before it is in any, for who added it."""
    shows = PostPicture.picture_id == Picture.id
    shown = (
        select(PostPicture.post_id)
        .join(Post, Post.id == PostPicture.post_id)
        .join(Question, Question.id == Post.question_id)
        .where(shows, Post.hidden == "", visible(who))
    )
    seen: ColumnElement[bool] = shown.exists()
    if who.actor.signed_in:
        nowhere = ~select(PostPicture.post_id).where(shows).exists()
        seen = or_(seen, (Picture.person_id == who.actor.person_id) & nowhere)
    return session.scalar(select(Picture).where(Picture.id == picture_id, Picture.ext == ext, seen))


def keys(connection: Connection) -> Iterator[str]:
    """Keys of all stored pictures, for the backup."""
    yield from connection.scalars(select(Picture.key))


def settle_later(session: Session, question_id: int) -> None:
    """Ask for the files of a question to follow it into the folder of its circle."""
    jobs.enqueue(session, "settle_pictures", question_id=question_id)


@jobs.job("settle_pictures", every=DAY)
def settle(work: jobs.Work, question_id: int = 0) -> None:
    """Move files into the folder of their question's circle, after publishing and after a change of level.

    Copied first, then named, then removed: at each moment the row names a file that is there.
    """
    store = Storage(work.config.storage)
    with work.database.reading() as session:
        statement = select(Picture.id, Picture.key, Question.circle).join(
            Question, Question.id == Picture.question_id
        )
        if question_id:
            statement = statement.where(Question.id == question_id)
        wrong = [row for row in session.execute(statement) if not _is_in(row.key, row.circle)]
    for row in wrong:
        _move(work, store, row.id, row.key, row.circle)


def _is_in(key: str, circle: str) -> bool:
    return key.startswith(f"{_folder(circle)}/")


def _move(work: jobs.Work, store: Storage, picture_id: int, old: str, circle: str) -> None:
    fresh = key_of(circle)
    try:
        with store.open(old) as file:
            store.save(fresh, file.read())
    except FileNotFoundError:  # moved meanwhile
        return
    same = (Picture.id == picture_id) & (Picture.key == old)
    with work.database.writing() as session:
        moved = session.scalar(update(Picture).where(same).values(key=fresh).returning(Picture.id))
    store.delete(old if moved else fresh)


@jobs.job("remove_unpublished_pictures", every=DAY)
def remove_unpublished(work: jobs.Work) -> None:
    """Remove pictures that no post showed within 30 days, and files that no row names any more."""
    over = Picture.added_on < clock.today() - UNPUBLISHED_STAY
    nowhere = ~select(PostPicture.post_id).where(PostPicture.picture_id == Picture.id).exists()
    with work.database.writing() as session:
        session.execute(delete(Picture).where(Picture.question_id.is_(None), nowhere, over))
    store = Storage(work.config.storage)
    limit = time.time() - DAY.total_seconds()
    with work.database.reading() as session:
        named = set(session.scalars(select(Picture.key)))
    for key in list(store.keys()):
        ours = key.startswith(f"{FOLDER}/") and key not in named
        if ours and store.path(key).stat().st_mtime < limit:
            store.delete(key)
