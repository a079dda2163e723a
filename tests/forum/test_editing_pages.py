"""Editing against a base revision, the merge page, the history, withdrawing, and changing the circle."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.forum.models import ForumDraft, Post, Question
from learn.network.models import Municipality
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.forum.factories import make_answer, make_cohort, make_question, make_reader, reader_of
from tests.forum.writing import Form, form_of, send, words

BODY = "Erster Absatz.\n\nZweiter Absatz.\n\nDritter Absatz."


@pytest.fixture
def person(db: Session, client: CheckingClient) -> Person:
    """Somebody of a member town, signed in."""
    found = make_person(db, name="Anke Ostendorf", municipality=make_municipality(db, name="Olpe"))
    sign_in(client, found)
    return found


@pytest.fixture
def question(db: Session, person: Person) -> Question:
    """Her own question."""
    return make_question(db, reader_of(db, person))


@pytest.fixture
def post(db: Session, client: CheckingClient, person: Person) -> Post:
    """Her Antwort to somebody's question."""
    return make_answer(db, reader_of(db, person), make_question(db, make_reader(db)), BODY)


def path(post: Post) -> str:
    return f"/forum/beitraege/{post.id}/bearbeiten"


def opened(client: CheckingClient, post: Post) -> Form:
    return form_of(client.get(path(post)), path(post))


def test_an_edit_is_a_new_revision(client: CheckingClient, post: Post, db: Session) -> None:
    form = opened(client, post)
    assert form.values["body"] == BODY
    done = send(client, form, body="Neu gefasst.")
    assert done.status_code == 303
    assert done.location.endswith("#post-2")
    db.expire_all()
    assert (db.get_one(Post, post.id).body, db.get_one(Post, post.id).revision) == ("Neu gefasst.", 2)


def test_the_asker_changes_title_topics_phase(
    client: CheckingClient, question: Question, db: Session
) -> None:
    first = db.scalars(select(Post).where(Post.number == 1)).one()
    form = opened(client, first)
    faulty = send(client, form, title="kurz", topic=["", "", ""])
    assert faulty.status_code == 422
    assert "Er hat 4." in faulty.text
    assert "Wählen Sie 1 bis 3 Themen aus der Liste." in faulty.text
    values: dict[str, Any] = {
        "title": "Wer hat Hitze gemessen?",
        "topic": ["klima", "sensorik", ""],
        "phase": "betrieb",
    }
    done = send(client, form, tried="Nichts.", **values)
    assert done.status_code == 303
    db.expire_all()
    found = db.get_one(Question, question.id)
    assert (found.title, found.topic, found.phase, found.tried) == (
        "Wer hat Hitze gemessen?",
        "klima",
        "betrieb",
        "Nichts.",
    )


def test_different_paragraphs_are_merged(client: CheckingClient, post: Post, db: Session) -> None:
    late = opened(client, post)
    send(client, opened(client, post), body=BODY.replace("Erster", "Neuer erster"))
    conflict = send(client, late, body=BODY.replace("Dritter", "Neuer dritter"))
    assert conflict.status_code == 409
    merged = form_of(conflict, path(post))
    assert merged.values["body"] == "Neuer erster Absatz.\n\nZweiter Absatz.\n\nNeuer dritter Absatz."
    assert merged.values["base_revision"] == "2"
    assert "Zusammengeführte Fassung speichern" in conflict.text
    assert send(client, merged).status_code == 303
    db.expire_all()
    assert db.get_one(Post, post.id).revision == 3


def test_the_same_paragraph_shows_both_versions(client: CheckingClient, post: Post, db: Session) -> None:
    late = opened(client, post)
    send(client, opened(client, post), body=BODY.replace("Zweiter", "Mittlerer"))
    conflict = send(client, late, body=BODY.replace("Zweiter", "Nächster"))
    assert conflict.status_code == 409
    said = words(conflict)
    assert "Ihre Fassung Nächster Absatz. Gespeicherte Fassung Mittlerer Absatz." in said
    text = form_of(conflict, path(post)).values["body"]
    assert text == "Erster Absatz.\n\nNächster Absatz.\n\nMittlerer Absatz.\n\nDritter Absatz."
    assert send(client, form_of(conflict, path(post)), body="Beides.").status_code == 303
    db.expire_all()
    assert db.get_one(Post, post.id).body == "Beides."


def test_a_solution_is_changed_with_a_reason_only(client: CheckingClient, post: Post, db: Session) -> None:
    db.get_one(Post, post.id).solution = True
    db.flush()
    form = opened(client, post)
    refused = send(client, form, body="Anders.")
    assert refused.status_code == 422
    assert "Schreiben Sie, warum Sie das ändern." in refused.text
    assert send(client, form, body="Anders.", reason="Zahl verbessert").status_code == 303
    history = words(client.get(f"/forum/beitraege/{post.id}/verlauf"))
    assert "Grund: Zahl verbessert" in history


def test_readers_see_what_changed(client: CheckingClient, post: Post, db: Session) -> None:
    send(client, opened(client, post), body=BODY.replace("Zweiter", "Mittlerer"))
    sign_in(client, make_person(db))
    page = client.get(f"/forum/beitraege/{post.id}/verlauf")
    assert "<ins>Mittlerer Absatz.</ins>" in page.text
    assert "<del>Zweiter Absatz.</del>" in page.text
    said = words(page)
    assert "Neu: Mittlerer Absatz." in said
    assert said.index("Fassung 2") < said.index("Fassung 1")
    sign_in(client, make_person(db, municipality=make_municipality(db, role="gast")))
    assert client.get(f"/forum/beitraege/{post.id}/verlauf").status_code == 404


def test_nobody_edits_what_others_wrote(client: CheckingClient, post: Post, db: Session) -> None:
    sign_in(client, make_person(db))
    assert client.get(path(post)).status_code == 403
    assert client.submit(path(post), {"body": "Meins", "base_revision": "1"}).status_code == 403
    sign_in(client, make_person(db, municipality=make_municipality(db, role="gast")))
    assert client.get(path(post)).status_code == 404


def test_the_koordination_redacts_and_the_words_leave_the_history(
    client: CheckingClient, post: Post, db: Session
) -> None:
    sign_in(client, make_person(db, roles=["coordinator"]))
    assert "Sie ändern einen fremden Beitrag." in words(client.get(path(post)))
    assert send(client, opened(client, post), body="Ohne Namen.").status_code == 303
    page = client.get(f"/forum/beitraege/{post.id}/verlauf")
    assert "Zweiter Absatz" not in page.text
    assert "Den Wortlaut dieser Fassung hat die Koordination entfernt." in words(page)


def test_a_new_title_by_the_koordination_redacts_nothing(
    client: CheckingClient, question: Question, db: Session
) -> None:
    first = db.scalars(select(Post).where(Post.number == 1)).one()
    sign_in(client, make_person(db, roles=["coordinator"]))
    assert send(client, opened(client, first), title="Ein besserer Titel dazu").status_code == 303
    page = words(client.get(f"/forum/beitraege/{first.id}/verlauf"))
    assert "entfernt" not in page
    assert "Neu: Ein besserer Titel dazu" in page


def test_an_unfinished_edit_is_a_draft(client: CheckingClient, post: Post, db: Session) -> None:
    saved = send(client, opened(client, post), press="entwurf", body="Halb fertig")
    assert (saved.status_code, saved.location) == (303, path(post))
    assert opened(client, post).values["body"] == "Halb fertig"
    assert send(client, opened(client, post)).status_code == 303
    assert db.scalars(select(ForumDraft)).all() == []


def test_a_preview_of_an_edit_stores_nothing(client: CheckingClient, post: Post, db: Session) -> None:
    page = send(client, opened(client, post), press="vorschau", body="Mit **Nachdruck**.")
    assert page.status_code == 200
    assert "<strong>Nachdruck</strong>" in page.text
    db.expire_all()
    assert db.get_one(Post, post.id).revision == 1


def test_withdrawing_asks_first(client: CheckingClient, post: Post, db: Session) -> None:
    address = f"/forum/beitraege/{post.id}/zurueckziehen"
    assert send(client, form_of(client.get(address), address)).status_code == 303
    db.expire_all()
    assert db.get_one(Post, post.id).hidden == "zurueckgezogen"


def test_an_answered_question_stays(client: CheckingClient, question: Question, db: Session) -> None:
    make_answer(db, make_reader(db), question)
    first = db.scalars(select(Post).where(Post.number == 1)).one()
    address = f"/forum/beitraege/{first.id}/zurueckziehen"
    refused = send(client, form_of(client.get(address), address))
    assert refused.status_code == 422
    assert "Auf diese Frage gibt es Antworten. Sie bleibt stehen." in refused.text


def test_the_circle_is_narrowed_at_once_and_widened_by_the_only_author(
    client: CheckingClient, question: Question, db: Session, person: Person
) -> None:
    cohort = make_cohort(db, db.get_one(Municipality, person.municipality_id), name="Klasse Ruhr")
    address = f"/forum/fragen/{question.id}/kreis"
    page = client.get(address)
    assert "Das lesen jetzt: Mitarbeitende der einen Kommune im Netzwerk" in words(page)
    assert send(client, form_of(page, address), visibility="klasse").status_code == 303
    db.expire_all()
    assert db.get_one(Question, question.id).circle == f"klasse:{cohort.id}"
    assert send(client, form_of(client.get(address), address), visibility="netzwerk").status_code == 303
    make_answer(db, make_reader(db), db.get_one(Question, question.id))
    refused = send(client, form_of(client.get(address), address), visibility="oeffentlich")
    assert refused.status_code == 422
    assert "Diese Frage wurde für einen kleineren Kreis beantwortet." in refused.text


def test_others_do_not_change_the_circle(client: CheckingClient, question: Question, db: Session) -> None:
    sign_in(client, make_person(db))
    assert client.get(f"/forum/fragen/{question.id}/kreis").status_code == 403
    assert client.submit(f"/forum/fragen/{question.id}/kreis", {"visibility": "klasse"}).status_code == 403
