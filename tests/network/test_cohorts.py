"""Klassen: joining once, links that end, the order of courses; each change leaves one entry."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.core.models import AuditEntry
from learn.courses.models import Course
from learn.network import choices, cohorts
from learn.network.models import Cohort
from tests.factories import make_municipality

BY = "person:7"


@pytest.fixture
def klasse(db: Session) -> Cohort:
    return cohorts.create(db, "  Klasse   Eins ", "Wir lernen.\r\n", by=BY)


def make_courses(session: Session, number: int) -> list[str]:
    ids = [f"kur_{count:08}" for count in range(number)]
    session.add_all(
        Course(id=key, kind="kurs", slug=key.replace("_", "-"), title=key, published_on=date(2026, 1, 1))
        for key in ids
    )
    session.flush()
    return ids


def actions(session: Session) -> list[tuple[str, str]]:
    return [
        (entry.action, entry.reason) for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]


def test_a_klasse_has_a_name_of_its_own(db: Session, klasse: Cohort) -> None:
    assert (klasse.name, klasse.description, klasse.link_token) == ("Klasse Eins", "Wir lernen.", None)
    for name, field in (("Klasse Eins", "name"), ("", "name"), ("x" * 201, "name"), ("a\u200bb", "name")):
        with pytest.raises(Refused) as caught:
            cohorts.create(db, name, "", by=BY)
        assert caught.value.field == field
    other = cohorts.create(db, "Klasse Zwei", "", by=BY)
    with pytest.raises(Refused, match="gibt es schon"):
        cohorts.describe(db, other, "Klasse Eins", "", by=BY)
    with pytest.raises(Refused, match=r"5\.000"):
        cohorts.describe(db, other, "Klasse Zwei", "x" * 5001, by=BY)
    assert cohorts.describe(db, other, "Klasse Drei", "", by=BY)
    assert not cohorts.describe(db, other, "Klasse Drei", "", by=BY)
    assert [action for action, _reason in actions(db)] == [
        "klasse.angelegt",
        "klasse.angelegt",
        "klasse.geaendert",
    ]


def test_a_link_counts_until_it_is_renewed_or_closed(db: Session, klasse: Cohort) -> None:
    cohorts.open_link(db, klasse, by=BY)
    first = klasse.link_token or ""
    assert len(first) >= 32
    assert cohorts.by_link(db, first) is klasse
    cohorts.open_link(db, klasse, by=BY)
    second = klasse.link_token or ""
    db.flush()
    assert cohorts.by_link(db, first) is None
    assert cohorts.held_by_link(db, second) is klasse
    cohorts.close_link(db, klasse, by=BY)
    cohorts.close_link(db, klasse, by=BY)
    db.flush()
    assert cohorts.by_link(db, second) is None
    assert [action for action, _reason in actions(db)][1:] == [
        "klasse.link_geoeffnet",
        "klasse.link_erneuert",
        "klasse.link_geschlossen",
    ]


def test_a_town_joins_once_and_leaves_once(app: Flask, db: Session, klasse: Cohort) -> None:
    town = make_municipality(db, ags="05966024", name="Olpe")
    assert cohorts.join(db, klasse, town, by=BY)
    assert not cohorts.join(db, klasse, town, by=BY)
    assert cohorts.is_member(db, klasse.id, town.id)
    assert not cohorts.is_member(db, klasse.id, None)
    assert [each.name for each in cohorts.of_town(db, town.id)] == ["Klasse Eins"]
    assert cohorts.own_ids(db, town.id) == {klasse.id}
    assert cohorts.own_ids(db, None) == frozenset()
    assert cohorts.sizes(db, [klasse.id]) == {klasse.id: 1}
    assert cohorts.leave(db, klasse, town, by=BY)
    assert not cohorts.leave(db, klasse, town, by=BY)
    assert actions(db)[1:] == [
        ("klasse.beigetreten", "kommune:05966024"),
        ("klasse.verlassen", "kommune:05966024"),
    ]


def test_members_come_by_name_25_at_a_time(app: Flask, db: Session, klasse: Cohort) -> None:
    for number in range(30):
        cohorts.join(db, klasse, make_municipality(db, name=f"Ort {number:02}"), by=BY)
    with app.test_request_context():
        first = cohorts.members(db, klasse.id, None)
        second = cohorts.members(db, klasse.id, first.after)
    assert [town.name for town in [*first.rows, *second.rows]] == [f"Ort {n:02}" for n in range(30)]
    assert (len(first.rows), second.after) == (25, "")


def test_own_klassen_are_those_of_the_town_and_those_accompanied(app: Flask, db: Session) -> None:
    town = make_municipality(db)
    made = [cohorts.create(db, f"Klasse {number}", "", by=BY) for number in range(4)]
    cohorts.join(db, made[2], town, by=BY)
    with app.test_request_context():
        own = cohorts.cohorts(db, None, municipality_id=town.id, accompanied={made[0].id})
        everything = cohorts.cohorts(db, None, accompanied=None)
        nothing = cohorts.cohorts(db, None)
    assert [each.name for each in own.rows] == ["Klasse 0", "Klasse 2"]
    assert [each.name for each in everything.rows] == [f"Klasse {number}" for number in range(4)]
    assert list(nothing.rows) == []


def test_courses_keep_the_order_they_are_given(db: Session, klasse: Cohort) -> None:
    first, second, third = make_courses(db, 3)
    for key in (first, second, third):
        assert choices.choose(db, klasse, key, by=BY)
    assert not choices.choose(db, klasse, first, by=BY)
    assert not choices.choose(db, klasse, "kur_gibtsnicht"[:12], by=BY)
    assert choices.move(db, klasse, third, -1, by=BY)
    assert choices.chosen(db, klasse.id) == [first, third, second]
    assert not choices.move(db, klasse, first, -1, by=BY)
    assert not choices.move(db, klasse, second, 1, by=BY)
    assert not choices.move(db, klasse, "kur_unbekann", 1, by=BY)
    assert choices.drop(db, klasse, first, by=BY)
    assert not choices.drop(db, klasse, first, by=BY)
    assert choices.choose(db, klasse, first, by=BY)
    assert choices.chosen(db, klasse.id) == [third, second, first]
    assert [action for action, _reason in actions(db)][1:] == [
        "klasse.kurs_gewaehlt",
        "klasse.kurs_gewaehlt",
        "klasse.kurs_gewaehlt",
        "klasse.kurse_geordnet",
        "klasse.kurs_entfernt",
        "klasse.kurs_gewaehlt",
    ]
