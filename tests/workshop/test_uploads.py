"""Hostile files: pictures that are none, archives that lead outside or never end; all made here."""

import io
import stat
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.config import Config
from learn.core.access import Refused
from learn.core.storage import Storage
from learn.workshop import archives, arriving, bare, media, uploading
from tests.client import CheckingClient, sign_in
from tests.courses.folders import TEXTS, Shelf, small
from tests.factories import make_person

COURSE = "kur_aaaaaaaa"
MEDIA = f"/werkstatt/kurse/{COURSE}/medien"
IMPORT = "/werkstatt/einlesen"
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" {XLINK} viewBox="0 0 9 9">{{}}</svg>'
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
HOSTILE_SVG = {
    "script": SVG.format("<script>alert(1)</script>"),
    "event": SVG.format('<rect onload="alert(1)" width="9" height="9"/>'),
    "event of the root": SVG.format("").replace("<svg", '<svg onload="alert(1)"'),
    "foreignObject": SVG.format(
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">!</body></foreignObject>'
    ),
    "picture from outside": SVG.format('<image href="https://boese.example/a.png"/>'),
    "use from outside": SVG.format('<use xlink:href="//boese.example/a.svg#x"/>'),
    "script as address": SVG.format('<a href="java&#10;script:alert(1)"><rect/></a>'),
    "style from outside": SVG.format('<style>@import "https://boese.example/a.css";</style>'),
    "address in a style": SVG.format('<rect style="fill:url(https://boese.example/a)"/>'),
    "animated address": SVG.format('<a><animate attributeName="href" values="javascript:alert(1)"/></a>'),
    "HTML inside": SVG.format('<g><iframe xmlns="http://www.w3.org/1999/xhtml" src="/"/></g>'),
    "entities": f"<!DOCTYPE svg [{ENTITIES}]>{SVG.format('<text>&a9;</text>')}",
    "file of the server": f'<!DOCTYPE svg [<!ENTITY f SYSTEM "file:///etc/passwd">]>{SVG.format("<text>&f;</text>")}',
    "stylesheet": f'<?xml-stylesheet href="https://boese.example/a.css"?>{SVG.format("")}',
    "nested without end": SVG.format("<g>" * 5_000 + "</g>" * 5_000),
    "torn": SVG.format("<g>"),
}
PAYLOAD = b"<html><script>alert(1)</script></html>"


def drawn(kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def archive(files: Mapping[str, str | bytes] = TEXTS) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path, data in files.items():
            made.writestr(path, data)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def claiming(width: int, height: int) -> bytes:
    """A PNG whose head claims this size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


POLYGLOTS = {
    "GIF and JavaScript": b"GIF89a" + drawn("GIF", comment=b"*/=1;alert(1);/*")[6:] + b";alert(1)",
    "PNG and ZIP": drawn("PNG") + archive({"a.md": "# Hallo"}),
    "JPEG and HTML": drawn("JPEG", comment=PAYLOAD) + PAYLOAD,
    "WebP and HTML": drawn("WEBP") + PAYLOAD,
    "PNG with a text": drawn("PNG").replace(b"IEND", b"tEXt" + PAYLOAD, 1)[:-4],
}


@pytest.fixture
def author(db: Session, client: CheckingClient) -> Person:
    """A trainer, signed in."""
    found = make_person(db, roles=["trainer"])
    sign_in(client, found)
    return found


@pytest.fixture
def course(shelf: Shelf, tmp_path: Path, author: Person) -> str:
    """The tiny course, published."""
    shelf.publish(small(tmp_path))
    return COURSE


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


@pytest.mark.parametrize("name", HOSTILE_SVG)
def test_a_hostile_drawing_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(Refused) as refused:
        uploading.prepare(HOSTILE_SVG[name].encode())
    assert refused.value.field == "picture"
    assert refused.value.message in {uploading.UNSAFE, uploading.NO_PICTURE}


@pytest.mark.parametrize("codec", ["utf-16", "utf-7", "utf-32"])
def test_a_drawing_in_a_disguise_is_refused(codec: str) -> None:
    with pytest.raises(Refused):
        uploading.prepare(f'<?xml version="1.0" encoding="{codec}"?>{HOSTILE_SVG["script"]}'.encode(codec))


@pytest.mark.parametrize("name", POLYGLOTS)
def test_of_two_files_in_one_only_the_picture_is_left(name: str) -> None:
    data = POLYGLOTS[name]
    assert not bare.is_bare(data)
    try:
        made = uploading.prepare(data).data
    except Refused:
        return
    assert made[:4] == b"RIFF"
    for part in (b"alert", b"<script", b"PK\x03\x04", b"tEXt", b"EXIF"):
        assert part not in made


@pytest.mark.parametrize(
    "data",
    [
        PAYLOAD,
        b"%PDF-1.7",
        b"MZ" * 99,
        b"\0" * 1000,
        claiming(50_000, 50_000),
        claiming(9_000, 5_000),
        drawn("PNG")[:99],
    ],
)
def test_what_is_no_picture_or_far_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        uploading.prepare(data)
    assert refused.value.field == "picture"


def test_a_photo_loses_its_place_and_much_of_its_size() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Kamera der Stadt Olpe", 6
    out = io.BytesIO()
    Image.effect_noise((1000, 800), 70).convert("RGB").save(out, "JPEG", quality=98, exif=exif)
    made = uploading.prepare(out.getvalue())
    assert b"Kamera" in out.getvalue()
    assert b"Kamera" not in made.data
    assert made.height > made.width, "turned"
    assert len(made.data) <= uploading.AIM
    assert bare.is_bare(made.data)
    for kind, suffix in (("AVIF", "avif"), ("GIF", "gif"), ("PNG", "png"), ("JPEG", "jpg")):
        again = uploading.prepare(drawn(kind), instead_of=f"bilder/a.{suffix}")
        assert again.ext == suffix, "replacing keeps what the name says"


def test_only_files_that_are_nothing_but_pixels_are_bare() -> None:
    loud = Image.Exif()
    loud[0x010E] = "Geheim"
    for kind in ("PNG", "JPEG", "WEBP", "GIF"):
        data = drawn(kind)
        assert bare.is_bare(data)
        assert not bare.is_bare(data + b"\0")
        assert not bare.is_bare(data[:-1])
        assert not any(bare.is_bare(data[:end]) for end in range(0, len(data), 97))
        if kind != "GIF":
            assert not bare.is_bare(drawn(kind, exif=loud))
    frames = [Image.new("P", (9, 9), colour) for colour in (1, 2)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=0)
    assert bare.is_bare(out.getvalue())
    assert not bare.is_bare(drawn("GIF", comment=b"Hallo"))
    assert bare.is_bare(drawn("JPEG", progressive=True))


def test_hostile_pictures_over_http(client: CheckingClient, course: str, db: Session) -> None:
    for data, name in ((PAYLOAD, "bild.png"), (HOSTILE_SVG["script"].encode(), "../../x.svg")):
        sent = {"picture": (io.BytesIO(data), name), "description": "Bleibt stehen", "source": "Meine Quelle"}
        refused = client.submit(MEDIA, sent, content_type="multipart/form-data")
        assert refused.status_code == 422
        assert "Bleibt stehen" in refused.text
        assert 'value="Meine Quelle"' in refused.text
        assert '<a href="#picture">' in refused.text
    assert len(media.held(db, course)) == 1
    for address, most in ((MEDIA, 12), (f"{MEDIA}/ersetzen", 12), (IMPORT, 100)):
        more = {"CONTENT_LENGTH": str(most * 1024 * 1024 + 1)}
        answer = client.post(address, environ_overrides=more, content_type="multipart/form-data")
        assert answer.status_code == 413


@pytest.mark.parametrize(
    "name",
    [
        "../x.png",
        "a/../../x.png",
        "/etc/x.png",
        "\\\\x.png",
        "C:\\x.png",
        "..\\..\\x.png",
        "x" * 500 + ".png",
        "bild\u202egnp.png",
        "…",
        "  .png",
        "con.png",
        "a\nb.png",
        "ÄÖÜ ß.png",
        "%2e%2e%2fx.png",
        ".png",
        "a.php",
    ],
)
def test_names_of_pictures_become_names_of_ours(name: str) -> None:
    path = media.free_path(name, "webp", ["bilder/x.webp", "bilder/BILD.webp"])
    folder, _, rest = path.partition("/")
    assert folder == "bilder"
    assert len(rest) <= 80
    assert rest.removesuffix(".webp").replace("-", "").isalnum()
    assert rest.isascii()
    assert rest == rest.lower()
    assert path.casefold() not in {"bilder/x.webp", "bilder/bild.webp"}


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
