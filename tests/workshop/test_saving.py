"""Saving: two savers both heard, each state kept, what is typed in each window; at once on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.access import Actor, NotFound, Refused
from learn.core.db import Database
from learn.core.storage import Storage
from learn.workshop import copies, saving
from learn.workshop.models import Autosave, WorkCourse, WorkRevision, WorkText
from learn.workshop.saving import Conflict, Write
from tests.courses.folders import FIRST, SECOND, TEXTS, Shelf, change, small
from tests.factories import make_person
from tests.faults.statements import killed_at_each

COURSE, ONE, TWO = "kur_aaaaaaaa", "les_aaaaaaaa", "les_bbbbbbbb"
NEW = "---\nid: les_cccccccc\ntitel: Drei\ndauer: 7min\nziele: [a, b]\n---\n\nNeues.\n"


def somebody(db: Session, name: str = "Jana Hellweg") -> Actor:
    person = make_person(db, name=name, roles=["trainer"])
    return Actor(person.id, name, roles=frozenset({"trainer"}))


@pytest.fixture
def course(shelf: Shelf, tmp_path: Path) -> Path:
    folder = small(tmp_path)
    assert shelf.publish(folder).published
    return folder


def revision(db: Session, key: str) -> int:
    found = copies.text(db, key)
    assert found is not None
    return found.revision


def test_the_second_saver_gets_the_other_text(db: Session, course: Path) -> None:
    first, second = somebody(db), somebody(db, "Tom Berg")
    base = revision(db, ONE)
    mine = TEXTS[FIRST] + "\nMeins.\n"
    number = saving.save(db, first, ONE, mine, base_revision=base)
    assert saving.save(db, first, ONE, mine, base_revision=base) == number  # sent twice
    with pytest.raises(Conflict) as caught:
        saving.save(db, second, ONE, TEXTS[FIRST] + "\nIhres.\n", base_revision=base)
    assert (caught.value.current.text, caught.value.current.saved_by) == (mine, "Jana Hellweg")
    later = saving.save(db, second, ONE, mine + "Ihres.\n", base_revision=caught.value.current.revision)
    assert later == number + 1
    causes = db.scalars(select(WorkRevision.cause).order_by(WorkRevision.number)).all()
    assert list(causes) == ["Veröffentlichung 1", "gespeichert", "gespeichert"]


def test_who_began_before_a_release_gets_it_shown(db: Session, shelf: Shelf, course: Path) -> None:
    """What was changed in Git meanwhile is never overwritten unseen, though nobody saved it here."""
    base = revision(db, ONE)
    change(course / FIRST, "Ein Satz", "Ein Satz aus Git")
    assert shelf.publish(course).published
    with pytest.raises(Conflict) as caught:
        saving.save(db, somebody(db), ONE, TEXTS[FIRST] + "\nMeins.\n", base_revision=base)
    assert "aus Git" in caught.value.current.text


def test_what_cannot_be_saved_is_refused(db: Session, course: Path) -> None:
    who, base = somebody(db), revision(db, ONE)
    with pytest.raises(Refused) as large:
        saving.save(db, who, ONE, TEXTS[FIRST] + "x" * 300_000, base_revision=base)
    assert large.value.status == 413
    with pytest.raises(Refused, match="Kennung"):
        saving.save(db, who, ONE, TEXTS[FIRST].replace(ONE, "les_zzzzzzzz"), base_revision=base)
    with pytest.raises(NotFound):
        saving.save(db, who, "les_zzzzzzzz", "x", base_revision=0)
    with pytest.raises(Refused) as stale:
        saving.apply(db, who, COURSE, [Write(ONE, FIRST, None)], revision=0, cause="geordnet")
    assert stale.value.status == 409
    assert db.scalars(select(WorkText)).all() == []


def test_a_text_has_one_course(db: Session, course: Path) -> None:
    who = somebody(db)
    files = {"kurs.md": TEXTS["kurs.md"].replace("aaaaaaaa", "dddddddd"), "01-eins/modul.md": ""}
    files["01-eins/modul.md"] = TEXTS["01-anfang/modul.md"].replace("aaaaaaaa", "dddddddd")
    made = saving.create(db, who, "zweiter", files)
    copy = copies.copy(db, made)
    assert copy is not None
    saving.apply(
        db, who, made, [Write("les_cccccccc", "01-eins/01-a.md", NEW)], revision=copy.revision, cause="x"
    )
    here = copies.copy(db, COURSE)
    assert here is not None
    again = [Write("les_cccccccc", "01-anfang/03-a.md", NEW)]
    with pytest.raises(Refused, match="anderen Kurs"):
        saving.apply(db, who, COURSE, again, revision=here.revision, cause="x")
    assert copies.course_of(db, "les_cccccccc") == made


def test_every_window_keeps_what_was_typed_last(db: Session, course: Path) -> None:
    who, other = somebody(db), somebody(db, "Tom Berg")
    base = revision(db, ONE)
    assert saving.keep(db, who, ONE, "a", 2, base, "zwei")
    assert not saving.keep(db, who, ONE, "a", 1, base, "eins")
    assert not saving.keep(db, who, ONE, "a", 2, base, "auch zwei")
    assert saving.keep(db, who, ONE, "b", 1, base, "daneben")
    kept = {row.window: row.text for row in db.scalars(select(Autosave))}
    assert kept == {"a": "zwei", "b": "daneben"}
    newest = saving.unsaved(db, who, ONE)
    assert newest is not None
    assert newest.text == "daneben"
    assert saving.unsaved(db, other, ONE) is None
    text = TEXTS[FIRST] + "\nMehr.\n"
    assert saving.keep(db, who, ONE, "b", 2, base, text.replace("\n", "\r\n"))
    saving.save(db, who, ONE, text, base_revision=base, window="c")
    left = saving.unsaved(db, who, ONE)
    assert left is not None
    assert (left.window, left.text) == ("a", "zwei")
    saving.forget(db, who, ONE, window="a")
    assert saving.unsaved(db, who, ONE) is None
    for number in range(15):
        saving.keep(db, who, ONE, f"w{number}", 1, base, f"{number}")
    assert len(db.scalars(select(Autosave)).all()) == 10
    saving.forget(db, who, ONE)
    assert db.scalars(select(Autosave)).all() == []
    with pytest.raises(NotFound):
        saving.keep(db, who, "les_zzzzzzzz", "a", 1, 0, "x")
    with pytest.raises(Refused):
        saving.keep(db, who, ONE, "a" * 50, 1, 0, "x")


def test_what_is_typed_like_the_saved_text_is_not_offered(db: Session, course: Path) -> None:
    who = somebody(db)
    saving.keep(db, who, ONE, "a", 1, 0, TEXTS[FIRST].replace("\n", "\r\n"))
    assert saving.unsaved(db, who, ONE) is None


def at_once(*tasks: Callable[[], object]) -> list[object]:
    """Run these in threads that wait for each other; results, or what was raised."""
    barrier = Barrier(len(tasks))

    def run(task: Callable[[], object]) -> object:
        barrier.wait(10)
        try:
            return task()
        except (Conflict, Refused) as problem:
            return problem

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [future.result(30) for future in [pool.submit(run, task) for task in tasks]]


@pytest.mark.parametrize("kind", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_of_many_writers_at_once_each_is_saved_or_told(instance: Config, tmp_path: Path) -> None:
    """First saves of one text, of two texts of a course nobody has changed, and a release in between."""
    database = Database.of(instance)
    shelf = Shelf(database, Storage(instance.storage))
    folder = small(tmp_path)
    shelf.publish(folder)
    with database.writing() as db:
        people = [somebody(db, f"Person {number}") for number in range(4)]
        base = {key: revision(db, key) for key in (ONE, TWO)}
        start = copies.copy(db, COURSE)
        assert start is not None

    def save(who: Actor, key: str, path: str, word: str) -> Callable[[], object]:
        def run() -> object:
            with database.writing() as db:
                text = f"{TEXTS[path]}\n{word}\n"
                return saving.save(db, who, key, text, base_revision=base[key])

        return run

    def add(who: Actor) -> object:
        with database.writing() as db:
            writes = [Write("les_cccccccc", "01-anfang/03-drei.md", NEW)]
            return saving.apply(db, who, COURSE, writes, revision=start.revision, cause="angelegt")

    change(folder / SECOND, "Noch ein Satz", "Ein Satz aus Git")
    found = at_once(
        save(people[0], ONE, FIRST, "eins"),
        save(people[1], ONE, FIRST, "zwei"),
        save(people[2], TWO, SECOND, "drei"),
        lambda: add(people[3]),
        lambda: shelf.publish(folder),
    )
    assert [type(each) for each in found[:2]].count(Conflict) == 1
    with database.reading() as db:
        texts = copies.texts(db, COURSE)
        assert len(db.scalars(select(WorkCourse)).all()) == 1
        winner = "eins" if isinstance(found[0], int) else "zwei"
        assert texts[ONE].text.endswith(f"\n{winner}\n")
        clashes = {clash.key for clash in copies.clashes(db, COURSE)}
        assert clashes == ({TWO} if isinstance(found[2], int) else set())
        assert ("les_cccccccc" in texts) == isinstance(found[3], int)
    database.dispose()


@pytest.mark.parametrize("kind", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_late_keystrokes_lose_against_newer_ones_at_once(instance: Config, tmp_path: Path) -> None:
    database = Database.of(instance)
    Shelf(database, Storage(instance.storage)).publish(small(tmp_path))
    with database.writing() as db:
        who = somebody(db)

    def keep(sequence: int) -> Callable[[], object]:
        def run() -> object:
            with database.writing() as db:
                return saving.keep(db, who, ONE, "a", sequence, 0, f"Stand {sequence}")

        return run

    at_once(*(keep(sequence) for sequence in (3, 1, 6, 2, 5, 4)))
    with database.reading() as db:
        assert [row.text for row in db.scalars(select(Autosave))] == ["Stand 6"]
    database.dispose()


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_a_kill_while_saving_leaves_the_text_of_before_or_of_after(instance: Config, tmp_path: Path) -> None:
    """Whole, with its state in the history; what was typed is there until it is saved."""
    database = Database.of(instance)
    Shelf(database, Storage(instance.storage)).publish(small(tmp_path))
    better = TEXTS[FIRST].replace("Ein Satz", "Ein besserer Satz")
    with database.writing() as db:
        who, base = somebody(db), revision(db, ONE)
        assert saving.keep(db, who, ONE, "a", 1, base, better)
    database.dispose()

    def save(database: Database) -> None:
        with database.writing() as db:
            saving.save(db, who, ONE, better, base_revision=base, window="a")
        with database.writing() as db:
            found = copies.copy(db, COURSE)
            assert found is not None
            new = Write("les_cccccccc", "01-anfang/03-drei.md", NEW)
            saving.apply(db, who, COURSE, [new], revision=found.revision, cause="angelegt")

    def after_each() -> None:
        database = Database.of(instance)
        with database.reading() as db:
            texts = copies.texts(db, COURSE)
            saved = texts[ONE].text == better
            assert saved or texts[ONE].text == TEXTS[FIRST]
            assert saved == (saving.unsaved(db, who, ONE) is None)
            states = db.scalars(select(WorkRevision.number).where(WorkRevision.key == ONE)).all()
            assert len(states) == (2 if saved else 0)
            assert not texts[ONE].changed or texts[ONE].revision in states
            added = db.scalars(select(WorkRevision).where(WorkRevision.key == "les_cccccccc")).all()
            assert len(added) == ("les_cccccccc" in texts)
        database.dispose()

    killed_at_each(instance, save, after_each)
    database = Database.of(instance)
    with database.reading() as db:
        assert (copies.texts(db, COURSE)[ONE].text, "les_cccccccc" in copies.texts(db, COURSE)) == (
            better,
            True,
        )
    database.dispose()
