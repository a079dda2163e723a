"""Recovery codes: unlike each other, kept as slow hashes under the instance's key, each good for once."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import recovery, totp
from learn.accounts.models import RecoveryCode
from tests.factories import make_person

KEY = "0" * 64


def test_ten_codes_that_are_easy_to_read() -> None:
    codes = recovery.drawn()
    assert len(set(codes)) == 10
    for code in codes:
        assert recovery.is_code(code)
        assert not totp.is_code(code)
        assert not set(code) & set("0O1Il")


@pytest.mark.parametrize("change", [str.upper, lambda code: f" {code[:5]} {code[6:]} "])
def test_case_blanks_and_hyphens_do_not_matter(change: object) -> None:
    code = recovery.drawn()[0]
    assert callable(change)
    assert recovery.is_code(change(code))
    assert recovery.hashed(change(code), 7, KEY) == recovery.hashed(code, 7, KEY)


@pytest.mark.parametrize("typed", ["", "123456", "abcde-fghj", "abcde-fghjkm", "abcde-fghj0", "äbcde-fghjk"])
def test_what_is_no_recovery_code(typed: str) -> None:
    assert not recovery.is_code(typed)


def test_the_hash_belongs_to_one_person_and_one_instance() -> None:
    code = recovery.drawn()[0]
    assert len(recovery.hashed(code, 7, KEY)) == 64
    assert (
        len({recovery.hashed(code, 7, KEY), recovery.hashed(code, 8, KEY), recovery.hashed(code, 7, "x")})
        == 3
    )


def test_a_code_counts_once_and_for_its_owner_only(db: Session) -> None:
    jana, ben = make_person(db), make_person(db)
    codes = recovery.drawn()
    recovery.replace(db, jana.id, [recovery.hashed(code, jana.id, KEY) for code in codes])
    assert not recovery.redeem(db, ben.id, recovery.hashed(codes[0], ben.id, KEY))
    assert recovery.redeem(db, jana.id, recovery.hashed(codes[0], jana.id, KEY))
    assert not recovery.redeem(db, jana.id, recovery.hashed(codes[0], jana.id, KEY))
    assert recovery.left(db, jana.id) == 9
    stored = " ".join(db.scalars(select(RecoveryCode.code_hash)))
    assert not any(totp.plain(code) in stored for code in codes)


def test_new_codes_end_the_old_ones(db: Session) -> None:
    person = make_person(db)
    old = recovery.hashed("abcde-fghjk", person.id, KEY)
    recovery.replace(db, person.id, [old])
    recovery.replace(db, person.id, [recovery.hashed("mnpqr-stuvw", person.id, KEY)])
    assert not recovery.redeem(db, person.id, old)
    assert recovery.left(db, person.id) == 1
