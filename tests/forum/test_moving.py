"""Merging, splitting, taking both back: what belongs to a post follows it, nobody's reading changes."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Forbidden, NotFound, Refused
from learn.core.models import Job
from learn.forum import acts, counting, judging, moderating, moving, reacting, reading
from learn.forum.audience import Reader
from learn.forum.models import Moderation, Picture, Post, PostPicture, PostRevision, Question
from learn.forum.moving import Fresh
from learn.notices.models import Event
from tests.factories import make_municipality
from tests.forum.factories import (
    make_answer,
    make_cohort,
    make_comment,
    make_question,
    make_reader,
)

WHY = "Das gehört zusammen."


@pytest.fixture
def karla(db: Session) -> Reader:
    return make_reader(db, "coordinator", name="Karla")


@pytest.fixture
def jana(db: Session) -> Reader:
    return make_reader(db)


@pytest.fixture
def ole(db: Session) -> Reader:
    return make_reader(db, name="Ole")


def numbers(db: Session, question: Question) -> list[tuple[int, str]]:
    """Number and kind of all posts of a question."""
    rows = db.execute(
        select(Post.number, Post.kind).where(Post.question_id == question.id).order_by(Post.number)
    )
    return [(row.number, row.kind) for row in rows]


def place(db: Session, post: Post) -> tuple[int, int, str]:
    db.refresh(post)
    return post.question_id, post.number, post.kind


def dense(db: Session) -> None:
    """Numbers run from 1 to the last without a gap, and derived columns are as they would be counted."""
    for question in db.scalars(select(Question)):
        db.refresh(question)
        found = [number for number, _kind in numbers(db, question)]
        assert found == list(range(1, question.last_number + 1))
        assert not counting.refresh(db, question.id)


def is_unread(db: Session, who: Reader, question: Question) -> bool:
    statement = select(Question.id).where(Question.id == question.id, reading.unread(who))
    return db.scalar(statement) is not None


def aged(db: Session, question: Question, days: int) -> None:
    """As if all of it had been written days ago."""
    then = clock.now() - timedelta(days=days)
    db.execute(update(Post).where(Post.question_id == question.id).values(at=then))
    db.execute(update(Question).where(Question.id == question.id).values(asked_at=then))
    db.expire_all()
    counting.refresh(db, question.id)


# Merging


def test_a_merge_appends_all_and_leaves_a_page_that_leads_there(
    db: Session, karla: Reader, jana: Reader, ole: Reader
) -> None:
    source, target = make_question(db, jana), make_question(db, ole)
    answer = make_answer(db, ole, source)
    back = make_comment(db, jana, answer)
    make_answer(db, jana, target)
    act = moving.merge(db, karla, source.id, target.id, WHY)
    assert numbers(db, source) == [(1, "verweis"), (2, "verweis"), (3, "verweis")]
    assert numbers(db, target)[2:] == [(3, "frage"), (4, "antwort"), (5, "rueckfrage")]
    assert place(db, answer) == (target.id, 4, "antwort")
    assert back.about_id == answer.id
    assert (source.status, source.merged_into, source.reason) == ("verschoben", target.id, WHY)
    assert (source.listed, target.listed) == ("", "netzwerk")
    assert target.answers == 2
    leads = db.scalars(select(Post.moved_to).where(Post.question_id == source.id, Post.number == 2)).one()
    assert leads == answer.id
    dense(db)
    moderating.undo(db, karla, act.id, "Doch nicht.")
    assert numbers(db, source) == [(1, "frage"), (2, "antwort"), (3, "rueckfrage")]
    assert numbers(db, target)[2:] == [(3, "verweis"), (4, "verweis"), (5, "verweis")]
    assert place(db, answer) == (source.id, 2, "antwort")
    assert (source.status, source.merged_into, source.reason) == ("gezeigt", None, "")
    assert (source.answers, target.answers) == (1, 1)
    dense(db)


def test_it_can_be_done_again_after_it_was_taken_back(db: Session, karla: Reader, jana: Reader) -> None:
    source, target = make_question(db, jana), make_question(db, jana)
    make_answer(db, karla, source)
    for number in (2, 4):
        act = moving.merge(db, karla, source.id, target.id, WHY)
        assert numbers(db, target)[-2:] == [(number, "frage"), (number + 1, "antwort")]
        moderating.undo(db, karla, act.id, WHY)
        dense(db)
    assert numbers(db, target) == [(1, "frage"), *((number, "verweis") for number in range(2, 6))]
    assert (target.top_number, source.top_number) == (1, 2)


def test_loesungen_count_where_they_are(db: Session, karla: Reader, jana: Reader, ole: Reader) -> None:
    source, target = make_question(db, jana), make_question(db, ole)
    answer = make_answer(db, ole, source)
    judging.mark(db, jana, answer, on=True)
    judging.judge(db, jana, source, "teilweise")
    assert (source.state, target.state) == ("beantwortet", "offen")
    act = moving.merge(db, karla, source.id, target.id, WHY)
    assert (target.state, target.verdict, target.solutions) == ("beantwortet", "teilweise", 1)
    moderating.undo(db, karla, act.id, WHY)
    assert (target.state, target.verdict, target.solutions) == ("offen", "", 0)
    assert (source.state, source.verdict, source.solutions) == ("beantwortet", "teilweise", 1)


def test_what_follows_a_post(db: Session, karla: Reader, jana: Reader, ole: Reader) -> None:
    source, target = make_question(db, jana), make_question(db, ole)
    answer = make_answer(db, ole, source)
    reacting.helped(db, jana, answer, on=True)
    picture = Picture(
        person_id=ole.actor.person_id,
        question_id=source.id,
        key="forum/netzwerk/eins.webp",
        sha="0" * 64,
        ext="webp",
        width=1,
        height=1,
        added_on=clock.today(),
    )
    db.add(picture)
    db.flush()
    db.add(PostPicture(post_id=answer.id, picture_id=picture.id))
    db.flush()
    act = moving.split(db, karla, source.id, [2], target.id, WHY)
    db.expire_all()
    assert (answer.question_id, answer.helped, picture.question_id) == (target.id, 1, target.id)
    assert db.scalars(select(PostRevision.body).where(PostRevision.post_id == answer.id)).all() == [
        answer.body
    ]
    moderating.undo(db, karla, act.id, WHY)
    db.expire_all()
    assert (answer.question_id, answer.helped, picture.question_id) == (source.id, 1, source.id)


def test_pictures_move_to_the_folder_of_a_narrower_circle(db: Session, karla: Reader) -> None:
    town = make_municipality(db)
    cohort = make_cohort(db, town)
    anna = make_reader(db, town=town)
    source = make_question(db, anna)
    target = make_question(db, anna, level="klasse", cohort_id=cohort.id)
    moving.merge(db, karla, source.id, target.id, WHY)
    (job,) = db.scalars(select(Job).where(Job.name == "settle_pictures", Job.dedupe.is_(None)))
    assert job.arguments == {"question_id": target.id}


@pytest.mark.parametrize(
    ("source", "target", "fits"),
    [
        ("oeffentlich", "oeffentlich", True),
        ("oeffentlich", "netzwerk", True),
        ("netzwerk", "oeffentlich", False),
        ("netzwerk", "eins", True),
        ("eins", "eins", True),
        ("eins", "zwei", False),
        ("eins", "netzwerk", False),
    ],
)
def test_only_into_the_same_or_a_narrower_circle(
    db: Session, karla: Reader, source: str, target: str, *, fits: bool
) -> None:
    town = make_municipality(db)
    cohorts = {name: make_cohort(db, town).id for name in ("eins", "zwei")}
    anna = make_reader(db, town=town)

    def ask(name: str) -> Question:
        level = "klasse" if name in cohorts else name
        return make_question(db, anna, level=level, cohort_id=cohorts.get(name))

    first, second = ask(source), ask(target)
    make_answer(db, anna, first)
    if fits:
        moving.merge(db, karla, first.id, second.id, WHY)
        return
    with pytest.raises(Refused, match="Kreis") as refused:
        moving.merge(db, karla, first.id, second.id, WHY)
    assert (refused.value.field, refused.value.status) == ("target", 422)
    with pytest.raises(Refused, match="Kreis"):
        moving.split(db, karla, first.id, [2], second.id, WHY)


def test_neither_moves_up_nor_tells_followers(db: Session, karla: Reader, jana: Reader, ole: Reader) -> None:
    source, target = make_question(db, jana), make_question(db, ole)
    answer = make_answer(db, ole, source)
    aged(db, target, 30)
    aged(db, source, 2)
    latest, since = target.latest_at, target.waits_since
    events = len(db.scalars(select(Event.id)).all())
    act = moving.merge(db, karla, source.id, target.id, WHY)
    assert (target.latest_at, target.waits_since) == (latest, since)
    assert answer.at < clock.now() - timedelta(days=1)
    moderating.undo(db, karla, act.id, WHY)
    assert (target.latest_at, target.waits_since) == (latest, since)
    assert source.latest_at == answer.at
    told = db.scalars(select(Event).order_by(Event.id)).all()[events:]
    assert {event.kind for event in told} == {"moderation"}
    assert all(event.data["people"] == sorted(who.actor.owner for who in (jana, ole)) for event in told)


def test_what_is_refused(db: Session, karla: Reader, jana: Reader) -> None:
    source, target = make_question(db, jana), make_question(db, jana)
    for why in ("", " \u200b\n", "x" * 501):
        with pytest.raises(Refused) as refused:
            moving.merge(db, karla, source.id, target.id, why)
        assert refused.value.field == "reason"
    with pytest.raises(Refused, match="andere Frage"):
        moving.merge(db, karla, source.id, source.id, WHY)
    with pytest.raises(NotFound):
        moving.merge(db, karla, source.id, 4711, WHY)
    with pytest.raises(Forbidden):
        moving.merge(db, jana, source.id, target.id, WHY)
    moving.merge(db, karla, source.id, target.id, WHY)
    for again in ((source.id, target.id), (target.id, source.id)):
        with pytest.raises(Refused):
            moving.merge(db, karla, *again, WHY)
    assert len(db.scalars(select(Moderation.id)).all()) == 1


def test_what_has_gone_on_must_come_back_first(db: Session, karla: Reader, jana: Reader) -> None:
    first, second, third = (make_question(db, jana) for _ in range(3))
    one = moving.merge(db, karla, first.id, second.id, WHY)
    two = moving.merge(db, karla, second.id, third.id, WHY)
    assert numbers(db, third) == [(1, "frage"), (2, "frage"), (3, "frage")]
    with pytest.raises(Refused, match="späteren Eingriff") as refused:
        moderating.undo(db, karla, one.id, WHY)
    assert refused.value.status == 409
    db.expire_all()
    moderating.undo(db, karla, two.id, WHY)
    moderating.undo(db, karla, one.id, WHY)
    assert [numbers(db, each)[0] for each in (first, second, third)] == [(1, "frage")] * 3
    dense(db)
    with pytest.raises(Refused, match="schon zurückgenommen"):
        moderating.undo(db, karla, one.id, WHY)


# Splitting


def test_a_split_makes_a_question_of_answers_and_their_rueckfragen(
    db: Session, karla: Reader, jana: Reader, ole: Reader
) -> None:
    source = make_question(db, jana)
    kept, moved = make_answer(db, ole, source), make_answer(db, ole, source)
    comment, other = make_comment(db, jana, moved), make_comment(db, jana, kept)
    judging.mark(db, jana, moved, on=True)
    aged(db, source, 9)
    fresh = Fresh("Was kostet der Betrieb im Jahr?", ("klima", "sensorik"))
    act = moving.split(db, karla, source.id, [3], fresh, WHY)
    made = db.get_one(Question, act.data["other"])
    assert (made.title, made.topic, made.circle) == (fresh.title, "klima", "netzwerk")
    assert (made.municipality_id, made.asked_at) == (ole.actor.municipality_id, moved.at)
    assert [place(db, post) for post in (moved, comment, kept, other)] == [
        (made.id, 1, "frage"),
        (made.id, 2, "rueckfrage"),
        (source.id, 2, "antwort"),
        (source.id, 5, "rueckfrage"),
    ]
    assert (source.solutions, source.verdict, source.state) == (0, "", "offen")
    assert (moved.solution, made.answers, made.solutions) == (False, 0, 0)
    assert made.latest_at == moved.at
    titles = db.scalars(select(PostRevision.title).where(PostRevision.post_id == moved.id)).all()
    assert titles == [fresh.title]
    dense(db)
    late = make_answer(db, ole, made, "Inzwischen geschrieben.")
    moderating.undo(db, karla, act.id, WHY)
    assert [place(db, post) for post in (moved, comment, late)] == [
        (source.id, 3, "antwort"),
        (source.id, 4, "rueckfrage"),
        (source.id, 6, "antwort"),
    ]
    assert (source.solutions, source.verdict, source.state) == (1, "geloest", "beantwortet")
    assert (made.status, made.merged_into, made.listed) == ("verschoben", source.id, "")
    assert db.scalars(select(PostRevision.title).where(PostRevision.post_id == moved.id)).all() == [""]
    dense(db)


@pytest.mark.parametrize(
    ("chosen", "title", "topics", "field"),
    [
        ((), "Eine neue Frage", ("klima",), "posts"),
        ((7,), "Eine neue Frage", ("klima",), "posts"),
        ((1, 2), "Eine neue Frage", ("klima",), "posts"),
        ((2,), "zu kurz", ("klima",), "title"),
        ((2,), "Eine neue Frage", (), "topic"),
        ((2,), "Eine neue Frage", ("unbekannt",), "topic"),
    ],
)
def test_a_split_needs_posts_a_title_and_topics(
    db: Session,
    karla: Reader,
    jana: Reader,
    chosen: Sequence[int],
    title: str,
    topics: tuple[str, ...],
    field: str,
) -> None:
    source = make_question(db, jana)
    make_answer(db, jana, source)
    with pytest.raises(Refused) as refused:
        moving.split(db, karla, source.id, chosen, Fresh(title, topics), WHY)
    assert refused.value.field == field


def test_only_the_koordination_rearranges(db: Session, jana: Reader) -> None:
    town = make_municipality(db)
    cohort = make_cohort(db, town)
    tina = make_reader(db, "trainer", town=town)
    source = make_question(db, tina, level="klasse", cohort_id=cohort.id)
    make_answer(db, tina, source)
    with pytest.raises(Forbidden):
        moving.split(db, tina, source.id, [2], Fresh("Eine neue Frage", ("klima",)), WHY)
    with pytest.raises(Forbidden):
        moderating.move(db, tina, source, ["klima"], WHY)
    with pytest.raises(NotFound):
        moving.split(db, jana, source.id, [2], Fresh("Eine neue Frage", ("klima",)), WHY)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" #12 ", 12),
        ("/forum/fragen/12-wer-hat-gemessen", 12),
        ("https://lernen.example/forum/fragen/12-wer?ab=3#post-4", 12),
    ],
)
def test_a_question_is_named_by_number_or_address(text: str, number: int) -> None:
    assert moving.number_in(text) == number


@pytest.mark.parametrize("text", ["", "zwölf", "1234567890", "https://lernen.example/forum/beitraege/12"])
def test_other_words_name_none(text: str) -> None:
    with pytest.raises(Refused):
        moving.number_in(text)


def test_an_act_is_kept_with_what_undoing_needs(db: Session, karla: Reader, jana: Reader) -> None:
    source, target = make_question(db, jana), make_question(db, jana)
    act = moving.merge(db, karla, source.id, target.id, f"  {WHY}\r\n")
    assert (act.action, act.reason, act.question_id) == (acts.MERGE, WHY, source.id)
    assert act.actor_id == karla.actor.person_id
    moderating.undo(db, karla, act.id, "Irrtum.")
    log = [(entry.action, entry.reason, entry.undone) for entry in acts_of(db, source)]
    assert log == [("zuruecknehmen", "Irrtum.", False), ("zusammenfuehren", WHY, True)]


def acts_of(db: Session, question: Question) -> list[acts.Entry]:
    ids = select(Moderation.id).where(Moderation.question_id == question.id).order_by(Moderation.id.desc())
    return [entry for number in db.scalars(ids) if (entry := acts.entry(db, number))]
