"""Pages of moderation and reports: what will happen, the reason kept when refused, nothing for others."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import TrainerCohort
from learn.forum import moderating, moving, queries
from learn.forum.audience import Reader
from learn.forum.models import Moderation, Post, Question, Report
from learn.forum.views import reporting as report_pages
from tests.client import CheckingClient
from tests.desk.forum import browser
from tests.factories import make_municipality
from tests.forum.factories import make_answer, make_cohort, make_question, make_reader

WHY = "Werbung <für> Sensoren"


@pytest.fixture
def karla(app: Flask, db: Session) -> CheckingClient:
    return browser(app, db, "coordinator", name="Karla")[0]


@pytest.fixture
def jana(db: Session) -> Reader:
    return make_reader(db)


@pytest.fixture
def question(db: Session, jana: Reader) -> Question:
    found = make_question(db, jana)
    make_answer(db, jana, found, "Siehe unseren Shop.")
    return found


def answer_of(db: Session, question: Question, number: int = 2) -> Post:
    return db.scalars(select(Post).where(Post.question_id == question.id, Post.number == number)).one()


def last_act(db: Session) -> Moderation:
    return db.scalars(select(Moderation).order_by(Moderation.id.desc()).limit(1)).one()


def test_hiding_a_post_and_bringing_it_back(karla: CheckingClient, db: Session, question: Question) -> None:
    post = answer_of(db, question)
    path = f"/forum/beitraege/{post.id}/ausblenden"
    assert "Was geschieht" in karla.get(path).text
    answer = karla.submit(path, {"reason": WHY})
    assert answer.headers["Location"].endswith("#post-2")
    page = karla.get(f"/forum/fragen/{question.id}-{question.slug}").text
    assert "Werbung &lt;für&gt; Sensoren" in page
    acts = karla.get(f"/forum/fragen/{question.id}/eingriffe").text
    undo = f"/forum/moderation/{last_act(db).id}/zuruecknehmen"
    assert undo in acts
    assert "Wiederherstellen" in karla.get(undo).text
    assert karla.submit(undo, {"reason": "Irrtum"}).status_code == 303
    db.refresh(post)
    assert post.hidden == ""
    assert karla.submit(undo, {"reason": "Irrtum"}).status_code == 409


@pytest.mark.parametrize("path", ["ausblenden", "schliessen", "verschieben", "zusammenfuehren", "teilen"])
def test_a_refused_act_keeps_what_was_typed(
    karla: CheckingClient, db: Session, jana: Reader, question: Question, path: str
) -> None:
    other = make_question(db, jana)
    values: dict[str, Any] = {
        "reason": " \u200b ",
        "topic": ["klima"],
        "target": str(other.id),
        "posts": ["2"],
        "title": "Was kostet der Betrieb?",
    }
    here = f"/forum/fragen/{question.id}/{path}"
    assert karla.get(here).status_code == 200
    answer = karla.submit(here, values)
    assert answer.status_code == 422
    assert "Schreiben Sie, warum." in answer.text
    assert "<title>Fehler: " in answer.text
    if path in {"zusammenfuehren", "teilen"}:
        assert f'value="{other.id}"' in answer.text
    if path == "teilen":
        assert 'value="Was kostet der Betrieb?"' in answer.text
        assert 'value="2" checked' in answer.text
    db.refresh(question)
    assert (question.status, question.locked) == ("gezeigt", False)


def test_a_locked_question_says_why(karla: CheckingClient, question: Question) -> None:
    karla.submit(f"/forum/fragen/{question.id}/schliessen", {"reason": WHY})
    page = karla.get(f"/forum/fragen/{question.id}-{question.slug}").text
    assert "Werbung &lt;für&gt; Sensoren" in page


def test_a_hidden_question_says_why(
    app: Flask, karla: CheckingClient, db: Session, question: Question
) -> None:
    karla.submit(f"/forum/fragen/{question.id}/ausblenden", {"reason": WHY})
    reader, _who = browser(app, db)
    page = reader.get(f"/forum/fragen/{question.id}-{question.slug}").text
    assert "Werbung &lt;für&gt; Sensoren" in page
    assert "Siehe unseren Shop." not in page


def test_moving_to_other_topics(karla: CheckingClient, db: Session, question: Question) -> None:
    values = {"topic": ["klima", "sensorik"], "main": "sensorik", "reason": WHY}
    refused = karla.submit(f"/forum/fragen/{question.id}/verschieben", {"reason": WHY})
    assert refused.status_code == 422
    assert "Wählen Sie 1 bis 3 Themen" in refused.text
    karla.submit(f"/forum/fragen/{question.id}/verschieben", values)
    assert queries.topics(db, question.id) == ("sensorik", "klima")


def test_merging_by_a_search(
    app: Flask, karla: CheckingClient, db: Session, jana: Reader, question: Question
) -> None:
    other = make_question(db, jana, title="Welcher Sensor misst Starkregen?")
    here = f"/forum/fragen/{question.id}/zusammenfuehren"
    assert f"{here}?ziel={other.id}" in karla.get(f"{here}?q=Starkregen").text
    assert f'value="{other.id}"' in karla.get(f"{here}?ziel={other.id}").text
    assert "Keine Frage gefunden." in karla.get(f"{here}?q=Quantenkryptographie").text
    answer = karla.submit(here, {"target": f"/forum/fragen/{other.id}-welcher", "reason": WHY})
    assert answer.headers["Location"] == f"/forum/fragen/{other.id}"
    reader, _who = browser(app, db)
    stub = reader.get(f"/forum/fragen/{question.id}-{question.slug}").text
    assert f"/forum/fragen/{other.id}-" in stub
    moved = answer_of(db, other, 3)
    assert reader.get(f"/forum/beitraege/{moved.id}").headers["Location"].endswith("#post-3")


@pytest.mark.parametrize("target", ["", "zwölf", "4711", "self", "public"])
def test_where_a_merge_cannot_lead(
    karla: CheckingClient, db: Session, jana: Reader, question: Question, target: str
) -> None:
    public = make_question(db, jana, level="oeffentlich")
    named = {"self": question.id, "public": public.id}.get(target, target)
    answer = karla.submit(f"/forum/fragen/{question.id}/zusammenfuehren", {"target": named, "reason": WHY})
    assert answer.status_code == 422
    assert 'id="target-e"' in answer.text


def test_splitting_into_a_new_question(karla: CheckingClient, db: Session, question: Question) -> None:
    here = f"/forum/fragen/{question.id}/teilen"
    assert "Siehe unseren Shop." in karla.get(here).text
    values = {"posts": ["2"], "title": "Was kostet der Betrieb?", "topic": ["klima"], "reason": WHY}
    answer = karla.submit(here, values)
    made = last_act(db).data["other"]
    assert answer.headers["Location"] == f"/forum/fragen/{made}"
    assert "umgezogen" in karla.get(f"/forum/fragen/{question.id}-{question.slug}").text
    assert "Siehe unseren Shop." in karla.get(answer.headers["Location"], follow_redirects=True).text


def test_splitting_into_another(karla: CheckingClient, db: Session, jana: Reader, question: Question) -> None:
    other = make_question(db, jana)
    values = {"posts": ["2"], "into": "andere", "target": str(other.id), "reason": WHY}
    karla.submit(f"/forum/fragen/{question.id}/teilen", values)
    assert answer_of(db, other).body == "Siehe unseren Shop."


# Who may


def test_trainers_find_their_way_in_their_klasse(app: Flask, db: Session) -> None:
    town = make_municipality(db)
    cohort = make_cohort(db, town)
    anna = make_reader(db, town=town)
    inside = make_question(db, anna, level="klasse", cohort_id=cohort.id)
    network = make_question(db, anna)
    tina, who = browser(app, db, "trainer", name="Tina")
    db.add(TrainerCohort(person_id=who.actor.owner, cohort_id=cohort.id))
    db.flush()
    page = tina.get(f"/forum/fragen/{inside.id}/eingriffe").text
    assert "/schliessen" in page
    assert "/zusammenfuehren" not in page
    assert tina.submit(f"/forum/fragen/{inside.id}/schliessen", {"reason": WHY}).status_code == 303
    undo = f"/forum/moderation/{last_act(db).id}/zuruecknehmen"
    assert tina.submit(undo, {"reason": "Weiter."}).status_code == 303
    assert tina.get(f"/forum/fragen/{network.id}/eingriffe").status_code == 403
    for path in ("verschieben", "zusammenfuehren", "teilen"):
        assert tina.get(f"/forum/fragen/{inside.id}/{path}").status_code == 403


def test_nobody_else_moderates(app: Flask, db: Session, question: Question) -> None:
    post = answer_of(db, question)
    acts = moderating.lock(db, make_reader(db, "coordinator"), question, WHY)
    paths = (
        f"/forum/beitraege/{post.id}/ausblenden",
        f"/forum/fragen/{question.id}/ausblenden",
        f"/forum/fragen/{question.id}/verschieben",
        f"/forum/moderation/{acts.id}/zuruecknehmen",
    )
    for roles in ((), ("expert",), ("operator",)):
        client, _who = browser(app, db, *roles)
        for path in paths:
            assert client.get(path).status_code == 403
            assert client.submit(path, {"reason": WHY}).status_code == 403
        assert client.get(f"/forum/fragen/{question.id}/eingriffe").status_code == 403


# Widersprechen


def test_the_author_objects_on_a_page_of_her_own(app: Flask, karla: CheckingClient, db: Session) -> None:
    client, ole = browser(app, db, name="Ole")
    question = make_question(db, ole)
    karla.submit(f"/forum/fragen/{question.id}/schliessen", {"reason": WHY})
    here = f"/forum/moderation/{last_act(db).id}/widersprechen"
    page = client.get(here).text
    assert "Werbung &lt;für&gt; Sensoren" in page
    assert karla.get(here).status_code == 404
    refused = client.submit(here, {"reason": ""})
    assert refused.status_code == 422
    assert "Schreiben Sie, warum Sie widersprechen." in refused.text
    assert client.submit(here, {"reason": "Ich bin noch nicht fertig."}).headers["Location"] == here
    page = client.get(here).text
    assert "Ich bin noch nicht fertig." in page
    assert 'name="reason"' not in page
    assert client.submit(here, {"reason": "Noch einmal."}).status_code == 409


def test_after_a_merge_every_author_has_that_page(app: Flask, db: Session, jana: Reader) -> None:
    client, ole = browser(app, db, name="Ole")
    source, target = make_question(db, jana), make_question(db, jana)
    make_answer(db, ole, source)
    act = moving.merge(db, make_reader(db, "coordinator"), source.id, target.id, WHY)
    assert "Zusammengeführt" in client.get(f"/forum/moderation/{act.id}/widersprechen").text


# Melden


def test_reporting_once(app: Flask, db: Session, question: Question) -> None:
    post = answer_of(db, question)
    client, _who = browser(app, db)
    here = f"/forum/beitraege/{post.id}/melden"
    assert "Worum geht es?" in client.get(here).text
    refused = client.submit(here, {"text": "Nur Werbung."})
    assert refused.status_code == 422
    assert "Nur Werbung." in refused.text
    answer = client.submit(here, {"kind": "werbung", "text": "Nur Werbung."})
    assert answer.headers["Location"].endswith("#post-2")
    assert "schon gemeldet" in client.get(here).text
    assert client.submit(here, {"kind": "werbung", "text": "Noch einmal."}).status_code == 409
    assert db.scalars(select(Report.text)).all() == ["Nur Werbung."]


def test_what_one_cannot_read_cannot_be_reported(app: Flask, db: Session, question: Question) -> None:
    post = answer_of(db, question)
    guest, _who = browser(app, db, town=make_municipality(db, role="gast"))
    here = f"/forum/beitraege/{post.id}/melden"
    assert guest.get(here).status_code == 404
    assert guest.submit(here, {"kind": "werbung", "text": "x"}).status_code == 404
    visitor = app.test_client()
    assert visitor.get(here).headers["Location"].startswith("/anmelden?")


@pytest.mark.parametrize(("roles", "tries"), [((), 10), (("expert",), 40)])
@pytest.mark.usefixtures("in_one_window")
def test_reports_have_a_limit_a_day(
    app: Flask, db: Session, question: Question, roles: tuple[str, ...], tries: int
) -> None:
    client, _who = browser(app, db, *roles)
    client.checking = False
    here = f"/forum/beitraege/{answer_of(db, question).id}/melden"
    statuses = [client.submit(here, {}).status_code for _ in range(tries + 1)]
    assert statuses == [422] * tries + [429]
    assert report_pages.REPORTS.tries == 10


def test_texts_of_a_lost_session_come_back(app: Flask, db: Session, question: Question) -> None:
    client, _who = browser(app, db)
    here = f"/forum/beitraege/{answer_of(db, question).id}/melden"
    client.delete_cookie("sitzung")
    token = client.token()
    answer = client.post(
        here,
        data={"kind": "werbung", "text": "Nur Werbung.", "csrf_token": token},
        headers={"Origin": "http://localhost", "Referer": f"http://localhost{here}"},
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/anmelden?weiter=")
    assert "entwurf=" in "".join(answer.headers.getlist("Set-Cookie"))
