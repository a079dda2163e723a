"""Writes the vocabulary: topics, their synonyms, order and parents; what members propose is decided here.

Each change leaves one entry in the audit log. Pages of this process show it once the caller has
called `vocabulary.forget()` after the commit.
"""

import re
from collections.abc import Sequence

from sqlalchemy import Select, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn.core import audit
from learn.core.access import Refused
from learn.core.folding import fold
from learn.network import indexing
from learn.network.models import Topic, TopicSynonym
from learn.network.vocabulary import bare

LONGEST = 60
NAME = "Geben Sie einen Namen mit 2 bis 60 Zeichen an."
SYNONYM = "Geben Sie ein Wort mit 2 bis 60 Zeichen an."


def subject(slug: str) -> str:
    """The topic in the audit log."""
    return f"thema:{slug}"


def topic(session: Session, slug: str) -> Topic | None:
    """The topic or proposal of this name in addresses; locked where the database can."""
    return session.scalar(select(Topic).where(Topic.slug == slug).with_for_update())


def add(session: Session, name: str, *, by: str) -> Topic:
    """A new topic at the end of the list. Raises Refused."""
    name = clean(name, "name", NAME)
    free(session, name, "name")
    made = Topic(slug=new_slug(session, name), name=name, position=last(session) + 1, accepted=True)
    session.add(made)
    session.flush()
    audit.record(session, by, "thema.angelegt", subject(made.slug), name)
    indexing.reindex_topics(session)
    return made


def rename(session: Session, found: Topic, name: str, *, by: str) -> bool:
    """Another name for a topic; its address stays, its former name stays a synonym. Raises Refused."""
    name, former = clean(name, "name", NAME), found.name
    if name == former:
        return False
    free(session, name, "name", but=found.slug)
    session.execute(delete(TopicSynonym).where(TopicSynonym.word == fold(name)))
    found.name = name
    if found.accepted and bare(former) not in {bare(name), bare(found.slug)}:
        session.merge(TopicSynonym(word=fold(former), written=former, topic=found.slug))
    session.flush()
    audit.record(session, by, "thema.umbenannt", subject(found.slug), f"{former}, jetzt {name}")
    indexing.reindex_topics(session)
    return True


def add_synonym(session: Session, found: Topic, word: str, *, by: str) -> None:
    """Another word that leads to a topic. Raises Refused where it means one already."""
    word = clean(word, "synonym", SYNONYM)
    free(session, word, "synonym")
    try:
        with session.begin_nested():
            session.add(TopicSynonym(word=fold(word), written=word, topic=found.slug))
    except IntegrityError as known:
        raise Refused(f"„{word}“ steht schon in der Liste.", field="synonym") from known
    audit.record(session, by, "thema.synonym_ergaenzt", subject(found.slug), word)
    indexing.reindex_topics(session)


def remove_synonym(session: Session, found: Topic, word: str, *, by: str) -> bool:
    """A word leads to the topic no longer; False when it did not."""
    mine = TopicSynonym.word == fold(word), TopicSynonym.topic == found.slug
    gone = session.scalar(delete(TopicSynonym).where(*mine).returning(TopicSynonym.written))
    if gone is not None:
        audit.record(session, by, "thema.synonym_entfernt", subject(found.slug), gone)
        indexing.reindex_topics(session)
    return gone is not None


def place(session: Session, found: Topic, parent: str, *, by: str) -> bool:
    """Put a topic under another, or under none. Raises Refused beyond two levels."""
    parent = parent.strip()
    if parent == (found.parent or ""):
        return False
    if parent:
        above = session.get(Topic, parent)
        if above is None or not above.accepted or above.slug == found.slug:
            raise Refused("Wählen Sie ein Thema aus der Liste.", field="parent")
        below = session.scalar(select(Topic.slug).where(Topic.parent == found.slug).limit(1))
        if above.parent or below:
            raise Refused("Ein Thema steht höchstens unter einem anderen.", field="parent")
    found.parent = parent or None
    session.flush()
    audit.record(session, by, "thema.eingeordnet", subject(found.slug), parent)
    return True


def move(session: Session, found: Topic, way: str, *, by: str) -> bool:
    """One place up (`hoch`) or down; False at the end of the list. Positions become dense."""
    listed = list(session.scalars(accepted()))
    at = listed.index(found)
    to = at - 1 if way == "hoch" else at + 1
    if not 0 <= to < len(listed):
        return False
    listed[at], listed[to] = listed[to], listed[at]
    for number, each in enumerate(listed):
        each.position = number
    session.flush()
    audit.record(session, by, "thema.geordnet", subject(found.slug))
    return True


def accept(session: Session, found: Topic, *, by: str) -> None:
    """A proposal becomes a topic at the end of the list. Raises Refused."""
    if found.accepted:
        raise Refused("Dieses Thema ist schon angenommen.", status=409)
    free(session, found.name, "name", but=found.slug)
    found.accepted, found.position = True, last(session) + 1
    session.flush()
    audit.record(session, by, "thema.angenommen", subject(found.slug), found.name)
    indexing.reindex_topics(session)


def refuse(session: Session, found: Topic, *, by: str, instead: str = "") -> None:
    """A proposal goes; with `instead`, the slug of a topic, its name becomes a synonym. Raises Refused."""
    if found.accepted:
        raise Refused("Dieses Thema ist schon angenommen.", status=409)
    name, slug = found.name, found.slug
    other = session.get(Topic, instead) if instead else None
    if instead and (other is None or not other.accepted):
        raise Refused("Wählen Sie ein Thema aus der Liste.", field="instead")
    session.delete(found)
    session.flush()
    audit.record(session, by, "thema.abgelehnt", subject(slug), name)
    if other is not None and bare(name) not in words(session):
        add_synonym(session, other, name, by=by)


def proposals(session: Session) -> Sequence[Topic]:
    """What members miss in the list, by name."""
    return session.scalars(select(Topic).where(~Topic.accepted).order_by(Topic.name, Topic.slug)).all()


def accepted() -> Select[Topic]:
    """The topics in their order."""
    return select(Topic).where(Topic.accepted).order_by(Topic.position, Topic.name, Topic.slug)


def words(session: Session, but: str = "") -> dict[str, str]:
    """By which bare words topics are found, with the name of the topic; `but` a slug left out."""
    found: dict[str, str] = {}
    for slug, name in session.execute(
        select(Topic.slug, Topic.name).where(Topic.accepted, Topic.slug != but)
    ):
        found |= {bare(slug): name, bare(name): name}
    statement = (
        select(TopicSynonym.written, Topic.name)
        .join(Topic, Topic.slug == TopicSynonym.topic)
        .where(Topic.slug != but)
    )
    return {bare(written): name for written, name in session.execute(statement)} | found


def free(session: Session, word: str, field: str, *, but: str = "") -> None:
    """Raises Refused for a word that means a topic already."""
    meant = words(session, but).get(bare(word))
    if meant is not None:
        raise Refused(f"„{word}“ bedeutet schon das Thema „{meant}“.", field=field)


def clean(text: str, field: str, sentence: str) -> str:
    """One printable line with letters. Raises Refused."""
    text = " ".join(text.split())
    if not (2 <= len(text) <= LONGEST and text.isprintable() and bare(text)):
        raise Refused(sentence, field=field)
    return text


def last(session: Session) -> int:
    """The highest position."""
    return session.scalar(select(func.max(Topic.position)).where(Topic.accepted)) or 0


def new_slug(session: Session, name: str) -> str:
    """A name for addresses that no topic or proposal bears."""
    base = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
    taken = set(session.scalars(select(Topic.slug).where(Topic.slug.startswith(base, autoescape=True))))
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug
