"""Comments at lines: a text with its line numbers, and what becomes of each comment."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from learn.core.access import NotFound, Refused, actor, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.workshop import assessing, comments, copies, keys, policy
from learn.workshop.models import ReviewComment
from learn.workshop.views.blueprint import pages
from learn.workshop.views.editing import lesson_key, text_key
from learn.workshop.views.shared import number

LESSON = "/werkstatt/lektionen/<lesson_id>/anmerkungen"
TEXT = "/werkstatt/texte/<key>/anmerkungen"
ONE = "/werkstatt/anmerkungen/<int(max=2147483647):comment_id>"


@pages.get(LESSON, access=policy.author)
def lesson_comments(lesson_id: str) -> ResponseReturnValue:
    """A lesson line by line; `?fassung=einfach` its version in Einfache Sprache."""
    return shown(lesson_key(lesson_id))


@pages.get(TEXT, access=policy.author)
def text_comments(key: str) -> ResponseReturnValue:
    """The same of any other text."""
    return shown(text_key(key))


@pages.post(LESSON, access=policy.author)
def comment_lesson(lesson_id: str) -> ResponseReturnValue:
    return written(lesson_key(lesson_id))


@pages.post(TEXT, access=policy.author)
def comment_text(key: str) -> ResponseReturnValue:
    return written(text_key(key))


@pages.post(f"{ONE}/erledigen", access=policy.author)
def settle_comment(comment_id: int) -> ResponseReturnValue:
    with writing() as db:
        found = comments.settle(db, comment_id, settled=True)
        return back(found, _("Die Anmerkung ist erledigt."))


@pages.post(f"{ONE}/oeffnen", access=policy.author)
def reopen_comment(comment_id: int) -> ResponseReturnValue:
    with writing() as db:
        found = comments.settle(db, comment_id, settled=False)
        return back(found, _("Die Anmerkung ist wieder offen."))


@pages.post(f"{ONE}/loeschen", access=policy.author)
def delete_comment(comment_id: int) -> ResponseReturnValue:
    """One's own; those of others are settled."""
    with writing() as db:
        found = comments.delete(db, actor(), comment_id)
        return back(found, _("Die Anmerkung ist gelöscht."))


def written(key: str) -> ResponseReturnValue:
    """Keep a comment; refused, the page says so at the field and keeps the words."""
    text = require(copies.text(session(), key))
    course_id = require(copies.course_of(session(), key))
    body = request.form.get("comment", "")
    try:
        with writing() as db:
            made = comments.write(db, actor(), course_id, key, text.text, number("line"), body)
            return back(made, _("Die Anmerkung ist gespeichert."))
    except Refused as refused:
        return shown(key, refused)


def back(found: ReviewComment, done: str) -> ResponseReturnValue:
    """To the text's comments."""
    flash(done, "success")
    return redirect(f"{comments.page_of(found.key)}#anmerkungen", code=303)


def shown(key: str, refused: Refused | None = None) -> ResponseReturnValue:
    text = require(copies.text(session(), key))
    if text.removed:
        raise NotFound
    copy = require(copies.copy(session(), require(copies.course_of(session(), key))))
    found = comments.at(session(), key, text.text)
    typed = request.form if refused else request.args
    return page(
        "workshop/comments.html",
        refused.status if refused else 200,
        key=key,
        title=assessing.titles(copy).get(key, text.path),
        copy=copy,
        editor=keys.href(key),
        lines=text.text.removesuffix("\n").split("\n"),
        found=found,
        marked={comment.line for comment in found if not comment.settled},
        line=typed.get("line" if refused else "zeile", "1")[:8],
        body=request.form.get("comment", "") if refused else "",
        faults={refused.field: refused.message} if refused else {},
    )
