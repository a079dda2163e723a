"""Random authors and one learner against an oracle written from the table of progress, not from the code.

    python -m tests.learning.sequences 20000    so many sequences; names the first that fails

Releases come from a small model of publishing: what was once replaced stays so, values of lessons that are
gone are kept. `progress` and `log.decide` are the program's own.
"""

import argparse
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from learn.courses.manifest import LessonEntry, Manifest, ModuleEntry
from learn.learning import log
from learn.learning.progress import DONE, REOPENED, Lernstand, Row, newest_completion, progress
from tests.learning import table
from tests.learning.table import COURSE, QUIET, TEST

FIRST_DAY = date(2026, 6, 2)
STEPS = 16
AUTHOR = (*QUIET, "raise", "redo", "add_required", "toggle", "delete", "restore", "split", "merge", "test")
POINTER = ("back", "forth")
LEARNER = ("done", "done", "done", "done", "reopen", "repeat", "late", "pass", "tick")


@dataclass
class Course:
    """The author's draft, all releases, and which one is current."""

    modules: list[list[LessonEntry]]
    releases: list[Manifest] = field(default_factory=list)
    current: int = -1
    gone: list[LessonEntry] = field(default_factory=list)
    born: int = 0
    test: bool = False

    @property
    def manifest(self) -> Manifest:
        return self.releases[self.current]

    def new(self, *, required: bool, replaces: tuple[str, ...] = ()) -> LessonEntry:
        self.born += 1
        name = f"les_{self.born}"
        return LessonEntry(name, name, name, 1, 1, 1 + 7 * self.born % 15, required, replaces)

    def publish(self) -> None:
        former: dict[str, LessonEntry] = {}
        ordered = [*self.releases, *([self.manifest] if self.releases else [])]
        ever: dict[str, dict[str, None]] = {}
        for tree in ordered:
            for entry in (*tree.retired, *tree.lessons()):
                former[entry.id] = entry
                ever.setdefault(entry.id, {}).update(dict.fromkeys(entry.replaces))
        kept = [
            tuple(
                replace(one, replaces=tuple(ever.get(one.id, {}) | dict.fromkeys(one.replaces)))
                for one in part
            )
            for part in self.modules
        ]
        present = {one.id for part in kept for one in part}
        retired: dict[str, LessonEntry] = {}
        waiting = [older for part in kept for one in part for older in one.replaces]
        while waiting:
            name = waiting.pop(0)
            if name in former and name not in present | retired.keys():
                retired[name] = replace(former[name], replaces=tuple(ever[name]))
                waiting += ever[name]
        modules = tuple(ModuleEntry(f"mod_{n}", f"m{n}", "M", "", "", part) for n, part in enumerate(kept))
        made = Manifest(COURSE, "a", "A", 1, modules, tuple(retired.values()), self.test)
        if not self.releases or made != self.manifest:
            self.releases.append(made)
            self.current = len(self.releases) - 1


@dataclass
class Learner:
    """One enrolment: its log as it is stored, and every request ever made."""

    started: Manifest
    rows: list[Row] = field(default_factory=list)
    asked: list[log.Wish] = field(default_factory=list)
    finished: Manifest | None = None

    def state(self, manifest: Manifest) -> Lernstand:
        return progress(manifest, self.rows, self.started, self.finished)

    def ask(self, manifest: Manifest, wish: log.Wish) -> None:
        """What a POST does: note it unless the log says it already, then the course's completion."""
        self.asked.append(wish)
        bare = progress(manifest, self.rows, None, None)
        lesson = bare.lessons.get(wish.object_id)
        done = lesson.done if lesson else wish.object_id in bare.ticks
        pass_ = log.decide(self.rows, wish, done=done)
        if pass_ is not None:
            self._store(wish, pass_)
        if progress(manifest, self.rows, None, None).complete:
            whole = log.Wish(COURSE, manifest.edition, DONE, None, f"whole-{len(self.asked)}")
            if log.decide(self.rows, whole, done=False) is not None:
                self._store(whole, 0)
                self.finished = manifest

    def _store(self, wish: log.Wish, pass_: int) -> None:
        number = len(self.rows) + 1
        day = FIRST_DAY + timedelta(days=number)
        self.rows.append(
            Row(wish.object_id, wish.edition, wish.event, pass_, day, 1, wish.request_id, number)
        )


def author(course: Course, action: str, chance: random.Random) -> set[str]:
    """Change the draft and publish it; the ids that may lose their completion (`erneut` only).

    After a roll back that publishes what the draft held before, too.
    """
    was = {entry.id: entry.redo_from for entry in course.manifest.lessons()}
    part = chance.choice([each for each in course.modules if each])
    place = chance.randrange(len(part))
    entry = part[place]
    redo = replace(entry, edition=entry.edition + 1, redo_from=entry.edition + 1)
    changes: dict[str, Callable[[], object]] = {
        "rename": lambda: part.__setitem__(place, replace(entry, slug=f"{entry.slug}x", title="T")),
        "reorder": lambda: chance.shuffle(part),
        "move": lambda: chance.choice(course.modules).append(part.pop(place)),
        "add_optional": lambda: part.insert(place, course.new(required=False)),
        "add_required": lambda: part.insert(place, course.new(required=True)),
        "raise": lambda: part.__setitem__(place, replace(entry, edition=entry.edition + 1)),
        "redo": lambda: part.__setitem__(place, redo),
        "toggle": lambda: part.__setitem__(place, replace(entry, required=not entry.required)),
        "test": lambda: setattr(course, "test", not course.test),
        "delete": lambda: _delete(course, part, place),
        "restore": lambda: _restore(course, part, chance),
        "split": lambda: _split(course, part, place),
        "merge": lambda: _merge(course, part, place),
    }
    changes.get(action, lambda: None)()  # to edit or to publish again changes no value
    course.publish()
    return {entry.id for entry in course.manifest.lessons() if entry.redo_from > was.get(entry.id, 0) > 0}


def _delete(course: Course, part: list[LessonEntry], place: int) -> None:
    if len(part) > 1:
        course.gone.append(part.pop(place))


def _restore(course: Course, part: list[LessonEntry], chance: random.Random) -> None:
    if course.gone:
        part.insert(0, course.gone.pop(chance.randrange(len(course.gone))))


def _split(course: Course, part: list[LessonEntry], place: int) -> None:
    entry = part[place]
    part[place : place + 1] = [course.new(required=entry.required, replaces=(entry.id,)) for _ in range(2)]
    course.gone.append(entry)


def _merge(course: Course, part: list[LessonEntry], place: int) -> None:
    if len(part) > 1:
        both = [part.pop(place), part.pop(place - 1)]
        required = any(entry.required for entry in both)
        part.append(course.new(required=required, replaces=tuple(entry.id for entry in both)))
        course.gone += both


def _wish(learner: Learner, manifest: Manifest, action: str, chance: random.Random) -> log.Wish | None:
    request = f"r{len(learner.asked)}"
    if action in {"repeat", "late"}:
        old = chance.choice(learner.asked) if learner.asked else None
        return old._replace(request_id=request) if old and action == "late" else old
    if action == "pass":
        return log.Wish(TEST, 1, DONE, None, request)
    entry = chance.choice(list(manifest.lessons()))
    name = f"{entry.id}/liste" if action == "tick" else entry.id
    event = REOPENED if action == "reopen" else DONE
    present = learner.state(manifest).passes.get(name, 0)
    return log.Wish(name, entry.edition, event, chance.choice((None, present)), request)


def act(course: Course, learner: Learner, action: str, chance: random.Random) -> set[str]:
    """What the learner does; the ids she may open by it."""
    manifest = course.manifest
    wish = _wish(learner, manifest, action, chance)
    if wish is None:
        return set()
    stored = {row.request_id for row in learner.rows}
    before = len(learner.rows)
    learner.ask(manifest, wish)
    whole = learner.rows[-1].object_id == COURSE if len(learner.rows) > before else False
    if wish.request_id in stored:
        assert len(learner.rows) - whole == before, "a repeated request wrote a row"
    return {wish.object_id} if wish.event == REOPENED else set()


def run(seed: int, steps: int = STEPS) -> None:
    """One sequence; raises AssertionError where the program and the table part."""
    chance = random.Random(seed)
    course = Course([[], []])
    for number in range(4):
        course.modules[number % 2].append(course.new(required=number != 2))
    course.publish()
    learner = Learner(course.manifest)
    for _ in range(steps):
        action = chance.choice((*AUTHOR, *POINTER, *LEARNER * 2))
        before = learner.state(course.manifest)
        was, completion = course.manifest, newest_completion(learner.rows, COURSE)
        newest = course.current == len(course.releases) - 1  # else the draft brings back what was rolled back
        allowed: set[str] = set()
        if action in AUTHOR:
            allowed = author(course, action, chance)
        elif action in POINTER:
            _point(course, learner, chance)
        else:
            allowed = act(course, learner, action, chance)
        after = learner.state(course.manifest)
        told = table.expected(course.manifest, learner.rows, learner.started, learner.finished)
        assert after == told, action
        _laws(course, learner, after, chance)
        if action not in POINTER:
            _kept(course.manifest, before, after, allowed)
        if action in AUTHOR:
            assert newest_completion(learner.rows, COURSE) == completion
            if newest:
                table.check(table.Step(action, was, course.manifest, before, after, learner.finished))


def _point(course: Course, learner: Learner, chance: random.Random) -> None:
    """Roll back or forward, and there and back again, which is the identity."""
    here, before = course.current, learner.state(course.manifest)
    course.current = chance.randrange(len(course.releases))
    away = course.current
    course.current = here
    assert learner.state(course.manifest) == before
    course.current = away


def _laws(course: Course, learner: Learner, state: Lernstand, chance: random.Random) -> None:
    """What holds at every moment."""
    counted = [each for each in state.lessons.values() if each.counted]
    assert 0 <= state.percent <= 100
    assert (state.percent == 100) == all(each.done for each in counted)
    mixed = Learner(learner.started, learner.rows * 2, finished=learner.finished)
    chance.shuffle(mixed.rows)
    assert mixed.state(course.manifest) == state
    again = Manifest.from_json(course.manifest.as_json())
    assert learner.state(again) == state
    number = len(course.releases)
    if course.current == number - 1:
        course.publish()
        course.publish()
        assert len(course.releases) == number, "publishing the same again is nothing"


def _kept(manifest: Manifest, before: Lernstand, after: Lernstand, allowed: set[str]) -> None:
    """Done lessons open only by `erneut` or by their learner."""
    known = {entry.id: entry.replaces for entry in (*manifest.retired, *manifest.lessons())}
    touched = set(allowed)
    while more := {name for name, older in known.items() if touched & set(older)} - touched:
        touched |= more
    for name, lesson in before.lessons.items():
        if lesson.done and name in after.lessons:
            assert after.lessons[name].done or name in touched, name


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sequences", type=int)
    parser.add_argument("--first", type=int, default=0, help="seed of the first one")
    given = parser.parse_args()
    for seed in range(given.first, given.first + given.sequences):
        try:
            run(seed)
        except AssertionError:
            print(f"Folge {seed}:")
            raise
    print(f"{given.sequences} Folgen zu {STEPS} Schritten ohne Abweichung.")


if __name__ == "__main__":
    main()
