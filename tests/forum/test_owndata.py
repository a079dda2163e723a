"""Who leaves takes her name with her; posts stay, and nobody names her any more."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import erasure
from learn.accounts.models import Person
from learn.config import Config
from learn.core import audit, cleaning, jobs, owndata
from learn.core.db import Database
from learn.core.models import Job
from learn.core.owndata import Owner
from learn.forum import asking, authors, editing, reacting, texts, upkeep
from learn.forum.audience import Reader
from learn.forum.models import ForumDraft, Picture, Post, PostRevision, Question, Report, SimilarHelp
from tests.forum.factories import make_answer, make_question, make_reader, plain


@pytest.fixture
def config(app: Flask) -> Config:
    found: Config = app.extensions["learn.config"]
    return found


def listed(session: Session, who: Reader) -> None:
    session.get_one(Person, who.actor.person_id).listed = True
    session.flush()


def erase(session: Session, config: Config, who: Reader) -> None:
    session.flush()
    session.expire_all()
    assert erasure.erase(session, config, who.actor.owner, by=audit.COMMAND_LINE)
    session.expire_all()


def test_posts_stay_without_the_name(db: Session, config: Config) -> None:
    who, other = make_reader(db, name="Petra Muster"), make_reader(db)
    question = make_question(db, other)
    post = make_answer(db, who, question)
    erase(db, config, who)
    line = authors.bylines(db, other, [post])[post.id]
    assert (line.name, line.town) == ("Ehemaliges Mitglied", "Stadt Musterstadt")
    assert post.body == "Ja, seit 2024."


def test_texts_of_others_forget_the_name_everywhere(db: Session, config: Config) -> None:
    who, other = make_reader(db, name="Petra „P&O“ Muster"), make_reader(db)
    namesake = make_reader(db, name="Petra Muster")
    listed(db, who)
    listed(db, namesake)
    said = "Frag @Petra „P&O“ Muster und @Petra Muster."
    first = texts.prepare(db, other, said, circle="netzwerk")
    assert len(first.mentions) == 2
    question = make_question(db, other)
    post = asking.answer(db, other, question, first, attribution="name", key="k")
    again = texts.prepare(db, other, f"Noch einmal: {said}", circle="netzwerk")
    editing.edit(db, other, post, editing.Change(again), base_revision=1)
    assert "P&amp;O" in str(post.parts)
    erase(db, config, who)
    states = db.scalars(select(PostRevision.body).where(PostRevision.post_id == post.id)).all()
    everything = f"{post.body} {post.parts} {post.excerpt} {states}"
    assert "P&" not in everything
    assert everything.count("@Ehemaliges Mitglied") == 5
    assert everything.count("@Petra Muster") == 5, "somebody else of that name stays"


def test_a_text_renders_alike_after_a_name_is_gone(db: Session, config: Config, database: Database) -> None:
    who, other = make_reader(db, name="Petra Muster"), make_reader(db)
    listed(db, who)
    text = texts.prepare(db, other, "Frag @Petra Muster.", circle="netzwerk")
    post = asking.answer(db, other, make_question(db, other), text, attribution="name", key="k")
    erase(db, config, who)
    db.commit()
    upkeep.render(jobs.Work(config, database))
    db.expire_all()
    assert post.parts == [{"html": "<p>Frag @Ehemaliges Mitglied.</p>"}]


def test_what_she_counted_is_counted_again(db: Session, config: Config, database: Database) -> None:
    who, other = make_reader(db), make_reader(db)
    question = make_question(db, other)
    answer = make_answer(db, other, question)
    reacting.me_too(db, who, question, on=True)
    reacting.helped(db, who, answer, on=True)
    db.commit()
    erase(db, config, who)
    db.commit()
    work = jobs.Work(config, database)
    for job in db.scalars(select(Job).where(Job.name == "count_again")).all():
        upkeep.count_again(work, **job.arguments)
    db.expire_all()
    assert (question.me_too, answer.helped, upkeep.drift(db)) == (0, 0, 0)


def test_the_export_holds_what_she_wrote(db: Session) -> None:
    who = make_reader(db)
    question = make_question(db, who)
    owner = Owner(who.actor.owner, "", "")
    topics = {topic.name: topic for topic in owndata.topics()}
    (asked,) = owndata.rows(db, owner, topics["fragen"])
    assert (asked["adresse"], asked["titel"]) == (f"/forum/fragen/{question.id}", question.title)
    (post,) = owndata.rows(db, owner, topics["beitraege"])
    assert post["text"] == "Wir suchen Erfahrungen."
    assert list(owndata.rows(db, Owner(make_reader(db).actor.owner, "", ""), topics["beitraege"])) == []


def test_periods_end_as_declared() -> None:
    assert {ForumDraft, Report, SimilarHelp} <= cleaning.CONDITIONS.keys()
    assert cleaning.JOBS[Picture] in jobs.SCHEDULES


def test_own_words_survive_nobody_elses_leaving(db: Session, config: Config) -> None:
    who, other = make_reader(db, name="Petra Muster"), make_reader(db)
    question = make_question(db, other)
    post = asking.answer(db, other, question, plain("Petra Muster war da."), attribution="name", key="k")
    erase(db, config, who)
    assert db.get_one(Post, post.id).body == "Petra Muster war da.", "a name without @ is the author's word"
    assert db.get_one(Question, question.id).answers == 1
