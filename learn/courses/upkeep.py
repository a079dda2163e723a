"""Jobs of the shelf: removing pictures that nothing names, rendering anew after an update."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module

from sqlalchemy import Connection, delete, exists, or_, select

from learn.core import jobs
from learn.core.storage import Storage
from learn.courses import holders
from learn.courses.models import Asset, Course, Release, ReleaseFile
from learn.markup import RENDERER

PICTURE = re.compile(r"([0-9a-f]{64})\.[a-z]+")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def picture_keys(connection: Connection) -> Iterator[str]:
    """Keys of the stored pictures that rows name."""
    for sha, ext in connection.execute(select(Asset.sha, Asset.ext)):
        yield f"{sha}.{ext}"
    for holder in holders.HOLDERS:
        yield from holder.keys(connection)


@jobs.job("remove_unused_pictures", every=DAY)
def remove_unused_pictures(work: jobs.Work) -> None:
    """Remove pictures that nothing has named for a day; publishing saves a picture anew each time."""
    store = Storage(work.config.storage)
    limit = time.time() - DAY.total_seconds()
    for key in list(store.keys()):
        found = PICTURE.fullmatch(key)
        if found and _older(store, key, limit):
            _remove(work, store, key, found.group(1), limit)
    store.sweep(limit)


@jobs.job("render_anew", every=HOUR)
def render_anew(work: jobs.Work) -> None:
    """Renew HTML that an older program made; its modules wait until there is some."""
    older = (
        select(Course.id).join(Release, Release.id == Course.release_id).where(Release.renderer != RENDERER)
    )
    with work.database.reading() as session:
        found = session.scalar(older.limit(1))
    if found is not None:
        import_module("learn.courses.renewal").render_anew(work.database)


def _older(store: Storage, key: str, limit: float) -> bool:
    try:
        return store.path(key).stat().st_mtime < limit
    except FileNotFoundError:
        return False


def _remove(work: jobs.Work, store: Storage, key: str, sha: str, limit: float) -> None:
    named = or_(exists().where(ReleaseFile.sha == sha, ReleaseFile.picture), *holders.named(sha))
    with work.database.reading() as session:
        if session.scalar(select(named)):
            return
    with work.database.writing() as session:
        if not session.scalar(select(named)) and _older(store, key, limit):  # not saved again meanwhile
            session.execute(delete(Asset).where(Asset.sha == sha))
            store.delete(key)
