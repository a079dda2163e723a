"""Answering a question and asking back about a post; both forms stand alone here and below the question."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core import jobs
from learn.core.access import Forbidden, Refused, actor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.forum import asking, audience, drafts, forms, policy, sending, texts
from learn.forum.audience import Reader
from learn.forum.forms import Faults, Reply, ReplyForm
from learn.forum.models import Post, Question
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages

Store = Callable[[Any, Reader, texts.Prepared, Reply], Post]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes: its form, the question, the post that a Rückfrage is about, how it is stored."""

    form: ReplyForm
    question: Question
    about: Post | None
    store: Store
    longest: int
    empty: str
    done: str


@pages.get("/forum/fragen/<int(max=2147483647):question_id>/antworten", access=policy.may_write)
def answer_page(question_id: int) -> ResponseReturnValue:
    """The form of an Antwort on a page of its own."""
    who, question = shared.readable(question_id)
    if not policy.may_answer(who, question):
        raise Forbidden
    draft = drafts.draft(session(), actor(), f"antwort:{question_id}")
    return show(answer_place(question, forms.answer_form(question, draft)))


@pages.post(
    "/forum/fragen/<int(max=2147483647):question_id>/antworten",
    access=policy.may_write,
    largest=shared.LARGEST,
)
def answer(question_id: int) -> ResponseReturnValue:
    """Publish an Antwort, show a preview, keep a draft or add a picture, as the button says."""
    reply, target = Reply.read(request.form, "answer"), f"antwort:{question_id}"
    with shared.kept(target, reply.fields("answer")):
        who, question = shared.readable(question_id)
        if not policy.may_answer(who, question):
            raise Forbidden
        form = replace(forms.answer_form(question), reply=reply, note="")
        return press(who, answer_place(question, form))


@pages.get("/forum/beitraege/<int(max=2147483647):post_id>/rueckfragen", access=policy.may_write)
def comment_page(post_id: int) -> ResponseReturnValue:
    """The form of a Rückfrage below the post that it is about."""
    who, about, question = shared.readable_post(post_id)
    if about.hidden or not policy.may_answer(who, question):
        raise Forbidden
    draft = drafts.draft(session(), actor(), f"rueckfrage:{post_id}")
    return show(comment_place(question, about, forms.comment_form(question, post_id, draft)))


@pages.post(
    "/forum/beitraege/<int(max=2147483647):post_id>/rueckfragen",
    access=policy.may_write,
    largest=shared.LARGEST,
)
def comment(post_id: int) -> ResponseReturnValue:
    """The same for a Rückfrage."""
    reply, target = Reply.read(request.form, "comment"), f"rueckfrage:{post_id}"
    with shared.kept(target, reply.fields("comment")):
        who, about, question = shared.readable_post(post_id)
        if about.hidden or not policy.may_answer(who, question):
            raise Forbidden
        form = replace(forms.comment_form(question, post_id), reply=reply, note="")
        return press(who, comment_place(question, about, form))


def answer_place(question: Question, form: ReplyForm) -> Place:
    def store(db: Any, who: Reader, text: texts.Prepared, reply: Reply) -> Post:
        return asking.answer(db, who, question, text, attribution=reply.attribution, key=reply.key)

    done = _("Ihre Antwort ist veröffentlicht.")
    return Place(form, question, None, store, texts.LONGEST, texts.ANSWER, done)


def comment_place(question: Question, about: Post, form: ReplyForm) -> Place:
    def store(db: Any, who: Reader, text: texts.Prepared, reply: Reply) -> Post:
        return asking.comment(db, who, about, text, attribution=reply.attribution, key=reply.key)

    done = _("Ihre Rückfrage ist veröffentlicht.")
    return Place(form, question, about, store, texts.LONGEST_COMMENT, texts.COMMENT, done)


def press(who: Reader, place: Place) -> ResponseReturnValue:
    """What the button asks for."""
    pressed = request.form.get("press") or ("vorschau" if "vorschau" in request.args else "")
    if pressed == "entwurf":
        return save(place)
    if pressed == "bild":
        return with_picture(place)
    if pressed == "vorschau":
        return preview(who, place)
    return publish(who, place)


def show(
    place: Place, status: int = 200, faults: Faults | None = None, note: str = "", **values: Any
) -> ResponseReturnValue:
    """The form with what it stands below."""
    form = replace(place.form, faults=faults or {}, note=note or place.form.note)
    return page("forum/answer.html", status, form=form, question=place.question, about=place.about, **values)


def prepare(who: Reader, place: Place) -> texts.Prepared:
    """The text, rendered. Raises Refused."""
    form = place.form
    fault = forms.attribution_fault(form.reply.attribution)
    if fault:
        raise Refused(fault, field="attribution")
    return texts.prepare(
        session(),
        who,
        form.reply.text,
        circle=place.question.circle,
        question_id=place.question.id,
        field=form.name,
        longest=place.longest,
        sentence=place.empty,
    )


def refused(place: Place, problem: Refused) -> ResponseReturnValue:
    """The form with the sentence at its field."""
    field = problem.field if problem.field == "attribution" else place.form.name
    return show(place, 422, {field: problem.message})


def preview(who: Reader, place: Place) -> ResponseReturnValue:
    """The text as it will be read; nothing is stored."""
    shared.pace(preview=True)
    try:
        prepared = prepare(who, place)
    except Refused as problem:
        return refused(place, problem)
    return show(place, preview=shared.shown(who, prepared, "vorschau"))


def save(place: Place) -> ResponseReturnValue:
    """Keep the draft and come back to the question."""
    form = place.form
    try:
        with writing() as db:
            sequence = forms.number(request.form.get("sequence"))
            drafts.save(db, actor(), form.target, form.reply.fields(form.name), sequence=sequence)
    except drafts.Newer as newer:
        mine = form.reply.fields(form.name)
        hidden = [*mine.items(), ("sequence", str(newer.draft.sequence + 1)), ("press", "entwurf")]
        return shared.both_drafts(form.action, hidden, mine, newer.draft, form.action)
    except Refused as problem:
        return refused(place, problem)
    flash(shared.saved_at() + ".", "success")
    return shared.lead_to(form.action)


def with_picture(place: Place) -> ResponseReturnValue:
    """The form again, the picture's mark below the text."""
    reply = place.form.reply
    text, faults = shared.add_picture(reply.text)
    place = replace(place, form=replace(place.form, reply=replace(reply, text=text)))
    note = "" if faults else _("Das Bild steht am Ende Ihres Textes.")
    return show(place, 422 if faults else 200, faults, note)


def publish(who: Reader, place: Place) -> ResponseReturnValue:
    """Publish once, however often it is sent; the draft goes in the same transaction."""
    reply, target = place.form.reply, place.form.target
    shared.pace(preview=False)
    try:
        earlier = asking.sent(session(), actor(), reply.key)
        prepared = texts.EMPTY if earlier else prepare(who, place)
        with writing() as db:
            who = audience.reader(db, actor())
            post = sending.earlier(db, actor(), reply.key, sending.POSTS)
            if post is None:
                post = place.store(db, who, prepared, reply)
                if prepared.pictures:
                    jobs.enqueue(db, "settle_pictures", question_id=post.question_id)
            question = sending.question_of(db, who, post)
            drafts.drop(db, actor(), target)
            shared.stored(target)
            address = shared.place(question, post.number)
    except Refused as problem:
        return refused(place, problem)
    flash(place.done, "success")
    return shared.lead_to(address)
