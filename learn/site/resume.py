"""The one place to continue, in words."""

from dataclasses import dataclass
from typing import Self

from learn.core.i18n import gettext as _
from learn.core.i18n import minutes
from learn.site.standing import Standing


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a course goes on: `next` with the lesson's title, `place` with its number and minutes."""

    course: str
    title: str
    next: str
    place: str
    href: str
    done: int
    total: int
    minutes_left: int
    suffix: str
    topics: tuple[str, ...]
    picture: str

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """Of a standing with a following lesson."""
        lesson = standing.following
        assert lesson is not None
        tree, sheet = standing.release.manifest, standing.release.sheet
        number = 1 + [entry.id for entry in tree.lessons()].index(lesson.id)
        return cls(
            course=tree.title,
            title=lesson.title,
            next=_("Lektion %(number)s: %(title)s", number=number, title=lesson.title),
            place=_("Lektion %(number)s, %(time)s", number=number, time=minutes(lesson.minutes)),
            href=f"/kurse/{tree.slug}/{lesson.slug}",
            done=standing.state.done,
            total=standing.state.total,
            minutes_left=standing.state.minutes_left,
            suffix=_(": %(course)s, Lektion %(number)s", course=tree.title, number=number),
            topics=sheet.topics,
            picture=sheet.image.src if sheet.image else "",
        )
