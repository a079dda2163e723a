"""The page of a draft: the lesson's own template, forms switched off, nothing of anybody's in it."""

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock
from learn.core.access import Actor
from learn.core.db import Database
from learn.core.storage import Storage
from learn.learning.models import Enrolment, ProgressEntry
from learn.network.models import Municipality
from learn.workshop import copies, saving
from learn.workshop.models import LocalValue, Supplement
from tests.client import CheckingClient, sign_in
from tests.courses.folders import Shelf, example
from tests.factories import make_municipality, make_person

LESSON = "les_6w0a5h3n"
PAGE = f"/werkstatt/lektionen/{LESSON}/ansicht"
PUBLIC = "/kurse/beispielkurs/sensor-aufstellen"
MAIN = re.compile(r'<div id="text">.*?\n  </div>', re.DOTALL)


@pytest.fixture
def kurt(db: Session) -> Person:
    return make_person(db, roles=["trainer"], municipality=make_municipality(db, name="Lindenhagen"))


@pytest.fixture
def author(client: CheckingClient, kurt: Person, database: Database, tmp_path: Path) -> CheckingClient:
    """The browser of somebody who writes courses; the example course is published."""
    (tmp_path / "stored").mkdir()
    assert Shelf(database, Storage(tmp_path / "stored")).publish(example(tmp_path)).published
    sign_in(client, kurt)
    return client


def edited(db: Session, person: Person, old: str, new: str) -> None:
    """Change the draft of the lesson."""
    text = copies.text(db, LESSON)
    assert text is not None
    assert old in text.text
    who = Actor(person.id, person.name, roles=frozenset({"trainer"}))
    saving.save(db, who, LESSON, text.text.replace(old, new), base_revision=text.revision)
    db.flush()


def words(html: str) -> str:
    """The lesson's text without what differs: addresses of forms, disabled controls, shuffled rows."""
    (found,) = MAIN.findall(html.replace(" disabled", ""))
    found = re.sub(r'<form[^>]*>|</form>|<input type="hidden"[^>]*>', "", found)
    found = re.sub(r'<ul class="sc-match">.*?</ul>', "", found, flags=re.DOTALL)  # in the version's order
    return re.sub(r"\s+", " ", found)


def test_an_unchanged_lesson_looks_as_published(author: CheckingClient) -> None:
    assert words(author.get(PAGE).text) == words(author.get(PUBLIC).text)


def test_the_draft_is_shown_and_the_release_stays(author: CheckingClient, db: Session, kurt: Person) -> None:
    edited(db, kurt, "## Vorher klären", "## Ganz neu überlegen")
    assert "Ganz neu überlegen" in author.get(PAGE).text
    assert "Ganz neu überlegen" not in author.get(PUBLIC).text
    assert "Ganz neu überlegen" in author.get(f"{PAGE}/druck").text


def test_all_forms_are_switched_off(author: CheckingClient) -> None:
    for view in ("besucher", "kommune", "mitte"):
        html = author.get(f"{PAGE}?als={view}").text
        (inside,) = MAIN.findall(html)
        controls = re.findall(r"<(?:button|input|select|textarea)\b[^>]*", inside)
        assert 'method="post"' in inside
        assert controls
        assert [control for control in controls if " disabled" not in control] == []
        assert "/kurse/beispielkurs/" not in re.findall(r'<form[^>]*action="([^"]*)"', inside)


def test_the_middle_of_the_course_is_made_up(author: CheckingClient, db: Session) -> None:
    html = author.get(f"{PAGE}?als=mitte").text
    assert "Abschließen und weiter" in html
    assert db.scalar(select(func.count()).select_from(Enrolment)) == 0
    assert db.scalar(select(func.count()).select_from(ProgressEntry)) == 0


def test_a_kommune_sees_its_values(author: CheckingClient, db: Session, kurt: Person) -> None:
    edited(db, kurt, "## Vorher klären", "Bei [Ihrer Stelle](var:einrichtung).\n\n## Vorher klären")
    other = make_municipality(db, name="Talheim")
    for town, value in ((kurt.municipality_id, "Bauamt Lindenhagen"), (other.id, "Rathaus Talheim")):
        db.add(
            LocalValue(
                municipality_id=town,
                course_id=_course(db),
                name="einrichtung",
                value=value,
                written_on=clock.today(),
            )
        )
    db.flush()
    assert "Bauamt Lindenhagen" in author.get(f"{PAGE}?als=kommune").text
    assert "Rathaus Talheim" in author.get(f"{PAGE}?als=kommune&kommune={other.ags}").text
    assert "Rathaus Talheim" not in author.get(f"{PAGE}?als=mitte").text
    assert "Ihrer Stelle" in author.get(PAGE).text


def test_supplements_of_other_kommunen_stay_theirs(author: CheckingClient, db: Session, kurt: Person) -> None:
    other = make_municipality(db, name="Talheim")
    supplement(db, other, "Nur für Talheim")
    town = db.get_one(Municipality, kurt.municipality_id)
    supplement(db, town, "Unser Bauhof hilft")
    html = author.get(f"{PAGE}?als=kommune&kommune={other.ags}").text
    assert "Nur für Talheim" not in html
    assert "Hier steht eine Ergänzung der Kommune" in html
    assert "Unser Bauhof hilft" in author.get(f"{PAGE}?als=kommune").text


def test_only_authors_look(author: CheckingClient, db: Session) -> None:
    assert author.get("/werkstatt/lektionen/les_00000000/ansicht").status_code == 404
    sign_in(author, make_person(db))
    assert author.get(PAGE).status_code == 403


def supplement(db: Session, town: Municipality, words: str) -> None:
    db.add(
        Supplement(
            municipality_id=town.id,
            course_id=_course(db),
            lesson_id=LESSON,
            body=words,
            html=f"<p>{words}</p>",
            renderer=1,
            written_on=clock.today(),
        )
    )
    db.flush()


def _course(db: Session) -> str:
    found = copies.course_of(db, LESSON)
    assert found
    return found
