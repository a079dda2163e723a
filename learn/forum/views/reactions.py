"""What people do beside writing: „Ich auch“, „Hat geholfen“, Lösungen and verdict, Folgen, reading."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from learn.core.access import actor, learner, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.forum import audience, forms, judging, policy, queries, reacting, reading
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages
from learn.forum.views.question import ONE, POST, address
from learn.network import queries as network
from learn.network.vocabulary import vocabulary


@pages.post(f"{ONE}/ich-auch", access=policy.may_write)
def me_too(question_id: int) -> ResponseReturnValue:
    """„Ich auch“, or no longer with `an=0`."""
    with writing() as db:
        who = audience.reader(db, actor())
        question = require(queries.question(db, who, question_id))
        reacting.me_too(db, who, question, on=wanted())
        here = address(question, 1)
    return shared.lead_to(here)


@pages.post(f"{POST}/hilfreich", access=policy.may_write)
def helped(post_id: int) -> ResponseReturnValue:
    """„Hat geholfen“, or no longer."""
    with writing() as db:
        who = audience.reader(db, actor())
        post, question = require(queries.post_with_question(db, who, post_id))
        reacting.helped(db, who, post, on=wanted())
        here = address(question, post.number)
    return shared.lead_to(here)


@pages.post(f"{POST}/loesung", access=policy.may_write)
def mark(post_id: int) -> ResponseReturnValue:
    """Mark an Antwort as Lösung, or no longer."""
    with writing() as db:
        who = audience.reader(db, actor())
        post, question = require(queries.post_with_question(db, who, post_id))
        judging.mark(db, who, post, on=wanted())
        here = address(question, post.number)
    return shared.lead_to(here)


@pages.post(f"{ONE}/ergebnis", access=policy.may_write)
def judge(question_id: int) -> ResponseReturnValue:
    """Say whether the question is solved."""
    with writing() as db:
        who = audience.reader(db, actor())
        question = require(queries.question(db, who, question_id))
        judging.judge(db, who, question, request.form.get("verdict", ""))
        here = f"{address(question)}#ergebnis"
    return shared.lead_to(here)


@pages.post(f"{ONE}/folgen", access=policy.may_write)
def follow(question_id: int) -> ResponseReturnValue:
    """Choose what to hear of a question."""
    with writing() as db:
        who = audience.reader(db, actor())
        question = require(queries.question(db, who, question_id))
        reading.follow(db, who, question, request.form.get("level", ""))
        here = f"{address(question)}#folgen"
    return followed(here)


@pages.post("/forum/thema/<thema>/folgen", access=policy.may_write)
def follow_topic(thema: str) -> ResponseReturnValue:
    """Choose what to hear of a topic; without a level nothing is chosen any more."""
    slug = require(vocabulary(session()).find(thema[:200]))
    with writing() as db:
        reading.follow_topic(db, actor(), slug, request.form.get("level", ""))
    return followed(f"/forum/thema/{slug}#folgen")


@pages.post("/kommunen/<ags>/folgen", access=policy.may_write)
def follow_town(ags: str) -> ResponseReturnValue:
    """Choose what to hear of a town."""
    town = require(network.town(session(), ags))
    with writing() as db:
        reading.follow_town(db, actor(), town.id, request.form.get("level", ""))
    return followed(f"/kommunen/{town.ags}#folgen")


@pages.post(f"{ONE}/gelesen", access=learner)
def read(question_id: int) -> ResponseReturnValue:
    """Note up to which number she has read; a script that sends this on its own gets nothing to show."""
    number = forms.number(request.form.get("number")) or 0
    with writing() as db:
        who = audience.reader(db, actor())
        question = require(queries.question(db, who, question_id))
        reading.read_to(db, actor(), question, number)
        here = address(question, min(number, question.last_number))
    return Response(status=204) if "HX-Request" in request.headers else shared.lead_to(here)


def wanted() -> bool:
    """Whether a reaction is meant to be on; „Ich auch“ alone means yes."""
    return request.form.get("an", "1") != "0"


def followed(here: str) -> Response:
    """Back, with a word."""
    level = request.form.get("level", "")
    words = {
        reading.ALL: _("Sie hören ab jetzt alles davon."),
        reading.IMPORTANT: _("Sie hören ab jetzt von Antworten und Lösungen."),
    }.get(level, _("Sie hören nichts mehr davon, nur was an Sie gerichtet ist."))
    flash(words, "success")
    return shared.lead_to(here)
