"""Pictures of a working copy: the release's and its own, described, replaced, removed, shown to authors."""

import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.config import Config
from learn.core import jobs
from learn.core.access import Actor, NotFound
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import upkeep
from learn.workshop import copies, gallery, media, saving, uploading
from learn.workshop.media import Words
from learn.workshop.models import WorkPicture
from tests.client import CheckingClient, sign_in
from tests.courses.folders import Shelf, small
from tests.factories import make_person

COURSE, ONE, TWO = "kur_aaaaaaaa", "les_aaaaaaaa", "les_bbbbbbbb"
BOX = "01-anfang/bilder/kasten.svg"
HERE = f"/werkstatt/kurse/{COURSE}/medien"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><rect width="8" height="4"/></svg>'


def drawn(colour: str = "teal", size: tuple[int, int] = (60, 40), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


@pytest.fixture
def shelf(app: Flask, database: Database) -> Shelf:
    """A shelf whose pictures lie where the application looks for them."""
    config: Config = app.extensions["learn.config"]
    return Shelf(database, Storage(config.storage))


@pytest.fixture
def author(db: Session, client: CheckingClient) -> Person:
    """A trainer, signed in."""
    found = make_person(db, roles=["trainer"])
    sign_in(client, found)
    return found


@pytest.fixture
def course(shelf: Shelf, tmp_path: Path, author: Person) -> str:
    """The tiny course, published."""
    assert shelf.publish(small(tmp_path)).published
    return COURSE


def actor_of(person: Person) -> Actor:
    return Actor(person.id, person.name, roles=frozenset({"trainer"}))


def send(client: CheckingClient, address: str = HERE, *files: tuple[bytes, str], **values: Any) -> Any:
    pictures = [(io.BytesIO(data), name) for data, name in files]
    return client.submit(address, {"picture": pictures, **values}, content_type="multipart/form-data")


def test_the_library_of_an_untouched_course_writes_nothing(
    client: CheckingClient, course: str, db: Session
) -> None:
    page = client.get(HERE)
    assert page.status_code == 200
    assert BOX in page.text
    assert "Ein Kasten" in page.text, "what the lesson says of it"
    assert f'href="/werkstatt/lektionen/{ONE}"' in page.text
    assert "Noch in keinem Text" not in page.text
    (only,) = media.pictures(db, course)
    assert (only.uses, only.width, only.height, only.state) == ((ONE,), 40, 20, "")
    assert db.query(WorkPicture).count() == 0
    assert client.get("/werkstatt/kurse/kur_gibtesni/medien").status_code == 404


def test_a_picture_is_made_anew_named_safely_and_for_authors_only(
    client: CheckingClient, app: Flask, course: str, db: Session
) -> None:
    words = {"description": " Ein\nBlick ", "source": "Stadt Olpe", "licence": "CC-BY-4.0"}
    done = send(client, HERE, (drawn(), "../Über Uns (1).PNG"), **words)
    assert (done.status_code, done.location) == (303, HERE)
    picture = media.held(db, course)["bilder/ueber-uns-1.webp"]
    assert (picture.description, picture.source, picture.licence) == ("Ein Blick", "Stadt Olpe", "CC-BY-4.0")
    assert (picture.width, picture.height, picture.state) == (60, 40, "neu")
    page = client.get(HERE)
    assert page.text.index("Noch in keinem Text") < page.text.index("ueber-uns-1.webp")
    assert page.text.index("ueber-uns-1.webp") < page.text.index(BOX)
    seen = client.get(picture.href)
    assert (seen.status_code, seen.mimetype) == (200, "image/webp")
    assert seen.headers["Cache-Control"] == "private, no-store"
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert app.test_client().get(picture.href).status_code == 404
    other = app.test_client()
    sign_in(other, make_person(db))
    assert other.get(picture.href).status_code == 404
    assert other.get(HERE).status_code == 403


def test_a_picture_needs_words_and_the_form_keeps_them(client: CheckingClient, course: str) -> None:
    refused = send(client, HERE, (drawn(), "a.png"), source="Stadt Olpe", licence="CC0-1.0")
    assert refused.status_code == 422
    assert (
        '<a href="#description">Beschreiben Sie das Bild oder nennen Sie es Schmuckbild.</a>' in refused.text
    )
    assert 'value="Stadt Olpe"' in refused.text
    assert '<option value="CC0-1.0" selected>' in refused.text
    nothing = send(client, HERE, description="Ein Satz, der bleibt")
    assert nothing.status_code == 422
    assert "Ein Satz, der bleibt" in nothing.text
    assert '<a href="#picture">' in nothing.text
    long = send(client, HERE, (drawn(), "a.png"), description="x" * 401)
    assert '<a href="#description">Kürzen Sie auf 400 Zeichen.</a>' in long.text
    assert send(client, HERE, (drawn(), "a.png"), decorative="ja").status_code == 303


def test_duplicates_are_named_whatever_became_of_them(
    client: CheckingClient, course: str, db: Session, shelf: Shelf, author: Person
) -> None:
    """Also a file that the release holds as it was sent, although a new one is made of it."""
    data = drawn("navy", kind="JPEG")
    ready = uploading.Ready(data, "jpg", 60, 40)
    uploading.store(shelf.storage, ready)
    media.put(db, actor_of(author), course, "bilder/rathaus.jpg", ready)
    assert uploading.prepare(data).sha != ready.sha
    send(client, HERE, (data, "anders.jpg"), (drawn("red"), "neu.png"), (drawn("red"), "noch-mal.png"))
    told = client.get(HERE).text
    assert "1 Bild ist hinzugefügt." in told
    assert "nicht noch einmal hinzugefügt: bilder/rathaus.jpg, bilder/neu.webp." in told
    assert set(media.held(db, course)) == {BOX, "bilder/rathaus.jpg", "bilder/neu.webp"}
    many = send(client, HERE, *[(b"", f"{number}.png") for number in range(21)], source="Stadt Olpe")
    assert many.status_code == 422
    assert "Wählen Sie höchstens 20 Bilder auf einmal." in many.text
    assert 'value="Stadt Olpe"' in many.text


def test_several_at_once_wait_for_their_words(client: CheckingClient, course: str, db: Session) -> None:
    files = [(drawn("red"), "a.png"), (drawn("blue"), "A.PNG"), (SVG, "a.svg")]
    assert send(client, HERE, *files, source="Stadt Olpe").status_code == 303
    held = media.held(db, course)
    assert sorted(held) == [BOX, "bilder/a-2.webp", "bilder/a-3.svg", "bilder/a.webp"]
    assert {held[path].source for path in held if path != BOX} == {"Stadt Olpe"}
    page = client.get(HERE)
    assert "Bei 3 Bildern fehlt die Beschreibung." in page.text
    told = client.submit(f"{HERE}/angaben", {"path": "bilder/a.webp", "description": "Rot"})
    assert told.status_code == 303
    assert media.held(db, course)["bilder/a.webp"].description == "Rot"
    refused = client.submit(f"{HERE}/angaben", {"path": "bilder/a.webp", "source": "Neue Quelle"})
    assert refused.status_code == 422
    assert 'value="Neue Quelle"' in refused.text


def test_the_same_picture_is_there_once_and_twins_are_named(
    client: CheckingClient, course: str, db: Session, author: Person
) -> None:
    for _time in range(2):
        send(client, HERE, (drawn(), "a.png"), decorative="ja")
    assert "Schon hier und nicht noch einmal hinzugefügt: bilder/a.webp." in client.get(HERE).text
    assert len(media.held(db, course)) == 2
    ready = uploading.prepare(drawn())
    media.put(db, actor_of(author), course, "bilder/zwilling.webp", ready, Words("schmuck"))
    page = client.get(HERE).text
    assert "Gleiches Bild wie bilder/zwilling.webp" in page
    assert "Gleiches Bild wie bilder/a.webp" in page


def test_replacing_keeps_path_and_words(client: CheckingClient, course: str, db: Session) -> None:
    send(client, HERE, (drawn(), "a.png"), description="Ein Platz", source="Wir")
    before = media.held(db, course)["bilder/a.webp"]
    done = send(client, f"{HERE}/ersetzen", (drawn("red", kind="JPEG"), "b.jpg"), path="bilder/a.webp")
    assert done.status_code == 303
    after = media.held(db, course)["bilder/a.webp"]
    assert after.sha != before.sha
    assert (after.description, after.source, after.ext) == ("Ein Platz", "Wir", "webp")
    refused = send(client, f"{HERE}/ersetzen", (drawn(), "b.png"), path=BOX)
    assert refused.status_code == 422
    assert "Hier liegt eine Zeichnung (SVG)." in refused.text
    refused = send(client, f"{HERE}/ersetzen", (SVG, "b.svg"), path="bilder/a.webp")
    assert "Hier liegt ein Bild, keine Zeichnung." in refused.text
    assert send(client, f"{HERE}/ersetzen", (SVG, "b.svg"), path=BOX).status_code == 303
    assert media.held(db, course)[BOX].state == "ersetzt"
    assert send(client, f"{HERE}/ersetzen", (SVG, "b.svg"), path="bilder/fehlt.svg").status_code == 404


@pytest.mark.parametrize(
    ("wide", "data", "name"),
    [(BOX, SVG, "handy.svg"), ("bilder/a.webp", drawn("red", kind="JPEG"), "b.jpg")],
)
def test_a_variant_for_narrow_screens_bears_the_name_and_format_of_its_picture(
    client: CheckingClient, course: str, db: Session, wide: str, data: bytes, name: str
) -> None:
    send(client, HERE, (drawn(), "a.png"), description="Ein Platz", source="Wir")
    narrow = wide.replace(".", "-schmal.")
    sent = {"narrow": [(io.BytesIO(data), name)], "path": wide}
    done = client.submit(f"{HERE}/schmal", sent, content_type="multipart/form-data")
    assert done.status_code == 303
    there = media.held(db, course)
    assert (there[narrow].source, there[narrow].ext) == (there[wide].source, there[wide].ext)
    assert f"path={narrow}" in client.get(f"{HERE}/angaben?path={wide}").text.replace("%2F", "/")
    page = client.get(f"{HERE}/angaben?path={narrow}").text
    assert "Fassung für schmale Bildschirme von" in page
    assert 'name="narrow"' not in page, "a variant has none of its own"
    wrong = {"narrow": [(io.BytesIO(drawn() if data == SVG else SVG), "c")], "path": wide}
    refused = client.submit(f"{HERE}/schmal", wrong, content_type="multipart/form-data")
    assert (refused.status_code, 'href="#narrow"' in refused.text) == (422, True)
    again = {"narrow": [(io.BytesIO(data), name)], "path": narrow}
    assert client.submit(f"{HERE}/schmal", again, content_type="multipart/form-data").status_code == 404


def test_a_drawing_with_a_variant_is_published_and_shown_as_both(
    client: CheckingClient, course: str, db: Session, shelf: Shelf
) -> None:
    sent = {"narrow": [(io.BytesIO(SVG), "handy.svg")], "path": BOX}
    client.submit(f"{HERE}/schmal", sent, content_type="multipart/form-data")
    there = media.held(db, course)
    narrow = there["01-anfang/bilder/kasten-schmal.svg"]
    source = f'<source media="(max-width: 40rem)" srcset="{narrow.href}"'
    assert source in client.get(f"/werkstatt/lektionen/{ONE}/ansicht").text, "the draft as it will be"
    assert shelf.drafts(copies.draft(db, shelf.storage, course)).published
    assert source in client.get("/kurse/kleiner-kurs/eins").text
    db.expire_all()
    assert [picture.state for picture in media.pictures(db, course)] == ["", ""]
    assert copies.draft(db, shelf.storage, course).changes == {}


def test_a_replaced_picture_is_published_at_its_path(
    client: CheckingClient, course: str, db: Session, shelf: Shelf
) -> None:
    send(client, f"{HERE}/ersetzen", (SVG, "b.svg"), path=BOX)
    draft = copies.draft(db, shelf.storage, course)
    assert shelf.drafts(draft).published
    db.expire_all()
    assert media.held(db, course)[BOX].state == ""
    address = media.held(db, course)[BOX].href
    assert client.get(address).headers["Cache-Control"].startswith("public")


def test_removing_warns_where_it_is_used(client: CheckingClient, course: str, db: Session) -> None:
    page = client.get(f"{HERE}/entfernen?path={BOX}")
    assert "1 Text zeigt dieses Bild noch." in page.text
    assert ">Eins</a>" in page.text
    assert client.submit(f"{HERE}/entfernen", {"path": BOX}).location == HERE
    assert media.held(db, course) == {}
    assert client.get(f"{HERE}/entfernen?path={BOX}").status_code == 404
    send(client, HERE, (drawn(), "a.png"), decorative="ja")
    assert "Kein Text zeigt dieses Bild." in client.get(f"{HERE}/entfernen?path=bilder/a.webp").text
    client.submit(f"{HERE}/entfernen", {"path": "bilder/a.webp"})
    assert media.held(db, course) == {}
    assert db.query(WorkPicture).count() == 1, "only what hides the release's picture"


def test_texts_name_pictures_in_every_way(db: Session, course: str, author: Person) -> None:
    who = actor_of(author)
    for name in ("a", "b", "c", "a-schmal", "d", "e"):
        ready = uploading.prepare(SVG.replace(b'"8"', str(ord(name[-1])).encode().join([b'"', b'"']), 1))
        media.add(db, who, course, ready, name=f"{name}.svg")
    text = copies.text(db, TWO)
    assert text is not None
    more = (
        "\n![A](<../bilder/a.svg>)\n\n![B][b]\n\n[b]: ../bilder/b.svg\n\n"
        '<img src="../bilder/c.svg" alt="C">\n\n'
        '![](../bilder/d.svg "schmuck")\n'
    )
    saving.save(db, who, TWO, text.text + more, base_revision=text.revision)
    sheet = copies.text(db, COURSE)
    assert sheet is not None
    saving.save(
        db,
        who,
        COURSE,
        sheet.text.replace("lizenz:", "bild: bilder/e.svg\nlizenz:"),
        base_revision=sheet.revision,
    )
    found = gallery.gallery(db, course)
    assert {one.picture.path: [use.title for use in one.uses] for one in found.used} == {
        BOX: ["Eins"],
        **{f"bilder/{name}.svg": ["Zwei"] for name in ("a", "a-schmal", "b", "c", "d")},
        "bilder/e.svg": ["Kleiner Kurs"],
    }
    assert found.unused == ()
    assert {one.name for one in found.used if one.decorative} == {"d.svg", "e.svg"}


def test_addresses_for_the_preview(db: Session, course: str, author: Person) -> None:
    media.add(db, actor_of(author), course, uploading.prepare(SVG), name="a.svg")
    held = media.held(db, course)
    assert media.href_of(db, course, "bilder/a.svg") == (held["bilder/a.svg"].href, 8, 4)
    assert media.href_of(db, course, BOX) == (held[BOX].href, 40, 20)
    assert media.href_of(db, course, "bilder/nichts.svg") is None
    with pytest.raises(NotFound):
        media.add(db, actor_of(author), "kur_gibtesni", uploading.prepare(SVG), name="a.svg")


def test_files_of_drafts_stay_and_are_backed_up(
    client: CheckingClient, app: Flask, course: str, db: Session, database: Database
) -> None:
    config: Config = app.extensions["learn.config"]
    store, work = Storage(config.storage), jobs.Work(config, database)
    send(client, HERE, (drawn(), "a.png"), decorative="ja")
    picture = media.held(db, course)["bilder/a.webp"]
    key = f"{picture.sha}.webp"
    old = time.time() - 90_000
    os.utime(store.path(key), (old, old))
    upkeep.remove_unused_pictures(work)
    assert store.exists(key)
    assert key in set(upkeep.picture_keys(db.connection()))
    client.submit(f"{HERE}/entfernen", {"path": "bilder/a.webp"})
    db.expire_all()
    upkeep.remove_unused_pictures(work)
    assert not store.exists(key)
    assert client.get(picture.href).status_code == 404
