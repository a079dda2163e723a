"""`/forum/feed` and its kin as Atom, and the page where a person makes the key of her own."""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from flask import current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from learn.config import Config
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
BEGUN = 2026  # in tag: addresses, which must never change
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
NOTHING_YET = datetime(BEGUN, 1, 1, tzinfo=UTC)


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
        base=base(),
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


def base() -> str:
    """Under which address this installation is known."""
    config: Config = current_app.extensions["learn.config"]
    return config.base_url.rstrip("/")


def atom(title: str, path: str, entries: Sequence[Entry]) -> ResponseReturnValue:
    """The feed as Atom. A reader that has it already is told so; nothing is noted about the asking."""
    host = urlsplit(base()).hostname or "localhost"
    updated = max((entry.updated for entry in entries), default=NOTHING_YET)
    text = render_template(
        "forum/feed.xml",
        title=title,
        base=base(),
        page=f"{base()}{path}",
        here=f"{base()}{request.path}",
        tag=f"tag:{host},{BEGUN}:",
        path=path,
        updated=updated,
        entries=entries,
        stamp=stamp,
    )
    text = NOT_XML.sub("", text)
    response = make_response(text)
    response.mimetype = "application/atom+xml"
    keyed = KEY in request.args
    response.headers["Cache-Control"] = "private, no-cache" if keyed else "public, max-age=300"
    response.headers["X-Robots-Tag"] = "noindex"
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    response.last_modified = updated
    return response.make_conditional(request)


def stamp(instant: datetime) -> str:
    """An instant as Atom writes it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
