"""The page of a question: what readers see and may do, pages of 20, addresses, hidden and moved posts."""

import re

import pytest
from sqlalchemy.orm import Session

from learn.forum import editing, judging, moderating, moving, reacting, threads
from learn.forum.audience import Reader
from learn.forum.models import Post, Question, QuestionLink, QuestionReader
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.forum.factories import (
    make_answer,
    make_cohort,
    make_comment,
    make_question,
    make_reader,
    reader_of,
)
from tests.forum.threads import make_thread


def path(question: Question) -> str:
    return f"/forum/fragen/{question.id}-{question.slug}"


def signed_in(client: CheckingClient, db: Session, *roles: str, role: str = "mitglied") -> Reader:
    person = make_person(db, roles=roles, municipality=make_municipality(db, role=role))
    sign_in(client, person)
    return reader_of(db, person)


def numbers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r'id="post-(\d+)"', text)]


def test_a_visitor_reads_a_public_question_and_learns_how_to_answer(
    client: CheckingClient, db: Session
) -> None:
    town = make_municipality(db, name="Olpe", role="pionier")
    asker = make_reader(db, name="Petra Muster", town=town)
    question = make_question(db, asker, level="oeffentlich")
    page = client.get(path(question))
    assert page.status_code == 200
    for words in (question.title, "Stadt Olpe", "Sichtbar für alle", "Phase: Konzept", "Sensorik"):
        assert words in page.text
    assert "Petra Muster" not in page.text
    assert "Noch keine Antwort." in page.text
    assert "Nach fünf Arbeitstagen kümmert sich die Koordination." in page.text
    assert f"/anmelden?weiter=%2Fforum%2Ffragen%2F{question.id}-" in page.text
    assert 'name="robots"' not in page.text
    for button in ("Ich auch", "Folgen", "Bearbeiten", "Als Lösung markieren", 'method="post"'):
        assert button not in page.text


def test_addresses_lead_to_the_one_that_is_shown(client: CheckingClient, db: Session) -> None:
    question = make_question(db, make_reader(db), level="oeffentlich")
    for other in (f"/forum/fragen/{question.id}", f"/forum/fragen/{question.id}-anders"):
        answer = client.get(f"{other}?ab=21")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"{path(question)}?ab=21")


def test_what_is_out_of_sight_answers_like_what_is_not_there(client: CheckingClient, db: Session) -> None:
    asker = make_reader(db)
    question = make_question(db, asker)
    answer = make_answer(db, asker, question)
    missing = ("/forum/fragen/999999", "/forum/fragen/999999-x", "/forum/beitraege/999999")
    hidden = (f"/forum/fragen/{question.id}", path(question), f"/forum/beitraege/{answer.id}")
    for address in (*missing, *hidden):
        assert client.get(address).headers["Location"].startswith("/anmelden?weiter=")
    signed_in(client, db, role="gast")
    assert {client.get(address).status_code for address in (*missing, *hidden)} == {404}


def test_a_member_reads_names_and_finds_what_she_may_do(client: CheckingClient, db: Session) -> None:
    asker = make_reader(db, name="Petra Muster")
    question = make_question(db, asker)
    answer = make_answer(db, make_reader(db, name="Tarik Kaya"), question, "Wir haben zwölf Sensoren.")
    make_comment(db, asker, answer)
    signed_in(client, db)
    text = client.get(path(question)).text
    for words in ("Petra Muster", "Tarik Kaya", "Wir haben zwölf Sensoren.", "Sichtbar für alle im Netzwerk"):
        assert words in text
    for action in ("ich-auch", "hilfreich", "folgen", "gelesen", "rueckfragen", "zitieren", "melden"):
        assert f"/{action}" in text
    for action in ("loesung", "ergebnis", "bearbeiten", "ausblenden", "kreis"):
        assert f"/{action}" not in text
    assert "Rückfrage zu" in text
    assert '?ab=2#post-2">Beitrag 2</a>' in text
    assert 'content="noindex"' in text
    assert numbers(text) == [1, 2, 3]
    assert 'id="antworten"' in text


def test_who_asked_marks_a_loesung_and_gives_the_verdict(client: CheckingClient, db: Session) -> None:
    asker = signed_in(client, db)
    question = make_question(db, asker)
    answer = make_answer(db, make_reader(db), question)
    text = client.get(path(question)).text
    assert "Als Lösung markieren" in text
    assert "Ist die Frage gelöst?" in text
    assert "/ich-auch" not in text
    done = client.submit(f"/forum/beitraege/{answer.id}/loesung", {"an": "1"})
    assert (done.status_code, done.headers["Location"]) == (303, f"{path(question)}#post-2")
    text = client.get(path(question)).text
    assert "Beantwortet" in text
    assert 'id="loesung-2"' in text
    assert "Markierung entfernen" in text
    client.submit(f"/forum/fragen/{question.id}/ergebnis", {"verdict": "teilweise"})
    assert "teilweise gelöst" in client.get(path(question)).text
    client.submit(f"/forum/beitraege/{answer.id}/loesung", {"an": "0"})
    assert 'id="loesung-2"' not in client.get(path(question)).text
    refused = client.submit(f"/forum/fragen/{question.id}/ergebnis", {"verdict": "geloest"})
    assert refused.status_code == 422
    assert judging.MARK_FIRST in refused.text


def test_reactions_show_towns_and_are_taken_back(client: CheckingClient, db: Session) -> None:
    asker = make_reader(db)
    question = make_question(db, asker)
    answer = make_answer(db, asker, question)
    signed_in(client, db)
    done = client.submit(f"/forum/fragen/{question.id}/ich-auch")
    assert (done.status_code, done.headers["Location"]) == (303, f"{path(question)}#post-1")
    client.submit(f"/forum/beitraege/{answer.id}/hilfreich", {"an": "1"})
    text = client.get(path(question)).text
    assert text.count('name="an" value="0" aria-pressed="true"') == 2
    assert '<b>1 <span class="sc-vh">Kommunen' in text
    client.submit(f"/forum/fragen/{question.id}/ich-auch", {"an": "0"})
    client.submit(f"/forum/beitraege/{answer.id}/hilfreich", {"an": "0"})
    assert 'aria-pressed="true"' not in client.get(path(question)).text


def test_the_own_town_has_no_button_and_is_refused(client: CheckingClient, db: Session) -> None:
    asker = signed_in(client, db)
    question = make_question(db, asker)
    assert client.submit(f"/forum/fragen/{question.id}/ich-auch").status_code == 403


def test_following_has_three_choices_and_says_why(client: CheckingClient, db: Session) -> None:
    asker = signed_in(client, db)
    question = make_question(db, asker)
    assert "Sie folgen, weil Sie gefragt haben." in client.get(path(question)).text
    done = client.submit(f"/forum/fragen/{question.id}/folgen", {"level": "nichts"}, follow_redirects=True)
    assert "nur was an Sie gerichtet ist" in done.text
    assert 'value="nichts" aria-pressed="true"' in done.text
    assert client.submit(f"/forum/fragen/{question.id}/folgen", {"level": "quatsch"}).status_code == 422
    town = make_municipality(db)
    for place in ("/forum/thema/sensorik", f"/kommunen/{town.ags}"):
        done = client.submit(f"{place}/folgen", {"level": "alles"})
        assert (done.status_code, done.headers["Location"]) == (303, f"{place}#folgen")
    assert 'value="alles" aria-pressed="true"' in client.get("/forum/thema/sensorik").text
    assert client.submit("/forum/thema/gibt-es-nicht/folgen", {"level": "alles"}).status_code == 404


def test_reading_is_noted_up_to_what_was_shown(client: CheckingClient, db: Session) -> None:
    asker = make_reader(db)
    question = make_question(db, asker)
    make_answer(db, asker, question)
    who = signed_in(client, db)
    text = client.get(path(question)).text
    assert 'hx-trigger="load"' in text
    assert 'name="number" value="2"' in text
    address = f"/forum/fragen/{question.id}/gelesen"
    assert client.submit(address, {"number": "1"}).headers["Location"] == f"{path(question)}#post-1"
    assert client.submit(address, {"number": "99"}, headers={"HX-Request": "true"}).status_code == 204
    assert db.get(QuestionReader, (who.actor.owner, question.id)).last_read == 2  # type: ignore[union-attr]
    assert "gelesen" not in client.get(path(question)).text
    make_answer(db, asker, question)
    assert "<b>neu</b>" in client.get(path(question)).text


def test_posts_come_twenty_at_a_time_and_loesungen_first(client: CheckingClient, db: Session) -> None:
    question = make_thread(db, make_reader(db), 45)
    first = client.get(path(question)).text
    assert numbers(first) == list(range(1, 21))
    assert re.findall(r'id="loesung-(\d+)"', first) == ["5", "6", "30"]
    assert f'{path(question)}?ab=21#post-31">Beitrag 31</a>' in first
    assert f'{path(question)}?ab=41#post-44">Beitrag 44</a>' in first
    assert f'href="{path(question)}?ab=21" rel="next"' in first
    second = client.get(f"{path(question)}?ab=33").text
    assert numbers(second) == list(range(21, 41))
    assert "Beiträge 21 bis 40" in second
    assert "loesung-" not in second
    last = client.get(f"{path(question)}?ab=9999").text
    assert numbers(last) == [41, 42, 43, 44, 45]
    assert "Weitere Beiträge" not in last
    assert f'href="{path(question)}?ab=21" rel="prev"' in last
    assert numbers(client.get(f"{path(question)}?ab=x").text) == list(range(1, 21))


def test_hidden_posts_keep_their_number_and_say_why(client: CheckingClient, db: Session) -> None:
    town = make_municipality(db)
    asker = make_reader(db, town=town)
    question = make_question(db, asker, level="oeffentlich")
    spam, own = make_answer(db, asker, question, "Kauft Zäune"), make_answer(db, asker, question, "Zu früh")
    moderating.hide_post(db, make_reader(db, "coordinator"), spam, "Werbung")
    editing.withdraw(db, asker, own)
    db.flush()
    text = client.get(path(question)).text
    assert "Ausgeblendet: Werbung" in text
    assert "Zurückgezogen" in text
    assert numbers(text) == [1, 2, 3]
    assert "Kauft Zäune" not in text
    assert "Zu früh" not in text
    signed_in(client, db, "coordinator")
    assert "Kauft Zäune" in client.get(path(question)).text


def test_a_hidden_question_says_why_and_shows_its_text_to_moderators_alone(
    client: CheckingClient, db: Session
) -> None:
    question = make_question(db, make_reader(db), level="oeffentlich")
    moderating.hide_question(db, make_reader(db, "coordinator"), question, "Werbung")
    db.flush()
    text = client.get(path(question)).text
    assert "Ausgeblendet: Werbung" in text
    assert question.title not in text
    assert "Wir suchen Erfahrungen." not in text
    signed_in(client, db, "coordinator")
    text = client.get(path(question)).text
    assert question.title in text
    assert "Wir suchen Erfahrungen." in text


def test_the_address_of_a_hidden_question_tells_nothing_of_its_title(
    client: CheckingClient, db: Session
) -> None:
    question = make_question(db, make_reader(db), level="oeffentlich")
    first = db.query(Post).filter(Post.question_id == question.id).one()
    moderating.hide_question(db, make_reader(db, "coordinator"), question, "Werbung")
    db.flush()
    for address in (f"/forum/fragen/{question.id}", f"/forum/fragen/{question.id}-anders"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert question.slug not in answer.text
    assert question.slug not in client.get(f"/forum/beitraege/{first.id}").headers["Location"]


def test_permalinks_find_posts_after_a_merge(client: CheckingClient, db: Session) -> None:
    asker, coordinator = make_reader(db), make_reader(db, "coordinator")
    source = make_question(db, asker, level="oeffentlich")
    target = make_question(db, asker, level="oeffentlich")
    answer = make_answer(db, asker, source)
    assert client.get(f"/forum/beitraege/{answer.id}").headers["Location"] == f"{path(source)}#post-2"
    moving.merge(db, coordinator, source.id, target.id, "Dieselbe Frage")
    db.flush()
    assert client.get(f"/forum/beitraege/{answer.id}").headers["Location"] == f"{path(target)}#post-3"
    stub = db.query(Post).filter(Post.moved_to == answer.id).one()
    moved = client.get(f"/forum/beitraege/{stub.id}")
    assert (moved.status_code, moved.headers["Location"]) == (302, f"{path(target)}#post-3")
    text = client.get(path(source)).text
    assert "mit einer anderen zusammengeführt" in text
    assert f'href="{path(target)}"' in text


def test_similar_questions_are_those_she_may_read(client: CheckingClient, db: Session) -> None:
    asker = make_reader(db)
    question, public, network = (
        make_question(db, asker, level=level, title=f"Frage zum Kreis {level}")
        for level in ("oeffentlich", "oeffentlich", "netzwerk")
    )
    for other in (public, network):
        db.add(QuestionLink(question_id=question.id, other_id=other.id))
    db.flush()
    text = client.get(path(question)).text
    assert "Ähnliche Fragen" in text
    assert path(public) in text
    assert path(network) not in text


def test_a_klasse_is_named(client: CheckingClient, db: Session) -> None:
    person = make_person(db)
    town = make_municipality(db)
    cohort = make_cohort(db, town, name="Sensorik 26")
    person.municipality_id = town.id
    db.flush()
    sign_in(client, person)
    question = make_question(db, reader_of(db, person), level="klasse", cohort_id=cohort.id)
    assert "Sichtbar für die Klasse „Sensorik 26“" in client.get(path(question)).text


@pytest.mark.parametrize("role", ["operator"])
def test_who_only_runs_the_installation_reads_and_writes_nothing(
    client: CheckingClient, db: Session, role: str
) -> None:
    person = make_person(db, roles=[role])
    person.municipality_id = None
    db.flush()
    sign_in(client, person)
    question = make_question(db, make_reader(db), level="oeffentlich")
    text = client.get(path(question)).text
    for action in ("ich-auch", "folgen", "rueckfragen", "melden"):
        assert f"/{action}" not in text
    assert client.submit(f"/forum/fragen/{question.id}/folgen", {"level": "alles"}).status_code == 403
    assert client.submit(f"/forum/fragen/{question.id}/gelesen", {"number": "1"}).status_code == 303


def test_a_place_of_a_post_is_none_where_moves_lead_in_circles(db: Session) -> None:
    asker = make_reader(db)
    question = make_question(db, asker)
    one, two = make_answer(db, asker, question), make_answer(db, asker, question)
    one.moved_to, two.moved_to = two.id, one.id
    db.flush()
    assert threads.place_of(db, asker, one.id) is None
    assert reacting is not None
