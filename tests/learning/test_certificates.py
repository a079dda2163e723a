"""Nachweise: issued on request and once, frozen, the person's own, withdrawn for ever."""

import secrets
from dataclasses import replace

import pytest
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core import clock, owndata
from learn.core.access import Actor, NotFound, Refused
from learn.core.owndata import Owner
from learn.courses.library import CourseRelease, CourseSheet
from learn.courses.manifest import LessonEntry
from learn.learning import certificates, keeping, log, service
from learn.learning.certificates import LIST, Due, Held
from learn.learning.models import Certificate, CertificateStatus, Enrolment
from learn.learning.progress import newest_completion
from learn.learning.service import Request
from learn.learning.sheets import Lesson, Sheet, sheet_of
from tests.learning.factories import make_actor, manifest_of, publish

MESSEN = LessonEntry("les_a", "a", "Was Sensoren messen", 1, 1, 12, required=True)
WAHL = LessonEntry("les_b", "b", "Für Neugierige", 1, 1, 30, required=False)
UNKNOWN = "0" * 32


def learn(db: Session, actor: Actor, release: CourseRelease, edition: int = 1) -> None:
    service.enrol(db, actor, release)
    service.complete(db, actor, release, "les_a", Request(f"r{edition}", edition, 0))


def issue(db: Session, actor: Actor, *, named: bool = True) -> Held:
    return certificates.issue(db, actor, "kur_1", named=named, network="Netz")


def numbers(db: Session) -> tuple[int | None, int | None]:
    """How many Nachweise and taken positions there are."""
    tables = (Certificate, CertificateStatus)
    first, second = (db.scalar(select(func.count()).select_from(table)) for table in tables)
    return first, second


@pytest.fixture
def jana(db: Session) -> Actor:
    return make_actor(db, "Đặng Şükrü Žižková")


@pytest.fixture
def release(db: Session) -> CourseRelease:
    return publish(db, manifest_of([MESSEN, WAHL]))


def test_nothing_is_issued_before_the_end_or_by_itself(
    db: Session, jana: Actor, release: CourseRelease
) -> None:
    with pytest.raises(Refused):
        issue(db, jana)
    service.enrol(db, jana, release)
    with pytest.raises(Refused):
        issue(db, jana)
    assert certificates.due(db, jana) == []
    learn(db, jana, release)
    assert certificates.held(db, jana) == []
    assert [(each.course_id, each.edition) for each in certificates.due(db, jana)] == [("kur_1", 1)]


def test_it_says_what_the_completed_release_said(db: Session, jana: Actor, release: CourseRelease) -> None:
    learn(db, jana, release)
    issued = issue(db, jana)
    assert (issued.name, issued.edition, issued.release_id) == (jana.name, 1, release.id)
    assert issued.sheet.minutes == 12
    assert issued.sheet.lessons == 2
    assert issued.sheet.modules[0].lessons[0] == Lesson("Was Sensoren messen", 12, required=True)
    assert issued.sheet.network == "Netz"
    assert not issued.sheet.test
    assert certificates.due(db, jana) == []
    publish(db, manifest_of([replace(MESSEN, title="Anders", minutes=40)]))
    assert certificates.held(db, jana) == [issued]


def test_a_sheet_survives_storing() -> None:
    course = CourseSheet("Planen", Markup(""), goals=("Messen",), authors=("Ēriks", "Łukasz"), license="CC0")
    tree = manifest_of([MESSEN], test=True)
    sheet = sheet_of(CourseRelease(1, "kur_1", 1, clock.today(), tree, course), "Netz")
    assert sheet.test
    assert Sheet.from_json(sheet.as_json()) == sheet


def test_asking_twice_gives_the_same_and_a_new_edition_a_further_one(
    db: Session, jana: Actor, release: CourseRelease
) -> None:
    learn(db, jana, release)
    first = issue(db, jana)
    assert issue(db, jana, named=False) == first
    newer = publish(db, manifest_of([replace(MESSEN, edition=2)], edition=2))
    learn(db, jana, newer, edition=2)
    assert [each.edition for each in certificates.due(db, jana)] == [2]
    second = issue(db, jana)
    assert [each.code for each in certificates.held(db, jana)] == [second.code, first.code]
    assert len({first.code, second.code}) == len({first.position, second.position}) == 2


def test_erneut_and_deleted_lessons_take_no_nachweis_away(
    db: Session, jana: Actor, release: CourseRelease
) -> None:
    learn(db, jana, release)
    due = certificates.due(db, jana)
    publish(db, manifest_of([replace(MESSEN, edition=2, redo_from=2)], edition=2))
    assert certificates.due(db, jana) == due == [Due("kur_1", "Sensoren", 1, due[0].completed_on)]
    issued = issue(db, jana)
    publish(db, manifest_of([WAHL], edition=3))
    assert certificates.held(db, jana) == [issued]
    assert certificates.valid(db, issued.code) == issued


def test_only_its_owner_reaches_it_and_everybody_may_check_it(
    db: Session, jana: Actor, release: CourseRelease
) -> None:
    learn(db, jana, release)
    issued = issue(db, jana)
    other = make_actor(db, "Kim Erfunden")
    assert certificates.held(db, other) == []
    for use in (certificates.held_one, certificates.withdraw):
        with pytest.raises(NotFound):
            use(db, other, issued.code)
    with pytest.raises(NotFound):
        certificates.choose(db, other, issued.code, named=True, kept=True)
    with pytest.raises(NotFound):
        certificates.keep_credential(db, other, issued.code, "x")
    assert certificates.valid(db, issued.code) == issued


def test_unknown_and_malformed_codes_are_nothing(db: Session, jana: Actor) -> None:
    for code in (UNKNOWN, "", "x", "0" * 33, "A" * 32, "\x00" * 32, "٠" * 32, UNKNOWN + "\n"):
        assert certificates.valid(db, code) is None
        with pytest.raises(NotFound):
            certificates.held_one(db, jana, code)


def test_withdrawing_revokes_for_ever_and_another_may_follow(
    db: Session, jana: Actor, release: CourseRelease
) -> None:
    learn(db, jana, release)
    issued = issue(db, jana)
    certificates.withdraw(db, jana, issued.code)
    db.expire_all()
    assert certificates.valid(db, issued.code) is None
    assert db.scalars(select(CertificateStatus.revoked).filter_by(position=issued.position)).one()
    with pytest.raises(NotFound):
        certificates.withdraw(db, jana, issued.code)
    again = issue(db, jana)
    assert again.code != issued.code
    assert again.position != issued.position
    assert db.scalars(select(CertificateStatus.revoked).filter_by(position=again.position)).one() is False


def test_the_choices_and_the_badge_as_signed_last_are_kept(
    db: Session, jana: Actor, release: CourseRelease
) -> None:
    learn(db, jana, release)
    issued = issue(db, jana)
    certificates.choose(db, jana, issued.code, named=False, kept=True)
    certificates.keep_credential(db, jana, issued.code, "alt")
    certificates.keep_credential(db, jana, issued.code, "neu")
    db.expire_all()
    expected = replace(issued, named=False, kept=True, credential="neu")
    assert certificates.held_one(db, jana, issued.code) == expected


def test_positions_are_drawn_at_random_and_a_nearly_full_list_opens_the_next(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([7, 7, 9])
    monkeypatch.setattr(secrets, "randbelow", lambda _limit: next(drawn))
    assert [certificates.take_position(db) for _ in range(2)] == [7, 9]
    full = iter([7] * certificates.TRIES + [5])
    monkeypatch.setattr(secrets, "randbelow", lambda _limit: next(full))
    assert certificates.take_position(db) == LIST + 5
    monkeypatch.undo()
    assert LIST <= certificates.take_position(db) < 2 * LIST


# Erasing and handing out


def test_erasing_withdraws_all_but_the_kept_which_name_her_only_if_she_said_so(
    db: Session, jana: Actor, release: CourseRelease
) -> None:
    learn(db, jana, release)
    gone, other = issue(db, jana), make_actor(db, "Kim Erfunden")
    service.enrol(db, other, release)
    service.complete(db, other, release, "les_a", Request("o", 1, 0))
    theirs = issue(db, other)
    certificates.choose(db, other, theirs.code, named=False, kept=True)
    certificates.keep_credential(db, other, theirs.code, "unterschrieben")
    for actor in (jana, other):
        keeping.forget_certificates(db, Owner(actor.owner, "", ""))
    db.expire_all()
    assert certificates.valid(db, gone.code) is None
    assert db.scalars(select(CertificateStatus.revoked).filter_by(position=gone.position)).one()
    kept = certificates.valid(db, theirs.code)
    assert kept == replace(theirs, name="", named=False, kept=True)
    assert db.scalars(select(CertificateStatus.revoked).filter_by(position=theirs.position)).one() is False


def test_a_kept_one_whose_page_says_the_name_still_does(
    db: Session, jana: Actor, release: CourseRelease
) -> None:
    learn(db, jana, release)
    issued = issue(db, jana)
    certificates.choose(db, jana, issued.code, named=True, kept=True)
    keeping.forget_certificates(db, Owner(jana.owner, "", ""))
    db.expire_all()
    assert certificates.valid(db, issued.code) == replace(issued, kept=True)
    assert db.scalars(select(Certificate.person_id)).all() == [None]


def test_the_export_says_the_course_by_its_title(db: Session, jana: Actor, release: CourseRelease) -> None:
    learn(db, jana, release)
    issued = issue(db, jana)
    topic = next(topic for topic in owndata.topics() if topic.table is Certificate)
    (row,) = owndata.rows(db, Owner(jana.owner, "", ""), topic)
    assert row["kurs"] == "Sensoren"
    assert row["kennung"] == issued.code
    assert row["name"] == jana.name
    assert row["angaben"]["minutes"] == 12


def test_the_database_decides_where_no_lock_does(db: Session, jana: Actor, release: CourseRelease) -> None:
    learn(db, jana, release)
    first = issue(db, jana)
    rows = log.load(db, db.scalars(select(Enrolment.id)).one())
    completion = newest_completion(rows, "kur_1")
    assert completion
    values = {"name": "", "sheet": {}, "named": False, "kept": False, "credential": ""}
    certificates._insert(db, jana, completion, values)
    assert certificates.held(db, jana) == [first]
    assert numbers(db) == (1, 1)
