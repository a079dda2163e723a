"""`/verwaltung/unbeantwortet`: questions that nobody has answered for five working days."""

from flask import current_app, request
from flask.typing import ResponseReturnValue

from learn.config import Config
from learn.core.db import session
from learn.core.web import page
from learn.desk.blueprint import pages
from learn.desk.policy import may_moderate
from learn.forum import unanswered
from learn.network.topics import topic_name

LIST = "/verwaltung/unbeantwortet"


@pages.get(LIST, access=may_moderate)
def unanswered_questions() -> ResponseReturnValue:
    """Those who need it most come first, as in the list „Offen“."""
    config: Config = current_app.extensions["learn.config"]
    found = unanswered.overdue(session(), request.args.get("nach"), config.holidays)
    return page("desk/unanswered.html", found=found, topic_name=topic_name)
