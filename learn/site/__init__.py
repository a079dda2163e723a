"""Pages that join several packages: start, catalogue, course, lesson, Mein Lernen, duties; owns no table."""

from learn.site import (
    cannot,
    catalogue,
    cohort_joining,
    cohorts,
    course,
    display,
    duties,
    finish,
    lesson,
    overview,
    papers,
    plans,
    printing,
    register,
    start,
    town,
    towns,
)
from learn.site.blueprint import pages

__all__ = [
    "cannot",
    "catalogue",
    "cohort_joining",
    "cohorts",
    "course",
    "display",
    "duties",
    "finish",
    "lesson",
    "overview",
    "pages",
    "papers",
    "plans",
    "printing",
    "register",
    "start",
    "town",
    "towns",
]
