"""Two lessons become one: whoever completed either has completed it, ids stay unique, links follow. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learn.markup.model import Heading
from learn.workshop import fields, layout, relinking, sections, structure
from learn.workshop.layout import Change, Files
from learn.workshop.relinking import Spot
from learn.workshop.scalars import Value
from learn.workshop.sections import Outline

LONGEST = 60  # minutes
GOALS = 4
WORDS = 200  # of `kommune` and `quelle`


@dataclass(frozen=True, slots=True)
class Joint:
    """How two lessons are merged.

    `identity`: the id the lesson bears afterwards (see `keeper`), which may be new. `published`: those of
    both ids that a release has held. `minutes` 0: the sum of both.
    """

    title: str
    identity: str
    published: frozenset[str]
    minutes: int = 0


def keeper(files: Files, first: str, second: str, published: frozenset[str]) -> str | None:
    """The id that stays: of the first lesson if it may replace the other, else of the second; None: neither.

    A completion of the other counts only where nothing had to be repeated (content.md section 4).
    """
    ids = [fields.words(files[path], "id") for path in (first, second)]
    known = [identity for identity in ids if identity in published]
    if len(known) < 2:
        return known[0] if known else ids[0]
    plain = [ids[at] for at, path in enumerate((first, second)) if not _repeats(files[path])]
    return plain[0] if plain else None


def merge(files: Files, first: str, second: str, joint: Joint, outline: Outline) -> Change:
    """The course with both lessons in one, which stands where the first stood."""
    pairs = [(first, second), (layout.plain_path(first), layout.plain_path(second))]
    found = {path: text for path, text in files.items() if path not in {*pairs[0], *pairs[1]}}
    head, names = _head(files, first, second, joint)
    moved = {old: new for new, old in pairs if old in files}
    whole, passages = _joined(files, pairs[0], outline, names)
    found[first] = fields.with_body(head, sections.retitled(whole, joint.title))
    simple, more = _plain(files, pairs[1], outline, joint)
    if simple:
        found[pairs[1][0]] = simple
    followed = relinking.followed(found, moved, {**passages, **more})
    ids = {fields.words(files[path], "id"): (joint.identity,) for path in (first, second)}
    return Change(structure.named_anew(followed, ids), moved)


def surplus_goals(files: Files, first: str, second: str) -> tuple[str, ...]:
    """Goals for which the merged lesson has no room."""
    return tuple(_all(files, first, second, "ziele")[GOALS:])


def _repeats(text: str) -> bool:
    return fields.words(text, "erneut_ab") not in {"", "1"}


def _joined(
    files: Files,
    paths: tuple[str, str],
    outline: Outline,
    names: Mapping[str, Mapping[str, str]],
) -> tuple[str, dict[Spot, Spot]]:
    """The body of the lesson, and where the spots of both are in it."""
    first, second = paths
    one = sections.with_marks(fields.parts(files[first])[1], names[first])
    two = _brought(files, first, second, one)
    two = sections.with_marks(two, names[second])
    title = fields.words(files[second], "titel")
    body = f"{one.rstrip(chr(10))}\n\n## {sections.shown(title)}\n\n{two.strip(chr(10))}\n"
    before = [outline(path, files[path]) for path in paths]
    after = outline(first, fields.with_body(files[first], body))
    return body, {**_spots(paths, before, after), **_marked(files, paths, names)}


def _brought(files: Files, first: str, second: str, above: str) -> str:
    """The second body as it reads in the first file: without its title, notes and references of its own."""
    body = (
        sections.TITLE.sub("\n", fields.parts(files[second])[1], count=1)
        if _titled(files[second])
        else (fields.parts(files[second])[1])
    )
    body = relinking.retargeted(body, second, first, lambda spot: spot)
    taken = set(sections.notes(above)) | sections.used(above)[0]
    labels = {label: sections.fresh(label, taken) for label in sections.notes(body) if label in taken}
    body = sections.with_notes(body, labels)
    held = sections.references(above)
    every = set(held)
    clashing = {
        label: sections.fresh(label, every)
        for label, line in sections.references(body).items()
        if label in held and _meaning(held[label]) != _meaning(line)
    }
    return sections.with_references(body, clashing)


def _titled(text: str) -> bool:
    return fields.parts(text)[1].lstrip().startswith("# ")


def _meaning(definition: str) -> str:
    return definition.partition("]:")[2].strip()


def _spots(
    paths: tuple[str, str], before: Sequence[Sequence[Heading]], after: Sequence[Heading]
) -> dict[Spot, Spot]:
    """Headings of the second lesson: the same ones below its title, in the same order."""
    first, second = paths
    start = len(before[0])
    if start >= len(after):
        return {}
    found: dict[Spot, Spot] = {(second, ""): (first, after[start].slug)}
    below = after[start + 1 :]
    if [heading.text for heading in below] == [heading.text for heading in before[1]]:
        pairs = zip(before[1], below, strict=True)
        found |= {(second, old.slug): (first, new.slug) for old, new in pairs}
    return found


def _marked(files: Files, paths: tuple[str, str], names: Mapping[str, Mapping[str, str]]) -> dict[Spot, Spot]:
    first = paths[0]
    found: dict[Spot, Spot] = {}
    for path in paths:
        for identity, name in sections.marks(fields.parts(files[path])[1]).items():
            now = names[path].get(identity, identity)
            if path != first or now != identity:
                found[path, f"{name}-{identity}"] = (first, f"{name}-{now}")
    return found


def _plain(
    files: Files, paths: tuple[str, str], outline: Outline, joint: Joint
) -> tuple[str, dict[Spot, Spot]]:
    """Einfache Sprache of both, or of the one that has it."""
    there = [path for path in paths if path in files]
    if not there:
        return "", {}
    titled = "titel" if any(fields.words(files[path], "titel") for path in there) else ""
    editions = [int(found) for path in there if (found := fields.words(files[path], "zu_ausgabe")).isdigit()]
    values: dict[str, Value | None] = {"zu_ausgabe": min(editions, default=1)}
    head = fields.with_values(files[there[0]], values | ({titled: joint.title} if titled else {}))
    if len(there) == 2:
        body, spots = _joined(_with_titles(files, paths), paths, outline, {path: {} for path in paths})
        return fields.with_body(head, body), spots
    body = fields.parts(head)[1]
    return fields.with_body(head, relinking.retargeted(body, there[0], paths[0], lambda spot: spot)), {}


def _with_titles(files: Files, paths: tuple[str, str]) -> dict[str, str]:
    """Both plain texts with the titles of their lessons."""
    found = {}
    for path in paths:
        title = fields.words(files[path.removesuffix(layout.PLAIN) + ".md"], "titel")
        found[path] = fields.with_values(files[path], {"titel": title})
    return found


def _head(files: Files, first: str, second: str, joint: Joint) -> tuple[str, dict[str, dict[str, str]]]:
    """The first lesson's head with what both say, and new ids of marks by path."""
    ids = {path: fields.words(files[path], "id") for path in (first, second)}
    keeps = first if joint.identity != ids[second] else second
    gives = second if keeps == first else first
    names = {keeps: {}, gives: _names(files, keeps, gives)}
    replaced = [ids[path] for path in (first, second) if ids[path] in joint.published]
    replaced += _all(files, first, second, "ersetzt")
    replaced = [
        each for each in dict.fromkeys(replaced) if each != joint.identity and each not in _alive(files, ids)
    ]
    values: dict[str, Value | None] = {
        "id": joint.identity,
        "titel": joint.title,
        "ersetzt": replaced or None,
        "dauer": f"{joint.minutes or min(_minutes(files, ids), LONGEST)}min",
        "ziele": _all(files, first, second, "ziele")[:GOALS] or None,
        "autoren": _all(files, first, second, "autoren") or None,
        "geprueft": _oldest([fields.words(files[path], "geprueft") for path in ids]),
        "abschluss": _conditions(files, names) or None,
    }
    if [fields.words(files[path], "pflicht") for path in ids] in ([["nein", ""], ["nein", "ja"]]):
        values["pflicht"] = None  # one of them was required
    if any(fields.words(files[path], "formeln") == "ja" for path in ids):
        values["formeln"] = True
    values |= {key: _both(files, first, second, key) for key in ("kommune", "quelle")}
    values |= _editions(files, ids, joint)
    return fields.with_values(files[first], values), names


def _alive(files: Files, ids: Mapping[str, str]) -> set[str]:
    """Ids of the other lessons of the course."""
    return {fields.words(files[path], "id") for path in layout.lessons(files) if path not in ids}


def _editions(files: Files, ids: Mapping[str, str], joint: Joint) -> dict[str, Value | None]:
    """Edition and what goes with it are those of the lesson whose id stays; a new one begins anew."""
    source = next((path for path, identity in ids.items() if identity == joint.identity), None)
    keys = ("ausgabe", "erneut_ab", "aenderung")
    return {key: fields.value(files[source], key) if source else None for key in keys}


def _names(files: Files, keeps: str, gives: str) -> dict[str, str]:
    """New ids of marks in the text that gives way, where the other has them too."""
    held = sections.marks(fields.parts(files[keeps])[1])
    mine = sections.marks(fields.parts(files[gives])[1])
    taken = {*held, *mine}
    return {identity: sections.fresh(identity, taken) for identity in mine if identity in held}


def _conditions(files: Files, names: Mapping[str, Mapping[str, str]]) -> list[str]:
    found: dict[str, None] = {}
    for path, renamed in sorted(names.items()):
        for each in fields.items(files[path], "abschluss"):
            word, colon, identity = each.partition(":")
            found[f"{word}{colon}{renamed.get(identity, identity)}"] = None
    return list(found)


def _minutes(files: Files, paths: Mapping[str, str]) -> int:
    given = (fields.words(files[path], "dauer").removesuffix("min") for path in paths)
    return sum(int(each) for each in given if each.isdigit()) or 1


def _all(files: Files, first: str, second: str, key: str) -> list[str]:
    return list(dict.fromkeys((*fields.items(files[first], key), *fields.items(files[second], key))))


def _both(files: Files, first: str, second: str, key: str) -> Value | None:
    said = [found for path in (first, second) if (found := fields.words(files[path], key))]
    joined = "; ".join(dict.fromkeys(said))
    return (joined if len(joined) <= WORDS else said[0]) if said else None


def _oldest(days: Sequence[str]) -> str | None:
    """The text as a whole was checked only when both were."""
    return min(days) if all(days) else None
