"""Nobody learns who has an account (S9): at every door the same answer, statements and hashing.

What a request costs in CPU time measures `python -m tests.performance.enumeration`.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from learn.accounts import joining, passwords, queries, resets
from learn.core import audit, clock
from learn.core.models import Job
from learn.network.models import MailDomain, Municipality
from tests.accounts.mailbox import Mailbox, text
from tests.client import CheckingClient
from tests.factories import PASSWORD, make_municipality, make_person

CASES = ("bekannt", "unbekannt", "gesperrt", "geschlossen", "ohnepasswort", "ohnekommune")
WRONG = "Holunder und Hafen"
VARIES = re.compile(
    r"""(name="csrf_token"\ value|nonce)="[^"]*" | 'nonce-[^']*' | challenge(&\#34;|")[^,}]*""", re.VERBOSE
)


def address(case: str) -> str:
    """All of one length, so that pages which repeat it stay comparable byte by byte."""
    return f"{case:x<12}@stadt.example"


@dataclass(frozen=True)
class Seen:
    """What somebody outside can tell of one try, and what the program did meanwhile."""

    status: int
    headers: tuple[tuple[str, str], ...]
    page: str
    page_after: str
    statements: tuple[str, ...]
    hashes: int
    jobs: tuple[str, ...]


class CountingHasher(PasswordHasher):
    """Counts what takes long; a hash that cannot be read takes no time."""

    done = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2's name
        try:
            fits = super().verify(hash, password)
        except InvalidHashError:
            raise
        except VerificationError:
            self.done += 1
            raise
        self.done += 1
        return fits

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.done += 1
        return super().hash(password, salt=salt)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    found = CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", found)
    passwords.nobody()  # made once per process
    return found


@pytest.fixture
def town(db: Session) -> Municipality:
    """A town with people in every state."""
    found = make_municipality(db, name="Stadt")
    db.add(MailDomain(domain="stadt.example", municipality_id=found.id))
    people = {
        case: make_person(db, email=address(case), municipality=found)
        for case in CASES
        if case != "unbekannt"
    }
    people["gesperrt"].active = people["geschlossen"].active = False
    people["geschlossen"].erase_on = clock.today()
    people["ohnepasswort"].password_hash = None
    people["ohnekommune"].municipality_id = None
    db.flush()
    return found


Door = Callable[[CheckingClient, Municipality, str], tuple[str, dict[str, str]]]


def signing_in(_client: CheckingClient, _town: Municipality, email: str) -> tuple[str, dict[str, str]]:
    return "/anmelden", {"email": email, "password": WRONG}


def forgotten(_client: CheckingClient, _town: Municipality, email: str) -> tuple[str, dict[str, str]]:
    return "/passwort-vergessen", {"email": email}


def registering(_client: CheckingClient, town: Municipality, email: str) -> tuple[str, dict[str, str]]:
    fields = {"name": "Stadtplanung", "email": email, "municipality": town.ags, "password": PASSWORD}
    return "/registrieren", fields


def joining_by_invitation(
    client: CheckingClient, town: Municipality, email: str
) -> tuple[str, dict[str, str]]:
    config = client.application.extensions["learn.config"]
    with client.application.extensions["learn.database"].current().writing() as session:
        link = joining.invite(session, config, by=audit.COMMAND_LINE, email=None, municipality=town.ags)
    return link.removeprefix(config.base_url), {"name": "Stadtplanung", "email": email, "password": PASSWORD}


DOORS: tuple[Door, ...] = (signing_in, forgotten, registering, joining_by_invitation)


@contextmanager
def noted(app: Flask) -> Iterator[list[str]]:
    """The statements that the application sends meanwhile, without their values."""
    engine, sent = app.extensions["learn.database"].current().writer, []

    def note(*arguments: object) -> None:
        sent.append(re.sub(r"(SAVEPOINT \D*)\d+", r"\1n", str(arguments[2])))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def seen(app: Flask, db: Session, hasher: CountingHasher, door: Door, town: Municipality, email: str) -> Seen:
    """Try one door with one address in a fresh browser."""
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    path, fields = door(client, town, email)
    client.get(path)  # what comes first, the passkey's challenge among it
    waiting = set(db.scalars(select(Job.id)))
    before = hasher.done
    with noted(app) as statements:
        answer = client.submit(path, fields)
    hashes = hasher.done - before
    after = client.get(answer.headers["Location"]).text if answer.status_code == 303 else ""
    headers = sorted((name, value) for name, value in answer.headers if name != "Set-Cookie")
    new = select(Job.name).where(Job.id.not_in(waiting)).order_by(Job.id)
    return Seen(
        answer.status_code,
        tuple(same(f"{name}: {value}", email, path) for name, value in headers),  # type: ignore[misc]
        same(answer.text, email, path),
        same(after, email, path),
        tuple(statements),
        hashes,
        tuple(db.scalars(new)),
    )


def same(text: str, email: str, path: str) -> str:
    """A text without what differs between any two requests."""
    return VARIES.sub("…", text.replace(email, "ADRESSE").replace(path, "PFAD"))


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_every_address_meets_the_same(
    app: Flask, db: Session, hasher: CountingHasher, town: Municipality, door: Door
) -> None:
    found = {case: seen(app, db, hasher, door, town, address(case)) for case in CASES}
    expected = found["unbekannt"]
    assert expected.status == (422 if door is signing_in else 303)
    assert expected.hashes == (0 if door is forgotten else 1)
    for case in CASES:
        assert found[case] == expected, case


@pytest.mark.parametrize("case", ["gesperrt", "geschlossen"])
def test_the_right_password_of_a_closed_account_says_no_more_than_a_wrong_one(
    app: Flask, db: Session, hasher: CountingHasher, town: Municipality, case: str
) -> None:
    def knowing(client: CheckingClient, town: Municipality, email: str) -> tuple[str, dict[str, str]]:
        path, fields = signing_in(client, town, email)
        return path, {**fields, "password": PASSWORD}

    right = seen(app, db, hasher, knowing, town, address(case))
    assert right == seen(app, db, hasher, signing_in, town, address("unbekannt"))


def test_letters_go_to_the_address_alone_and_name_nobody(
    app: Flask, db: Session, hasher: CountingHasher, town: Municipality
) -> None:
    mailbox = Mailbox.of(app)
    for door in DOORS:
        for case in CASES:
            seen(app, db, hasher, door, town, address(case))
        letters = mailbox.new()
        written = [case for case in CASES if door is not forgotten or case != "unbekannt"]
        expected = [] if door is signing_in else sorted(map(address, written))
        assert sorted(letter["To"] for letter in letters) == expected
        assert not any("Hellweg" in text(letter) + letter["Subject"] for letter in letters)


def test_a_refusal_without_the_work_of_a_hash_is_noticed(
    app: Flask, db: Session, hasher: CountingHasher, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "nobody", lambda: "")
    found = [seen(app, db, hasher, signing_in, town, address(case)) for case in ("bekannt", "unbekannt")]
    assert [each.hashes for each in found] == [1, 0]
    assert found[0] != found[1]


def test_a_page_that_looks_whether_there_is_an_account_is_noticed(
    app: Flask, db: Session, hasher: CountingHasher, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = resets.ask

    def hasty(session: Session, email: str) -> None:
        if queries.person(session, email) is not None:
            ask(session, email)

    monkeypatch.setattr(resets, "ask", hasty)
    found = [seen(app, db, hasher, forgotten, town, address(case)) for case in ("bekannt", "unbekannt")]
    assert found[0].page_after == found[1].page_after
    assert found[0] != found[1]
