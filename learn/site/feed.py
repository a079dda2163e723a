"""`/kurse/feed.atom`: the courses published last, for feed readers."""

from flask.typing import ResponseReturnValue

from learn.core import atom
from learn.core.access import visitor
from learn.core.db import session
from learn.core.i18n import gettext as _
from learn.courses import addresses
from learn.site.blueprint import pages

ENTRIES = 30  # a feed holds the newest of these


@pages.get("/kurse/feed.atom", access=visitor)
def course_feed() -> ResponseReturnValue:
    """New courses and new states of courses."""
    found = addresses.newest(session(), ENTRIES)
    updated = max((course.published for course in found), default=atom.NOTHING_YET)
    return atom.feed("site/feed.xml", updated, title=_("Kurse"), path="/kurse", courses=found)
