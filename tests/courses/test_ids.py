"""Writing ids: missing ones of both kinds, no other byte, the second time nothing."""

import re
from pathlib import Path

from learn.courses import publish
from learn.courses.ids import write_missing
from tests.courses.folders import FIRST, SECOND, change, codes, small


def test_missing_ids_are_written_and_no_other_byte(tmp_path: Path) -> None:
    course = small(tmp_path)
    change(course / FIRST, "id: les_aaaaaaaa\n", "")
    change(course / FIRST, "aufgabe id=liste", "aufgabe")
    change(course / SECOND, "quiz id=probe", "quiz")
    change(course / SECOND, "frage id=zwei", "frage id=")
    change(course / "kurs.md", "id: kur_aaaaaaaa", "id:")
    (course / FIRST).write_bytes(b"\xef\xbb\xbf" + (course / FIRST).read_bytes().replace(b"\n", b"\r\n"))
    (course / FIRST).chmod(0o640)
    before = {path: (course / path).read_bytes() for path in (FIRST, SECOND, "kurs.md")}
    assert write_missing(course) == ({FIRST: 2, SECOND: 2, "kurs.md": 1}, [])
    after = {path: (course / path).read_bytes() for path in before}
    first = re.sub(rb"id: les_[a-z0-9]{8}\r\n", b"", after[FIRST])
    assert re.sub(rb" id=aufgabe-[a-z0-9]{4}", b"", first) == before[FIRST]
    second = re.sub(rb" id=quiz-[a-z0-9]{4}", b"", after[SECOND])
    assert re.sub(rb"id=frage-[a-z0-9]{4}", b"id=", second) == before[SECOND]
    assert re.sub(rb"id: kur_[a-z0-9]{8}", b"id:", after["kurs.md"]) == before["kurs.md"]
    assert (course / FIRST).stat().st_mode & 0o777 == 0o640
    assert codes(publish.examine(None, course)) == []
    assert write_missing(course) == ({}, [])
    assert {path: (course / path).read_bytes() for path in before} == after


def test_marks_in_code_are_left_alone_and_unreadable_files_named(tmp_path: Path) -> None:
    course = small(tmp_path)
    change(course / FIRST, "## Aufgabe", "```\n<!-- quiz -->\n```\n\n## Aufgabe")
    (course / "glossar.md").write_text("ohne Kopf")
    assert write_missing(course) == ({}, ["glossar.md"])
