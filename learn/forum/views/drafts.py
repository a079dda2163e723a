"""„Entwürfe“: the list, opening and deleting one, and the saves of a form while somebody writes in it."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from learn.core.access import Refused, actor, learner, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.web import page, to
from learn.forum import asking, drafts, forms, policy, queries, sending
from learn.forum.models import ForumDraft, Post, Question
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages

SAVES = Limit("forum-drafts", tries=60, seconds=60)
TEXTS = ("title", "body", "tried", "answer", "comment")


@pages.get("/forum/entwuerfe", access=learner)
def draft_list() -> ResponseReturnValue:
    """Her drafts, those begun last first."""
    found = drafts.drafts(session(), actor(), request.args.get("nach"))
    shown = [(draft, kind_of(draft), words_of(draft)) for draft in found.rows]
    return page("forum/drafts.html", drafts=shown, after=found.after)


@pages.get("/forum/entwuerfe/<int(max=2147483647):draft_id>", access=learner)
def open_draft(draft_id: int) -> ResponseReturnValue:
    """Its form with the text in it; the text alone where there is no form any more."""
    draft = require(drafts.by_id(session(), actor(), draft_id))
    address = form_of(draft)
    if address:
        return redirect(address)
    return page("forum/draft.html", draft=draft, kind=kind_of(draft), texts=texts_of(draft))


@pages.get("/forum/entwuerfe/<int(max=2147483647):draft_id>/loeschen", access=learner)
def ask_to_delete_draft(draft_id: int) -> ResponseReturnValue:
    draft = require(drafts.by_id(session(), actor(), draft_id))
    return page("forum/draft_delete.html", draft=draft, kind=kind_of(draft), words=words_of(draft))


@pages.post("/forum/entwuerfe/<int(max=2147483647):draft_id>/loeschen", access=learner)
def delete_draft(draft_id: int) -> ResponseReturnValue:
    with writing() as db:
        drafts.drop(db, actor(), require(drafts.by_id(db, actor(), draft_id)).target)
    flash(_("Der Entwurf ist gelöscht."), "success")
    return to(".draft_list")


@pages.post("/forum/entwuerfe/<target>", access=policy.may_write)
def save_draft(target: str) -> ResponseReturnValue:
    """Keep what a form holds: says when, or 409 with both texts where another window was faster."""
    target = drafts.target_of(target)
    fields, sequence = kept_fields(target), forms.number(request.form.get("sequence"))
    try:
        with writing() as db:
            sending.spend(db, actor(), SAVES)
            if asking.sent(db, actor(), fields.get("key", "")) is None:  # else it is published already
                drafts.save(db, actor(), target, fields, sequence=sequence)
    except drafts.Newer as newer:
        return conflict(fields, newer.draft)
    except Refused as refused:
        return refused.message, refused.status
    return said("forum/_saved.html", words=shared.saved_at())


def kept_fields(target: str) -> dict[str, Any]:
    """The fields of the form that are worth keeping."""
    kind = target.partition(":")[0]
    if kind in {"frage", "bearbeiten"}:
        return forms.Asking.read(request.form).fields()
    name = "answer" if kind == "antwort" else "comment"
    return forms.Reply.read(request.form, name).fields(name)


def conflict(fields: dict[str, Any], draft: ForumDraft) -> ResponseReturnValue:
    """Both texts, as a part of the page."""
    pairs = [(fields.get(name, ""), draft.fields.get(name, "")) for name in TEXTS]
    return said("forum/_newer.html", 409, pairs=[pair for pair in pairs if any(pair)], href=form_of(draft))


def said(template: str, status: int = 200, **values: object) -> Response:
    return make_response(render_template(template, **values), status)


def kind_of(draft: ForumDraft) -> str:
    """What it will become, in words."""
    kinds = {"frage": _("Frage"), "antwort": _("Antwort"), "rueckfrage": _("Rückfrage")}
    return kinds.get(draft.target.partition(":")[0], _("Änderung"))


def words_of(draft: ForumDraft) -> str:
    """The first words of a draft."""
    words = next((text for _label, text in texts_of(draft) if text.strip()), "")
    line = " ".join(words.split())
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"


def texts_of(draft: ForumDraft) -> list[tuple[str, str]]:
    """All of its texts with what they are called."""
    labels = (_("Titel"), _("Text"), _("Schon versucht"), _("Antwort"), _("Rückfrage"))
    pairs = zip(labels, (draft.fields.get(name, "") for name in TEXTS), strict=True)
    return [(label, text) for label, text in pairs if text]


def form_of(draft: ForumDraft) -> str:
    """The address of its form; empty where she may not send it any more."""
    kind, _colon, number = draft.target.partition(":")
    if kind == "frage":
        return f"/forum/fragen/neu?entwurf={draft.id}"
    who = shared.reader()
    if kind == "antwort":
        question = queries.question(session(), who, int(number))
        return f"/forum/fragen/{number}/antworten" if question and policy.may_answer(who, question) else ""
    found = queries.post_with_question(session(), who, int(number))
    if found is None:
        return ""
    return post_form(kind, *found)


def post_form(kind: str, post: Post, question: Question) -> str:
    """The address of a form about a post, likewise."""
    who, mine = shared.reader(), queries.wrote(session(), shared.reader(), post.id)
    if kind == "bearbeiten":
        return f"/forum/beitraege/{post.id}/bearbeiten" if policy.may_edit(who, post, mine=mine) else ""
    open_ = not post.hidden and policy.may_answer(who, question)
    return f"/forum/beitraege/{post.id}/rueckfragen" if open_ else ""
