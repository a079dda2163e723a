"""Editing against a base, the stored history, redaction, withdrawing, changing the circle."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from learn.core.access import Forbidden, NotFound, Refused
from learn.forum import editing, judging, leveling, queries, texts
from learn.forum.asking import Anchor
from learn.forum.audience import Reader
from learn.forum.editing import Change, Conflict
from learn.forum.models import Post, Question
from tests.factories import make_municipality
from tests.forum.factories import make_answer, make_cohort, make_question, make_reader, plain

Asked = tuple[Reader, Question, Post]


@pytest.fixture
def asked(db: Session) -> Asked:
    """An asker, her question and its text."""
    who = make_reader(db)
    question = make_question(db, who)
    return who, question, queries.first_post(db, question.id)


def test_an_edit_is_a_new_revision(db: Session, asked: Asked) -> None:
    who, question, post = asked
    change = Change(plain("Neu"), title="Wer hat Feuchte gemessen?", tried=plain("Nichts"), phase="idee")
    editing.edit(db, who, post, change, base_revision=1, reason="Genauer")
    assert (post.body, post.revision, question.phase) == ("Neu", 2, "idee")
    assert (question.title, question.slug) == ("Wer hat Feuchte gemessen?", "wer-hat-feuchte-gemessen")
    first, second = editing.revisions(db, post.id)
    assert (first.title, first.body, first.tried) == (
        "Wer hat Bodenfeuchte gemessen?",
        "Wir suchen Erfahrungen.",
        "",
    )
    assert (second.title, second.body, second.tried, second.reason) == (
        question.title,
        "Neu",
        "Nichts",
        "Genauer",
    )


def test_saving_the_same_changes_nothing(db: Session, asked: Asked) -> None:
    who, _question, post = asked
    editing.edit(db, who, post, Change(plain(post.body)), base_revision=1)
    assert (post.revision, len(editing.revisions(db, post.id))) == (1, 1)


def test_an_outdated_base_is_a_conflict_with_what_is_stored(db: Session, asked: Asked) -> None:
    who, _question, post = asked
    editing.edit(db, who, post, Change(plain("Zuerst")), base_revision=1)
    with pytest.raises(Conflict) as problem:
        editing.edit(db, who, post, Change(plain("Zugleich")), base_revision=1)
    assert (problem.value.current.body, problem.value.current.revision) == ("Zuerst", 2)
    assert post.body == "Zuerst"


def test_a_solution_is_changed_with_a_reason(db: Session, asked: Asked) -> None:
    who, question, _post = asked
    answer = make_answer(db, who, question)
    judging.mark(db, who, answer, on=True)
    with pytest.raises(Refused) as problem:
        editing.edit(db, who, answer, Change(plain("Neu")), base_revision=1, reason=" ")
    assert (problem.value.field, problem.value.message) == ("reason", "Schreiben Sie, warum Sie das ändern.")
    editing.edit(db, who, answer, Change(plain("Neu")), base_revision=1, reason="Tippfehler")


def test_a_redaction_leaves_no_earlier_words(db: Session, asked: Asked) -> None:
    who, question, post = asked
    editing.edit(db, who, post, Change(plain("Herr Meier sagt"), tried=plain("Herr Meier")), base_revision=1)
    staff = make_reader(db, "coordinator")
    change = Change(plain("Jemand sagt"), tried=texts.EMPTY)
    editing.edit(db, staff, post, change, base_revision=2, reason="Name")
    db.expire_all()
    states = editing.revisions(db, post.id)
    assert [(one.body, one.tried, one.redacted) for one in states] == [
        ("", "", False),
        ("", "", False),
        ("Jemand sagt", "", True),
    ]
    assert (question.tried, question.tried_parts) == ("", [])
    assert "Meier" not in str([one.title for one in states])


def test_others_change_no_words(db: Session, asked: Asked) -> None:
    _who, _question, post = asked
    for other in (make_reader(db), make_reader(db, "expert"), make_reader(db, "trainer")):
        with pytest.raises(Forbidden):
            editing.edit(db, other, post, Change(plain("Neu")), base_revision=1)
    with pytest.raises(NotFound):
        editing.edit(db, make_reader(db, role="gast"), post, Change(plain("Neu")), base_revision=1)


def test_trainers_change_title_topics_and_lesson(db: Session, asked: Asked) -> None:
    who, question, post = asked
    trainer = make_reader(db, "trainer")
    change = Change(plain("Nein"), title="Wer misst die Bodenfeuchte?", topics=("klima",), phase="betrieb")
    editing.retitle(db, trainer, question, change, base_revision=1)
    assert (question.title, question.topic, post.body) == (
        "Wer misst die Bodenfeuchte?",
        "klima",
        "Wir suchen Erfahrungen.",
    )
    place = Change(anchor=Anchor("les_1", "kur_1", "", 2))
    editing.retitle(db, who, question, place, base_revision=2)
    assert question.lesson_id == "les_1"
    editing.retitle(db, who, question, Change(anchor=editing.NOWHERE), base_revision=2)
    db.refresh(question)
    assert [question.lesson_id, question.edition] == [None, None]
    with pytest.raises(Forbidden):
        editing.retitle(db, make_reader(db), question, place, base_revision=2)


def test_one_withdraws_what_is_ones_own(db: Session, asked: Asked) -> None:
    who, question, post = asked
    other = make_reader(db)
    answer = make_answer(db, other, question)
    with pytest.raises(Refused):
        editing.withdraw(db, who, post)
    with pytest.raises(Forbidden):
        editing.withdraw(db, who, answer)
    editing.withdraw(db, other, answer)
    assert (answer.hidden, question.answers, question.top_number) == ("zurueckgezogen", 0, 1)
    editing.withdraw(db, who, post)
    assert (question.listed, question.last_number) == ("", 2)


def test_narrowing_is_immediate(db: Session, asked: Asked) -> None:
    who, question, _post = asked
    make_answer(db, make_reader(db), question)
    town = db.get_one(type(make_municipality(db)), who.actor.municipality_id)
    cohort = make_cohort(db, town)
    reader = replace(who, circles=("oeffentlich", "netzwerk", f"klasse:{cohort.id}"))
    leveling.change_level(db, reader, question, "klasse", cohort.id)
    assert (question.circle, question.listed) == (f"klasse:{cohort.id}", f"klasse:{cohort.id}")


def test_widening_needs_everybody_who_wrote(db: Session, asked: Asked) -> None:
    who, question, _post = asked
    leveling.change_level(db, who, question, "oeffentlich", None)
    leveling.change_level(db, who, question, "netzwerk", None)
    make_answer(db, make_reader(db), question)
    for reader in (who, make_reader(db, "coordinator")):
        with pytest.raises(Refused, match=r"^Diese Frage wurde für einen kleineren Kreis beantwortet\.$"):
            leveling.change_level(db, reader, question, "oeffentlich", None)
    with pytest.raises(Forbidden):
        leveling.change_level(db, make_reader(db), question, "netzwerk", None)
