"""Choices about mail: presets without a row, a later choice instead of an earlier, who wants what."""

import pytest
from sqlalchemy.orm import Session

from learn.accounts import choices
from learn.core.access import Refused
from tests.factories import make_person


def test_the_preset_holds_until_somebody_chooses(db: Session) -> None:
    person, other = make_person(db), make_person(db)
    assert choices.rhythm(db, person.id, "klasse") == "sofort"
    assert choices.rhythm(db, person.id, "anfragen") == "taeglich"
    for rhythm in ("nie", "sofort", "nie"):
        choices.choose(db, person.id, "klasse", rhythm)
        assert choices.rhythm(db, person.id, "klasse") == rhythm
    assert choices.rhythm(db, other.id, "klasse") == "sofort"
    assert choices.rhythm(db, person.id, "anfragen") == "taeglich"


@pytest.mark.parametrize(
    ("asked", "rhythm"),
    [("klasse", "taeglich"), ("klasse", ""), ("sicherheit", "nie"), ("anfragen", "stuendlich")],
)
def test_what_is_no_choice_is_refused(db: Session, asked: str, rhythm: str) -> None:
    person = make_person(db)
    with pytest.raises(Refused):
        choices.choose(db, person.id, asked, rhythm)


def test_only_open_accounts_want_mail(db: Session) -> None:
    silent, disabled, eager = make_person(db), make_person(db, active=False), make_person(db)
    choices.choose(db, silent.id, "klasse", "nie")
    wanting = db.scalars(choices.wanting("klasse", "sofort")).all()
    assert eager in wanting
    assert silent not in wanting
    assert disabled not in wanting
    assert silent in db.scalars(choices.wanting("klasse", "nie")).all()
