"""Pages of the Werkstatt, one module for each group; importing registers their routes."""

from learn.workshop.views import (
    archives,
    arranging,
    comments,
    course,
    cutting,
    due,
    editing,
    editions,
    history,
    inserting,
    media,
    merging,
    overview,
    releases,
    review,
    supplements,
    towns,
)
from learn.workshop.views.blueprint import pages

__all__ = [
    "archives",
    "arranging",
    "comments",
    "course",
    "cutting",
    "due",
    "editing",
    "editions",
    "history",
    "inserting",
    "media",
    "merging",
    "overview",
    "pages",
    "releases",
    "review",
    "supplements",
    "towns",
]
