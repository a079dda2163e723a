"""Pages that join several packages: start, catalogue, course, lesson, Mein Lernen, duties; owns no table."""

from learn.site import display, duties
from learn.site.blueprint import pages

__all__ = ["display", "duties", "pages"]
