"""The towns' own sign-in services: which there are to choose from, and what is needed to go to one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from learn.accounts.models import Identity, Provider
from learn.accounts.oidc import Client, Failed
from learn.config import Config
from learn.core.hosts import LOOPBACK
from learn.core.paging import Slice, slice_of
from learn.core.sealing import unseal
from learn.network.models import Municipality, TownWord
from learn.network.words import wanted

OPEN = (Provider.active, Provider.client_id != "", Provider.client_secret != "")
LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Offer:
    """An open provider as people meet it; `linked_on`: since when this person signs in with it."""

    id: int
    name: str
    town: str
    kind: str
    municipality_id: int
    linked_on: date | None = None


def named(provider_id: int) -> str:
    """A provider in the audit log."""
    return f"anmeldedienst:{provider_id}"


def redirect_uri(config: Config, provider_id: int) -> str:
    """The way back, one for each provider.

    With one for all, a provider could send a browser on to another town's provider, receive that town's
    code here and use it (the mix-up of RFC 9700, section 4.4).
    """
    return f"{config.base_url}/anmelden/zurueck/{provider_id}"


def provider(session: Session, provider_id: int) -> Provider | None:
    """One provider, whether open or not."""
    return session.get(Provider, provider_id)


def is_open(found: Provider) -> bool:
    """Whether people can sign in with it."""
    return bool(found.active and found.client_id and found.client_secret)


def client(config: Config, found: Provider) -> Client:
    """What going there needs. Raises Failed where the secret was sealed under another key."""
    secret = unseal(found.client_secret, config.secret_key) if found.client_secret else ""
    if secret is None:
        raise Failed("secret")
    return Client(
        issuer=found.issuer,
        client_id=found.client_id,
        secret=secret,
        redirect_uri=redirect_uri(config, found.id),
        scope=found.group_claim if minds_groups(found) else "",
        local=is_local(config),
    )


def is_local(config: Config) -> bool:
    """Whether this installation is for one machine, where providers may do without TLS too."""
    return not config.https and config.host in LOOPBACK


def minds_groups(found: Provider) -> bool:
    """Whether it matters which groups of the town somebody belongs to."""
    return bool(found.required_group or found.group_roles)


def wanted_claims(found: Provider) -> tuple[str, ...]:
    """The claims to ask userinfo for when the ID token lacks them."""
    return ("email", "email_verified", *([found.group_claim] if minds_groups(found) else []))


def groups(found: Provider, claims: Mapping[str, Any]) -> frozenset[str]:
    """The groups that claims name: a list of texts, or one text."""
    told = claims.get(found.group_claim)
    listed = told if isinstance(told, list) else [told]
    return frozenset(group for group in listed if isinstance(group, str))


# Whom people may choose


def offers(session: Session, limit: int) -> list[Offer]:
    """Open providers by town, at most so many."""
    return _offers(session, limit=limit)


def offers_of_town(session: Session, ags: str) -> list[Offer]:
    """A town's open providers."""
    return _offers(session, Municipality.ags == ags)


def offer(session: Session, provider_id: int) -> Offer | None:
    """One open provider."""
    return next(iter(_offers(session, Provider.id == provider_id)), None)


def offers_to(session: Session, person_id: int, municipality_id: int | None) -> list[Offer]:
    """The open providers of a person's town, and which of them she has linked."""
    if municipality_id is None:
        return []
    return _offers(session, Municipality.id == municipality_id, person_id=person_id)


def towns(session: Session, text: str, after: str | None) -> Slice[Municipality]:
    """The towns that have an open provider, narrowed by beginnings of words; 25 at a time, by name."""
    statement = select(Municipality).where(exists().where(Provider.municipality_id == Municipality.id, *OPEN))
    for word in wanted(text):
        begins = (TownWord.word >= word) & (TownWord.word < word + LAST)
        statement = statement.where(exists().where(TownWord.municipality_id == Municipality.id, begins))
    return slice_of(session, statement, (Municipality.sort, Municipality.ags), after)


def _offers(
    session: Session, *conditions: ColumnElement[bool], limit: int | None = None, person_id: int = 0
) -> list[Offer]:
    mine = (Identity.provider_id == Provider.id) & (Identity.person_id == person_id)
    statement = (
        select(
            Provider.id,
            Provider.name,
            Municipality.name.label("town"),
            Municipality.kind,
            Provider.municipality_id,
            Identity.linked_on,
        )
        .join(Municipality, Municipality.id == Provider.municipality_id)
        .outerjoin(Identity, mine)
        .where(*OPEN, *conditions)
        .order_by(Municipality.sort, Municipality.ags, Provider.name, Provider.id)
        .limit(limit)
    )
    return [Offer(**row) for row in session.execute(statement).mappings()]
