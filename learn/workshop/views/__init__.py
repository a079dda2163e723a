"""Pages of the Werkstatt, one module for each group; importing registers their routes."""

from learn.workshop.views import archives, media
from learn.workshop.views.blueprint import pages

__all__ = ["archives", "media", "pages"]
