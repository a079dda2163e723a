"""States: what comes back counts for one browser and provider, ten minutes, once; else nothing is written."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, g
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.models import Spent
from tests.accounts import idp as helpers
from tests.accounts import ways
from tests.accounts.idp import Idp, running
from tests.accounts.towns import leave, make_town, open_provider, state_of, whole
from tests.client import CheckingClient

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


def count(db: Session, table: Any) -> int:
    return db.scalar(select(func.count()).select_from(table)) or 0


def refused_and_nothing_written(app: Flask, client: CheckingClient, address: str, **options: Any) -> None:
    before = whole(app)
    answer = client.open(address, **{"method": "GET", **options})
    assert answer.status_code == 400
    if answer.text:
        assert "Diese Anmeldung gilt nicht mehr" in answer.text
    assert whole(app) == before


def test_only_the_state_of_this_browser_counts(
    app: Flask, client: CheckingClient, db: Session, idp: Idp
) -> None:
    town = make_town(db)
    provider, other = open_provider(db, town, idp.issuer), open_provider(db, town, idp.issuer)
    back = f"/anmelden/zurueck/{provider.id}"
    refused_and_nothing_written(app, client, f"{back}?code=ein-code&state=x")  # never left
    good = idp.visit(leave(client, provider))
    stranger = ways.browser(app)
    leave(stranger, provider)
    refused_and_nothing_written(app, client, back)
    refused_and_nothing_written(app, client, f"{back}?code=ein-code")
    refused_and_nothing_written(app, client, f"{back}?code=ein-code&state=")
    refused_and_nothing_written(app, client, f"{back}?code=ein-code&state=\u00e4")
    refused_and_nothing_written(app, client, f"{back}?{good}x")
    refused_and_nothing_written(app, stranger, f"{back}?{good}")  # another browser
    refused_and_nothing_written(app, client, f"/anmelden/zurueck/{other.id}?{good}")  # another provider
    refused_and_nothing_written(app, client, f"{back}?{good}", method="HEAD")
    assert "/token" not in idp.asked
    assert client.get(f"{back}?{good}").headers["Location"] == "/lernen"  # the control


def test_with_the_cookie_of_the_other_browser_it_would_pass(
    app: Flask, client: CheckingClient, db: Session, idp: Idp
) -> None:
    """The control: what ties a state to a browser is its cookie."""
    provider = open_provider(db, make_town(db), idp.issuer)
    good = idp.visit(leave(client, provider))
    thief = ways.browser(app)
    thief.set_cookie("sitzung", ways.cookie_of(client))
    assert thief.get(f"/anmelden/zurueck/{provider.id}?{good}").headers["Location"] == "/lernen"


def test_a_state_counts_once(app: Flask, client: CheckingClient, db: Session, idp: Idp) -> None:
    provider = open_provider(db, make_town(db), idp.issuer)
    good = idp.visit(leave(client, provider))
    replayed = ways.cookie_of(client)
    assert client.get(f"/anmelden/zurueck/{provider.id}?{good}").status_code == 303
    thief = ways.browser(app)
    thief.set_cookie("sitzung", replayed)
    refused_and_nothing_written(app, thief, f"/anmelden/zurueck/{provider.id}?{good}")
    refused_and_nothing_written(app, client, f"/anmelden/zurueck/{provider.id}?{good}")
    assert count(db, Spent) == 1
    assert idp.asked.count("/token") == 1


def test_a_state_lasts_ten_minutes(app: Flask, client: CheckingClient, db: Session, idp: Idp) -> None:
    provider = open_provider(db, make_town(db), idp.issuer)
    good = idp.visit(leave(client, provider))
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1), tick=False):
        refused_and_nothing_written(app, client, f"/anmelden/zurueck/{provider.id}?{good}")


def test_a_state_whose_try_failed_is_gone_too(
    app: Flask, client: CheckingClient, db: Session, idp: Idp
) -> None:
    provider = open_provider(db, make_town(db), idp.issuer)
    idp.claims = {"nonce": "another"}
    good = idp.visit(leave(client, provider))
    replayed = ways.cookie_of(client)
    assert client.get(f"/anmelden/zurueck/{provider.id}?{good}").headers["Location"].startswith("/anmelden")
    idp.claims = {}
    again = ways.browser(app)
    again.set_cookie("sitzung", replayed)
    refused_and_nothing_written(app, again, f"/anmelden/zurueck/{provider.id}?{good}")


def test_no_other_get_may_write(app: Flask, client: CheckingClient, db: Session, idp: Idp) -> None:
    """Only a valid state opens the one exception."""
    provider = open_provider(db, make_town(db), idp.issuer)
    leave(client, provider)
    with client:
        client.get(f"/anmelden/zurueck/{provider.id}?state=x")
        assert "may_write" not in g


def test_a_provider_cannot_make_us_take_the_code_of_another(
    app: Flask, client: CheckingClient, db: Session, idp: Idp
) -> None:
    """Mix-up: Wenden's provider forwards the browser to Olpe's, hoping for Olpe's code at its own address."""
    with running() as evil:
        ours = open_provider(db, make_town(db), idp.issuer)
        theirs = open_provider(db, make_town(db, "Wenden", "wenden.example"), evil.issuer)
        address = leave(client, theirs)
        # Olpe's provider sends people only to the address it knows: the one with its own number.
        refused_and_nothing_written(
            app, client, f"/anmelden/zurueck/{ours.id}?code=ein-code&state={state_of(address)}"
        )
        assert evil.asked == ["/.well-known/openid-configuration"]
