"""Verschieben, Zusammenführen, Teilen: pages of the Koordination that change what stands where."""

from collections.abc import Sequence
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core.access import Refused, actor, coordinator
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.i18n import ngettext
from learn.core.web import page
from learn.forum import audience, carrying, forms, moderating, moving, queries
from learn.forum.models import Question
from learn.forum.moving import Fresh
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages
from learn.forum.views.moderating import QUESTION, Asked, told_words
from learn.network import topics
from learn.search import finding

FOUND = 8  # questions that a search for the other one shows
NEW, OTHER = "neu", "andere"


@pages.get(f"{QUESTION}/verschieben", access=coordinator)
def ask_to_move(question_id: int) -> ResponseReturnValue:
    """Other topics for a question."""
    question = readable(question_id)
    return move_page(question, queries.topics(session(), question.id))


@pages.post(f"{QUESTION}/verschieben", access=coordinator)
def move(question_id: int) -> ResponseReturnValue:
    """Give it the chosen topics, the main one first."""
    question = readable(question_id)
    chosen = main_first(request.form.getlist("topic"), request.form.get("main", ""))
    try:
        with writing() as db:
            moderating.move(db, audience.reader(db, actor()), question, chosen, reason())
    except Refused as refused:
        return move_page(question, chosen, refused)
    flash(_("Die Frage steht jetzt unter anderen Themen."), "success")
    return shared.lead_to(shared.place(question))


@pages.get(f"{QUESTION}/zusammenfuehren", access=coordinator)
def ask_to_merge(question_id: int) -> ResponseReturnValue:
    """Choose the other question, by number, address or a search."""
    question = readable(question_id)
    return merge_page(question, request.args.get("ziel", "")[:300], request.args.get("q", "")[:200])


@pages.post(f"{QUESTION}/zusammenfuehren", access=coordinator)
def merge(question_id: int) -> ResponseReturnValue:
    """Append all posts to the other question; this one becomes a page that leads there."""
    question, wanted = readable(question_id), request.form.get("target", "")[:300]
    try:
        target = moving.target_of(session(), shared.reader(), question, wanted).id
        with writing() as db:
            moving.merge(db, audience.reader(db, actor()), question.id, target, reason())
    except Refused as refused:
        return merge_page(question, wanted, "", refused)
    flash(_("Die Fragen sind zusammengeführt."), "success")
    return shared.lead_to(f"/forum/fragen/{target}")


@pages.get(f"{QUESTION}/teilen", access=coordinator)
def ask_to_split(question_id: int) -> ResponseReturnValue:
    """Choose posts, and where they go."""
    question = readable(question_id)
    into = OTHER if "ziel" in request.args else NEW
    values = {
        "posts": [],
        "into": into,
        "title": "",
        "topics": list(queries.topics(session(), question.id)),
        "target": request.args.get("ziel", "")[:300],
    }
    return split_page(question, values)


@pages.post(f"{QUESTION}/teilen", access=coordinator)
def split(question_id: int) -> ResponseReturnValue:
    """Take the chosen posts out."""
    question = readable(question_id)
    values = split_values()
    try:
        target: int | Fresh = Fresh(values["title"], tuple(values["topics"]))
        if values["into"] == OTHER:
            target = moving.target_of(session(), shared.reader(), question, values["target"]).id
        with writing() as db:
            who = audience.reader(db, actor())
            act = moving.split(db, who, question.id, values["posts"], target, reason())
            there = act.data["other"]
    except Refused as refused:
        return split_page(question, values, refused)
    flash(_("Die Frage ist geteilt."), "success")
    return shared.lead_to(f"/forum/fragen/{there}")


def readable(question_id: int) -> Question:
    """The question; the Koordination reads all. Raises NotFound."""
    return shared.readable(question_id)[1]


def reason() -> str:
    return request.form.get("reason", "")


def main_first(chosen: Sequence[str], main: str) -> tuple[str, ...]:
    """The chosen topics with the main one at the beginning."""
    return (main, *(slug for slug in chosen if slug != main)) if main in chosen else tuple(chosen)


def split_values() -> dict[str, Any]:
    """What the form of splitting holds."""
    form = request.form
    return {
        "posts": [number for text in form.getlist("posts") if (number := forms.number(text))],
        "into": OTHER if form.get("into") == OTHER else NEW,
        "title": form.get("title", ""),
        "topics": list(main_first(form.getlist("topic"), form.get("main", ""))),
        "target": form.get("target", "")[:300],
    }


def move_page(
    question: Question, chosen: Sequence[str], refused: Refused | None = None
) -> ResponseReturnValue:
    asked = Asked(
        _("Frage verschieben"),
        (
            _("Die Frage steht danach in den Listen der gewählten Themen. Adresse und Beiträge bleiben."),
            _("Sie rückt dadurch nicht nach oben."),
            told_words(),
        ),
        f"/forum/fragen/{question.id}/verschieben",
        _("Themen ändern"),
        shared.place(question),
        question.title,
    )
    return asked_page("forum/move.html", asked, refused, chosen=chosen, topics=topics.by_name())


def merge_page(
    question: Question, target: str, query: str, refused: Refused | None = None
) -> ResponseReturnValue:
    number = len(carrying.content(session(), question.id))
    asked = Asked(
        _("Fragen zusammenführen"),
        (
            ngettext(
                "Der Beitrag dieser Frage kommt mit neuer Nummer ans Ende der anderen.",
                "Alle %(num)s Beiträge dieser Frage kommen mit neuen Nummern ans Ende der anderen.",
                number,
            ),
            _("Auf dieser Seite bleibt ein Verweis. Alte Links führen zum richtigen Beitrag."),
            _("Keine Frage rückt dadurch nach oben, niemand bekommt eine E-Mail wie bei neuen Beiträgen."),
            told_words(),
        ),
        f"/forum/fragen/{question.id}/zusammenfuehren",
        _("Zusammenführen"),
        shared.place(question),
        question.title,
        danger=True,
    )
    return asked_page(
        "forum/join.html", asked, refused, target=target, query=query, **others(question, query)
    )


def split_page(
    question: Question, values: dict[str, Any], refused: Refused | None = None
) -> ResponseReturnValue:
    posts = [post for post in carrying.content(session(), question.id) if post.number > 1]
    asked = Asked(
        _("Frage teilen"),
        (
            _("Die gewählten Beiträge verlassen diese Frage, mit ihren Rückfragen. Hier bleibt ein Verweis."),
            _("In einer neuen Frage wird der erste von ihnen zur Frage selbst."),
            _("Keine Frage rückt dadurch nach oben. Alte Links führen zum richtigen Beitrag."),
            told_words(),
        ),
        f"/forum/fragen/{question.id}/teilen",
        _("Frage teilen"),
        shared.place(question),
        question.title,
    )
    return asked_page("forum/split.html", asked, refused, posts=posts, values=values, topics=topics.by_name())


def others(question: Question, query: str) -> dict[str, Any]:
    """Questions that a search finds; only those are offered whose circle fits."""
    if not query.strip():
        return {"hits": ()}
    who = shared.reader()
    hits = finding.search(session(), who.circles, query, kind="fragen", limit=FOUND).rows
    return {"hits": [hit for hit in hits if hit.detail.get("id") != question.id]}


def asked_page(template: str, asked: Asked, refused: Refused | None, **values: Any) -> ResponseReturnValue:
    return page(
        template,
        refused.status if refused else 200,
        asked=asked,
        reason=reason(),
        faults={refused.field: refused.message} if refused else {},
        **values,
    )
