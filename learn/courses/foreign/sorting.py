"""Which Markdown files of a foreign course are lessons; all others are named by K603."""

import re
from pathlib import PurePosixPath

from learn.courses.foreign import languages
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
SOURCES = frozenset({".rmd", ".qmd", ".mdx"})


def parted(course: Course) -> tuple[list[str], list[str]]:
    """Lessons and all other Markdown files, both in the order of their paths."""
    paths = course.markdown
    candidates = [path for path in paths if not _apart(course, path)]
    candidates = languages.one(course, candidates)
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
