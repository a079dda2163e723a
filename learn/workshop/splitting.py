"""One lesson becomes two: nobody loses progress, every link leads where it led. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname

from learn.markup.model import Heading
from learn.workshop import fields, layout, relinking, sections, structure
from learn.workshop.layout import Change, Files
from learn.workshop.relinking import Spot
from learn.workshop.scalars import Value
from learn.workshop.sections import Outline


@dataclass(frozen=True, slots=True)
class Cut:
    """How a lesson is split.

    `line`: of the heading the second part begins with, in the file; `plain_line`: the same in Einfache
    Sprache, 0 where it stays whole with the first part. `carried`: both parts get new ids that replace the
    lesson, so that whoever completed it has completed both (K307 forbids to name it while it is there); else
    the first part remains the lesson and the second is new. `ids` has two of them, the first used if carried.
    """

    line: int
    plain_line: int
    titles: tuple[str, str]
    minutes: tuple[int, int]
    slug: str
    ids: tuple[str, str]
    carried: bool


def split(files: Files, path: str, cut: Cut, outline: Outline) -> Change:
    """The course with the lesson in two."""
    folder, old_id = dirname(path), fields.words(files[path], "id")
    place = layout.lessons(files, folder).index(path) + 1
    room = structure.with_room(files, folder, place, cut.slug)
    second = f"{folder}/{room.name}.md"
    halves = _halves(files, path, cut, outline)
    passages: dict[Spot, Spot] = {}
    for old, half in halves.items():
        passages |= half.passages(old, second if old == path else layout.plain_path(second))
    ids = {old_id: (cut.ids if cut.carried else (old_id, cut.ids[1]))}
    others = {other: text for other, text in files.items() if other not in halves}
    found = relinking.followed(others, room.moved, passages)
    if cut.carried:
        found = structure.named_anew(found, ids)
    where = relinking.leading(room.moved, passages)
    for old, half in halves.items():
        beside = second if old == path else layout.plain_path(second)
        stays = room.moved.get(old, old)
        for target, body, head in ((stays, half.first, half.heads[0]), (beside, half.second, half.heads[1])):
            if body is not None:
                found[target] = fields.with_body(head, relinking.retargeted(body, old, target, where))
    return Change(found, room.moved)


@dataclass(frozen=True, slots=True)
class _Half:
    """A text cut in two: bodies, files whose heads they get, spots that are in the second part now."""

    first: str
    second: str | None
    heads: tuple[str, str]
    spots: Mapping[str, str]

    def passages(self, old: str, new: str) -> dict[Spot, Spot]:
        return {(old, before): (new, after) for before, after in self.spots.items()}


def _halves(files: Files, path: str, cut: Cut, outline: Outline) -> dict[str, _Half]:
    plain = layout.plain_path(path)
    text = files[path]
    first, second, spots = _cut(path, text, cut.line, outline)
    first = sections.retitled(first, cut.titles[0])
    found = {path: _Half(first, second, _heads(text, first, second, cut), spots)}
    if plain in files:
        found[plain] = _plain(plain, files[plain], cut, outline)
    return found


def _plain(path: str, text: str, cut: Cut, outline: Outline) -> _Half:
    fresh: Mapping[str, Value | None] = {"zu_ausgabe": 1}
    titled = "titel" if fields.words(text, "titel") else ""
    heads = []
    for number, title in enumerate(cut.titles):
        changes = fresh if cut.carried or number else {}
        heads.append(fields.with_values(text, {**changes, **({titled: title} if titled else {})}))
    if not cut.plain_line:
        return _Half(fields.parts(text)[1], None, (heads[0], heads[1]), {})
    first, second, spots = _cut(path, text, cut.plain_line, outline)
    return _Half(first, second, (heads[0], heads[1]), spots)


def _cut(path: str, text: str, line: int, outline: Outline) -> tuple[str, str, dict[str, str]]:
    """Both bodies, and what fragments of the second part are called there."""
    _head, body, start = fields.parts(text)
    rows = body.split("\n")
    headings = outline(path, text)
    at = line - start
    later = [heading for heading in headings if heading.line > line]
    named = not later or later[0].level <= 2  # the heading is the title now, and no level is left out
    first = "\n".join(rows[:at]).rstrip("\n") + "\n"
    second = "\n" + "\n".join(rows[at + (1 if named else 0) :]).lstrip("\n")
    whole = sections.completed(first, second), sections.completed(second, first)
    first, second = (sections.without_idle_notes(*pair) for pair in (whole, whole[::-1]))
    here = next(heading for heading in headings if heading.line == line)
    again = outline(path, fields.with_body(text, second))
    spots = _spots(later if named else [here, *later], again)
    if named:
        spots[here.slug] = ""
    for identity, name in sections.marks(second).items():
        spots[identity if name == "frage" else f"{name}-{identity}"] = f"{name}-{identity}"
    return first, second, spots


def _spots(before: Sequence[Heading], after: Sequence[Heading]) -> dict[str, str]:
    """New slugs by old ones: the same headings in the same order."""
    if [heading.text for heading in before] != [heading.text for heading in after]:
        return {heading.slug: heading.slug for heading in before}
    return {old.slug: new.slug for old, new in zip(before, after, strict=True)}


def _heads(text: str, first: str, second: str, cut: Cut) -> tuple[str, str]:
    """The heads of both parts, on the whole text."""
    replaced = fields.items(text, "ersetzt")
    if cut.carried:
        replaced = (fields.words(text, "id"), *replaced)
    fresh: dict[str, Value | None] = {
        "ausgabe": None,
        "erneut_ab": None,
        "aenderung": None,
        "ersetzt": replaced or None,
    }
    one: dict[str, Value | None] = {"titel": cut.titles[0], "dauer": f"{cut.minutes[0]}min"}
    two: dict[str, Value | None] = {"titel": cut.titles[1], "dauer": f"{cut.minutes[1]}min"}
    if cut.carried:
        one |= {**fresh, "id": cut.ids[0]}
    two |= {**fresh, "id": cut.ids[1], "voraussetzung": None}
    one |= _conditions(text, first)
    two |= _conditions(text, second)
    return fields.with_values(text, one), fields.with_values(text, two)


def _conditions(text: str, body: str) -> dict[str, Value | None]:
    """`abschluss` with the exercises that are in this part."""
    wanted = fields.items(text, "abschluss")
    if not wanted:
        return {}
    here = sections.marks(body)
    kept = [each for each in wanted if not each.startswith("aufgabe:") or each[8:] in here]
    return {"abschluss": kept or None}
