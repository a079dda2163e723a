"""Values of a Kommune: entering them, all places where they appear, who sees them, and nobody else."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.network.models import Municipality
from learn.workshop import towns
from learn.workshop.models import LocalValue
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, SECOND, Shelf, change, small, write
from tests.factories import make_municipality, make_person
from tests.site.forms import form
from tests.site.test_budgets import counted

COURSE = "kur_aaaaaaaa"
LESSON = "/kurse/kleiner-kurs/eins"
WORDS = "ihr Rathaus"


def with_values(folder: Path) -> Path:
    """The tiny course, asking for two values."""
    course = small(folder)
    change(
        course / "kurs.md",
        "lizenz: CC0-1.0",
        "lizenz: CC0-1.0\nwerte:\n  amt: So heißt Ihr Amt\n  tel: Nummer",
    )
    change(course / FIRST, "Ein Satz über", f"Fragen Sie [{WORDS}](var:amt). Ein Satz über")
    change(course / SECOND, "1. [x] Eine Zahl", f"1. [x] Eine Zahl für [{WORDS}](var:amt)")
    plain = "---\ntitel: Eins\nzu_ausgabe: 1\n---\n\n## Wer hilft\n\nDas macht [das Rathaus](var:amt).\n"
    write(course / FIRST.replace(".md", ".einfach.md"), plain)
    return course


@pytest.fixture
def olpe(db: Session) -> Municipality:
    return make_municipality(db, name="Olpe", role="pionier")


@pytest.fixture
def asking(shelf: Shelf, tmp_path: Path) -> Path:
    """The folder of the published course."""
    course = with_values(tmp_path)
    assert shelf.publish(course).published
    return course


@pytest.fixture
def contact(db: Session, olpe: Municipality) -> Person:
    return make_person(db, municipality=olpe, roles=["expert"])


def browser(app: Flask, person: Person) -> CheckingClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    sign_in(client, person)
    return client


def enter(client: CheckingClient, town: Municipality, **values: str) -> int:
    """Fill in the form as it is shown."""
    path = f"/kommunen/{town.ags}/kurse/kleiner-kurs"
    action, fields = form(client.get(path).text, path)
    return client.submit(
        action, {**fields, **{f"wert-{name}": text for name, text in values.items()}}
    ).status_code


def test_a_contact_enters_values_and_only_her_people_read_them(
    app: Flask, db: Session, client: CheckingClient, olpe: Municipality, contact: Person, asking: Path
) -> None:
    other = browser(app, make_person(db))
    before = [each.get(LESSON).text for each in (client, other)]
    assert enter(browser(app, contact), olpe, amt="das Olper Rathaus <b>") == 303
    assert dict(towns.values(db, olpe.id, COURSE)) == {"amt": "das Olper Rathaus <b>"}
    colleague = browser(app, make_person(db, municipality=olpe))
    shown = '<span class="sc-var" data-var="amt">das Olper Rathaus &lt;b&gt;</span>'
    for path in (
        LESSON,
        f"{LESSON}?fassung=einfach",
        "/kurse/kleiner-kurs/zwei",
        "/kurse/kleiner-kurs/druck",
    ):
        assert shown in colleague.get(path).text, path
    assert WORDS not in colleague.get("/kurse/kleiner-kurs/druck").text
    for each in (client, other):
        assert f'data-var="amt">{WORDS}</span>' in each.get("/kurse/kleiner-kurs/druck").text
    assert [neutral(each.get(LESSON).text) for each in (client, other)] == [neutral(text) for text in before]


def neutral(text: str) -> str:
    """A page without what is drawn for each request."""
    drawn = (
        'nonce="',
        'name="csrf_token" value="',
        'name="request_id" value="',
        'name="key" value="',
        'content="',
    )
    for mark in drawn:
        text = "".join(
            piece if index == 0 else mark + piece.partition('"')[2]
            for index, piece in enumerate(text.split(mark))
        )
    return text


def test_a_checked_question_bears_the_value_too(
    app: Flask, db: Session, olpe: Municipality, contact: Person, asking: Path
) -> None:
    client = browser(app, contact)
    assert enter(client, olpe, amt="das Olper Rathaus") == 303
    action, fields = form(client.get("/kurse/kleiner-kurs/zwei").text, "/pruefen")
    answer = client.submit(action, {**fields, "answer": "0"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Eine Zahl für" in answer.text
    assert "das Olper Rathaus" in answer.text


def test_the_form_shows_each_place_with_its_words(
    app: Flask, olpe: Municipality, contact: Person, asking: Path
) -> None:
    page = browser(app, contact).get(f"/kommunen/{olpe.ags}/kurse/kleiner-kurs").text
    assert "So heißt Ihr Amt" in page
    assert "3 Stellen im Kurs" in page
    assert f'Fragen Sie <span class="sc-var">{WORDS}</span>. Ein Satz' in page
    assert f"{LESSON}#s-das-erste" in page
    assert f"{LESSON}?fassung=einfach#s-wer-hilft" in page
    assert 'Eine Zahl für <span class="sc-var">' in page
    assert "Im Kurs kommt diese Angabe zurzeit nicht vor." in page, "tel is asked for and used nowhere"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [("x" * 201, "Kürzen Sie auf 200 Zeichen."), ("Rat\u202ehaus", "Zeichen, die man sehen kann")],
)
def test_what_cannot_stand_is_refused_and_kept(
    app: Flask, db: Session, olpe: Municipality, contact: Person, asking: Path, value: str, sentence: str
) -> None:
    client = browser(app, contact)
    answer = client.submit(f"/kommunen/{olpe.ags}/kurse/kleiner-kurs", {"wert-amt": value, "wert-tel": "112"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert value in answer.text
    assert 'value="112"' in answer.text
    assert "Fehler:" in answer.text
    assert not towns.values(db, olpe.id, COURSE)


def test_values_stored_meanwhile_are_shown_and_not_overwritten(
    app: Flask, db: Session, olpe: Municipality, contact: Person, asking: Path
) -> None:
    first, path = browser(app, contact), f"/kommunen/{olpe.ags}/kurse/kleiner-kurs"
    action, fields = form(first.get(path).text, path)
    second = browser(app, make_person(db, municipality=olpe, roles=["expert"]))
    assert enter(second, olpe, amt="Amt zwei") == 303
    answer = first.submit(action, {**fields, "wert-amt": "Amt eins"})
    assert answer.status_code == 409
    assert "Amt zwei" in answer.text
    assert 'value="Amt eins"' in answer.text
    assert towns.values(db, olpe.id, COURSE)["amt"] == "Amt zwei"
    _action, again = form(answer.text, path)
    assert first.submit(action, {**again, "wert-amt": "Amt eins"}).status_code == 303
    assert towns.values(db, olpe.id, COURSE)["amt"] == "Amt eins"


def test_values_outlive_their_session(app: Flask, olpe: Municipality, contact: Person, asking: Path) -> None:
    client, path = browser(app, contact), f"/kommunen/{olpe.ags}/kurse/kleiner-kurs"
    action, fields = form(client.get(path).text, path)
    with client.session_transaction() as cookie:
        token = cookie.pop("_user_id")
    origin = {"Origin": "http://localhost", "Referer": f"http://localhost{path}"}
    client.submit(action, {**fields, "wert-amt": "das Amt"}, headers=origin)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    back = client.get(path).text
    assert "Ihre Angaben sind noch da, aber noch nicht gespeichert." in back
    assert 'value="das Amt"' in back
    assert "Jetzt senden" not in back


def test_an_emptied_value_goes_and_one_of_a_former_course_stays(
    app: Flask, db: Session, shelf: Shelf, olpe: Municipality, contact: Person, asking: Path
) -> None:
    client = browser(app, contact)
    assert enter(client, olpe, amt="Amt", tel="112") == 303
    change(asking / "kurs.md", "\n  tel: Nummer", "")
    assert shelf.publish(asking).published
    assert enter(client, olpe, amt=" ") == 303
    assert dict(towns.values(db, olpe.id, COURSE)) == {"tel": "112"}
    rows = db.scalars(select(LocalValue)).all()
    assert [row.written_by for row in rows] == [contact.id]


def test_the_lists_lead_the_contact_there(
    app: Flask, db: Session, client: CheckingClient, olpe: Municipality, contact: Person, asking: Path
) -> None:
    mine, base = browser(app, contact), f"/kommunen/{olpe.ags}/kurse"
    assert enter(mine, olpe, amt="Amt") == 303
    assert f'href="{base}"' in mine.get(f"/kommunen/{olpe.ags}").text
    assert "1 von 2 Angaben eingetragen" in mine.get(base).text
    assert f'href="{base}/kleiner-kurs"' in mine.get("/kurse/kleiner-kurs").text
    assert f'href="{base}/kleiner-kurs/eins/ergaenzung"' in mine.get(LESSON).text
    assert f'href="{base}"' in mine.get("/konto").text
    colleague = browser(app, make_person(db, municipality=olpe))
    for each in (client, colleague):
        for path in (f"/kommunen/{olpe.ags}", "/kurse/kleiner-kurs", LESSON):
            assert base not in each.get(path).text, path
    assert base not in colleague.get("/konto").text


def test_the_koordination_enters_values_for_any_kommune(
    app: Flask, db: Session, olpe: Municipality, asking: Path
) -> None:
    karla = browser(app, make_person(db, roles=["coordinator"]))
    assert enter(karla, olpe, amt="das Olper Rathaus") == 303
    assert WORDS in karla.get(LESSON).text, "she belongs to another Kommune"
    stranger = browser(app, make_person(db, roles=["expert"]))
    assert stranger.get(f"/kommunen/{olpe.ags}/kurse/kleiner-kurs").status_code == 403


def test_one_statement_more_and_only_for_people_of_a_kommune_that_adds_something(
    app: Flask, db: Session, client: CheckingClient, olpe: Municipality, contact: Person, asking: Path
) -> None:
    colleague = browser(app, make_person(db, municipality=olpe))
    other = browser(app, make_person(db))

    def asked() -> list[int]:
        for each in (client, colleague, other):
            each.get(LESSON)
        return [counted(each, LESSON) for each in (client, colleague, other)]

    visitor, before, elsewhere = asked()
    assert enter(browser(app, contact), olpe, amt="Amt") == 303
    assert asked() == [visitor, before + 1, elsewhere]
