"""The lesson page: who sees what, and what its progress forms answer."""

from dataclasses import replace

from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from learn.learning.models import Enrolment, ProgressEntry
from learn.markup.model import Html
from tests.client import CheckingClient
from tests.site import sensors
from tests.site.forms import form

FIRST, SECOND, THIRD = (f"/kurse/sensoren/{name}" for name in ("messen", "montieren", "nutzen"))


def begin(learner: CheckingClient) -> None:
    assert learner.submit("/kurse/sensoren/beginnen").status_code == 303


def complete(learner: CheckingClient, path: str) -> str:
    action, fields = form(learner.get(path).text, "/abschliessen")
    answer = learner.submit(action, fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def tick(learner: CheckingClient) -> None:
    action, fields = form(learner.get(SECOND).text, "/abschliessen", exercise="liste")
    answer = learner.submit(action, fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{SECOND}#aufgabe-liste")


def rows(db: Session) -> list[tuple[str, str, int]]:
    found = db.scalars(select(ProgressEntry).order_by(ProgressEntry.id))
    return [(row.object_id, row.event, row.pass_) for row in found]


def test_a_visitor_reads_and_is_invited(client: CheckingClient, sensoren: str) -> None:
    page = client.get(f"{sensoren}/messen")
    assert page.status_code == 200
    assert "Modul 1: Grundlagen" in page.text
    assert "Lektion 1 von 3" in page.text
    assert "eine Messung planen" in page.text
    assert "Anmelden und beginnen" in page.text
    assert "Nur Sie sehen diesen Stand" not in page.text
    assert "Abschließen und weiter" not in page.text
    assert f"{sensoren}/druck#les_messen00" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_solutions_are_nowhere_on_the_page(client: CheckingClient, sensoren: str) -> None:
    page = client.get(f"{sensoren}/messen").text
    for secret in ("24 Werte", "Takt", "Nein, die nicht", "Sie steht in der Tabelle", "correct"):
        assert secret not in page
    assert page.index(">zwei<") < page.index(">eins<") or page.index(">drei<") < page.index(">zwei<")


def test_what_is_not_there_is_404(client: CheckingClient, sensoren: str) -> None:
    assert client.get(f"{sensoren}/nichts").status_code == 404
    assert client.get("/kurse/nichts/messen").status_code == 404
    assert client.get(f"{sensoren}/Messen").status_code == 404
    assert client.submit("/kurse/nichts/messen/pruefen").status_code == 404


def test_earlier_addresses_lead_to_todays(client: CheckingClient, db: Session, sensoren: str) -> None:
    renamed = replace(sensors.MEASURE, slug="werte-messen")
    parts = {"werte-messen": sensors.PARTS["messen"]}
    sensors.publish(db, (renamed, *sensors.ENTRIES[1:]), slug="fuehler", parts=parts)
    answer = client.get(f"{sensoren}/messen?fassung=einfach")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/kurse/fuehler/werte-messen?fassung=einfach"
    for page in ("druck", "messen/pruefen"):
        assert client.get(f"{sensoren}/{page}").status_code in {301, 405}


def test_a_form_of_an_earlier_address_still_works(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    begin(learner)
    action, fields = form(learner.get(FIRST).text, "/abschliessen")
    sensors.publish(db, slug="fuehler")
    answer = learner.submit(action, fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/kurse/fuehler/montieren")


def test_visitors_who_want_to_begin_sign_in_first(client: CheckingClient, db: Session, sensoren: str) -> None:
    for path in (f"{sensoren}/beginnen", f"{FIRST}/abschliessen", f"{FIRST}/wieder-oeffnen"):
        answer = client.submit(path, headers={"Referer": f"http://localhost{FIRST}"})
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/anmelden?weiter={FIRST}"
    assert db.scalars(select(Enrolment)).all() == []


def test_beginning_leads_to_the_first_lesson_and_later_to_the_next(
    learner: CheckingClient, sensoren: str
) -> None:
    assert "Kurs beginnen" in learner.get(SECOND).text
    assert learner.submit(f"{sensoren}/beginnen").headers["Location"] == FIRST
    complete(learner, FIRST)
    assert learner.submit(f"{sensoren}/beginnen").headers["Location"] == SECOND


def test_completing_leads_on_and_stores_once(learner: CheckingClient, db: Session, sensoren: str) -> None:
    begin(learner)
    page = learner.get(FIRST).text
    assert "0 von 2 Lektionen" in page
    assert "Als Nächstes, 7\N{NO-BREAK SPACE}Minuten" in page
    action, fields = form(page, "/abschliessen")
    answers = [learner.submit(action, fields) for _ in range(3)]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(303, SECOND)}
    assert rows(db) == [("les_messen00", "done", 0)]
    following = learner.get(SECOND).text
    assert "„Messen“ ist abgeschlossen." in following
    assert "1 von 2 Lektionen" in following
    done = learner.get(FIRST).text
    assert "Abgeschlossen am" in done
    assert "Weiter: Montieren" in done


def test_the_last_lesson_leads_to_the_end_of_the_course(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    begin(learner)
    complete(learner, FIRST)
    tick(learner)
    assert complete(learner, SECOND) == THIRD
    assert ("kur_sensoren", "done", 0) in rows(db)
    assert complete(learner, THIRD) == f"{sensoren}/abschluss"
    assert "Zum Kursabschluss" in learner.get(THIRD).text


def test_a_condition_is_named_where_it_is_missing(learner: CheckingClient, sensoren: str) -> None:
    begin(learner)
    action, fields = form(learner.get(SECOND).text, "/abschliessen")
    answer = learner.submit(action, fields)
    assert answer.status_code == 422
    assert "<title>Fehler: Montieren" in answer.text
    assert '<a href="#aufgabe-liste">Haken Sie zuerst die Aufgabe ab.</a>' in answer.text
    assert 'id="aufgabe-liste"' in answer.text


def test_an_exercise_is_ticked_and_opened_again(learner: CheckingClient, db: Session, sensoren: str) -> None:
    begin(learner)
    tick(learner)
    page = learner.get(SECOND).text
    assert "Erledigt am" in page
    action, fields = form(page, "/wieder-oeffnen", exercise="liste")
    assert learner.submit(action, fields).status_code == 303
    assert rows(db) == [("les_montiere/liste", "done", 0), ("les_montiere/liste", "reopened", 0)]
    answer = learner.submit(action, {**fields, "exercise": "andere", "request_id": "neu"})
    assert answer.status_code == 422


def test_a_late_replay_says_nothing_that_is_not_so(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    begin(learner)
    action, fields = form(learner.get(FIRST).text, "/abschliessen")
    assert "ist abgeschlossen" in learner.get(learner.submit(action, fields).headers["Location"]).text
    again = form(learner.get(FIRST).text, "/wieder-oeffnen")
    assert "ist wieder offen" in learner.get(learner.submit(*again).headers["Location"]).text
    assert learner.submit(action, fields).status_code == 303
    assert "ist abgeschlossen" not in learner.get(SECOND).text


def test_a_lesson_is_opened_again(learner: CheckingClient, db: Session, sensoren: str) -> None:
    begin(learner)
    complete(learner, FIRST)
    action, fields = form(learner.get(FIRST).text, "/wieder-oeffnen")
    answer = learner.submit(action, fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, FIRST)
    page = learner.get(FIRST).text
    assert "„Messen“ ist wieder offen." in page
    assert form(page, "/abschliessen")[1]["pass"] == "1"
    complete(learner, FIRST)
    assert rows(db)[-1] == ("les_messen00", "done", 1)


def test_what_no_form_of_ours_sends_is_422(learner: CheckingClient, db: Session, sensoren: str) -> None:
    action = f"{FIRST}/abschliessen"
    good = {"request_id": "r1", "edition": "1", "pass": "0"}
    assert learner.submit(action, good).status_code == 422  # not begun
    begin(learner)
    for wrong in (
        {"request_id": ""},
        {"edition": ""},
        {"edition": "2"},
        {"edition": "eins"},
        {"pass": "1"},
        {"pass": "x"},
        {"pass": "99999999999999"},
    ):
        assert learner.submit(action, {**good, **wrong}).status_code == 422
    assert rows(db) == []
    assert learner.submit(action, {"request_id": "r1", "edition": "1"}).status_code == 303
    assert learner.submit(f"{THIRD}/abschliessen", good).status_code == 422


def test_a_course_begun_in_einfacher_sprache_goes_on_in_it(learner: CheckingClient, sensoren: str) -> None:
    action, fields = form(learner.get(f"{FIRST}?fassung=einfach").text, "/beginnen")
    assert learner.submit(action, fields).headers["Location"] == f"{FIRST}?fassung=einfach"


def test_einfache_sprache_is_kept_and_has_the_same_completion(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    begin(learner)
    page = learner.get(f"{FIRST}?fassung=einfach").text
    assert '<main id="inhalt" tabindex="-1" class="sc-main" lang="de-simple">' in page
    assert "Ein Gerät misst." in page
    assert "Ein Fühler misst." not in page
    assert "Welche <em>Größe</em>?" in page
    action, fields = form(page, "/abschliessen")
    assert action == f"{FIRST}/abschliessen?fassung=einfach"
    assert form(page, "/pruefen")[0].startswith(f"{FIRST}/pruefen?fassung=einfach")
    assert learner.submit(action, fields).headers["Location"] == SECOND
    missing = learner.get(f"{SECOND}?fassung=einfach")
    assert missing.status_code == 200
    assert "gibt es noch nicht in Einfacher Sprache" in missing.text
    assert f'href="{FIRST}?fassung=einfach"' in missing.text
    assert f'href="{THIRD}"' in missing.text
    newer = replace(sensors.MEASURE, edition=2)
    sensors.publish(db, (newer, *sensors.ENTRIES[1:]))
    assert "Diese Fassung beruht auf Ausgabe 1." in learner.get(f"{FIRST}?fassung=einfach").text


def test_changes_are_named_to_those_they_concern(learner: CheckingClient, db: Session, sensoren: str) -> None:
    begin(learner)
    complete(learner, FIRST)
    new = replace(sensors.USE, id="les_neues000", slug="neues", title="Neues", required=True)
    sensors.publish(
        db,
        (replace(sensors.MEASURE, edition=2), *sensors.ENTRIES[1:], new),
        parts={"neues": (Html("<p>Neu.</p>"),)},
        change="Der Weg ist kürzer.",
    )
    page = learner.get(FIRST).text
    assert "Geändert seit Ihrer Bearbeitung, neu gefasst in Ausgabe 2. Der Weg ist kürzer." in page
    assert "<small>neu gefasst</small>" in page
    assert "<small>Neu im Kurs</small>" in page
    assert "Abgeschlossen am" in page
    action, fields = form(page, "/abschliessen", edition="2")
    assert learner.submit(action, fields).status_code == 303
    assert "Geändert seit Ihrer Bearbeitung" not in learner.get(FIRST).text
    sensors.publish(db, (replace(sensors.MEASURE, edition=3, redo_from=3), *sensors.ENTRIES[1:]))
    page = learner.get(FIRST).text
    assert "Bitte noch einmal" in page
    assert "Abschließen und weiter" in page


def test_a_lesson_that_left_the_course_stays_readable(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    begin(learner)
    sensors.publish(db, (sensors.MEASURE, sensors.USE))
    page = learner.get(SECOND)
    assert page.status_code == 200
    assert "gehört nicht mehr zum Kurs" in page.text
    assert "Abschließen und weiter" not in page.text
    assert 'lektion="' not in page.text


def test_a_lesson_costs_five_statements_beside_its_questions_and_the_badge(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    begin(learner)
    complete(learner, FIRST)
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.split(maxsplit=1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for path, limit in ((FIRST, 7), (THIRD, 8)):
            learner.get(path)
            seen.clear()
            learner.get(path)
            assert len(seen) <= limit, seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
