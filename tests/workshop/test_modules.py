"""Modules that are taken away with nothing but retired lessons in them, and come back."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learn.workshop import structure
from tests.client import CheckingClient, sign_in
from tests.courses.folders import SECOND, TEXTS, Shelf, small, write
from tests.factories import make_person
from tests.workshop.test_course import HERE, notices, order, revision, text

LAST, LESSON = "mod_bbbbbbbb", "les_cccccccc"
STEP = f"/werkstatt/lektionen/{LESSON}"


@pytest.fixture(autouse=True)
def course(db: Session, client: CheckingClient, shelf: Shelf, tmp_path: Path) -> None:
    """Two modules with two lessons and one, published; a trainer is signed in."""
    folder = small(tmp_path)
    third = TEXTS[SECOND].replace("les_bbbbbbbb", LESSON).replace("Zwei", "Drei").replace("probe", "andere")
    write(folder / "02-ende/01-drei.md", third)
    write(folder / "02-ende/modul.md", "---\nid: mod_bbbbbbbb\ntitel: Ende\n---\n\n[Drei](01-drei.md)\n")
    assert shelf.publish(folder).published
    sign_in(client, make_person(db, name="Jana Hellweg", roles=["trainer"]))


def test_a_module_whose_lessons_are_retired_goes_and_comes_back(client: CheckingClient, db: Session) -> None:
    whole, before = text(db, LAST).text, order(db)
    client.submit(f"{STEP}/zurueckziehen", {"base_revision": revision(db)})
    assert f'name="entfernen" value="{LAST}"' in client.get(HERE).text
    client.submit(f"{HERE}/module", {"entfernen": LAST, "base_revision": revision(db)})
    assert f'name="zurueckholen" value="{LAST}"' in client.get(HERE).text
    answer = client.submit(f"{STEP}/verwerfen", {"base_revision": revision(db)})
    assert answer.status_code == 422
    assert "Holen Sie zuerst das Modul dieser Lektion zurück." in answer.text
    client.submit(f"{HERE}/module", {"zurueckholen": LAST, "base_revision": revision(db)})
    assert "Das Modul ist zurück" in notices(client)
    client.submit(f"{STEP}/verwerfen", {"base_revision": revision(db)})
    found = text(db, LAST)
    assert (found.text, found.changed, order(db)) == (whole, False, before)


def test_it_stands_beside_a_new_one_of_its_name(client: CheckingClient, db: Session) -> None:
    client.submit(f"{STEP}/zurueckziehen", {"base_revision": revision(db)})
    client.submit(f"{HERE}/module", {"entfernen": LAST, "base_revision": revision(db)})
    client.submit(f"{HERE}/module", {"title": "Ende", "base_revision": revision(db)})
    answer = client.submit(f"{HERE}/module", {"zurueckholen": LAST, "base_revision": revision(db)})
    assert answer.status_code == 303
    found = text(db, LAST)
    assert (found.removed, found.path) == (False, "02-ende-2/modul.md")


@pytest.mark.parametrize("key", ["mod_aaaaaaaa", "mod_zzzzzzzz", LESSON])
@pytest.mark.parametrize("kind", ["sqlite"])  # no rule of a database is asked
def test_only_what_was_taken_away_comes_back(client: CheckingClient, db: Session, key: str) -> None:
    answer = client.submit(f"{HERE}/module", {"zurueckholen": key, "base_revision": revision(db)})
    assert answer.status_code == 404


def test_others_give_way_to_a_module_that_comes_back() -> None:
    files = {
        "01-a/modul.md": "---\nid: mod_aaaaaaaa\n---\n",
        "02-b/modul.md": "---\nid: mod_bbbbbbbb\n---\n\n[E](01-e.md)\n",
        "02-b/01-e.md": "---\nid: les_eeeeeeee\n---\n",
    }
    change = structure.module_back(files, "02-c/modul.md", "---\nid: mod_cccccccc\n---\n")
    assert sorted(change.files) == ["01-a/modul.md", "02-c/modul.md", "03-b/01-e.md", "03-b/modul.md"]
