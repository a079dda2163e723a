"""`/forum` and `/forum/thema/<thema>`: tabs, filters, words, the way on, statements."""

import re

from sqlalchemy.orm import Session

from learn.accounts.models import PersonTopic
from learn.network.models import TopicSynonym
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.forum.factories import (
    make_answer,
    make_cohort,
    make_question,
    make_reader,
    make_topics,
    reader_of,
)

TITLE = re.compile(r'<h3><a href="/forum/fragen/(\d+)-')


def titles(client: CheckingClient, path: str) -> list[int]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return [int(found) for found in TITLE.findall(answer.text)]


def test_visitors_see_open_questions_of_everybody_and_how_they_stand(
    client: CheckingClient, db: Session
) -> None:
    town = make_municipality(db, name="Olpe", role="pionier")
    asker = make_reader(db, town=town)
    question = make_question(db, asker, level="oeffentlich", title="Wer misst die Bodenfeuchte?")
    make_question(db, asker)
    question.me_too = 3
    db.flush()
    text = client.get("/forum").text
    assert titles(client, "/forum") == [question.id]
    for words in ("Stadt Olpe", "Pionierkommune", "Sensorik", "3 Kommunen fragen das auch", "Ohne Antwort"):
        assert words in text
    assert "wartet seit weniger als 1 Stunde" in text
    assert "Warum hier?" in text
    assert "6 Tage weiter oben" in text
    assert "Ungelesen" not in text
    make_answer(db, make_reader(db), question)
    text = client.get("/forum?ansicht=neu").text
    assert "1 Antwort" in text
    assert "Ohne Antwort" not in text
    assert "Warum hier?" not in text
    assert client.get("/forum?ansicht=ungelesen").headers["Location"].startswith("/anmelden?weiter=")


def test_members_see_the_circle_of_each_question_that_not_everybody_reads(
    client: CheckingClient, db: Session
) -> None:
    town = make_municipality(db)
    cohort = make_cohort(db, town, name="Klasse Sensorik 26")
    person = make_person(db, municipality=town)
    asker = reader_of(db, person)
    network = make_question(db, asker)
    klasse = make_question(db, asker, level="klasse", cohort_id=cohort.id)
    sign_in(client, person)
    text = client.get("/forum?ansicht=neu").text
    assert titles(client, "/forum?ansicht=neu") == [klasse.id, network.id]
    assert "Netzwerk</span>" in text
    assert "Klasse Sensorik 26</span>" in text
    assert titles(client, f"/forum?klasse={cohort.id}") == [klasse.id]
    assert f'<option value="{cohort.id}" selected>' in client.get(f"/forum?klasse={cohort.id}").text


def test_a_topic_has_its_page_and_its_other_words_lead_there(client: CheckingClient, db: Session) -> None:
    asker = make_reader(db)
    make_topics(db)
    db.add(TopicSynonym(word="funknetz", written="Funk-Netz", topic="sensorik"))
    db.flush()
    question = make_question(db, asker, level="oeffentlich")
    make_question(db, asker, level="oeffentlich", topics=("klima",))
    assert titles(client, "/forum/thema/sensorik") == [question.id]
    assert titles(client, "/forum?thema=Funknetz") == [question.id]
    text = client.get("/forum/thema/sensorik").text
    assert "Offene Fragen zu Sensorik" in text
    assert "Funk-Netz" in text
    moved = client.get("/forum/thema/Funk-Netz?ansicht=neu")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/forum/thema/sensorik?ansicht=neu")
    missing = client.get("/forum/thema/gibt-es-nicht")
    assert missing.headers["Location"].startswith("/anmelden?weiter=")
    sign_in(client, make_person(db))
    assert client.get("/forum/thema/gibt-es-nicht").status_code == 404


def test_empty_lists_say_what_to_do(client: CheckingClient, db: Session) -> None:
    make_topics(db)
    assert "Noch keine Frage. Stellen Sie die erste." in client.get("/forum/thema/sensorik").text
    question = make_question(db, make_reader(db), level="oeffentlich")
    text = client.get("/forum?phase=betrieb").text
    assert "Keine Frage passt zu diesen Filtern." in text
    assert 'href="/forum"><span class="kern-label">Filter zurücksetzen' in text
    question.solutions, question.verdict, question.state = 1, "geloest", "beantwortet"
    db.flush()
    assert "Zurzeit ist keine Frage offen." in client.get("/forum").text
    assert titles(client, "/forum?ansicht=geloest") == [question.id]


def test_long_lists_go_on_with_a_cursor_and_all_that_was_asked(client: CheckingClient, db: Session) -> None:
    asker = make_reader(db)
    made = [make_question(db, asker, level="oeffentlich").id for _ in range(30)]
    first = client.get("/forum?ansicht=neu&phase=konzept").text
    found = re.search(r'<a href="([^"]+)" rel="next">Weitere Fragen', first)
    assert found is not None
    path = found[1].replace("&amp;", "&")
    assert path.startswith("/forum?ansicht=neu&phase=konzept&nach=")
    assert titles(client, "/forum?ansicht=neu") + titles(client, path) == made[::-1]
    assert 'content="noindex"' in client.get(path).text


def test_a_contact_gets_one_picked_question(client: CheckingClient, db: Session) -> None:
    person = make_person(db, roles=["expert"], municipality=make_municipality(db, role="pionier"))
    make_topics(db)
    db.add(PersonTopic(person_id=person.id, topic="klima"))
    question = make_question(db, make_reader(db), topics=("klima",))
    sign_in(client, person)
    text = client.get("/forum").text
    assert "Passt zu Ihrer Erfahrung" in text
    assert "Sie sind Kontakt für" in text
    assert titles(client, "/forum") == []
    assert titles(client, "/forum?ansicht=neu") == [question.id]
    assert "Passt zu Ihrer Erfahrung" not in client.get("/forum?ansicht=neu").text
    assert "Kontakt für Klima" in client.get("/forum/thema/klima").text
