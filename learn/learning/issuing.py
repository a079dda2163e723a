"""A Nachweis and its Open Badge in one transaction: issued together, signed anew with another choice."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.learning import badges, certificates
from learn.learning.badges import keys
from learn.learning.certificates import Held


@dataclass(frozen=True, slots=True)
class Seal:
    """Who issues, and what keys are sealed with; `algorithm` is that of a first key."""

    base_url: str
    network: str
    secret: str
    algorithm: str


def issue(session: Session, actor: Actor, course_id: str, *, named: bool, seal: Seal) -> Held:
    """Issue the Nachweis of the newest completion with its badge, once. Raises Refused."""
    held = certificates.issue(session, actor, course_id, named=named, network=seal.network)
    return held if held.credential else sign(session, actor, held.code, seal)


def choose(session: Session, actor: Actor, code: str, *, named: bool, kept: bool, seal: Seal) -> Held:
    """Set what the check page says and how long it stays; the badge follows. Raises NotFound."""
    before = certificates.held_one(session, actor, code)
    certificates.choose(session, actor, code, named=named, kept=kept)
    if before.named == named and before.credential:
        return certificates.held_one(session, actor, code)
    return sign(session, actor, code, seal)


def sign(session: Session, actor: Actor, code: str, seal: Seal) -> Held:
    """Sign the badge; there is none while the keys cannot be opened, of which `learn check` tells."""
    held = certificates.held_one(session, actor, code)
    try:
        credential = badges.signed(
            session,
            held,
            base_url=seal.base_url,
            network=seal.network,
            secret=seal.secret,
            algorithm=seal.algorithm,
        )
    except keys.Unopened:
        credential = ""
    certificates.keep_credential(session, actor, code, credential)
    return certificates.held_one(session, actor, code)
