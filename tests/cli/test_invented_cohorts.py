"""The Klassen of a demo: said to be made up, made once, and no real town gets a fact."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import contacts
from learn.cli.invented import PEOPLE
from learn.cli.invented_cohorts import KLASSEN, invent_cohorts
from learn.cli.marked import import_towns
from learn.core.db import Database
from learn.network import queries
from learn.network.models import Cohort, CohortTown, MailDomain, Municipality, TownTopic
from tests.factories import make_person


def test_klassen_are_invented_once_and_say_so(database: Database, db: Session) -> None:
    import_towns(database)
    for person in PEOPLE:
        town = queries.town(db, person.ags) if person.ags else None
        make_person(db, email=person.email, name=person.name, municipality=town, roles=person.roles)
    invent_cohorts(database)
    invent_cohorts(database)
    made = db.scalars(select(Cohort).order_by(Cohort.name)).all()
    assert [klasse.name for klasse in made] == [klasse.name for klasse in KLASSEN]
    for klasse in made:
        assert "(Demo)" in klasse.name
        assert klasse.description.startswith("Erfunden zum Ausprobieren.")
    assert len(db.scalars(select(CohortTown)).all()) == sum(len(klasse.towns) for klasse in KLASSEN)
    arnsberg = queries.town(db, "05958004")
    assert arnsberg is not None
    found = contacts.experts(db, arnsberg.id)
    assert [(each.name, each.topics) for each in found] == [("Emre Beispiel (Demo)", ("klima", "sensorik"))]


def test_real_towns_get_no_invented_facts(database: Database, db: Session) -> None:
    import_towns(database)
    before = {town.ags: (town.role, town.population) for town in db.scalars(select(Municipality))}
    invent_cohorts(database)
    db.expire_all()
    for town in db.scalars(select(Municipality)):
        assert (town.mailbox, town.phase) == ("", "")
        assert (town.role, town.population) == before[town.ags]
    assert db.scalars(select(TownTopic)).all() == []
    assert db.scalars(select(MailDomain)).all() == []
