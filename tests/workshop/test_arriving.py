"""Archives that lead outside, lie or never end: refused in a sentence, within memory, inside their folder."""

import io
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.config import Config
from learn.core.access import Refused
from learn.core.storage import Storage
from learn.workshop import archives, arriving
from tests.client import CheckingClient, sign_in
from tests.courses.folders import TEXTS
from tests.factories import make_person
from tests.workshop.hostile import HOSTILE_SVG, PAYLOAD, POLYGLOTS, archive, claiming, drawn

IMPORT = "/werkstatt/einlesen"


@pytest.fixture
def author(db: Session, client: CheckingClient) -> Person:
    """A trainer, signed in."""
    found = make_person(db, roles=["trainer"])
    sign_in(client, found)
    return found


@pytest.fixture
def store(tmp_path: Path) -> Storage:
    """An empty storage, deep enough that a path may lead out of it."""
    folder = tmp_path / "a" / "b" / "files"
    folder.mkdir(parents=True)
    return Storage(folder)


def arrived(store: Storage, data: bytes) -> archives.Arrived:
    archives.keep(store, "a.zip", io.BytesIO(data))
    return archives.Arrived(store.path("a.zip"), "kurs")


def laid(store: Storage, data: bytes, tmp_path: Path) -> arriving.Arrived:
    (course,) = arriving.arrive(arrived(store, data), tmp_path / "out")
    return course


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


@pytest.mark.parametrize(
    "name", ["../x.md", "a/../../x.md", "/x.md", "C:/x.md", "c:x.md", "..\\x.md", "a/b/../../../x.md"]
)
def test_names_that_lead_outside_are_refused(name: str, store: Storage, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"führt|hinausführt"):
        arrived(store, archive({**TEXTS, name: "# Böse"}))
    with pytest.raises(Refused, match="hinaus"):
        archives.collect(store, "b.zip", [("kurs/kurs.md", io.BytesIO(b"x")), (name, io.BytesIO(b"x"))])
    assert files_below(tmp_path) == {"a/b/files/a.zip"}


def test_a_name_with_a_zero_is_refused(store: Storage) -> None:
    with pytest.raises(Refused):
        arrived(store, archive({"a-b.md": "x"}).replace(b"a-b.md", b"a\0b.md"))
    with pytest.raises(Refused):
        archives.collect(store, "b.zip", [("a\0b.md", io.BytesIO(b"x"))])


@pytest.mark.parametrize(
    ("one", "other"), [("A.md", "a.MD"), ("gr\u00fcn.md", "gru\u0308n.md"), ("stra\u00dfe.md", "STRASSE.md")]
)
def test_names_that_are_one_elsewhere_are_refused(one: str, other: str, store: Storage) -> None:
    with pytest.raises(Refused, match="unterscheiden sich nur"):
        arrived(store, archive({one: "x", other: "y"}))
    with pytest.raises(Refused, match="unterscheiden sich nur"):
        archives.collect(store, "b.zip", [(one, io.BytesIO(b"x")), (other, io.BytesIO(b"y"))])


def test_names_twice_are_refused(store: Storage) -> None:
    twice = archive({"a1.md": "x", "a2.md": "y"}).replace(b"a2.md", b"a1.md")
    with pytest.raises(Refused, match="mehrmals"):
        arrived(store, twice)
    with pytest.raises(Refused, match="denselben Namen"):
        archives.collect(store, "b.zip", [("a.md", io.BytesIO(b"x")), ("a.md", io.BytesIO(b"y"))])


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_left_out(kind: int, store: Storage, tmp_path: Path) -> None:
    out = io.BytesIO(archive())
    with zipfile.ZipFile(out, "a") as made:
        info = zipfile.ZipInfo("01-anfang/bilder/passwd.svg")
        info.external_attr = (kind | 0o777) << 16
        made.writestr(info, "/etc/passwd")
    course = laid(store, out.getvalue(), tmp_path)
    assert files_below(course.folder) == set(TEXTS)
    assert [(found.code, found.file) for found in course.left] == [("K109", "01-anfang/bilder/passwd.svg")]


def test_odd_names_and_other_files_stay_out(store: Storage, tmp_path: Path) -> None:
    odd: dict[str, str | bytes] = {
        "01-anfang/bilder/\u202egpj.svg": "x",
        "01-anfang/" + "b" * 400 + ".svg": "x",
        "lies.exe": b"MZ",
    }
    odd |= {f"bilder/{name}.svg": "x" for name in ("con", "NUL.a", "a:b", "was?", "lpt1 ")}
    odd |= {"innen.zip": archive({"../x.md": "x"}), "a/b/c/d/e.svg": "x", "01-anfang/Kein Name.md": "# X"}
    course = laid(store, archive({**TEXTS, **odd}), tmp_path)
    assert files_below(course.folder) == set(TEXTS)
    assert len(course.left) == len(odd)


def test_hostile_pictures_of_a_course_stay_out_or_are_made_anew(store: Storage, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"bilder/boese-{n}.svg": svg for n, svg in enumerate(HOSTILE_SVG.values())
    }
    files |= {"bilder/html.png": PAYLOAD, "bilder/bombe.png": claiming(50_000, 50_000)}
    files |= {"bilder/zwei.png": POLYGLOTS["PNG and ZIP"], "bilder/gut.jpg": drawn("JPEG")}
    course = laid(store, archive({**TEXTS, **files}), tmp_path)
    kept = files_below(course.folder) - set(TEXTS)
    assert kept == {"bilder/zwei.png", "bilder/gut.jpg"}
    assert course.anew == ["bilder/zwei.png"]
    assert (course.folder / "bilder/gut.jpg").read_bytes() == files["bilder/gut.jpg"]
    assert b"PK\x03\x04" not in (course.folder / "bilder/zwei.png").read_bytes()
    assert {found.code for found in course.left} == {"K509"}


def test_archives_that_unpack_to_too_much_are_refused(store: Storage) -> None:
    zeros = b"\0" * (9 * 1024 * 1024)
    many = archive({**TEXTS, **{f"bilder/{number}.png": zeros for number in range(24)}})
    assert len(many) < 1024 * 1024
    with pytest.raises(Refused, match="mehr als 200 MB"):
        arrived(store, many)
    with pytest.raises(Refused, match=r"mehr als 5\.000"):
        arrived(store, archive({f"{number}.md": "" for number in range(5001)}))


def test_memory_stays_bounded_while_a_bomb_is_read(store: Storage, tmp_path: Path) -> None:
    zeros = b"\0" * (9 * 1024 * 1024)
    data = archive({**TEXTS, **{f"bilder/{number}.png": zeros for number in range(12)}})
    del zeros
    tracemalloc.start()
    course = laid(store, data, tmp_path)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 48 * 1024 * 1024
    assert len(course.left) == 12


def test_files_that_claim_too_little_are_refused(store: Storage, tmp_path: Path) -> None:
    text = TEXTS["kurs.md"].encode()
    data = archive({"kurs.md": text})
    size = struct.pack("<I", len(text))
    assert data.count(size) == 2
    with pytest.raises(Refused, match="beschädigt"):
        laid(store, data.replace(size, struct.pack("<I", 60)), tmp_path)


def test_lists_of_members_have_an_end(store: Storage) -> None:
    data = archive({"kurs.md": "x"})
    at = data.rfind(b"PK\x05\x06")
    huge = data[: at + 12] + struct.pack("<I", 5 * 1024 * 1024) + data[at + 16 :]
    wide = data[:at] + b"PK\x06\x07" + b"\0" * 16 + data[at:]
    for broken in (huge, wide):
        with pytest.raises(Refused, match="zu viele Dateien"):
            arrived(store, broken)
    for none in (b"", b"PK", data[:-30], PAYLOAD):
        with pytest.raises(Refused, match="kein lesbares ZIP"):
            arrived(store, none)
    assert list(store.keys()) == [], "nothing stays of what is no ZIP"


def test_locked_and_empty_archives_say_so(store: Storage, tmp_path: Path) -> None:
    locked = bytearray(archive({"kurs.md": "x"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.find(mark) + offset] |= 1
    with pytest.raises(Refused, match="verschlüsselt"):
        arrived(store, bytes(locked))
    for files in ({"bild.png": drawn("PNG")}, {"notiz.txt": "Hallo"}):
        with pytest.raises(Refused, match="keine Lektion"):
            laid(store, archive(files), tmp_path)


def test_hostile_archives_over_http_are_sentences_and_leave_nothing(
    client: CheckingClient, app: Flask, author: Person
) -> None:
    config: Config = app.extensions["learn.config"]
    for data in (
        PAYLOAD,
        archive({"../x.md": "x"}),
        archive({"a.txt": "x"}),
        archive({"A.md": "", "a.md": ""}),
    ):
        sent = {"datei": (io.BytesIO(data), "kurs.zip"), "kurs": ""}
        answer = client.submit(IMPORT, sent, content_type="multipart/form-data")
        if answer.status_code == 303:
            answer = client.get(answer.location)
            client.submit(f"{answer.request.path}/verwerfen")
        assert answer.status_code == 422
        assert 'id="fehler"' in answer.text
    empty = client.submit(IMPORT, {"kurs": ""}, content_type="multipart/form-data")
    assert "Wählen Sie ein ZIP oder die Dateien eines Kurses." in empty.text
    assert list(Storage(config.storage).keys()) == []
