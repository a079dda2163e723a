"""Writing ids: missing ones of both kinds, no other byte, the second time nothing."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn.courses import publish
from learn.courses.ids import write_missing
from tests.courses.folders import FIRST, SECOND, TEXTS, change, codes, small, write


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


@pytest.mark.parametrize(
    ("head", "filled"),
    [
        ("titel: T\ndauer: 5", "id: ID\ntitel: T\ndauer: 5"),
        ("# oben\n\n  titel: T\n  dauer: 5", "  id: ID\n# oben\n\n  titel: T\n  dauer: 5"),
        ("{titel: T, dauer: 5}", "{id: ID, titel: T, dauer: 5}"),
        ("titel: T\nid:   # fehlt\ndauer: 5", "titel: T\nid: ID   # fehlt\ndauer: 5"),
        ('titel: T\nid: ""\ndauer: 5', "titel: T\nid: ID\ndauer: 5"),
        ("titel: T\n'id': ''\ndauer: 5", "titel: T\n'id': ID\ndauer: 5"),
        ("{kid: '', id: '', titel: T, dauer: 5}", "{kid: '', id: ID, titel: T, dauer: 5}"),
        ("titel: T\nid:\ndauer: 5", "titel: T\nid: ID\ndauer: 5"),
    ],
)
def test_the_id_stands_where_the_front_matter_can_be_read(tmp_path: Path, head: str, filled: str) -> None:
    course = small(tmp_path)
    write(course / "01-anfang/03-drei.md", f"---\n{head}\n---\n\nText\n")
    assert write_missing(course) == ({"01-anfang/03-drei.md": 1}, [])
    text = (course / "01-anfang/03-drei.md").read_text()
    assert re.sub("les_[a-z0-9]{8}", "ID", text) == f"---\n{filled}\n---\n\nText\n"
    assert write_missing(course) == ({}, [])


MARKS = ("aufgabe id=liste", "quiz id=probe", "frage id=zwei")
IDS = re.compile(rb"id: (?:kur|mod|les|glo)_[a-z0-9]{8}(?:\r\n|\r|\n)| id=(?:aufgabe|quiz|frage)-[a-z0-9]{4}")


@settings(max_examples=8, deadline=None)
@given(
    st.sets(st.sampled_from([*TEXTS, *MARKS])),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.booleans(),
)
def test_no_byte_changes_whatever_ends_the_lines(missing: set[str], end: str, bom: bool, last: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        course = small(Path(folder))
        before = {}
        for path in (path for path in TEXTS if path.endswith(".md")):
            text = TEXTS[path]
            for name in MARKS:
                text = text.replace(name, name.partition(" ")[0]) if name in missing else text
            if path in missing:
                text = re.sub(r"id: \w+\n", "", text, count=1)
            text = ("\ufeff" if bom else "") + (text if last else text.removesuffix("\n")).replace("\n", end)
            before[path] = text.encode()
            write(course / path, before[path])
        written, unread = write_missing(course)
        assert unread == []
        assert sum(written.values()) == len([name for name in missing if not name.endswith(".svg")])
        after = {path: (course / path).read_bytes() for path in before}
        for path, data in after.items():
            kept = data if path not in written else IDS.sub(b"", data)
            assert kept == (before[path] if path not in written else IDS.sub(b"", before[path]))
        assert write_missing(course) == ({}, [])
        assert {path: (course / path).read_bytes() for path in before} == after
