"""People with an authenticator app, and browsers that go through the pages of signing in."""

import json
import re
from typing import Any

import pyotp
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import recovery, totp
from learn.accounts.models import Person
from learn.core import clock
from learn.core.models import Job
from tests.accounts.softkey import Softkey
from tests.client import CheckingClient
from tests.factories import PASSWORD

KEY = "0" * 64
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RECOVERY = "abcde-fghjk"


def with_app(db: Session, person: Person) -> None:
    """Her authenticator app holds SECRET, her one recovery code is RECOVERY."""
    assert totp.turn_on(db, person.id, SECRET, KEY)
    recovery.replace(db, person.id, [recovery.hashed(RECOVERY, person.id, KEY)])


def code(steps: int = 0) -> str:
    """What the app shows now, or so many steps later."""
    return pyotp.TOTP(SECRET).at(clock.now(), counter_offset=steps)


def password_step(client: CheckingClient, person: Person, **fields: str) -> str:
    """Give the right password; where it leads."""
    answer = client.submit("/anmelden", {"email": person.email, "password": PASSWORD, **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def prove(client: CheckingClient, password: str = PASSWORD) -> None:
    """Say again who one is, as changes to signing in want it."""
    answer = client.submit("/konto/anmeldung/bestaetigen", {"password": password})
    assert answer.status_code == 303, answer.text


def browser(app: Flask) -> CheckingClient:
    """Another browser."""
    found = app.test_client()
    assert isinstance(found, CheckingClient)
    return found


def cookie_of(client: CheckingClient) -> str:
    found = client.get_cookie("sitzung")
    assert found is not None
    return found.value


def copy_of(client: CheckingClient) -> CheckingClient:
    """Another browser that got hold of this one's cookie."""
    thief = browser(client.application)
    thief.set_cookie("sitzung", cookie_of(client))
    return thief


def is_in(client: CheckingClient) -> bool:
    return client.get("/konto/sitzung").status_code == 200


def options(page: str) -> dict[str, Any]:
    """What a page asks the browser for."""
    found = re.search(r'data-options="([^"]*)"', page)
    assert found is not None, "no passkey button"
    read: dict[str, Any] = json.loads(found[1].replace("&#34;", '"').replace("&amp;", "&"))
    return read


def add_passkey(client: CheckingClient, softkey: Softkey, name: str = "Diensthandy") -> None:
    """Add a passkey through the pages; the browser has proven who its person is."""
    page = client.get("/konto/anmeldung/passkey").text
    answer = client.submit(
        "/konto/anmeldung/passkey", {"name": name, "credential": softkey.create(options(page))}
    )
    assert answer.status_code == 303, answer.text


def letters(app: Flask) -> list[str]:
    """Subjects of the mails that wait to be sent, oldest first."""
    return [arguments["subject"] for arguments in waiting(app)]


def waiting(app: Flask) -> list[dict[str, Any]]:
    """The mails that wait to be sent."""
    with app.extensions["learn.database"].current().reading() as session:
        rows = session.scalars(select(Job).where(Job.name == "send_mail").order_by(Job.id)).all()
    return [row.arguments for row in rows]
