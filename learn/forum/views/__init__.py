"""Pages of the forum, one module for each group; importing registers their routes."""

from learn.forum.views import lists, similar
from learn.forum.views.blueprint import pages

__all__ = [
    "lists",
    "pages",
    "similar",
]
