"""Pictures by the hash of their bytes, and the glossary."""

import hashlib

from flask import Flask
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core import clock
from learn.core.storage import Storage
from learn.courses.models import Asset, Course, Release, ReleaseFile, Term
from tests.client import CheckingClient

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><script>1</script></svg>'
SHA = hashlib.sha256(PICTURE).hexdigest()


def make_release(db: Session, kind: str, identity: str, title: str) -> Release:
    """A course or glossary with one release."""
    course = Course(id=identity, kind=kind, slug=title.lower(), title=title, published_on=clock.today())
    db.add(course)
    db.flush()
    release = Release(
        course_id=identity,
        number=1,
        origin="folder",
        created_at=clock.now(),
        renderer=1,
        manifest={},
        sheet={},
        details={},
    )
    db.add(release)
    db.flush()
    course.release_id = release.id
    db.flush()
    return release


def store_picture(app: Flask, db: Session) -> None:
    config: Config = app.extensions["learn.config"]
    release = make_release(db, "kurs", "kur_aaaaaaaa", "Kurs")
    Storage(config.storage).save(f"{SHA}.svg", PICTURE)
    db.add(Asset(sha=SHA, ext="svg", width=8, height=8, size=len(PICTURE), backend="file"))
    db.add(ReleaseFile(release_id=release.id, path="bilder/a.svg", sha=SHA, picture=True))
    db.flush()


def test_a_picture_stays_for_ever_and_runs_nothing(app: Flask, client: CheckingClient, db: Session) -> None:
    store_picture(app, db)
    answer = client.get(f"/medien/{SHA}.svg")
    assert answer.data == PICTURE
    assert answer.mimetype == "image/svg+xml"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert "Set-Cookie" not in answer.headers
    again = client.get(f"/medien/{SHA}.svg", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_only_pictures_of_releases_are_served(app: Flask, client: CheckingClient, db: Session) -> None:
    store_picture(app, db)
    config: Config = app.extensions["learn.config"]
    Storage(config.storage).save("geheim.svg", PICTURE)
    for name in (f"{SHA}.png", f"{'b' * 64}.svg", "geheim.svg", "..%2Fsecret.svg", "%2e%2e/secret"):
        assert client.get(f"/medien/{name}").status_code == 404


def test_a_picture_whose_file_is_gone_is_not_found(app: Flask, client: CheckingClient, db: Session) -> None:
    store_picture(app, db)
    config: Config = app.extensions["learn.config"]
    Storage(config.storage).delete(f"{SHA}.svg")
    assert client.get(f"/medien/{SHA}.svg").status_code == 404


def make_terms(db: Session) -> None:
    make_release(db, "glossar", "glo_aaaaaaaa", "Vokabelheft")
    make_release(db, "kurs", "kur_bbbbbbbb", "LoRaWAN")
    for course, slug, title, sort, html in (
        ("glo_aaaaaaaa", "gateway", "Gateway", "gateway", "<p>Das Netzwerk sagt.</p>"),
        ("kur_bbbbbbbb", "gateway", "Gateway", "gateway", "<p>Der Kurs sagt.</p>"),
        ("glo_aaaaaaaa", "oepnv", "ÖPNV", "oepnv", "<p>Bus und Bahn.</p>"),
        ("glo_aaaaaaaa", "5g", "5G", "5g", "<p>Funk.</p>"),
    ):
        db.add(Term(course_id=course, slug=slug, title=title, sort=sort, also=["Empfänger"], html=html))
    db.flush()


def test_terms_stand_under_their_letters(client: CheckingClient, db: Session) -> None:
    make_terms(db)
    page = client.get("/vokabelheft").text
    assert page.count('href="/vokabelheft/gateway"') == 1
    assert 'href="#buchstabe-o"' in page
    assert 'href="#zeichen"' in page
    assert 'href="#buchstabe-z"' not in page


def test_an_empty_glossary_says_so(client: CheckingClient) -> None:
    assert "Noch keine Begriffe." in client.get("/vokabelheft").text


def test_the_network_explains_first(client: CheckingClient, db: Session) -> None:
    make_terms(db)
    page = client.get("/vokabelheft/gateway").text
    assert page.index("Das Netzwerk sagt.") < page.index("Der Kurs sagt.")
    assert 'href="/kurse/lorawan"' in page
    assert "Empfänger" in page
    assert client.get("/vokabelheft/fehlt").status_code == 404
