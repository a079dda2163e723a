"""Site map, robots.txt and the feed of courses: only what visitors may read, whatever its size."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import library
from learn.courses.models import Course
from learn.forum import audience
from learn.forum.audience import Reader
from learn.site import sitemap
from tests.client import CheckingClient
from tests.courses import folders
from tests.courses.folders import Shelf
from tests.factories import make_municipality
from tests.forum.factories import make_cohort, make_question, make_reader
from tests.forum.test_feeds import feed_of, text, titles
from tests.site.test_budgets import statements
from tests.site.test_paths import lay

NAME = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "http://localhost"
STATEMENTS = 7  # numbers of both kinds, courses, lessons with their days, terms, questions


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Iterator[Shelf]:
    """Publishes as the command does, the index included."""
    (tmp_path / "stored").mkdir()
    yield Shelf(database, Storage(tmp_path / "stored"))
    library.CACHE.clear()


@pytest.fixture
def small(shelf: Shelf, tmp_path: Path) -> Path:
    folder = folders.small(tmp_path)
    shelf.publish(folder)
    return folder


def listed(client: CheckingClient, path: str = "/sitemap.xml") -> dict[str, str]:
    """Paths of a site map with their days, empty where none is named; of an index the parts."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    root = ET.fromstring(answer.data)  # noqa: S314 - our own
    kind = "url" if root.tag == f"{NAME}urlset" else "sitemap"
    found = [(each.findtext(f"{NAME}loc") or "", each.findtext(f"{NAME}lastmod") or "") for each in root]
    assert {each.tag for each in root} <= {NAME + kind}
    assert all(address.startswith(f"{BASE}/") for address, _day in found)
    assert len(dict(found)) == len(found)
    return {address.removeprefix(BASE): day for address, day in found}


@pytest.mark.usefixtures("small")
def test_all_that_visitors_may_read_is_listed_and_answers_them(client: CheckingClient, db: Session) -> None:
    town = make_municipality(db, name="Olpe")
    asker = Reader(make_reader(db, town=town).actor, None, member=True)
    shown = make_question(db, asker, title="Wie oft messen Sensoren?", level=audience.PUBLIC)
    kept = make_question(db, asker, title="Nur im Netzwerk gefragt", level=audience.NETWORK)
    number = make_cohort(db, town).id
    inner = make_question(db, asker, title="In der Klasse gefragt", level=audience.COHORT, cohort_id=number)
    lay(db, "anfangen", ["kur_aaaaaaaa"])
    found = listed(client)
    day = db.get_one(Course, "kur_aaaaaaaa").published_on.isoformat()
    for path in ("/kurse/kleiner-kurs", "/kurse/kleiner-kurs/eins", "/kurse/kleiner-kurs/zwei"):
        assert found[path] == day
    assert {
        "/",
        "/kurse",
        "/pfade/anfangen",
        "/vokabelheft/takt",
        f"/forum/fragen/{shown.id}-{shown.slug}",
    } <= found.keys()
    named = " ".join(found)
    assert f"/{kept.id}-" not in named
    assert f"/{inner.id}-" not in named
    client.checking = False
    assert {path: client.get(path).status_code for path in found} == dict.fromkeys(found, 200)


@pytest.mark.usefixtures("small")
def test_a_course_that_is_withdrawn_leaves_with_its_lessons(client: CheckingClient, db: Session) -> None:
    db.get_one(Course, "kur_aaaaaaaa").release_id = None
    db.flush()
    assert [path for path in listed(client) if path.startswith("/kurse/")] == []


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("size", [1, 4, 7])
def test_parts_hold_together_what_one_file_would(
    client: CheckingClient, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    whole = listed(client)
    monkeypatch.setattr(sitemap, "LARGEST", size)
    parts = list(listed(client))
    assert len(parts) == -(-len(whole) // size)
    found = [listed(client, path) for path in parts]
    assert [pair for part in found for pair in part.items()] == list(whole.items())
    assert all(len(part) == size for part in found[:-1])
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_statements_stay_the_same_however_much_there_is(
    client: CheckingClient, db: Session, shelf: Shelf, tmp_path: Path
) -> None:
    asker = make_reader(db)

    def cost(path: str) -> int:
        client.get(path)
        with statements() as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    def more(courses: range) -> None:
        for number in courses:
            folder = folders.small(tmp_path / str(number), f"kurs-{number}")
            for path in folder.rglob("*.md"):
                words = path.read_text().replace("_aaaaaaaa", f"_aaaaaaa{number}")
                path.write_text(words.replace("_bbbbbbbb", f"_bbbbbbb{number}"))
            shelf.publish(folder)
            make_question(db, asker, title=f"Frage Nummer {number}?", level=audience.PUBLIC)
        db.flush()

    paths = ("/sitemap.xml", "/kurse/feed.atom", "/robots.txt")
    more(range(1))
    few = [cost(path) for path in paths]
    more(range(1, 5))
    assert [cost(path) for path in paths] == few
    assert few == [STATEMENTS, 1, 0]


def test_readers_who_have_it_are_told_so(client: CheckingClient) -> None:
    first = client.get("/sitemap.xml")
    assert "Set-Cookie" not in first.headers
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/sitemap.xml", headers=tag).status_code == 304


def test_private_pages_are_left_alone(app: Flask, client: CheckingClient) -> None:
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert lines[-1] == f"Sitemap: {BASE}/sitemap.xml"
    closed = tuple(line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: "))
    assert "/nachweise/" in closed
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    assert all(any(rule.startswith(path) for rule in rules) for path in closed if path != "/nachweise/")
    assert not [path for path in listed(client) if path.startswith(closed)]


def test_the_feed_tells_of_each_course_once_with_its_newest_state(
    client: CheckingClient, db: Session, shelf: Shelf, small: Path
) -> None:
    root = feed_of(client, "/kurse/feed.atom")
    (entry,) = root.iter("{http://www.w3.org/2005/Atom}entry")
    assert (text(entry, "title"), text(entry, "summary")) == ("Kleiner Kurs", "Sie kennen zwei Dinge.")
    assert text(entry, "id") == "tag:localhost,2026:kurse/kur_aaaaaaaa"
    before = datetime.fromisoformat(text(entry, "updated"))
    folders.change(small / "kurs.md", "titel: Kleiner Kurs", "titel: Großer Kurs")
    small = small.rename(small.with_name("grosser-kurs"))
    shelf.publish(small)
    db.expire_all()
    (again,) = feed_of(client, "/kurse/feed.atom").iter("{http://www.w3.org/2005/Atom}entry")
    assert (text(again, "title"), text(again, "id")) == ("Großer Kurs", text(entry, "id"))
    assert datetime.fromisoformat(text(again, "updated")) >= before
    link = again.find("{http://www.w3.org/2005/Atom}link")
    assert link is not None
    assert link.get("href") == f"{BASE}/kurse/grosser-kurs"


@pytest.mark.usefixtures("small")
def test_a_hostile_title_stays_a_title(client: CheckingClient, db: Session) -> None:
    course = db.get_one(Course, "kur_aaaaaaaa")
    course.title = "</title><link rel='self' href='x'/>]]>&amp;\x0b"
    db.flush()
    assert titles(feed_of(client, "/kurse/feed.atom")) == [course.title.removesuffix("\x0b")]
