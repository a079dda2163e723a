"""Checks while writing find in one text what publishing finds in it, no more and no less."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.courses.drafts import Draft
from learn.workshop import copies, saving
from learn.workshop.preview import Preview, preview
from tests.courses.damages import FINAL
from tests.courses.faults_of_files import FILES, HEADS
from tests.courses.faults_of_texts import BY_RELEASE, TEXTS
from tests.courses.folders import FIRST, SECOND, Shelf, small
from tests.factories import make_person

AUTHOR = Actor(1, "Jana Hellweg", 1, "Musterstadt", frozenset({"trainer"}))
KEYS = {
    "kurs.md": "kur_aaaaaaaa",
    "glossar.md": "glo_aaaaaaaa",
    "01-anfang/modul.md": "mod_aaaaaaaa",
    FIRST: "les_aaaaaaaa",
    SECOND: "les_bbbbbbbb",
    "01-anfang/01-eins.einfach.md": "les_aaaaaaaa/einfach",
    FINAL: "fra_aaaaaaaa",
}


def changed(course: Path, before: dict[str, bytes]) -> dict[str, bytes | None]:
    now = files_of(course)
    found: dict[str, bytes | None] = {path: data for path, data in now.items() if before.get(path) != data}
    return found | {path: None for path in before if path not in now}


def files_of(course: Path) -> dict[str, bytes]:
    return {
        path.relative_to(course).as_posix(): path.read_bytes() for path in course.rglob("*") if path.is_file()
    }


def one_of_each(cases: Sequence[tuple[Any, ...]]) -> list[Any]:
    """The first case of each code and file whose text an author can see."""
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for case in cases:
        guarded = case[0] in {"K101", "K112"} or case[:2] == ("K301", FINAL)  # no text of a copy is like that
        if case[1] in KEYS and not guarded:
            found.setdefault((case[0], case[1]), case)
    return [pytest.param(case, id=f"{case[0]}-{case[1]}") for case in found.values()]


def copied(db: Session, changes: Mapping[str, str | None]) -> None:
    """Save these texts in the working copy."""
    person = make_person(db, roles=["trainer"])
    copy = copies.copy(db, "kur_aaaaaaaa")
    assert copy is not None
    writes = [saving.Write(key_of(path, text), path, text) for path, text in changes.items()]
    who = Actor(person.id, person.name, roles=frozenset({"trainer"}))
    saving.apply(db, who, "kur_aaaaaaaa", writes, revision=copy.revision, cause="gespeichert")
    db.flush()


def key_of(path: str, text: str | None) -> str:
    return KEYS.get(path) or next(line[4:] for line in (text or "").split("\n") if line.startswith("id: "))


def told(found: Preview) -> list[tuple[str, str]]:
    return sorted((each.code, each.sentence) for each in found.findings)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("case", one_of_each([*TEXTS, *HEADS, *FILES, *BY_RELEASE]))
def test_what_publishing_finds_in_a_text_is_found_while_writing(
    shelf: Shelf, db: Session, tmp_path: Path, case: tuple[Any, ...]
) -> None:
    _code, file, _line, _sentence, *damages = case
    course = small(tmp_path)
    if len(damages) > 1:
        damages[0](course)
    assert shelf.publish(course).published
    before = files_of(course)
    damages[-1](course)
    changes = changed(course, before)
    report = shelf.drafts(Draft("kur_aaaaaaaa", 1, changes), dry_run=True)
    expected = sorted((each.code, each.message) for each in report.findings if each.file == file)
    data = changes.get(file) or before[file]
    if file in before:
        changes.pop(file, None)
    if changes:
        copied(db, {path: data.decode() if data is not None else None for path, data in changes.items()})
    assert told(preview(db, AUTHOR, KEYS[file], data.decode())) == expected
