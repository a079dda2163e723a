"""Supplements of a Kommune: writing, who reads them, keeping their place over updates, telling of moves."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import moving
from learn.accounts.models import Person
from learn.core.db import Database
from learn.core.jobs import Work
from learn.courses import export, rollback
from learn.network.models import Municipality
from learn.notices import resolving
from learn.notices.models import Event, Notice
from learn.workshop import anchoring, supplements
from learn.workshop.models import Supplement
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, SECOND, Shelf, change, small
from tests.factories import make_municipality, make_person
from tests.site.forms import form

LESSON = "/kurse/kleiner-kurs/eins"
TEXT = "Fragen Sie **Frau Muster** im Bauamt."
BOX = "Ergänzung Ihrer Kommune: Stadt Olpe"
FORBIDDEN = re.compile("<script|onerror|href=.javascript|style=|hx-get|data-var|id=.text.|id=.fn-1.")
DRAWN = re.compile(r'(nonce|value|content)="[^"]*"')
MOVED = "Eine Ergänzung Ihrer Kommune steht jetzt an anderer Stelle"
GONE = "Die Überschrift „Das Erste“ gibt es nicht mehr. Die Ergänzung steht jetzt am Anfang der Lektion."


@pytest.fixture
def olpe(db: Session) -> Municipality:
    return make_municipality(db, name="Olpe", role="pionier")


@pytest.fixture
def folder(shelf: Shelf, tmp_path: Path) -> Path:
    """The folder of the published course."""
    course = small(tmp_path)
    assert shelf.publish(course).published
    return course


@pytest.fixture
def contact(db: Session, olpe: Municipality) -> Person:
    return make_person(db, municipality=olpe, roles=["expert"])


@pytest.fixture
def work(app: Flask, database: Database) -> Work:
    return Work(app.extensions["learn.config"], database)


def browser(app: Flask, person: Person) -> CheckingClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    sign_in(client, person)
    return client


@pytest.fixture
def writer(app: Flask, contact: Person, folder: Path) -> CheckingClient:
    """The contact's browser; the course is published."""
    return browser(app, contact)


def address(town: Municipality, lesson: str = "eins") -> str:
    return f"/kommunen/{town.ags}/kurse/kleiner-kurs/{lesson}/ergaenzung"


def write(
    client: CheckingClient,
    town: Municipality,
    body: str = TEXT,
    heading: str = "das-erste",
    at: str | None = None,
) -> int:
    """Fill in the form as it is shown, a new one or the one for `at`."""
    query = f"?stelle={at}" if at is not None else ""
    action, fields = form(client.get(address(town) + query).text, "/ergaenzung")
    sent = {**fields, "heading": heading, "body": body, "press": "speichern"}
    return client.submit(action, sent).status_code


def stored(db: Session) -> Supplement:
    db.expire_all()
    return db.scalars(select(Supplement)).one()


def test_a_supplement_stands_at_its_heading_for_the_kommune_alone(
    app: Flask, db: Session, client: CheckingClient, writer: CheckingClient, olpe: Municipality
) -> None:
    other = browser(app, make_person(db))
    assert write(writer, olpe) == 303
    colleague = browser(app, make_person(db, municipality=olpe))
    page = colleague.get(LESSON).text
    assert page.index('id="s-das-erste"') < page.index(BOX) < page.index("Ein Satz über")
    assert "<strong>Frau Muster</strong>" in page
    assert "Ergänzung bearbeiten" not in page
    assert "Ergänzung bearbeiten" in writer.get(LESSON).text
    assert BOX in colleague.get("/kurse/kleiner-kurs/druck").text
    for each in (client, other):
        for path in (LESSON, "/kurse/kleiner-kurs", "/kurse/kleiner-kurs/druck", "/forum/feed"):
            assert "Muster" not in each.get(path).text, path
        assert "nichts gefunden" in each.get("/suche?q=Bauamt").text


def test_no_byte_changes_for_others(
    client: CheckingClient, shelf: Shelf, writer: CheckingClient, olpe: Municipality, tmp_path: Path
) -> None:
    paths = ("/kurse/kleiner-kurs/druck", "/vokabelheft/takt", "/kurse", "/kommunen")
    before = [DRAWN.sub("", client.get(path).text) for path in paths]
    assert write(writer, olpe) == 303
    assert [DRAWN.sub("", client.get(path).text) for path in paths] == before
    with shelf.database.reading() as session:
        written = export.export(session, shelf.storage, "kleiner-kurs", tmp_path / "export")
    assert written
    assert not any(b"Muster" in path.read_bytes() for path in (tmp_path / "export").rglob("*.md"))


def test_the_preview_writes_nothing(db: Session, writer: CheckingClient, olpe: Municipality) -> None:
    action, fields = form(writer.get(address(olpe)).text, "/ergaenzung")
    answer = writer.submit(action, {**fields, "heading": "", "body": TEXT, "press": "vorschau"})
    assert answer.status_code == 200
    assert "<strong>Frau Muster</strong>" in answer.text
    assert TEXT in answer.text
    assert not db.scalars(select(Supplement)).all()


def test_the_preview_says_what_will_be_missing(writer: CheckingClient, olpe: Municipality) -> None:
    bodies = {
        "Gut <script>alert(1)</script> so.": ["Zeile 1: Nehmen Sie Markdown. &lt;script&gt; entfällt."],
        "\n\nText\n\n![](plan.png)": ["Zeile 5: Das Bild „plan.png“ erscheint nicht"],
        "Nur **Text** und [Hilfe](/hilfe).": [],
    }
    for body, sentences in bodies.items():
        form = {"number": "0", "base_revision": "0", "heading": "", "body": body, "press": "vorschau"}
        page = writer.submit(address(olpe), form).text
        assert [sentence for sentence in sentences if sentence not in page] == []
        assert page.count("<li>Zeile") == len(sentences), body


@pytest.mark.parametrize(
    ("body", "heading", "sentence"),
    [
        ("", "", supplements.EMPTY),
        ("<!-- nichts -->", "", supplements.EMPTY),
        ("x" * 8001, "", "Kürzen Sie auf 8.000 Zeichen."),
        ("Text", "nirgends", "Wählen Sie eine Stelle aus der Liste."),
    ],
)
def test_what_cannot_be_stored_is_kept_in_the_form(
    db: Session, writer: CheckingClient, olpe: Municipality, body: str, heading: str, sentence: str
) -> None:
    answer = writer.submit(address(olpe), {"body": body, "heading": heading})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Fehler:" in answer.text
    assert body.replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert not db.scalars(select(Supplement)).all()


def test_hostile_markdown_is_cleaned_and_its_ids_meet_nothing(
    writer: CheckingClient, olpe: Municipality
) -> None:
    body = (
        "# Eins\n\n#### Vier\n\n<script>alert(1)</script> <img src=x onerror=alert(1)> "
        '[a](javascript:alert(1)) <span data-var="x" style="x">s</span>\n\nFußnote[^1]\n\n[^1]: hier\n\n'
        '<p id="text" hx-get="/x">p</p>'
    )
    assert write(writer, olpe, body) == 303
    page = writer.get(LESSON).text  # the client checks that ids are unique
    box = page[page.index(BOX) : page.index("Ergänzung bearbeiten")]
    assert "hx-ignore" in box
    assert not FORBIDDEN.search(box)
    assert re.findall("<h[1-6](?= id=)", box) == ["<h3", "<h4"]


def test_a_text_outlives_its_session(db: Session, writer: CheckingClient, olpe: Municipality) -> None:
    action, fields = form(writer.get(address(olpe)).text, "/ergaenzung")
    with writer.session_transaction() as cookie:
        token = cookie.pop("_user_id")
    origin = {"Origin": "http://localhost", "Referer": f"http://localhost{address(olpe)}"}
    answer = writer.submit(action, {**fields, "heading": "das-erste", "body": TEXT}, headers=origin)
    assert answer.headers["Location"].startswith("/anmelden?weiter=")
    with writer.session_transaction() as cookie:
        cookie["_user_id"] = token
    back = writer.get(address(olpe)).text
    assert "Ihr Text ist noch da." in back
    assert TEXT in back
    assert 'value="das-erste" selected' in back
    assert "Jetzt senden" not in back
    assert not db.scalars(select(Supplement)).all()


def test_two_contacts_get_both_texts(
    app: Flask, db: Session, writer: CheckingClient, olpe: Municipality
) -> None:
    assert write(writer, olpe) == 303
    action, fields = form(writer.get(address(olpe) + "?stelle=das-erste").text, "/ergaenzung")
    second = browser(app, make_person(db, municipality=olpe, roles=["expert"]))
    assert write(second, olpe, "Anders.", at="das-erste") == 303
    answer = writer.submit(action, {**fields, "heading": "das-erste", "body": "Meins."})
    assert answer.status_code == 409
    assert [words for words in ("Anders.", "Meins.") if words not in answer.text] == []
    assert stored(db).body == "Anders."
    _action, again = form(answer.text, "/ergaenzung")
    assert writer.submit(action, {**again, "heading": "das-erste", "body": "Meins."}).status_code == 303
    assert (stored(db).body, stored(db).revision) == ("Meins.", 3)
    fresh = second.submit(address(olpe), {"heading": "das-erste", "body": "Neu."})
    assert fresh.status_code == 409, "somebody was first at this place"


def test_sent_twice_is_one_and_a_place_holds_one(
    db: Session, writer: CheckingClient, olpe: Municipality
) -> None:
    for _ in range(2):
        assert writer.submit(address(olpe), {"heading": "das-erste", "body": TEXT}).status_code == 303
    assert stored(db).revision == 1
    assert write(writer, olpe, "Am Anfang.", heading="") == 303
    action, fields = form(writer.get(address(olpe) + "?stelle=").text, "/ergaenzung")
    answer = writer.submit(action, {**fields, "heading": "das-erste", "body": "Am Anfang."})
    assert answer.status_code == 422
    assert supplements.TAKEN in answer.text


def test_removing_asks_first_and_sees_what_changed(
    db: Session, writer: CheckingClient, olpe: Municipality
) -> None:
    assert write(writer, olpe) == 303
    number = stored(db).id
    page = writer.get(f"{address(olpe)}/entfernen?number={number}").text
    assert "Ergänzung entfernen?" in page
    action, fields = form(page, "/entfernen")
    assert write(writer, olpe, "Anders.", at="das-erste") == 303
    assert writer.submit(action, fields).status_code == 409
    action, fields = form(writer.get(f"{address(olpe)}/entfernen?number={number}").text, "/entfernen")
    assert writer.submit(action, fields).status_code == 303
    assert not db.scalars(select(Supplement)).all()
    assert BOX not in writer.get(LESSON).text
    assert writer.submit(action, fields).status_code == 404


def test_another_town_cannot_reach_a_supplement_by_its_number(
    app: Flask, db: Session, writer: CheckingClient, olpe: Municipality
) -> None:
    assert write(writer, olpe) == 303
    town = make_municipality(db, name="Soest", role="pionier")
    other = browser(app, make_person(db, municipality=town, roles=["expert"]))
    number = stored(db).id
    assert other.get(f"{address(town)}/entfernen?number={number}").status_code == 404
    fields = {"number": str(number), "base_revision": "1"}
    assert other.submit(f"{address(town)}/entfernen", fields).status_code == 404
    assert other.submit(address(town), {**fields, "heading": "das-erste", "body": "Soest"}).status_code == 303
    db.expire_all()
    assert sorted(row.body for row in db.scalars(select(Supplement))) == [TEXT, "Soest"]


def lines(db: Session, work: Work, person: Person) -> list[Notice]:
    """The person's lines after the worker has told everybody."""
    for event in db.scalars(select(Event).where(~Event.resolved)).all():
        resolving.resolve(work, event_id=event.id)
    db.expire_all()
    return list(db.scalars(select(Notice).where(Notice.person_id == person.id)))


def test_a_supplement_whose_heading_goes_stands_at_the_lesson_and_says_so_once(
    db: Session,
    shelf: Shelf,
    work: Work,
    writer: CheckingClient,
    contact: Person,
    olpe: Municipality,
    folder: Path,
) -> None:
    assert write(writer, olpe) == 303
    change(folder / FIRST, "## Das Erste", "## Ganz neu")
    assert shelf.publish(folder).published
    page = writer.get(LESSON).text
    assert page.index(BOX) < page.index('id="s-ganz-neu"'), "at once, before the job has run"
    assert "Zum Abschnitt „Das Erste“" in page
    assert GONE in writer.get(f"/kommunen/{olpe.ags}/kurse/kleiner-kurs").text
    anchoring.place(work)
    anchoring.place(work)
    (line,) = lines(db, work, contact)
    assert (line.subject, line.done) == (f"ergaenzung:{stored(db).id}", False)
    listed = writer.get("/mitteilungen").text
    assert MOVED in listed
    assert f"/kommunen/{olpe.ags}/kurse/kleiner-kurs#ergaenzungen" in listed
    assert "Stelle prüfen" in writer.get(f"/kommunen/{olpe.ags}/kurse").text
    with work.database.writing() as session:
        rollback.roll_back(session, "kleiner-kurs")
    anchoring.place(work)
    assert stored(db).place == "stelle"
    page = writer.get(LESSON).text
    assert page.index('id="s-das-erste"') < page.index(BOX)


def test_a_renamed_slug_with_the_same_words_is_no_move(
    db: Session,
    shelf: Shelf,
    work: Work,
    writer: CheckingClient,
    contact: Person,
    olpe: Municipality,
    folder: Path,
) -> None:
    assert write(writer, olpe) == 303
    change(folder / FIRST, "## Das Erste", "## Das Erste!\n\nVorab.\n\n### Das Erste")
    row = stored(db)
    row.slug = "frueher"
    db.flush()
    assert shelf.publish(folder).published
    anchoring.place(work)
    assert stored(db).place == "text"
    assert lines(db, work, contact) == []
    page = writer.get(LESSON).text
    assert page.index("Vorab.") < page.index(BOX)


def test_a_supplement_of_a_retired_lesson_stands_at_the_course(
    app: Flask,
    db: Session,
    shelf: Shelf,
    work: Work,
    writer: CheckingClient,
    contact: Person,
    olpe: Municipality,
    folder: Path,
) -> None:
    assert write(writer, olpe) == 303
    change(folder / SECOND, "dauer: 6min", "dauer: 6min\nersetzt: [les_aaaaaaaa]")
    change(folder / SECOND, "\nvoraussetzung: [vorige]", "")
    (folder / FIRST).unlink()
    (folder / "01-anfang/bilder/kasten.svg").unlink()
    report = shelf.publish(folder)
    assert report.published, report.findings
    anchoring.place(work)
    assert stored(db).place == "kurs"
    assert len(lines(db, work, contact)) == 1
    assert "Die Lektion dazu gehört nicht mehr zum Kurs." in writer.get("/kurse/kleiner-kurs").text
    assert BOX in writer.get(LESSON).text, "the retired lesson stays readable"
    page = writer.get(f"/kommunen/{olpe.ags}/kurse/kleiner-kurs").text
    assert "Die Ergänzung steht jetzt auf der Kursseite." in page
    assert writer.get(address(olpe) + "?stelle=das-erste").status_code == 200


def test_who_changes_her_kommune_reads_what_the_new_one_adds(
    app: Flask, db: Session, writer: CheckingClient, contact: Person, olpe: Municipality
) -> None:
    assert write(writer, olpe) == 303
    arnsberg = make_municipality(db)
    colleague = make_person(db, municipality=olpe)
    client = browser(app, colleague)
    assert BOX in client.get(LESSON).text
    for person in (colleague, contact):
        moving.move(db, db.merge(person), arnsberg)
    db.flush()
    for each in (browser(app, colleague), browser(app, contact)):
        assert BOX not in each.get(LESSON).text
        assert each.get(address(olpe)).status_code == 403, "what she wrote stays with the Kommune"
        assert each.get(address(arnsberg)).status_code == 403, "nor does she write for the new one"
    assert stored(db).municipality_id == olpe.id


def test_without_a_contact_the_koordination_hears_of_a_move(
    db: Session,
    work: Work,
    writer: CheckingClient,
    contact: Person,
    olpe: Municipality,
    shelf: Shelf,
    folder: Path,
) -> None:
    karla = make_person(db, roles=["coordinator"])
    assert write(writer, olpe) == 303
    contact.active = False
    db.merge(contact)
    db.flush()
    change(folder / FIRST, "## Das Erste", "## Ganz neu")
    shelf.publish(folder)
    anchoring.place(work)
    assert len(lines(db, work, karla)) == 1
    assert lines(db, work, contact) == []


def test_supplements_are_rendered_anew_from_their_source(
    db: Session, work: Work, writer: CheckingClient, olpe: Municipality
) -> None:
    assert write(writer, olpe) == 303
    row = stored(db)
    row.renderer, row.html = 0, "<p>alt</p>"
    db.flush()
    supplements.render_anew(work)
    assert "<strong>Frau Muster</strong>" in stored(db).html
    assert stored(db).renderer > 0
