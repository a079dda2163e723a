"""What a browser answers to a request for a passkey, checked by py_webauthn.

That library brings 116 modules and 7 MB, so `learn.accounts.passkeys` loads this module when somebody uses
a passkey.
"""

from dataclasses import dataclass

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticationCredential

# Not everything the library meets in a hostile answer ends in an exception of its own.
REFUSALS = (WebAuthnException, ValueError, TypeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Assertion:
    """A signature by a passkey that nobody has checked yet."""

    credential_id: bytes
    user_handle: bytes | None
    answer: AuthenticationCredential


@dataclass(frozen=True, slots=True)
class Registered:
    """A new passkey; `public_key` as base64url."""

    credential_id: bytes
    public_key: str


def assertion(text: str) -> Assertion | None:
    """Read the JSON of `navigator.credentials.get`; None when it is none."""
    try:
        answer = parse_authentication_credential_json(text)
    except REFUSALS:
        return None
    return Assertion(answer.raw_id, answer.response.user_handle, answer)


def proves(found: Assertion, *, public_key: bytes, challenge: bytes, rp_id: str, origin: str) -> bool:
    """Whether the passkey with this key has signed this challenge for us, having verified its user.

    No counter of uses is compared: none is kept.
    """
    try:
        verify_authentication_response(
            credential=found.answer,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except REFUSALS:
        return False
    return True


def registered(text: str, *, challenge: bytes, rp_id: str, origin: str) -> Registered | None:
    """Check the JSON of `navigator.credentials.create`; None when it does not fit the challenge."""
    try:
        found = verify_registration_response(
            credential=text,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=True,
        )
    except REFUSALS:
        return None
    return Registered(found.credential_id, bytes_to_base64url(found.credential_public_key))
