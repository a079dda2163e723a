"""„Wer hat das schon gemacht?“: what resembles a question while it is written, as a part of that page."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from learn.core.db import session
from learn.core.limits import Limit
from learn.core.pace import Pace
from learn.forum import indexing, policy
from learn.forum.audience import Reader
from learn.forum.found import Found, found
from learn.forum.views import writing
from learn.forum.views.blueprint import pages

LOOKS = Pace(Limit("forum-similar", tries=120, seconds=60))


@pages.get("/forum/aehnlich", access=policy.may_write)
def similar() -> ResponseReturnValue:
    """Up to five entries like the words in `q` (or in the field `title`)."""
    LOOKS.take(writing.source())
    text = request.args.get("q") or request.args.get("title", "")
    return render_template("forum/_similar.html", similar=entries(writing.reader(), text))


def entries(who: Reader, text: str) -> Sequence[Found]:
    """The same for the second step of asking."""
    return [found(hit) for hit in indexing.similar(session(), who, text)]
