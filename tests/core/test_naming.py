"""An address is found where it stands alone, not inside a longer one; rows that name it are found by it."""

import pytest
from sqlalchemy.orm import Session

from learn.core import clock, naming
from learn.core.models import Job
from learn.core.owndata import Owner

HER = "Anna.Müller+Rathaus@Grün-Stadt.example"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@x.de", {"a@x.de"}),
        ("Von: Anna <a@x.de>, an b@x.de.", {"a@x.de", "b@x.de"}),
        ("Schreiben Sie an „a@x.de“!", {"a@x.de"}),
        ("mailto:a@x.de?subject=x", {"a@x.de"}),
        ("adresse=a@x.de;weiter", {"a@x.de"}),
        ("anna@x.de", {"anna@x.de"}),
        ("o'neil@x.de", {"o'neil@x.de"}),
        ("(a@x.de)", {"a@x.de"}),
        ("ohne Adresse @ hier", set()),
    ],
)
def test_addresses_are_found_whole(text: str, found: set[str]) -> None:
    assert naming.addresses(text) == found


def test_every_text_of_a_value_is_read() -> None:
    value = {"a": ["b", {"c": 1, "d": "e"}], "f": None}
    assert list(naming.texts(value)) == ["a", "b", "c", "d", "e", "f"]


@pytest.fixture
def rows(db: Session) -> dict[str, int]:
    """Jobs that name her in some way or other, and jobs that do not."""
    said = {
        "to": {"to": HER},
        "upper": {"to": HER.upper()},
        "inside": {"text": f"Antwort an: {HER.lower()}.\nGruß"},
        "deep": {"a": [{"b": [HER]}]},
        "key": {HER: 1},
        "longer": {"to": f"x{HER}"},
        "neighbour": {"to": "otto@grün-stadt.example"},
        "none": {"n": 1},
    }
    jobs = {name: Job(name="x", arguments=value, run_at=clock.now()) for name, value in said.items()}
    db.add_all(jobs.values())
    db.flush()
    return {name: job.id for name, job in jobs.items()}


def test_rows_are_found_by_an_address_in_any_spelling(db: Session, rows: dict[str, int]) -> None:
    owner = Owner(1, HER.casefold(), HER)
    found = naming.naming(db, Job, Job.id, Job.arguments, owner)
    assert {name for name, number in rows.items() if number in found} == {
        "to",
        "upper",
        "inside",
        "deep",
        "key",
    }
