"""Random authors and learners: nobody loses progress except by `erneut` or by her own hand."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn.core.access import Refused
from learn.courses.manifest import LessonEntry, Manifest, ModuleEntry
from learn.learning import log
from learn.learning.progress import DONE, REOPENED, Lernstand, Row, progress

DAY = date(2026, 6, 2)
AUTHOR = (
    "editorial",
    "substantial",
    "redo",
    "shuffle",
    "rename",
    "add_required",
    "add_optional",
    "toggle",
    "delete",
    "split",
    "merge",
)
LEARNER = ("complete", "complete", "complete", "reopen", "repeat", "late", "finish")


@dataclass
class World:
    """A course in the hands of an author, and the log of one learner."""

    lessons: list[LessonEntry]
    retired: dict[str, LessonEntry] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    started: Manifest | None = None
    finished: Manifest | None = None
    born: int = 0
    asked: list[log.Wish] = field(default_factory=list)

    def manifest(self) -> Manifest:
        half = len(self.lessons) // 2
        modules = tuple(
            ModuleEntry(f"mod_{place}", place, place, "", "", tuple(part))
            for place, part in (("a", self.lessons[:half]), ("b", self.lessons[half:]))
        )
        return Manifest("kur_a", "a", "A", 1, modules, tuple(self.retired.values()))

    def state(self) -> Lernstand:
        return progress(self.manifest(), self.rows, self.started, self.finished)

    def new(self, *, required: bool = True, replaces: tuple[str, ...] = ()) -> LessonEntry:
        self.born += 1
        name = f"les_{self.born}"
        return LessonEntry(name, name, name, 1, 1, 1 + self.born % 7, required, replaces)

    def retire(self, entry: LessonEntry) -> None:
        self.lessons.remove(entry)
        self.retired[entry.id] = entry

    def ask(self, wish: log.Wish) -> None:
        """What the service does with a request."""
        self.asked.append(wish)
        done = self.state().lessons.get(wish.object_id)
        pass_ = log.decide(self.rows, wish, done=bool(done and done.done))
        if pass_ is not None:
            number = len(self.rows) + 1
            row = Row(wish.object_id, wish.edition, wish.event, pass_, DAY, 1, wish.request_id, number)
            self.rows.append(row)


def author(world: World, action: str, pick: int) -> set[str]:
    """Do it; the ids that may lose their completion by it (`erneut` only)."""
    place = pick % len(world.lessons)
    entry = world.lessons[place]
    changes: dict[str, Callable[[], object]] = {
        "editorial": lambda: None,
        "substantial": lambda: replace_entry(world, place, edition=entry.edition + 1),
        "redo": lambda: replace_entry(world, place, edition=entry.edition + 1, redo_from=entry.edition + 1),
        "shuffle": lambda: world.lessons.insert(pick % 3, world.lessons.pop(place)),
        "rename": lambda: replace_entry(world, place, slug=f"{entry.slug}-x", title="anders"),
        "add_required": lambda: world.lessons.insert(place, world.new()),
        "add_optional": lambda: world.lessons.insert(place, world.new(required=False)),
        "toggle": lambda: replace_entry(world, place, required=not entry.required),
        "delete": lambda: world.retire(entry) if len(world.lessons) > 1 else None,
        "split": lambda: split(world, entry),
        "merge": lambda: merge(world, entry, pick),
    }
    changes[action]()
    return {entry.id} if action == "redo" else set()


def replace_entry(world: World, place: int, **values: object) -> None:
    world.lessons[place] = replace(world.lessons[place], **values)  # type: ignore[arg-type]


def split(world: World, entry: LessonEntry) -> None:
    place = world.lessons.index(entry)
    world.retire(entry)
    for _ in range(2):
        world.lessons.insert(place, world.new(required=entry.required, replaces=(entry.id,)))


def merge(world: World, entry: LessonEntry, pick: int) -> None:
    other = world.lessons[(pick + 1) % len(world.lessons)]
    if other is entry:
        return
    required = entry.required or other.required
    world.retire(entry)
    world.retire(other)
    world.lessons.insert(0, world.new(required=required, replaces=(entry.id, other.id)))


def learner(world: World, action: str, pick: int) -> set[str]:
    """Do it; the ids that may lose their completion by it (reopened ones)."""
    if action == "finish":
        if world.state().complete:
            world.finished = world.manifest()
        return set()
    if action in {"repeat", "late"}:
        stored = [wish for wish in world.asked if wish.request_id in {row.request_id for row in world.rows}]
        if stored:
            wish = stored[pick % len(stored)]
            fresh = wish.request_id if action == "repeat" else f"{wish.request_id}-late-{len(world.asked)}"
            world.ask(wish._replace(request_id=fresh))
            return {wish.object_id} if wish.event == REOPENED else set()
        return set()
    entry = world.lessons[pick % len(world.lessons)]
    event = DONE if action == "complete" else REOPENED
    pass_ = world.state().lessons[entry.id].pass_
    world.ask(log.Wish(entry.id, entry.edition, event, pass_, f"r{len(world.asked)}"))
    return {entry.id} if action == "reopen" else set()


def descendants(world: World, roots: set[str]) -> set[str]:
    """The lessons themselves and all that replace them, by any number of steps."""
    found = set(roots)
    entries = [*world.lessons, *world.retired.values()]
    while True:
        more = {entry.id for entry in entries if found & set(entry.replaces)} - found
        if not more:
            return found
        found |= more


steps = st.lists(
    st.tuples(st.sampled_from(AUTHOR + LEARNER * 2), st.integers(0, 50)), min_size=1, max_size=25
)


def begin() -> World:
    world = World([])
    world.lessons = [world.new(required=number != 2) for number in range(4)]
    world.started = world.manifest()
    return world


def step(world: World, action: str, pick: int) -> set[str]:
    return (author if action in AUTHOR else learner)(world, action, pick)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_a_done_lesson_opens_only_by_erneut_or_by_its_learner(actions: list[tuple[str, int]]) -> None:
    world = begin()
    for action, pick in actions:
        before = {name for name, lesson in world.state().lessons.items() if lesson.done}
        rows = len(world.rows)
        allowed = descendants(world, step(world, action, pick))
        after = world.state().lessons
        lost = {name for name in before if name in after and not after[name].done}
        assert lost <= allowed
        assert action != "repeat" or len(world.rows) == rows


@settings(max_examples=150, deadline=None)
@given(steps)
def test_the_sums_agree_with_the_lessons(actions: list[tuple[str, int]]) -> None:
    world = begin()
    for action, pick in actions:
        step(world, action, pick)
        found = world.state()
        counted = [lesson for lesson in found.lessons.values() if lesson.counted]
        assert 0 <= found.percent <= 100
        assert (found.percent == 100) == all(lesson.done for lesson in counted)
        assert found.total == len(counted)
        assert found.done == sum(lesson.done for lesson in counted)
        assert (found.following is None) == all(lesson.done for lesson in counted)
        assert found.minutes_left >= 0
        assert (found.minutes_left == 0) == (found.percent == 100)


@settings(max_examples=100, deadline=None)
@given(steps, st.randoms(use_true_random=False))
def test_order_of_rows_and_repeated_rows_change_nothing(
    actions: list[tuple[str, int]], random: Random
) -> None:
    world = begin()
    for action, pick in actions:
        step(world, action, pick)
    found = world.state()
    world.rows = world.rows * 2
    random.shuffle(world.rows)
    assert world.state() == found


@settings(max_examples=100, deadline=None)
@given(steps)
def test_an_authors_harmless_actions_keep_a_finished_course_at_100(actions: list[tuple[str, int]]) -> None:
    world = begin()
    for entry in list(world.lessons):
        world.ask(log.Wish(entry.id, 1, DONE, 0, entry.id))
    learner(world, "finish", 0)
    for action, pick in actions:
        if action in AUTHOR and action != "redo":
            author(world, action, pick)
            assert world.state().percent == 100


@settings(max_examples=100, deadline=None)
@given(steps, st.integers(0, 50))
def test_renamed_and_reordered_files_change_no_lesson_and_no_sum(
    actions: list[tuple[str, int]], pick: int
) -> None:
    world = begin()
    for action, number in actions:
        step(world, action, number)
    before = world.state()
    author(world, "rename", pick)
    author(world, "shuffle", pick)
    after = world.state()
    assert dict(after.lessons) == dict(before.lessons)
    assert (after.percent, after.done, after.minutes_left) == (
        before.percent,
        before.done,
        before.minutes_left,
    )


@settings(max_examples=100, deadline=None)
@given(steps)
def test_publishing_twice_and_rolling_back_and_forth_is_the_identity(actions: list[tuple[str, int]]) -> None:
    world = begin()
    old = world.manifest()
    for action, pick in actions:
        step(world, action, pick)
    newest, rows = world.manifest(), list(world.rows)
    first = progress(newest, rows, world.started, world.finished)
    progress(old, rows, world.started, world.finished)  # meanwhile the earlier release is shown
    again = progress(Manifest.from_json(newest.as_json()), rows, world.started, world.finished)
    assert again == first


@settings(max_examples=100, deadline=None)
@given(steps)
def test_every_stored_row_obeys_the_unique_constraints(actions: list[tuple[str, int]]) -> None:
    world = begin()
    for action, pick in actions:
        step(world, action, pick)
    rows = world.rows
    assert len({(row.object_id, row.edition, row.event, row.pass_) for row in rows}) == len(rows)
    assert len({row.request_id for row in rows}) == len(rows)
    for row in rows:  # a pass begins with the reopening that ended the one before
        earlier = [other for other in rows[: rows.index(row)] if other.event == REOPENED]
        assert row.pass_ == sum(other.object_id == row.object_id for other in earlier)


def test_a_pass_that_has_not_begun_is_refused() -> None:
    world = begin()
    with pytest.raises(Refused) as caught:
        world.ask(log.Wish("les_1", 1, DONE, 1, "r"))
    assert caught.value.status == 422
