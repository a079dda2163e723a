"""How a course lies in its folder: modules and lessons in order, their numbers, names and addresses.

Works on `dict[path, text]` of one course, paths below its folder, texts whole files with LF.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from posixpath import basename, dirname

from learn.courses.foreign import titles
from learn.courses.parse import LESSON_RESERVED, NUMBERED, PLAIN, TEST
from learn.workshop import fields

Files = Mapping[str, str]
HIGHEST = 999
MODULE = "modul.md"
COURSE = "kurs.md"
GLOSSARY = "glossar.md"
__all__ = ["COURSE", "GLOSSARY", "MODULE", "PLAIN", "TEST"]


@dataclass(frozen=True, slots=True)
class Change:
    """A course after a step: its files, and where those that moved lie now."""

    files: dict[str, str]
    moved: dict[str, str] = field(default_factory=dict)


def is_lesson(path: str) -> bool:
    """Whether a path is a lesson's standard text."""
    folder, name = dirname(path), basename(path)
    inside = bool(NUMBERED.fullmatch(folder)) and name != MODULE
    return inside and name.endswith(".md") and not name.endswith(PLAIN)


def plain_path(path: str) -> str:
    """Where a lesson's Einfache Sprache lies."""
    return path.removesuffix(".md") + PLAIN


def modules(files: Iterable[str]) -> list[str]:
    """Folders of the modules in order."""
    found = {dirname(path) for path in files if is_lesson(path) or basename(path) == MODULE}
    return sorted((name for name in found if NUMBERED.fullmatch(name)), key=_order)


def lessons(files: Iterable[str], folder: str = "") -> list[str]:
    """Paths of the lessons of one module, or of all, in order."""
    found = [path for path in files if is_lesson(path) and folder in {"", dirname(path)}]
    return sorted(found, key=lambda path: (_order(dirname(path)), _order(stem(path))))


def stem(path: str) -> str:
    return basename(path).removesuffix(PLAIN).removesuffix(".md")


def slug(path: str) -> str:
    """The address of a lesson or module: its name without number."""
    name = stem(path)
    match = NUMBERED.fullmatch(name)
    return match[2] if match else name


def number(path: str) -> int:
    """The number in a name; one beyond all others where there is none."""
    match = NUMBERED.fullmatch(stem(path))
    return int(match[1]) if match else HIGHEST + 1


def numbered(count: int, path: str) -> str:
    """The name of a file or folder with another number, as wide as it was."""
    name = basename(path)
    match = NUMBERED.fullmatch(name)
    width = len(match[1]) if match else 2
    return f"{count:0{width}d}-{match[2] if match else name}"


def path_of(files: Files, identity: str) -> str | None:
    """Where the text with this id lies."""
    return next((path for path, text in files.items() if fields.words(text, "id") == identity), None)


def taken(files: Iterable[str]) -> frozenset[str]:
    """Addresses that no new lesson may have."""
    return LESSON_RESERVED | {slug(path) for path in lessons(files)}


def proposed(title: str, used: Iterable[str], fallback: str = "lektion") -> str:
    """An address out of a title that is not used yet."""
    return titles.slug(title, fallback, set(used), numbered=False)


def spaced(numbers: Sequence[int], at: int) -> list[int]:
    """Rising numbers for a list in its new order, where the entry at `at` came to stand there.

    As few as possible change: the entry alone where there is room, else those between its old and new place
    change places, else neighbours give way to the nearer gap. Numbers beyond 999 stand for none.
    """
    others = [*numbers[:at], *numbers[at + 1 :]]
    if not _rising(others):
        return list(range(1, len(numbers) + 1))
    below = numbers[at - 1] if at else 0
    above = numbers[at + 1] if at + 1 < len(numbers) else None
    known = 0 <= numbers[at] <= HIGHEST and numbers[at] not in others
    if known and (not at or below < numbers[at]) and (above is None or numbers[at] < above):
        return list(numbers)
    if above is not None and above - below > 1:
        between = min((below + above) // 2, _next(below, others))
        return [*numbers[:at], between, *numbers[at + 1 :]]
    if known:
        return sorted(numbers)
    if above is None and below < HIGHEST:
        return [*numbers[:at], _next(below, others)]
    return _given_way(list(numbers), at) or list(range(1, len(numbers) + 1))


def _next(last: int, others: Sequence[int]) -> int:
    """The number after the last one: ten more where all are tens."""
    tens = bool(others) and all(other % 10 == 0 for other in others)
    return last + 10 if tens and last + 10 <= HIGHEST else last + 1


def _given_way(numbers: list[int], at: int) -> list[int]:
    """The entry takes the number of a neighbour, who takes the next one, until there is a gap."""
    later, earlier = list(numbers), list(numbers)
    later[at] = numbers[at - 1] + 1 if at else 1
    for index in range(at + 1, len(later)):
        later[index] = max(later[index], later[index - 1] + 1)
    earlier[at] = numbers[at + 1] - 1 if at + 1 < len(numbers) else HIGHEST
    for index in range(at - 1, -1, -1):
        earlier[index] = min(earlier[index], earlier[index + 1] - 1)
    least = min(1, *numbers)
    sound = [found for found in (later, earlier) if found[0] >= least and found[-1] <= HIGHEST]
    return min(sound, key=lambda found: _differences(found, numbers), default=[])


def _differences(new: Sequence[int], old: Sequence[int]) -> int:
    return sum(one != other for one, other in zip(new, old, strict=True))


def _rising(numbers: Sequence[int]) -> bool:
    sound = not numbers or numbers[-1] <= HIGHEST
    return sound and all(one < other for one, other in pairwise(numbers))


def _order(name: str) -> tuple[int, str]:
    match = NUMBERED.fullmatch(name)
    return (int(match[1]), match[2]) if match else (HIGHEST + 1, name)
