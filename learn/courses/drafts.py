"""Texts from the Werkstatt: a course's current release with some files changed, added or taken away."""

import hashlib
import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import normpath
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.courses import canonical, files
from learn.courses.files import Tree
from learn.courses.models import Asset, Blob, Course, Release, ReleaseFile
from learn.courses.origin import WORKSHOP
from learn.courses.pictures import Seen
from learn.courses.plan import Plan
from learn.courses.published import chunks
from learn.courses.source import NETWORK
from learn.courses.stage import STALE


@dataclass(frozen=True, slots=True)
class Draft:
    """Changes to one course, or to the network's glossary, as the Werkstatt holds them.

    `base`: number of the release they were made from, 0 before the first. `changes`: new bytes of texts and
    pictures, None for what goes, by path below the course folder or by the id in the text's front matter.
    `slug`: the address the course is to have; empty keeps it. `exact`: SHA-256 of texts that are stored as
    they are: files that were read in and that nobody has touched since.
    """

    course_id: str
    base: int
    changes: Mapping[str, bytes | None]
    slug: str = ""
    exact: frozenset[str] = frozenset()


@dataclass(slots=True)
class Workshop:
    """Bytes in memory, packed: a course of the largest size fits."""

    packed: dict[str, bytes] = field(default_factory=dict)

    def open(self, path: str) -> BinaryIO | None:
        found = self.packed.get(path)
        return io.BytesIO(zlib.decompress(found)) if found is not None else None

    def origin(self, _path: str) -> str:
        return WORKSHOP


@dataclass(slots=True)
class _Files:
    """What a course is to hold, by path below its folder; pictures it shows already need no bytes."""

    texts: dict[str, bytes] = field(default_factory=dict)
    pictures: dict[str, Asset] = field(default_factory=dict)
    fresh: dict[str, bytes] = field(default_factory=dict)


def tree(session: Session, drafts: Sequence[Draft]) -> Tree:
    """The files of these courses with their changes. Raises Refused: 409 when a base is stale, 422."""
    workshop, found, sizes = Workshop(), dict[str, tuple[str, Seen]](), dict[str, int]()
    prefix = ""
    for draft in drafts:
        prefix = _prefix(session, draft)
        held = _changed(session, draft)
        for path, data in {**held.texts, **held.fresh}.items():
            workshop.packed[prefix + path] = zlib.compress(data, 1)
            sizes[prefix + path] = len(data)
        for path, asset in held.pictures.items():
            place = normpath(prefix + path)
            found[place] = asset.sha, Seen(asset.ext, asset.width, asset.height)
            sizes[place] = asset.size
    lone = len(drafts) == 1
    return files.lay(Tree(workshop, prefix if lone else "", inspected=found), sizes)


def unchanged_bases(plan: Plan, drafts: Sequence[Draft]) -> None:
    """Raises Refused (409) when something was published while the drafts were read."""
    for draft in drafts:
        base = plan.published.bases.get(draft.course_id)
        if (base.number if base else 0) != draft.base:
            raise Refused(STALE, status=409)


def _prefix(session: Session, draft: Draft) -> str:
    """What the course's paths begin with below the content root."""
    if draft.course_id.startswith("glo_"):
        return ""
    slug = draft.slug or session.scalar(select(Course.slug).where(Course.id == draft.course_id))
    if not slug or "/" in slug or slug == NETWORK:
        raise Refused("Nennen Sie die Adresse des Kurses.", field="slug")
    return f"{slug}/"


def _changed(session: Session, draft: Draft) -> _Files:
    """The files of the current release, changed."""
    release = session.execute(
        select(Release.id, Release.number, Release.details)
        .join(Course, Course.release_id == Release.id)
        .where(Course.id == draft.course_id)
    ).one_or_none()
    if (release.number if release else 0) != draft.base:
        raise Refused(STALE, status=409)
    held = _held(session, release.id) if release else _Files()
    paths: dict[str, str] = release.details["paths"] if release else {}
    known = {hashlib.sha256(data).hexdigest() for data in held.texts.values()} | draft.exact
    before = dict(held.texts)
    for name, data in draft.changes.items():
        path = paths.get(name, name)
        _check(path)
        for part in (held.texts, held.pictures, held.fresh):
            part.pop(path, None)
        if data is None:
            continue
        if path.endswith(".md"):
            held.texts[path] = _written(data, before.get(path), known)
        else:
            held.fresh[path] = data
    return held


def _held(session: Session, release_id: int) -> _Files:
    held = _Files()
    rows = session.scalars(select(ReleaseFile).where(ReleaseFile.release_id == release_id)).all()
    for some in chunks(row for row in rows if not row.picture):
        wanted = {row.sha for row in some}
        blobs = session.execute(select(Blob.sha, Blob.data).where(Blob.sha.in_(wanted)))
        stored = {row.sha: row.data for row in blobs}
        held.texts.update((row.path, stored[row.sha]) for row in some)
    for some in chunks(row for row in rows if row.picture):
        wanted = {row.sha for row in some}
        assets = {asset.sha: asset for asset in session.scalars(select(Asset).where(Asset.sha.in_(wanted)))}
        held.pictures.update((row.path, assets[row.sha]) for row in some if _near(row.path))
    return held


def _near(path: str) -> bool:
    """Whether a picture lies in the course folder or in `bilder` beside it; others are their course's."""
    return not path.startswith("../") or path.startswith("../bilder/")


def _check(path: str) -> None:
    if normpath(path) != path or path.startswith(("/", "..")) or "\\" in path:
        raise Refused(f"Der Pfad „{path}“ liegt nicht im Kurs.", field="path")


def _written(data: bytes, before: bytes | None, known: set[str]) -> bytes:
    """The text as it is stored: what the release holds or merely says again stays, byte for byte."""
    if hashlib.sha256(data).hexdigest() in known:
        return data
    fresh = canonical.written(data)
    return before if before is not None and canonical.written(before) == fresh else fresh
