"""The one pure function that turns the progress log and a release into a learner's state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from learn.courses.manifest import LessonEntry, Manifest

DONE = "done"
REOPENED = "reopened"
State = Literal["again", "new", "open", "changed", "done"]


class Row(NamedTuple):
    """One row of the log; `number` is its id and tells only which course completion is the newest."""

    object_id: str
    edition: int
    event: str
    pass_: int
    day: date
    release_id: int = 0
    request_id: str = ""
    number: int = 0


class LessonState(NamedTuple):
    """One lesson for one learner.

    `day`: of the completion that counts; for `again` of the earlier one. `pass_`: how often she reopened
    it. `counted`: required of her. `later`: required, but only since she finished, and not done.
    """

    state: State
    done: bool
    day: date | None
    pass_: int
    counted: bool
    later: bool


@dataclass(frozen=True, slots=True)
class Lernstand:
    """What is shown about a learner in a course, to her alone.

    `percent` counts minutes, `done` and `total` count lessons, all of the required ones, as `minutes_left`
    does. `following` is the lesson of „Weiterlernen“. `lessons_done`: every `pflicht: ja` lesson is done,
    `test`: the Abschlusstest is passed, `complete`: both, as far as the course names a test. `ticks`:
    exercises ticked, as `les_…/liste`, and the day. `passes`: reopenings per object.
    """

    percent: int
    done: int
    total: int
    minutes_left: int
    lessons: Mapping[str, LessonState]
    following: str | None
    lessons_done: bool
    test: bool
    complete: bool
    ticks: Mapping[str, date]
    passes: Mapping[str, int]


class _History(NamedTuple):
    """The log as a set: reopenings per object, and per object the newest `done` of the present pass."""

    passes: dict[str, int]
    own: dict[str, Row]


def progress(
    manifest: Manifest, rows: Iterable[Row], started: Manifest | None, finished: Manifest | None
) -> Lernstand:
    """The learner's state by content.md section 4.

    `started` and `finished` are the manifests at enrolment and at the newest `done` of the course; None
    where there is none. The order of `rows` does not matter.
    """
    history = _read(rows)
    entries = _entries(manifest)
    required = _required(manifest, finished, entries)
    known = None if started is None or started is manifest else {entry.id for entry in started.lessons()}
    lessons: dict[str, LessonState] = {}
    done = minutes = minutes_done = 0
    all_done = True
    for entry in manifest.lessons():
        counted = entry.id in required
        state = lessons[entry.id] = _lesson(entry, history, entries, known, counted=counted)
        all_done = all_done and (state.done or not entry.required)
        if counted:
            minutes += entry.minutes
            if state.done:
                done += 1
                minutes_done += entry.minutes
    test = f"{manifest.course_id}/test" in history.own
    return Lernstand(
        percent=100 * minutes_done // minutes if minutes else 100,
        done=done,
        total=len(required),
        minutes_left=minutes - minutes_done,
        lessons=lessons,
        following=_following(lessons),
        lessons_done=all_done,
        test=test,
        complete=all_done and (test or not manifest.test),
        ticks={name: row.day for name, row in history.own.items() if name.startswith("les_") and "/" in name},
        passes=history.passes,
    )


def newest_completion(rows: Iterable[Row], course_id: str) -> Row | None:
    """The newest `done` row of the course, None before there is one."""
    own = (row for row in rows if row.object_id == course_id and row.event == DONE)
    return max(own, key=lambda row: row.number, default=None)


def _read(rows: Iterable[Row]) -> _History:
    passes: dict[str, int] = {}
    completions = []
    for row in set(rows):
        if row.event == REOPENED:
            passes[row.object_id] = passes.get(row.object_id, 0) + 1
        else:
            completions.append(row)
    own: dict[str, Row] = {}
    for row in completions:
        if row.pass_ == passes.get(row.object_id, 0):
            best = own.get(row.object_id)
            if best is None or row.edition > best.edition:
                own[row.object_id] = row
    return _History(passes, own)


def _entries(manifest: Manifest) -> dict[str, LessonEntry]:
    """All lessons of which values are known; those of the release win over retired ones."""
    found = {entry.id: entry for entry in manifest.retired}
    found.update((entry.id, entry) for entry in manifest.lessons())
    return found


def _required(
    manifest: Manifest, finished: Manifest | None, entries: Mapping[str, LessonEntry]
) -> frozenset[str]:
    """Ids of the lessons required of her: after a completion nothing is added to what it required."""
    required = [entry for entry in manifest.lessons() if entry.required]
    if finished is None or finished is manifest:
        return frozenset(entry.id for entry in required)
    then = {entry.id for entry in finished.lessons() if entry.required}
    return frozenset(entry.id for entry in required if not then.isdisjoint(_lineage(entry, entries)))


def _lineage(entry: LessonEntry, entries: Mapping[str, LessonEntry]) -> list[str]:
    """The lesson and all it replaces, directly or by way of others, each id once."""
    found = [entry.id]
    for lesson_id in found:  # grows while it is read
        known = entries.get(lesson_id)
        if known is not None:
            found.extend(older for older in dict.fromkeys(known.replaces) if older not in found)
    return found


def _completion(
    entry: LessonEntry, history: _History, entries: Mapping[str, LessonEntry], seen: set[str]
) -> Row | None:
    """The row that makes the lesson done: her own, or one of a lesson it replaces; `seen` ends circles."""
    row = history.own.get(entry.id)
    if row is not None and row.edition >= entry.redo_from:
        return row
    if entry.redo_from != 1 or not entry.replaces or entry.id in history.passes:
        return None
    seen.add(entry.id)
    for older in entry.replaces:
        known = entries.get(older)
        if known is not None and older not in seen:
            row = _completion(known, history, entries, seen)
            if row is not None:
                return row
    return None


def _lesson(
    entry: LessonEntry,
    history: _History,
    entries: Mapping[str, LessonEntry],
    known: set[str] | None,
    *,
    counted: bool,
) -> LessonState:
    own = history.own.get(entry.id)
    row = _completion(entry, history, entries, set()) if own is not None or entry.replaces else None
    done = row is not None
    state: State
    if not done:
        state = "again" if own else "new" if known is not None and entry.id not in known else "open"
    else:
        state = "changed" if own and own.edition < entry.edition else "done"
    day = row.day if row else own.day if own else None
    later = entry.required and not counted and not done
    return LessonState(state, done, day, history.passes.get(entry.id, 0), counted, later)


def _following(lessons: Mapping[str, LessonState]) -> str | None:
    """The first open required lesson after the last done one, else the first open required one."""
    first = after = None
    for lesson_id, state in lessons.items():  # in reading order
        if state.done:
            after = None
        elif state.counted:
            first = first or lesson_id
            after = after or lesson_id
    return after or first
