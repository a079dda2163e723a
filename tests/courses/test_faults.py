"""Every fault stands alone: its code, sentence, file, line and severity."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from learn.courses import publish
from learn.courses.foreign import checking
from learn.markup.faults import FAULTS
from learn.markup.names import names
from tests.courses import folders
from tests.courses.damages import Case, Damage, Later, more, value
from tests.courses.faults_of_files import FILES, HEADS
from tests.courses.faults_of_texts import BY_RELEASE, EPISODE, FOREIGN, TEXTS, untouched
from tests.courses.folders import FIRST, SECOND, Shelf, other, small, write

WARNINGS = names(
    "K105 K110 K201 K202 K204 K205 K206 K207 K208 K306 K309 K505 K506 K507 K508 K510 K511 K512 K513 K601"
)
NOTES = names("K111 K407 K602 K603")


def cases(*tables: Sequence[tuple[Any, ...]]) -> list[ParameterSet]:
    numbered: dict[str, int] = {}
    found = []
    for case in (case for table in tables for case in table):
        numbered[case[0]] = numbered.get(case[0], 0) + 1
        found.append(pytest.param(case, id=f"{case[0]}-{numbered[case[0]]}"))
    return found


def severity(code: str) -> str:
    return "warning" if code in WARNINGS else "note" if code in NOTES else "error"


@pytest.mark.parametrize("case", cases(FILES, HEADS, TEXTS))
def test_each_fault_stands_alone_with_its_sentence_and_place(tmp_path: Path, case: Case) -> None:
    code, file, line, sentence, damage = case
    course = small(tmp_path)
    damage(course)
    report = publish.examine(None, course)
    assert [(f.code, f.file, f.line, f.message) for f in report.findings] == [(code, file, line, sentence)]
    assert report.findings[0].severity == severity(code)
    assert report.ok == (severity(code) != "error")


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("case", cases(BY_RELEASE))
def test_each_fault_against_a_release_stands_alone(shelf: Shelf, tmp_path: Path, case: Later) -> None:
    code, file, line, sentence, before, after = case
    course = small(tmp_path)
    before(course)
    assert shelf.publish(course).published
    after(course)
    report = shelf.check(course)
    assert [(f.code, f.file, f.line, f.message) for f in report.findings] == [(code, file, line, sentence)]
    assert report.findings[0].severity == severity(code)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_an_id_and_an_address_of_another_course_are_taken(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path / "a")
    neighbour = other(tmp_path / "a", "zwei")
    assert shelf.publish(tmp_path / "a").published
    value("id", "les_bbbbbbbb", SECOND)(neighbour)
    found = [(f.code, f.file, f.line, f.message) for f in shelf.check(neighbour).findings]
    assert found == [("K302", SECOND, 2, "Löschen Sie les_bbbbbbbb hier oder in kleiner-kurs.")]
    course.rename(tmp_path / "zwei")
    found = [(f.code, f.file, f.line, f.message) for f in shelf.check(tmp_path / "zwei").findings]
    assert found == [("K107", "kurs.md", 1, "Benennen Sie um: „zwei“ ist vergeben.")]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("before", "code", "sentence"),
    [
        (untouched, "K308", "Starten Sie zuerst „learn content export“."),
        (more("Noch etwas."), "K309", "Vergleichen Sie mit der Fassung der Werkstatt."),
    ],
)
def test_a_folder_overtaken_by_the_werkstatt(
    shelf: Shelf, tmp_path: Path, before: Damage, code: str, sentence: str
) -> None:
    course = small(tmp_path)
    assert shelf.publish(course).published
    written = (
        folders.TEXTS[FIRST]
        .replace("titel: Eins", "titel: Eins\nausgabe: 2")
        .replace("Ein Satz", "Dieser Satz")
    )
    assert shelf.draft(1, {FIRST: written}).published
    before(course)
    if code == "K309":
        value("titel", "Eins\nausgabe: 2")(course)
    report = shelf.check(course)
    assert [(f.code, f.file, f.line, f.message) for f in report.findings] == [(code, FIRST, 1, sentence)]
    assert report.findings[0].severity == severity(code)


@pytest.mark.parametrize("case", cases(FOREIGN))
def test_each_fault_of_a_foreign_folder_comes_with_its_missing_kurs_md(
    tmp_path: Path, case: tuple[str, str, int, str, str]
) -> None:
    code, file, line, sentence, text = case
    write(tmp_path / "config.yaml", "title: Kurs\nepisodes:\n- eins.md\n")
    write(tmp_path / "episodes/eins.md", EPISODE)
    write(tmp_path / file, text)
    report = checking.examine(None, tmp_path, own=publish.examine)
    assert [(f.code, f.file, f.line, f.message) for f in report.findings] == sorted(
        [(code, file, line, sentence), ("K112", "kurs.md", 1, "Legen Sie kurs.md an.")],
        key=lambda entry: entry[1],
    )
    assert next(f.severity for f in report.findings if f.code == code) == severity(code)


@pytest.mark.parametrize("name", ["glossar", "pfade"])
def test_names_no_course_may_have(tmp_path: Path, name: str) -> None:
    found = publish.examine(None, small(tmp_path, name)).findings
    assert [(f.code, f.file, f.line) for f in found] == [("K107", "kurs.md", 1)]


def test_the_cases_cover_every_fault_there_is() -> None:
    tables: tuple[Sequence[tuple[Any, ...]], ...] = (FILES, HEADS, TEXTS, BY_RELEASE, FOREIGN)
    provoked = {case[0] for table in tables for case in table}
    assert provoked | {"K308", "K309"} == FAULTS.keys()
