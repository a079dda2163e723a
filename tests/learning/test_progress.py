"""The pure function: states, sums, the next lesson, and what authors' actions do to learners."""

from dataclasses import replace
from datetime import date

from learn.courses.manifest import LessonEntry, Manifest, ModuleEntry
from learn.learning.progress import DONE, REOPENED, Row, newest_completion, progress

DAY = date(2026, 6, 2)


def entry(name: str, **values: object) -> LessonEntry:
    usual = LessonEntry(f"les_{name}", name, name.title(), edition=1, redo_from=1, minutes=10, required=True)
    return replace(usual, **values)  # type: ignore[arg-type]


def course(*lessons: LessonEntry, retired: tuple[LessonEntry, ...] = (), test: bool = False) -> Manifest:
    module = ModuleEntry("mod_a", "a", "A", "", "", lessons)
    return Manifest("kur_a", "a", "A", 1, (module,), retired, test)


def done(name: str, edition: int = 1, pass_: int = 0, day: date = DAY) -> Row:
    return Row(f"les_{name}", edition, DONE, pass_, day)


def reopened(name: str, pass_: int = 0) -> Row:
    return Row(f"les_{name}", 1, REOPENED, pass_, DAY)


def state(name: str, manifest: Manifest, *rows: Row, started: Manifest | None = None) -> str:
    return progress(manifest, rows, started or manifest, None).lessons[f"les_{name}"].state


A, B, C = entry("a"), entry("b"), entry("c")
TWO = course(A, B)


def test_sums_count_required_lessons_and_their_minutes() -> None:
    manifest = course(A, entry("b", minutes=5), entry("c", required=False))
    found = progress(manifest, [done("a"), done("c")], manifest, None)
    assert (found.done, found.total, found.minutes_left, found.percent) == (1, 2, 5, 66)
    assert not found.complete


def test_without_a_required_lesson_the_course_stands_at_100() -> None:
    found = progress(course(entry("a", required=False)), [], None, None)
    assert (found.percent, found.total, found.complete, found.following) == (100, 0, True, None)


def test_each_lesson_has_the_first_state_that_fits() -> None:
    second = course(entry("a", edition=2, redo_from=2), entry("b", edition=2), C)
    rows = (done("a"), done("b"))
    assert state("a", second, *rows, started=TWO) == "again"
    assert state("b", second, *rows, started=TWO) == "changed"
    assert state("c", second, *rows, started=TWO) == "new"
    assert state("c", second, *rows) == "open"
    assert state("b", second, done("b", edition=2)) == "done"


def test_an_earlier_day_is_shown_for_a_lesson_to_repeat() -> None:
    found = progress(course(entry("a", edition=2, redo_from=2)), [done("a")], None, None)
    assert found.lessons["les_a"].day == DAY
    assert not found.lessons["les_a"].done


def test_reopening_ends_a_pass_and_completing_anew_fills_the_next() -> None:
    assert state("a", TWO, done("a"), reopened("a")) == "open"
    again = progress(TWO, [done("a"), reopened("a"), done("a", pass_=1)], TWO, None)
    assert again.lessons["les_a"].done
    assert again.lessons["les_a"].pass_ == 1


def test_the_highest_edition_of_the_present_pass_counts() -> None:
    manifest = course(entry("a", edition=3))
    assert state("a", manifest, done("a", 1), done("a", 3), done("a", 2)) == "done"
    assert state("a", manifest, done("a", 3), reopened("a"), done("a", 2, pass_=1)) == "changed"


def test_an_edition_above_the_current_one_stays_done_after_a_rollback() -> None:
    assert state("a", TWO, done("a", 2)) == "done"


def test_a_split_lesson_carries_its_completion_to_its_parts() -> None:
    split = course(entry("a1", replaces=("les_a",)), entry("a2", replaces=("les_a",)), B, retired=(A,))
    found = progress(split, [done("a")], TWO, None)
    assert found.done == 2
    assert found.lessons["les_a1"].day == DAY
    assert found.lessons["les_a2"].state == "done"


def test_a_merged_lesson_is_done_when_any_of_the_old_ones_was() -> None:
    merged = course(entry("ab", replaces=("les_a", "les_b")), retired=(A, B))
    assert progress(merged, [done("b")], TWO, None).complete


def test_completions_carry_over_several_steps_and_circles_end() -> None:
    middle = entry("b", replaces=("les_a", "les_c"))
    chain = course(entry("c", replaces=("les_b",)), retired=(middle, A))
    assert state("c", chain, done("a")) == "done"
    assert state("c", chain) == "open"


def test_nothing_carries_to_a_lesson_reopened_or_to_be_repeated() -> None:
    later = entry("b", replaces=("les_a",))
    assert state("b", course(later, retired=(A,)), done("a"), reopened("b")) == "open"
    strict = replace(later, edition=2, redo_from=2)
    assert state("b", course(strict, retired=(A,)), done("a")) == "open"


def test_a_replaced_lesson_counts_only_by_its_own_last_rules() -> None:
    strict = entry("a", edition=2, redo_from=2)
    assert state("b", course(entry("b", replaces=("les_a",)), retired=(strict,)), done("a")) == "open"


def test_an_id_that_was_never_published_carries_nothing() -> None:
    assert state("b", course(entry("b", replaces=("les_x",))), done("x")) == "open"


def test_after_a_completion_new_requirements_are_only_named() -> None:
    finished = course(A, entry("b", required=False))
    now = course(A, B, C)
    found = progress(now, [done("a")], finished, finished)
    assert (found.percent, found.total) == (100, 1)
    assert found.lessons["les_b"].later
    assert found.lessons["les_c"].later
    assert not found.complete
    assert not progress(now, [done("a"), done("c")], finished, finished).lessons["les_c"].later


def test_a_lesson_that_replaces_a_required_one_stays_required_of_finishers() -> None:
    parts = course(entry("d", replaces=("les_c",)), B, retired=(entry("c", replaces=("les_a",)), A))
    found = progress(parts, [done("a"), done("b")], TWO, TWO)
    assert found.total == 2
    assert found.percent == 100


def test_weiterlernen_leads_behind_the_last_done_lesson_then_to_the_first_open_one() -> None:
    manifest = course(A, B, C, entry("d", required=False))
    assert progress(manifest, [], None, None).following == "les_a"
    assert progress(manifest, [done("b")], None, None).following == "les_c"
    assert progress(manifest, [done("c")], None, None).following == "les_a"
    assert progress(manifest, [done("d")], None, None).following == "les_a"
    assert progress(manifest, [done("a"), done("b"), done("c")], None, None).following is None


def test_a_course_with_a_test_is_complete_only_with_its_row() -> None:
    manifest = course(A, test=True)
    assert not progress(manifest, [done("a")], None, None).complete
    passed = Row("kur_a/test", 1, DONE, 0, DAY)
    found = progress(manifest, [done("a"), passed], None, None)
    assert found.complete
    assert found.test


def test_ticks_are_the_exercises_of_the_present_pass() -> None:
    tick = Row("les_a/liste", 1, DONE, 0, DAY)
    untick = Row("les_a/liste", 1, REOPENED, 0, DAY)
    assert list(progress(TWO, [tick], None, None).ticks) == ["les_a/liste"]
    assert not progress(TWO, [tick, untick], None, None).ticks
    again = progress(TWO, [tick, untick, tick._replace(pass_=1)], None, None)
    assert dict(again.ticks) == {"les_a/liste": DAY}


def test_the_newest_completion_of_the_course_has_the_highest_number() -> None:
    rows = [Row("kur_a", 2, DONE, 0, DAY, 7, "x", 4), Row("kur_a", 1, DONE, 0, DAY, 8, "y", 9), done("a")]
    assert newest_completion(rows, "kur_a") == rows[1]
    assert newest_completion([done("a")], "kur_a") is None
