"""Recall and precision on the judged queries, tuned and held out, on both databases."""

import pytest
from sqlalchemy.orm import Session

from learn.search import documents, synonyms
from learn.search.finding import search
from tests.search import judged

RECALL, PRECISION = 0.95, 0.9


@pytest.fixture
def filled(db: Session) -> Session:
    texts, pairs = judged.documents()
    documents.put(db, texts)
    synonyms.replace(db, "begriff", pairs)
    return db


def test_the_set_is_large_enough() -> None:
    queries = judged.queries()
    assert len(judged.documents()[0]) >= 150
    assert len(queries) >= 120
    assert 0.4 < sum(query.held_out for query in queries) / len(queries) < 0.6


def test_what_answers_is_found_and_little_else(filled: Session) -> None:
    for held_out in (False, True):
        recall, precision = figures(filled, held_out=held_out)
        assert recall >= RECALL, (held_out, recall)
        assert precision >= PRECISION, (held_out, precision)


def figures(db: Session, *, held_out: bool) -> tuple[float, float]:
    """Both as means over the queries of one half; precision over all hits of a query, none counts 0."""
    asked = [query for query in judged.queries() if query.held_out == held_out]
    recall = precision = 0.0
    for query in asked:
        found = {hit.ref for hit in search(db, ("oeffentlich",), query.text, limit=500).rows}
        right = len(found & query.answers)
        recall += right / len(query.answers)
        precision += right / len(found) if found else 0.0
    return recall / len(asked), precision / len(asked)
