"""`/forum/feed` and its kin as Atom, and the page where a person makes the key of her own."""

from collections.abc import Sequence
from urllib.parse import quote

from flask import request
from flask.typing import ResponseReturnValue

from learn.core import atom as core
from learn.core import sessions
from learn.core.access import NotFound, actor, learner, require, visitor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.forum import feeds
from learn.forum.feeds import Entry
from learn.forum.views.blueprint import pages
from learn.network import queries as network
from learn.network.vocabulary import vocabulary

KEY = "schluessel"
NEW_KEY = "feed-key"  # the note that carries a new key to the page that shows it
MINUTES = 10


@pages.get("/forum/feed", access=visitor)
def feed() -> ResponseReturnValue:
    """All questions."""
    who = require(feeds.reader(session(), request.args.get(KEY)))
    return atom(_("Forum"), "/forum", feeds.entries(session(), who))


@pages.get("/forum/thema/<thema>/feed", access=visitor)
def topic_feed(thema: str) -> ResponseReturnValue:
    """The questions of a topic; another word for it means the same."""
    who = require(feeds.reader(session(), request.args.get(KEY)))
    words = vocabulary(session())
    slug = words.find(thema[:200])
    if slug is None:
        raise NotFound
    title = _("Forum: %(topic)s", topic=words.name(slug))
    return atom(title, f"/forum/thema/{slug}", feeds.entries(session(), who, topic=slug))


@pages.get("/kommunen/<ags>/feed", access=visitor)
def town_feed(ags: str) -> ResponseReturnValue:
    """The questions of a town with their answers."""
    who = require(feeds.reader(session(), request.args.get(KEY)))
    town = require(network.town(session(), ags))
    title = _("Forum: Fragen aus %(town)s", town=town.name)
    return atom(title, f"/kommunen/{quote(ags)}", feeds.entries(session(), who, municipality_id=town.id))


@pages.get("/konto/feeds", access=learner)
def own_feeds() -> ResponseReturnValue:
    """Say what the feeds give away; a new key is shown for a few minutes after it was made."""
    return page(
        "forum/feeds.html",
        key=sessions.note(NEW_KEY, MINUTES) or "",
        has_key=feeds.has_key(session(), actor()),
        base=core.base(),
    )


@pages.post("/konto/feeds", access=learner)
def renew_feed_key() -> ResponseReturnValue:
    """Make a key, or end it."""
    with writing() as db:
        if "ende" in request.form:
            feeds.end(db, actor())
            sessions.drop_note(NEW_KEY)
        else:
            sessions.keep_note(NEW_KEY, feeds.renew(db, actor()))
    return to(".own_feeds")


def atom(title: str, path: str, entries: Sequence[Entry]) -> ResponseReturnValue:
    """The feed of a page, newest first."""
    return core.feed(
        "forum/feed.xml",
        max((entry.updated for entry in entries), default=core.NOTHING_YET),
        keyed=KEY in request.args,
        title=title,
        path=path,
        entries=entries,
    )
