"""Metadata of courses: by the rules of the AMB, the same in page and address, safe for any title."""

import json
from typing import Any

import html5lib
import pytest
from sqlalchemy.orm import Session

from learn.courses import library
from learn.courses.models import Course, CourseSlug, Release
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.site import sensors
from tests.site.amb import faults
from tests.site.test_budgets import statements
from tests.site.test_paths import lay

ADDRESS = "/kurse/sensoren.jsonld"
HOSTILE = (
    "</script><script>window.ran = 1</script>",
    "<!--<script>",
    "]]> &lt;/script&gt; \" ' \\u003c",
    "Zeile\u2028und\u2029Absatz",
)


def change(db: Session, *, title: str = "", **sheet: Any) -> None:
    """Another state of the published course."""
    course = db.get_one(Course, "kur_sensoren")
    assert course.release_id is not None
    release = db.get_one(Release, course.release_id)
    release.sheet = {**release.sheet, **sheet}
    if title:
        release.manifest = {**release.manifest, "title": title}
    db.flush()
    library.CACHE.clear()


def in_page(client: CheckingClient, path: str = "/kurse/sensoren") -> dict[str, Any]:
    """The metadata as a browser finds them in the head of a page."""
    tree = html5lib.parse(client.get(path).text, namespaceHTMLElements=False)
    (found,) = [each for each in tree.iter("script") if each.get("type") == "application/ld+json"]
    assert found.get("nonce")
    assert found in list(tree.find("head") or ())
    record: dict[str, Any] = json.loads(found.text or "")
    return record


@pytest.mark.usefixtures("sensoren")
def test_a_course_is_described_by_the_rules_of_the_amb(client: CheckingClient, db: Session) -> None:
    change(
        db,
        topics=["sensorik"],
        authors=["Kim Erfunden", "Redaktion Messwerk"],
        municipality="Stadt Musterhausen",
        image={"src": "/medien/0.svg", "width": 4, "height": 2},
        minutes=12,
    )
    found = client.get(ADDRESS)
    assert (found.status_code, found.mimetype) == (200, "application/ld+json")
    record = json.loads(found.data)
    assert faults(record) == []
    assert record["id"] == "http://localhost/kurse/sensoren"
    assert record["keywords"] == ["Sensorik"]
    assert record["license"] == {"id": "https://creativecommons.org/publicdomain/zero/1.0/"}
    assert [(each["type"], each["name"]) for each in record["creator"]] == [
        ("Person", "Kim Erfunden"),
        ("Organization", "Redaktion Messwerk"),
        ("Organization", "Stadt Musterhausen"),
    ]
    assert [each["id"] for each in record["hasPart"]] == [
        f"http://localhost/kurse/sensoren/{name}" for name in ("messen", "montieren", "nutzen")
    ]
    assert (record["image"], record["timeRequired"]) == ("http://localhost/medien/0.svg", "PT12M")
    assert in_page(client) == record


@pytest.mark.usefixtures("sensoren")
def test_it_names_the_lernpfade_that_lead_through_it(client: CheckingClient, db: Session) -> None:
    assert "isPartOf" not in json.loads(client.get(ADDRESS).data)
    lay(db, "messen-lernen", ["kur_sensoren"])
    lay(db, "ohne-kurse", [])
    record = json.loads(client.get(ADDRESS).data)
    assert faults(record) == []
    (found,) = record["isPartOf"]
    assert found == {
        "id": "http://localhost/pfade/messen-lernen",
        "type": ["LearningResource"],
        "name": "Messen lernen",
    }
    with statements() as asked:
        client.get(ADDRESS)
    assert len(asked) == 2


@pytest.mark.usefixtures("sensoren")
def test_what_is_not_known_is_left_out(client: CheckingClient, db: Session) -> None:
    change(db, license="geschuetzt", goals=[], outcome="")
    record = json.loads(client.get(ADDRESS).data)
    assert faults(record) == []
    assert record.keys().isdisjoint({"license", "teaches", "description", "image", "creator", "keywords"})


def test_the_rules_notice_what_breaks_them() -> None:
    good = {
        "@context": ["https://w3id.org/kim/amb/context.jsonld", {"@language": "de"}],
        "id": "https://schule.example/kurse/a",
        "type": ["LearningResource"],
        "name": "A",
    }
    assert faults(good) == []
    wrong = {
        "id": "/kurse/a",
        "type": ["Course"],
        "@context": ["https://schema.org/", {"@language": "de"}],
        "license": {"id": "geschuetzt"},
        "learningResourceType": [{"id": "https://schema.org/Course"}],
        "inLanguage": "de",
        "hasPart": [{"name": "ohne Adresse"}],
        "teaches": [{"id": "https://schule.example/#ziel-1", "prefLabel": "ohne Sprache"}],
        "erfunden": 1,
    }
    assert [faults({**good, name: value}) for name, value in wrong.items()] == [[name] for name in wrong]
    assert faults({}) == ["@context", "id", "name", "type"]


@pytest.mark.usefixtures("sensoren")
@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_leaves_its_place(client: CheckingClient, db: Session, title: str) -> None:
    change(db, title=title, outcome=title, goals=[title])
    record = in_page(client)
    assert (record["name"], record["description"]) == (title, title)
    assert record["teaches"][0]["prefLabel"] == {"de": title}
    tree = html5lib.parse(client.get("/kurse/sensoren").text, namespaceHTMLElements=False)
    assert [each for each in tree.iter("script") if not each.get("src") and not each.get("type")] == []
    assert json.loads(client.get(ADDRESS).data) == record


@pytest.mark.usefixtures("sensoren")
def test_goals_stand_where_the_metadata_say(client: CheckingClient) -> None:
    (goal,) = in_page(client)["teaches"]
    anchor = goal["id"].partition("#")[2]
    assert f'id="{anchor}"' in client.get("/kurse/sensoren").text


def test_a_reader_who_has_them_is_told_so_and_an_earlier_address_leads_on(
    client: CheckingClient, db: Session, sensoren: str
) -> None:
    first = client.get(ADDRESS)
    assert client.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    change(db, title="Sensoren und Netze")
    assert client.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    sensors.publish(db, slug="messen")
    moved = client.get(ADDRESS)
    assert (moved.status_code, moved.headers["Location"]) == (301, "/kurse/messen.jsonld")
    assert client.get("/kurse/nie-da-gewesen.jsonld").status_code == 404


@pytest.mark.usefixtures("sensoren")
def test_pages_lead_to_metadata_and_feed(client: CheckingClient) -> None:
    page = client.get("/kurse/sensoren").text
    assert '<link rel="describedby" type="application/ld+json" href="/kurse/sensoren.jsonld"' in page
    for path in ("/kurse/sensoren", "/kurse"):
        assert 'rel="alternate" type="application/atom+xml" href="/kurse/feed.atom"' in client.get(path).text


@pytest.mark.usefixtures("sensoren")
def test_nothing_in_them_depends_on_who_asks(client: CheckingClient, db: Session) -> None:
    before = client.get(ADDRESS).data
    sign_in(client, make_person(db, municipality=make_municipality(db, name="Lindenhagen")))
    client.submit("/kurse/sensoren/beginnen")
    assert client.get(ADDRESS).data == before
    assert in_page(client) == json.loads(before)


def test_a_course_that_nobody_may_read_has_none(client: CheckingClient, db: Session) -> None:
    sensors.publish(db)
    db.get_one(Course, "kur_sensoren").release_id = None
    db.flush()
    assert db.get(CourseSlug, "sensoren") is not None
    assert client.get(ADDRESS).status_code == 404
