"""What the pages of a Kommune's own values and supplements share: which Kommune, course and lesson."""

from dataclasses import dataclass

from flask import request

from learn.core.access import NotFound, actor, require
from learn.core.db import session
from learn.courses import queries as shelf
from learn.courses.library import CourseRelease, LessonText
from learn.courses.queries import Moved
from learn.network import queries as network
from learn.network.models import Municipality
from learn.workshop import policy, towns


@dataclass(frozen=True, slots=True)
class Adapted:
    """A Kommune and a course it adapts."""

    town: Municipality
    release: CourseRelease

    @property
    def called(self) -> str:
        """The Kommune in a sentence."""
        return towns.called(self.town.kind, self.town.name)

    @property
    def name(self) -> str:
        """Its bare name, „Olpe“."""
        return towns.bare(self.town.kind, self.town.name)

    @property
    def courses_href(self) -> str:
        return f"/kommunen/{self.town.ags}/kurse"

    @property
    def href(self) -> str:
        return f"{self.courses_href}/{self.release.manifest.slug}"

    def lesson_href(self, slug: str) -> str:
        """Where supplements to a lesson are written."""
        return f"{self.href}/{slug}/ergaenzung"


def town_of(ags: str) -> Municipality:
    """The Kommune, for who may adapt courses for it. Raises NotFound, Forbidden."""
    found = require(network.town(session(), ags))
    return require(found, allowed=policy.may_adapt(actor(), found.id))


def adapted(ags: str, kurs: str) -> Adapted:
    """Kommune and course, by today's address or an earlier one. Raises NotFound, Forbidden."""
    town = town_of(ags)
    found = shelf.course(session(), kurs)
    if isinstance(found, Moved):
        found = shelf.course(session(), found.slug)
    if not isinstance(found, CourseRelease):
        raise NotFound
    return Adapted(town, found)


def lesson_of(here: Adapted, lektion: str) -> tuple[LessonText, str]:
    """The lesson and its address's last part today; one that left the course too. Raises NotFound."""
    found = shelf.lesson(session(), here.release, lektion)
    if isinstance(found, Moved):
        lektion = found.slug
        found = shelf.lesson(session(), here.release, lektion)
    if not isinstance(found, LessonText):
        raise NotFound
    return found, lektion


def number(name: str) -> int:
    """A whole number of the form or of the address; 0 for anything else."""
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
