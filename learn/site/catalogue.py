"""The catalogue: where to continue, then courses by topic, duration, text and variant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from learn.core.access import actor, visitor
from learn.core.db import session
from learn.core.i18n import gettext as _
from learn.core.i18n import ngettext
from learn.core.web import page
from learn.courses import queries as shelf
from learn.network.topics import topic_name
from learn.site import standing
from learn.site.blueprint import pages
from learn.site.cards import CourseCard
from learn.site.resume import Resume
from learn.site.standing import Standing
from learn.site.start import recommended


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader asked for; words that fit nothing count as not asked."""

    q: str = ""
    topic: str = ""
    duration: str = ""
    sort: str = ""
    plain: bool = False
    after: str = ""

    @classmethod
    def of(cls, values: MultiDict[str, str]) -> Self:
        duration, sort = values.get("dauer", ""), values.get("sort", "")
        return cls(
            q=values.get("q", "").strip()[:200],
            topic=values.get("thema", "")[:80],
            duration=duration if duration in {"30", "90", "mehr"} else "",
            sort=sort if sort in {"neu", "kurz"} else "",
            plain=values.get("fassung") == "einfach",
            after=values.get("nach", ""),
        )

    @property
    def any(self) -> bool:
        """Whether something narrows the list."""
        return bool(self.q or self.topic or self.duration or self.plain)

    def others(self, *without: str) -> list[tuple[str, str]]:
        """Names and values of what is set, for hidden fields and links."""
        found = {
            "q": self.q,
            "thema": self.topic,
            "dauer": self.duration,
            "sort": self.sort,
            "fassung": "einfach" if self.plain else "",
        }
        return [(name, value) for name, value in found.items() if value and name not in without]

    def next_href(self, cursor: str) -> str:
        """The address of the next rows, empty on the last."""
        return f"/kurse?{urlencode([*self.others(), ('nach', cursor)])}" if cursor else ""


@pages.get("/kurse", access=visitor)
def catalogue() -> ResponseReturnValue:
    """List courses, 24 at a time."""
    wanted = Filter.of(request.args)
    found, own = matching(wanted), standing.in_all(session(), actor())
    used, has_paths = shelf.offered(session())
    return page(
        "site/catalogue.html",
        filter=wanted,
        topics=topics(used, wanted.topic),
        has_paths=has_paths,
        cards=cards(found.items, own),
        found=words(wanted, len(found.items), bool(found.next_cursor)),
        more=wanted.next_href(found.next_cursor),
        resume=next((Resume.of(each) for each in own if each.following), None),
        starts=starts(own, found.items, wanted),
    )


def matching(wanted: Filter) -> shelf.Page:
    """One page of the courses that fit."""
    return shelf.cards(
        session(),
        q=wanted.q,
        topic=wanted.topic,
        duration=wanted.duration,
        plain=wanted.plain,
        sort=wanted.sort,
        after=wanted.after or None,
    )


def cards(found: Sequence[shelf.Card], own: Sequence[Standing]) -> list[CourseCard]:
    """The courses with the reader's own state."""
    by_course = {each.release.course_id: each for each in own}
    return [CourseCard.of(card, by_course.get(card.id)) for card in found]


def topics(used: Sequence[str], current: str) -> list[tuple[str, str]]:
    """Choices of the topic filter: what published courses bear, and what was asked for."""
    choices = {slug: topic_name(slug) for slug in (*used, current) if slug}
    named = sorted(choices.items(), key=lambda entry: entry[1].casefold())
    return [("", _("Alle Themen")), *named]


def words(wanted: Filter, count: int, more: bool) -> str:
    """How many courses were found, and for what."""
    if count and (more or wanted.after):
        text = ngettext("%(num)s Kurs auf dieser Seite", "%(num)s Kurse auf dieser Seite", count)
    elif count:
        text = ngettext("%(num)s Kurs gefunden", "%(num)s Kurse gefunden", count)
    elif wanted.q:
        text = _("Kein Kurs zu „%(q)s“ gefunden.", q=wanted.q)
    elif wanted.any:
        text = _("Kein Kurs passt zu diesen Filtern.")
    else:
        text = _("Noch kein Kurs veröffentlicht.")
    return str(text)


def starts(own: Sequence[Standing], cards: tuple[shelf.Card, ...], wanted: Filter) -> list[CourseCard]:
    """Three recommended starts for someone signed in who has not begun anything."""
    if own or not actor().signed_in or wanted.any or wanted.after:
        return []
    return [CourseCard.of(card) for card in recommended(cards)]
