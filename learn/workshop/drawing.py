"""One text of a working copy as publishing would read and render it, in the surroundings of its course."""

from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy.orm import Session

from learn.core.access import NotFound
from learn.courses import files, frontmatter, parse, rendering, targets
from learn.courses.files import Tree, lay
from learn.courses.library import cached
from learn.courses.pages import GLOSSARY, Places, fragments
from learn.courses.rendering import Drawn, Task
from learn.courses.source import NETWORK, Content, CourseSource, LessonSource, ModuleSource, Text
from learn.courses.surroundings import Page, Shared
from learn.courses.targets import Outside
from learn.workshop import keys, stored
from learn.workshop.nearby import Bytes, Nearby
from learn.workshop.stored import PER_TEXT

MISSING = "sc-missing"  # class of pictures with an error, see learn.markup.extensions.figures
UNREADABLE = "Der Text enthält Zeichen, die sich nicht darstellen lassen."
TOO_LARGE = "Der Text ist zu lang. Kürzen Sie ihn auf 256 KB."


@dataclass(frozen=True, slots=True)
class Drawing:
    """A text read and rendered. `content`, `places`, `shared`: its course with this text in its place."""

    text: Text
    body: str
    drawn: Drawn
    content: Content
    places: Places
    shared: Shared


def path_of(nearby: Nearby, key: str) -> str:
    """Where a text lies below the content root; a plain variant may be one to be. Raises NotFound."""
    found = nearby.paths.get(key)
    beside = nearby.paths.get(keys.standard(key))
    if found is None and beside is not None and key.endswith(keys.PLAIN):
        return beside.removesuffix(".md") + parse.PLAIN
    if found is None:
        raise NotFound
    return found


def draw(session: Session, nearby: Nearby, key: str, source: str) -> Drawing:
    """Read and render a whole file in the place of the text that the copy holds. Raises NotFound."""
    path, data = path_of(nearby, key), source.encode("utf-8", "replace")
    tree = _tree(nearby, path, data)
    text = parse.read_text(tree, path, keys.kind_of(key))
    content = _placed(replace(nearby.content, tree=tree), text)
    decoded = files.decode(data)
    body = frontmatter.split(decoded).body if isinstance(decoded, str) else ""
    places, shared = _around(session, nearby, content, text)
    if isinstance(decoded, int) or len(data) > files.TEXT_LIMIT:
        drawn = rendering.undrawn(path, UNREADABLE if isinstance(decoded, int) else TOO_LARGE)
    else:
        drawn = rendering.draw(_task(text, body), shared)
    _headings(nearby, path, body, places)
    return Drawing(text, body, drawn, content, places, shared)


def _task(text: Text, body: str) -> Task:
    return Task(
        path=text.path,
        body=body,
        kind=text.kind,
        first_line=text.body_line,
        title=text.head.text("titel"),
        formulas=text.head.flag("formeln"),
    )


def _tree(nearby: Nearby, path: str, data: bytes) -> Tree:
    """The tree of the course with these bytes; it takes the findings."""
    held, own = nearby.content.tree, Bytes({path: data})
    found = lay(Tree(own, nearby.prefix), {path: len(data)})
    name = held.shown(path)
    structural = [finding for finding in held.findings if finding.file == name]
    return Tree(
        own,
        nearby.prefix,
        sizes={**held.sizes, **found.sizes},
        findings=[*structural, *found.findings],
        broken=found.broken,
        unread=held.unread,
        inspected=held.inspected,
    )


def _placed(content: Content, text: Text) -> Content:
    """The content with this text in its place."""
    if not content.courses:
        return replace(content, glossary=text)
    (course,) = content.courses
    return replace(content, courses=(_changed(course, text),))


def _changed(course: CourseSource, text: Text) -> CourseSource:
    if text.kind == "kurs":
        return replace(course, text=text)
    if text.kind == "glossar":
        return replace(course, glossary=text)
    if text.kind == "fragen":
        return replace(course, test=text)
    return replace(course, modules=tuple(_module(module, text) for module in course.modules))


def _module(module: ModuleSource, text: Text) -> ModuleSource:
    if text.kind == "modul":
        mine = module.text is not None and module.text.path == text.path
        return replace(module, text=text) if mine else module
    beside = text.path.removesuffix(parse.PLAIN) + ".md" if text.kind == "einfach" else text.path
    if all(lesson.text.path != beside for lesson in module.lessons):
        return module
    return replace(module, lessons=tuple(_lesson(each, text, beside) for each in module.lessons))


def _lesson(lesson: LessonSource, text: Text, beside: str) -> LessonSource:
    if lesson.text.path != beside:
        return lesson
    return replace(lesson, plain=text) if text.kind == "einfach" else replace(lesson, text=text)


def _around(session: Session, nearby: Nearby, content: Content, text: Text) -> tuple[Places, Shared]:
    """What the text may point to: its course, and what it names beside that."""
    own = "glossar.md" if not nearby.prefix else nearby.slug
    other = stored.elsewhere(session, text.seen.folders - {own})
    held, page = nearby.places, _page(nearby, text)
    places = Places(
        pages={**other.places.pages, **held.pages, **page},
        pictures={**other.places.pictures, **held.pictures},
        stored=held.stored,
        slugs={**other.places.slugs, **held.slugs},
        faulty=held.faulty - {text.path.casefold()} | {path.casefold() for path in content.tree.broken},
    )
    head = (content.courses[0].text if content.courses else text).head
    values = [name for name, _ in head.pairs("werte")] if head.sound("werte") else None
    folders = text.seen.folders | {nearby.slug or NETWORK}
    state = (
        *nearby.state,
        other.state,
        tuple(sorted(folders)),
        _told(page),
        tuple(values or ()),
        values is None,
    )

    def make() -> tuple[Shared, int]:
        return places.shared(folders, values), PER_TEXT * (len(places.pages) + len(places.pictures))

    return places, cached(("workshop-shared", *state, places.faulty), make)


def _page(nearby: Nearby, text: Text) -> dict[str, Page]:
    """The text's own page with the parts that it has now."""
    held = nearby.places.pages.get(text.path)
    if held is None:
        return {}
    if text.kind == "glossar":
        terms = fragments(text.seen.terms) if text.head.known else None
        return {text.path: Page(GLOSSARY, text.id, terms)}
    return {text.path: replace(held, sections=text.seen.sections if text.kind == "lektion" else frozenset())}


def _told(page: dict[str, Page]) -> tuple[object, ...]:
    """A page as something that names it."""
    return tuple(
        (path, each.sections, tuple((each.terms or {}).items()), each.terms is None)
        for path, each in page.items()
    )


def _headings(nearby: Nearby, path: str, body: str, places: Places) -> None:
    """Learn the headings of other texts of the copy that this one links to; published ones are known."""
    for target in targets.scan(body, 1):
        if "#" not in target.text:
            continue
        with suppress(Outside):
            other, _fragment = targets.place(path, target.text)
            if other != path and other in nearby.changed and other in nearby.content.tree.known:
                places.slugs[other] = _slugs(nearby.content.tree.known[other], nearby.changed[other])


def _slugs(text: Text, data: bytes) -> frozenset[str]:
    """The headings of a text; rendered once for these bytes."""

    def make() -> tuple[frozenset[str], int]:
        decoded = files.decode(data)
        body = frontmatter.split(decoded).body if isinstance(decoded, str) else ""
        drawn = rendering.draw(_task(text, body), Shared({}, {}))
        return frozenset(drawn.trace.slugs), PER_TEXT

    return cached(("workshop-slugs", text.path, sha256(data).digest()), make)
