"""`/forum` and `/forum/thema/<thema>`: questions by tab, topic and filters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from learn.core.access import NotFound, NotSignedIn, actor, expert, visitor
from learn.core.db import session
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.courses import queries as shelf
from learn.forum import audience, beside, circles, forms, lists, places, policy, walks
from learn.forum.audience import Reader
from learn.forum.lists import Found, Wanted
from learn.forum.views import rows
from learn.forum.views.blueprint import pages
from learn.network import sizes
from learn.network.vocabulary import Vocabulary, vocabulary

HOME = "/forum"
MOST_CHIPS = 8
Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader asked for; words that fit nothing are not asked. `fixed`: a topic's page."""

    wanted: Wanted
    after: str = ""
    fixed: bool = False

    @classmethod
    def of(cls, values: MultiDict[str, str], words: Vocabulary, topic: str = "") -> Self:
        phase, size, view = values.get("phase", ""), values.get("groesse", ""), values.get("ansicht", "")
        wanted = Wanted(
            view=view if view in walks.VIEWS else walks.OFFEN,
            topic=topic or words.find(values.get("thema", "")[:200]) or "",
            phase=phase if phase in forms.PHASES else "",
            size=size if size in sizes.KEYS else "",
            cohort=forms.number(values.get("klasse")),
            course=values.get("kurs", "")[:12],
            lesson=values.get("lektion", "")[:12],
        )
        return cls(wanted, values.get("nach", ""), bool(topic))

    @property
    def path(self) -> str:
        """The page without what is asked for."""
        return f"{HOME}/thema/{self.wanted.topic}" if self.fixed else HOME

    def pairs(self, *without: str, **more: str) -> list[tuple[str, str]]:
        """What an address of this list says."""
        wanted = self.wanted
        said = {
            "ansicht": "" if wanted.view == walks.OFFEN else wanted.view,
            "thema": "" if self.fixed else wanted.topic,
            "phase": wanted.phase,
            "groesse": wanted.size,
            "klasse": str(wanted.cohort or ""),
            "kurs": wanted.course,
            "lektion": wanted.lesson,
            **more,
        }
        return [(name, value) for name, value in said.items() if value and name not in without]

    def href(self, *without: str, **more: str) -> str:
        """The address with some of it changed."""
        pairs = self.pairs(*without, **more)
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    @property
    def reset(self) -> str:
        """The same tab without filters."""
        return Filter(
            Wanted(self.wanted.view, self.wanted.topic if self.fixed else ""), fixed=self.fixed
        ).href()


@pages.get(HOME, access=visitor)
def questions() -> ResponseReturnValue:
    """Questions of all topics."""
    words = vocabulary(session())
    return shown(Filter.of(request.args, words), words)


@pages.get("/forum/thema/<thema>", access=visitor)
def topic(thema: str) -> ResponseReturnValue:
    """Questions of a topic; another word for it leads here."""
    words = vocabulary(session())
    slug = words.find(thema[:200])
    if slug is None:
        raise NotFound if actor().signed_in else NotSignedIn
    filter_ = Filter.of(request.args, words, slug)
    if slug != thema:
        return redirect(filter_.href(nach=filter_.after), 301)
    return shown(filter_, words)


def shown(filter_: Filter, words: Vocabulary) -> ResponseReturnValue:
    wanted = filter_.wanted
    if wanted.view == walks.UNGELESEN and not actor().signed_in:
        raise NotSignedIn
    who = audience.reader(session(), actor())
    first = wanted == Wanted() and not filter_.after and not filter_.fixed
    picks = beside.picks(session(), who) if first and expert(actor()) else beside.Picks()
    found = lists.page(session(), who, wanted, filter_.after or None, picks.ids)
    waiting = wanted.view == walks.OFFEN and not (wanted.lesson or wanted.course)
    return page(
        "forum/list.html",
        filter=filter_,
        found=found,
        rows=[rows.shape(row, waiting=waiting) for row in found.rows],
        pick=rows.shape(found.pick) if found.pick else None,
        duties=[words.name(slug) for slug in picks.topics],
        more=filter_.href(nach=found.after) if found.after else "",
        title=title(filter_, words),
        order=order(wanted),
        tabs=tabs(filter_),
        topics=topics(filter_, words),
        options=options(filter_, words, who),
        entry=words.topics.get(wanted.topic) if filter_.fixed else None,
        beside=aside(who, filter_),
        nothing=nothing(filter_, found),
        ask_href=ask_href(wanted),
        may_ask=not actor().signed_in or policy.may_write(actor()),
    )


def ask_href(wanted: Wanted) -> str:
    """The form for a new question, with what is known of it."""
    known = {"thema": wanted.topic, "lektion": wanted.lesson}
    pairs = [(name, value) for name, value in known.items() if value]
    return f"/forum/fragen/neu?{urlencode(pairs)}" if pairs else "/forum/fragen/neu"


def title(filter_: Filter, words: Vocabulary) -> str:
    """What the page shows, for the heading of the list and the title of the page."""
    name = {
        walks.OFFEN: _("Offene Fragen"),
        walks.NEU: _("Neue Fragen und Antworten"),
        walks.GELOEST: _("Gelöste Fragen"),
        walks.UNGELESEN: _("Ungelesene Fragen"),
    }[filter_.wanted.view]
    place = taught(filter_.wanted)
    if place:
        return _("%(name)s zu „%(place)s“", name=name, place=place)
    topic = words.name(filter_.wanted.topic)
    return _("%(name)s zu %(topic)s", name=name, topic=topic) if topic else name


def taught(wanted: Wanted) -> str:
    """The title of the lesson or course whose questions these are; empty for none of today."""
    if wanted.lesson:
        place = places.lesson(session(), wanted.lesson)
        return place.title if place else ""
    found = shelf.current_by_id(session(), [wanted.course]) if wanted.course else {}
    return found[wanted.course].manifest.title if found else ""


def order(wanted: Wanted) -> str:
    """How the list is sorted, in words."""
    if wanted.view == walks.OFFEN and not (wanted.lesson or wanted.course):
        return _("am längsten wartende zuerst")
    return _("neueste Beiträge zuerst")


def tabs(filter_: Filter) -> list[tuple[str, str, bool]]:
    """The four views; „Ungelesen“ for people who are signed in."""
    views = [(walks.OFFEN, _("Offen")), (walks.NEU, _("Neu")), (walks.GELOEST, _("Gelöst"))]
    if actor().signed_in:
        views.append((walks.UNGELESEN, _("Ungelesen")))
    return [
        (
            replace(filter_, wanted=replace(filter_.wanted, view=view)).href(),
            text,
            view == filter_.wanted.view,
        )
        for view, text in views
    ]


def topics(filter_: Filter, words: Vocabulary) -> list[tuple[str, str, bool]]:
    """Chips of the topics while they are few; with more the form has a field for them."""
    if len(words.topics) > MOST_CHIPS:
        return []
    chosen = filter_.wanted.topic
    rest = replace(filter_, wanted=replace(filter_.wanted, topic=""), fixed=False)
    every = (rest.href(), _("Alle Themen"), not chosen)
    plain = urlencode(rest.pairs())
    behind = f"?{plain}" if plain else ""
    return [
        every,
        *((f"{HOME}/thema/{slug}{behind}", one.name, slug == chosen) for slug, one in words.topics.items()),
    ]


def options(filter_: Filter, words: Vocabulary, who: Reader) -> dict[str, Options]:
    """The choices of the form. Klassen are asked for where nothing else is asked of the database."""
    found: dict[str, Options] = {}
    if len(words.topics) > MOST_CHIPS:
        found["thema"] = [("", _("Alle Themen")), *((slug, one.name) for slug, one in words.topics.items())]
    found["phase"] = [("", _("Alle Phasen")), *forms.phase_names()]
    found["groesse"] = [("", _("Alle Größen")), *((key, sizes.size_range(key)) for key in sizes.KEYS)]
    alone = not (filter_.fixed or filter_.wanted.lesson or filter_.wanted.course)
    klassen = circles.klassen(session(), who) if alone else ()
    if klassen:
        found["klasse"] = [("", _("Alle Klassen")), *((str(one.id), one.name) for one in klassen)]
    return found


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands beside a topic's questions."""

    towns: Sequence[tuple[str, str]]
    follows: str
    may_follow: bool


def aside(who: Reader, filter_: Filter) -> Aside | None:
    """The pioneer towns to ask about a topic, and whether the reader follows it."""
    if not filter_.fixed:
        return None
    topic = filter_.wanted.topic
    may_follow = policy.may_write(actor())
    follows = beside.follows_topic(session(), who, topic) if may_follow else ""
    return Aside(beside.towns_for(session(), topic), follows, may_follow)


def nothing(filter_: Filter, found: Found) -> str:
    """What an empty list says."""
    if found.after:
        return _("Auf dieser Seite passt keine Frage. Die Liste geht weiter.")
    if filter_.wanted.filtered or filter_.after:
        return _("Keine Frage passt zu diesen Filtern.")
    if not found.any:
        return _("Noch keine Frage. Stellen Sie die erste.")
    return {
        walks.OFFEN: _("Zurzeit ist keine Frage offen."),
        walks.GELOEST: _("Noch keine Frage ist gelöst."),
    }.get(filter_.wanted.view, _("Sie haben alles gelesen."))
