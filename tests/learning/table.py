"""Progress as the table says it, written from its words and not from the program's code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from learn.courses.manifest import LessonEntry, Manifest
from learn.learning.progress import DONE, REOPENED, Lernstand, LessonState, Row, State

COURSE = "kur_a"
TEST = f"{COURSE}/test"
QUIET = ("edit", "rename", "reorder", "move", "add_optional", "republish")


@dataclass(frozen=True)
class Facts:
    """Values by lesson, reopenings, `done` rows of the present pass, and which lessons are done."""

    known: Mapping[str, LessonEntry]
    passes: Mapping[str, int]
    present: Mapping[str, list[Row]]
    done: frozenset[str]

    def own(self, name: str) -> int:
        return max((row.edition for row in self.present.get(name, ())), default=0)

    def best(self, name: str) -> Row | None:
        return max(self.present.get(name, ()), key=lambda row: row.edition, default=None)


def facts(manifest: Manifest, log: Iterable[Row]) -> Facts:
    rows = set(log)
    entries = (*manifest.retired, *manifest.lessons())
    reopened = [row.object_id for row in rows if row.event == REOPENED]
    passes = {name: reopened.count(name) for name in reopened}
    present: dict[str, list[Row]] = {}
    for row in rows:
        if row.event == DONE and row.pass_ == passes.get(row.object_id, 0):
            present.setdefault(row.object_id, []).append(row)
    found = Facts({entry.id: entry for entry in entries}, passes, present, frozenset())
    done = {name for name, entry in found.known.items() if found.own(name) >= entry.redo_from}
    open_to_others = [e for e in found.known.values() if e.id not in passes and e.redo_from == 1]
    while more := {entry.id for entry in open_to_others if done & set(entry.replaces)} - done:
        done |= more
    return Facts(found.known, passes, present, frozenset(done))


def expected(
    manifest: Manifest, rows: Iterable[Row], started: Manifest, finished: Manifest | None
) -> Lernstand:
    """What content.md section 4 says about this learner."""
    found = facts(manifest, rows)
    required = [entry for entry in manifest.lessons() if entry.required]
    counted = [entry for entry in required if _counts(entry, found.known, finished)]
    minutes = sum(entry.minutes for entry in counted)
    reached = [entry for entry in counted if entry.id in found.done]
    left = minutes - sum(entry.minutes for entry in reached)
    begun = {entry.id for entry in started.lessons()}
    names = {entry.id for entry in counted}
    lessons = {}
    for entry in manifest.lessons():
        done = entry.id in found.done
        lessons[entry.id] = LessonState(
            _state(entry, found, begun),
            done,
            _day(entry.id, found),
            found.passes.get(entry.id, 0),
            entry.id in names,
            entry.required and entry.id not in names and not done,
        )
    all_done = all(entry.id in found.done for entry in required)
    passed = TEST in found.present
    return Lernstand(
        percent=int(100 * Fraction(minutes - left, minutes)) if minutes else 100,
        done=len(reached),
        total=len(counted),
        minutes_left=left,
        lessons=lessons,
        following=_following([entry.id for entry in manifest.lessons()], names, found.done),
        lessons_done=all_done,
        test=passed,
        complete=all_done and (passed or not manifest.test),
        ticks={name: row.day for name in found.present if "/liste" in name and (row := found.best(name))},
        passes=found.passes,
    )


def _counts(entry: LessonEntry, known: Mapping[str, LessonEntry], finished: Manifest | None) -> bool:
    """Once there is a `finished`, only what was required there or replaces such a lesson."""
    if finished is None:
        return True
    family: set[str] = set()
    edge = {entry.id}
    while edge:
        family |= edge
        edge = {older for name in edge if name in known for older in known[name].replaces} - family
    return any(then.required and then.id in family for then in finished.lessons())


def _state(entry: LessonEntry, found: Facts, begun: set[str]) -> State:
    done, own = entry.id in found.done, found.own(entry.id)
    rules: tuple[tuple[State, bool], ...] = (
        ("again", not done and own > 0),
        ("new", not done and entry.id not in begun),
        ("open", not done),
        ("changed", done and 0 < own < entry.edition),
        ("done", True),
    )
    return next(name for name, holds in rules if holds)


def _following(order: list[str], counted: set[str], done: frozenset[str]) -> str | None:
    """The first open required lesson after the last done one, else the first open required one."""
    wanted = [name for name in order if name in counted - done]
    last = max((place for place, name in enumerate(order) if name in done), default=-1)
    return next((name for name in wanted if order.index(name) > last), wanted[0] if wanted else None)


def _day(name: str, found: Facts) -> date | None:
    """Of the completion that counts, the first along `ersetzt`; of the earlier one while there is none."""
    best = found.best(name)
    if name not in found.done or (best and best.edition >= found.known[name].redo_from):
        return best.day if best else None
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop()
        entry = found.known.get(here)
        if entry is None or here in seen:
            continue
        row = found.best(here)
        if row and row.edition >= entry.redo_from:
            return row.day
        if entry.redo_from == 1 and here not in found.passes:
            seen.add(here)
            waiting += reversed(entry.replaces)
    raise AssertionError(f"{name} is done by nothing")


class Step(NamedTuple):
    """One action of the author, published: releases and states before and after it."""

    action: str
    was: Manifest
    now: Manifest
    before: Lernstand
    after: Lernstand
    finished: Manifest | None

    def added(self) -> list[LessonEntry]:
        return [entry for entry in self.now.lessons() if entry.id not in self.before.lessons]

    def gone(self) -> list[LessonEntry]:
        return [entry for entry in self.was.lessons() if entry.id not in self.after.lessons]


def check(step: Step) -> None:
    """The rows of the table: what one action of the author means for learners."""
    if step.action in QUIET:
        _nothing(step)
    elif step.action in {"raise", "redo"}:
        _edition(step)
    elif step.action in {"add_required", "toggle"}:
        _required(step)
    elif step.action == "delete":
        _deleted(step)
    elif step.action in {"split", "merge"}:
        _carried(step)


def _sums(state: Lernstand) -> tuple[int, int, int, int]:
    return state.percent, state.done, state.total, state.minutes_left


def _nothing(step: Step) -> None:
    assert _sums(step.after) == _sums(step.before)
    for name, lesson in step.before.lessons.items():
        assert step.after.lessons[name] == lesson


def _edition(step: Step) -> None:
    entry = next(entry for entry in step.now.lessons() if entry != step.was.lesson(entry.id))
    old, new = step.before.lessons[entry.id], step.after.lessons[entry.id]
    if step.action == "redo":
        assert not new.done
        assert new.state != "again" or new.day == old.day
        return
    assert _sums(step.after) == _sums(step.before)
    assert (new.done, new.day, new.pass_) == (old.done, old.day, old.pass_)


def _required(step: Step) -> None:
    """It counts in progress; after a completion it is only named."""
    if step.finished is None:
        fresh = step.added()
        assert step.after.total == step.before.total + len(fresh) or step.action == "toggle"
        required = {entry.id for entry in step.now.lessons() if entry.required}
        assert {name for name, lesson in step.after.lessons.items() if lesson.counted} == required
        return
    then = {entry.id for entry in step.finished.lessons() if entry.required}
    for entry in step.now.lessons():
        if entry.id not in then and not entry.replaces:
            lesson = step.after.lessons[entry.id]
            assert not lesson.counted
            assert lesson.later == (entry.required and not lesson.done)


def _deleted(step: Step) -> None:
    counted = sum(step.before.lessons[entry.id].counted for entry in step.gone())
    assert step.after.total == step.before.total - counted
    assert step.before.percent < 100 or step.after.percent == 100


def _carried(step: Step) -> None:
    for entry in step.added():
        assert step.after.lessons[entry.id].done == any(
            step.before.lessons[older].done for older in entry.replaces
        )
    assert step.before.percent < 100 or step.after.percent == 100
