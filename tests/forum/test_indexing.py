"""The index follows every write in its transaction: nothing hidden or quoted is in it."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from learn.core import clock
from learn.forum import indexing
from learn.forum.models import Post, Question, QuestionTopic
from learn.search.finding import search
from tests.forum.factories import make_topics


def make_question(
    session: Session, title: str, body: str = "", *, circle: str = "oeffentlich", topic: str = "klima"
) -> Question:
    """A question as the tables have it, indexed."""
    make_topics(session)
    now = clock.now()
    row = Question(
        title=title,
        slug="frage",
        phase="idee",
        level=circle.partition(":")[0],
        circle=circle,
        listed=circle,
        topic=topic,
        last_number=1,
        asked_at=now,
        latest_at=now,
        waits_since=now,
        tried_parts=[{"html": "<p>Versucht: Zwirbelwind</p>"}],
    )
    session.add(row)
    session.flush()
    session.add(
        QuestionTopic(
            question_id=row.id, topic=topic, listed=circle, state="offen", latest_at=now, waits_since=now
        )
    )
    make_post(session, row, body, kind="frage")
    indexing.reindex(session, row.id)
    return row


def make_post(session: Session, question: Question, html: str, *, kind: str = "antwort") -> Post:
    number = question.last_number if kind == "frage" else question.last_number + 1
    question.last_number = number
    row = Post(question_id=question.id, number=number, kind=kind, parts=[{"html": html}], at=clock.now())
    session.add(row)
    session.flush()
    return row


def found(session: Session, query: str, circles: tuple[str, ...] | None = ("oeffentlich",)) -> list[str]:
    return [hit.ref for hit in search(session, circles, query).rows]


def test_title_text_tried_and_topics_are_found(db: Session) -> None:
    row = make_question(db, "Laternen am Weg", "<p>Alles <em>Kirsch</em>baum</p>")
    for query in ("laterne", "Kirschbaum", "Zwirbelwind", "Klima"):
        assert found(db, query) == [f"frage:{row.id}"], query


def test_an_answer_is_added_alone(db: Session) -> None:
    row = make_question(db, "Laternen am Weg")
    post = make_post(db, row, "<p>Nehmt Quittenlack</p>")
    indexing.reindex(db, row.id, post.id)
    [hit] = search(db, ("oeffentlich",), "quittenlack").rows
    assert hit.ref == f"frage:{row.id}"
    assert hit.part == {"post": post.id, "kind": "antwort"}


def test_hidden_posts_and_quotes_are_not_indexed(db: Session) -> None:
    row = make_question(db, "Laternen am Weg")
    post = make_post(db, row, "<p>Nehmt Quittenlack</p>")
    quoting = make_post(db, row, "<p>Stimmt</p>")
    quoting.parts = [{"quote": {"post": post.id, "revision": 1, "html": "Quittenlack"}}, {"html": "Stimmt"}]
    indexing.reindex(db, row.id)
    post.hidden = "ausgeblendet"
    indexing.index_post(db, post.id)
    assert found(db, "quittenlack", None) == []
    assert found(db, "stimmt", None) == [f"frage:{row.id}"]
    post.hidden = ""
    indexing.index_post(db, post.id)
    assert found(db, "quittenlack") == [f"frage:{row.id}"]


def test_a_question_that_is_not_listed_leaves_the_index_whole(db: Session) -> None:
    row = make_question(db, "Laternen am Weg")
    post = make_post(db, row, "<p>Nehmt Quittenlack</p>")
    indexing.reindex(db, row.id, post.id)
    row.listed = ""
    indexing.reindex(db, row.id, post.id)
    assert found(db, "laterne", None) == found(db, "quittenlack", None) == []
    row.listed = row.circle
    indexing.reindex(db, row.id, post.id)  # all of it comes back, not this post alone
    assert found(db, "laterne quittenlack") == [f"frage:{row.id}"]


def test_all_of_it_moves_with_its_question(db: Session) -> None:
    row = make_question(db, "Laternen am Weg", circle="netzwerk")
    first = make_post(db, row, "<p>Nehmt Quittenlack</p>")
    indexing.reindex(db, row.id)
    assert found(db, "quittenlack") == []
    row.listed = row.circle = "oeffentlich"
    indexing.reindex(db, row.id, first.id)
    assert found(db, "quittenlack laterne") == [f"frage:{row.id}"]


def test_everything_again_changes_nothing(db: Session) -> None:
    row = make_question(db, "Laternen am Weg")
    db.execute(update(Question).where(Question.id == row.id).values(title="Brunnen am Weg"))
    batch = indexing.index_all(db, 0)
    assert (batch.done, batch.after) == (1, None)
    assert found(db, "brunnen") == [f"frage:{row.id}"]
    assert found(db, "laterne") == []
