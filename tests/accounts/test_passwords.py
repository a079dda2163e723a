"""Password hashes cost the same for known and unknown addresses, and old parameters are replaced."""

import statistics
import time

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from learn.accounts import passwords
from learn.accounts.models import Person
from tests.client import CheckingClient
from tests.factories import PASSWORD, make_person


def cpu(call: object, times: int = 5) -> float:
    """Median CPU seconds of a call."""
    assert callable(call)
    taken = []
    for _ in range(times):
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def test_nobody_costs_as_much_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        passwords, "hasher", PasswordHasher(passwords.TIME, passwords.MEMORY, passwords.LANES)
    )
    passwords.nobody.cache_clear()
    stored = passwords.hashed(PASSWORD)
    passwords.fits(PASSWORD, None)
    known = cpu(lambda: passwords.fits("falsch", stored))
    unknown = cpu(lambda: passwords.fits("falsch", None))
    passwords.nobody.cache_clear()
    assert known > 0.005
    assert 0.5 < unknown / known < 2


def test_the_password_of_nobody_opens_nothing() -> None:
    assert not passwords.fits("niemand", None)


@pytest.mark.parametrize("stored", ["", "kein Hash", "$argon2id$v=19$m=8,t=1,p=1$abc"])
def test_damaged_hashes_refuse(stored: str) -> None:
    assert not passwords.fits(PASSWORD, stored)


def test_older_parameters_are_replaced_at_sign_in(client: CheckingClient, db: Session) -> None:
    person = make_person(db)
    person.password_hash = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    db.flush()
    old = person.password_hash
    assert client.submit("/anmelden", {"email": person.email, "password": PASSWORD}).status_code == 303
    db.expire_all()
    found = db.get(Person, person.id)
    assert found is not None
    assert found.password_hash != old
    assert passwords.fits(PASSWORD, found.password_hash)


def test_hashes_cost_what_owasp_asks_for() -> None:
    assert (passwords.TIME, passwords.MEMORY, passwords.LANES) == (2, 19456, 1)


@pytest.mark.parametrize("weak", ["kurz", "a" * 201, "Leucht\0turm 7", "Hallo-123"])
def test_weak_passwords_get_a_sentence(weak: str) -> None:
    assert passwords.weakness(weak).endswith(".")


@pytest.mark.parametrize(
    "fine", [PASSWORD, "korrekt pferd batterie", "x7Kq9!bz", "Mein Hund heißt Waldemar" * 8]
)
def test_good_ones_pass_without_rules_of_composition(fine: str) -> None:
    assert passwords.weakness(fine) == ""


def test_what_others_know_of_a_person_is_refused_with_a_sentence_of_its_own() -> None:
    known = ("Jana Hellweg", "jana.hellweg@musterstadt.example", "Musterstadt", "Smart Cities: Schule")
    for weak in ("JanaHellweg1", "hellweg-musterstadt!", "SmartCities2026!", "MUSTERSTADT#24"):
        assert "Ihre Kommune" in passwords.weakness(weak, *known)
    assert passwords.weakness("Musterstadt hat einen Leuchtturm", *known) == ""
