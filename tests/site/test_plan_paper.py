"""The Fahrplan as PDF: her texts at their fields, and a sentence where no PDF comes about."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from learn.core import paper
from learn.markup.model import PlanField
from tests.client import CheckingClient
from tests.core.pdf_text import text_of
from tests.site import sensors
from tests.site.test_plans import PAGE, save

PDF = f"{PAGE}/fahrplan.pdf?plan=plan"


def test_the_pdf_says_what_is_saved_where_and_for_whom(learner: CheckingClient, sensoren: str) -> None:
    save(learner, **{"field-1": "Łódź, Ğüneş\r\nund Öffis 😀", "field-2": "Bauamt"})
    assert f'href="{PDF}"' in learner.get(PAGE).text
    assert f'href="{PDF}"' in learner.get(f"{PAGE}/fahrplan").text
    answer = learner.get(PDF)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="fahrplan-nutzen.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"pdfuaid" in answer.data
    told = text_of(answer.data)
    for words in ("Mein Fahrplan", "Sensoren", "Lindenhagen", "Anlass", "Was stört?", "Łódź, Ğüneş"):
        assert words in told
    for words in ("Die Schritte:", "Schritt", "Wer", "Fragen", "Bauamt", "[Grinning face]"):
        assert words in told


def test_earlier_entries_and_plans_that_are_gone_are_in_it(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    save(learner)
    plan = replace(sensors.PLAN, parts=(PlanField("Grund"), *sensors.PLAN.parts[1:]))
    sensors.publish(db, parts={"nutzen": (plan,)})
    told = text_of(learner.get(PDF).data)
    assert "Frühere Einträge" in told
    assert "Es zieht." in told
    sensors.publish(db, parts={"nutzen": ()})
    assert "Es zieht." in text_of(learner.get(PDF).data)
    assert learner.get(f"{PAGE}/fahrplan.pdf?plan=fremd").status_code == 404


def test_nobody_signed_in_gets_none_and_an_old_address_leads_on(
    client: CheckingClient, sensoren: str
) -> None:
    assert client.get(PDF).headers["Location"].startswith("/anmelden?weiter=")
    assert client.get(f"{sensoren}/messen/fahrplan.pdf").status_code == 303


def test_where_no_pdf_comes_about_the_page_says_so(
    learner: CheckingClient, sensoren: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(learner)
    monkeypatch.setattr(paper, "TYPESETTING", paper.TYPESETTING.with_name("gone.py"))
    learner.failing = True
    answer = learner.get(PDF)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Die PDF-Datei lässt sich nicht erzeugen." in answer.text
    assert "Es zieht." in answer.text


def test_mein_lernen_lists_her_plans(learner: CheckingClient, db: Session, sensoren: str) -> None:
    assert "Ihre Fahrpläne" not in learner.get("/lernen").text
    save(learner)
    page = learner.get("/lernen").text
    for words in (f'href="{PAGE}#fahrplan-plan">Nutzen', f'href="{PDF}"', "Kurs „Sensoren“. Gespeichert am"):
        assert words in page
    sensors.publish(db, sensors.ENTRIES[:2])
    page = learner.get("/lernen").text
    assert "<h3>Nutzen</h3>" in page
    assert "Die Lektion gehört nicht mehr zum Kurs." in page
