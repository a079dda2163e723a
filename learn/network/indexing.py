"""Keeps the search index in step with towns, and with the words that lead to a topic."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.network.models import Municipality, Topic, TopicSynonym, TownTopic
from learn.search import documents, synonyms
from learn.search.circles import PUBLIC
from learn.search.documents import Document
from learn.search.sources import Batch, source

TOPICS = "thema"
BATCH = 500


def reindex_towns(session: Session, ids: Collection[int]) -> None:
    """Index these towns as they are today."""
    session.flush()
    found = session.scalars(select(Municipality).where(Municipality.id.in_(ids))).all()
    rows = session.execute(
        select(TownTopic.municipality_id, Topic.name)
        .join(Topic, Topic.slug == TownTopic.topic)
        .where(TownTopic.municipality_id.in_(ids), Topic.accepted)
        .order_by(Topic.position, Topic.name)
    )
    topics: dict[int, list[str]] = {}
    for town_id, name in rows:
        topics.setdefault(town_id, []).append(name)
    documents.put(session, [_document(town, topics.get(town.id, [])) for town in found])


def reindex_topics(session: Session) -> None:
    """Keep which words lead to which topic."""
    session.flush()
    statement = select(TopicSynonym.written, Topic.name).join(Topic, Topic.slug == TopicSynonym.topic)
    pairs = [(row.written, row.name) for row in session.execute(statement.where(Topic.accepted))]
    synonyms.replace(session, TOPICS, pairs)


@source("Kommunen")
def index_all(session: Session, after: int) -> Batch:
    """Some towns at a time, then the words for topics."""
    statement = select(Municipality.id).where(Municipality.id > after).order_by(Municipality.id).limit(BATCH)
    ids = session.scalars(statement).all()
    reindex_towns(session, ids)
    if len(ids) == BATCH:
        return Batch(len(ids), ids[-1])
    reindex_topics(session)
    return Batch(len(ids))


def _document(town: Municipality, topics: list[str]) -> Document:
    kind = f"{town.kind} " if town.kind else ""
    place = f"{kind}in {town.district}." if town.district else town.kind
    subjects = f" Themen: {', '.join(topics)}." if topics else ""
    return Document(
        ref=f"kommune:{town.ags}",
        kind="kommune",
        circle=PUBLIC,
        title=f"{kind}{town.name}",
        text=f"{place}{subjects}",
        names=(town.ags,),
        detail={"ags": town.ags, "district": town.district},
    )
