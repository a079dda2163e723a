"""Reading the shelf: statements per question, pages of the catalogue, terms, the cache."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.db import Database
from learn.courses import library, queries
from learn.courses.cache import Cache, weight
from learn.courses.models import Course, CourseTopic, Release
from tests.courses.folders import Shelf, current, example, lesson, other, small, write


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            found.append(statement)

    event.listen(database.writer, "before_cursor_execute", note)
    yield found
    event.remove(database.writer, "before_cursor_execute", note)


def test_a_cached_course_costs_one_statement_and_its_lesson_none(
    shelf: Shelf, db: Session, tmp_path: Path
) -> None:
    shelf.publish(example(tmp_path))
    lesson(db, current(db, "beispielkurs"), "werte-nutzen")
    with statements(shelf.database) as found:
        release = queries.course(db, "beispielkurs")
        assert isinstance(release, library.CourseRelease)
        queries.lesson(db, release, "werte-nutzen")
        queries.current_by_id(db, [release.course_id])
        assert queries.release(db, release.id) is release
    assert len(found) == 2


def shelve(session: Session, number: int, **values: object) -> None:
    """A course's card without its contents."""
    identity = f"kur_{number:08}"
    row = Course(
        id=identity, kind="kurs", slug=f"kurs-{number}", position=number, published_on=date(2026, 1, 1)
    )
    row.title, row.words, row.minutes, row.plain = f"Kurs {number}", f"kurs {number}", number * 10, False
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    release = Release(course_id=identity, number=1, origin="folder", created_at=None, renderer=1)
    release.created_at, release.manifest, release.sheet, release.details = clock.now(), {}, {}, {}
    session.add(release)
    session.flush()
    row.release_id = release.id
    session.flush()


@pytest.mark.parametrize("sort", ["", "neu", "kurz"])
def test_pages_of_the_catalogue_hold_every_course_once(db: Session, sort: str) -> None:
    for number in range(1, 8):
        shelve(db, number, published_on=date(2026, 1, 1 + number // 3), minutes=(number % 3) * 10)
    seen: list[queries.Card] = []
    cursor = ""
    for _ in range(4):
        page = queries.cards(db, sort=sort, after=cursor, limit=2)
        seen += page.items
        cursor = page.next_cursor
    assert cursor == ""
    assert len({card.id for card in seen}) == 7
    keys = {"": lambda c: c.id, "neu": lambda c: -c.published_on.toordinal(), "kurz": lambda c: c.minutes}
    assert [keys[sort](card) for card in seen] == sorted(keys[sort](card) for card in seen)


def test_filters_narrow_the_catalogue(db: Session) -> None:
    shelve(db, 1, words="gruene hoefe 100% strasse", plain=True)
    shelve(db, 9, minutes=90)
    shelve(db, 10, minutes=91)
    db.add(CourseTopic(topic="klima", course_id="kur_00000009"))
    db.flush()

    def found(**filters: object) -> list[str]:
        return [card.id[-2:] for card in queries.cards(db, **filters).items]  # type: ignore[arg-type]

    assert found(q="Höfe  STRAßE") == ["01"]
    assert found(q="0% s") == ["01"]
    assert found(q="_") == []
    assert found(topic="klima") == ["09"]
    assert [found(duration=value) for value in ("30", "90", "mehr", "?")] == [
        ["01"],
        ["01", "09"],
        ["10"],
        ["01", "09", "10"],
    ]
    assert found(plain=True) == ["01"]
    assert queries.offered(db) == (("klima",), False)


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "bnVsbA", "WyIiLCAiYSIsIDFd", "ö", "=" * 9, "WyJuZXUiLCAxLCAiYSJd"]
)
def test_a_foreign_cursor_begins_anew(db: Session, cursor: str) -> None:
    shelve(db, 1)
    for sort in ("", "neu", "kurz"):
        assert len(queries.cards(db, sort=sort, after=cursor).items) == 1


def test_the_network_explains_a_term_first_then_courses_by_title(
    shelf: Shelf, db: Session, tmp_path: Path
) -> None:
    write(
        tmp_path / "glossar.md",
        "---\nid: glo_bbbbbbbb\ntitel: Netz\n---\n\n## Takt\n\nÜberall.\n\n## Äther\n\nLuft.\n",
    )
    small(tmp_path, "b")
    course = other(tmp_path, "a")
    (course / "kurs.md").write_text((course / "kurs.md").read_text().replace("Kleiner Kurs", "Anderer Kurs"))
    assert shelf.publish(tmp_path).published
    assert [(t.network, t.course_title) for t in queries.term(db, "takt")] == [
        (True, "Netz"),
        (False, "Anderer Kurs"),
        (False, "Kleiner Kurs"),
    ]
    assert [(entry.slug, entry.sort) for entry in queries.term_index(db)] == [
        ("aether", "aether"),
        ("takt", "takt"),
    ]
    assert queries.term(db, "nichts") == ()


def test_explanations_of_one_term_do_not_share_ids(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    note = "---\nid: glo_bbbbbbbb\ntitel: Netz\n---\n\n## Takt\n\nÜberall.[^a]\n\n[^a]: Note\n"
    write(tmp_path / "glossar.md", note)
    course = small(tmp_path, "a")
    write(course / "glossar.md", note.replace("glo_bbbbbbbb", "glo_cccccccc"))
    assert shelf.publish(tmp_path).published
    first, second = queries.term(db, "takt")
    assert 'id="fn-1"' in first.html
    assert 'id="fn-1"' not in second.html
    assert '-fn-1"' in second.html


def test_the_cache_lets_the_least_recently_used_go() -> None:
    cache = Cache(limit=10)
    for key in "abc":
        cache.put(key, key.upper(), 4)
        cache.get("a")
    assert [cache.get(key) for key in "abc"] == ["A", None, "C"]
    cache.put("big", "B", 11)
    assert cache.get("big") is None
    cache.put("a", "A2", 6)
    assert (cache.get("a"), cache.total) == ("A2", 10)


def test_weights_follow_the_size_of_texts() -> None:
    assert weight("x" * 10_000) >= 10_000
    assert weight({"a": ["ä" * 10_000]}) >= 20_000


def test_a_term_names_the_lessons_that_link_it(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    folder = example(tmp_path)
    shelf.publish(folder)
    places = queries.term_uses(db, "raumklima")
    assert [(place.href, place.course_title) for place in places] == [
        ("/kurse/beispielkurs/was-sensoren-messen", "Sensoren im Rathaus")
    ]
    assert queries.term_uses(db, "gibt-es-nicht") == ()
