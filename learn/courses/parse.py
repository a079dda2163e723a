"""Files become courses: which file is what, in which order, with all faults of names and front matter."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from learn.core.folding import fold
from learn.courses import files, frontmatter, heads, targets
from learn.courses.files import PATHS, Tree
from learn.courses.heads import FileKind, Head
from learn.courses.pictures import looks_like_one
from learn.courses.source import NETWORK, Content, CourseSource, LessonSource, ModuleSource, Text
from learn.markup.model import Fault

NUMBERED = re.compile(r"([0-9]{2,3})-(.+)")
LESSON_RESERVED = frozenset({"abschluss", "beginnen", "druck", "merken", "mitnehmen"})
COURSE_RESERVED = frozenset({NETWORK, PATHS})
PLAIN = ".einfach.md"
TEST = "fragen/abschluss.md"


def parse(folder: Path) -> Content:
    """Read a content root or a course folder. Faults are in `tree.findings`; nothing is raised for them."""
    return read(files.walk(folder))


def read(tree: Tree) -> Content:
    """The same for files that are listed already."""
    folders = {name: paths for name, paths in tree.folders().items() if name != "bilder"}
    if tree.lone:
        folders.setdefault(tree.prefix.rstrip("/"), [])
    below = [] if f"{PATHS}/kurs.md" in tree.sizes else folders.pop(PATHS, [])
    courses = [found for name, paths in folders.items() if (found := _course(tree, name, paths))]
    glossary = (
        None if tree.lone or "glossar.md" not in tree.sizes else read_text(tree, "glossar.md", "glossar")
    )
    return Content(tree, tuple(courses), glossary, tuple(_paths(tree, below)))


def _paths(tree: Tree, below: list[str]) -> Iterator[Text]:
    """The Lernpfade in their folder; Markdown files of another kind are named (K111)."""
    for path in below:
        name = path.removeprefix(f"{PATHS}/")
        if not name.lower().endswith(".md"):
            continue
        if "/" not in name and not name.endswith(PLAIN):
            yield read_text(tree, path, "pfad")
        elif path not in tree.broken:
            tree.add(path, Fault("K111", 1))
    _strangers(tree, below)


def read_text(tree: Tree, path: str, kind: FileKind) -> Text:
    """One Markdown file; its faults go to the tree."""
    if path in tree.known:
        return tree.known[path]
    if path in tree.broken and tree.sizes.get(path, 0) > files.TEXT_LIMIT:
        return Text(path, "", kind, Head(kind, {}, {}, known=False), 1)
    text = files.decode(tree.read(path))
    sha = tree.sha(path)
    if isinstance(text, int):
        tree.add(path, Fault("K101", text))
        return Text(path, sha, kind, Head(kind, {}, {}, known=False), 1)
    front = frontmatter.split(text)
    head = heads.read(front, kind)
    for fault in head.faults:
        tree.add(path, fault, head.id)
    seen = targets.glance(path, front.body, glossary=kind == "glossar")
    return Text(path, sha, kind, head, front.body_line, seen)


def body(tree: Tree, text: Text) -> str:
    """The text below the front matter, with LF."""
    found = files.decode(tree.read(text.path))
    assert isinstance(found, str)
    return frontmatter.split(found).body


def _course(tree: Tree, folder: str, below: list[str]) -> CourseSource | None:
    """The course in a folder; None (K112) when it is foreign."""
    if f"{folder}/kurs.md" not in tree.sizes:
        if f"{folder}/kurs.md" not in {path.casefold() for path in tree.broken}:
            tree.add(f"{folder}/kurs.md", Fault("K112", 1, {"datei": "kurs.md"}))
        return None
    paths = [path.removeprefix(f"{folder}/") for path in below]
    known = {"kurs.md", "glossar.md", TEST}
    modules = _modules(tree, folder, [path for path in paths if path not in known])
    course = CourseSource(
        slug=folder,
        text=read_text(tree, f"{folder}/kurs.md", "kurs"),
        modules=tuple(modules),
        glossary=read_text(tree, f"{folder}/glossar.md", "glossar") if "glossar.md" in paths else None,
        test=read_text(tree, f"{folder}/{TEST}", "fragen") if TEST in paths else None,
    )
    _slugs(tree, course)
    _strangers(tree, below)
    return course


def _modules(tree: Tree, folder: str, paths: list[str]) -> list[ModuleSource]:
    """Modules in order. Markdown files that have no place are named."""
    found: dict[str, list[str]] = {}
    for path in paths:
        name, _, rest = path.partition("/")
        if path.lower().endswith(".md"):
            if "/" in rest or not rest or not NUMBERED.fullmatch(name):
                _misplaced(tree, folder, path)
            else:
                found.setdefault(name, []).append(rest)
    ordered = sorted(found, key=_order)
    _repeated(tree, [(name, f"{folder}/{name}/modul.md") for name in ordered])
    return [_module(tree, f"{folder}/{name}", name, found[name]) for name in ordered]


def _misplaced(tree: Tree, course: str, path: str) -> None:
    """A Markdown file that is no lesson: its folder lacks the number of a module, or it is merely unused."""
    name, _, rest = path.partition("/")
    file, folder = f"{course}/{path}", f"{course}/{name}"
    if rest and "/" not in rest and not name.startswith(("bilder", "fragen")):
        tree.unread = True
        if folder not in tree.broken:  # once for all its files
            tree.add(folder, Fault("K106", 1))
    elif file not in tree.broken:
        tree.add(file, Fault("K111", 1))


def _module(tree: Tree, path: str, name: str, inner: list[str]) -> ModuleSource:
    text = None
    named = [entry for entry in inner if entry.casefold() == "modul.md"]  # a misspelt one has its fault
    if named:
        text = read_text(tree, f"{path}/{max(named)}", "modul")
    elif f"{path}/modul.md" not in tree.broken:
        tree.add(f"{path}/modul.md", Fault("K112", 1, {"datei": tree.shown(f"{path}/modul.md")}))
    return ModuleSource(
        folder=name,
        slug=_slug(name),
        text=text,
        lessons=tuple(_lessons(tree, path, [entry for entry in inner if entry not in named])),
    )


def _lessons(tree: Tree, path: str, names: list[str]) -> list[LessonSource]:
    plain = {name.removesuffix(PLAIN): name for name in names if name.endswith(PLAIN)}
    standard = {name.removesuffix(".md"): name for name in names if not name.endswith(PLAIN)}
    alike = {_letters(stem) for stem in standard}
    for stem in sorted(stem for stem in plain if stem not in standard and _letters(stem) not in alike):
        values = {"datei": tree.shown(f"{path}/{stem}.md")}
        tree.add(f"{path}/{plain[stem]}", Fault("K112", 1, values))
        tree.unread = True
    ordered = sorted(standard, key=_order)
    _repeated(tree, [(stem, f"{path}/{standard[stem]}") for stem in ordered])
    found = []
    for stem in ordered:
        file = f"{path}/{standard[stem]}"
        if not NUMBERED.fullmatch(stem) and file not in tree.broken:
            tree.add(file, Fault("K106", 1))
        other = read_text(tree, f"{path}/{plain[stem]}", "einfach") if stem in plain else None
        found.append(LessonSource(read_text(tree, file, "lektion"), _slug(stem), other))
    return found


def _letters(stem: str) -> str:
    """What a misspelt name has in common with the right one."""
    return re.sub(r"[^a-z0-9]", "", fold(stem))


def _repeated(tree: Tree, named: Iterable[tuple[str, str]]) -> None:
    """K110: a number that two neighbours bear."""
    seen: set[str] = set()
    for name, path in named:
        match = NUMBERED.fullmatch(name)
        if match and match[1] in seen:
            tree.add(path, Fault("K110", 1, {"nn": match[1]}))
        elif match:
            seen.add(match[1])


def _slugs(tree: Tree, course: CourseSource) -> None:
    """K107: addresses that are taken."""
    if course.slug in COURSE_RESERVED:
        tree.add(course.text.path, Fault("K107", 1, {"slug": course.slug}), course.id)
    seen = set(LESSON_RESERVED)
    for lesson in course.lessons():
        if lesson.slug in seen:
            tree.add(lesson.text.path, Fault("K107", 1, {"slug": lesson.slug}), lesson.id)
        seen.add(lesson.slug)


def _strangers(tree: Tree, paths: Iterable[str]) -> None:
    """K111: files that are neither Markdown nor may be pictures; unused pictures show later."""
    for path in paths:
        folder = PurePosixPath(path).parent.name
        if not path.lower().endswith(".md") and not looks_like_one(path) and folder != "bilder":
            tree.add(path, Fault("K111", 1))


def numbered(text: Text) -> bool:
    """Whether a lesson's file says by its number where it stands."""
    return NUMBERED.fullmatch(PurePosixPath(text.path).name) is not None


def _order(name: str) -> tuple[int, str]:
    match = NUMBERED.fullmatch(name)
    return (int(match[1]), match[2]) if match else (1000, name)


def _slug(name: str) -> str:
    match = NUMBERED.fullmatch(name)
    return match[2] if match else name
