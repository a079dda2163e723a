"""The working copy over today's release: who changed what, where it lies, and what it costs to read."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.orm import Session

from learn.core.access import Actor, Refused
from learn.courses import rollback
from learn.workshop import copies, saving
from learn.workshop.copies import Copy, Text
from learn.workshop.models import WorkCourse, WorkText
from learn.workshop.saving import Write
from tests.courses.folders import FIRST, SECOND, TEXTS, Shelf, change, small, write
from tests.factories import make_person
from tests.workshop.drafts import publish_small

COURSE, MODULE, ONE, TWO = "kur_aaaaaaaa", "mod_aaaaaaaa", "les_aaaaaaaa", "les_bbbbbbbb"
PLAIN = f"{ONE}/einfach"
NEW = "---\nid: les_cccccccc\ntitel: Drei\ndauer: 7min\nziele: [a, b]\npflicht: nein\n---\n\nNeues.\n"


@pytest.fixture
def who(db: Session) -> Actor:
    person = make_person(db, name="Jana Hellweg", roles=["trainer"])
    return Actor(person.id, person.name, roles=frozenset({"trainer"}))


@pytest.fixture
def course(shelf: Shelf, tmp_path: Path) -> Path:
    return publish_small(shelf, tmp_path)


def text(db: Session, key: str) -> Text:
    db.expire_all()
    found = copies.text(db, key)
    assert found is not None
    return found


def outline(db: Session) -> Copy:
    db.expire_all()
    found = copies.copy(db, COURSE)
    assert found is not None
    return found


def edit(db: Session, who: Actor, key: str, old: str, new: str) -> int:
    before = text(db, key)
    assert old in before.text
    return saving.save(db, who, key, before.text.replace(old, new), base_revision=before.revision)


def put(db: Session, who: Actor, *writes: Write) -> None:
    saving.apply(db, who, COURSE, writes, revision=outline(db).revision, cause="geordnet")


def states(db: Session) -> dict[str, tuple[str, str]]:
    found = outline(db)
    lines = [found.kurs, *found.others]
    for module in found.modules:
        lines += [module.entry, *module.lessons]
    return {entry.key: (entry.path, entry.state) for entry in lines if entry.state}


def release(db: Session, shelf: Shelf) -> None:
    """Publish the copy, and tidy up after it."""
    db.expire_all()
    report = shelf.drafts(copies.draft(db, shelf.storage, COURSE))
    assert report.published, report.findings
    [made] = report.courses
    saving.published(db, COURSE, made.release or 0)


def git(shelf: Shelf, course: Path) -> None:
    """Publish the folder, as a colleague does who works in Git."""
    report = shelf.publish(course)
    assert report.published, report.findings


def rows(db: Session) -> list[str]:
    return list(db.scalars(select(WorkText.key).order_by(WorkText.key)))


def test_without_changes_the_copy_is_the_release(db: Session, course: Path) -> None:
    found = outline(db)
    assert (found.slug, found.title, found.state) == ("kleiner-kurs", "Kleiner Kurs", "entwurf")
    assert (found.base, found.current, found.changed) == (1, 1, False)
    [module] = found.modules
    assert (module.entry.key, module.entry.title) == (MODULE, "Anfang")
    assert [(entry.key, entry.title, entry.minutes) for entry in module.lessons] == [
        (ONE, "Eins", 5),
        (TWO, "Zwei", 6),
    ]
    assert [(entry.key, entry.title) for entry in found.others] == [("glo_aaaaaaaa", "Begriffe")]
    assert states(db) == {}
    for key, path in {COURSE: "kurs.md", ONE: FIRST, TWO: SECOND}.items():
        assert (text(db, key).text, text(db, key).path) == (TEXTS[path], path)
        assert not text(db, key).changed
    assert copies.clashes(db, COURSE) == ()
    assert copies.copy(db, "kur_zzzzzzzz") is None
    assert copies.text(db, "les_zzzzzzzz") is None
    assert copies.text(db, "unsinn") is None
    assert db.scalar(select(func.count()).select_from(WorkCourse)) == 0


def test_what_was_changed_here_shows_and_leaves_again(db: Session, course: Path, who: Actor) -> None:
    edit(db, who, ONE, "Ein Satz", "Kein Satz")
    put(
        db,
        who,
        Write(TWO, SECOND, None),
        Write("les_cccccccc", "01-anfang/03-drei.md", NEW),
        Write("glo_aaaaaaaa", "glossar.md", TEXTS["glossar.md"].replace("Begriffe", "Wörter")),
    )
    assert states(db) == {
        ONE: (FIRST, "geaendert"),
        TWO: (SECOND, "entfernt"),
        "les_cccccccc": ("01-anfang/03-drei.md", "neu"),
        "glo_aaaaaaaa": ("glossar.md", "geaendert"),
    }
    found = outline(db)
    assert [entry.title for entry in found.modules[0].lessons] == ["Eins", "Zwei", "Drei"]
    assert not found.modules[0].lessons[2].required
    assert found.others[0].title == "Wörter"
    assert text(db, ONE).saved_by == "Jana Hellweg"
    for key in (ONE, TWO, "les_cccccccc", "glo_aaaaaaaa"):
        saving.discard(db, who, key)
    assert not outline(db).changed
    assert rows(db) == []


def test_what_merely_says_the_same_again_is_no_change(
    db: Session, shelf: Shelf, tmp_path: Path, who: Actor
) -> None:
    folder = small(tmp_path)
    data = b"\xef\xbb\xbf" + TEXTS[SECOND].replace("\n", "\r\n").encode()
    write(folder / SECOND, data)
    shelf.publish(folder)
    assert text(db, TWO).text == TEXTS[SECOND]
    saving.save(db, who, TWO, TEXTS[SECOND].replace("\n", "\r\n"), base_revision=0)
    assert rows(db) == []
    put(db, who, Write(TWO, "01-anfang/03-zwei.md", TEXTS[SECOND]))
    assert states(db) == {TWO: ("01-anfang/03-zwei.md", "verschoben")}
    draft = copies.draft(db, shelf.storage, COURSE)
    assert draft.changes == {SECOND: None, "01-anfang/03-zwei.md": data}
    put(db, who, Write(TWO, SECOND, TEXTS[SECOND]))
    assert rows(db) == []


def test_a_text_changed_only_there_becomes_theirs(
    db: Session, shelf: Shelf, course: Path, who: Actor
) -> None:
    edit(db, who, ONE, "Ein Satz", "Kein Satz")
    before = text(db, TWO).revision
    change(course / SECOND, "Noch ein Satz", "Ein Satz aus Git")
    git(shelf, course)
    assert "Ein Satz aus Git" in text(db, TWO).text
    assert "Kein Satz" in text(db, ONE).text
    assert text(db, TWO).revision != before
    assert copies.clashes(db, COURSE) == ()
    assert (outline(db).base, outline(db).current) == (1, 2)
    edit(db, who, MODULE, "Der Anfang.", "Das Ende.")
    assert outline(db).base == 2
    assert copies.draft(db, shelf.storage, COURSE).base == 2
    assert rows(db) == [ONE, MODULE]


def test_a_text_changed_on_both_sides_waits_for_being_merged(
    db: Session, shelf: Shelf, course: Path, who: Actor
) -> None:
    edit(db, who, ONE, "Ein Satz", "Kein Satz")
    change(course / FIRST, "Ein Satz", "Mancher Satz")
    git(shelf, course)
    db.expire_all()
    for old, new in (("Noch ein Satz", "Noch ein Ding"), ("Noch ein Ding", "Kein Ding")):
        [clash] = copies.clashes(db, COURSE)
        assert (clash.key, clash.title, clash.base) == (ONE, "Eins", TEXTS[FIRST])
        assert "Mancher Satz" in (clash.theirs or "")
        assert "Kein Satz" in (clash.here or "")
        with pytest.raises(Refused, match=r"Führen Sie zuerst zusammen.*„Eins“") as caught:
            copies.draft(db, shelf.storage, COURSE)
        assert caught.value.status == 409
        edit(db, who, TWO, old, new)  # stores how the copy lies over the release; the clash stays
    assert "Kein Satz" in text(db, ONE).text
    rollback.roll_back_all(db, ["kleiner-kurs"])
    assert copies.clashes(db, COURSE) == ()


def test_both_sides_may_say_the_same(db: Session, shelf: Shelf, course: Path, who: Actor) -> None:
    edit(db, who, ONE, "Ein Satz", "Kein Satz")
    change(course / FIRST, "Ein Satz", "Kein Satz")
    git(shelf, course)
    assert not outline(db).changed
    edit(db, who, TWO, "Satz", "Wort")
    assert rows(db) == [TWO]


def test_what_one_side_removes_and_the_other_changes_is_a_clash(
    db: Session, shelf: Shelf, course: Path, who: Actor
) -> None:
    edit(db, who, TWO, "Noch ein", "Kein")
    (course / SECOND).unlink()
    change(course / FIRST, "[zwei](02-zwei.md#das-zweite)", "zwei")
    git(shelf, course)
    [clash] = copies.clashes(db, COURSE)
    assert (clash.key, clash.theirs) == (TWO, None)
    saving.discard(db, who, TWO)
    assert copies.text(db, TWO) is None
    put(db, who, Write(ONE, FIRST, None))
    change(course / FIRST, "Ein Satz", "Kein Satz")
    write(course / SECOND, NEW)
    git(shelf, course)
    [clash] = copies.clashes(db, COURSE)
    assert (clash.key, clash.here) == (ONE, None)


def test_moves_are_told_apart_like_texts(db: Session, shelf: Shelf, course: Path, who: Actor) -> None:
    """Moved here and changed there: both hold. Moved on both sides to different places: a clash."""
    put(db, who, Write(TWO, "01-anfang/09-zwei.md", TEXTS[SECOND]))
    change(course / SECOND, "Noch ein Satz", "Ein Satz aus Git")
    (course / FIRST).rename(course / "01-anfang/00-eins.md")
    git(shelf, course)
    assert "aus Git" in text(db, TWO).text
    assert (text(db, ONE).path, text(db, TWO).path) == ("01-anfang/00-eins.md", "01-anfang/09-zwei.md")
    assert copies.clashes(db, COURSE) == ()
    edit(db, who, ONE, "Ein Satz", "Kein Satz")
    assert "aus Git" in text(db, TWO).text
    (course / SECOND).rename(course / "01-anfang/05-zwei.md")
    change(course / "01-anfang/00-eins.md", "02-zwei.md", "05-zwei.md")
    git(shelf, course)
    elsewhere = {clash.key: clash for clash in copies.clashes(db, COURSE) if clash.elsewhere}
    assert list(elsewhere) == [TWO]
    assert elsewhere[TWO].their_path == "01-anfang/05-zwei.md"
    assert elsewhere[TWO].here_path == "01-anfang/09-zwei.md"


def test_lessons_follow_their_module_wherever_it_was_renamed(
    db: Session, shelf: Shelf, course: Path, who: Actor
) -> None:
    edit(db, who, ONE, "Ein Satz", "Kein Satz")
    put(
        db,
        who,
        Write("les_cccccccc", "01-anfang/03-drei.md", NEW),
        Write(
            "les_cccccccc/einfach", "01-anfang/03-drei.einfach.md", "---\nzu_ausgabe: 1\n---\n\nEinfach.\n"
        ),
    )
    (course / "01-anfang").rename(course / "02-beginn")
    git(shelf, course)
    for old, new in (("Noch ein Satz", "Noch ein Ding"), ("Noch ein Ding", "Kein Ding")):
        assert text(db, ONE).path == "02-beginn/01-eins.md"
        assert text(db, "les_cccccccc").path == "02-beginn/03-drei.md"
        assert text(db, "les_cccccccc/einfach").path == "02-beginn/03-drei.einfach.md"
        assert len(outline(db).modules) == 1
        edit(db, who, TWO, old, new)
    assert outline(db).plain == {"les_cccccccc"}
    put(db, who, Write(MODULE, "05-wieder/modul.md", TEXTS["01-anfang/modul.md"]))
    assert text(db, ONE).path == "05-wieder/01-eins.md"
    write(course / "02-beginn/07-git.md", NEW.replace("cccccccc", "dddddddd"))
    git(shelf, course)
    assert text(db, "les_dddddddd").path == "05-wieder/07-git.md"


def test_publishing_from_the_copy_tidies_it_up_also_after_a_kill(
    db: Session, shelf: Shelf, course: Path, who: Actor
) -> None:
    """Front matter out of order is written in order; the copy knows its own text all the same."""
    mixed = TEXTS[FIRST].replace("titel: Eins\ndauer: 5min", "dauer: 5min\ntitel: Eins")
    saving.save(db, who, ONE, mixed + "\nMehr.\n", base_revision=text(db, ONE).revision)
    put(db, who, Write("les_cccccccc", "01-anfang/03-drei.md", NEW))
    assert shelf.drafts(copies.draft(db, shelf.storage, COURSE)).published  # and then it is killed
    assert not outline(db).changed
    assert rows(db) == [ONE, "les_cccccccc"]
    edit(db, who, ONE, "Mehr.", "Weniger.")
    assert rows(db) == [ONE]
    assert copies.clashes(db, COURSE) == ()
    release(db, shelf)
    saving.published(db, COURSE, 3)
    assert rows(db) == []
    assert (outline(db).base, outline(db).current, outline(db).changed) == (3, 3, False)


def test_what_was_saved_while_publishing_is_no_clash(
    db: Session, shelf: Shelf, course: Path, who: Actor
) -> None:
    edit(db, who, ONE, "Ein Satz", "Kein Satz")
    draft = copies.draft(db, shelf.storage, COURSE)
    edit(db, who, ONE, "Kein Satz", "Gar kein Satz")
    assert shelf.drafts(draft).published
    saving.published(db, COURSE, 2)
    assert copies.clashes(db, COURSE) == ()
    assert "Gar kein Satz" in text(db, ONE).text
    assert states(db) == {ONE: (FIRST, "geaendert")}


def test_a_lesson_begun_on_both_sides_under_one_name_gets_another_one_here(
    db: Session, shelf: Shelf, course: Path, who: Actor
) -> None:
    put(db, who, Write("les_cccccccc", "01-anfang/03-drei.md", NEW))
    write(course / "01-anfang/03-drei.md", NEW.replace("cccccccc", "dddddddd"))
    git(shelf, course)
    assert states(db) == {"les_cccccccc": ("01-anfang/03-drei-2.md", "neu")}
    assert text(db, "les_dddddddd").path == "01-anfang/03-drei.md"
    edit(db, who, ONE, "Ein Satz", "Ein anderer Satz")
    assert text(db, "les_cccccccc").path == "01-anfang/03-drei-2.md"
    release(db, shelf)
    assert "Neues." in text(db, "les_cccccccc").text
    assert rows(db) == []


def test_two_texts_at_one_place_are_refused(db: Session, shelf: Shelf, course: Path, who: Actor) -> None:
    put(
        db,
        who,
        *(Write(f"les_{name * 8}", "01-anfang/03-drei.md", NEW.replace("c" * 8, name * 8)) for name in "cd"),
    )
    with pytest.raises(Refused, match="Zwei Texte heißen"):
        copies.draft(db, shelf.storage, COURSE)


def test_a_course_may_begin_here_and_change_its_address(db: Session, shelf: Shelf, who: Actor) -> None:
    files = {path: text for path, text in TEXTS.items() if path.endswith(".md")}
    files["01-anfang/01-eins.einfach.md"] = "---\nzu_ausgabe: 1\n---\n\nEinfach.\n"
    files[FIRST] = files[FIRST].replace("![Ein Kasten](bilder/kasten.svg)", "")
    assert saving.create(db, who, "kleiner-kurs", files) == COURSE
    assert (outline(db).current, outline(db).changed, outline(db).title) == (0, True, "Kleiner Kurs")
    assert text(db, PLAIN).path == "01-anfang/01-eins.einfach.md"
    assert outline(db).plain == {ONE}
    with pytest.raises(Refused, match="vergeben"):
        saving.create(db, who, "kleiner-kurs", files)
    with pytest.raises(Refused, match="Kennung"):
        saving.create(db, who, "anderer", files)
    release(db, shelf)
    assert (outline(db).current, outline(db).changed) == (1, False)
    revision = outline(db).revision
    saving.readdress(db, who, COURSE, "neuer-kurs", revision=revision)
    assert (outline(db).slug, outline(db).changed) == ("neuer-kurs", True)
    with pytest.raises(Refused) as caught:
        saving.readdress(db, who, COURSE, "noch-einer", revision=revision)
    assert caught.value.status == 409
    release(db, shelf)
    assert (outline(db).slug, outline(db).changed) == ("neuer-kurs", False)


def test_git_may_change_the_address_meanwhile(db: Session, shelf: Shelf, course: Path, who: Actor) -> None:
    edit(db, who, ONE, "Ein Satz", "Kein Satz")
    git(shelf, Path(shutil.move(course, course.with_name("aus-git"))))
    assert outline(db).slug == "aus-git"
    assert copies.draft(db, shelf.storage, COURSE).slug == ""
    edit(db, who, TWO, "Satz", "Wort")
    assert outline(db).slug == "aus-git"


@contextmanager
def counted(db: Session) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    found: list[str] = []
    bind = db.get_bind()
    engine = bind.engine if isinstance(bind, Connection) else bind

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    assert isinstance(engine, Engine)
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_reading_costs_the_same_for_one_change_and_for_many(
    db: Session, shelf: Shelf, course: Path, who: Actor
) -> None:
    costs = []
    edit(db, who, ONE, "Ein Satz", "Kein Satz")
    for count in (1, 12):
        put(
            db,
            who,
            *(
                Write(
                    f"les_{number:08}",
                    f"01-anfang/{number + 10}-n.md",
                    NEW.replace("cccccccc", f"{number:08}"),
                )
                for number in range(count)
            ),
        )
        outline(db)
        for ask in (lambda: outline(db), lambda: text(db, ONE), lambda: copies.texts(db, COURSE)):
            with counted(db) as found:
                ask()
            costs.append(len(found))
    assert costs[:3] == costs[3:]
    assert max(costs) <= 8
