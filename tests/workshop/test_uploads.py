"""Pictures that are none, or something else, too: refused, or made anew."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core.access import Refused
from learn.workshop import bare, media, uploading
from learn.workshop.portable import portable
from tests.client import CheckingClient, sign_in
from tests.courses.folders import Shelf, small
from tests.factories import make_person
from tests.workshop.hostile import HOSTILE_SVG, PAYLOAD, POLYGLOTS, claiming, drawn

COURSE = "kur_aaaaaaaa"
MEDIA = f"/werkstatt/kurse/{COURSE}/medien"
IMPORT = "/werkstatt/einlesen"


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
    gif = drawn("GIF")
    at = 13 + (3 << (gif[10] & 7) + 1)  # behind the colours
    for control, expected in ((b"\x04abcd\0", True), (b"\x04abcd\x06geheim\0", False)):
        assert bare.is_bare(gif[:at] + b"\x21\xf9" + control + gif[at:]) is expected
    moving = io.BytesIO()
    green, red = (Image.new("RGB", (9, 9), colour) for colour in ("green", "red"))
    green.save(moving, "WEBP", save_all=True, append_images=[red])
    data = moving.getvalue()
    assert bare.is_bare(data)
    at = data.rindex(b"ANMF")
    size, whole = struct.unpack_from("<I", data, at + 4)[0] + 14, len(data) - 8 + 14
    data = data[:4] + struct.pack("<I", whole) + data[8 : at + 4] + struct.pack("<I", size) + data[at + 8 :]
    assert not bare.is_bare(data + b"EXIF\x06\0\0\0geheim"), "in a frame"
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
    for address in (MEDIA, f"{MEDIA}/ersetzen", IMPORT):
        more = {"CONTENT_LENGTH": str(100 * 1024 * 1024 + 1)}
        answer = client.post(address, environ_overrides=more, content_type="multipart/form-data")
        assert answer.status_code == 413


def test_what_was_typed_beside_too_large_a_photo_stays(client: CheckingClient, course: str) -> None:
    token = client.get(MEDIA).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    part = '--aa\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    body = part.format("csrf_token", "", token) + part.format("source", "", "Meine Quelle")
    body += part.format("picture", '; filename="a.jpg"', "x" * 13 * 1024 * 1024) + "--aa--"
    refused = client.post(MEDIA, data=body.encode(), content_type="multipart/form-data; boundary=aa")
    assert refused.status_code == 413
    assert "Wählen Sie Bilder mit zusammen höchstens 12 MB." in refused.text
    assert 'value="Meine Quelle"' in refused.text


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
        "NUL.tar.png",
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
    assert portable(path)
    assert rest.isascii()
    assert rest == rest.lower()
    assert path.casefold() not in {"bilder/x.webp", "bilder/bild.webp"}
