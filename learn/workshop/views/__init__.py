"""Pages of the Werkstatt, one module for each group; importing registers their routes."""

from learn.workshop.views import archives, editing, media, supplements, towns
from learn.workshop.views.blueprint import pages

__all__ = ["archives", "editing", "media", "pages", "supplements", "towns"]
