"""The pictures of a course in the Werkstatt: those of its release and those added, replaced or removed since.

Paths lie below the course folder. A row stands for what differs from the release or is said of a picture.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from sqlalchemy import ColumnElement, Connection, exists, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, NotFound
from learn.courses import holders
from learn.courses.foreign import titles
from learn.courses.models import Asset, Course, ReleaseFile
from learn.workshop import copies, policy, settling, showing
from learn.workshop.models import WorkPicture
from learn.workshop.pictured import LONGEST, LONGEST_WORDS, Picture, Stored, Words
from learn.workshop.portable import RESERVED
from learn.workshop.showing import DECORATIVE

__all__ = [
    "DECORATIVE",
    "LONGEST",
    "LONGEST_WORDS",
    "Picture",
    "Words",
    "add",
    "describe",
    "held",
    "href_of",
    "hrefs",
    "pictures",
    "put",
    "remove",
    "removed",
]
FOLDER = "bilder"
NEW, REPLACED = "neu", "ersetzt"
EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def pictures(session: Session, course_id: str) -> tuple[Picture, ...]:
    """All pictures of the working copy by path, with the texts that show them."""
    found = held(session, course_id)
    texts = {key: text for key, text in copies.texts(session, course_id).items() if not text.removed}
    uses, words = showing.shown(texts, found), showing.described(texts, found)
    return tuple(
        replace(found[path], uses=uses[path], description=found[path].description or words.get(path, ""))
        for path in sorted(found)
    )


def held(session: Session, course_id: str) -> dict[str, Picture]:
    """The same without uses, by path: the release's, changed by what was done here."""
    found = {picture.path: picture for picture in _released(session, course_id)}
    for row in session.scalars(select(WorkPicture).where(WorkPicture.course_id == course_id)):
        before = found.pop(row.path, None)
        if not row.removed:
            found[row.path] = _picture(row, before)
    return found


def removed(session: Session, course_id: str) -> set[str]:
    """Paths of the release's pictures that an author has taken out."""
    mine = (WorkPicture.course_id == course_id) & WorkPicture.removed
    return set(session.scalars(select(WorkPicture.path).where(mine)))


def href_of(session: Session, course_id: str, path: str) -> tuple[str, int, int] | None:
    """Address and size of the picture at this path below the course folder; None where there is none."""
    return hrefs(session, course_id).get(path)


def hrefs(session: Session, course_id: str) -> Mapping[str, tuple[str, int, int]]:
    """Address and size of every picture of the course by its path, for texts that show several."""
    return {
        path: (picture.href, picture.width, picture.height)
        for path, picture in held(session, course_id).items()
    }


def add(
    session: Session,
    actor: Actor,
    course_id: str,
    picture: Stored,
    *,
    name: str = "",
    origin: str = "",
    description: str = "",
    source: str = "",
    licence: str = "",
) -> Picture:
    """Add a picture whose bytes are stored, at a path like the name of its file; the same bytes only once.

    `origin`: hash of the file it was made from, which may be there as it is. Raises NotFound for an unknown
    course, Refused with the field for words that are too long.
    """
    settling.open_copy(session, course_id)
    there = held(session, course_id)
    same = next((one for one in there.values() if one.sha in {picture.sha, origin}), None)
    if same is not None:
        return replace(same, known=True)
    path = free_path(name, picture.ext, there)
    return put(session, actor, course_id, path, picture, Words(description, source, licence))


def put(
    session: Session, actor: Actor, course_id: str, path: str, picture: Stored, words: Words | None = None
) -> Picture:
    """Have this picture at this path, in place of one that is there; its words stay unless new ones come."""
    work = settling.open_copy(session, course_id).work
    before = {one.path: one for one in _released(session, course_id)}.get(path)
    row = _laid(session, actor, course_id, path, picture, words)
    settling.touched(work, actor)
    session.flush()
    return _picture(row, before)


def put_all(session: Session, actor: Actor, course_id: str, found: Mapping[str, Stored]) -> None:
    """Have these pictures at these paths; what is said of those before them stays."""
    if found:
        work = settling.open_copy(session, course_id).work
        for path, picture in found.items():
            _laid(session, actor, course_id, path, picture, None)
        settling.touched(work, actor)
        session.flush()


def _laid(
    session: Session, actor: Actor, course_id: str, path: str, picture: Stored, words: Words | None
) -> WorkPicture:
    row = session.get(WorkPicture, (course_id, path))
    told = (words or (Words(row.description, row.source, row.licence) if row else Words())).checked()
    if row is None:
        row = WorkPicture(course_id=course_id, path=path)
        session.add(row)
    row.sha, row.ext, row.size = picture.sha, picture.ext, picture.size
    row.width, row.height, row.removed = picture.width, picture.height, False
    row.description, row.source, row.licence = told.description, told.source, told.licence
    row.added_by, row.added_at = actor.owner, clock.now()
    return row


def describe(session: Session, actor: Actor, course_id: str, path: str, words: Words) -> None:
    """Change what is said of a picture. Raises NotFound, Refused with the field."""
    told = words.checked()
    there = held(session, course_id).get(path)
    if there is None:
        raise NotFound
    settling.open_copy(session, course_id)
    row = session.get(WorkPicture, (course_id, path))
    if row is None:
        row = _row_of(course_id, there, actor)
        session.add(row)
    row.description, row.source, row.licence = told.description, told.source, told.licence
    session.flush()


def remove(session: Session, actor: Actor, course_id: str, path: str) -> None:
    """Take a picture out of the working copy; readers lose it with the next release. Raises NotFound."""
    there = held(session, course_id).get(path)
    if there is None:
        raise NotFound
    work = settling.open_copy(session, course_id).work
    row = session.get(WorkPicture, (course_id, path))
    released = any(one.path == path for one in _released(session, course_id))
    if row is None:
        row = _row_of(course_id, there, actor)
        session.add(row)
    if released:
        row.removed = True
    else:
        session.delete(row)
    settling.touched(work, actor)
    session.flush()


def free_path(name: str, ext: str, taken: Iterable[str]) -> str:
    """A path of ours for a file of this name: `bilder/<slug>.<ext>`, like no other one whatever its case."""
    stem = PurePosixPath(name.replace("\\", "/").replace("\0", "")).name
    stems = {PurePosixPath(path).stem.casefold() for path in taken} | RESERVED
    return f"{FOLDER}/{titles.slug(EXTENSION.sub('', stem), 'bild', stems, numbered=False)}.{ext}"


def _row_of(course_id: str, picture: Picture, actor: Actor) -> WorkPicture:
    """A row of ours for a picture that the release brought."""
    return WorkPicture(
        course_id=course_id,
        path=picture.path,
        sha=picture.sha,
        ext=picture.ext,
        width=picture.width,
        height=picture.height,
        size=picture.size,
        added_by=actor.owner,
        added_at=clock.now(),
    )


def _released(session: Session, course_id: str) -> Iterator[Picture]:
    statement = (
        select(ReleaseFile.path, Asset.sha, Asset.ext, Asset.width, Asset.height, Asset.size)
        .join(Course, Course.release_id == ReleaseFile.release_id)
        .join(Asset, Asset.sha == ReleaseFile.sha)
        .where(Course.id == course_id, ReleaseFile.picture)
    )
    for row in session.execute(statement):
        href = f"/medien/{row.sha}.{row.ext}"
        yield Picture(row.path, href, row.width, row.height, row.size, sha=row.sha, ext=row.ext)


def _picture(row: WorkPicture, before: Picture | None) -> Picture:
    state = NEW if before is None else REPLACED if before.sha != row.sha else ""
    return Picture(
        row.path,
        f"/medien/{row.sha}.{row.ext}",
        row.width,
        row.height,
        row.size,
        row.description,
        row.source,
        row.licence,
        sha=row.sha,
        ext=row.ext,
        state=state,
    )


def _named(sha: str) -> ColumnElement[bool]:
    return exists().where(WorkPicture.sha == sha)


def keys(connection: Connection) -> Iterator[str]:
    """Keys of the stored pictures that rows of the Werkstatt name."""
    for sha, ext in connection.execute(select(WorkPicture.sha, WorkPicture.ext).distinct()):
        yield f"{sha}.{ext}"


def _seen(session: Session, actor: Actor, sha: str, ext: str) -> bool:
    """Pictures of drafts are for authors."""
    if not policy.author(actor):
        return False
    mine = exists().where(WorkPicture.sha == sha, WorkPicture.ext == ext)
    return bool(session.scalar(select(mine)))


holders.HOLDERS.append(holders.Holder(_named, keys, _seen))
