"""A course's outline in words: rows of modules and lessons, their states, what changed since the release."""

from collections.abc import Sequence
from dataclasses import dataclass

from learn.core.i18n import gettext as _
from learn.core.i18n import ngettext
from learn.workshop.copies import Copy, Entry, ModuleEntry

GONE = "entfernt"


@dataclass(frozen=True, slots=True)
class Row:
    """A module or lesson. `number`: of a lesson, counted through the course; 0 for what was taken away."""

    entry: Entry
    state: str
    kind: str  # of the state's symbol
    number: int = 0
    up: bool = False
    down: bool = False
    plain: bool = False
    lessons: tuple["Row", ...] = ()

    @property
    def gone(self) -> bool:
        return self.entry.state == GONE


def modules(copy: Copy) -> Sequence[Row]:
    """Rows of the page; what was taken away stands where it stood."""
    there = [each.entry.key for each in standing(copy)]
    lessons = [entry.key for entry in lessons_of(copy)]
    rows = []
    for module in copy.modules:
        at = there.index(module.entry.key) if module.entry.key in there else -1
        inner = tuple(_lesson(copy, entry, lessons, len(there)) for entry in module.lessons)
        row = _row(module.entry, at, len(there), lessons=inner)
        rows.append(row)
    return rows


def standing(copy: Copy) -> Sequence[ModuleEntry]:
    """Modules that are there and can be named."""
    return [module for module in copy.modules if module.entry.key and module.entry.state != GONE]


def lessons_of(copy: Copy) -> Sequence[Entry]:
    """Lessons that are there, in reading order."""
    return [entry for module in copy.modules for entry in module.lessons if entry.state != GONE]


def _lesson(copy: Copy, entry: Entry, lessons: Sequence[str], folders: int) -> Row:
    at = lessons.index(entry.key) if entry.key in lessons else -1
    last = len(lessons) - 1
    row = _row(entry, at, len(lessons), plain=entry.key in copy.plain)
    if at < 0 or folders < 2:
        return row
    first_module, last_module = standing(copy)[0].lessons, standing(copy)[-1].lessons
    alone_up = at == 0 and entry in first_module
    alone_down = at == last and entry in last_module
    return _with(row, up=not alone_up, down=not alone_down)


def _with(row: Row, *, up: bool, down: bool) -> Row:
    return Row(row.entry, row.state, row.kind, row.number, up, down, row.plain, row.lessons)


def _row(entry: Entry, at: int, count: int, *, plain: bool = False, lessons: tuple[Row, ...] = ()) -> Row:
    state, kind = CLASH if entry.clash else STATES.get(entry.state, ("", ""))
    return Row(
        entry=entry,
        state=_(state) if state else "",
        kind=kind,
        number=at + 1,
        up=at > 0,
        down=0 <= at < count - 1,
        plain=plain,
        lessons=lessons,
    )


STATES = {
    "neu": ("neu", "wait"),
    "geaendert": ("geändert", "wait"),
    "verschoben": ("verschoben", "wait"),
    "entfernt": ("zurückgezogen", "gone"),
}
CLASH = ("zusammenführen", "wait")  # Git has changed the same text


def summary(copy: Copy) -> str:
    """What differs from the release, in one sentence."""
    if not copy.current:
        return _("Der Kurs ist noch nicht veröffentlicht. Nur die Werkstatt sieht ihn.")
    if not copy.changed:
        return _("Alles ist so veröffentlicht, wie es hier steht.")
    entries = [
        copy.kurs,
        *copy.others,
        *(each for module in copy.modules for each in (module.entry, *module.lessons)),
    ]
    counts = [
        ngettext("%(num)s Text geändert", "%(num)s Texte geändert", _count(entries, "geaendert")),
        ngettext("%(num)s neu", "%(num)s neu", _count(entries, "neu")),
        ngettext("%(num)s verschoben", "%(num)s verschoben", _count(entries, "verschoben")),
        ngettext("%(num)s zurückgezogen", "%(num)s zurückgezogen", _count(entries, GONE)),
    ]
    told = ", ".join(words for words in counts if not words.startswith("0 "))
    release = _("Gegenüber Veröffentlichung %(number)s", number=copy.current)
    return f"{release}: {told}." if told else _("Es gibt Änderungen, die noch nicht veröffentlicht sind.")


def _count(entries: Sequence[Entry], state: str) -> int:
    return sum(entry.state == state for entry in entries)


def course_state(copy: Copy) -> tuple[str, str]:
    """The course's state: symbol and words."""
    if copy.state == "freigabe":
        return "wait", _("wartet auf Freigabe")
    if copy.state == "bereit":
        return "wait", _("geplant") if copy.publish_at else _("freigegeben")
    if copy.current and not copy.changed:
        return "on", _("veröffentlicht")
    return "wait", _("Entwurf")
