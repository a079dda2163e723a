"""Editing a post against its base revision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import flash, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from learn.core import forms as core_forms
from learn.core import jobs
from learn.core.access import Forbidden, NotFound, Refused, actor, coordinator
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.forum import audience, drafts, editing, forms, places, policy, queries, sending, texts
from learn.forum.audience import Reader
from learn.forum.forms import Asking, Faults
from learn.forum.models import Post, Question
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages
from learn.forum.views.merging import merge_page
from learn.network.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Place:
    """A post to be changed. `words`: its text may be; `head`: title, topics, phase and lesson may be."""

    who: Reader
    post: Post
    question: Question
    mine: bool
    words: bool
    head: bool

    @property
    def target(self) -> str:
        return f"bearbeiten:{self.post.id}"

    @property
    def action(self) -> str:
        return f"/forum/beitraege/{self.post.id}/bearbeiten"

    @property
    def longest(self) -> int:
        return texts.LONGEST_COMMENT if self.post.kind == "rueckfrage" else texts.LONGEST

    @property
    def empty(self) -> str:
        kinds = {"antwort": texts.ANSWER, "rueckfrage": texts.COMMENT}
        return kinds.get(self.post.kind, texts.ASK)


@pages.get("/forum/beitraege/<int(max=2147483647):post_id>/bearbeiten", access=policy.may_write)
def edit(post_id: int) -> ResponseReturnValue:
    """The form with a rescued text, else her draft, else what is stored."""
    place = editable(post_id)
    now = stored(place)
    kept = core_forms.claim(place.action, f"/forum/entwuerfe/{place.target}")
    if kept is not None:
        asked = Asking.read(MultiDict(kept.fields), now)
        return form_page(place, asked, note=_("Ihr Text ist noch da."))
    draft = drafts.draft(session(), actor(), place.target)
    if draft is None:
        return form_page(place, now)
    asked = replace(Asking.read(forms.source(draft.fields), now), sequence=draft.sequence + 1)
    return form_page(place, asked, note=_("Ihr Entwurf ist geladen."))


@pages.post(
    "/forum/beitraege/<int(max=2147483647):post_id>/bearbeiten",
    access=policy.may_write,
    largest=shared.LARGEST,
)
def save_edit(post_id: int) -> ResponseReturnValue:
    """Save, show a preview, keep a draft or add a picture, as the button says."""
    asked, target = Asking.read(request.form), f"bearbeiten:{post_id}"
    with shared.kept(target, asked.fields()):
        place = editable(post_id)
        asked = sent(place)
        pressed = request.form.get("press")
        if pressed == "entwurf":
            return save_draft(place, asked)
        if pressed == "bild":
            body, faults = shared.add_picture(asked.body)
            return form_page(place, replace(asked, body=body), faults, 422 if faults else 200)
        shared.pace(preview=pressed == "vorschau")
        faults, change = checked(place, asked)
        if change is None:
            return form_page(place, asked, faults, 422)
        if pressed == "vorschau":
            return form_page(place, asked, preview=shown(place, change))
        return store(place, asked, change)


def found(post_id: int) -> Place:
    """A post with what may be done to it. Raises NotFound."""
    who, post, question = shared.readable_post(post_id)
    if post.kind == "verweis":
        raise NotFound
    mine = queries.wrote(session(), who, post.id)
    head = post.number == 1 and policy.may_retitle(who, question, mine=mine)
    return Place(who, post, question, mine, policy.may_edit(who, post, mine=mine), head)


def editable(post_id: int) -> Place:
    """Raises NotFound, Forbidden."""
    place = found(post_id)
    if not (place.words or place.head):
        raise Forbidden
    return place


def stored(place: Place) -> Asking:
    """What is stored of the post."""
    post, question = place.post, place.question
    if post.number != 1:
        return Asking(body=post.body, base_revision=post.revision)
    return Asking(
        title=question.title,
        body=post.body,
        tried=question.tried,
        topics=queries.topics(session(), question.id),
        phase=question.phase,
        lesson=question.lesson_id or "",
        heading=question.heading,
        base_revision=post.revision,
    )


def sent(place: Place) -> Asking:
    """The form that was sent; what it may not change is as it is stored."""
    now, form = stored(place), Asking.read(request.form)
    if place.post.number != 1:
        now = replace(now, body=form.body)
    if place.head:
        asked = places.lesson(session(), now.lesson) is not None  # else the form could not show the place
        lesson = now.lesson if form.lesson == now.lesson or not asked else ""
        now = replace(now, title=form.title, topics=form.topics, phase=form.phase, lesson=lesson)
    if place.words and place.post.number == 1:
        now = replace(now, body=form.body, tried=form.tried)
    own = {name: getattr(form, name) for name in ("key", "sequence", "reason", "base_revision")}
    return replace(now, **own)


def form_page(
    place: Place,
    asked: Asking,
    faults: Faults | None = None,
    status: int = 200,
    *,
    note: str = "",
    preview: Sequence[Markup] = (),
) -> ResponseReturnValue:
    words = vocabulary(session())
    return page(
        "forum/edit.html",
        status,
        at=place,
        asked=asked,
        faults=faults or {},
        note=note,
        preview=preview,
        here=shared.place(place.question, place.post.number),
        vocabulary=words,
        topics=[*asked.chosen(words), "", "", ""][: forms.MOST_TOPICS],
        phases=forms.phase_names(),
        place=places.lesson(session(), asked.lesson, asked.heading),
    )


def checked(place: Place, asked: Asking) -> tuple[Faults, editing.Change | None]:
    """All faults by field, or the change, rendered."""
    found: Faults = {}
    if place.head:
        found = asked.faults(vocabulary(session()), (asked.visibility,))
    done: dict[str, texts.Prepared] = {}
    for name, text in (("body", asked.body), ("tried", asked.tried)) if place.words else ():
        if name == "body" or not texts.is_blank(text):
            try:
                done[name] = prepare(place, name, text)
            except Refused as refused:
                found[name] = refused.message
    return (found, None) if found else ({}, as_change(place, asked, done))


def prepare(place: Place, name: str, text: str) -> texts.Prepared:
    """Raises Refused."""
    return texts.prepare(
        session(),
        place.who,
        text,
        circle=place.question.circle,
        question_id=place.question.id,
        field=name,
        longest=place.longest,
        sentence=place.empty,
    )


def as_change(place: Place, asked: Asking, done: dict[str, texts.Prepared]) -> editing.Change:
    """What is stored of the form; an anchor is only taken away here.

    Texts that stay as they are, are left alone: the Koordination may change a title without redacting.
    """
    text, tried = done.get("body"), None
    if text is not None and place.post.number == 1:
        tried = done.get("tried", texts.EMPTY)
        if (text.source, tried.source) == (place.post.body, place.question.tried):
            text, tried = None, None
    gone = place.head and bool(place.question.lesson_id) and not asked.lesson
    return editing.Change(
        text=text,
        tried=tried,
        title=asked.title if place.head else None,
        topics=asked.topics if place.head else None,
        phase=asked.phase if place.head else None,
        anchor=editing.NOWHERE if gone else None,
    )


def shown(place: Place, change: editing.Change) -> list[Markup]:
    """The texts as they will be read."""
    found: list[Markup] = []
    for prefix, text in (("vorschau", change.text), ("versucht", change.tried)):
        if text is not None:
            found += shared.shown(place.who, text, prefix)
    return found


def save_draft(place: Place, asked: Asking) -> ResponseReturnValue:
    """Keep the draft and come back to the form."""
    try:
        with writing() as db:
            sequence = forms.number(request.form.get("sequence"))
            drafts.save(db, actor(), place.target, asked.fields(), sequence=sequence)
    except drafts.Newer as newer:
        hidden = [*replace(asked, sequence=newer.draft.sequence + 1).hidden(), ("press", "entwurf")]
        return shared.both_drafts(place.action, hidden, asked.fields(), newer.draft, place.action)
    except Refused as refused:
        return form_page(place, asked, {"body": refused.message}, 422)
    flash(shared.saved_at() + ".", "success")
    return shared.lead_to(place.action)


def store(place: Place, asked: Asking, change: editing.Change) -> ResponseReturnValue:
    """The one transaction; the draft goes with it. 409 and the merge page if somebody was faster."""
    base, reason = asked.base_revision, asked.reason
    try:
        with writing() as db:
            who = audience.reader(db, actor())
            if place.words:
                post = editing.edit(db, who, place.post, change, base_revision=base, reason=reason)
            else:
                post = editing.retitle(db, who, place.question, change, base_revision=base, reason=reason)
            drafts.drop(db, actor(), place.target)
            shared.stored(place.target)
            jobs.enqueue(db, "settle_pictures", question_id=post.question_id)
            address = shared.place(sending.question_of(db, who, post), post.number)
    except editing.Conflict:
        return merge_page(place.action, place.post, asked, head=place.head)
    except Refused as refused:
        return form_page(place, asked, {refused.field or "body": refused.message}, 422)
    flash(_("Ihre Änderung ist gespeichert."), "success")
    return shared.lead_to(address)


def sees_history(place: Place) -> bool:
    """Of a post that is hidden only its author and the Koordination see earlier states."""
    return not place.post.hidden or place.mine or coordinator(place.who.actor)
