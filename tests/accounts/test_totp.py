"""Codes of an app: right within a step of now, once, for one person; the secret lies sealed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import recovery, totp
from learn.accounts.models import RecoveryCode, TotpSecret
from learn.config import Config
from learn.core import clock
from learn.core.db import Database
from learn.core.models import Spent
from tests.factories import make_person

KEY = "0" * 64
RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", the secret in RFC 6238, appendix B
TRIES = 8


@pytest.mark.parametrize(("second", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")])
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    with time_machine.travel(second, tick=False):
        assert totp.step_of(RFC, code) == second // totp.SECONDS


@pytest.mark.parametrize(
    ("seconds", "right"), [(-61, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_one_step_off(seconds: int, right: bool) -> None:
    start = clock.now().replace(second=0, microsecond=0)
    code = pyotp.TOTP(RFC).at(start + timedelta(seconds=seconds))
    with time_machine.travel(start, tick=False):
        assert (totp.step_of(RFC, code) is not None) is right


@pytest.mark.parametrize("typed", ["28 70 82", "287-082", " 287082\n", "2 8 7 0 8 2"])
def test_blanks_in_a_code_do_not_matter(typed: str) -> None:
    with time_machine.travel(59, tick=False):
        assert totp.step_of(RFC, typed) == 1


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "28708a", "٢٨٧٠٨٢", "²87082"])
def test_what_is_no_code_fits_nothing(typed: str) -> None:
    with time_machine.travel(59, tick=False):
        assert totp.step_of(RFC, typed) is None


def test_a_code_counts_once_and_for_one_person(db: Session) -> None:
    jana, ben = make_person(db), make_person(db)
    for person in (jana, ben):
        assert totp.turn_on(db, person.id, RFC, KEY)
    code = pyotp.TOTP(RFC).at(clock.now())
    assert totp.accepts(db, jana.id, code, KEY)
    assert not totp.accepts(db, jana.id, code, KEY)
    assert totp.accepts(db, ben.id, code, KEY)


def test_a_used_code_is_remembered_as_long_as_it_would_count(db: Session) -> None:
    person = make_person(db)
    totp.turn_on(db, person.id, RFC, KEY)
    start = clock.now().replace(second=0, microsecond=0)
    early = pyotp.TOTP(RFC).at(start + timedelta(seconds=30))
    with time_machine.travel(start, tick=False):
        assert totp.accepts(db, person.id, early, KEY)
    until = db.scalars(select(Spent.until)).one()
    with time_machine.travel(until - timedelta(seconds=1), tick=False):
        assert totp.step_of(RFC, early) is not None
    with time_machine.travel(until, tick=False):
        assert totp.step_of(RFC, early) is None


def test_the_row_gives_no_secret_away(db: Session) -> None:
    person = make_person(db)
    totp.turn_on(db, person.id, RFC, KEY)
    row = db.scalars(select(TotpSecret)).one()
    assert RFC not in row.sealed
    assert row.confirmed
    assert not totp.accepts(db, person.id, pyotp.TOTP(RFC).at(clock.now()), "another key")


def test_an_unproven_secret_asks_for_nothing_and_gives_way(db: Session) -> None:
    person = make_person(db)
    db.add(TotpSecret(person_id=person.id, sealed="x", confirmed=False, added_on=clock.today()))
    db.flush()
    assert not totp.is_on(db, person.id)
    assert totp.turn_on(db, person.id, RFC, KEY)
    assert totp.is_on(db, person.id)


def test_a_second_app_does_not_replace_the_first(db: Session) -> None:
    person = make_person(db)
    assert totp.turn_on(db, person.id, RFC, KEY)
    assert not totp.turn_on(db, person.id, totp.drawn(), KEY)
    assert totp.accepts(db, person.id, pyotp.TOTP(RFC).at(clock.now()), KEY)


def test_turning_off_takes_the_recovery_codes_along(db: Session) -> None:
    person = make_person(db)
    totp.turn_on(db, person.id, RFC, KEY)
    recovery.replace(db, person.id, ["0" * 64])
    assert totp.turn_off(db, person.id)
    assert not totp.turn_off(db, person.id)
    assert not totp.is_on(db, person.id)
    assert db.scalars(select(RecoveryCode)).all() == []


def test_apps_read_address_and_picture() -> None:
    address = totp.address(RFC, email="jana+x@example.org", network="Smart Cities: Schule")
    read = pyotp.parse_uri(address)
    assert (read.secret, read.name, read.issuer) == (RFC, "jana+x@example.org", "Smart Cities Schule")
    assert totp.picture(address).startswith("data:image/svg+xml")
    assert "style" not in totp.picture(address)
    assert totp.grouped(RFC).split(" ") == ["GEZD", "GNBV", "GY3T", "QOJQ"] * 2
    assert len(totp.drawn()) == 32  # 160 bits


@pytest.fixture
def own(instance: Config) -> Iterator[Database]:
    """A database of its own, as the program opens it."""
    found = Database.of(instance)
    yield found
    found.dispose()


def test_of_many_who_try_one_code_at_once_the_database_lets_one(own: Database) -> None:
    with own.writing() as session:
        person_id = make_person(session).id
        totp.turn_on(session, person_id, RFC, KEY)
        recovery.replace(session, person_id, ["0" * 64])
    code = pyotp.TOTP(RFC).at(clock.now())
    barrier = Barrier(2 * TRIES)

    def with_app(_number: int) -> bool:
        barrier.wait(timeout=90)
        with own.writing() as session:
            return totp.accepts(session, person_id, code, KEY)

    def with_recovery_code(_number: int) -> bool:
        barrier.wait(timeout=90)
        with own.writing() as session:
            return recovery.redeem(session, person_id, "0" * 64)

    with ThreadPoolExecutor(2 * TRIES) as pool:
        by_app, by_recovery = pool.map(with_app, range(TRIES)), pool.map(with_recovery_code, range(TRIES))
    assert sorted(by_app) == sorted(by_recovery) == [False] * (TRIES - 1) + [True]
