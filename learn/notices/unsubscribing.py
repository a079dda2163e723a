"""Links that end mails without signing in (RFC 8058): a signed wish, valid as long as the instance's key."""

import hashlib
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import choices
from learn.accounts.models import Person
from learn.config import Config
from learn.core.letters import absolute

PATH = "/abmelden-mail/"
OVERVIEW = "woche"  # all kinds that she has in one weekly mail


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants no more mail, of which kind or about which question; the other part is empty."""

    person_id: int
    kind: str = ""
    question_id: int = 0


def address(config: Config, wish: Wish) -> str:
    """The absolute address that ends these mails."""
    return absolute(config, PATH + token(config.secret_key, wish))


def token(secret_key: str, wish: Wish) -> str:
    signed = _signer(secret_key).dumps([wish.person_id, wish.kind, wish.question_id])
    return signed if isinstance(signed, str) else signed.decode()


def wish(secret_key: str, token: str) -> Wish | None:
    """The wish behind a link; None for one that we did not sign."""
    try:
        person_id, kind, question_id = _signer(secret_key).loads(token)
    except (BadData, TypeError, ValueError):
        return None
    return Wish(person_id, kind, question_id)


def fulfil(session: Session, wish: Wish) -> bool:
    """End mails of a kind; doing it twice is doing it once. False when there is no such person any more."""
    if session.scalar(select(Person.id).where(Person.id == wish.person_id).with_for_update()) is None:
        return False
    for kind in _kinds(session, wish):
        choices.choose(session, wish.person_id, kind, choices.NEVER)
    return True


def _kinds(session: Session, wish: Wish) -> list[str]:
    if wish.kind != OVERVIEW:
        return [wish.kind] if wish.kind in choices.KINDS else []
    chosen = choices.rhythms(session, [wish.person_id])
    return [kind for kind in choices.KINDS if chosen(wish.person_id, kind) == choices.WEEKLY]


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret_key, salt="abmelden-mail", signer_kwargs={"digest_method": hashlib.sha256}
    )
