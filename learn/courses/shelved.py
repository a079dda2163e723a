"""Pages and pictures of published releases, as texts elsewhere may point to them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from learn.courses.files import PATHS
from learn.courses.manifest import Manifest
from learn.courses.models import Asset, Course, LessonVersion, Release, ReleaseFile
from learn.courses.pages import GLOSSARY, Places, add_pictures, fragments
from learn.courses.pictures import Seen
from learn.courses.source import NETWORK, PATH, Content, prefix_of
from learn.courses.surroundings import Page


def add(places: Places, session: Session, content: Content) -> None:
    """Add what texts name and the folder does not hold, as it is published."""
    named = {folder for text in content.texts() for folder in text.seen.folders}
    named -= {course.slug for course in content.courses}
    named -= {PATHS} if content.paths else set()
    add_current(places, session, named - {"glossar.md"} if content.glossary else named)


def add_current(places: Places, session: Session, folders: set[str]) -> None:
    """Add current releases by what stands at the top of the content root: courses, `glossar.md`, `pfade`."""
    rows = select(Course.slug, Release.id, Release.manifest, Release.details)
    rows = rows.join(Release, Release.id == Course.release_id).where(standing_in(folders))
    for slug, release_id, manifest, details in session.execute(rows):
        add_release(places, session, slug, release_id, Manifest.from_json(manifest), details)


def standing_in(folders: Collection[str]) -> ColumnElement[bool]:
    """Which rows of courses have their files in these folders of the content root."""
    slugs = sorted(NETWORK if name == "glossar.md" else name for name in folders)[:400]
    named = Course.slug.in_(slugs)
    return or_(named, Course.kind == PATH) if PATHS in folders else named


def add_release(
    places: Places, session: Session, slug: str, release_id: int, tree: Manifest, details: dict[str, Any]
) -> None:
    """Add one release's pages and pictures under `<slug>/`, glossary and Lernpfade below the content root."""
    prefix = prefix_of(slug)
    address = f"/kurse/{slug}" if prefix else f"/{slug}"
    for identity, path in details["paths"].items():
        places.pages[prefix + path] = Page(address, identity)
    _lessons(places, session, prefix, tree, details["paths"])
    if "glossar.md" in details["texts"]:
        known = fragments((term["title"], term["slug"]) for term in details["terms"])
        identity = next(key for key, path in details["paths"].items() if path == "glossar.md")
        places.pages[f"{prefix}glossar.md"] = Page(GLOSSARY, identity, known)
    _pictures(places, session, prefix, release_id)


def _lessons(places: Places, session: Session, prefix: str, tree: Manifest, paths: dict[str, str]) -> None:
    entries = {entry.version: entry for entry in tree.lessons()}
    columns = (LessonVersion.id, LessonVersion.headings)
    for row in session.execute(select(*columns).where(LessonVersion.id.in_(entries))):
        entry = entries[row.id]
        path = prefix + paths[entry.id]
        address = f"/kurse/{tree.slug}/{entry.slug}"
        places.pages[path] = Page(address, entry.id)
        places.slugs[path] = frozenset(heading["slug"] for heading in row.headings)
        if entry.plain:
            plain = path.removesuffix(".md") + ".einfach.md"
            places.pages[plain] = Page(f"{address}?fassung=einfach", entry.id)


def _pictures(places: Places, session: Session, prefix: str, release_id: int) -> None:
    query = select(ReleaseFile.path, Asset).join(Asset, Asset.sha == ReleaseFile.sha)
    rows = session.execute(query.where(ReleaseFile.release_id == release_id, ReleaseFile.picture))
    add_pictures(
        places,
        {prefix + path: (asset.sha, Seen(asset.ext, asset.width, asset.height)) for path, asset in rows},
    )
