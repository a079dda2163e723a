"""Drafts: saved in order, one per person and target, seen by nobody else, gone after a year."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import cleaning, clock, jobs
from learn.core.access import Refused
from learn.core.db import Database
from learn.forum import drafts
from learn.forum.models import ForumDraft, Post
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.forum.factories import actor_of, make_question, make_reader
from tests.forum.writing import form_of, send, words

LIST = "/forum/entwuerfe"


@pytest.fixture
def person(db: Session, client: CheckingClient) -> Person:
    """Somebody of a member town, signed in."""
    found = make_person(db, municipality=make_municipality(db, name="Olpe"))
    sign_in(client, found)
    return found


def test_a_later_save_replaces_an_earlier_one_never_the_other_way(db: Session, person: Person) -> None:
    actor = actor_of(db, person)
    assert drafts.save(db, actor, "antwort:1", {"answer": "eins"}, sequence=1).sequence == 1
    assert drafts.save(db, actor, "antwort:1", {"answer": "zwei"}, sequence=2).sequence == 2
    with pytest.raises(drafts.Newer) as newer:
        drafts.save(db, actor, "antwort:1", {"answer": "alt"}, sequence=1)
    assert newer.value.draft.fields == {"answer": "zwei"}
    assert drafts.save(db, actor, "antwort:1", {"answer": "zwei"}, sequence=2).sequence == 2, "sent twice"
    assert drafts.save(db, actor, "antwort:1", {"answer": "drei"}, sequence=None).sequence == 3
    assert len(db.scalars(select(ForumDraft)).all()) == 1


def test_people_have_drafts_of_their_own(db: Session, person: Person) -> None:
    other = actor_of(db, make_person(db))
    saved = drafts.save(db, actor_of(db, person), "frage", {"title": "Meine"}, sequence=1)
    drafts.save(db, other, "frage", {"title": "Ihre"}, sequence=1)
    assert drafts.by_id(db, other, saved.id) is None
    found = drafts.draft(db, other, "frage")
    assert found is not None
    assert found.fields["title"] == "Ihre"


def test_a_draft_has_an_end(db: Session, person: Person) -> None:
    with pytest.raises(Refused):
        drafts.save(db, actor_of(db, person), "frage", {"body": "x" * 200_001}, sequence=1)


def test_a_year_later_it_goes(app: Flask, db: Session, database: Database, person: Person) -> None:
    actor = actor_of(db, person)
    old = drafts.save(db, actor, "frage", {"title": "Alt"}, sequence=1)
    drafts.save(db, actor, "antwort:1", {"answer": "Neu"}, sequence=1)
    db.get_one(ForumDraft, old.id).saved_on = clock.today() - timedelta(days=366)
    db.flush()
    cleaning.clean_up(jobs.Work(app.extensions["learn.config"], database))
    db.expire_all()
    assert db.scalars(select(ForumDraft.target)).all() == ["antwort:1"]


def test_the_script_saves_and_is_told_when(client: CheckingClient, person: Person, db: Session) -> None:
    saved = client.submit(f"{LIST}/antwort:7", {"answer": "Text", "sequence": "1", "key": "k"})
    assert saved.status_code == 200
    assert saved.text.strip().startswith("Gespeichert um ")
    assert saved.text.strip().endswith("Uhr")
    late = client.submit(f"{LIST}/antwort:7", {"answer": "Anderes", "sequence": "1", "key": "k"})
    assert late.status_code == 409
    assert "Es gibt eine neuere Fassung." in late.text
    assert "Anderes" in late.text
    assert "Text" in late.text
    for target in ("antwort:x", "person:1", "frage:../..", "antwort:0"):
        assert client.submit(f"{LIST}/{target}", {"answer": "Text"}).status_code == 404, target


def test_a_save_that_comes_after_publishing_stores_nothing(
    client: CheckingClient, person: Person, db: Session
) -> None:
    question = make_question(db, make_reader(db))
    path = f"/forum/fragen/{question.id}/antworten"
    form = form_of(client.get(path), path)
    send(client, form, answer="Fertig.")
    late = client.submit(f"{LIST}/antwort:{question.id}", form.filled(answer="Fertig", sequence="9"))
    assert late.status_code == 200
    assert db.scalars(select(ForumDraft)).all() == []
    assert len(db.scalars(select(Post)).all()) == 2


@pytest.mark.usefixtures("in_one_window")
def test_saves_are_counted(client: CheckingClient, person: Person) -> None:
    statuses = [
        client.submit(f"{LIST}/frage", {"title": f"Titel {number}", "sequence": str(number + 1)}).status_code
        for number in range(61)
    ]
    assert statuses[0] == 200
    assert 429 in statuses


def test_the_list_opens_and_deletes(client: CheckingClient, person: Person, db: Session) -> None:
    assert "Sie haben keine Entwürfe." in words(client.get(LIST))
    question = make_question(db, make_reader(db))
    client.submit(f"{LIST}/antwort:{question.id}", {"answer": "Unsere Erfahrung", "sequence": "1"})
    draft = db.scalars(select(ForumDraft)).one()
    listed = client.get(LIST)
    assert "Unsere Erfahrung" in listed.text
    opened = client.get(f"{LIST}/{draft.id}")
    assert (opened.status_code, opened.location) == (302, f"/forum/fragen/{question.id}/antworten")
    address = f"{LIST}/{draft.id}/loeschen"
    page = client.get(address)
    assert "Antwort „Unsere Erfahrung“" in words(page)
    assert send(client, form_of(page, address)).status_code == 303
    assert db.scalars(select(ForumDraft)).all() == []


def test_drafts_are_nobody_elses(client: CheckingClient, person: Person, db: Session) -> None:
    client.submit(f"{LIST}/frage", {"title": "Geheimer Plan", "sequence": "1"})
    draft = db.scalars(select(ForumDraft)).one()
    sign_in(client, make_person(db, roles=["coordinator"]))
    assert "Geheimer Plan" not in client.get(LIST).text
    assert client.get(f"{LIST}/{draft.id}").status_code == 404
    assert client.submit(f"{LIST}/{draft.id}/loeschen").status_code == 404
    assert "Geheimer Plan" not in client.get(f"/forum/fragen/neu?entwurf={draft.id}").text
