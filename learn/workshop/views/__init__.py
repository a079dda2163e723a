"""Pages of the Werkstatt, one module for each group; importing registers their routes."""

from learn.workshop.views import (
    archives,
    comments,
    due,
    editing,
    history,
    inserting,
    media,
    merging,
    releases,
    review,
    supplements,
    towns,
)
from learn.workshop.views.blueprint import pages

__all__ = [
    "archives",
    "comments",
    "due",
    "editing",
    "history",
    "inserting",
    "media",
    "merging",
    "pages",
    "releases",
    "review",
    "supplements",
    "towns",
]
