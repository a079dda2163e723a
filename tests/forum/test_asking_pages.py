"""„Frage stellen“: two steps, faults at their fields, drafts that survive, one question for each form."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.forum.models import ForumDraft, Post, Question, SimilarHelp
from learn.network.models import Topic
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.forum.factories import make_cohort, make_topics
from tests.forum.writing import form_of, send, words

ASK = "/forum/fragen/neu"
TITLE = "Wie habt ihr Bodenfeuchte gemessen?"
BODY = "Wir haben **zwölf** Beete.\n\nWelche Sensoren halten den Winter aus?"
GOOD: dict[str, Any] = {"title": TITLE, "body": BODY, "topic": ["sensorik", "", ""]}


@pytest.fixture
def asker(db: Session, client: CheckingClient) -> Person:
    """Somebody of a member town, signed in."""
    make_topics(db)
    person = make_person(db, municipality=make_municipality(db, name="Olpe"))
    sign_in(client, person)
    return person


def test_a_question_goes_through_both_steps(client: CheckingClient, asker: Person, db: Session) -> None:
    form = form_of(client.get(ASK), ASK)
    assert form.values["visibility"] == "netzwerk"
    answer = send(client, form, step="2", **GOOD)
    assert answer.status_code == 303
    assert answer.location.endswith("&schritt=2")
    preview = client.get(answer.location)
    assert "<strong>zwölf</strong>" in preview.text
    assert "Mitarbeitende der einen Kommune im Netzwerk" in words(preview)
    assert "Ihr Name steht dabei: Jana Hellweg" in words(preview)
    published = send(client, form_of(preview, ASK))
    question = db.scalars(select(Question)).one()
    assert published.status_code == 303
    assert published.location == f"/forum/fragen/{question.id}-{question.slug}"
    assert (question.title, question.level, question.topic) == (TITLE, "netzwerk", "sensorik")
    assert db.scalars(select(ForumDraft)).all() == []
    with client.session_transaction() as cookie:
        assert cookie["_flashes"] == [("success", "Ihre Frage ist veröffentlicht.")]


def test_the_preview_leads_back_to_the_text(client: CheckingClient, asker: Person) -> None:
    step = send(client, form_of(client.get(ASK), ASK), step="2", **GOOD)
    draft = step.location.partition("&")[0]
    assert f'href="{draft}"' in client.get(step.location).text
    again = client.get(draft)
    assert form_of(again, ASK).values["body"] == BODY


def test_a_form_sent_twice_is_one_question(client: CheckingClient, asker: Person, db: Session) -> None:
    form = form_of(client.get(ASK), ASK)
    first = send(client, form, step="3", **GOOD)
    second = send(client, form, step="3", **GOOD)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert len(db.scalars(select(Question)).all()) == 1


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"title": ""}, "title", "Schreiben Sie Ihre Frage in das Feld."),
        ({"title": "\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}"}, "title", "Schreiben Sie Ihre Frage in das Feld."),
        ({"title": "Was nun"}, "title", "Der Titel braucht 10 bis 150 Zeichen. Er hat 7."),
        ({"title": "W" * 151}, "title", "Der Titel braucht 10 bis 150 Zeichen. Er hat 151."),
        ({"body": " \n\N{ZERO WIDTH SPACE}"}, "body", "Schreiben Sie Ihre Frage in das Feld."),
        ({"body": "x" * 20_412}, "body", "Kürzen Sie auf 20.000 Zeichen. Der Text hat 20.412."),
        ({"tried": "x" * 20_001}, "tried", "Kürzen Sie auf 20.000 Zeichen. Der Text hat 20.001."),
        ({"topic": ["", "", ""]}, "topic", "Wählen Sie 1 bis 3 Themen aus der Liste."),
        ({"topic": ["sensorik", "wetter"]}, "topic", "Wählen Sie 1 bis 3 Themen aus der Liste."),
        (
            {"visibility": "klasse", "cohort": "1"},
            "visibility",
            "Wählen Sie einen Kreis, zu dem Ihre Kommune gehört.",
        ),
        ({"visibility": "chatham"}, "visibility", "Wählen Sie einen Kreis, zu dem Ihre Kommune gehört."),
        ({"attribution": "anonym"}, "attribution", "Wählen Sie, wie Sie genannt werden."),
        ({"phase": "spaeter"}, "phase", "Wählen Sie eine Phase aus der Liste."),
    ],
)
@pytest.mark.parametrize("step", ["2", "3"])
def test_faults_stand_at_their_field_and_the_text_stays(
    client: CheckingClient,
    asker: Person,
    db: Session,
    step: str,
    changed: dict[str, Any],
    field: str,
    sentence: str,
) -> None:
    answer = send(client, form_of(client.get(ASK), ASK), step=step, **{**GOOD, **changed})
    assert answer.status_code == 422
    assert "<title>Fehler: Frage stellen" in answer.text
    assert f'<li><a href="#{field}">{sentence}</a></li>' in answer.text
    assert answer.text.count(sentence) == 2
    kept = form_of(answer, ASK).values
    assert kept["body"] == str({**GOOD, **changed}["body"])
    assert db.scalars(select(Question)).all() == []


def test_a_synonym_leads_to_its_topic(client: CheckingClient, asker: Person, db: Session) -> None:
    send(client, form_of(client.get(f"{ASK}?thema=LoRaWAN"), ASK), step="3", title=TITLE, body=BODY)
    assert db.scalars(select(Question.topic)).one() == "sensorik"


def test_a_suggested_topic_stays_invisible(client: CheckingClient, asker: Person, db: Session) -> None:
    send(client, form_of(client.get(ASK), ASK), step="3", suggested_topic="Friedhöfe", **GOOD)
    assert db.scalars(select(Topic.accepted).where(Topic.name == "Friedhöfe")).one() is False
    assert "Friedhöfe" not in client.get(ASK).text


def test_a_guest_town_asks_in_public_only(client: CheckingClient, db: Session) -> None:
    make_topics(db)
    sign_in(client, make_person(db, municipality=make_municipality(db, role="gast")))
    page = client.get(ASK)
    assert form_of(page, ASK).values["visibility"] == "oeffentlich"
    assert "Alle im Internet" in words(page)
    assert 'value="netzwerk"' not in page.text
    refused = send(client, form_of(page, ASK), step="3", **{**GOOD, "visibility": "netzwerk"})
    assert refused.status_code == 422


def test_her_klassen_are_listed_by_name(client: CheckingClient, asker: Person, db: Session) -> None:
    town = make_municipality(db, name="Ahaus")
    own = db.get(Person, asker.id)
    assert own is not None
    assert own.municipality_id is not None
    cohort = make_cohort(db, town, name="Klasse Hellweg")
    mine = make_cohort(db, db.get_one(type(town), own.municipality_id), town, name="Klasse Ruhr")
    db.flush()
    page = client.get(ASK)
    assert "Klasse Ruhr" in page.text
    assert cohort.name not in page.text
    step = send(client, form_of(page, ASK), step="2", **{**GOOD, "visibility": "klasse"})
    said = words(client.get(step.location))
    assert "Klasse „Klasse Ruhr“: Mitarbeitende dieser Kommunen" in said
    assert "Ahaus, Olpe." in said
    send(client, form_of(client.get(step.location), ASK))
    assert db.scalars(select(Question.circle)).one() == f"klasse:{mine.id}"


def test_step_one_only_saves(client: CheckingClient, asker: Person, db: Session) -> None:
    answer = send(client, form_of(client.get(ASK), ASK), step="1", title="Kurz", body="")
    assert answer.status_code == 303
    shown = client.get(answer.location)
    assert form_of(shown, ASK).values["title"] == "Kurz"
    assert "Gespeichert um" in words(shown)
    assert db.scalars(select(Post)).all() == []


def test_the_short_form_adds_to_what_is_there(client: CheckingClient, asker: Person, db: Session) -> None:
    """A lesson sends its id and a title; an earlier title is not lost."""
    first = client.submit(ASK, {"step": "1", "title": "Erste Frage zur Lektion", "lesson": "les_7k3f9q2m"})
    second = client.submit(ASK, {"step": "1", "title": "Zweite Frage dazu", "lesson": "les_7k3f9q2m"})
    assert first.location == second.location
    values = form_of(client.get(second.location), ASK).values
    assert values["title"] == "Zweite Frage dazu"
    assert values["body"] == "Erste Frage zur Lektion"
    assert db.scalars(select(ForumDraft.target)).one() == "frage:les_7k3f9q2m"


def test_a_newer_draft_is_shown_beside(client: CheckingClient, asker: Person, db: Session) -> None:
    form = form_of(client.get(ASK), ASK)
    send(client, form, step="1", **GOOD)
    late = send(client, form, step="1", **{**GOOD, "body": "Anderer Text"})
    assert late.status_code == 409
    assert "Es gibt eine neuere Fassung" in words(late)
    assert "Anderer Text" in late.text
    assert "Welche Sensoren halten den Winter aus?" in late.text
    over = send(client, form_of(late, ASK))
    assert over.status_code == 303
    assert db.scalars(select(ForumDraft.fields)).one()["body"] == "Anderer Text"


def test_that_helps_counts_without_the_person(client: CheckingClient, asker: Person, db: Session) -> None:
    for _time in range(2):
        assert client.submit("/forum/aehnlich/hilft", {"item": "frage:12"}).status_code == 303
    found = db.scalars(select(SimilarHelp)).one()
    assert (found.item, found.number) == ("frage:12", 2)
    assert client.submit("/forum/aehnlich/hilft", {"item": "person:1"}).status_code == 404


@pytest.mark.usefixtures("in_one_window")
def test_a_learner_asks_five_questions_a_day(client: CheckingClient, asker: Person, db: Session) -> None:
    for number in range(5):
        form = form_of(client.get(ASK), ASK)
        assert (
            send(client, form, step="3", **{**GOOD, "title": f"Frage mit Nummer {number}"}).status_code == 303
        )
    sixth = send(client, form_of(client.get(ASK), ASK), step="3", **GOOD)
    assert sixth.status_code == 429
    assert sixth.headers["Retry-After"]
    assert db.scalars(select(ForumDraft.fields)).one()["body"] == BODY, "the text is kept"
    assert len(db.scalars(select(Question)).all()) == 5


def test_a_contact_asks_more(client: CheckingClient, db: Session) -> None:
    make_topics(db)
    sign_in(client, make_person(db, roles=["expert"]))
    for number in range(6):
        form = form_of(client.get(ASK), ASK)
        assert (
            send(client, form, step="3", **{**GOOD, "title": f"Frage mit Nummer {number}"}).status_code == 303
        )


def test_a_rescued_question_is_back_in_its_form(client: CheckingClient, asker: Person, db: Session) -> None:
    """Nothing is published by itself."""
    form = form_of(client.get(ASK), ASK)
    with client.session_transaction() as cookie:
        token = cookie.pop("_user_id")
    origin = {"Origin": "http://localhost", "Referer": f"http://localhost{ASK}"}
    answer = client.submit(ASK, form.filled(step="3", **GOOD), headers=origin)
    assert answer.status_code == 303
    assert answer.location == "/anmelden?weiter=/forum/fragen/neu"
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    back = client.get(ASK)
    assert "Ihr Text ist noch da." in words(back)
    assert "Jetzt senden" not in back.text
    values = form_of(back, ASK).values
    assert (values["title"], values["body"], values.getlist("topic")[0]) == (TITLE, BODY, "sensorik")
    assert db.scalars(select(Question)).all() == []
    assert send(client, form_of(back, ASK), step="3").status_code == 303
    assert "Ihr Text ist noch da." not in client.get(ASK).text
