"""The page on which one chooses mails."""

from sqlalchemy.orm import Session

from learn.accounts import choices
from tests.client import CheckingClient, sign_in
from tests.factories import make_person

PAGE = "/konto/mitteilungen"


def test_learners_choose_about_their_klasse_only(client: CheckingClient, db: Session) -> None:
    person = make_person(db)
    sign_in(client, person)
    text = client.get(PAGE).text
    assert 'name="klasse"' in text
    assert 'name="anfragen"' not in text
    assert client.submit(PAGE, {"klasse": "nie", "anfragen": "sofort"}).status_code == 303
    assert choices.rhythm(db, person.id, "klasse") == "nie"
    assert choices.rhythm(db, person.id, "anfragen") == "taeglich"
    assert 'value="nie" checked' in client.get(PAGE).text


def test_coordinators_choose_about_requests_too(client: CheckingClient, db: Session) -> None:
    person = make_person(db, roles=["coordinator"])
    sign_in(client, person)
    assert 'value="taeglich" checked' in client.get(PAGE).text
    assert client.submit(PAGE, {"klasse": "sofort", "anfragen": "sofort"}).status_code == 303
    assert choices.rhythm(db, person.id, "anfragen") == "sofort"


def test_an_unknown_rhythm_changes_nothing(client: CheckingClient, db: Session) -> None:
    person = make_person(db, roles=["coordinator"])
    sign_in(client, person)
    assert client.submit(PAGE, {"klasse": "nie", "anfragen": "immer"}).status_code == 422
    assert choices.rhythm(db, person.id, "klasse") == "sofort"


def test_the_page_says_what_always_comes(client: CheckingClient, db: Session) -> None:
    sign_in(client, make_person(db))
    assert "lassen sich nicht abbestellen" in client.get(PAGE).text
