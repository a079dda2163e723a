"""The controlled vocabulary: topics with their synonyms, as courses, forum and glossary share them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.folding import fold
from learn.network.models import Topic, TopicSynonym

HYPHENS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """An accepted topic; `synonyms` as written, `parent` a slug or empty."""

    slug: str
    name: str
    synonyms: tuple[str, ...] = ()
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All accepted topics in their order, and by which words they are found."""

    topics: Mapping[str, Entry]
    words: Mapping[str, str]  # folded word -> slug

    def name(self, slug: str) -> str:
        """The name of a topic; an unknown one is shown as written."""
        found = self.topics.get(slug)
        return found.name if found else slug

    def find(self, word: str) -> str | None:
        """The topic that a slug, name or synonym means."""
        return word if word in self.topics else self.words.get(_bare(word))


def vocabulary(session: Session) -> Vocabulary:
    """The vocabulary of the network: one statement."""
    statement = (
        select(Topic.slug, Topic.name, Topic.parent, TopicSynonym.written)
        .outerjoin(TopicSynonym, TopicSynonym.topic == Topic.slug)
        .where(Topic.accepted)
        .order_by(Topic.position, Topic.name, Topic.slug, TopicSynonym.written)
    )
    topics: dict[str, Entry] = {}
    words: dict[str, str] = {}
    for slug, name, parent, written in session.execute(statement):
        entry = topics.get(slug) or Entry(slug, name, (), parent or "")
        topics[slug] = Entry(
            slug, name, (*entry.synonyms, written) if written else entry.synonyms, entry.parent
        )
        for word in (slug, name, written or ""):
            words.setdefault(_bare(word), slug)
    words.pop("", None)
    return Vocabulary(topics, words)


def _bare(word: str) -> str:
    """A word without case, accents, hyphens and blanks."""
    return HYPHENS.sub("", fold(word))
