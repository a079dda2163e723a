"""The editor: fields and file, saving with both texts on a clash, what is typed is kept and offered again."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core.access import Actor
from learn.core.db import Database
from learn.core.limits import Limit
from learn.core.models import SignIn
from learn.core.pace import Pace
from learn.workshop import copies, forms, saving
from learn.workshop.models import Autosave, WorkCourse, WorkText
from learn.workshop.views import editing
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, TEXTS, Shelf, small
from tests.factories import make_person

COURSE, ONE, TWO, PLAIN = "kur_aaaaaaaa", "les_aaaaaaaa", "les_bbbbbbbb", "les_aaaaaaaa/einfach"
HERE = f"/werkstatt/lektionen/{ONE}"
OWN = {"Origin": "http://localhost"}
BODY = TEXTS[FIRST].split("---\n\n", 1)[1]


@pytest.fixture
def author(db: Session, client: CheckingClient) -> Person:
    found = make_person(db, name="Jana Hellweg", roles=["trainer"])
    sign_in(client, found)
    return found


@pytest.fixture(autouse=True)
def course(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The tiny course, published, where a test uses a database."""
    if "db" in request.fixturenames:
        shelf: Shelf = request.getfixturevalue("shelf")
        assert shelf.publish(small(tmp_path)).published


@pytest.fixture(autouse=True)
def patience() -> None:
    """Nobody has looked at a preview yet; people of different tests share their numbers."""
    for pace in (editing.PREVIEWS, editing.LOOKS, editing.KEEPS):
        pace._tries.clear()


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the editor's form."""
    form = re.search(r'<form[^>]* id="editor".*?</form>', page, re.DOTALL)
    assert form is not None
    found = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name, value = re.search(r' name="(\w+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and not ('type="radio"' in tag and " checked" not in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL):
        found[name] = unescape(text)
    for name, inside in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    return found


def opened(client: CheckingClient, address: str = HERE) -> dict[str, str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return fields(answer.text)


def stored(db: Session, key: str = ONE) -> str:
    db.expire_all()
    found = copies.text(db, key)
    assert found is not None
    return found.text


# ---------- Saving ----------


def test_looking_writes_nothing_and_saving_keeps_all_other_lines(
    db: Session, client: CheckingClient, author: Person
) -> None:
    form = opened(client)
    assert (form["title"], form["duration"], form["body"]) == ("Eins", "5", BODY)
    assert db.scalar(select(func.count()).select_from(WorkCourse)) == 0
    answer = client.submit(
        HERE, {**form, "body": BODY.replace("Ein Satz", "Kein Satz"), "press": "speichern"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    assert stored(db) == TEXTS[FIRST].replace("Ein Satz", "Kein Satz")
    assert "Entwurf, gespeichert um" in client.get(HERE).text


def test_saving_what_is_there_changes_nothing(db: Session, client: CheckingClient, author: Person) -> None:
    assert client.submit(HERE, {**opened(client), "press": "speichern"}).status_code == 303
    assert db.scalar(select(func.count()).select_from(WorkText)) == 0


def test_giving_to_release_saves_first(db: Session, client: CheckingClient, author: Person) -> None:
    form = {**opened(client), "title": "Ganz neu", "press": "freigabe"}
    answer = client.submit(HERE, form)
    assert answer.headers["Location"] == f"/werkstatt/kurse/{COURSE}/freigabe"
    assert "titel: Ganz neu\n" in stored(db)


def test_the_second_saver_gets_both_texts(db: Session, client: CheckingClient, author: Person) -> None:
    form = opened(client)
    other = Actor(
        make_person(db, name="Tom Berg", roles=["trainer"]).id, "Tom Berg", roles=frozenset({"trainer"})
    )
    base = int(form["base_revision"])
    saving.save(db, other, ONE, TEXTS[FIRST].replace("Ein Satz", "Toms Satz"), base_revision=base)
    mine = {**form, "body": BODY.replace("Ein Satz", "Mein Satz"), "sequence": "3"}
    answer = client.submit(HERE, mine)
    assert answer.status_code == 409
    assert "hat eine andere Person gespeichert" in answer.text
    assert re.search(r"<del>.*?Toms</del>.*?<ins>.*?Mein</ins>", answer.text, re.DOTALL)
    kept = fields(answer.text)
    assert kept["body"] == mine["body"]
    assert "Mein Satz" in db.scalars(select(Autosave.text)).one()
    assert client.submit(HERE, kept).status_code == 303
    assert "Mein Satz" in stored(db)
    assert db.scalar(select(func.count()).select_from(Autosave)) == 0


def test_faults_keep_the_text(db: Session, client: CheckingClient, author: Person) -> None:
    answer = client.submit(HERE, {**opened(client), "title": "", "body": "Neues."})
    assert answer.status_code == 422
    assert 'aria-describedby="title-e' in answer.text
    assert answer.text.count("Schreiben Sie einen Titel mit 1 bis 120 Zeichen.") == 2
    assert fields(answer.text)["body"] == "Neues."
    assert "Fehler:" in answer.text
    assert stored(db) == TEXTS[FIRST]


def test_too_long_a_text_is_kept_and_too_large_a_form_refused(
    db: Session, client: CheckingClient, author: Person
) -> None:
    form = opened(client)
    answer = client.submit(HERE, {**form, "body": "ä" * 200_000})
    assert (answer.status_code, "256 KB" in answer.text) == (422, True)
    assert client.submit(HERE, {**form, "body": "x" * forms.LARGEST}).status_code == 413


def test_the_plain_version_begins_with_its_first_sentence(
    db: Session, client: CheckingClient, author: Person
) -> None:
    here = f"{HERE}?fassung=einfach"
    assert "<em>fehlt</em>" in client.get(HERE).text
    form = opened(client, here)
    assert form["body"] == ""
    assert client.submit(here, {**form, "body": "Ein kurzer Satz."}).headers["Location"] == here
    assert stored(db, PLAIN) == "---\nzu_ausgabe: 1\n---\n\nEin kurzer Satz.\n"
    page = client.get(HERE).text
    assert "<em>fehlt</em>" not in page
    assert "Ein kurzer Satz." in page  # beside the standard version


def test_two_people_begin_the_plain_version(db: Session, client: CheckingClient, author: Person) -> None:
    here = f"{HERE}?fassung=einfach"
    first, second = opened(client, here), opened(client, here)
    assert client.submit(here, {**first, "body": "Zuerst."}).status_code == 303
    answer = client.submit(here, {**second, "body": "Danach."})
    assert (answer.status_code, "Zuerst." in answer.text) == (409, True)


@pytest.mark.parametrize("key", [COURSE, "mod_aaaaaaaa", "glo_aaaaaaaa"])
def test_other_texts(db: Session, client: CheckingClient, author: Person, key: str) -> None:
    here = f"/werkstatt/texte/{key}"
    form = {**opened(client, here), "title": "Anders"}
    assert "0 Wörter" not in client.get(here).text  # nobody counts those of terms
    assert client.submit(here, form).headers["Location"] == here
    assert "titel: Anders\n" in stored(db, key)


def test_what_is_no_text_is_not_found(db: Session, client: CheckingClient, author: Person) -> None:
    gone = ("lektionen/les_zzzzzzzz", f"lektionen/{COURSE}", f"texte/{ONE}", "texte/x", "texte/kur_zzzzzzzz")
    for address in gone:
        assert client.get(f"/werkstatt/{address}").status_code == 404
        assert client.submit(f"/werkstatt/{address}/sichern", {"body": "x"}).status_code == 404


# ---------- Preview ----------


def test_the_preview_writes_nothing(db: Session, client: CheckingClient, author: Person) -> None:
    form = {**opened(client), "body": "## Nur hier\n\nGesehen."}
    whole = client.submit(f"{HERE}?vorschau=1", form)
    assert (whole.status_code, fields(whole.text)["body"]) == (200, "## Nur hier\n\nGesehen.")
    part = client.submit(f"{HERE}?vorschau=1", form, headers={"HX-Request": "true"})
    assert 'id="vorschau"' in part.text
    assert 'id="umfang"' in part.text
    assert "<textarea" not in part.text
    assert part.headers["Vary"].count("HX-Request") == 1
    assert "Nur hier" in part.text
    assert db.scalar(select(func.count()).select_from(WorkText)) == 0
    assert db.scalar(select(func.count()).select_from(Autosave)) == 0


@pytest.mark.usefixtures("in_one_window")
def test_previews_pause_but_the_text_stays(
    db: Session, client: CheckingClient, author: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "PREVIEWS", Pace(Limit("workshop-preview", tries=2, seconds=60)))
    form = {**opened(client), "body": "Bleibt."}
    for _ in range(2):
        assert client.submit(f"{HERE}?vorschau=1", form, headers={"HX-Request": "1"}).status_code == 200
    answer = client.submit(f"{HERE}?vorschau=1", form)
    assert (answer.status_code, fields(answer.text)["body"]) == (429, "Bleibt.")
    assert int(answer.headers["Retry-After"]) <= 61


# ---------- Keeping ----------


def keep(client: CheckingClient, form: dict[str, str], body: str, sequence: int) -> None:
    answer = client.submit(f"{HERE}/sichern", {**form, "body": body, "sequence": str(sequence)})
    assert answer.status_code == 200
    assert re.fullmatch("gesichert um \\d\\d:\\d\\d\u00a0Uhr", answer.text)
    assert answer.mimetype == "text/plain"


def test_what_is_typed_is_offered_again_and_given_up(
    db: Session, client: CheckingClient, author: Person
) -> None:
    form = opened(client)
    keep(client, form, "Zweiter Stand.", 2)
    keep(client, form, "Erster Stand.", 1)  # overtaken on its way
    page = client.get(HERE).text
    assert "Ungespeicherter Stand von" in page
    again = fields(page)
    assert (again["body"], again["adopted"]) == ("Zweiter Stand.\n", form["window"])
    assert stored(db) == TEXTS[FIRST]
    answer = client.submit(f"{HERE}/sichern", {**again, "press": "verwerfen"})
    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    assert opened(client)["body"] == BODY


def test_saving_forgets_the_state_it_was_made_from(
    db: Session, client: CheckingClient, author: Person
) -> None:
    keep(client, opened(client), "Von vorhin.", 1)
    again = opened(client)
    keep(client, again, "Von vorhin und jetzt.", 1)
    assert client.submit(HERE, {**again, "body": "Fertig."}).status_code == 303
    assert db.scalar(select(func.count()).select_from(Autosave)) == 0
    assert opened(client)["body"] == "Fertig.\n"


def test_two_windows_do_not_overwrite_each_other(db: Session, client: CheckingClient, author: Person) -> None:
    one, two = opened(client), opened(client)
    keep(client, one, "Fenster eins.", 5)
    keep(client, two, "Fenster zwei.", 1)
    assert {"Fenster eins" in text for text in db.scalars(select(Autosave.text))} == {True, False}
    assert client.submit(HERE, {**two, "body": "Fenster zwei."}).status_code == 303
    assert opened(client)["body"] == "Fenster zwei.\n"  # what she has just saved
    late = client.get(f"{HERE}?stand=ungespeichert").text
    assert fields(late)["body"] == "Fenster eins.\n"
    assert "Inzwischen wurde gespeichert" in late
    assert client.submit(HERE, fields(late)).status_code == 409


def test_nobody_else_sees_what_is_typed(
    app: Flask, db: Session, client: CheckingClient, author: Person
) -> None:
    keep(client, opened(client), "Nur für mich.", 1)
    other = app.test_client()
    sign_in(other, make_person(db, roles=["coordinator"]))
    assert "Nur für mich." not in other.get(HERE).text


@pytest.mark.parametrize("way", ["", "/sichern"])
def test_a_text_survives_the_end_of_the_session(
    db: Session, database: Database, client: CheckingClient, author: Person, way: str
) -> None:
    began = opened(client)
    keep(client, began, "Nach elf Stunden.", 1)
    form = {**began, "body": "Nach zwölf Stunden.", "sequence": "2"}
    with database.writing() as session:
        session.execute(delete(SignIn))
    answer = client.submit(HERE + way, form, headers={**OWN, "Referer": f"http://localhost{HERE}"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/anmelden?weiter={HERE}")
    sign_in(client, author)
    back = client.get(HERE).text
    assert "Ihr Text ist noch da." in back
    assert fields(back)["body"] == "Nach zwölf Stunden."
    assert "Nach zwölf Stunden." not in client.get(f"{HERE}?fassung=einfach").text.partition("<main")[0]
    assert client.submit(HERE, fields(back), headers=OWN).status_code == 303
    after = client.get(HERE).text
    assert "Ihr Text ist noch da." not in after
    assert "Ungespeicherter Stand" not in after.replace(" hidden", "").split("data-offer")[0]
