"""Two people save one text: what both changed comes together in the fields; nothing is saved half-decided."""

import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.workshop import copies, forms, saving, uniting
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, TEXTS, Shelf, small
from tests.factories import make_person
from tests.workshop.test_editing import fields

ONE = "les_aaaaaaaa"
HERE = f"/werkstatt/lektionen/{ONE}"
BASE = TEXTS[FIRST]


@pytest.fixture(autouse=True)
def course(db: Session, client: CheckingClient, shelf: Shelf, tmp_path: Path) -> None:
    """The tiny course, published; Jana has signed in."""
    assert shelf.publish(small(tmp_path)).published
    sign_in(client, make_person(db, name="Jana Hellweg", roles=["trainer"]))


def save_as_tom(db: Session, text: str) -> None:
    tom = make_person(db, name="Tom Berg", roles=["trainer"])
    actor = Actor(tom.id, "Tom Berg", roles=frozenset({"trainer"}))
    now = copies.text(db, ONE)
    assert now is not None
    saving.save(db, actor, ONE, text, base_revision=now.revision)
    db.commit()


def clashing(client: CheckingClient, form: dict[str, str], old: str, new: str) -> dict[str, str]:
    """The fields of the page that shows both texts."""
    answer = client.submit(HERE, {**form, "body": form["body"].replace(old, new)})
    assert answer.status_code == 409
    return fields(answer.text)


def stored(db: Session) -> str:
    db.expire_all()
    found = copies.text(db, ONE)
    assert found is not None
    return found.text


def test_changes_at_different_places_come_together(db: Session, client: CheckingClient) -> None:
    form = fields(client.get(HERE).text)
    theirs = BASE.replace("eine Liste", "zwei Listen").replace("dauer: 5min", "dauer: 7min")
    save_as_tom(db, theirs)
    both = clashing(client, {**form, "title": "Ganz eins"}, "Ein Satz", "Mein Satz")
    answer = client.submit(HERE, {**both, "press": "zusammen"})
    assert (answer.status_code, "Lesen Sie ihn noch einmal" in answer.text) == (200, True)
    made = fields(answer.text)
    assert (made["title"], made["duration"]) == ("Ganz eins", "7")
    assert stored(db) == theirs
    assert client.submit(HERE, {**made, "press": "speichern"}).status_code == 303
    expected = theirs.replace("Ein Satz", "Mein Satz").replace("titel: Eins", "titel: Ganz eins")
    assert stored(db) == expected


def test_where_both_changed_a_line_somebody_decides(db: Session, client: CheckingClient) -> None:
    form = fields(client.get(HERE).text)
    save_as_tom(db, BASE.replace("Ein Satz", "Toms Satz"))
    both = clashing(client, form, "Ein Satz", "Mein Satz")
    answer = client.submit(HERE, {**both, "press": "zusammen"})
    made = fields(answer.text)
    marked = made["body"].split("\n")
    at = uniting.undecided(made["body"])
    assert [marked[at - 1], marked[at + 1], marked[at + 3]] == list(uniting.MARKS)
    assert (marked[at][:9], marked[at + 2][:9]) == ("Mein Satz", "Toms Satz")
    link = re.search(r'href="#body" data-line="(\d+)"[^>]*>Zur Zeile', unescape(answer.text))
    assert link is not None
    refused = client.submit(HERE, {**made, "press": "speichern"})
    assert (refused.status_code, "stehen noch beide Fassungen" in refused.text) == (422, True)
    assert "»»»»»" in fields(client.get(HERE).text)["body"]  # kept, as if it were being typed
    decided = "\n".join(line for line in marked if line not in uniting.MARKS)
    assert client.submit(HERE, {**made, "body": decided, "press": "speichern"}).status_code == 303
    assert "Mein Satz" in stored(db)
    assert "Toms Satz" in stored(db)


def test_a_text_that_was_begun_later_has_its_own_base(db: Session, client: CheckingClient) -> None:
    save_as_tom(db, BASE.replace("Das Erste", "Das Allererste"))
    form = fields(client.get(HERE).text)
    save_as_tom(db, stored(db).replace("eine Liste", "zwei Listen"))
    both = clashing(client, form, "Das Allererste", "Der Anfang")
    made = fields(client.submit(HERE, {**both, "press": "zusammen"}).text)
    assert uniting.undecided(made["body"]) == 0
    assert "## Der Anfang" in made["body"]
    assert "zwei Listen" in made["body"]


def test_without_a_base_nothing_is_left_out() -> None:
    mine = forms.of_text(ONE, BASE.replace("Ein Satz", "Mein Satz").replace("Das Erste", "Das Allererste"))
    made = uniting.united(ONE, None, mine, BASE.replace("eine Liste", "zwei Listen"))
    assert made is not None
    for words in ("Mein Satz", "Ein Satz", "Das Erste", "Das Allererste", "eine Liste", "zwei Listen"):
        assert words in made.body
