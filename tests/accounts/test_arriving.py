"""Whom a town's provider can vouch for, and whom never: the refusals that keep towns apart."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts import arriving, providers, queries
from learn.accounts.arriving import NotAdmitted
from learn.accounts.models import Identity, Passkey, Person, PersonTopic, PersonWord, Provider, TrainerCohort
from learn.core import clock
from learn.core.access import Refused
from learn.core.models import AuditEntry, SignIn
from learn.network.models import Cohort, MailDomain, Municipality
from tests.factories import make_municipality, make_person


def make_provider(db: Session, town: Municipality | None = None, **values: Any) -> Provider:
    """An open provider of a town that lists `olpe.example`."""
    if town is None:
        town = make_municipality(db, name="Olpe", role="pionier")
        db.add(MailDomain(domain="olpe.example", municipality_id=town.id))
    good: dict[str, Any] = {
        "municipality_id": town.id,
        "name": "Dienstkonto",
        "issuer": "https://login.olpe.example",
        "client_id": "lernen",
        "client_secret": "sealed",
        "group_roles": {},
    }
    provider = Provider(**{**good, **values})
    db.add(provider)
    db.flush()
    return provider


def claims(**other: Any) -> dict[str, Any]:
    good = {"sub": "jana", "email": "jana@olpe.example", "email_verified": True, "name": "Jana Hellweg"}
    return {name: value for name, value in {**good, **other}.items() if value is not None}


def refusal(db: Session, provider: Provider, **other: Any) -> str:
    """Why; nothing may have been written."""
    before = counts(db)
    with pytest.raises(NotAdmitted) as problem:
        arriving.arrive(db, provider, claims(**other))
    assert counts(db) == before
    return problem.value.why


def counts(db: Session) -> list[int | None]:
    db.flush()
    return [db.scalar(select(func.count()).select_from(table)) for table in (Person, Identity, AuditEntry)]


def entries(db: Session) -> list[tuple[str, str, str, str]]:
    db.flush()
    rows = db.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.actor, row.action, row.subject, row.reason) for row in rows]


# New accounts


def test_a_new_account_belongs_to_the_town_of_the_provider(db: Session) -> None:
    provider = make_provider(db)
    person = arriving.arrive(db, provider, claims())
    assert (person.email, person.name, person.municipality_id) == (
        "jana@olpe.example",
        "Jana Hellweg",
        provider.municipality_id,
    )
    assert person.password_hash is None
    assert queries.roles(db, person.id) == frozenset()
    assert entries(db) == [(f"anmeldedienst:{provider.id}", "konto.angelegt", f"person:{person.id}", "")]
    assert db.scalars(select(PersonWord.word).where(PersonWord.person_id == person.id)).first()


def test_the_second_time_it_is_the_same_person_whatever_address_she_has_by_then(db: Session) -> None:
    provider = make_provider(db)
    person = arriving.arrive(db, provider, claims())
    for other in ({}, {"email": "hellweg@olpe.example"}, {"email": None, "email_verified": None}):
        assert arriving.arrive(db, provider, claims(**other)).id == person.id
    assert person.email == "jana@olpe.example"
    assert len(entries(db)) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"email_verified": None},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": 1},
        {"email": None},
        {"email": ["jana@olpe.example"]},
        {"email": ""},
        {"email": "jana"},
        {"email": "jana@gmx.example"},
        {"email": "jana@sub.olpe.example"},
        {"email": "jana@olpe.example.evil.example"},
        {"email": "jana@evil.example@olpe.example"},
        {"email": "jana@olpe.example\n"},
        {"email": "jana\x00@olpe.example"},
        {"email": '"jana@evil.example"@olpe.example'},
        {"email": "jana@olpe.example, chef@olpe.example"},
        {"email": "x" * 200 + "@olpe.example"},
    ],
)
def test_only_a_confirmed_address_of_the_town_opens_an_account(db: Session, other: dict[str, Any]) -> None:
    provider = make_provider(db)
    if other.get("email") == "jana@olpe.example\n":  # outer blanks are no part of an address
        assert arriving.arrive(db, provider, claims(**other)).email == "jana@olpe.example"
    else:
        assert refusal(db, provider, **other) == "address"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"name": "  Jana   Hellweg "}, "Jana Hellweg"),
        ({"name": "Jana\r\nBcc: alle@olpe.example"}, "Jana Bcc: alle@olpe.example"),
        ({"name": "Jana\x00\u202eHellweg"}, "Jana Hellweg"),
        ({"name": "x" * 500}, "x" * 200),
        ({"name": None, "given_name": "Jana", "family_name": "Hellweg"}, "Jana Hellweg"),
        ({"name": "", "given_name": 5, "family_name": "Hellweg"}, "Hellweg"),
        ({"name": ["Jana"]}, "jana"),
        ({"name": None}, "jana"),
    ],
)
def test_names_are_one_clean_line(db: Session, told: dict[str, Any], name: str) -> None:
    assert arriving.arrive(db, make_provider(db), claims(**told)).name == name


# Accounts that exist


def test_an_account_with_the_address_is_never_linked_by_itself(db: Session) -> None:
    provider = make_provider(db)
    town = db.get_one(Municipality, provider.municipality_id)
    make_person(db, email="Jana@Olpe.example", municipality=town)
    assert refusal(db, provider) == "known"


def test_nor_one_of_another_town_or_one_that_is_closed(db: Session) -> None:
    provider = make_provider(db)
    make_person(db, email="jana@olpe.example")
    assert refusal(db, provider) == "known"
    make_person(db, email="lea@olpe.example", active=False)
    assert refusal(db, provider, sub="lea", email="lea@olpe.example") == "known"


def test_a_closed_account_stays_closed(db: Session) -> None:
    provider = make_provider(db)
    person = arriving.arrive(db, provider, claims())
    person.active = False
    assert refusal(db, provider) == "person"


def test_whoever_has_moved_to_another_town_is_out_of_reach(db: Session) -> None:
    provider = make_provider(db)
    person = arriving.arrive(db, provider, claims())
    home = person.municipality_id
    person.municipality_id = make_municipality(db, name="Wenden").id
    assert refusal(db, provider) == "person"
    person.municipality_id = None
    assert refusal(db, provider) == "person"
    person.municipality_id = home
    assert arriving.arrive(db, provider, claims()).id == person.id


def test_a_domain_that_moved_takes_no_account_along(db: Session) -> None:
    """Olpe's domain goes to Wenden: Wenden's provider opens new accounts under it, and none of Olpe's."""
    ours = make_provider(db)
    person = arriving.arrive(db, ours, claims())
    wenden = make_municipality(db, name="Wenden")
    theirs = make_provider(db, wenden, issuer="https://login.wenden.example")
    assert refusal(db, theirs, sub="x") == "address"
    db.get_one(MailDomain, "olpe.example").municipality_id = wenden.id
    db.flush()
    assert refusal(db, theirs, sub="x") == "known"
    assert refusal(db, theirs) == "known"  # the same subject at another provider is somebody else
    assert refusal(db, ours, sub="neu", email="neu@olpe.example") == "address"
    assert arriving.arrive(db, theirs, claims(sub="y", email="y@olpe.example")).municipality_id == wenden.id
    assert arriving.arrive(db, ours, claims()).id == person.id


def test_two_towns_may_use_one_provider_and_stay_apart(db: Session) -> None:
    ours = make_provider(db)
    wenden = make_municipality(db, name="Wenden")
    db.add(MailDomain(domain="wenden.example", municipality_id=wenden.id))
    theirs = make_provider(db, wenden)
    assert refusal(db, theirs) == "address"
    person = arriving.arrive(db, ours, claims())
    assert refusal(db, theirs) == "address"
    assert arriving.arrive(db, theirs, claims(email="jana@wenden.example")).id != person.id


# Groups


def test_without_the_needed_group_nobody_enters(db: Session) -> None:
    provider = make_provider(db, required_group="Lernen", group_claim="gruppen")
    for told in (None, [], "Andere", ["Andere", "lernen"], {"Lernen": 1}, [["Lernen"]], 5):
        assert refusal(db, provider, gruppen=told) == "group"
    person = arriving.arrive(db, provider, claims(gruppen=["x", "Lernen"]))
    assert arriving.arrive(db, provider, claims(gruppen="Lernen")).id == person.id
    assert refusal(db, provider, gruppen=["x"]) == "group"


def test_groups_give_roles_and_take_only_those_they_name(db: Session) -> None:
    provider = make_provider(db, group_roles={"Fach": "expert", "Schulung": "trainer"})
    person = arriving.arrive(db, provider, claims(groups=["Fach"]))
    assert queries.roles(db, person.id) == {"expert"}
    db.add(SignIn(token_hash="x", person_id=person.id, first_day=clock.today(), last_day=clock.today()))
    arriving.arrive(db, provider, claims(groups=["Fach"]))
    assert db.scalar(select(func.count()).select_from(SignIn)) == 1  # nothing changed, nothing ends
    arriving.arrive(db, provider, claims(groups=["Schulung", "Fach"]))
    assert queries.roles(db, person.id) == {"expert", "trainer"}
    assert db.scalar(select(func.count()).select_from(SignIn)) == 0
    provider.group_roles = {"Fach": "expert"}
    arriving.arrive(db, provider, claims())
    assert queries.roles(db, person.id) == {"trainer"}
    by = f"anmeldedienst:{provider.id}"
    subject = f"person:{person.id}"
    assert entries(db)[1:] == [
        (by, "konto.rollen", subject, "expert, trainer"),
        (by, "konto.rollen", subject, "trainer"),
    ]


def test_a_group_never_gives_the_koordination(db: Session) -> None:
    provider = make_provider(
        db, group_roles={"a": "coordinator", "b": "operator", "c": "chef", "d": "trainer"}
    )
    person = arriving.arrive(db, provider, claims(groups=["a", "b", "c", "d"]))
    assert queries.roles(db, person.id) == {"trainer"}


def test_nor_takes_it(db: Session) -> None:
    provider = make_provider(db, group_roles={"a": "trainer", "b": "coordinator"})
    town = db.get_one(Municipality, provider.municipality_id)
    person = make_person(db, municipality=town, roles=["coordinator", "trainer"])
    arriving.link(db, provider, claims(), person.id)
    arriving.arrive(db, provider, claims())
    assert queries.roles(db, person.id) == {"coordinator"}


def test_contacts_exist_in_pioneer_towns_only(db: Session) -> None:
    provider = make_provider(db, group_roles={"Fach": "expert"})
    town = db.get_one(Municipality, provider.municipality_id)
    town.role = "mitglied"
    person = arriving.arrive(db, provider, claims(groups=["Fach"]))
    assert queries.roles(db, person.id) == frozenset()
    town.role = "pionier"
    arriving.arrive(db, provider, claims(groups=["Fach"]))
    assert queries.roles(db, person.id) == {"expert"}
    town.role = "mitglied"  # a former pioneer: the role stays until it is taken
    arriving.arrive(db, provider, claims(groups=["Fach"]))
    assert queries.roles(db, person.id) == {"expert"}


def test_topics_and_klassen_go_with_their_roles(db: Session) -> None:
    provider = make_provider(db, group_roles={"Fach": "expert", "Schulung": "trainer"})
    person = arriving.arrive(db, provider, claims(groups=["Fach", "Schulung"]))
    cohort = Cohort(name="Klasse 1", created_on=clock.today())
    db.add(cohort)
    db.flush()
    db.add_all(
        [
            PersonTopic(person_id=person.id, topic="lorawan"),
            TrainerCohort(person_id=person.id, cohort_id=cohort.id),
        ]
    )
    arriving.arrive(db, provider, claims(groups=["Schulung"]))
    assert db.scalar(select(func.count()).select_from(PersonTopic)) == 0
    assert db.scalar(select(func.count()).select_from(TrainerCohort)) == 1
    arriving.arrive(db, provider, claims())
    assert db.scalar(select(func.count()).select_from(TrainerCohort)) == 0


# Linking


def linked_person(db: Session, provider: Provider, **values: Any) -> Person:
    return make_person(db, municipality=db.get_one(Municipality, provider.municipality_id), **values)


def test_after_proof_an_account_is_linked_also_under_another_address(db: Session) -> None:
    provider = make_provider(db)
    person = linked_person(db, provider, email="hellweg@example.org")
    arriving.link(db, provider, claims(), person.id)
    arriving.link(db, provider, claims(), person.id)  # twice is once
    assert arriving.arrive(db, provider, claims()).id == person.id
    subject = f"person:{person.id}"
    assert entries(db) == [(subject, "konto.verknuepft", subject, f"anmeldedienst:{provider.id}")]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"email": "jana@gmx.example"}, "address"),
        ({"email": None}, "address"),
        ({"email_verified": False}, "address"),
        ({"groups": ["x"]}, "group"),
    ],
)
def test_a_link_needs_the_towns_word_too(db: Session, other: dict[str, Any], why: str) -> None:
    provider = make_provider(db, required_group="Lernen")
    person = linked_person(db, provider)
    with pytest.raises(NotAdmitted, match=why):
        arriving.link(db, provider, claims(**{"groups": ["Lernen"], **other}), person.id)
    assert (
        arriving.link(db, provider, claims(groups=["Lernen"], email_verified=None), person.id).id == person.id
    )


def test_a_subject_belongs_to_one_person(db: Session) -> None:
    provider = make_provider(db)
    first, second = linked_person(db, provider), linked_person(db, provider)
    arriving.link(db, provider, claims(), first.id)
    with pytest.raises(NotAdmitted, match="taken"):
        arriving.link(db, provider, claims(), second.id)
    with pytest.raises(NotAdmitted, match="linked"):
        arriving.link(db, provider, claims(sub="another"), first.id)


def test_nobody_links_the_provider_of_another_town(db: Session) -> None:
    provider = make_provider(db)
    for person in (make_person(db), linked_person(db, provider, active=False)):
        with pytest.raises(NotAdmitted, match="person"):
            arriving.link(db, provider, claims(), person.id)


def test_a_link_ends_only_where_another_way_is_left(db: Session) -> None:
    provider = make_provider(db)
    person = arriving.arrive(db, provider, claims())
    db.add(SignIn(token_hash="x", person_id=person.id, first_day=clock.today(), last_day=clock.today()))
    with pytest.raises(Refused, match="zuerst ein Passwort"):
        arriving.unlink(db, person.id, provider.id)
    person.password_hash = "x"
    arriving.unlink(db, person.id, provider.id)
    assert db.scalar(select(func.count()).select_from(Identity)) == 0
    assert db.scalar(select(func.count()).select_from(SignIn)) == 0
    with pytest.raises(Refused, match="gibt es nicht mehr"):
        arriving.unlink(db, person.id, provider.id)
    subject = f"person:{person.id}"
    assert entries(db)[-1] == (subject, "konto.getrennt", subject, f"anmeldedienst:{provider.id}")


def test_other_ways_are_a_passkey_or_another_open_service_of_the_town(db: Session) -> None:
    provider = make_provider(db)
    person = arriving.arrive(db, provider, claims())
    town = db.get_one(Municipality, provider.municipality_id)
    other = make_provider(db, town)
    arriving.link(db, other, claims(), person.id)
    other.active = False
    assert not arriving.other_way(db, person, provider.id)
    other.active = True
    assert arriving.other_way(db, person, provider.id)
    arriving.unlink(db, person.id, provider.id)
    assert not arriving.other_way(db, person, other.id)
    db.add(
        Passkey(
            person_id=person.id,
            credential_hash="h",
            credential_id="c",
            public_key="k",
            name="Schlüssel",
            added_on=clock.today(),
        )
    )
    assert arriving.other_way(db, person, other.id)


def test_offers_are_open_ones_with_this_persons_links(db: Session) -> None:
    provider = make_provider(db)
    make_provider(db, db.get_one(Municipality, provider.municipality_id), active=False)
    make_provider(db, db.get_one(Municipality, provider.municipality_id), client_secret="")
    person = arriving.arrive(db, provider, claims())
    other = linked_person(db, provider)
    for who, day in ((person, clock.today()), (other, None)):
        found = providers.offers_to(db, who.id, who.municipality_id)
        assert [(each.id, each.linked_on) for each in found] == [(provider.id, day)]
    assert providers.offers_to(db, other.id, None) == []
    assert providers.offers_to(db, other.id, make_municipality(db).id) == []
