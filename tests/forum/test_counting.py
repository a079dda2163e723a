"""What lists sort by: the parts of waiting, steps and sums alike, repair of what drifted, rendering anew."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learn.accounts.models import PersonTopic
from learn.core import jobs
from learn.core.db import Database
from learn.forum import asking, counting, queries, reacting, texts, upkeep
from learn.forum.models import Post, Question, QuestionTopic
from learn.markup import RENDERER
from tests.factories import make_municipality
from tests.forum.factories import make_answer, make_comment, make_question, make_reader


def waits(question: Question) -> timedelta:
    return question.waits_since - question.asked_at


def test_waiting_parts_are_days_before_and_after_the_publication(db: Session) -> None:
    who, other = make_reader(db), make_reader(db)
    question = make_question(db, who)
    assert waits(question) == timedelta(days=-5), "nobody is competent"
    for _number in range(12):
        reacting.me_too(db, make_reader(db), question, on=True)
    assert waits(question) == timedelta(days=-25), "ten towns at most"
    make_comment(db, other, queries.first_post(db, question.id))
    assert waits(question) == timedelta(days=-15)
    parts = counting.waiting_parts(db, question)
    assert (parts.towns, parts.competent, parts.asks_back) == (12, False, True)
    assert parts.since == question.waits_since
    make_answer(db, who, question)
    assert waits(question) == timedelta(days=-25), "the latest post asks nothing"


def test_contacts_of_pioneer_towns_are_competent(db: Session) -> None:
    expert = make_reader(db, "expert", role="pionier")
    db.add(PersonTopic(person_id=expert.actor.person_id, topic="sensorik"))
    former = make_reader(db, "expert", role="mitglied")
    db.add(PersonTopic(person_id=former.actor.person_id, topic="klima"))
    db.flush()
    who = make_reader(db)
    assert waits(make_question(db, who, topics=("sensorik",))) == timedelta(0)
    assert waits(make_question(db, who, topics=("klima", "sensorik"))) == timedelta(days=-5)


@pytest.mark.parametrize("about", ["question", "her answer", "her comment"])
def test_a_comment_on_what_the_asker_wrote_waits_for_her(db: Session, about: str) -> None:
    who, other = make_reader(db), make_reader(db)
    question = make_question(db, who)
    hers = make_answer(db, who, question)
    posts = {
        "question": queries.first_post(db, question.id),
        "her answer": hers,
        "her comment": make_comment(db, who, make_answer(db, other, question)),
    }
    make_comment(db, other, posts[about])
    assert counting.waiting_parts(db, question).asks_back


def test_other_comments_do_not_wait_for_the_asker(db: Session) -> None:
    who, other = make_reader(db), make_reader(db)
    question = make_question(db, who)
    make_comment(db, who, queries.first_post(db, question.id))
    assert not counting.waiting_parts(db, question).asks_back, "her own"
    make_comment(db, who, make_answer(db, other, question))
    assert not counting.waiting_parts(db, question).asks_back, "about somebody else's"


def test_hidden_posts_do_not_count(db: Session) -> None:
    who = make_reader(db)
    question = make_question(db, who)
    first, last = make_answer(db, who, question), make_answer(db, who, question)
    last.hidden = "ausgeblendet"
    assert counting.refresh(db, question.id)
    assert (question.answers, question.top_number, question.last_number) == (1, 2, 3)
    assert question.latest_at == first.at
    assert not counting.refresh(db, question.id)


def test_the_night_repairs_what_drifted(app: Flask, database: Database, db: Session) -> None:
    who = make_reader(db)
    good, bad, beside = (make_question(db, who) for _number in range(3))
    answer = make_answer(db, who, good)
    assert upkeep.drift(db) == 0
    db.execute(update(Question).where(Question.id == bad.id).values(answers=7, listed=""))
    wrong = update(QuestionTopic).where(QuestionTopic.question_id == beside.id)
    db.execute(wrong.values(state="beantwortet"))
    db.execute(update(Post).where(Post.id == answer.id).values(helped=9))
    assert upkeep.drift(db) == 3
    db.commit()
    upkeep.repair(jobs.Work(app.extensions["learn.config"], database))
    assert upkeep.drift(db) == 0
    db.expire_all()
    assert (bad.answers, bad.listed, answer.helped) == (0, "netzwerk", 0)


def test_texts_of_an_older_renderer_are_rendered_anew(app: Flask, database: Database, db: Session) -> None:
    who = make_reader(db)
    olpe = make_municipality(db, name="Olpe")
    question = make_question(db, who)
    source = make_answer(db, who, question, "Drei Gateways")
    said = f"@Olpe\n\n> Drei Gateways\n<!-- zitat beitrag={source.id} fassung=1 -->\n\n## Ende"
    text = texts.prepare(db, who, said, circle="netzwerk")
    post = asking.answer(db, who, question, text, attribution="name", key="neu")
    assert post.parts[0] == {"html": f'<p><a href="/kommunen/{olpe.ags}">@Olpe</a></p>'}
    right, short = post.parts, post.excerpt
    values = {"renderer": 0, "parts": [{"html": "alt"}], "excerpt": "alt"}
    db.execute(update(Post).where(Post.id == post.id).values(values))
    db.commit()
    upkeep.render(jobs.Work(app.extensions["learn.config"], database))
    db.expire_all()
    found = db.scalars(select(Post).where(Post.id == post.id)).one()
    assert (found.parts, found.excerpt, found.renderer) == (right, short, RENDERER)


def test_rendering_what_is_current_changes_no_byte(app: Flask, database: Database, db: Session) -> None:
    who = make_reader(db)
    text = texts.prepare(db, who, "## Weg\n\n|a|b|\n|-|-|\n|1|2|\n\n- [x] @Musterstadt", circle="netzwerk")
    post = asking.answer(db, who, make_question(db, who), text, attribution="name", key="k")
    before = (list(post.parts), post.excerpt)
    db.execute(update(Post).where(Post.id == post.id).values(renderer=0))
    db.commit()
    upkeep.render(jobs.Work(app.extensions["learn.config"], database))
    db.expire_all()
    assert (post.parts, post.excerpt) == before
