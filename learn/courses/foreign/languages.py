"""Translations: of texts that say the same in several languages, a course takes one."""

import re
from collections import Counter
from collections.abc import Iterable

from learn.courses.foreign.kinds import Course
from learn.courses.foreign.titles import INDEX
from learn.markup.names import names

LANGUAGES = names(
    "aa af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fo fr ga gl gu he hi hr ht"
    " hu hy id is it ja ka kk km kn ko ku ky la lb lo lt lv mk ml mn mo mr ms my nb ne nl nn no or pa"
    " pcm pl pt ro ru si sk sl sq sr sv sw ta te th tl tr tw uk ur uz vi zh"
    " cn cz dk fil gr jp kr np tw ua"
)
LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z]{2,4})?")
# `text.fr.md`; only beside `text.md` also `text_fr.md` and `README-fr.md`, for `what-is.md` is no Icelandic
SUFFIXED = re.compile(r"(.*?(?<=[^/]))(\.|_|(?<=README)-)([A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?)\.(\w+)")


def one(course: Course, paths: list[str]) -> list[str]:
    """The paths without those that say in another language what one of them says."""
    return _one_folder(course, _one_suffix(course, paths))


def _one_suffix(course: Course, paths: list[str]) -> list[str]:
    """Of `text.md`, `text.fr.md` and `text.de.md` the first, or the one in the main language."""
    groups: dict[str, dict[str, str]] = {}
    plain = {path.lower() for path in paths}
    for path in paths:
        match = SUFFIXED.fullmatch(path)
        if match and is_code(match[3]):
            bare = f"{match[1]}.{match[4]}".lower()
            if match[2] == "." or bare in plain:
                groups.setdefault(bare, {})[match[3].lower()] = path
    counts = Counter(
        code for key, group in groups.items() if len(group) > 1 or key in plain for code in group
    )
    if not counts:
        return paths
    main = _main(course, dict(counts))
    kept = {group[main] for key, group in groups.items() if key not in plain and main in group}
    gone = {path for group in groups.values() for path in group.values()} - kept
    return [path for path in paths if path not in gone]


def spoken_of(path: str) -> str:
    """The name by which other texts link to it: `text.md` for `text.de.md`."""
    match = SUFFIXED.fullmatch(path)
    return f"{match[1]}.{match[4]}" if match and match[2] == "." and is_code(match[3]) else path


def is_code(name: str) -> bool:
    match = LANGUAGE.fullmatch(name)
    return bool(match) and match is not None and match[1].lower() in LANGUAGES


def _one_folder(course: Course, paths: list[str]) -> list[str]:
    """Of folders named by languages that hold the same, the main one; of one beside its original, none."""
    groups: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        segments = path.split("/")
        place = next((number for number, part in enumerate(segments[:-1]) if is_code(part)), None)
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
    shared = Counter(name for names in rest.values() for name in _own(names))
    alike = [code for code, names in rest.items() if any(shared[name] > 1 for name in names)]
    if len(alike) > 1:
        main = _main(course, {code: len(rest[code]) for code in alike})
        found += [path for code in alike if code != main for path in groups[code]]
    return found


def _mostly(names: set[str], others: set[str]) -> bool:
    """Whether most of these names stand among the others, too."""
    return len(names & others) * 2 > len(names) and bool(_own(names & others))


def _own(names: set[str]) -> set[str]:
    """Names that say more than that a folder has a first page."""
    return {name for name in names if name.partition(".")[0].lower() not in INDEX}


def _main(course: Course, sizes: dict[str, int]) -> str:
    """The language the site names as its own, else the one with most files."""
    wanted = str(course.config.get("defaultContentLanguage") or course.config.get("lang") or "")
    if wanted in sizes:
        return wanted
    return max(sorted(sizes), key=lambda code: (sizes[code], code == "en", code == "de"))
