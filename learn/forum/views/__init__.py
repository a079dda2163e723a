"""Pages of the forum, one module for each group; importing registers their routes."""

from learn.forum.views import (
    answering,
    asking,
    drafts,
    editing,
    feeds,
    history,
    leveling,
    lists,
    moderating,
    pictures,
    question,
    quoting,
    reactions,
    rearranging,
    reporting,
    similar,
    withdrawing,
)
from learn.forum.views.blueprint import pages

__all__ = [
    "answering",
    "asking",
    "drafts",
    "editing",
    "feeds",
    "history",
    "leveling",
    "lists",
    "moderating",
    "pages",
    "pictures",
    "question",
    "quoting",
    "reactions",
    "rearranging",
    "reporting",
    "similar",
    "withdrawing",
]
