"""Pages of moderation: each act on a page of its own that says what will happen and asks for the reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core import clock
from learn.core.access import Actor, Forbidden, NotFound, Refused, actor, coordinator, learner, trainer
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.forum import acts, audience, moderating, policy, queries
from learn.forum.audience import Reader
from learn.forum.models import Moderation, Post, Question
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages

POST = "/forum/beitraege/<int(max=2147483647):post_id>"
QUESTION = "/forum/fragen/<int(max=2147483647):question_id>"
ACT = "/forum/moderation/<int(max=2147483647):moderation_id>"


def moderates(actor: Actor) -> bool:
    """Who moderates somewhere; where, the question says."""
    return coordinator(actor) or trainer(actor)


@dataclass(frozen=True, slots=True)
class Asked:
    """A page before an act: what it is called, what will happen, where it goes, how the button says it."""

    title: str
    happens: tuple[str, ...]
    action: str
    button: str
    here: str  # the question, or the post in it
    subject: str  # its title
    danger: bool = False


Act = Callable[[Any, Reader, str], object]


@pages.get(f"{POST}/ausblenden", access=moderates)
def ask_to_hide_post(post_id: int) -> ResponseReturnValue:
    """What will happen to a Beitrag."""
    post, question = moderated_post(post_id)
    return reason_page(hiding_post(post, question))


@pages.post(f"{POST}/ausblenden", access=moderates)
def hide_post(post_id: int) -> ResponseReturnValue:
    """Hide a Beitrag; its number stays."""
    post, question = moderated_post(post_id)
    return act_on(
        hiding_post(post, question),
        lambda db, who, why: moderating.hide_post(db, who, post, why),
        _("Der Beitrag ist ausgeblendet."),
    )


@pages.get(f"{QUESTION}/ausblenden", access=moderates)
def ask_to_hide_question(question_id: int) -> ResponseReturnValue:
    """What will happen to the whole question."""
    return reason_page(hiding_question(moderated(question_id)))


@pages.post(f"{QUESTION}/ausblenden", access=moderates)
def hide_question(question_id: int) -> ResponseReturnValue:
    """Hide a question with all its posts."""
    question = moderated(question_id)
    return act_on(
        hiding_question(question),
        lambda db, who, why: moderating.hide_question(db, who, question, why),
        _("Die Frage ist ausgeblendet."),
    )


@pages.get(f"{QUESTION}/schliessen", access=moderates)
def ask_to_lock(question_id: int) -> ResponseReturnValue:
    """What closing means."""
    return reason_page(locking(moderated(question_id)))


@pages.post(f"{QUESTION}/schliessen", access=moderates)
def lock(question_id: int) -> ResponseReturnValue:
    """Let nobody answer any more."""
    question = moderated(question_id)
    return act_on(
        locking(question),
        lambda db, who, why: moderating.lock(db, who, question, why),
        _("Die Frage ist geschlossen."),
    )


@pages.get(f"{QUESTION}/eingriffe", access=moderates)
def acts_of_question(question_id: int) -> ResponseReturnValue:
    """What was done to a question, and what may be done."""
    question = moderated(question_id)
    found = acts.log(session(), acts.Wanted(question_id=question.id), request.args.get("nach"))
    return page(
        "forum/acts.html",
        question=question,
        here=shared.place(question),
        found=found,
        rearranges=policy.may_rearrange(actor()),
        names=action_names(),
        local=clock.local,
    )


@pages.get(f"{ACT}/zuruecknehmen", access=moderates)
def ask_to_undo(moderation_id: int) -> ResponseReturnValue:
    """What taking an act back means."""
    return reason_page(undoing(*undoable(moderation_id)))


@pages.post(f"{ACT}/zuruecknehmen", access=moderates)
def undo(moderation_id: int) -> ResponseReturnValue:
    """Take an act back."""
    return act_on(
        undoing(*undoable(moderation_id)),
        lambda db, who, why: moderating.undo(db, who, moderation_id, why),
        _("Der Eingriff ist zurückgenommen."),
    )


@pages.get(f"{ACT}/widersprechen", access=learner)
def ask_to_object(moderation_id: int) -> ResponseReturnValue:
    """For an author: what was done to her Beitrag and why, and the form to object."""
    return objection_page(concerning(moderation_id))


@pages.post(f"{ACT}/widersprechen", access=learner)
def object_to(moderation_id: int) -> ResponseReturnValue:
    """„Widersprechen“, once."""
    entry = concerning(moderation_id)
    text = request.form.get("reason", "")
    try:
        with writing() as db:
            moderating.object_to(db, audience.reader(db, actor()), moderation_id, text)
    except Refused as refused:
        return objection_page(entry, text, refused)
    flash(_("Ihr Widerspruch liegt bei der Koordination. Sie bekommen Bescheid."), "success")
    return shared.lead_to(f"/forum/moderation/{moderation_id}/widersprechen")


def moderated(question_id: int) -> Question:
    """The question for who moderates it. Raises NotFound, Forbidden."""
    who, question = shared.readable(question_id)
    if not policy.may_moderate(who, question):
        raise Forbidden
    return question


def moderated_post(post_id: int) -> tuple[Post, Question]:
    """A post for who moderates its question. Raises NotFound, Forbidden."""
    who, post, question = shared.readable_post(post_id)
    if not policy.may_moderate(who, question):
        raise Forbidden
    return post, question


def undoable(moderation_id: int) -> tuple[Moderation, Question]:
    """An act for who may take it back, and its question. Raises NotFound, Forbidden."""
    act = acts.one(session(), moderation_id)
    if act is None or act.action not in moderating.UNDOING:
        raise NotFound
    who, question = shared.readable(act.question_id)
    moderating.allow(who, act.action, question)
    return act, question


def concerning(moderation_id: int) -> acts.Entry:
    """An act as its authors see it; to others it does not exist. Raises NotFound."""
    act, found = acts.one(session(), moderation_id), acts.entry(session(), moderation_id)
    if act is None or found is None or actor().person_id not in acts.authors(session(), act):
        raise NotFound
    return found


def hiding_post(post: Post, question: Question) -> Asked:
    if post.number == 1:
        return hiding_question(question)
    return Asked(
        _("Beitrag ausblenden"),
        (
            _("Niemand liest ihn mehr, auch nicht in Suche, Feeds und Übersichten."),
            _("An seiner Stelle stehen die Nummer %(number)s und Ihr Grund.", number=post.number),
            told_words(),
        ),
        f"/forum/beitraege/{post.id}/ausblenden",
        _("Beitrag ausblenden"),
        shared.place(question, post.number),
        question.title,
        danger=True,
    )


def hiding_question(question: Question) -> Asked:
    return Asked(
        _("Frage ausblenden"),
        (
            _("Niemand liest die Frage und ihre Antworten mehr, auch nicht in Listen, Suche und Feeds."),
            _("Auf ihrer Seite steht Ihr Grund."),
            told_words(),
        ),
        f"/forum/fragen/{question.id}/ausblenden",
        _("Frage ausblenden"),
        shared.place(question),
        question.title,
        danger=True,
    )


def locking(question: Question) -> Asked:
    return Asked(
        _("Frage schließen"),
        (
            _("Alles bleibt lesbar. Neue Antworten und Rückfragen sind nicht mehr möglich."),
            _("Über der Frage steht Ihr Grund."),
            told_words(),
        ),
        f"/forum/fragen/{question.id}/schliessen",
        _("Frage schließen"),
        shared.place(question),
        question.title,
    )


def undoing(act: Moderation, question: Question) -> Asked:
    happens = {
        acts.HIDE: _("Alle, die die Frage lesen dürfen, lesen es wieder."),
        acts.LOCK: _("Antworten und Rückfragen sind wieder möglich."),
        acts.MOVE: _("Die Frage steht wieder unter ihren früheren Themen."),
        acts.MERGE: _(
            "Die Beiträge kehren an ihre alten Nummern zurück. In der anderen Frage bleibt ein Verweis."
        ),
        acts.SPLIT: _(
            "Die Beiträge kehren an ihre alten Nummern zurück. In der anderen Frage bleibt ein Verweis."
        ),
    }
    restores = act.action == acts.HIDE
    return Asked(
        _("Wiederherstellen") if restores else _("Eingriff zurücknehmen"),
        (happens[act.action], _("Keine Frage rückt dadurch in den Listen nach oben."), told_words()),
        f"/forum/moderation/{act.id}/zuruecknehmen",
        _("Wiederherstellen") if restores else _("Zurücknehmen"),
        f"/forum/fragen/{question.id}/eingriffe",
        question.title,
    )


def told_words() -> str:
    return _("Wer betroffen ist, bekommt Bescheid und kann widersprechen.")


def act_on(asked: Asked, act: Act, done: str) -> ResponseReturnValue:
    """Do it with the reason that was sent; refused, the same page with its text."""
    reason = request.form.get("reason", "")
    try:
        with writing() as db:
            act(db, audience.reader(db, actor()), reason)
    except Refused as refused:
        return reason_page(asked, reason, refused)
    flash(done, "success")
    return shared.lead_to(asked.here)


def reason_page(
    asked: Asked, reason: str = "", refused: Refused | None = None, **values: Any
) -> ResponseReturnValue:
    faults = {refused.field: refused.message} if refused else {}
    return page(
        "forum/moderate.html",
        refused.status if refused else 200,
        asked=asked,
        reason=reason,
        faults=faults,
        **values,
    )


def objection_page(entry: acts.Entry, text: str = "", refused: Refused | None = None) -> ResponseReturnValue:
    who = audience.reader(session(), actor())
    found = queries.question(session(), who, entry.question_id)
    return page(
        "forum/object.html",
        refused.status if refused else 200,
        entry=entry,
        reachable=found is not None,
        titled=found is not None and (who.reads(found.listed) or policy.may_moderate(who, found)),
        text=text,
        fault=refused.message if refused else "",
        names=action_names(),
        local=clock.local,
        can_object=entry.action in moderating.UNDOING and not entry.undone and not entry.objection,
    )


def action_names() -> dict[str, str]:
    """What was done, in words."""
    return {
        acts.HIDE: _("Ausgeblendet"),
        acts.LOCK: _("Geschlossen"),
        acts.MOVE: _("Verschoben"),
        acts.MERGE: _("Zusammengeführt"),
        acts.SPLIT: _("Geteilt"),
        acts.UNDO: _("Zurückgenommen"),
        acts.KEEP: _("Widerspruch geprüft, bleibt"),
    }
