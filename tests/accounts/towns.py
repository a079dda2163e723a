"""Towns with a provider of their own, and browsers that go there and back."""

import hashlib
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Provider
from learn.core.db import Base
from learn.core.sealing import seal
from learn.network.models import MailDomain, Municipality
from tests.accounts.idp import CLIENT_ID, SECRET, Idp, known_to_mock, sign_in_at_mock
from tests.client import CheckingClient
from tests.factories import make_municipality

KEY = "0" * 64


def make_town(db: Session, name: str = "Olpe", domain: str = "olpe.example") -> Municipality:
    """A town and its mail domain."""
    town = make_municipality(db, name=name)
    db.add(MailDomain(domain=domain, municipality_id=town.id))
    db.flush()
    return town


def open_provider(db: Session, town: Municipality, issuer: str, **values: Any) -> Provider:
    """A provider that people of the town can use at once."""
    good: dict[str, Any] = {
        "municipality_id": town.id,
        "name": "Dienstkonto",
        "issuer": issuer,
        "client_id": CLIENT_ID,
        "client_secret": seal(SECRET, KEY),
        "group_roles": {},
    }
    provider = Provider(**{**good, **values})
    db.add(provider)
    db.flush()
    return provider


def leave(client: CheckingClient, provider: Provider, **query: str) -> str:
    """The plain link out; the address it leads to."""
    answer = client.get(f"/anmelden/dienst/{provider.id}", query_string=query)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def there_and_back(client: CheckingClient, provider: Provider, subject: str, **query: str) -> Any:
    """Through the login form of the mock."""
    back = sign_in_at_mock(leave(client, provider, **query), subject)
    parts = urlsplit(back)
    assert (parts.scheme, parts.netloc) == ("http", "localhost")
    return client.get(f"{parts.path}?{parts.query}")


def bent(client: CheckingClient, provider: Provider, idp: Idp, **query: str) -> Any:
    """Through a provider of our own."""
    back = idp.visit(leave(client, provider, **query))
    return client.get(f"/anmelden/zurueck/{provider.id}?{back}")


def state_of(address: str) -> str:
    return dict(parse_qsl(urlsplit(address).query))["state"]


def introduce(issuer: str, subject: str = "jana", **claims: Any) -> None:
    """Let the mock know somebody with a confirmed address in Olpe."""
    good = {"email": f"{subject}@olpe.example", "email_verified": True, "name": subject.title()}
    known_to_mock(issuer, subject, **{**good, **claims})


def flashed(client: CheckingClient) -> str:
    """What the next page will say."""
    with client.session_transaction() as cookie:
        return " ".join(text for _kind, text in cookie.get("_flashes", []))


def whole(app: Flask) -> str:
    """A hash over every row of every table."""
    database = app.extensions["learn.database"].current()
    with database.reading() as session:
        rows = {
            table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
