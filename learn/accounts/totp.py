"""One-time codes of an authenticator app (RFC 6238): six digits, 30 seconds, one step of tolerance."""

from datetime import UTC, datetime

import pyotp
import segno
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn.accounts import keyed
from learn.accounts.models import RecoveryCode, TotpSecret
from learn.core import clock, once, sealing

DIGITS, SECONDS, TOLERANCE = 6, 30, 1  # tolerance in steps, before and after


def drawn() -> str:
    """A new secret of 160 bits, in the letters that apps read."""
    return pyotp.random_base32()


def address(secret: str, *, email: str, network: str) -> str:
    """The `otpauth:` address that sets up an app."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=network.replace(":", ""))


def picture(text: str) -> str:
    """A QR code as the address of a picture: the policy allows `data:` for pictures, not inline styles."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=4, dark="#000", light="#fff")


def grouped(secret: str) -> str:
    """The secret in groups of four letters, to type."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def plain(typed: str) -> str:
    """A code as typed, without blanks and hyphens."""
    return "".join(typed.split()).replace("-", "")


def is_code(typed: str) -> bool:
    """Whether it has the shape of a code, right or wrong."""
    code = plain(typed)
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def is_on(session: Session, person_id: int) -> bool:
    """Whether this person's password opens nothing without a code."""
    return _secret(session, person_id) is not None


def turn_on(session: Session, person_id: int, secret: str, secret_key: str) -> bool:
    """Keep a secret that a first code has proven; False if she has one already."""
    unproven = delete(TotpSecret).where(TotpSecret.person_id == person_id, TotpSecret.confirmed.is_(False))
    session.execute(unproven)
    sealed = sealing.seal(secret, secret_key)
    try:
        with session.begin_nested():
            session.add(
                TotpSecret(person_id=person_id, sealed=sealed, confirmed=True, added_on=clock.today())
            )
    except IntegrityError:
        return False
    return True


def turn_off(session: Session, person_id: int) -> bool:
    """Remove the secret and its recovery codes; False if there was none."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    gone = delete(TotpSecret).where(TotpSecret.person_id == person_id).returning(TotpSecret.person_id)
    return session.execute(gone).scalar() is not None


def accepts(session: Session, person_id: int, typed: str, secret_key: str) -> bool:
    """Whether a code is right and was not used before; it is used up then."""
    sealed = _secret(session, person_id)
    secret = sealing.unseal(sealed, secret_key) if sealed else None
    return secret is not None and spend(session, person_id, secret, typed, secret_key)


def spend(session: Session, person_id: int, secret: str, typed: str, secret_key: str) -> bool:
    """Whether a code fits a secret and was not used before; it is used up then.

    What is kept of it is keyed: otherwise the row would tell who signed in, and when.
    """
    step = step_of(secret, typed)
    if step is None:
        return False
    until = datetime.fromtimestamp((step + 1 + TOLERANCE) * SECONDS, UTC)
    return once.spend(session, keyed.digest(secret_key, "totp", f"{person_id}|{step}").hex(), until)


def step_of(secret: str, typed: str) -> int | None:
    """The number of the 30 seconds to which a code belongs; None if it is not a code of now."""
    if not is_code(typed):
        return None
    app = pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS)
    try:
        return app.verify_and_get_timecode(plain(typed), for_time=clock.now(), valid_window=TOLERANCE)
    except OTPVerificationError:
        return None


def _secret(session: Session, person_id: int) -> str | None:
    statement = select(TotpSecret.sealed).where(TotpSecret.person_id == person_id, TotpSecret.confirmed)
    return session.scalar(statement)
