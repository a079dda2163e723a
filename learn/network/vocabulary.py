"""The controlled vocabulary: topics with their synonyms, as courses, forum and glossary share them.

Each process keeps it for ten seconds, so that pages that show names of topics ask no statement for them.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.folding import fold
from learn.network.models import Topic, TopicSynonym

HYPHENS = re.compile(r"[^a-z0-9]+")
SECONDS = 10.0


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

    @property
    def names(self) -> Mapping[str, str]:
        """Name by slug, in their order."""
        return {slug: entry.name for slug, entry in self.topics.items()}

    def name(self, slug: str) -> str:
        """The name of a topic; an unknown one is shown as written."""
        found = self.topics.get(slug)
        return found.name if found else slug

    def find(self, word: str) -> str | None:
        """The topic that a slug, name or synonym means."""
        return word if word in self.topics else self.words.get(bare(word))


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
            words.setdefault(bare(word), slug)
    words.pop("", None)
    return Vocabulary(topics, words)


def bare(word: str) -> str:
    """A word without case, accents, hyphens and blanks."""
    return HYPHENS.sub("", fold(word))


class Memory:
    """The vocabulary this process read last, and how it comes to a session; one for each process."""

    def __init__(self) -> None:
        self.kept: tuple[Vocabulary, float] | None = None
        self.open: Callable[[], Session | None] = lambda: None


MEMORY = Memory()


def known() -> Vocabulary | None:
    """The vocabulary as it was at most ten seconds ago; None where nobody has read it yet and none can."""
    kept = MEMORY.kept
    if kept is not None and time.monotonic() < kept[1]:
        return kept[0]
    session = MEMORY.open()
    if session is not None:
        return remember(session)
    return kept[0] if kept is not None else None


def remember(session: Session) -> Vocabulary:
    """Read the vocabulary for all who show names in this process."""
    found = vocabulary(session)
    MEMORY.kept = (found, time.monotonic() + SECONDS)
    return found


def forget() -> None:
    """Let the next who asks read it anew: after a change, and between tests."""
    MEMORY.kept = None
