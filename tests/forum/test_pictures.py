"""Pictures of posts: made anew, seen with their post only, moved with its circle, removed when unused."""

import io
import os
import struct
import time
import zlib
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image, ImageCms
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.config import Config
from learn.core import clock, jobs
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.reencoding import reencode
from learn.core.storage import Storage
from learn.forum import leveling, pictures, queries
from learn.forum.models import Picture, Post, Question
from learn.network.models import Municipality
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.forum.factories import make_cohort, make_question, make_reader, reader_of
from tests.forum.writing import form_of, send, words


def bytes_of(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def drawn(size: tuple[int, int] = (60, 40), colour: str = "teal") -> Image.Image:
    return Image.new("RGB", size, colour)


def test_a_picture_is_upright_small_and_bare() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "Geheimer Garten"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = bytes_of(drawn((4000, 2000)), "JPEG", exif=exif, icc_profile=profile, comment=b"Notiz")
    made = reencode(data + b"Anhang hinter dem Bild")
    assert (made.width, made.height) == (800, 1600)
    for secret in (b"Geheimer", b"Notiz", b"Anhang", b"Exif", b"ICCP", b"XMP "):
        assert secret not in made.data
    with Image.open(io.BytesIO(made.data)) as image:
        assert (image.format, image.mode) == ("WEBP", "RGB")
        assert not image.getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_four_formats_are_taken_by_content(kind: str) -> None:
    assert reencode(bytes_of(drawn(), kind)).width == 60


def test_transparency_and_odd_modes_survive() -> None:
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    for image, mode in (
        (clear, "RGBA"),
        (clear.convert("P"), "RGBA"),
        (Image.new("LA", (9, 9)), "RGBA"),
        (Image.new("1", (9, 9)), "RGB"),
        (Image.new("I;16", (9, 9)), "RGB"),
    ):
        made = reencode(bytes_of(image, "PNG"))
        with Image.open(io.BytesIO(made.data)) as found:
            assert found.mode in {mode, "RGB"}
    cmyk = reencode(bytes_of(Image.new("CMYK", (30, 30)), "JPEG"))
    assert cmyk.width == 30


def test_other_colours_become_srgb() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    broken = reencode(bytes_of(drawn(), "PNG", icc_profile=b"kein Profil"))
    assert reencode(bytes_of(drawn(), "PNG", icc_profile=lab)).data == broken.data


def bomb(width: int, height: int) -> bytes:
    """A PNG whose head claims this size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Text",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        bytes_of(drawn(), "BMP"),
        bytes_of(drawn(), "TIFF"),
        bytes_of(drawn((300, 300)), "JPEG")[:400],
        b"\x89PNG\r\n\x1a\n",
        bomb(60, 40),
        bomb(10_000, 4_001),
        bomb(2_000_000_000, 2_000_000_000),
        b"\0" * (10 * 1024 * 1024 + 1),
    ],
)
def test_everything_else_is_refused_quickly(data: bytes) -> None:
    start = time.thread_time()
    with pytest.raises(Refused) as refused:
        reencode(data)
    assert refused.value.field == "picture"
    assert time.thread_time() - start < 2


@pytest.fixture
def person(db: Session, client: CheckingClient) -> Person:
    """Somebody of a member town, signed in."""
    found = make_person(db, municipality=make_municipality(db, name="Olpe"))
    sign_in(client, found)
    return found


@pytest.fixture
def question(db: Session, person: Person) -> Question:
    return make_question(db, make_reader(db))


def add(client: CheckingClient, path: str, **values: object) -> str:
    """Add a picture to the form at `path`; gives the text it then holds."""
    picture = (io.BytesIO(bytes_of(drawn(), "PNG")), "geheim-2026.png")
    filled: dict[str, Any] = {"press": "bild", "picture": picture, "picture_text": "Ein [Beet]", **values}
    answer = send(client, form_of(client.get(path), path), **filled)
    assert answer.status_code == 200, words(answer)
    return form_of(answer, path).values["answer"]


def test_a_picture_joins_the_text_and_is_seen_with_its_post(
    client: CheckingClient, app: Flask, question: Question, db: Session, person: Person
) -> None:
    path = f"/forum/fragen/{question.id}/antworten"
    text = add(client, path, answer="Seht:")
    picture = db.scalars(select(Picture)).one()
    assert text == f"Seht:\n\n![Ein (Beet)](bild:{picture.id})\n"
    assert picture.key.startswith("forum/neu/")
    assert "geheim" not in picture.key
    address = f"/medien/forum/{picture.id}.webp"
    seen = client.get(address)
    assert (seen.status_code, seen.mimetype) == (200, "image/webp")
    assert seen.headers["Cache-Control"] == "private, no-store"
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert (
        "Content-Disposition" not in seen.headers or "attachment" not in seen.headers["Content-Disposition"]
    )
    other = app.test_client()
    sign_in(other, make_person(db))
    assert other.get(address).status_code == 404, "hers alone"
    assert app.test_client().get(address).status_code == 303
    done = send(client, form_of(client.get(path), path), answer=text)
    assert done.status_code == 303
    assert other.get(address).status_code == 200
    guest = app.test_client()
    sign_in(guest, make_person(db, municipality=make_municipality(db, role="gast")))
    assert guest.get(address).status_code == 404
    assert guest.get("/medien/forum/987654.webp").status_code == 404
    assert other.get(f"/medien/forum/{picture.id}.png").status_code == 404
    post = db.scalars(select(Post).where(Post.number == 2)).one()
    assert address in str(post.parts)
    post.hidden = "ausgeblendet"
    db.flush()
    assert other.get(address).status_code == 404
    assert client.get(address).status_code == 404


def test_a_picture_of_somebody_else_is_not_shown(
    client: CheckingClient, app: Flask, question: Question, db: Session
) -> None:
    path = f"/forum/fragen/{question.id}/antworten"
    text = add(client, path)
    thief = app.test_client()
    assert isinstance(thief, CheckingClient)
    sign_in(thief, make_person(db))
    send(thief, form_of(thief.get(path), path), answer=f"Meins? {text}")
    assert thief.get(f"/medien/forum/{db.scalars(select(Picture.id)).one()}.webp").status_code == 404


def test_a_picture_needs_words(client: CheckingClient, question: Question, db: Session) -> None:
    path = f"/forum/fragen/{question.id}/antworten"
    picture = (io.BytesIO(bytes_of(drawn(), "PNG")), "a.png")
    values = {"press": "bild", "answer": "Bleibt.", "picture_text": " "}
    refused = send(client, form_of(client.get(path), path), picture=picture, **values)
    assert refused.status_code == 422
    assert '<a href="#picture_text">Beschreiben Sie das Bild.</a>' in refused.text
    assert form_of(refused, path).values["answer"] == "Bleibt."
    nothing = send(client, form_of(client.get(path), path), **{**values, "picture_text": "Ein Beet"})
    assert '<a href="#picture">' in nothing.text
    assert db.scalars(select(Picture)).all() == []


@pytest.mark.usefixtures("in_one_window")
def test_twenty_pictures_an_hour(client: CheckingClient, question: Question) -> None:
    path = f"/forum/fragen/{question.id}/antworten"
    form = form_of(client.get(path), path)
    values = {"press": "bild", "answer": "Text"}
    statuses = [send(client, form, **values).status_code for _time in range(21)]
    assert statuses == [422] * 20 + [429]


def test_files_follow_the_circle_and_unused_ones_go(
    client: CheckingClient, app: Flask, question: Question, db: Session, database: Database
) -> None:
    config: Config = app.extensions["learn.config"]
    work, store = jobs.Work(config, database), Storage(config.storage)
    path = f"/forum/fragen/{question.id}/antworten"
    send(client, form_of(client.get(path), path), answer=add(client, path))
    add(client, path)
    shown, unused = db.scalars(select(Picture).order_by(Picture.id)).all()
    pictures.settle(work, question_id=question.id)
    db.expire_all()
    assert shown.key.startswith("forum/netzwerk/")
    assert store.exists(shown.key)
    asker = db.get_one(Person, queries.asker_of(db, question.id))
    cohort = make_cohort(db, db.get_one(Municipality, asker.municipality_id))
    leveling.change_level(db, reader_of(db, asker), question, "klasse", cohort.id)
    db.flush()
    pictures.settle(work)
    db.expire_all()
    assert shown.key.startswith(f"forum/klasse-{cohort.id}/")
    assert sorted(store.keys()) == sorted([shown.key, unused.key])
    assert set(pictures.keys(db.connection())) == {shown.key, unused.key}
    key = unused.key
    pictures.remove_unpublished(work)
    assert store.exists(key), "not yet"
    unused.added_on = clock.today() - timedelta(days=31)
    db.flush()
    os.utime(store.path(key), (time.time() - 90_000, time.time() - 90_000))
    pictures.remove_unpublished(work)
    assert list(store.keys()) == [shown.key]
