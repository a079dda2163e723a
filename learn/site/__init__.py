"""Pages that join several packages: start, catalogue, course, lesson, Mein Lernen, duties; owns no table."""

from learn.site import catalogue, course, display, duties, finish, lesson, overview, plans, printing, start
from learn.site.blueprint import pages

__all__ = [
    "catalogue",
    "course",
    "display",
    "duties",
    "finish",
    "lesson",
    "overview",
    "pages",
    "plans",
    "printing",
    "start",
]
