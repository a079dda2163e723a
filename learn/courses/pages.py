"""Pages and pictures that texts of a folder may point to: those in the folder, then those published."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses import pictures
from learn.courses.files import Tree
from learn.courses.manifest import Manifest
from learn.courses.models import Asset, Course, LessonVersion, Release, ReleaseFile
from learn.courses.pictures import Seen
from learn.courses.source import NETWORK, Content, CourseSource, Text
from learn.courses.surroundings import Page, Shared
from learn.markup.extensions.headings import slug as heading_slug
from learn.markup.model import Fault, Picture, Term

GLOSSARY = "/vokabelheft"
UNKNOWN = Seen("png", 300, 150)  # stands for a picture with an error of its own


@dataclass(slots=True)
class Places:
    """Everything by path below the content root; `stored` says what is known of each picture file."""

    pages: dict[str, Page] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    stored: dict[str, tuple[str, Seen]] = field(default_factory=dict)  # path -> hash and size
    slugs: dict[str, frozenset[str]] = field(default_factory=dict)  # headings of published lessons

    def shared(self, folders: Iterable[str], values: Iterable[str]) -> Shared:
        """What the texts of a course need: pages and pictures at these places of the content root."""
        wanted = frozenset(folders)
        return Shared(
            pages={path: page for path, page in self.pages.items() if path.split("/", 1)[0] in wanted},
            pictures={
                path: found for path, found in self.pictures.items() if path.split("/", 1)[0] in wanted
            },
            values=frozenset(values),
        )


def of_folder(content: Content) -> Places:
    """Pages and pictures of the folder."""
    places = Places()
    for course in content.courses:
        _course(places, course)
    if content.glossary:
        places.pages[content.glossary.path] = _glossary(content.glossary)
    for path in sorted(content.tree.sizes):
        if not path.lower().endswith(".md"):
            _inspect(content.tree, places, path)
    for path in places.stored:
        places.pictures[path] = _picture(places, path)
    return places


def with_terms(page: Page, terms: Iterable[Term]) -> Page:
    """A glossary whose terms are known exactly, because it has been rendered."""
    return Page(page.href, page.identity, fragments((term.title, term.slug) for term in terms))


def fragments(terms: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A glossary's slugs by what links may name: the slug, or the heading's own fragment."""
    found: dict[str, str] = {}
    for title, slug in terms:
        found.setdefault(heading_slug(title), slug)
    return found | {slug: slug for slug in found.values()}


def _course(places: Places, course: CourseSource) -> None:
    address = f"/kurse/{course.slug}"
    places.pages[course.text.path] = Page(address, course.id)
    for module in course.modules:
        if module.text:
            places.pages[module.text.path] = Page(address, module.text.id)
        for lesson in module.lessons:
            page = f"{address}/{lesson.slug}"
            places.pages[lesson.text.path] = Page(page, lesson.id, sections=lesson.text.seen.sections)
            if lesson.plain:
                places.pages[lesson.plain.path] = Page(f"{page}?fassung=einfach", lesson.id)
    if course.glossary:
        places.pages[course.glossary.path] = _glossary(course.glossary)


def _glossary(text: Text) -> Page:
    """A glossary before it is rendered: its terms as a quick look finds them."""
    return Page(GLOSSARY, text.id, fragments(text.seen.terms))


def _inspect(tree: Tree, places: Places, path: str) -> None:
    """Look at a picture file: K108, K509."""
    if not pictures.looks_like_one(path) and "/bilder/" not in f"/{path}":
        return
    if tree.sizes[path] > pictures.LIMIT:
        tree.add(path, Fault("K108", 1, {"was": "Das Bild", "grenze": "5 MB"}))
        places.stored[path] = ("0" * 64, UNKNOWN)
        return
    seen = pictures.inspect(tree.read(path))
    if seen is not None:
        places.stored[path] = (tree.sha(path), seen)
    elif pictures.looks_like_one(path):
        tree.add(path, Fault("K509", 1))
        places.stored[path] = (tree.sha(path), UNKNOWN)


def _picture(places: Places, path: str) -> Picture:
    stem, dot, suffix = path.rpartition(".")
    narrow = places.stored.get(f"{stem}-schmal{dot}{suffix}")
    return _address(*places.stored[path], narrow=_address(*narrow) if narrow else None)


def _address(sha: str, seen: Seen, narrow: Picture | None = None) -> Picture:
    return Picture(f"/medien/{sha}.{seen.ext}", seen.width, seen.height, narrow)


def add_published(places: Places, session: Session, content: Content) -> None:
    """Add what texts name and the folder does not hold, as it is published."""
    missing = {folder for text in content.texts() for folder in text.seen.folders}
    missing -= {course.slug for course in content.courses}
    if "glossar.md" in missing and not content.glossary:
        missing = missing - {"glossar.md"} | {NETWORK}
    rows = select(Course.slug, Release.id, Release.manifest, Release.details)
    rows = rows.join(Release, Release.id == Course.release_id).where(Course.slug.in_(sorted(missing)[:400]))
    for slug, release_id, manifest, details in session.execute(rows):
        _published(places, session, slug, Manifest.from_json(manifest), details["paths"], details["terms"])
        _published_pictures(places, session, slug, release_id)


def _published(
    places: Places,
    session: Session,
    slug: str,
    manifest: Manifest,
    paths: dict[str, str],
    terms: list[dict[str, str]],
) -> None:
    prefix = "" if slug == NETWORK else f"{slug}/"
    versions = {entry.version: entry for entry in manifest.lessons()}
    columns = (LessonVersion.id, LessonVersion.headings)
    rows = session.execute(select(*columns).where(LessonVersion.id.in_(versions)))
    headings = {row.id: row.headings for row in rows}
    for identity, path in paths.items():
        places.pages[prefix + path] = Page(f"/kurse/{slug}", identity)
    for entry in manifest.lessons():
        path = prefix + paths[entry.id]
        places.pages[path] = Page(f"/kurse/{slug}/{entry.slug}", entry.id)
        places.slugs[path] = frozenset(heading["slug"] for heading in headings.get(entry.version, ()))
    if terms or slug == NETWORK:
        known = fragments((term["title"], term["slug"]) for term in terms)
        places.pages[f"{prefix}glossar.md"] = Page(GLOSSARY, manifest.course_id, known)


def _published_pictures(places: Places, session: Session, slug: str, release_id: int) -> None:
    rows = select(ReleaseFile.path, Asset).join(Asset, Asset.sha == ReleaseFile.sha)
    found = session.execute(rows.where(ReleaseFile.release_id == release_id, ReleaseFile.picture))
    stored = {path: (asset.sha, Seen(asset.ext, asset.width, asset.height)) for path, asset in found}
    outside = Places(stored=stored)
    for path in stored:
        places.pictures[f"{slug}/{path}"] = _picture(outside, path)
