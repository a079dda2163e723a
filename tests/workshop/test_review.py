"""Review: what may be done by whom, what the page says at one glance, and who hears of it."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.config import Config
from learn.core import clock, jobs
from learn.core.access import Actor, Refused
from learn.core.db import Database
from learn.core.models import AuditEntry
from learn.core.storage import Storage
from learn.notices import events, kinds, resolving
from learn.notices.models import Delivery, Event, Notice
from learn.workshop import comments, copies, deciding, four_eyes, mail, notifying, publishing, review, steps
from learn.workshop.deciding import Situation
from learn.workshop.models import CourseStep, WorkCourse
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, SECOND, TEXTS, Shelf, current
from tests.factories import make_person
from tests.workshop.drafts import BETTER, COURSE, FAULTY, ONE, TWO, author, publish_small, revision, write

PAGE = f"/werkstatt/kurse/{COURSE}/freigabe"
RELEASES = f"/werkstatt/kurse/{COURSE}/veroeffentlichungen"


@pytest.fixture
def shelf(app: Flask, database: Database) -> Shelf:
    config: Config = app.extensions["learn.config"]
    return Shelf(database, Storage(config.storage))


@pytest.fixture
def jana(shelf: Shelf, database: Database, db: Session, tmp_path: Path) -> Actor:
    """Who has changed a lesson of the course."""
    publish_small(shelf, tmp_path)
    who = author(db)
    write(database, who)
    return who


def browse(app: Flask, db: Session, who: Actor) -> CheckingClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    sign_in(client, db.get_one(Person, who.owner))
    return client


def take(client: CheckingClient, database: Database, step: str, **fields: str) -> tuple[int, str]:
    """Press a button of the page; status, and the page one comes to."""
    sent = {"step": step, "base_revision": str(revision(database)), **fields}
    answer = client.submit(PAGE, sent)
    return answer.status_code, client.get(PAGE).text if answer.status_code == 303 else answer.text


def situation(**values: object) -> Situation:
    off = dict.fromkeys(("four_eyes", "involved", "planned", "busy"), False)
    normal: dict[str, object] = {"changed": True, "stand": "entwurf", "sound": True, **off}
    return Situation(**{**normal, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "possible"),
    [
        ({}, ["veroeffentlichen", "einreichen", "planen"]),
        ({"changed": False}, []),
        ({"busy": True}, []),
        ({"sound": False}, ["einreichen"]),
        ({"sound": None}, ["pruefen", "einreichen"]),
        ({"planned": True}, ["veroeffentlichen", "einreichen", "planen", "absagen"]),
        ({"four_eyes": True}, ["einreichen"]),
        ({"four_eyes": True, "stand": "freigabe"}, ["freigeben", "zurueckgeben", "absagen"]),
        ({"four_eyes": True, "stand": "freigabe", "involved": True}, ["zurueckgeben", "absagen"]),
        ({"four_eyes": True, "stand": "bereit"}, ["veroeffentlichen", "planen", "zurueckgeben"]),
        ({"stand": "freigabe", "sound": False}, ["zurueckgeben", "absagen"]),
    ],
)
def test_what_may_be_done_and_what_comes_first(values: dict[str, object], possible: list[str]) -> None:
    assert list(deciding.steps(situation(**values))) == possible


def test_the_page_of_a_published_course_says_so(
    app: Flask, db: Session, shelf: Shelf, tmp_path: Path
) -> None:
    publish_small(shelf, tmp_path)
    client = browse(app, db, author(db))
    page = client.get(PAGE).text
    assert "Alles ist veröffentlicht" in page
    assert 'name="step"' not in page
    assert 'href="/kurse/kleiner-kurs"' in page
    assert client.get("/werkstatt/kurse/kur_gibtsnic/freigabe").status_code == 404
    assert db.scalars(select(WorkCourse)).all() == []


def test_one_glance_one_button(app: Flask, db: Session, database: Database, jana: Actor) -> None:
    client = browse(app, db, jana)
    page = client.get(PAGE).text
    assert "Sie können veröffentlichen" in page
    assert "Weniger als 5 Lernende eingeschrieben." in page
    assert "Niemand verliert Fortschritt." in page
    assert page.count("kern-btn--primary") == 1
    assert "redaktionell" in page
    assert "<ins>" in page
    assert "besserer" in page
    status, page = take(client, database, "veroeffentlichen")
    assert status == 303
    assert "Veröffentlicht. Lernende lesen ab jetzt Veröffentlichung 2." in page
    assert "Alles ist veröffentlicht" in page
    assert "Ein besserer Satz" in client.get("/kurse/kleiner-kurs/eins").text
    assert "besserer" in client.get("/suche?q=besserer").text
    page = client.get(RELEASES).text
    assert "aus der Werkstatt" in page
    assert "1 Lektion redaktionell geändert" in page


def test_faults_lead_to_their_lines(app: Flask, db: Session, database: Database, jana: Actor) -> None:
    write(database, jana, FAULTY)
    client = browse(app, db, jana)
    page = client.get(PAGE).text
    assert "1 Fehler verhindert die Veröffentlichung" in page
    line = FAULTY.split("\n").index("![](bilder/kasten.svg)") + 1
    assert f'href="/werkstatt/lektionen/{ONE}#zeile-{line}"' in page
    assert "K502" in page
    assert "Ersten Fehler beheben" in page
    assert page.count("kern-btn--primary") == 1
    status, page = take(client, database, "veroeffentlichen")
    assert status == 422
    assert "Der Kurs hat Fehler." in page
    assert current(db, "kleiner-kurs").number == 1


def test_sending_back_asks_for_words_and_the_author_reads_them(
    app: Flask, db: Session, database: Database, jana: Actor
) -> None:
    tom = author(db, "Tom Berg", "coordinator")
    assert take(browse(app, db, jana), database, "einreichen", comment="Bitte lesen.")[0] == 303
    reviewer = browse(app, db, tom)
    page = reviewer.get(PAGE).text
    assert "Bitte lesen." in page
    status, page = take(reviewer, database, "zurueckgeben", comment=" ")
    assert status == 422
    assert "Schreiben Sie, was noch zu tun ist." in page
    status, page = take(reviewer, database, "zurueckgeben", comment="Quelle fehlt <hier>.")
    assert status == 303
    page = browse(app, db, jana).get(PAGE).text
    assert "Tom Berg hat den Kurs zurückgegeben: Quelle fehlt &lt;hier&gt;." in page
    assert take(reviewer, database, "zurueckgeben", comment="Noch einmal.")[0] == 409
    assert take(reviewer, database, "tanzen")[0] == 422


def test_another_state_than_shown_is_not_approved(
    app: Flask, db: Session, database: Database, jana: Actor
) -> None:
    client = browse(app, db, jana)
    seen = str(revision(database))
    write(database, jana, TEXTS[SECOND].replace("Noch ein", "Kein"), TWO)
    for step in ("einreichen", "veroeffentlichen", "planen", "pruefen", "absagen"):
        answer = client.submit(
            PAGE,
            {
                "step": step,
                "base_revision": seen,
                "comment": "Meine Worte",
                "day": "2099-01-01",
                "time": "08:00",
            },
        )
        assert answer.status_code == 409, step
        assert "Inzwischen hat jemand gespeichert" in answer.text
    assert "Meine Worte" in client.submit(PAGE, {"step": "einreichen", "comment": "Meine Worte"}).text


def test_with_four_eyes_the_page_waits_for_somebody_else(
    app: Flask, db: Session, database: Database, jana: Actor
) -> None:
    tom, ole = author(db, "Tom Berg", "coordinator"), author(db, "Ole Wald")
    reviewer = browse(app, db, tom)
    assert reviewer.submit("/verwaltung/freigaben", {"verdict": "ja"}).status_code == 303
    entry = db.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor) == ("freigabe.vier_augen_an", f"person:{tom.owner}")
    writer = browse(app, db, jana)
    assert "Bereit für die Freigabe" in writer.get(PAGE).text
    assert take(writer, database, "veroeffentlichen")[0] == 409
    _status, page = take(writer, database, "einreichen")
    assert "Jemand anderes gibt frei" in page
    assert take(writer, database, "freigeben")[0] == 403
    assert "Kleiner Kurs" in reviewer.get("/verwaltung/freigaben").text
    assert "1 wartet" in reviewer.get("/verwaltung").text
    assert "Sie können freigeben" in reviewer.get(PAGE).text
    assert take(reviewer, database, "freigeben")[0] == 303
    assert "Freigegeben" in writer.get(PAGE).text
    write(database, tom, BETTER + "\nNoch etwas.\n")
    assert "Jemand anderes gibt frei" in reviewer.get(PAGE).text, "who wrote since does not approve"
    assert take(writer, database, "veroeffentlichen")[0] == 409
    third = browse(app, db, ole)
    assert take(third, database, "freigeben")[0] == 303
    assert take(writer, database, "veroeffentlichen")[0] == 303
    assert current(db, "kleiner-kurs").number == 2


def test_plans_are_shown_and_called_off(app: Flask, db: Session, database: Database, jana: Actor) -> None:
    client = browse(app, db, jana)
    status, page = take(client, database, "planen", day="2020-01-01", time="08:00")
    assert status == 422
    assert 'value="2020-01-01"' in page
    _status, page = take(client, database, "planen", day="2027-01-04", time="08:15")
    assert "Geplant: 4.\N{NO-BREAK SPACE}Januar 2027, 08:15\N{NO-BREAK SPACE}Uhr" in page
    write(database, jana, BETTER + "\nNoch etwas.\n")
    assert "Seitdem hat jemand geändert" in client.get(PAGE).text
    _status, page = take(client, database, "absagen")
    assert "Abgebrochen. Nichts ist veröffentlicht." in page
    assert db.get_one(WorkCourse, COURSE, populate_existing=True).publish_at is None


def test_going_back_is_confirmed(app: Flask, db: Session, database: Database, jana: Actor) -> None:
    client = browse(app, db, jana)
    take(client, database, "veroeffentlichen")
    page = client.get(f"{RELEASES}?zurueck=1").text
    assert "Zurück zu Veröffentlichung 1?" in page
    assert "Niemand verliert Fortschritt." in page
    assert client.get(f"{RELEASES}?zurueck=2").status_code == 409
    assert client.get(f"{RELEASES}?zurueck=7").status_code == 404
    answer = client.submit(RELEASES, {"release": "1", "base_revision": "2"})
    assert answer.status_code == 303
    assert current(db, "kleiner-kurs").number == 1
    assert "Lernende lesen jetzt wieder Veröffentlichung 1." in client.get(RELEASES).text
    assert client.submit(RELEASES, {"release": "1", "base_revision": "2"}).status_code == 409


def told(db: Session, database: Database, config: Config) -> dict[int, list[str]]:
    """Resolve what happened; kinds of lines by person."""
    for event in db.scalars(select(Event).where(~Event.resolved)):
        resolving.resolve(jobs.Work(config, database), event_id=event.id)
    db.expire_all()
    found: dict[int, list[str]] = {}
    for notice in db.scalars(select(Notice).order_by(Notice.id)):
        found.setdefault(notice.person_id, []).append(notice.kind)
    return found


def test_those_concerned_hear_of_it(app: Flask, db: Session, database: Database, jana: Actor) -> None:
    config: Config = app.extensions["learn.config"]
    tom, ole = author(db, "Tom Berg", "coordinator"), author(db, "Ole Wald")
    make_person(db, name="Lernende")
    writer, reviewer = browse(app, db, jana), browse(app, db, tom)
    take(writer, database, "einreichen", comment="Bitte lesen.")
    assert told(db, database, config) == {tom.owner: ["kurs_eingereicht"], ole.owner: ["kurs_eingereicht"]}
    take(reviewer, database, "freigeben")
    assert told(db, database, config)[jana.owner] == ["kurs_freigegeben"]
    take(reviewer, database, "veroeffentlichen")
    assert told(db, database, config)[jana.owner] == ["kurs_live"], "one line for one course"
    page = writer.get("/mitteilungen").text
    assert "„Kleiner Kurs“ ist veröffentlicht." in page
    assert f'href="{PAGE}"' in page
    delivery = db.scalars(select(Delivery).where(Delivery.person_id == jana.owner)).first()
    assert delivery is not None
    event = db.get_one(Event, delivery.event_id)
    letter = mail.about_course(db, config, db.get_one(Person, jana.owner), kinds.Item(event, delivery.reason))
    assert letter is not None
    assert PAGE in letter.text
    assert "Bitte lesen" not in letter.text
    assert notifying.sentence(db, event).startswith("„Kleiner Kurs“")
    person = db.get_one(Person, jana.owner)
    person.active = False
    db.flush()
    assert mail.about_course(db, config, person, kinds.Item(event, delivery.reason)) is None


@pytest.mark.parametrize("kind", notifying.KINDS)
def test_letters_say_what_to_do_and_keep_words_behind_the_sign_in(
    app: Flask, db: Session, database: Database, jana: Actor, kind: str
) -> None:
    config: Config = app.extensions["learn.config"]
    if kind == comments.WRITTEN:
        text = copies.text(db, ONE)
        assert text is not None
        comments.write(db, author(db, "Tom Berg"), COURSE, ONE, text.text, 1, "Geheime Worte")
    else:
        with database.writing() as session:
            review.hand_in(session, jana, COURSE, "Geheime Worte", revision=revision(database))
            events.record(session, kind, f"kurs:{COURSE}", step=1, by=None)
    event = db.scalars(select(Event).where(Event.kind == kind)).first()
    assert event is not None
    letter = mail.about_course(db, config, db.get_one(Person, jana.owner), kinds.Item(event, kinds.COURSE))
    assert letter is not None
    where = mail.place(event.subject, kind)
    for body in (letter.text.replace("\n", " "), letter.html):
        assert [words for words in (mail.NEXT[kind], where) if words not in body] == []
        assert "Geheime" not in body
        assert "E-Mails dieser Art abbestellen" in body
    assert letter.unsubscribe
    assert browse(app, db, jana).get(where).status_code == 200


def waiting(db: Session) -> dict[int, str]:
    """Kinds of open lines by person."""
    db.expire_all()
    found = db.execute(select(Notice.person_id, Notice.kind).where(~Notice.done))
    return {row.person_id: row.kind for row in found}


def test_lines_are_done_with_what_they_ask_for(
    app: Flask, db: Session, database: Database, jana: Actor
) -> None:
    config: Config = app.extensions["learn.config"]
    tom, ole = author(db, "Tom Berg", "coordinator"), author(db, "Ole Wald")
    writer, reviewer = browse(app, db, jana), browse(app, db, tom)
    both = {tom.owner: "kurs_eingereicht", ole.owner: "kurs_eingereicht"}
    take(writer, database, "einreichen")
    told(db, database, config)
    assert waiting(db) == both
    event = db.scalars(select(Event)).one()
    assert notifying.sentence(db, event) == "„Kleiner Kurs“ wartet auf Freigabe."
    take(writer, database, "absagen")
    assert waiting(db) == {}
    assert notifying.sentence(db, event) == "", "no mail asks for what nobody waits for"
    take(writer, database, "einreichen")
    told(db, database, config)
    assert waiting(db) == both, "handed in again it waits again"
    take(reviewer, database, "zurueckgeben", comment="Bitte kürzen.")
    told(db, database, config)
    assert waiting(db) == {jana.owner: "kurs_zurueck"}
    take(writer, database, "einreichen")
    assert waiting(db) == {}, "she has answered"
    take(reviewer, database, "freigeben")
    told(db, database, config)
    assert waiting(db) == {jana.owner: "kurs_freigegeben"}, "nobody is told of what is answered already"
    take(writer, database, "veroeffentlichen")
    told(db, database, config)
    assert waiting(db) == {}, "who publishes knows it"
    assert (
        "Alles erledigt" in writer.get("/mitteilungen").text or PAGE not in writer.get("/mitteilungen").text
    )


def test_nothing_goes_on_while_git_changed_the_same_text(
    app: Flask, db: Session, database: Database, shelf: Shelf, jana: Actor, tmp_path: Path
) -> None:
    lesson = tmp_path / "kleiner-kurs" / FIRST
    client = browse(app, db, jana)
    take(client, database, "einreichen")
    lesson.write_text(TEXTS[FIRST].replace("Ein Satz über", "Mancher Satz über"))
    assert shelf.publish(tmp_path / "kleiner-kurs").published
    merge = f'href="/werkstatt/lektionen/{ONE}/zusammenfuehren"'
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    for step in ("freigeben", "planen"):
        status, page = take(client, database, step, day=tomorrow, time="08:00")
        assert (status, "Führen Sie zuerst zusammen" in page, merge in page) == (409, True, True), step
    assert take(client, database, "absagen")[0] == 303
    assert 'value="einreichen"' not in client.get(PAGE).text
    status, page = take(client, database, "einreichen")
    assert (status, merge in page) == (409, True)
    assert "Führen Sie zuerst zusammen, was hier und in Git geändert wurde: „Eins“." in page


def test_involved_are_who_handed_in_and_who_wrote_any_of_it(
    db: Session, database: Database, shelf: Shelf, jana: Actor
) -> None:
    tom, ole = author(db, "Tom Berg"), author(db, "Ole Wald")
    assert review.involved(db, COURSE) == {jana.owner}
    with database.writing() as session:
        review.hand_in(session, tom, COURSE, "", revision=revision(database))
    assert review.involved(db, COURSE) == {tom.owner, jana.owner}, "who wrote does not approve it either"
    write(database, ole, BETTER + "\nMehr.\n")
    assert review.involved(db, COURSE) == {tom.owner, jana.owner, ole.owner}, "a comma hides no first author"
    write(database, ole, TEXTS[SECOND].replace("Noch ein", "Kein"), TWO)
    write(database, jana, TEXTS[SECOND], TWO)
    assert review.writers(db, COURSE, TWO) == frozenset(), "as published again"
    with database.writing() as session, pytest.raises(Refused, match="schon in Freigabe"):
        review.hand_in(session, tom, COURSE, "", revision=revision(database))
    with database.writing() as session, pytest.raises(Refused, match="4000"):
        review.send_back(session, tom, COURSE, "x" * 4001, revision=revision(database))
    assert [step.step for step in db.scalars(select(CourseStep))] == [steps.SUBMITTED]
    assert publishing.publish(database, shelf.storage, ole, COURSE).published
    assert review.involved(db, COURSE) == frozenset(), "what is published begins anew"
    write(database, ole, BETTER + "\nNoch mehr.\n")
    assert review.involved(db, COURSE) == {ole.owner}


def test_when_all_have_written_the_page_says_what_to_do(
    app: Flask, db: Session, database: Database, jana: Actor
) -> None:
    config: Config = app.extensions["learn.config"]
    tom, ole = author(db, "Tom Berg", "coordinator"), author(db, "Ole Wald")
    with database.writing() as session:
        four_eyes.choose(session, tom, on=True)
    write(database, ole, BETTER + "\nMehr.\n")
    client = browse(app, db, ole)
    take(client, database, "einreichen")
    assert told(db, database, config) == {tom.owner: ["kurs_eingereicht"]}, "Jana wrote, Tom may approve"
    assert "Jemand anderes gibt frei" in client.get(PAGE).text
    write(database, tom, BETTER + "\nNoch mehr.\n")
    page = client.get(PAGE).text
    assert "Alle, die freigeben dürfen, haben diesen Stand eingereicht oder daran geschrieben." in page
    assert "Jemand anderes gibt frei" not in page
