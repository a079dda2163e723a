"""Atom feeds: what each level gives away, keys and their end, no trace of who asks."""

from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.db import Database
from learn.forum.audience import Reader
from learn.forum.models import FeedKey, Post
from learn.network.models import Municipality
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.forum.factories import make_answer, make_cohort, make_question, make_reader, reader_of
from tests.site.test_cannot import contents

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
FEED = "/forum/feed"


def feed_of(client: CheckingClient, address: str = FEED) -> ET.Element:
    """The feed, with what RFC 4287 asks of every feed and entry."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    root = ET.fromstring(answer.get_data())  # noqa: S314 - our own
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert text(element, "id").startswith("tag:localhost,2026:")
        assert datetime.fromisoformat(text(element, "updated")).tzinfo is not None
    ids = [text(entry, "id") for entry in root.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    assert root.find(f"{ATOM}author") is not None  # for entries without one
    links = {link.get("rel") for link in root.findall(f"{ATOM}link")}
    assert links == {"self", "alternate"}
    return root


def text(element: ET.Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


def titles(root: ET.Element) -> list[str]:
    return [text(entry, "title") for entry in root.iter(f"{ATOM}entry")]


def new_key(client: CheckingClient) -> str:
    """Make a key on the page for it."""
    assert client.submit("/konto/feeds").status_code == 303
    page = client.get("/konto/feeds").text
    return page.partition("?schluessel=")[2].partition("<")[0]


@pytest.fixture
def town(db: Session) -> Municipality:
    return make_municipality(db, name="Olpe")


@pytest.fixture
def asker(db: Session, town: Municipality) -> Reader:
    return make_reader(db, name="Petra Muster", town=town)


@pytest.fixture
def member(app: Flask, db: Session, town: Municipality) -> CheckingClient:
    """Signed in, of the asker's town."""
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    sign_in(client, make_person(db, municipality=town))
    return client


@pytest.fixture
def questions(db: Session, asker: Reader, town: Municipality) -> None:
    """One of each level, the public one with an answer."""
    cohort = make_cohort(db, town)
    asker = Reader(asker.actor, None, member=True)
    public = make_question(db, asker, level="oeffentlich", title="Wer hat Bodenfeuchte gemessen?")
    make_answer(db, asker, public, "Wir & andere <seit> 2024.")
    make_question(db, asker, title="Welches Gateway habt ihr gekauft?", body="Netzworte " + "x" * 400)
    values = {"title": "Was sagt euer Personalrat dazu?", "body": "Klassenworte"}
    make_question(db, asker, level="klasse", cohort_id=cohort.id, **values)
    db.flush()


def test_without_a_key_it_holds_the_public_in_full(client: CheckingClient, questions: None) -> None:
    root = feed_of(client)
    assert titles(root) == ["Antwort: Wer hat Bodenfeuchte gemessen?", "Wer hat Bodenfeuchte gemessen?"]
    answer, question = root.iter(f"{ATOM}entry")
    content = question.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    assert content.get(f"{XML}base") == "http://localhost/"
    assert content.text == "<p>Wir suchen Erfahrungen.</p>"
    assert text(answer, "content") == "<p>Wir & andere <seit> 2024.</p>"
    assert answer.findtext(f"{ATOM}author/{ATOM}name") == "Stadt Olpe"  # no name for visitors
    assert "Petra" not in client.get(FEED).text


def test_with_a_key_it_holds_what_its_person_may_read(
    member: CheckingClient, client: CheckingClient, questions: None
) -> None:
    root = feed_of(client, f"{FEED}?schluessel={new_key(member)}")
    cohort, network, _answer, public = root.iter(f"{ATOM}entry")
    assert text(cohort, "title") == "Was sagt euer Personalrat dazu?"
    assert "Klassenworte" not in ET.tostring(root, "unicode")
    assert cohort.find(f"{ATOM}author") is None
    assert len(text(network, "summary")) <= 300
    assert text(network, "summary").startswith("Netzworte")
    assert network.find(f"{ATOM}content") is None
    assert network.findtext(f"{ATOM}author/{ATOM}name") == "Petra Muster, Stadt Olpe"
    assert text(public, "content") == "<p>Wir suchen Erfahrungen.</p>"


def test_a_renewed_key_ends_the_old_one(member: CheckingClient, client: CheckingClient, db: Session) -> None:
    old = new_key(member)
    kept = db.scalars(select(FeedKey.key_hash)).one()
    assert old not in kept
    new = new_key(member)
    db.expire_all()
    for address in (FEED, "/forum/thema/sensorik/feed", "/kommunen/nichts/feed"):
        assert client.get(f"{address}?schluessel={old}").status_code == 404
    assert client.get(f"{FEED}?schluessel={new}").status_code == 200
    assert client.get(f"{FEED}?schluessel=").status_code == 404
    member.submit("/konto/feeds", {"ende": "ja"})
    assert client.get(f"{FEED}?schluessel={new}").status_code == 404


def test_a_key_ends_with_the_account_and_shrinks_with_its_person(
    app: Flask, db: Session, client: CheckingClient, town: Municipality, questions: None
) -> None:
    person = make_person(db, municipality=town)
    browser = app.test_client()
    assert isinstance(browser, CheckingClient)
    sign_in(browser, person)
    address = f"{FEED}?schluessel={new_key(browser)}"
    assert len(titles(feed_of(client, address))) == 4
    town.role = "gast"
    db.flush()
    assert len(titles(feed_of(client, address))) == 2
    person.active = False
    db.flush()
    assert client.get(address).status_code == 404


def test_hidden_posts_leave_the_feed(client: CheckingClient, db: Session, questions: None) -> None:
    answer = db.scalars(select(Post).where(Post.kind == "antwort")).one()
    answer.hidden = "ausgeblendet"
    db.flush()
    assert titles(feed_of(client)) == ["Wer hat Bodenfeuchte gemessen?"]


def test_topics_and_towns_have_their_own(
    client: CheckingClient, db: Session, town: Municipality, questions: None
) -> None:
    other = make_reader(db)
    climate = "Habt ihr Bäume am Marktplatz gezählt?"
    make_question(db, other, level="oeffentlich", title=climate, topics=("klima",))
    db.flush()
    assert titles(feed_of(client, "/forum/thema/klima/feed")) == [climate]
    assert len(titles(feed_of(client, f"/kommunen/{town.ags}/feed"))) == 2
    assert client.get("/forum/thema/nichts/feed").status_code == 404
    assert client.get("/kommunen/00000000/feed").status_code == 404


def test_an_unchanged_feed_is_not_sent_again(client: CheckingClient, questions: None) -> None:
    first = client.get(FEED)
    tag, since = first.headers["ETag"], first.headers["Last-Modified"]
    assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(FEED, headers={"If-Modified-Since": since}).status_code == 304
    assert "public" in first.headers["Cache-Control"]


def test_asking_leaves_no_trace(
    app: Flask, database: Database, member: CheckingClient, questions: None
) -> None:
    key = new_key(member)
    before = contents(database)
    browser = app.test_client()
    for address in (FEED, f"{FEED}?schluessel={key}", "/forum/thema/sensorik/feed"):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert contents(database) == before


def test_signs_that_xml_forbids_do_not_break_it(client: CheckingClient, db: Session, asker: Reader) -> None:
    question = make_question(db, asker, level="oeffentlich")
    question.title = "Ein Titel mit \x0b Sprung & <Winkel>"
    db.flush()
    assert titles(feed_of(client)) == ["Ein Titel mit  Sprung & <Winkel>"]


def test_pages_name_their_feeds(client: CheckingClient, db: Session, town: Municipality) -> None:
    reader_of(db, make_person(db, municipality=town))
    page = client.get(f"/kommunen/{town.ags}").text
    assert (
        f'type="application/atom+xml" title="Fragen und Antworten: Olpe" href="/kommunen/{town.ags}/feed"'
        in page
    )
    assert '<link rel="alternate" type="application/atom+xml"' in client.get("/forum").text
    assert 'href="/forum/thema/sensorik/feed"' in client.get("/forum/thema/sensorik").text
