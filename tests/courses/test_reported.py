"""What publishing reports of each course: base, release, changes with their files, and people."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from learn.courses import publish
from learn.courses.drafts import Draft
from learn.courses.manifest import Manifest
from learn.courses.report import Learners
from tests.courses.folders import FIRST, SECOND, TEXTS, Shelf, change, other, small

NOBODY = "Niemand verliert Fortschritt."


class Asked:
    """Counts people, and remembers between which manifests."""

    def __init__(self) -> None:
        self.steps: list[tuple[tuple[str, int], ...]] = []

    def __call__(self, session: Session, before: Manifest, after: Manifest) -> Learners:
        assert isinstance(session, Session)
        self.steps.append(
            tuple((tree.slug, sum(e.edition for e in tree.lessons())) for tree in (before, after))
        )
        return Learners(143, 61, 7)


def test_the_report_of_a_new_an_unchanged_and_a_changed_course(shelf: Shelf, tmp_path: Path) -> None:
    root = tmp_path / "inhalt"
    course = small(root)
    shelf.publish(root)
    other(root, "anderer")
    change(course / SECOND, "ziele:", "ausgabe: 2\nziele:")
    (course / SECOND).rename(course / "01-anfang/03-drei.md")
    change(course / FIRST, "02-zwei.md", "03-drei.md")
    asked = Asked()
    report = publish.publish(shelf.database, shelf.storage, root, affected=asked)
    people = {"enrolled": 143, "notified": 61, "repeat": 7}
    file = "kleiner-kurs/01-anfang/03-drei.md"
    assert report.as_json() == {
        "ok": True,
        "published": True,
        "courses": [
            {
                "id": "kur_cccccccc",
                "slug": "anderer",
                "base": None,
                "release": 1,
                "changes": [],
                "learners": {"enrolled": None, "notified": None, "repeat": None},
            },
            {
                "id": "kur_aaaaaaaa",
                "slug": "kleiner-kurs",
                "base": 1,
                "release": 2,
                "changes": [
                    {"id": "les_bbbbbbbb", "class": "inhaltlich", "file": file, "from": 1, "to": 2},
                    {"id": "les_bbbbbbbb", "class": "umbenannt", "file": file, "from": 1, "to": 2},
                ],
                "learners": people,
            },
        ],
        "faults": [],
    }
    assert list(report.lines()) == [
        "anderer: neu, Veröffentlichung 1",
        "kleiner-kurs: Veröffentlichung 2 nach 1",
        f"  inhaltlich: Zwei, Ausgabe 1 → 2 ({file})",
        f"  umbenannt: Zwei, Ausgabe 1 → 2 ({file})",
        f"  143 Lernende eingeschrieben. 61 sehen einen Hinweis, 7 wiederholen etwas. {NOBODY}",
        "0 Fehler, 0 Warnungen, 0 Hinweise.",
    ]
    assert asked.steps == [(("kleiner-kurs", 2), ("kleiner-kurs", 3))]
    again = publish.examine(shelf.database, course, affected=asked)
    assert again.unchanged
    assert again.as_json()["courses"] == [
        {
            "id": "kur_aaaaaaaa",
            "slug": "kleiner-kurs",
            "base": 2,
            "release": 2,
            "changes": [],
            "learners": people,
        }
    ]
    assert next(again.lines()) == "kleiner-kurs: unverändert, Veröffentlichung 2"
    assert asked.steps[1:] == [(("kleiner-kurs", 3), ("kleiner-kurs", 3))]


def test_without_a_database_every_course_is_new(tmp_path: Path) -> None:
    asked = Asked()
    report = publish.examine(None, small(tmp_path), affected=asked)
    assert [(found.id, found.slug, found.base, found.release) for found in report.courses] == [
        ("kur_aaaaaaaa", "kleiner-kurs", None, 1)
    ]
    assert asked.steps == []


def test_a_lesson_that_went_is_named_by_its_former_file(shelf: Shelf, tmp_path: Path) -> None:
    shelf.publish(small(tmp_path))
    first = TEXTS[FIRST].replace("[zwei](02-zwei.md#das-zweite)", "zwei").encode()
    asked = Asked()
    draft = Draft("kur_aaaaaaaa", 1, {SECOND: None, FIRST: first})
    report = publish.publish_drafts(shelf.database, shelf.storage, [draft], affected=asked, dry_run=True)
    assert [(found.kind, found.file) for found in report.courses[0].changes] == [
        ("redaktionell", FIRST),
        ("entfallen", SECOND),
    ]
    assert asked.steps == [(("kleiner-kurs", 2), ("kleiner-kurs", 1))]


def test_who_waits_is_told_how_many_texts_are_to_be_converted(shelf: Shelf, tmp_path: Path) -> None:
    told: list[list[int]] = []

    def begin(total: int) -> Callable[[int], None]:
        told.append([total])
        return told[-1].append

    course = small(tmp_path)
    publish.examine(None, course, progress=begin)
    publish.examine(shelf.database, course, progress=begin)
    publish.publish(shelf.database, shelf.storage, course, progress=begin)
    draft = Draft("kur_aaaaaaaa", 1, {SECOND: TEXTS[SECOND].replace("Noch", "Auch").encode()})
    publish.publish_drafts(shelf.database, shelf.storage, [draft], progress=begin)
    assert told == [*[[4, 1, 1, 1, 1]] * 3, [3, 1, 1, 1]]
