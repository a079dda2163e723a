"""What pages of the forum may cost: statements, the same for little and much; bytes and elements."""

import gzip
from collections.abc import Sequence

import html5lib
import pytest
from sqlalchemy.orm import Session

from learn.accounts.models import Person, PersonTopic
from learn.network.models import Municipality, Topic
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.forum.factories import make_answer, make_cohort, make_question, make_reader, make_topics
from tests.forum.threads import make_thread
from tests.site.test_budgets import statements

LIST, QUESTION = 8, 14
BYTES, ELEMENTS = 15_000, 800
Roles = tuple[str, ...]
ROLES: Sequence[Roles] = ((), ("expert",), ("trainer",), ("coordinator",), ("expert", "coordinator"))


def taken(client: CheckingClient, path: str) -> int:
    client.get(path)
    with statements() as found:
        assert client.get(path).status_code == 200
    return len(found)


def weight(client: CheckingClient, path: str) -> tuple[int, int]:
    """Bytes of a page, compressed, and how many elements it has."""
    text = client.get(path).text
    tree = html5lib.parse(text)
    return len(gzip.compress(text.encode())), sum(1 for _element in tree.iter())


def signed_in(client: CheckingClient, db: Session, roles: Roles) -> Person:
    person = make_person(db, municipality=make_municipality(db, role="pionier"), roles=roles)
    db.add(PersonTopic(person_id=person.id, topic="sensorik"))
    db.flush()
    sign_in(client, person)
    return person


@pytest.mark.parametrize("roles", ROLES)
def test_lists_take_eight_statements_however_long(client: CheckingClient, db: Session, roles: Roles) -> None:
    make_topics(db)
    person = signed_in(client, db, roles)
    cohort = make_cohort(db, db.get_one(Municipality, person.municipality_id))
    asker = make_reader(db)
    question = make_question(db, asker)
    question.lesson_id, question.course_id = "les_a", "kur_a"
    paths = (
        *("/forum", "/forum?ansicht=ungelesen", "/forum?ansicht=geloest", "/forum/thema/sensorik"),
        *(f"/forum?klasse={cohort.id}", "/forum?lektion=les_a", "/forum?kurs=kur_a", "/forum?phase=betrieb"),
    )
    few = [taken(client, path) for path in paths]
    for _ in range(29):
        make_question(db, asker)
    assert [taken(client, path) for path in paths] == few
    assert max(few) <= LIST


@pytest.mark.parametrize("roles", [None, *ROLES])
def test_a_question_takes_fourteen_statements_on_each_of_its_pages(
    client: CheckingClient, db: Session, roles: Roles | None
) -> None:
    asker = make_reader(db)
    short, long = make_thread(db, asker, 1), make_thread(db, asker, 100)
    pages = [
        f"/forum/fragen/{short.id}-{short.slug}",
        f"/forum/fragen/{long.id}-{long.slug}",
        f"/forum/fragen/{long.id}-{long.slug}?ab=81",
    ]
    if roles is not None:
        signed_in(client, db, roles)
    counts = {taken(client, page) for page in pages}
    assert len(counts) == 1
    assert max(counts) <= QUESTION


def test_full_pages_stay_light(client: CheckingClient, db: Session) -> None:
    make_topics(db)
    for number in range(12):
        db.merge(Topic(slug=f"thema-{number}", name=f"Thema {number}", position=number))
    signed_in(client, db, ("expert", "coordinator"))
    asker = make_reader(db)
    words = "Wie habt ihr die Wartung der Sensoren in den Haushalt gebracht?"
    for number in range(30):
        question = make_question(db, asker, title=f"{words} ({number})")
        question.me_too = 3
        make_answer(db, asker, question)
    thread = make_thread(db, asker, 50)
    found = {path: weight(client, path) for path in ("/forum", f"/forum/fragen/{thread.id}-{thread.slug}")}
    assert {path: size for path, size in found.items() if size[0] > BYTES or size[1] > ELEMENTS} == {}
