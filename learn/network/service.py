"""Writes what the Koordination changes of a town; each change leaves one entry in the audit log."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn.core import audit
from learn.core.access import Refused
from learn.network import domains, indexing, queries
from learn.network.models import MailDomain, Municipality, TownTopic, TownWord
from learn.network.words import endings

FIELDS = {  # what one form changes, and its word in the audit log
    "mailbox": "postfach",
    "phase": "phase",
    "population": "einwohner",
    "population_day": "einwohner_stand",
    "population_verified": "einwohner_geprueft",
}


def subject(town: Municipality) -> str:
    """The town in the audit log."""
    return f"kommune:{town.ags}"


def change_town(
    session: Session, town: Municipality, values: Mapping[str, Any], topics: Collection[str], *, by: str
) -> bool:
    """Store mailbox, phase, population and topics; False when nothing differs."""
    changed = [FIELDS[name] for name, value in values.items() if getattr(town, name) != value]
    for name, value in values.items():
        setattr(town, name, value)
    if set(topics) != set(queries.topics(session, town.id)):
        set_topics(session, town, topics)
        changed.append("themen")
    if changed:
        indexing.reindex_towns(session, [town.id])
        audit.record(session, by, "kommune.geaendert", subject(town), ", ".join(changed))
    return bool(changed)


def change_role(session: Session, town: Municipality, role: str, *, by: str) -> bool:
    """Make it gast, mitglied or pionier; its people keep their roles. False when it is that already."""
    former = town.role
    if former == role:
        return False
    town.role = role
    audit.record(session, by, "kommune.rolle", subject(town), f"{former}, jetzt {role}")
    return True


def add_domain(session: Session, town: Municipality, domain: str, *, by: str) -> None:
    """List a mail domain for the town. Raises Refused for one that may not be listed, or is already."""
    domain = domains.canonical(domain.strip().removeprefix("@"))
    if problem := domains.problem(domain):
        raise Refused(problem, field="domain")
    try:
        with session.begin_nested():
            session.add(MailDomain(domain=domain, municipality_id=town.id))
    except IntegrityError as listed:
        owner = session.execute(
            select(Municipality.ags, Municipality.name)
            .join(MailDomain, MailDomain.municipality_id == Municipality.id)
            .where(MailDomain.domain == domain)
        ).one()
        words = f"Die Domain {domain} steht schon in der Liste."
        raise Refused(
            words if owner.ags == town.ags else taken(domain, owner.name), field="domain"
        ) from listed
    audit.record(session, by, "kommune.domain_ergaenzt", subject(town), domain)


def remove_domain(session: Session, town: Municipality, domain: str, *, by: str) -> bool:
    """Take a mail domain from the town; False when it has not this one."""
    mine = MailDomain.domain == domain, MailDomain.municipality_id == town.id
    gone = session.execute(delete(MailDomain).where(*mine).returning(MailDomain.domain)).first()
    if gone is not None:
        audit.record(session, by, "kommune.domain_entfernt", subject(town), domain)
    return gone is not None


def taken(domain: str, town: str) -> str:
    """What to say of a domain that another town has."""
    return f"Die Domain {domain} gehört schon zu {town}. Entfernen Sie sie zuerst dort."


def set_topics(session: Session, town: Municipality, topics: Collection[str]) -> None:
    """Give a town exactly these topics."""
    session.execute(delete(TownTopic).where(TownTopic.municipality_id == town.id))
    session.add_all(TownTopic(municipality_id=town.id, topic=topic) for topic in sorted(topics))
    session.flush()


def set_domains(session: Session, town: Municipality, found: Collection[str]) -> None:
    """Give a town exactly these domains, which no other has."""
    session.execute(delete(MailDomain).where(MailDomain.municipality_id == town.id))
    session.add_all(MailDomain(domain=domain, municipality_id=town.id) for domain in sorted(found))
    session.flush()


def index_names(session: Session, towns: Sequence[Municipality]) -> None:
    """Let these towns be found by what their names are today."""
    if towns:
        ids = [town.id for town in towns]
        session.execute(delete(TownWord).where(TownWord.municipality_id.in_(ids)))
        rows = [
            {"word": word, "municipality_id": town.id}
            for town in towns
            for word in sorted(endings(town.name, town.ags))
        ]
        session.execute(insert(TownWord), rows)
