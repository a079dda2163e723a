"""Linking one's account to the service of one's town, page by page."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts.models import Identity, Person, Provider
from learn.core import clock
from learn.core.models import Job, SignIn
from tests.accounts import idp as helpers
from tests.accounts import ways
from tests.accounts.idp import Idp, running
from tests.accounts.towns import bent, flashed, leave, make_town, open_provider, whole
from tests.client import CheckingClient, sign_in
from tests.factories import make_person

pytestmark = helpers.IGNORED


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    helpers.forget()
    yield
    helpers.forget()


@pytest.fixture
def idp() -> Iterator[Idp]:
    with running() as started:
        yield started


def at_home(db: Session, idp: Idp, **values: Any) -> tuple[Provider, Person]:
    town = make_town(db)
    return open_provider(db, town, idp.issuer), make_person(db, municipality=town, **values)


def pages(provider: Provider) -> tuple[str, str, str]:
    here = f"/konto/anmeldung/dienst/{provider.id}"
    return here, f"{here}/verknuepfen", f"{here}/loesen"


def links(db: Session) -> list[tuple[int, str]]:
    return [(row.person_id, row.subject) for row in db.scalars(select(Identity))]


def letters(db: Session) -> list[str]:
    jobs = db.scalars(select(Job).where(Job.name.like("%mail%")).order_by(Job.id))
    return [str(job.arguments) for job in jobs]


def opened(app: Flask, value: str) -> Any:
    """What a session cookie holds."""
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    serializer = interface.get_signing_serializer(app)
    assert serializer is not None
    return serializer.loads(value)


def test_proof_then_a_plain_link_then_the_provider(client: CheckingClient, db: Session, idp: Idp) -> None:
    provider, person = at_home(db, idp, email="hellweg@example.org")
    here, begin, _end = pages(provider)
    sign_in(client, person)
    assert f'action="{begin}"' in client.get("/konto/anmeldung").text
    asked = client.submit(begin, headers={"Referer": "http://localhost/konto/anmeldung"})
    assert asked.headers["Location"] == "/konto/anmeldung/bestaetigen?weiter=/konto/anmeldung"
    ways.prove(client)
    assert client.submit(begin).headers["Location"] == here
    page = client.get(here).text
    assert f'href="/anmelden/dienst/{provider.id}"' in page
    answer = bent(client, provider, idp)
    assert answer.headers["Location"] == "/konto/anmeldung"
    shown = client.get("/konto/anmeldung").text
    assert "Ihr Konto ist mit der Anmeldung der Stadt Olpe verknüpft." in shown
    assert "Verknüpfung lösen" in shown
    assert links(db) == [(person.id, "jana")]
    assert "Ihr Konto ist verknüpft" in letters(db)[-1]
    assert "hellweg@example.org" in letters(db)[-1]
    assert client.get("/konto").status_code == 200  # still the same session
    client.submit("/abmelden")
    assert bent(client, provider, idp).headers["Location"] == "/lernen"


def test_without_the_press_of_the_button_nothing_begins(
    app: Flask, client: CheckingClient, db: Session, idp: Idp
) -> None:
    """A link on another page cannot start it, however fresh the proof."""
    provider, person = at_home(db, idp)
    here, begin, _end = pages(provider)
    sign_in(client, person)
    ways.prove(client)
    assert client.get(here).headers["Location"] == "/konto/anmeldung"
    assert client.get(f"/anmelden/dienst/{provider.id}").headers["Location"] == "/lernen"
    before = whole(app)
    assert client.post(begin).status_code == 400
    assert client.post(begin, headers={"Origin": "https://evil.example"}).status_code == 400
    assert whole(app) == before
    assert client.get(here).headers["Location"] == "/konto/anmeldung"


def test_a_press_lasts_ten_minutes_and_counts_once(client: CheckingClient, db: Session, idp: Idp) -> None:
    provider, person = at_home(db, idp)
    here, begin, _end = pages(provider)
    sign_in(client, person)
    ways.prove(client)
    client.submit(begin)
    leave(client, provider)
    assert client.get(f"/anmelden/dienst/{provider.id}").headers["Location"] == "/lernen"
    client.submit(begin)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert client.get(here).headers["Location"] == "/konto/anmeldung"


def test_the_link_is_for_whoever_pressed_the_button(
    app: Flask, client: CheckingClient, db: Session, idp: Idp
) -> None:
    """Signing out or in as somebody else on the way ends it."""
    provider, person = at_home(db, idp)
    other = make_person(db, municipality=make_town(db, "Wenden", "wenden.example"))
    _here, begin, _end = pages(provider)
    for meanwhile in (None, other):
        sign_in(client, person)
        ways.prove(client)
        client.submit(begin)
        back = idp.visit(leave(client, provider))
        note = ways.cookie_of(client)
        if meanwhile is None:
            client.submit("/abmelden")
        else:
            sign_in(client, meanwhile)
        with client.session_transaction() as cookie:
            cookie["provider"] = opened(app, note)["provider"]  # as if the note had stayed
        assert client.get(f"/anmelden/zurueck/{provider.id}?{back}").status_code == 400
    assert links(db) == []


def test_only_services_of_ones_own_town(client: CheckingClient, db: Session, idp: Idp) -> None:
    _provider, person = at_home(db, idp)
    foreign = open_provider(db, make_town(db, "Wenden", "wenden.example"), idp.issuer)
    sign_in(client, person)
    ways.prove(client)
    here, begin, _end = pages(foreign)
    assert client.get(here).status_code == 404
    assert client.submit(begin).status_code == 404
    assert begin not in client.get("/konto/anmeldung").text


def test_what_the_provider_must_still_say(client: CheckingClient, db: Session, idp: Idp) -> None:
    provider, person = at_home(db, idp)
    _here, begin, _end = pages(provider)
    sign_in(client, person)
    ways.prove(client)
    for claims, status, words in (
        ({"email": "jana@gmx.example"}, 403, "Wenden Sie sich an die Koordination."),
        ({"nonce": "another"}, 303, ""),
        ({"sub": ""}, 303, ""),
    ):
        client.submit(begin)
        idp.claims = claims
        answer = bent(client, provider, idp)
        assert answer.status_code == status
        assert words in answer.text
        if status == 303:
            assert answer.headers["Location"] == "/konto/anmeldung"
            assert "antwortet nicht. Versuchen Sie es später." in flashed(client)
    assert links(db) == []


def test_a_subject_that_is_taken_or_an_account_that_is_linked(
    app: Flask, client: CheckingClient, db: Session, idp: Idp
) -> None:
    provider, person = at_home(db, idp)
    town_id = provider.municipality_id
    first = ways.browser(app)
    bent(first, provider, idp)  # a new account for the subject „jana“
    sign_in(client, person)
    ways.prove(client)
    _here, begin, _end = pages(provider)
    client.submit(begin)
    answer = bent(client, provider, idp)
    assert answer.status_code == 403
    assert "schon mit einem anderen Konto verknüpft" in answer.text
    assert [town_id] == db.scalars(select(Person.municipality_id).distinct()).all()
    assert len(links(db)) == 1


def test_a_link_is_ended_after_proof(app: Flask, client: CheckingClient, db: Session, idp: Idp) -> None:
    provider, person = at_home(db, idp)
    db.add(Identity(provider_id=provider.id, subject="jana", person_id=person.id, linked_on=clock.today()))
    db.flush()
    _here, _begin, end = pages(provider)
    elsewhere = ways.browser(app)
    sign_in(elsewhere, person)
    sign_in(client, person)
    assert client.submit(end).headers["Location"].startswith("/konto/anmeldung/bestaetigen")
    assert len(links(db)) == 1
    ways.prove(client)
    assert client.submit(end).headers["Location"] == "/konto/anmeldung"
    assert links(db) == []
    assert "Die Verknüpfung ist gelöst." in client.get("/konto/anmeldung").text
    assert elsewhere.get("/konto").status_code == 303
    assert db.scalar(select(func.count()).select_from(SignIn)) == 1
    assert "Verknüpfung gelöst" in letters(db)[-1]


def test_the_last_way_in_stays(client: CheckingClient, db: Session, idp: Idp) -> None:
    provider, _person = at_home(db, idp)
    assert bent(client, provider, idp).status_code == 303
    _here, _begin, end = pages(provider)
    assert client.submit(end).headers["Location"] == "/konto/anmeldung"  # signed in just now: that is proof
    assert "Legen Sie zuerst ein Passwort fest." in flashed(client)
    assert len(links(db)) == 1


def test_staff_are_told_what_a_link_means(client: CheckingClient, db: Session, idp: Idp) -> None:
    provider, person = at_home(db, idp, roles=["coordinator"])
    sign_in(client, person)
    assert (
        "Wer diesen Dienst verwaltet, kann sich damit als Sie anmelden" in client.get("/konto/anmeldung").text
    )
    provider.active = False
    db.flush()
    assert "Anmeldung Ihrer Kommune" not in client.get("/konto/anmeldung").text
