"""Texts are drawn for each person in turns, and long ones count as many tries: others notice little."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core.limits import Limit
from learn.core.pace import Pace, Turns
from learn.network.models import Municipality
from learn.workshop.views import editing, shared
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, TEXTS, Shelf, change, small
from tests.factories import make_municipality, make_person
from tests.workshop.drafts import COURSE, ONE, TWO
from tests.workshop.test_editing import fields

HERE = f"/werkstatt/lektionen/{ONE}"
PARTIAL = {"HX-Request": "1"}


@pytest.fixture
def author(db: Session, client: CheckingClient, shelf: Shelf, tmp_path: Path) -> Person:
    """An author of Olpe before the small course, its first lesson with two headings."""
    course = small(tmp_path)
    change(course / FIRST, "## Das Erste", "## Vorab\n\nEin Wort.\n\n## Das Erste")
    assert shelf.publish(course).published
    found = make_person(db, municipality=make_municipality(db, name="Olpe"), roles=["trainer", "expert"])
    sign_in(client, found)
    return found


@pytest.fixture(autouse=True)
def turns(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """Turns for which nobody waits, and tries that nobody has spent."""
    found = Turns(patience=0)
    monkeypatch.setattr(shared, "DRAWING", found)
    monkeypatch.setattr(editing, "PREVIEWS", Pace(Limit("workshop-preview", tries=30, seconds=60)))
    monkeypatch.setattr(editing, "LOOKS", Pace(Limit("workshop-looks", tries=60, seconds=60)))
    return found


def test_pages_that_draw_take_turns(
    client: CheckingClient, db: Session, author: Person, turns: Turns
) -> None:
    town = db.get_one(Municipality, author.municipality_id)
    supplement = f"/kommunen/{town.ags}/kurse/kleiner-kurs/eins/ergaenzung"
    pages = [f"{HERE}/teilen", f"/werkstatt/kurse/{COURSE}/freigabe", f"{HERE}/ansicht"]
    texts = {
        f"{HERE}?vorschau=1": fields(client.get(HERE).text),
        f"{HERE}/zusammenlegen": {"title": "Beides", "mit": TWO, "base_revision": "0"},
        supplement: {"body": "Wir.", "heading": "", "press": "vorschau"},
    }
    with turns.one(str(author.id)):
        assert [client.get(page).status_code for page in pages] == [429] * len(pages)
        for address, form in texts.items():
            assert client.submit(address, form, headers=PARTIAL).status_code == 429, address
        assert 'id="pruefung"' not in client.get(HERE).text, "the text is there, its preview is not"
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    for address, form in texts.items():
        assert client.submit(address, form, headers=PARTIAL).status_code in {200, 303, 409}, address


@pytest.mark.usefixtures("in_one_window")
def test_long_texts_are_soon_enough(client: CheckingClient, author: Person) -> None:
    assert author.id
    form = fields(client.get(HERE).text)

    def previewed(body: str) -> int:
        sent = {**form, "body": body}
        return client.submit(f"{HERE}?vorschau=1", sent, headers=PARTIAL).status_code

    for _ in range(3):
        assert previewed("Sieben. " * 3_750) == 200, "30 KB count as one"
    assert previewed("Sieben. " * 30_000) == 200, "as fourteen"
    assert previewed("Sieben. " * 30_000) == 429


def test_every_lesson_of_a_usual_length_is_one_try() -> None:
    assert [shared.cost("x" * size) for size in (0, 30_000, 64_000, 256_000)] == [1, 1, 3, 15]
    assert shared.cost(TEXTS[FIRST]) == 1
