"""Passkeys: for whom, at which address, and what of an answer is not believed."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from learn.accounts import passkeys
from learn.accounts.models import Passkey, Person
from learn.accounts.passkeys import Party, Request
from learn.core.access import Refused
from tests.accounts.softkey import PRESENT, Softkey, b64, unb64
from tests.conftest import make_config
from tests.factories import make_person

KEY = "0" * 64
HERE = Party("localhost", "http://localhost")


@pytest.fixture
def person(db: Session) -> Person:
    return make_person(db)


def options(person: Person, challenge: str, *known: Passkey) -> dict[str, Any]:
    return passkeys.to_create(HERE, challenge, person, network="Netz", secret_key=KEY, known=known)


def made(db: Session, person: Person, softkey: Softkey) -> Passkey:
    """A stored passkey of a person."""
    challenge = passkeys.challenge()
    found = passkeys.created(Request(HERE, challenge, softkey.create(options(person, challenge))))
    assert found is not None
    return passkeys.add(db, person.id, "Testgerät", found)


def signed(softkey: Softkey, challenge: str) -> Request:
    return Request(HERE, challenge, softkey.get(passkeys.to_get(HERE, challenge)))


@pytest.mark.parametrize(
    ("base_url", "asked", "party"),
    [
        ("https://schule.example.org", "schule.example.org", ("schule.example.org", "")),
        ("https://schule.example.org:443", "schule.example.org", ("schule.example.org", "")),
        ("https://schule.example.org:8443", "schule.example.org", ("schule.example.org", ":8443")),
        ("http://schule.example.org", "schule.example.org", None),
        ("https://192.0.2.7", "192.0.2.7", None),
        ("http://127.0.0.1:5000", "localhost", ("localhost", ":5000")),
        ("http://127.0.0.1:5000", "127.0.0.1", None),
        ("http://localhost:5000", "localhost", ("localhost", ":5000")),
        ("http://[::1]:5000", "::1", None),
    ],
)
def test_passkeys_belong_to_a_name(
    tmp_path: Path, base_url: str, asked: str, party: tuple[str, str] | None
) -> None:
    found = passkeys.party(make_config(tmp_path, base_url=base_url), asked)
    scheme = base_url.partition(":")[0]
    assert found == (Party(party[0], f"{scheme}://{party[0]}{party[1]}") if party else None)


def test_options_ask_for_a_verified_user_and_name_nobody(db: Session, person: Person) -> None:
    known = made(db, person, Softkey())
    asked = options(person, "abc", known)
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["attestation"] == "none"
    assert asked["excludeCredentials"] == [{"type": "public-key", "id": known.credential_id}]
    handle = unb64(asked["user"]["id"])
    assert len(handle) == 32
    assert handle != passkeys.user_handle(person.id, "another key")
    assert set(passkeys.to_get(HERE, "abc")) == {"challenge", "rpId", "userVerification", "timeout"}


def test_a_passkey_opens_its_owners_account(db: Session, person: Person) -> None:
    softkey = Softkey()
    made(db, person, softkey)
    other = make_person(db)
    made(db, other, Softkey(credential_id=b"another"))
    assert passkeys.owner(db, signed(softkey, passkeys.challenge()), KEY) == person.id


def test_no_counter_is_kept_or_compared(db: Session, person: Person) -> None:
    softkey = Softkey(counter=41)
    row = made(db, person, softkey)
    softkey.counter = 7
    assert passkeys.owner(db, signed(softkey, passkeys.challenge()), KEY) == person.id
    assert not {name for name in vars(Passkey) if "count" in name or "last" in name or "used" in name}
    assert row.added_on is not None


def wrong(name: str, softkey: Softkey) -> Softkey:
    changes: dict[str, dict[str, Any]] = {
        "origin": {"origin": "https://böse.example"},
        "site": {"rp_id": "example.org"},
        "user not verified": {"flags": PRESENT},
        "user absent": {"flags": 4},
        "key": {"key": Softkey().key},
        "credential": {"credential_id": b"unknown"},
        "user": {"user_handle": passkeys.user_handle(0, KEY)},
        "no user": {"user_handle": b""},
    }
    return replace(softkey, **changes[name])


@pytest.mark.parametrize(
    "name",
    ["origin", "site", "user not verified", "user absent", "key", "credential", "user", "no user"],
)
def test_what_does_not_fit_is_refused(db: Session, person: Person, name: str) -> None:
    softkey = Softkey()
    made(db, person, softkey)
    assert passkeys.owner(db, signed(wrong(name, softkey), passkeys.challenge()), KEY) is None


def test_an_answer_fits_one_challenge(db: Session, person: Person) -> None:
    softkey = Softkey()
    made(db, person, softkey)
    answer = signed(softkey, passkeys.challenge())
    assert passkeys.owner(db, answer, KEY) == person.id
    assert passkeys.owner(db, replace(answer, challenge=passkeys.challenge()), KEY) is None


@pytest.mark.parametrize("name", ["origin", "site", "user not verified", "user absent"])
def test_a_new_passkey_must_fit_too(db: Session, person: Person, name: str) -> None:
    challenge = passkeys.challenge()
    text = wrong(name, Softkey()).create(options(person, challenge))
    assert passkeys.created(Request(HERE, challenge, text)) is None


def test_making_is_not_asking(db: Session, person: Person) -> None:
    softkey, challenge = Softkey(), passkeys.challenge()
    making = softkey.create(options(person, challenge))
    assert passkeys.owner(db, Request(HERE, challenge, making), KEY) is None
    assert passkeys.created(signed(softkey, challenge)) is None


BROKEN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "list": lambda answer: [answer],
    "number": lambda _answer: 7,
    "no id": lambda answer: answer | {"id": None},
    "other id": lambda answer: answer | {"id": "YWJj"},
    "no response": lambda answer: answer | {"response": []},
    "not base64": lambda answer: answer | {"rawId": "ä!", "id": "ä!"},
    "handle": lambda answer: answer | {"response": answer["response"] | {"userHandle": "a"}},
    "data": lambda answer: answer | {"response": answer["response"] | {"authenticatorData": b64(b"x")}},
    "client": lambda answer: answer | {"response": answer["response"] | {"clientDataJSON": b64(b"[]")}},
    "signature": lambda answer: answer | {"response": answer["response"] | {"signature": b64(b"x" * 70)}},
    "type": lambda answer: answer | {"type": "password"},
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_answers_are_refused_quietly(db: Session, person: Person, name: str) -> None:
    softkey = Softkey()
    made(db, person, softkey)
    challenge = passkeys.challenge()
    text = json.dumps(BROKEN[name](json.loads(signed(softkey, challenge).text)))
    assert passkeys.owner(db, Request(HERE, challenge, text), KEY) is None
    assert passkeys.created(Request(HERE, challenge, text)) is None


@pytest.mark.parametrize("text", ["", "{", "null", '"a"', "[" * 19_000, "9" * 19_000, "x" * 30_000])
def test_so_are_hostile_ones(db: Session, text: str) -> None:
    assert passkeys.owner(db, Request(HERE, "abcd", text), KEY) is None
    assert passkeys.created(Request(HERE, "abcd", text)) is None


@pytest.mark.parametrize(
    "statement", [b"", b"\x9f" * 900, b"\x81" * 5000, b"\xbf" * 900, b"\xa1\x61a\x01", b"\xff"]
)
def test_so_are_hostile_statements(db: Session, person: Person, statement: bytes) -> None:
    challenge = passkeys.challenge()
    answer = json.loads(Softkey().create(options(person, challenge)))
    answer["response"]["attestationObject"] = b64(statement)
    assert passkeys.created(Request(HERE, challenge, json.dumps(answer))) is None


def test_one_passkey_has_one_owner(db: Session, person: Person) -> None:
    made(db, person, Softkey())
    with pytest.raises(Refused, match="schon eingerichtet"):
        made(db, make_person(db), Softkey())


def test_there_is_an_end_to_collecting(db: Session, person: Person) -> None:
    for number in range(passkeys.MOST):
        made(db, person, Softkey(credential_id=b"%d" % number))
    with pytest.raises(Refused, match="Entfernen"):
        made(db, person, Softkey())


def test_only_the_owner_finds_and_removes_hers(db: Session, person: Person) -> None:
    mine, other = made(db, person, Softkey()), make_person(db)
    assert passkeys.one(db, other.id, mine.id) is None
    assert not passkeys.remove(db, other.id, mine.id)
    assert [each.id for each in passkeys.own(db, person.id)] == [mine.id]
    assert passkeys.remove(db, person.id, mine.id)
    assert passkeys.number(db, person.id) == 0


def test_the_library_is_loaded_when_somebody_uses_a_passkey() -> None:
    code = "import sys, learn; sys.exit('webauthn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
