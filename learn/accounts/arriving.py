"""Who somebody is that a town's provider vouches for, and who may link an account to it.

A provider speaks for its own town alone: for accounts that belong to the town now, and for new ones whose
confirmed address lies under one of the town's mail domains. It never reaches an account that it has not
made itself and that nobody has linked after proving that it is hers.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn.accounts import belonging, providers, queries, service, spelling
from learn.accounts.models import Identity, Passkey, Person, PersonTopic, Provider, TrainerCohort
from learn.core import audit, clock, sessions
from learn.core.access import Refused
from learn.network import policy
from learn.network.models import Municipality

MAPPABLE = frozenset({"expert", "trainer"})  # what a town may give; never the Koordination or the Betrieb
Claims = Mapping[str, Any]


class NotAdmitted(Exception):
    """A provider's word does not suffice.

    `why`: "address" not confirmed or not the town's; "group" missing; "person" closed or of another town;
    "known": there is an account; "taken": the subject is somebody else's; "linked" already, to another one.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def arrive(session: Session, provider: Provider, claims: Claims) -> Person:
    """The person to sign in; a new one where nobody is known by subject or address. Raises NotAdmitted."""
    check_group(provider, claims)
    person = linked(session, provider, claims["sub"])
    if person is None:
        person = newcomer(session, provider, claims)
    check_town(provider, person)
    follow_groups(session, provider, person, claims)
    return person


def linked(session: Session, provider: Provider, subject: str) -> Person | None:
    """Whom the subject stands for; locked, so that two arrivals do not change her roles at once."""
    statement = (
        select(Person)
        .join(Identity, Identity.person_id == Person.id)
        .where(Identity.provider_id == provider.id, Identity.subject == subject)
        .with_for_update(of=Person)
    )
    return session.scalar(statement)


def newcomer(session: Session, provider: Provider, claims: Claims) -> Person:
    """A new account in the provider's town, linked. Raises NotAdmitted."""
    email = address(claims)
    if claims.get("email_verified") is not True or not speaks_for(session, provider, email):
        raise NotAdmitted("address")
    town = session.get_one(Municipality, provider.municipality_id)
    try:
        person = service.create_user(
            session,
            by=providers.named(provider.id),
            email=email,
            name=name(claims) or email.partition("@")[0],
            password_hash=None,
            municipality=town.ags,
            roles=given(provider, claims) & possible(session, provider),
        )
    except Refused:
        raced = linked(session, provider, claims["sub"])  # the same person arrived twice at once
        if raced is None:
            raise NotAdmitted("known") from None
        return raced
    attach(session, provider, claims["sub"], person.id)
    return person


def link(session: Session, provider: Provider, claims: Claims, person_id: int) -> Person:
    """Tie the subject to a person who has just proven that the account is hers. Raises NotAdmitted.

    Her address there may be another one than here, but it must be the town's. Whether it was confirmed
    does not matter: it opens nothing.
    """
    check_group(provider, claims)
    person = session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    check_town(provider, person)
    assert person is not None
    if claims.get("email_verified") is False or not speaks_for(session, provider, address(claims)):
        raise NotAdmitted("address")
    owner = linked(session, provider, claims["sub"])
    if owner is None:
        attach(session, provider, claims["sub"], person.id)
        audit.record(
            session,
            audit.person(person.id),
            "konto.verknuepft",
            audit.person(person.id),
            providers.named(provider.id),
        )
    elif owner.id != person.id:
        raise NotAdmitted("taken")
    return person


def unlink(session: Session, person_id: int, provider_id: int) -> Person:
    """End a link; all sessions end. Raises Refused where no other way to sign in is left."""
    person = session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    mine = select(Identity).where(Identity.person_id == person_id, Identity.provider_id == provider_id)
    identity = session.scalar(mine)
    if person is None or identity is None:
        raise Refused("Diese Verknüpfung gibt es nicht mehr.")
    if not other_way(session, person, provider_id):
        raise Refused("Legen Sie zuerst ein Passwort fest. Sonst kommen Sie nicht mehr in Ihr Konto.")
    session.delete(identity)
    sessions.close_rows(session, person_id)
    subject = audit.person(person_id)
    audit.record(session, subject, "konto.getrennt", subject, providers.named(provider_id))
    return person


def other_way(session: Session, person: Person, provider_id: int) -> bool:
    """Whether a person could still sign in without this provider."""
    if person.password_hash is not None:
        return True
    passkey = exists().where(Passkey.person_id == person.id)
    other = exists().where(
        Identity.person_id == person.id,
        Identity.provider_id == Provider.id,
        Provider.id != provider_id,
        Provider.municipality_id == person.municipality_id,
        *providers.OPEN,
    )
    return bool(session.scalar(select(passkey | other)))


def attach(session: Session, provider: Provider, subject: str, person_id: int) -> None:
    """Write the link; of two at once the database lets one. Raises NotAdmitted."""
    identity = Identity(
        provider_id=provider.id, subject=subject, person_id=person_id, linked_on=clock.today()
    )
    try:
        with session.begin_nested():
            session.add(identity)
    except IntegrityError:
        raise NotAdmitted("taken" if linked(session, provider, subject) else "linked") from None


def check_group(provider: Provider, claims: Claims) -> None:
    """Raises NotAdmitted without the group that the town asks for."""
    if provider.required_group and provider.required_group not in providers.groups(provider, claims):
        raise NotAdmitted("group")


def check_town(provider: Provider, person: Person | None) -> None:
    """Raises NotAdmitted unless the account is open and belongs to the provider's town today."""
    if person is None or not person.active or person.municipality_id != provider.municipality_id:
        raise NotAdmitted("person")


def speaks_for(session: Session, provider: Provider, email: str) -> bool:
    """Whether an address is well formed and the provider's town lists its domain."""
    return spelling.is_address(email) and belonging.speaks_for(session, email, provider.municipality_id)


def address(claims: Claims) -> str:
    """The address among the claims, whoever it belongs to."""
    found = claims.get("email")
    return found.strip() if isinstance(found, str) else ""


def name(claims: Claims) -> str:
    """The name among the claims as one line that fits, empty where there is none."""
    told = [claims.get("name")]
    if not isinstance(told[0], str) or not told[0].strip():
        told = [claims.get("given_name"), claims.get("family_name")]
    text = " ".join(part for part in told if isinstance(part, str))
    line = "".join(sign if sign.isprintable() else " " for sign in spelling.tidy(text))
    return " ".join(line.split())[: spelling.LONGEST].rstrip()


def given(provider: Provider, claims: Claims) -> frozenset[str]:
    """The roles that the groups among the claims give."""
    groups = providers.groups(provider, claims)
    return frozenset(role for group, role in mapping(provider).items() if group in groups)


def possible(session: Session, provider: Provider) -> frozenset[str]:
    """The roles that can be given anew: contacts for topics exist in pioneer towns only."""
    town = session.get_one(Municipality, provider.municipality_id)
    return MAPPABLE if policy.may_have_experts(town) else MAPPABLE - {"expert"}


def mapping(provider: Provider) -> dict[str, str]:
    """Groups and the roles they give; whatever else the row may hold gives nothing."""
    return {group: role for group, role in provider.group_roles.items() if role in MAPPABLE}


def follow_groups(session: Session, provider: Provider, person: Person, claims: Claims) -> None:
    """Give and take the roles that the mapping names; on a change all sessions end.

    With a role go the topics and Klassen that belong to it.
    """
    has = queries.roles(session, person.id)
    by_groups = given(provider, claims) & (possible(session, provider) | has)
    due = (has - set(mapping(provider).values())) | by_groups
    if due == has:
        return
    service.set_roles(session, person, due, by=providers.named(provider.id))
    if "expert" not in due:
        session.execute(delete(PersonTopic).where(PersonTopic.person_id == person.id))
    if "trainer" not in due:
        session.execute(delete(TrainerCohort).where(TrainerCohort.person_id == person.id))
