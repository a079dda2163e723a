"""No bytes, names or trees crash the importer, and nothing readable is lost."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learn.core.access import Refused
from learn.courses import files
from learn.courses.foreign import decoding, drafting, importing, order
from learn.courses.foreign.importing import Outcome
from learn.markup.names import names
from tests.courses.foreign.material import drafts, lesson, packed, run, write

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=20).filter(
    lambda name: name not in {".", ".."}
)
PIECES = st.sampled_from(
    [
        *names("--- +++ title: : & * [ ] ( ) ![ ](a.md) <a href= <img"),
        *names("src='x'> # ## #### ==== `` ``` ~~~ > - 1."),
        *names("| :::: {{< >}} challenge <!-- --> <!--quiz--> [x]: y {alt='z'} weight: 3 ü 😀 é"),
        *('](b.png "c")', "\t", "\n", "\n\n", "\u2028", "\x0b", "::::challenge\n", "{{< figure >}}"),
    ]
)
MARKDOWN = st.lists(PIECES, max_size=40).map(" ".join).map(str.encode) | st.binary(max_size=200)


def codes(outcome: Outcome, file: str) -> list[str]:
    return [found.code for found in outcome.findings if found.file == file]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(NAMES, MARKDOWN, min_size=1, max_size=3),
    st.sampled_from(["episodes/", "content/", "a/"]),
    MARKDOWN,
)
def test_nothing_crashes(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, bytes], top: str, config: bytes
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    try:
        write(folder / "in", {f"{top}{name[:20]}.md": data for name, data in texts.items()})
    except OSError:
        return  # the file system will not have such a name
    write(folder / "in", {"config.yaml": config, "LICENSE": config})
    try:
        outcome = run(folder / "in", folder / "out")
    except Refused:
        return
    named = sum(course.lessons for course in outcome.courses)
    others = [found for found in outcome.findings if found.code == "K603"]
    assert named + len(others) >= len({name[:20] for name in texts})
    assert run(folder / "in", folder / "out").written.nothing


@given(st.binary(max_size=300))
def test_bytes_become_text_that_may_be_stored(data: bytes) -> None:
    found = decoding.decode(data)
    if found is not None:
        assert not isinstance(files.decode(found.text.encode()), int)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("# Größe\n\nÄpfel.\n".encode("cp1252"), "Windows-1252"),
        ("# Größe\n\nÄpfel.\n".encode("utf-16"), "UTF-16"),
        ("# Größe\n\nÄp\x00fel.\n".encode(), "UTF-8 mit Steuerzeichen"),
    ],
)
def test_other_encodings_are_read_and_named(tmp_path: Path, data: bytes, encoding: str) -> None:
    outcome = run(write(tmp_path / "kurs", {"a.md": data, "b.md": "# B\n"}), tmp_path / "out")
    assert lesson(tmp_path / "out", "a").read_text().endswith("# Größe\n\nÄpfel.\n")
    assert sorted(codes(outcome, "a.md")) == ["K101", "K602", "K602"]
    assert any(f"„{encoding}“ wurde zu UTF-8" in found.message for found in outcome.findings)


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    texts: dict[str, str | bytes] = {"a.md": "# A\n", "b.md": b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20}
    outcome = run(write(tmp_path / "kurs", texts), tmp_path / "out")
    assert codes(outcome, "b.md") == ["K101", "K603"]


def test_large_files_are_named_and_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "TEXT_LIMIT", 1_000)
    monkeypatch.setattr(drafting, "LARGEST", 5_000)
    texts = {"a.md": "# A\n\n" + "Wort " * 300, "b.md": "# B\n\n" + "Wort " * 3_000, "c.md": "# C\n"}
    outcome = run(write(tmp_path / "kurs", texts), tmp_path / "out")
    assert codes(outcome, "a.md") == ["K108", "K602"]
    assert codes(outcome, "b.md") == ["K108", "K603"]
    assert lesson(tmp_path / "out", "a").read_text().count("Wort") == 300


def test_odd_names_become_plain_ones(tmp_path: Path) -> None:
    odd = [
        "Über uns.md",
        "😀.md",
        "a b.md",
        "A B.md",
        "A-B.MD",
        "druck.md",
        f"{'x' * 200}.md",
        "1.md",
        "日本.markdown",
    ]
    texts = {
        f"{number}x/{name}" if name == "A B.md" else name: f"Text {number}.\n"
        for number, name in enumerate(odd)
    }
    run(write(tmp_path / "Mein Kurs!", texts), tmp_path / "out")
    found = [path for path in drafts(tmp_path / "out") if not path.endswith(("modul.md", "kurs.md"))]
    assert len(found) == len(odd)
    stems = [Path(path).stem for path in found]
    assert all(
        len(stem) <= 80 and stem.isascii() and stem == stem.lower() and " " not in stem for stem in stems
    )
    assert len({stem.split("-", 1)[1] for stem in stems}) == len(odd)
    assert all(path.startswith("mein-kurs/") for path in found)


def test_links_pipes_and_names_that_are_no_text(tmp_path: Path) -> None:
    source = write(tmp_path / "kurs", {"a.md": "# A\n"})
    (source / "b.md").symlink_to("/etc/passwd")
    (source / "c").symlink_to(source)
    os.mkfifo(source / "d.md")
    write(source, {os.fsdecode(b"\xff\xfe.md"): "# E\n"})
    outcome = run(source, tmp_path / "out")
    assert {found.file for found in outcome.findings if found.code == "K109"} == {"b.md", "c", "d.md"}
    assert outcome.courses[0].lessons == 2
    assert run(source, tmp_path / "out").written.nothing


def test_deep_folders(tmp_path: Path) -> None:
    deep = "/".join(["tief"] * 300)
    outcome = run(
        write(tmp_path / "kurs", {f"{deep}/a.md": "# A\n", "b.md": "# B [a](" + deep + "/a.md)\n"}),
        tmp_path / "out",
    )
    assert outcome.courses[0].lessons == 2


def test_more_lessons_than_a_module_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "MOST", 3)
    write(tmp_path / "kurs", {f"{number}.md": f"# Text {number}\n" for number in range(1, 8)})
    outcome = run(tmp_path / "kurs", tmp_path / "out")
    assert outcome.courses[0].modules == 3
    found = [path for path in drafts(tmp_path / "out") if "-text-" in path]
    assert [path.rpartition("-")[2] for path in found] == [f"{number}.md" for number in range(1, 8)]


@pytest.mark.parametrize("name", ["x.svg", "x.png", "x.txt"])
def test_pictures_of_any_kind_move_along(tmp_path: Path, name: str) -> None:
    script = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    source = write(tmp_path / "kurs", {"a.md": f"# A\n\n![B]({name})\n", "b.md": "# B\n", name: script})
    run(source, tmp_path / "out")
    (found,) = (tmp_path / "out/kurs/bilder").iterdir()
    assert found.read_text() == script


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_a_damaged_zip_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, place: int
) -> None:
    folder = tmp_path_factory.mktemp("zip")
    file = packed(folder / "x.zip", {"k/a.md": "# A\n\nText.\n", "k/b.md": "# B\n"})
    data = file.read_bytes()
    place = min(place, len(data))
    file.write_bytes(data[:place] + noise + data[place + len(noise) // 2 :])
    with suppress(Refused):
        importing.run(importing.opened(file), folder / "out")
