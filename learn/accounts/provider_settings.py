"""Settings of the towns' sign-in services, as the desk keeps them; each change leaves one audit entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.accounts.arriving import MAPPABLE
from learn.accounts.models import Identity, Provider
from learn.accounts.providers import named
from learn.core import audit
from learn.core.access import Refused
from learn.core.paging import Slice, slice_of
from learn.core.sealing import seal
from learn.network.models import MailDomain, Municipality

LABELS = {  # what the audit log calls a setting; values stay out of it
    "name": "Bezeichnung",
    "issuer": "Aussteller",
    "client_id": "Kennung",
    "client_secret": "Geheimnis",
    "group_claim": "Feld der Gruppen",
    "required_group": "Nötige Gruppe",
    "group_roles": "Rollen",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be set. An empty `secret` keeps the one there is; `group_roles` maps groups to roles."""

    name: str
    issuer: str
    client_id: str = ""
    secret: str = field(default="", repr=False)
    group_claim: str = "groups"
    required_group: str = ""
    group_roles: Mapping[str, str] = field(default_factory=dict)
    active: bool = False


def listed(session: Session, after: str | None) -> Slice[Provider]:
    """All providers in the order in which they were added; 25 at a time."""
    return slice_of(session, select(Provider), (Provider.id,), after)


def towns_of(session: Session, found: Sequence[Provider]) -> dict[int, Municipality]:
    """The towns of some providers by their numbers."""
    wanted = {each.municipality_id for each in found}
    towns = session.scalars(select(Municipality).where(Municipality.id.in_(wanted)))
    return {town.id: town for town in towns}


def domains(session: Session, municipality_id: int) -> Sequence[str]:
    """The mail domains that a town's provider may speak for."""
    statement = select(MailDomain.domain).where(MailDomain.municipality_id == municipality_id)
    return session.scalars(statement.order_by(MailDomain.domain)).all()


def add(session: Session, by: str, municipality_id: int, name: str, issuer: str) -> Provider:
    """A new provider, switched off: its way back bears its number, which the town's IT needs first."""
    provider = Provider(
        municipality_id=municipality_id,
        name=name,
        issuer=issuer,
        client_id="",
        client_secret="",
        group_roles={},
        active=False,
    )
    session.add(provider)
    session.flush()
    audit.record(session, by, "anmeldedienst.angelegt", named(provider.id))
    return provider


def change(session: Session, by: str, provider: Provider, settings: Settings, secret_key: str) -> None:
    """Store new settings. Raises Refused.

    Under another issuer the subjects are other people: all links end.
    """
    values = {
        "name": settings.name,
        "issuer": settings.issuer,
        "client_id": settings.client_id,
        "group_claim": settings.group_claim,
        "required_group": settings.required_group,
        "group_roles": dict(allowed(settings.group_roles)),
    }
    if settings.secret:
        values["client_secret"] = seal(settings.secret, secret_key)
    if settings.active and not (settings.client_id and (settings.secret or provider.client_secret)):
        raise Refused(
            "Tragen Sie Kennung und Geheimnis ein, bevor Sie den Dienst einschalten.", field="active"
        )
    notes = [LABELS[name] for name, value in values.items() if getattr(provider, name) != value]
    if provider.issuer != settings.issuer:
        session.execute(delete(Identity).where(Identity.provider_id == provider.id))
        notes.append("Verknüpfungen gelöst")
    if provider.active != settings.active:
        notes.append("eingeschaltet" if settings.active else "ausgeschaltet")
    for name, value in {**values, "active": settings.active}.items():
        setattr(provider, name, value)
    if notes:
        audit.record(session, by, "anmeldedienst.geaendert", named(provider.id), ", ".join(notes))


def remove(session: Session, by: str, provider: Provider) -> None:
    """Remove a provider with all its links."""
    session.delete(provider)
    audit.record(session, by, "anmeldedienst.entfernt", named(provider.id))


def allowed(group_roles: Mapping[str, str]) -> Mapping[str, str]:
    """The mapping, unless it gives what a town may not give. Raises Refused."""
    if not MAPPABLE.issuperset(group_roles.values()):
        raise Refused("Eine Gruppe gibt nur die Rollen expert oder trainer.", field="group_roles")
    return group_roles
