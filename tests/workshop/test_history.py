"""„Verlauf“: states listed, compared word by word, brought back; at most 200 of a text."""

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.workshop import copies, differences, history, saving
from learn.workshop.models import WorkCourse, WorkRevision
from tests.client import CheckingClient, sign_in
from tests.factories import make_person
from tests.site import sensors as site
from tests.workshop import sensors

HERE = f"/werkstatt/lektionen/{sensors.LESSON}/verlauf"
TEXTS = st.lists(st.sampled_from(["ein Satz\n", "Wort ", "\n", "ä ", "- [x] ja\n", "x"]), max_size=12).map(
    "".join
)


def author(db: Session, name: str = "Jana Hellweg") -> Actor:
    person = make_person(db, name=name, roles=["trainer"])
    return Actor(person.id, name, roles=frozenset({"trainer"}))


def course(db: Session) -> None:
    site.publish(db)
    sensors.with_texts(db)


def save(db: Session, who: Actor, key: str, old: str, new: str) -> None:
    text = copies.text(db, key)
    assert text is not None
    saving.save(db, who, key, text.text.replace(old, new), base_revision=text.revision)


@settings(max_examples=60, deadline=None)
@given(old=TEXTS, new=TEXTS)
def test_the_pieces_are_both_texts(old: str, new: str) -> None:
    pieces = differences.pieces(old, new)
    assert "".join(text for kind, text in pieces if kind != "neu") == old
    assert "".join(text for kind, text in pieces if kind != "weg") == new
    assert (old == new) == (not differences.hunks(old, new))


def test_a_changed_word_is_told_with_its_surroundings() -> None:
    old = "".join(f"Zeile {number} bleibt.\n" for number in range(30))
    [first, last] = differences.hunks(old, old.replace("e 5 b", "e fünf b").replace("Zeile 20 bleibt.\n", ""))
    assert first.line == 4
    assert first.pieces[1:3] == (("weg", "5"), ("neu", "fünf"))
    assert ("weg", "Zeile 20 bleibt.\n") in last.pieces
    assert len(last.pieces[0][1].splitlines()) == 2
    whole = differences.pieces("Wo der alte Baum stand", "Wo ein neuer Baum stand")
    assert whole[1:3] == (("weg", "der alte"), ("neu", "ein neuer"))


def test_hostile_texts_are_not_compared_word_by_word() -> None:
    old, new = "a b " * 20_000, "b c " * 20_000
    assert len(differences.pieces(old, new)) < 10
    many = "\n".join("ab" * 6_000)
    assert differences.hunks(many, many[::-1] + "x")


def test_states_are_listed_compared_and_brought_back(db: Session, client: CheckingClient) -> None:
    course(db)
    who = make_person(db, name="Jana Hellweg", roles=["trainer"])
    sign_in(client, who)
    assert "Hier wurde noch nichts geändert" in client.get(HERE).text
    actor = author(db, "Tom Berg")
    save(db, actor, sensors.LESSON, "Ein Fühler", "Kein Fühler")
    save(db, actor, sensors.LESSON, "misst", "schweigt")
    listed = client.get(HERE).text
    assert listed.count("Tom Berg") == 2
    assert "Veröffentlichung 1" in listed
    compared = client.get(f"{HERE}?stand=1").text
    assert '<del><span class="sc-vh">Gestrichen: </span>Ein</del>' in compared
    assert "Stand 1 zurückholen" in compared
    between = client.get(f"{HERE}?stand=1&mit=2").text
    assert "schweigt" not in between
    assert client.get(f"{HERE}?stand=9").status_code == 404
    now = copies.text(db, sensors.LESSON)
    assert now is not None
    answer = client.submit(HERE, {"stand": "2", "base_revision": "0"})
    assert answer.status_code == 409
    assert client.submit(HERE, {"stand": "9"}).status_code == 422
    answer = client.submit(HERE, {"stand": "2", "base_revision": str(now.revision)})
    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    assert "Stand 2 zurückgeholt" in client.get(HERE).text
    db.expire_all()
    again = copies.text(db, sensors.LESSON)
    assert again is not None
    assert "Kein Fühler misst" in again.text


def test_a_text_keeps_its_latest_two_hundred_states(db: Session) -> None:
    course(db)
    actor = author(db)
    save(db, actor, sensors.LESSON, "Ein Fühler", "Stand 0")
    work = db.get_one(WorkCourse, sensors.COURSE)
    for number in range(history.KEPT + 5):
        history.note(db, actor, work, sensors.LESSON, "x.md", f"{number}", "gespeichert")
    kept = select(func.count(), func.min(WorkRevision.number)).where(WorkRevision.key == sensors.LESSON)
    assert tuple(db.execute(kept).one()) == (200, 8)
