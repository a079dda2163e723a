"""Which Markdown files of a foreign course are lessons; all others are named by K603."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from learn.courses.foreign.kinds import Course, is_liascript, text
from learn.markup.names import names

# Folders that serve the making of a site, hold what others wrote, or say the same in another language.
APART = names(
    "node_modules bower_components vendor venv site-packages themes layouts archetypes _includes"
    " _layouts _site _data site_libs renv translations translated_images translated i18n l10n locale"
    " locales"
)
ABOUT = names(
    "license licence copying code_of_conduct conduct contributing contributors security support"
    " changelog changes history authors maintainers citation governance pull_request_template"
    " issue_template notice news translations todo roadmap agents claude gemini copilot_instructions"
    " acknowledgements links"
)
NAVIGATION = frozenset({"_sidebar", "_navbar", "_coverpage", "summary"})
CARPENTRIES = re.compile(r"(?:episodes|_episodes|_episodes_rmd|learners|instructors|profiles|_extras)/")
LANGUAGES = names(
    "aa af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fo fr ga gl gu he hi hr ht"
    " hu hy id is it ja ka kk km kn ko ku ky la lb lo lt lv mk ml mn mo mr ms my nb ne nl nn no or pa"
    " pcm pl pt ro ru si sk sl sq sr sv sw ta te th tl tr tw uk ur uz vi zh"
)
LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z]{2,4})?")
SOURCES = frozenset({".rmd", ".qmd", ".mdx"})


def parted(course: Course) -> tuple[list[str], list[str]]:
    """Lessons and all other Markdown files, both in the order of their paths."""
    paths = course.markdown
    candidates = [path for path in paths if not _apart(course, path)]
    candidates = _one_language(course, candidates)
    candidates = _not_twice(candidates)
    if not candidates:  # what looks beside the point is all there is
        hidden = [path for path in paths if not path.startswith(".") and "/." not in path]
        candidates = [path for path in hidden if not _about(path)] or hidden
    chosen = set(candidates)
    return candidates, [path for path in paths if path not in chosen]


def _apart(course: Course, path: str) -> bool:
    """Whether the file's place says that it is no lesson."""
    if not path.startswith(course.base):
        return True
    segments = path.removeprefix(course.base).split("/")
    folders = segments[:-1]
    if any(part.startswith(".") for part in segments) or APART.intersection(part.lower() for part in folders):
        return True
    stem = PurePosixPath(path).stem.lower()
    if stem in NAVIGATION or stem.partition(".")[0] in NAVIGATION:
        return True
    if course.kind == "carpentries" and folders:
        return not CARPENTRIES.match(path)
    return not folders and course.kind != "hugo" and (_about(path) or _root_readme(course, path))


def _about(path: str) -> bool:
    """Whether the file is about the repository, not about its subject."""
    stem = PurePosixPath(path).name.partition(".")[0].lower().replace("-", "_")
    return "/" not in path and stem in ABOUT


def _root_readme(course: Course, path: str) -> bool:
    stem = PurePosixPath(path).name.partition(".")[0].lower()
    return stem == "readme" and not (path.count(".") == 1 and is_liascript(text(course.source, path)))


def _one_language(course: Course, paths: list[str]) -> list[str]:
    """The paths without those that say in another language what one of them says."""
    names = {path.lower() for path in paths}
    kept = [path for path in paths if not _translated_name(path, names)]
    return _one_folder(course, kept)


def _translated_name(path: str, names: set[str]) -> bool:
    """`text.fr.md` beside `text.md`."""
    stem, dot, suffix = path.lower().rpartition(".")
    bare, _, code = stem.rpartition(".")
    return bool(bare) and _is_language(code) and f"{bare}{dot}{suffix}" in names


def _is_language(name: str) -> bool:
    match = LANGUAGE.fullmatch(name)
    return bool(match) and match is not None and match[1].lower() in LANGUAGES


def _one_folder(course: Course, paths: list[str]) -> list[str]:
    """Of folders named by languages that hold the same, the main one; of one beside its original, none."""
    groups: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        segments = path.split("/")
        place = next((number for number, part in enumerate(segments[:-1]) if _is_language(part)), None)
        if place is not None:
            groups.setdefault(("/".join(segments[:place]), segments[place]), []).append(path)
    gone: set[str] = set()
    for parent in {parent for parent, _ in groups}:
        gone.update(
            _others(
                course,
                parent,
                {code: group for (above, code), group in groups.items() if above == parent},
                paths,
            )
        )
    return [path for path in paths if path not in gone]


def _others(course: Course, parent: str, groups: dict[str, list[str]], paths: Iterable[str]) -> list[str]:
    """The translations below one folder."""
    prefix = f"{parent}/" if parent else ""
    within = {path.removeprefix(prefix) for path in paths if path.startswith(prefix)}
    outside = {path for path in within if path.partition("/")[0] not in groups}
    inner = {
        code: {path.removeprefix(f"{prefix}{code}/") for path in group} for code, group in groups.items()
    }
    found = [path for code, group in groups.items() if _mostly(inner[code], outside) for path in group]
    rest = {code: names for code, names in inner.items() if not _mostly(names, outside)}
    shared = Counter(name for names in rest.values() for name in names)
    alike = [code for code, names in rest.items() if any(shared[name] > 1 for name in names)]
    if len(alike) > 1:
        main = _main(course, {code: len(rest[code]) for code in alike})
        found += [path for code in alike if code != main for path in groups[code]]
    return found


def _mostly(names: set[str], others: set[str]) -> bool:
    """Whether most of these names stand among the others, too."""
    return len(names & others) * 2 > len(names) and names & others != {"README.md"}


def _main(course: Course, sizes: dict[str, int]) -> str:
    """The language the site names as its own, else the one with most files."""
    wanted = str(course.config.get("defaultContentLanguage") or course.config.get("lang") or "")
    if wanted in sizes:
        return wanted
    return max(sorted(sizes), key=lambda code: (sizes[code], code == "en", code == "de"))


def _not_twice(paths: list[str]) -> list[str]:
    """The paths without sources (`.Rmd`) whose result stands beside them or in the folder of results."""
    plain = {
        path.lower().rpartition(".")[0] for path in paths if PurePosixPath(path).suffix.lower() not in SOURCES
    }
    return [
        path
        for path in paths
        if PurePosixPath(path).suffix.lower() not in SOURCES
        or path.lower().rpartition(".")[0].replace("_episodes_rmd/", "_episodes/") not in plain
    ]
