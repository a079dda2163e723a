"""Pages of Nachweise: issued on request, shown to whom she likes, withdrawn; nobody else learns of them."""

import re
import time

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.courses.library import CACHE
from learn.courses.models import Course, Release
from learn.learning.models import Certificate, CertificateStatus
from tests.client import CheckingClient, sign_in
from tests.core.pdf_text import text_of
from tests.factories import make_person
from tests.site.forms import form
from tests.site.test_lesson import begin, complete, tick

OWN = "/lernen/nachweise"
UNKNOWN = "0" * 32
NAME = "Đặng Şükrü Łukasz Ēriks Žižková"


@pytest.fixture
def jana(jana: Person, db: Session) -> Person:
    """Somebody whose name needs more than German letters."""
    jana.name = NAME
    db.flush()
    return jana


@pytest.fixture
def finished(learner: CheckingClient, sensoren: str) -> CheckingClient:
    """A browser whose person has finished the course."""
    begin(learner)
    complete(learner, f"{sensoren}/messen")
    tick(learner)
    complete(learner, f"{sensoren}/montieren")
    return learner


def issue(browser: CheckingClient, **fields: str) -> str:
    """Issue the Nachweis of the course; its code."""
    answer = browser.submit(OWN, {"kurs": "kur_sensoren", **fields})
    assert answer.status_code == 303
    found = re.fullmatch(r"/lernen/nachweise#n-([0-9a-f]{32})", answer.headers["Location"])
    assert found
    return found[1]


def stranger(app: Flask, db: Session) -> CheckingClient:
    """The browser of another person."""
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    sign_in(client, make_person(db, name="Kim Erfunden"))
    return client


def visitor(app: Flask) -> CheckingClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    return client


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_none_is_issued_before_the_end(learner: CheckingClient, sensoren: str) -> None:
    assert "Noch kein Kurs abgeschlossen." in learner.get(OWN).text
    assert learner.submit(OWN, {"kurs": "kur_sensoren"}).status_code == 422
    begin(learner)
    assert learner.submit(OWN, {"kurs": "kur_sensoren"}).status_code == 422
    assert learner.submit(OWN, {}).status_code == 422


def test_it_is_offered_at_the_end_and_issued_once(
    finished: CheckingClient, db: Session, sensoren: str
) -> None:
    end = finished.get(f"{sensoren}/abschluss").text
    assert f"auf den Namen {NAME}" in end
    assert db.scalars(select(Certificate)).all() == []
    listed = finished.get(OWN).text
    assert NAME in words(listed)
    action, fields = form(listed, "/lernen/nachweise", kurs="kur_sensoren")
    assert form(end, "/lernen/nachweise") == (action, fields)
    assert finished.submit(action, fields).headers["Location"] == f"{OWN}#n-{issue(finished)}"
    code = db.scalars(select(Certificate.code)).one()
    assert f'id="n-{code}"' in finished.get(OWN).text
    assert f"{OWN}#n-{code}" in finished.get(f"{sensoren}/abschluss").text
    assert "ausstellen" not in words(finished.get(OWN).text)


def test_the_course_page_leads_to_it(finished: CheckingClient, sensoren: str) -> None:
    assert f'href="{OWN}"' in finished.get(sensoren).text.partition("<main")[2]


def test_the_paper_says_it_all(finished: CheckingClient, db: Session) -> None:
    code = issue(finished)
    begun = time.perf_counter()
    answer = finished.get(f"{OWN}/{code}.pdf")
    assert time.perf_counter() - begun < 3
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    for part in (b"/StructTreeRoot", b"/Lang(de-DE)", b"/DisplayDocTitle true", b"pdfuaid", b"/Alt"):
        assert part in answer.data
    shown = text_of(answer.data)
    address = f"http://localhost/nachweise/{code}"
    said = (NAME, "Sensoren", "12 Minuten", "Messen", "Montieren", "Nutzen", "Grundlagen", "CC0 1.0", address)
    assert [
        each for each in said if each.replace(" ", "") not in shown.replace(" ", "").replace("\xa0", "")
    ] == []
    assert address.encode() in answer.data


def test_a_paper_of_sixty_lessons_breaks_between_pages(finished: CheckingClient, db: Session) -> None:
    code = issue(finished)
    row = db.scalars(select(Certificate)).one()
    lesson = {"title": "Was ein Funknetz kann", "minutes": 10, "required": True}
    row.sheet = {**row.sheet, "modules": [{"title": "Alles", "lessons": [lesson] * 60}], "test": True}
    db.flush()
    made = finished.get(f"{OWN}/{code}.pdf").data
    assert len(re.findall(rb"/Type/Page\b", made)) in {3, 4}
    assert text_of(made).count("Was ein Funknetz kann") == 60
    assert "bestanden" in text_of(made)


def test_signs_without_a_font_are_named_but_never_in_a_name(finished: CheckingClient, db: Session) -> None:
    code = issue(finished)
    row = db.scalars(select(Certificate)).one()
    row.sheet = {**row.sheet, "outcome": "Sie messen 文."}
    db.flush()
    assert finished.get(f"{OWN}/{code}.pdf").status_code == 200
    row.name = "文 Hellweg"
    db.flush()
    finished.failing = True
    answer = finished.get(f"{OWN}/{code}.pdf")
    assert answer.status_code == 503
    assert "In der PDF-Datei fehlt die Schrift für diese Zeichen Ihres Namens: 文." in words(answer.text)
    assert "Der Nachweis gilt trotzdem." in words(answer.text)


def test_everybody_with_the_address_may_check_it(app: Flask, finished: CheckingClient) -> None:
    code = issue(finished)
    page = visitor(app).get(f"/nachweise/{code}").text
    for said in ("Dieser Nachweis ist gültig.", "Sensoren", "12 Minuten", "Montieren", "messen", "CC0 1.0"):
        assert said in words(page)
    assert NAME not in page
    assert "jana" not in page.casefold()
    assert '<meta name="robots" content="noindex">' in page
    assert finished.submit(f"{OWN}/{code}", {"named": "ja"}).status_code == 303
    assert NAME in words(visitor(app).get(f"/nachweise/{code}").text)
    assert finished.submit(f"{OWN}/{code}", {}).status_code == 303
    assert NAME not in visitor(app).get(f"/nachweise/{code}").text


def test_it_stays_valid_when_the_course_or_the_account_rests(
    app: Flask, finished: CheckingClient, db: Session, jana: Person
) -> None:
    code = issue(finished, named="ja")
    before = visitor(app).get(f"/nachweise/{code}")
    jana.active = False
    db.scalars(select(Course)).one().release_id = None
    db.flush()
    CACHE.clear()
    page = visitor(app).get(f"/nachweise/{code}")
    assert page.status_code == 200
    assert words(page.text) == words(before.text)
    assert "/kurse/sensoren" not in page.text
    assert db.scalars(select(Release)).all()


def test_withdrawn_unknown_and_malformed_are_one_answer(
    app: Flask, finished: CheckingClient, db: Session
) -> None:
    code = issue(finished, named="ja")
    asked = finished.get(f"{OWN}/{code}/zurueckziehen").text
    assert "wird für immer ungültig" in asked
    action, fields = form(asked, f"{code}/zurueckziehen")
    answer = finished.submit(action, fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, OWN)
    assert finished.submit(action, fields).status_code == 404
    assert db.scalars(select(CertificateStatus.revoked)).all() == [True]
    codes = (code, UNKNOWN, "x", "A" * 32, "0" * 5000, "%20", "ä")
    answers = [visitor(app).get(f"/nachweise/{each}") for each in codes]
    assert {each.status_code for each in answers} == {404}
    assert len({NONCE.sub("", each.text) for each in answers}) == 1
    assert "Kein gültiger Nachweis" in answers[0].text
    assert '<meta name="robots" content="noindex">' in answers[0].text


NONCE = re.compile(r' nonce="[^"]*"')


def test_nobody_else_reaches_it(app: Flask, finished: CheckingClient, db: Session) -> None:
    code = issue(finished)
    other = stranger(app, db)
    for path in (f"{OWN}/{code}.pdf", f"{OWN}/{code}/zurueckziehen"):
        assert other.get(path).status_code == 404
        assert visitor(app).get(path).status_code == 303
    for path in (f"{OWN}/{code}", f"{OWN}/{code}/zurueckziehen"):
        assert other.submit(path, {"named": "ja"}).status_code == 404
    assert code not in other.get(OWN).text
    assert finished.get(OWN).text.count(code)


def test_closing_an_account_says_what_becomes_invalid(finished: CheckingClient) -> None:
    before = finished.get("/konto/daten/loeschen").text
    assert OWN not in before.partition("<main")[2]
    code = issue(finished)
    assert "1 Nachweis wird ungültig." in words(finished.get("/konto/daten/loeschen").text)
    finished.submit(f"{OWN}/{code}", {"kept": "ja"})
    after = words(finished.get("/konto/daten/loeschen").text)
    assert "1 Prüfseite bleibt." in after
    assert "ungültig" not in after
    assert "Sie bleibt, auch wenn Sie Ihr Konto löschen." in words(finished.get(OWN).text)


def test_the_badge_follows_the_choice_of_the_name(finished: CheckingClient, db: Session) -> None:
    code = issue(finished)
    first = db.scalars(select(Certificate.credential)).one()
    assert first.count(".") == 2
    assert f"{OWN}/{code}.png" in finished.get(OWN).text
    finished.submit(f"{OWN}/{code}", {"kept": "ja"})
    db.expire_all()
    assert db.scalars(select(Certificate.credential)).one() == first
    finished.submit(f"{OWN}/{code}", {"named": "ja"})
    db.expire_all()
    assert db.scalars(select(Certificate.credential)).one() != first
