"""Lists of questions: order, filters, cursors that miss nothing, what each reader sees, few statements."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn.accounts.models import PersonTopic
from learn.core import clock
from learn.core.access import VISITOR
from learn.forum import audience, beside, counting, lists, reading
from learn.forum.audience import Reader
from learn.forum.lists import Wanted
from learn.forum.models import Question
from tests.factories import make_municipality
from tests.forum.factories import make_answer, make_cohort, make_question, make_reader
from tests.site.test_budgets import statements

EVERYBODY = Reader(VISITOR, (audience.PUBLIC,))


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    """Cursors are signed with the application's key."""
    with app.app_context():
        yield


def at(session: Session, question: Question, hours: int) -> Question:
    """As if it had been asked so many hours ago, and nothing happened since."""
    question.asked_at = question.latest_at = clock.now() - timedelta(hours=hours)
    session.flush()
    counting.settle(session, question)
    session.flush()
    return question


def all_pages(session: Session, who: Reader, wanted: Wanted) -> list[int]:
    found, after, pages = [], None, 0
    while pages < 50:
        page = lists.questions(session, who, wanted, after)
        found += [row.id for row in page.rows]
        pages += 1
        if not page.after:
            return found
        after = page.after
    raise AssertionError("the pages do not end")


def test_each_tab_has_its_order_and_its_questions(db: Session) -> None:
    asker, helper = make_reader(db), make_reader(db, role="pionier")
    old, middle, young = (at(db, make_question(db, asker), hours) for hours in (300, 200, 100))
    answer = make_answer(db, helper, middle)
    answer.solution, middle.solutions, middle.verdict = True, 1, "geloest"
    counting.settle(db, middle)
    db.flush()
    assert all_pages(db, asker, Wanted("offen")) == [old.id, young.id]
    assert all_pages(db, asker, Wanted("neu")) == [middle.id, young.id, old.id]
    assert all_pages(db, asker, Wanted("geloest")) == [middle.id]
    row = lists.questions(db, asker, Wanted("geloest"), None).rows[0]
    assert (row.answers, row.helper, row.pioneer) == (1, "Stadt Musterstadt", False)
    assert row.topic_name == "Sensorik"


def test_everybody_sees_what_she_may_read_and_the_koordination_all(db: Session) -> None:
    town = make_municipality(db, role="mitglied")
    cohort = make_cohort(db, town)
    member, guest = make_reader(db, town=town), make_reader(db, role="gast")
    network = make_question(db, member)
    public = make_question(db, member, level="oeffentlich")
    klasse = make_question(db, member, level="klasse", cohort_id=cohort.id)
    hidden = make_question(db, member)
    hidden.status, hidden.listed = "ausgeblendet", ""
    db.flush()
    counting.refresh(db, hidden.id)
    coordinator = make_reader(db, "coordinator", role="gast")
    new = Wanted("neu")
    assert all_pages(db, EVERYBODY, new) == [public.id]
    assert all_pages(db, guest, new) == [public.id]
    assert all_pages(db, make_reader(db), new) == [public.id, network.id]
    assert all_pages(db, member, new) == [klasse.id, public.id, network.id]
    assert all_pages(db, coordinator, new) == [klasse.id, public.id, network.id]
    of_klasse = Wanted("neu", cohort=cohort.id)
    assert all_pages(db, member, of_klasse) == all_pages(db, coordinator, of_klasse) == [klasse.id]
    assert all_pages(db, guest, of_klasse) == []


@pytest.mark.parametrize("view", ["offen", "neu", "geloest"])
@pytest.mark.parametrize("topic", ["", "sensorik"])
def test_pages_show_each_question_once_over_many_circles(db: Session, view: str, topic: str) -> None:
    town = make_municipality(db)
    cohorts = [make_cohort(db, town) for _ in range(3)]
    asker = make_reader(db, town=town)
    solved = view == "geloest"
    made = []
    for number in range(64):
        cohort = cohorts[number % 5] if number % 5 < 3 else None
        level = "klasse" if cohort else ("netzwerk", "oeffentlich")[number % 2]
        question = make_question(db, asker, level=level, cohort_id=cohort.id if cohort else None)
        question.verdict, question.solutions = ("geloest", 1) if solved else ("", 0)
        made.append(at(db, question, 500 - number // 3))  # three at the same instant
    found = all_pages(db, asker, Wanted(view, topic))
    assert len(found) == 64
    assert set(found) == {question.id for question in made}
    keys = [
        (question.waits_since if view == "offen" else question.latest_at, question.id)
        for question in sorted(made, key=lambda one: found.index(one.id))
    ]
    assert keys == sorted(keys, reverse=view != "offen")
    assert all_pages(db, make_reader(db, "coordinator"), Wanted(view, topic)) == found


def test_who_reads_many_klassen_walks_all_questions_and_checks_them(db: Session) -> None:
    town = make_municipality(db)
    cohorts = [make_cohort(db, town) for _ in range(13)]
    asker = make_reader(db, town=town)
    assert len(asker.circles or ()) > 12
    made = [make_question(db, asker, level="klasse", cohort_id=one.id).id for one in cohorts]
    other = make_municipality(db)
    foreign = make_cohort(db, other)
    make_question(db, make_reader(db, town=other), level="klasse", cohort_id=foreign.id)
    assert set(all_pages(db, asker, Wanted("neu"))) == set(made)
    assert set(all_pages(db, asker, Wanted("offen", "sensorik"))) == set(made)


def test_filters_beside_the_index_go_on_over_sparse_pages(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("learn.forum.walks.LOOK", 30)
    asker = make_reader(db)
    made = [at(db, make_question(db, asker), 1000 - number) for number in range(100)]
    wanted = [made[3], made[40], made[95]]
    for question in wanted:
        question.phase, question.size = "betrieb", "15000"
    db.flush()
    rare = Wanted("offen", phase="betrieb", size="15000")
    assert all_pages(db, asker, rare) == [question.id for question in wanted]
    first = lists.questions(db, asker, rare, None)
    assert ([row.id for row in first.rows], bool(first.after)) == ([made[3].id], True)
    assert all_pages(db, asker, Wanted("neu", phase="vergabe")) == []


def test_questions_of_a_lesson_and_a_course(db: Session) -> None:
    asker = make_reader(db)
    one, two = make_question(db, asker), make_question(db, asker, level="oeffentlich")
    one.lesson_id, one.course_id, two.course_id = "les_a", "kur_a", "kur_a"
    db.flush()
    make_question(db, asker)
    assert all_pages(db, asker, Wanted("offen", lesson="les_a")) == [one.id]
    assert all_pages(db, asker, Wanted("neu", course="kur_a")) == [two.id, one.id]
    assert all_pages(db, EVERYBODY, Wanted("neu", course="kur_a")) == [two.id]
    assert [row.id for row in lists.brief(db, asker, course_id="kur_a")] == [two.id, one.id]
    assert [row.id for row in lists.brief(db, EVERYBODY, lesson_id="les_a")] == []


def test_unread_is_what_has_something_new(db: Session) -> None:
    asker, other = make_reader(db), make_reader(db)
    one, two = make_question(db, asker), make_question(db, asker)
    unread = Wanted("ungelesen")
    assert all_pages(db, asker, unread) == []
    assert all_pages(db, other, unread) == [two.id, one.id]
    reading.read_to(db, other.actor, two, 1)
    assert all_pages(db, other, unread) == [one.id]
    make_answer(db, other, one)
    assert all_pages(db, asker, unread) == [one.id]
    own = lists.brief(db, asker, asked_by=asker.actor.owner, unread=True)
    assert [row.id for row in own] == [one.id]


def test_a_foreign_cursor_leads_to_the_first_page(db: Session) -> None:
    asker = make_reader(db)
    made = [make_question(db, asker).id for _ in range(30)]
    first = lists.questions(db, asker, Wanted("neu"), None)
    assert [row.id for row in first.rows] == made[:4:-1]
    for wrong in ("", "x", first.after + "x", "WyJuZXUgIiwwLDBd.x"):
        assert lists.questions(db, asker, Wanted("neu"), wrong).rows == first.rows
    assert [row.id for row in lists.questions(db, asker, Wanted("neu"), first.after).rows] == made[4::-1]
    open_ = lists.questions(db, asker, Wanted("offen"), first.after)
    assert open_.rows == lists.questions(db, asker, Wanted("offen"), None).rows


def test_the_parts_of_the_waiting_key_are_told_from_the_row(db: Session) -> None:
    asker = make_reader(db)
    for competent in (True, False):
        for asks_back in (True, False):
            for towns in (0, 3, 12):
                question = make_question(db, asker)
                expected = counting.Waiting(question.asked_at, towns, competent, asks_back)
                question.me_too, question.waits_since = towns, expected.since
                db.flush()
                rows = lists.questions(db, asker, Wanted("neu"), None).rows
                assert next(row for row in rows if row.id == question.id).waiting == expected


def test_a_contact_gets_the_oldest_question_of_her_topics_from_another_town(db: Session) -> None:
    from_town = make_municipality(db, role="pionier")
    contact = make_reader(db, "expert", town=from_town)
    own = at(db, make_question(db, contact, topics=("klima",)), 900)
    other = make_reader(db)
    wanted = at(db, make_question(db, other, topics=("klima", "sensorik")), 500)
    at(db, make_question(db, other, topics=("sensorik",)), 800)
    answers_for(db, contact, "klima")
    picks = beside.picks(db, contact)
    assert picks.topics == ("klima",)
    page = lists.page(db, contact, Wanted(), None, picks.ids)
    assert page.pick is not None
    assert page.pick.id == wanted.id
    assert wanted.id not in [row.id for row in page.rows]
    assert own.id in [row.id for row in page.rows]
    assert beside.towns_for(db, "klima") == [("Stadt Musterstadt", f"/kommunen/{from_town.ags}")]
    coordinator = make_reader(db, "expert", "coordinator")
    answers_for(db, coordinator, "klima")
    assert beside.picks(db, coordinator).ids == {own.id}


def answers_for(db: Session, who: Reader, topic: str) -> None:
    db.add(PersonTopic(person_id=who.actor.owner, topic=topic))
    db.flush()


def test_a_list_takes_two_statements_however_long(db: Session) -> None:
    asker = make_reader(db)
    make_question(db, asker)
    counts = []
    for _ in range(2):
        for wanted in (Wanted(), Wanted("neu", "sensorik"), Wanted("ungelesen"), Wanted(phase="idee")):
            with statements() as found:
                lists.questions(db, asker, wanted, None)
            counts.append(len(found))
        with statements() as found:
            lists.brief(db, asker, solved=True)
        assert len(found) == 1
        for _ in range(24):
            make_question(db, asker)
    assert set(counts) == {2}


def test_brief_lists_what_is_solved(db: Session) -> None:
    town = make_municipality(db)
    asker = make_reader(db, town=town)
    made = [at(db, make_question(db, asker, level="oeffentlich"), hours) for hours in (5, 4, 3, 2)]
    make_question(db, make_reader(db))
    for question in made[:2]:
        question.solutions, question.verdict = 1, "geloest"
        counting.settle(db, question)
    db.flush()
    assert [row.id for row in lists.brief(db, EVERYBODY, solved=True)] == [made[1].id, made[0].id]
