"""Every fault stands alone: its code, sentence, file, line and severity."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from learn.courses import publish
from learn.markup.faults import FAULTS
from learn.markup.names import names
from tests.courses.damages import (
    Case,
    Later,
    value,
)
from tests.courses.faults_of_files import FILES, HEADS
from tests.courses.faults_of_texts import BY_RELEASE, TEXTS
from tests.courses.folders import SECOND, Shelf, other, small

WARNINGS = names(
    "K105 K110 K201 K202 K204 K205 K206 K207 K208 K306 K309 K505 K506 K507 K508 K510 K511 K512 K513 K601"
)
NOTES = names("K111 K407 K602 K603")
ELSEWHERE = names("K307 K308 K309 K602 K603")  # of Werkstatt and foreign folders


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


@pytest.mark.parametrize("name", ["glossar", "pfade"])
def test_names_no_course_may_have(tmp_path: Path, name: str) -> None:
    found = publish.examine(None, small(tmp_path, name)).findings
    assert [(f.code, f.file, f.line) for f in found] == [("K107", "kurs.md", 1)]


def test_the_cases_cover_every_fault_a_course_can_have() -> None:
    provoked = {case[0] for table in (FILES, HEADS, TEXTS, BY_RELEASE) for case in table}
    assert provoked == FAULTS.keys() - ELSEWHERE
