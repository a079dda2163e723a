"""A ZIP is judged before anything is read; what is not safe is refused in one sentence."""

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from learn.core.access import Refused
from learn.courses.foreign import archive
from learn.courses.foreign.archive import Archive
from tests.courses.foreign.material import WORKSHOP, drafts, packed, run, write

ONE = {"kurs/eins.md": "# Eins\n\nText.\n"}


def test_a_zip_gives_what_its_folder_gives(tmp_path: Path) -> None:
    run(write(tmp_path / "sensoren", WORKSHOP), tmp_path / "a")
    run(
        packed(tmp_path / "x.zip", {f"sensoren/{path}": text for path, text in WORKSHOP.items()}),
        tmp_path / "b",
    )
    assert drafts(tmp_path / "a") == drafts(tmp_path / "b")


@pytest.mark.parametrize(
    "name", ["/etc/eins.md", "../eins.md", "a/../../eins.md", "C:\\eins.md", "a\\..\\..\\b.md"]
)
def test_a_path_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="hinausführt"):
        Archive(packed(tmp_path / "x.zip", {name: "# Eins\n"}))


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("a/eins.md", "# Eins\n")
        with pytest.warns(UserWarning, match="Duplicate"):
            zipped.writestr("a/eins.md", "# Zwei\n")
    with pytest.raises(Refused, match="mehrmals"):
        Archive(file)


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    file = packed(tmp_path / "x.zip", ONE)
    data = bytearray(file.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + offset
        data[place : place + 2] = struct.pack("<H", 1)
    file.write_bytes(data)
    with pytest.raises(Refused, match="verschlüsselt"):
        Archive(file)


def test_a_link_is_named_and_never_followed(tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("a/eins.md", "# Eins\n")
        link = zipfile.ZipInfo("a/zwei.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        zipped.writestr(link, "/etc/passwd")
    found = Archive(file)
    assert list(found.sizes) == ["eins.md"]
    assert [(path, fault.code) for path, fault in found.odd] == [("zwei.md", "K109")]


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = packed(tmp_path / "x.zip", {f"{number}.md": "# X\n" for number in range(4)})
    monkeypatch.setattr(archive, "FILES", 3)
    with pytest.raises(Refused, match=r"mehr als 5\.000"):
        Archive(file)
    monkeypatch.setattr(archive, "FILES", 10)
    monkeypatch.setattr(archive, "BYTES", 10)
    with pytest.raises(Refused, match="200 MB"):
        Archive(file)


def test_a_member_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("a/eins.md", "# Eins\n" * 5_000)
    data = file.read_bytes().replace(struct.pack("<I", 35_000), struct.pack("<I", 70))
    file.write_bytes(data)
    with pytest.raises(Refused, match="beschädigt"):
        Archive(file).read("eins.md")


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + b"\0" * 18 + b"x", b"\x00" * 100])
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(Refused, match=r"kein lesbares ZIP|keine Lektion"):
        run(tmp_path / "x.zip", tmp_path / "out")


def test_names_of_other_systems_are_read(tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("k/fenster\\über.md", "# Eins\n")
    data = file.read_bytes()
    flags = (struct.pack("<H", 0x800), struct.pack("<H", 0))
    file.write_bytes(
        data.replace(b"PK\x01\x02\x14\x03\x14\x00" + flags[0], b"PK\x01\x02\x14\x03\x14\x00" + flags[1])
    )
    assert list(Archive(file).sizes) == ["fenster/über.md"]
