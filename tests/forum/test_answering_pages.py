"""Antworten and Rückfragen: preview, publishing once, drafts, what happens when the question is gone."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.forum import leveling, moderating, queries
from learn.forum.models import ForumDraft, Post, Question
from learn.network.models import Municipality
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.forum.factories import make_answer, make_cohort, make_question, make_reader, reader_of
from tests.forum.writing import form_of, send, words

TEXT = "Wir haben es mit **Funk** gelöst.\n\nDie Batterien halten drei Jahre."


@pytest.fixture
def person(db: Session, client: CheckingClient) -> Person:
    """Somebody of a member town, signed in."""
    found = make_person(db, name="Anke Ostendorf", municipality=make_municipality(db, name="Olpe"))
    sign_in(client, found)
    return found


@pytest.fixture
def question(db: Session, person: Person) -> Question:
    """A question of another town."""
    return make_question(db, make_reader(db))


def address(question: Question) -> str:
    return f"/forum/fragen/{question.id}/antworten"


def test_an_answer_is_previewed_and_published(
    client: CheckingClient, question: Question, db: Session
) -> None:
    form = form_of(client.get(address(question)), address(question))
    preview = send(client, form, press="vorschau", answer=TEXT)
    assert preview.status_code == 200
    assert "<strong>Funk</strong>" in preview.text
    assert db.scalars(select(Post).where(Post.number == 2)).all() == []
    again = form_of(preview, address(question))
    assert again.values["answer"] == TEXT
    answer = send(client, again, attribution="funktion")
    assert answer.status_code == 303
    assert answer.location == f"/forum/fragen/{question.id}-{question.slug}?ab=1#post-2"
    post = db.scalars(select(Post).where(Post.number == 2)).one()
    assert (post.body, post.attribution) == (TEXT, "funktion")


def test_an_answer_sent_twice_is_one(client: CheckingClient, question: Question, db: Session) -> None:
    form = form_of(client.get(address(question)), address(question))
    answers = [send(client, form, answer=TEXT) for _time in range(3)]
    assert {(answer.status_code, answer.location) for answer in answers} == {
        (303, f"/forum/fragen/{question.id}-{question.slug}?ab=1#post-2")
    }
    assert len(db.scalars(select(Post)).all()) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Schreiben Sie Ihre Antwort in das Feld."),
        ("\N{ZERO WIDTH SPACE}\n\t", "Schreiben Sie Ihre Antwort in das Feld."),
        ("y" * 20_001, "Kürzen Sie auf 20.000 Zeichen. Der Text hat 20.001."),
        ("![](bild:1)", "Beschreiben Sie das Bild."),
    ],
)
@pytest.mark.parametrize("press", ["senden", "vorschau"])
def test_faults_of_an_answer(
    client: CheckingClient, question: Question, press: str, text: str, sentence: str
) -> None:
    refused = send(
        client, form_of(client.get(address(question)), address(question)), press=press, answer=text
    )
    assert refused.status_code == 422
    assert "<title>Fehler: Antworten" in refused.text
    assert f'<a href="#answer">{sentence}</a>' in refused.text
    assert form_of(refused, address(question)).values["answer"] == text


def test_a_comment_names_its_post(client: CheckingClient, question: Question, db: Session) -> None:
    about = make_answer(db, make_reader(db), question)
    path = f"/forum/beitraege/{about.id}/rueckfragen"
    page = client.get(path)
    assert "Zu Beitrag 2:" in words(page)
    long = send(client, form_of(page, path), comment="z" * 2_001)
    assert long.status_code == 422
    assert "Kürzen Sie auf 2.000 Zeichen. Der Text hat 2.001." in long.text
    empty = send(client, form_of(page, path), comment=" ")
    assert "Schreiben Sie Ihre Rückfrage in das Feld." in empty.text
    done = send(client, form_of(page, path), comment="Welcher Anbieter?")
    assert done.location.endswith("?ab=1#post-3")
    assert db.scalars(select(Post.about_id).where(Post.number == 3)).one() == about.id


def test_a_draft_comes_back_and_goes_with_the_answer(
    client: CheckingClient, question: Question, db: Session
) -> None:
    form = form_of(client.get(address(question)), address(question))
    saved = send(client, form, press="entwurf", answer=TEXT)
    assert (saved.status_code, saved.location) == (303, address(question))
    page = client.get(saved.location)
    assert "Gespeichert um" in words(page)
    assert form_of(page, address(question)).values["answer"] == TEXT
    send(client, form_of(page, address(question)))
    assert db.scalars(select(ForumDraft)).all() == []


def test_the_text_for_a_locked_question_is_kept(
    client: CheckingClient, question: Question, db: Session
) -> None:
    form = form_of(client.get(address(question)), address(question))
    question.locked = True
    db.flush()
    refused = send(client, form, answer=TEXT)
    assert refused.status_code == 403
    assert "Ihr Text steht unter „Entwürfe“." in words(refused)
    draft = db.scalars(select(ForumDraft)).one()
    assert draft.fields["answer"] == TEXT
    assert TEXT in client.get(f"/forum/entwuerfe/{draft.id}").text.replace("&#39;", "'")


def test_the_text_for_a_question_out_of_sight_is_kept(
    client: CheckingClient, question: Question, db: Session
) -> None:
    """The same answer as for a question that never was."""
    asker = db.get_one(Person, queries.asker_of(db, question.id))
    form = form_of(client.get(address(question)), address(question))
    cohort = make_cohort(db, db.get_one(Municipality, asker.municipality_id))
    leveling.change_level(db, reader_of(db, asker), question, "klasse", cohort.id)
    db.flush()
    refused = send(client, form, answer=TEXT)
    never = send(client, form, path="/forum/fragen/987654/antworten", answer=TEXT)
    assert refused.status_code == never.status_code == 404
    assert words(refused).rpartition("Nummer")[0] == words(never).rpartition("Nummer")[0]
    assert {draft.fields["answer"] for draft in db.scalars(select(ForumDraft))} == {TEXT}


@pytest.mark.usefixtures("in_one_window")
def test_the_thirty_first_post_of_an_hour_is_refused(
    client: CheckingClient, question: Question, db: Session
) -> None:
    page = client.get(address(question))
    for number in range(30):
        answer = send(client, form_of(page, address(question)), answer=f"Antwort {number}", key=f"k{number}")
        assert answer.status_code == 303
    refused = send(client, form_of(page, address(question)), answer=TEXT, key="letzte")
    assert refused.status_code == 429
    assert db.scalars(select(ForumDraft.fields)).one()["answer"] == TEXT
    repeated = send(client, form_of(page, address(question)), answer="Antwort 3", key="k3")
    assert repeated.status_code == 303, "an earlier form again is no further post"


def test_a_rescued_answer_is_back_in_its_form(
    client: CheckingClient, question: Question, db: Session
) -> None:
    form = form_of(client.get(address(question)), address(question))
    with client.session_transaction() as cookie:
        token = cookie.pop("_user_id")
    origin = {"Origin": "http://localhost", "Referer": f"http://localhost{address(question)}"}
    answer = client.submit(address(question), form.filled(answer=TEXT), headers=origin)
    assert answer.location.startswith("/anmelden?weiter=")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    back = client.get(address(question))
    assert "Ihr Text ist noch da." in words(back)
    assert "Jetzt senden" not in back.text
    assert form_of(back, address(question)).values["answer"] == TEXT
    assert db.scalars(select(Post).where(Post.number == 2)).all() == []
    assert send(client, form_of(back, address(question))).status_code == 303
    assert "Ihr Text ist noch da." not in client.get(address(question)).text


def test_a_rescued_answer_is_back_under_a_new_title(
    client: CheckingClient, question: Question, db: Session
) -> None:
    page = f"/forum/fragen/{question.id}-{question.slug}"
    form = form_of(client.get(page), address(question))
    with client.session_transaction() as cookie:
        token = cookie.pop("_user_id")
    origin = {"Origin": "http://localhost", "Referer": f"http://localhost{page}"}
    answer = client.submit(address(question), form.filled(answer=TEXT), headers=origin)
    assert answer.status_code == 303
    question.title, question.slug = "Ein anderer Titel", "ein-anderer-titel"
    db.flush()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    back = client.get(page, follow_redirects=True)
    assert "Ihr Text ist noch da." in words(back)
    assert form_of(back, address(question)).values["answer"] == TEXT


def test_what_the_script_saved_without_a_session_is_back_in_the_form(
    client: CheckingClient, question: Question
) -> None:
    form = form_of(client.get(address(question)), address(question))
    with client.session_transaction() as cookie:
        token = cookie.pop("_user_id")
    origin = {"Origin": "http://localhost", "Referer": f"http://localhost{address(question)}"}
    saved = client.submit(f"/forum/entwuerfe/antwort:{question.id}", form.filled(answer=TEXT), headers=origin)
    assert saved.status_code == 303
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    back = client.get(address(question))
    assert form_of(back, address(question)).values["answer"] == TEXT
    assert send(client, form_of(back, address(question))).status_code == 303
    assert form_of(client.get(address(question)), address(question)).values["answer"] == ""


def test_a_quote_stands_behind_what_was_written(
    client: CheckingClient, question: Question, db: Session
) -> None:
    quoted = make_answer(db, make_reader(db, name="Tarik Kaya"), question, "Das Moos hat geholfen.")
    form = form_of(client.get(address(question)), address(question))
    send(client, form, press="entwurf", answer="Mein Anfang.")
    page = client.get(f"/forum/beitraege/{quoted.id}/zitieren")
    filled = form_of(page, address(question))
    mark = f"<!-- zitat beitrag={quoted.id} fassung=1 -->"
    assert filled.values["answer"] == f"Mein Anfang.\n\n> Das Moos hat geholfen.\n\n{mark}\n\n"
    preview = send(client, filled, press="vorschau")
    assert "Tarik Kaya" in words(preview)
    assert f'href="/forum/beitraege/{quoted.id}"' in preview.text
    assert send(client, filled).status_code == 303


def test_hidden_words_leave_the_history_and_the_quotes_of_who_quoted_them(
    client: CheckingClient, question: Question, db: Session
) -> None:
    source = make_answer(db, make_reader(db), question, "Das Moos hat geholfen.")
    form = form_of(client.get(f"/forum/beitraege/{source.id}/zitieren"), address(question))
    text = f"Vorweg.\n\n{form.values['answer']}\nMeine Worte."
    assert send(client, form, answer=text).status_code == 303
    quoting = db.scalars(select(Post).where(Post.number == 3)).one()
    pages = [f"/forum/beitraege/{quoting.id}/{name}" for name in ("verlauf", "zitieren")]
    sign_in(client, make_person(db, municipality=make_municipality(db)))
    for page in pages:
        assert "Moos" in client.get(page).text, page
    moderating.hide_post(db, make_reader(db, "coordinator"), source, "Vertraulich")
    db.flush()
    for page in pages:
        answer = client.get(page)
        assert "Moos" not in answer.text, page
        assert "Vorweg." in answer.text
        assert "Meine Worte." in answer.text
        assert "Das Zitat ist nicht mehr sichtbar." in answer.text


@pytest.mark.parametrize("text", ["[@X](person:9999999999)", "Bild: ![x](bild:9999999999)"])
def test_numbers_beyond_the_tables_stay_text(client: CheckingClient, question: Question, text: str) -> None:
    form = form_of(client.get(address(question)), address(question))
    assert send(client, form, press="vorschau", answer=text).status_code in {200, 422}


def test_names_are_offered_to_who_may_know_them(
    client: CheckingClient, question: Question, db: Session, person: Person
) -> None:
    make_answer(db, make_reader(db, name="Tarik Kaya"), question)
    make_person(db, name="Tarkan Unbekannt")
    make_municipality(db, name="Tarmstedt")
    db.flush()
    path = f"/forum/fragen/{question.id}/nennen"
    found = client.get(f"{path}?q=ta")
    assert "Tarik Kaya" in found.text
    assert "Unbekannt" not in found.text
    assert client.get(f"{path}?q=t").text.strip() == ""
    assert client.get("/forum/fragen/987654/nennen?q=ta").status_code == 404
