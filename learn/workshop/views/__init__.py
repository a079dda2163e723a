"""Pages of the Werkstatt, one module for each group; importing registers their routes."""

from learn.workshop.views import (
    archives,
    due,
    editing,
    history,
    inserting,
    media,
    merging,
    supplements,
    towns,
)
from learn.workshop.views.blueprint import pages

__all__ = [
    "archives",
    "due",
    "editing",
    "history",
    "inserting",
    "media",
    "merging",
    "pages",
    "supplements",
    "towns",
]
