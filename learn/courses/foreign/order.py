"""The order of a foreign course: its modules and their lessons, as front matter, settings or numbers say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Any

from learn.courses.foreign.kinds import Course
from learn.courses.foreign.titles import INDEX

Key = tuple[Any, ...]
KEYS = ("weight", "order", "nav_order", "sidebar_position")
LISTS = ("episodes", "learners", "instructors", "profiles")
MOST = 900  # lessons of a module, whose numbers have three digits
CROWDED = 80  # lessons of a folder from which on its folders are modules
FOLDERS = {"_episodes": "episodes", "_episodes_rmd": "episodes", "": "episodes"}
WEIGHT = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Module:
    """A module: the folder it comes from (empty: the course's own), and its lessons' paths in order."""

    folder: str
    lessons: tuple[str, ...]


def modules(course: Course, lessons: Sequence[str], fronts: Mapping[str, Mapping[str, Any]]) -> list[Module]:
    """The modules in order."""
    ordered = _Order(course, fronts)
    paths = sorted(lessons, key=ordered.path)
    if course.kind == "carpentries":
        groups: dict[str, list[str]] = {}
        for path in paths:
            groups.setdefault(_folder(path), []).append(path)
    else:
        groups = _grouped(_common(lessons), paths)
    found = []
    for folder, inner in groups.items():
        found += [Module(folder, tuple(inner[at : at + MOST])) for at in range(0, len(inner), MOST)]
    return found


def is_index(path: str) -> bool:
    """Whether a file stands for its folder."""
    return PurePosixPath(path).name.partition(".")[0].lower() in INDEX


def _folder(path: str) -> str:
    top = path.partition("/")[0] if "/" in path else ""
    return FOLDERS.get(top, top)


def _common(paths: Sequence[str]) -> str:
    """The folder that holds them all."""
    parts = [path.split("/")[:-1] for path in paths]
    levels = zip(*parts, strict=False)
    shared = [level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels)]
    return "".join(f"{part}/" for part in shared)


def _grouped(common: str, paths: Sequence[str]) -> dict[str, list[str]]:
    """Paths by the folder just below the common one; small folders that hold one lesson each are none."""
    tops: dict[str, list[str]] = {}
    for path in paths:
        rest = path.removeprefix(common)
        tops.setdefault(f"{common}{rest.partition('/')[0]}" if "/" in rest else "", []).append(path)
    folders = {top: inner for top, inner in tops.items() if top}
    inside = sum(map(len, folders.values()))
    if folders and inside < 3 * len(folders) and all(any(map(is_index, inner)) for inner in folders.values()):
        return {"": list(paths)}
    found: dict[str, list[str]] = {}
    for top, inner in tops.items():
        crowded = top and len(inner) > CROWDED and len(_grouped(f"{top}/", inner)) > 1
        parts = _grouped(f"{top}/", inner) if crowded else {top: inner}
        for folder, group in parts.items():
            found.setdefault(folder or top, []).extend(group)
    return found


class _Order:
    """Sorts paths level by level: what stands for a folder, what bears a weight, then numbers and names."""

    def __init__(self, course: Course, fronts: Mapping[str, Mapping[str, Any]]) -> None:
        self.course = course
        self.fronts = fronts
        self.listed = _listed(course.config)
        self.folders = {
            str(PurePosixPath(path).parent): weight
            for path in sorted(fronts, reverse=True)
            if is_index(path) and (weight := _weight(fronts[path])) is not None
        }

    def path(self, path: str) -> Key:
        """The key of a file: one part for each level."""
        segments = path.split("/")
        folders = ["/".join(segments[: number + 1]) for number in range(len(segments) - 1)]
        return (*(self._level(folder) for folder in folders), self._file(path), (9, 0, ((1, 0, path),)))

    def _level(self, folder: str) -> Key:
        name = folder.rpartition("/")[2]
        if self.course.kind == "carpentries":
            top = FOLDERS.get(name, name)
            return (1, LISTS.index(top) if top in LISTS else len(LISTS), natural(name))
        weight = self.folders.get(folder)
        return (1, weight, natural(name)) if weight is not None else (2, 0, natural(name))

    def _file(self, path: str) -> Key:
        name = path.rpartition("/")[2]
        weight = _weight(self.fronts.get(path, {}))
        if is_index(path):
            return (0, 0, ())
        if weight is not None:
            return (1, weight, natural(name))
        place = self.listed.get((FOLDERS.get(*[path.partition("/")[0]] * 2), name.rpartition(".")[0].lower()))
        return (1, place, natural(name)) if place is not None else (2, 0, natural(name))


def _weight(front: Mapping[str, Any]) -> float | None:
    for key in KEYS:
        value = front.get(key)
        if isinstance(value, str) and WEIGHT.fullmatch(value.strip()):
            number = float(value)
            if number or key != "weight":  # Hugo takes a weight of 0 for none
                return number
    return None


def _listed(config: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    """Places of files that the settings list, by folder and name without its ending."""
    found: dict[tuple[str, str], int] = {}
    for folder in LISTS:
        names = config.get(folder)
        for place, name in enumerate(names if isinstance(names, list) else ()):
            if isinstance(name, str):
                found.setdefault((folder, name.rpartition(".")[0].lower() or name.lower()), place)
    return found


def natural(name: str) -> Key:
    """Numbers in a name count as numbers."""
    parts = re.split(r"(\d{1,18})", name.casefold())
    return tuple(
        (0, int(part), "") if part.isdigit() and part.isascii() else (1, 0, part) for part in parts if part
    )
