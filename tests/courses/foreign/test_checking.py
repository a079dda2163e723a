"""`check` speaks of foreign folders in their own places, one line for each kind of fault."""

from functools import partial
from pathlib import Path

import pytest

from learn.courses import publish
from learn.courses.foreign import checking
from learn.courses.report import Report
from tests.courses.folders import small
from tests.courses.foreign.material import LESSONS, WORKSHOP, write

check = partial(checking.examine, None, own=publish.examine)


def places(report: Report, *codes: str) -> list[tuple[str, str, int]]:
    return [(found.code, found.file, found.line) for found in report.findings if found.code in codes]


def test_faults_name_lines_of_the_source(tmp_path: Path) -> None:
    source = write(tmp_path / "sensoren", WORKSHOP)
    write(
        source,
        {
            "episodes/zweites.md": WORKSHOP["episodes/zweites.md"]
            + "\n<blink>Wort</blink>\n\n[hier](fort.md)\n"
        },
    )
    report = check(source)
    assert places(report, "K112", "K201", "K503", "K506") == [
        ("K201", "episodes/zweites.md", 13),
        ("K503", "episodes/zweites.md", 15),
        ("K506", "episodes/zweites.md", 15),
        ("K112", "kurs.md", 1),
    ]
    assert not report.ok


def test_the_text_has_one_line_for_each_code(tmp_path: Path) -> None:
    report = check(write(tmp_path / "lehrgang", LESSONS))
    *lines, hint, counts = report.lines()
    codes = [line.split()[0] for line in lines]
    assert codes == sorted(set(codes)) == sorted({found.code for found in report.findings})
    named = next(line for line in lines if line.startswith("K603"))
    assert named.startswith(
        "K603 4-mal, zuerst 1-start/lessons/1-eins/translations/README.fr.md:1: Verschieben Sie"
    )
    assert "import-foreign" in hint
    assert counts.endswith("Hinweise.")
    assert len(report.as_json()["faults"]) == len(report.findings)


def test_foreign_folders_beside_ours(tmp_path: Path) -> None:
    small(tmp_path)
    write(tmp_path / "fremd", WORKSHOP)
    report = check(tmp_path)
    assert {found.file.partition("/")[0] for found in report.findings} == {"fremd"}
    assert ("K112", "fremd/kurs.md", 1) in places(report, "K112")


def test_our_own_folders_are_checked_as_ever(tmp_path: Path) -> None:
    report = check(small(tmp_path))
    assert report.ok
    assert type(report) is Report


@pytest.mark.parametrize(
    "files", [{}, {"bild.svg": "<svg/>"}, {"README.md": ""}, {"a.md": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"}]
)
def test_nearly_nothing_is_missing_its_course(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    (tmp_path / "leer").mkdir()
    report = check(write(tmp_path / "leer", files))
    assert ("K112", "kurs.md", 1) in places(report, "K112")
