"""The log of moderation and what waits for an answer, at the desk."""

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from learn.core import clock
from learn.forum import counting, moderating, unanswered
from learn.forum.audience import Reader
from learn.forum.models import Moderation, Post, Question
from tests.client import CheckingClient
from tests.desk.forum import browser
from tests.factories import make_municipality
from tests.forum.factories import make_answer, make_question, make_reader

LOG = "/verwaltung/moderation"
WAITING = "/verwaltung/unbeantwortet"


@pytest.fixture
def karla(db: Session) -> Reader:
    return make_reader(db, "coordinator", name="Karla Probe")


@pytest.fixture
def jana(db: Session) -> Reader:
    return make_reader(db)


@pytest.fixture
def desk(app: Flask, db: Session) -> CheckingClient:
    return browser(app, db, "coordinator", name="Kurt")[0]


@pytest.fixture
def act(db: Session, karla: Reader, jana: Reader) -> Moderation:
    question = make_question(db, jana)
    return moderating.hide_post(db, karla, make_answer(db, jana, question), "Werbung <x>")


def test_the_log_says_when_what_where_why_and_by_whom(desk: CheckingClient, act: Moderation) -> None:
    page = desk.get(LOG).text
    for words in ("Ausgeblendet", "Beitrag 2", "Werbung &lt;x&gt;", "Karla Probe", "Wer hat Bodenfeuchte"):
        assert words in page
    assert f'href="/forum/moderation/{act.id}/zuruecknehmen"' in page


def test_it_is_filtered(
    desk: CheckingClient, db: Session, karla: Reader, jana: Reader, act: Moderation
) -> None:
    other = make_question(db, jana, title="Wie teuer ist das Gateway?")
    moderating.lock(db, karla, other, "Erledigt.")
    assert "Gateway" not in desk.get(f"{LOG}?was=ausblenden").text.partition("<main")[2]
    page = desk.get(f"{LOG}?frage=%23{other.id}").text.partition("<main")[2]
    assert "Erledigt." in page
    assert "Werbung" not in page
    assert "Kein Eingriff gefunden." in desk.get(f"{LOG}?widerspruch=offen").text
    assert desk.get(f"{LOG}?frage=zwölf").status_code == 422
    assert desk.get(f"{LOG}?was=unfug&nach=kaputt").status_code == 200


def test_an_objection_waits_and_is_answered(
    desk: CheckingClient, db: Session, jana: Reader, act: Moderation
) -> None:
    assert desk.get(f"{LOG}/{act.id}").status_code == 200
    moderating.object_to(db, jana, act.id, "Keine Werbung!")
    assert "1 wartet" in desk.get("/verwaltung").text
    assert "Widerspruch beantworten" in desk.get(f"{LOG}?widerspruch=offen").text
    page = desk.get(f"{LOG}/{act.id}").text
    assert "Keine Werbung!" in page
    assert "Geprüft, bleibt" in page
    refused = desk.submit(f"{LOG}/{act.id}/bestaetigen", {"reason": ""})
    assert refused.status_code == 422
    assert "Die Person liest Ihre Antwort." in refused.text
    answer = desk.submit(f"{LOG}/{act.id}/bestaetigen", {"reason": "Der Link führt in einen Shop."})
    assert answer.headers["Location"] == LOG
    db.refresh(act)
    assert act.objection_state == "geprueft"
    assert "Widerspruch geprüft, bleibt" in desk.get(LOG).text
    assert desk.submit(f"{LOG}/{act.id}/bestaetigen", {"reason": "Noch einmal."}).status_code == 409
    assert desk.get(f"{LOG}/4711").status_code == 404
    assert desk.submit(f"{LOG}/4711/bestaetigen", {"reason": "x"}).status_code == 404


# Unbeantwortet


def asked(db: Session, question: Question, day: date) -> None:
    at = clock.now().replace(year=day.year, month=day.month, day=day.day, hour=9)
    db.execute(update(Post).where(Post.question_id == question.id).values(at=at))
    db.execute(update(Question).where(Question.id == question.id).values(asked_at=at))
    db.expire_all()
    counting.refresh(db, question.id)


@time_machine.travel("2026-06-05 10:00:00+00:00", tick=False)
def test_five_working_days_of_the_askers_land(app: Flask, db: Session) -> None:
    """Asked Friday 29 May 2026: over on 8 June in Nordrhein-Westfalen (Fronleichnam), on 5 June in Berlin."""
    desk, _who = browser(app, db, "coordinator")
    olpe = make_reader(db, town=make_municipality(db, ags="05966024", name="Olpe"))
    berlin = make_reader(db, town=make_municipality(db, ags="11000000", name="Berlin"))
    for who in (olpe, berlin):
        asked(db, make_question(db, who), date(2026, 5, 29))
    main = desk.get(WAITING).text.partition("<main")[2]
    assert "Berlin" in main
    assert "Olpe" not in main
    assert "vor 7 Tagen" in main
    assert "1 wartet" in desk.get("/verwaltung").text
    with time_machine.travel("2026-06-08 10:00:00+00:00", tick=False), app.test_request_context("/"):
        assert [one.town for one in unanswered.overdue(db, None, ()).rows] == ["Olpe", "Berlin"]
        assert unanswered.overdue(db, None, (date(2026, 6, 8), date(2026, 6, 5))).rows == []


@time_machine.travel("2026-06-30 10:00:00+00:00", tick=False)
def test_only_what_is_open_shown_and_unanswered(app: Flask, db: Session, karla: Reader, jana: Reader) -> None:
    desk, _who = browser(app, db, "coordinator")
    day = date(2026, 6, 1)
    kept, answered, hidden, locked, fresh = (
        make_question(db, jana, title=f"Eine Frage: {name}?")
        for name in ("offen", "beantwortet", "versteckt", "zu", "frisch")
    )
    make_answer(db, jana, answered)
    moderating.hide_question(db, karla, hidden, "Werbung")
    moderating.lock(db, karla, locked, "Erledigt.")
    for question in (kept, answered, hidden, locked):
        asked(db, question, day)
    asked(db, fresh, date(2026, 6, 29))
    main = desk.get(WAITING).text.partition("<main")[2]
    assert "Frage: offen" in main
    assert main.count('scope="row"') == 1


@time_machine.travel("2026-06-30 10:00:00+00:00", tick=False)
def test_many_go_on_by_waiting_need(app: Flask, db: Session, jana: Reader) -> None:
    first = make_question(db, jana)
    asked(db, first, date(2026, 6, 1))
    for number in range(30):
        question = make_question(db, jana, title=f"Frage Nummer {number:02}?")
        asked(db, question, date(2026, 6, 2) + timedelta(days=number % 10))
    with app.test_request_context("/"):
        page = unanswered.overdue(db, None, ())
        rest = unanswered.overdue(db, page.after, ())
        assert unanswered.overdue(db, "kaputt", ()).rows == page.rows
    assert (len(page.rows), len(rest.rows), rest.after) == (25, 6, "")
    assert page.rows[0].id == first.id
    days = [one.asked_on for one in (*page.rows, *rest.rows)]
    assert days == sorted(days)


@pytest.mark.parametrize("role", ["operator", "trainer", "expert"])
def test_nobody_else_reads_it(app: Flask, db: Session, act: Moderation, role: str) -> None:
    client, _who = browser(app, db, role)
    for path in (LOG, f"{LOG}/{act.id}", WAITING):
        assert client.get(path).status_code == 403
    assert client.submit(f"{LOG}/{act.id}/bestaetigen", {"reason": "Nein."}).status_code == 403
