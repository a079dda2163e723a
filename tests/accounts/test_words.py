"""People are found by any beginning of their names and addresses."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import words
from learn.accounts.models import PersonWord
from tests.factories import make_person


def stored(db: Session, person_id: int) -> list[str]:
    query = select(PersonWord.word).where(PersonWord.person_id == person_id).order_by(PersonWord.word)
    return list(db.scalars(query))


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        (
            "Anna Müller",
            "Anna.Mueller@Stadt-Olpe.example",
            ["anna mueller", "anna.mueller@stadt-olpe.example", "mueller anna"],
        ),
        (
            "Digitalisierung (Olpe)",
            "it@olpe.example",
            ["digitalisierung olpe", "it", "it@olpe.example", "olpe digitalisierung"],
        ),
        (
            "Zoë Weiß-Groß",
            "z@x.example",
            ["gross zoe weiss", "weiss gross zoe", "z", "z@x.example", "zoe weiss gross"],
        ),
        ("???", "-@x.example", ["-@x.example"]),
    ],
)
def test_a_name_is_stored_from_each_of_its_words(name: str, email: str, expected: list[str]) -> None:
    assert words.words_of(name, email) == expected


def test_what_is_asked_is_folded_alike_and_addresses_stay_whole() -> None:
    assert words.asked(" Müller,  Anna ") == ["mueller", "anna"]
    assert words.asked("Anna.Mueller@Olpe") == ["anna.mueller@olpe"]
    assert words.asked("?!") == []


def test_long_names_stay_within_their_column(db: Session) -> None:
    person = make_person(db, name=" ".join("Aenderungsschneiderei" for _ in range(9)))
    words.index(db, person.id, person.name, "ü" * 180 + "@x.example")
    assert all(len(word) <= words.LONGEST for word in stored(db, person.id))


def test_a_new_name_replaces_the_words_of_the_old(db: Session) -> None:
    person = make_person(db)
    words.index(db, person.id, "Anna Alt", person.email)
    words.index(db, person.id, "Anna Neu", person.email)
    assert [word for word in stored(db, person.id) if "anna" in word] == ["anna neu", "neu anna"]


def test_all_words_can_be_made_anew(db: Session) -> None:
    people = [make_person(db, name=f"Person {number}") for number in range(3)]
    assert words.reindex(db) >= 3
    assert "0 person" in stored(db, people[0].id)
    again = stored(db, people[1].id)
    words.reindex(db)
    assert stored(db, people[1].id) == again
