"""Asking in two steps: the form, then who will read it and what there is already."""

from dataclasses import replace

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from learn.accounts import methods
from learn.core import jobs
from learn.core.access import Refused, actor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.forum import asking, audience, circles, drafts, forms, helping, places, policy, sending, texts
from learn.forum.audience import Reader
from learn.forum.forms import Asking, Faults
from learn.forum.models import ForumDraft
from learn.forum.views import asked as asked_form
from learn.forum.views import similar as alike
from learn.forum.views import writing as shared
from learn.forum.views.asked import FORM
from learn.forum.views.blueprint import pages
from learn.network.vocabulary import vocabulary

Prepared = tuple[texts.Prepared, texts.Prepared | None]  # text, and what was tried


@pages.get(FORM, access=policy.may_write)
def ask() -> ResponseReturnValue:
    """The form with what is known already; the second step with `schritt=2`."""
    who = shared.reader()
    asked, target, note = asked_form.opened(who)
    if request.args.get("schritt") == "2" and asked.title:
        return second_step(who, asked, target)
    return form_page(who, asked, target, note=note)


@pages.post(FORM, access=policy.may_write, largest=shared.LARGEST)
def send_question() -> ResponseReturnValue:
    """Save, check or publish, as `step` says; a picture is added without leaving the form."""
    who, step = shared.reader(), request.form.get("step")
    asked, target = asked_form.sent(who)
    with shared.kept(target, asked.fields()):
        if request.form.get("press") == "bild":
            return with_picture(who, asked, target)
        if step == "3":
            return publish(who, asked, target)
        if step == "1":
            return save(who, asked, target, "")
        found, _prepared = checked(who, asked, preview=True)
        if found:
            return form_page(who, asked, target, found, 422)
        return save(who, asked, target, "&schritt=2")


@pages.post("/forum/aehnlich/hilft", access=policy.may_write)
def similar_helped() -> ResponseReturnValue:
    """„Das hilft mir“: one more for this entry in this month, and nothing about who it was."""
    draft_id = forms.number(request.form.get("entwurf"))
    shared.TRIES.take(shared.source())
    with writing() as db:
        helping.count(db, request.form.get("item", ""))
    flash(_("Danke. Ihr Entwurf bleibt, bis Sie ihn löschen."), "success")
    return shared.lead_to(f"{FORM}?entwurf={draft_id}&schritt=2" if draft_id else FORM)


def form_page(
    who: Reader,
    asked: Asking,
    target: str,
    faults: Faults | None = None,
    status: int = 200,
    *,
    note: str = "",
) -> ResponseReturnValue:
    """The first step."""
    klassen, words = circles.klassen(session(), who), vocabulary(session())
    return page(
        "forum/ask.html",
        status,
        asked=asked,
        faults=faults or {},
        note=note,
        target=target,
        draft=drafts.draft(session(), actor(), target),
        vocabulary=words,
        topics=[*asked.chosen(words), "", "", ""][: forms.MOST_TOPICS],
        phases=forms.phase_names(),
        klassen=klassen,
        levels=circles.levels(who, klassen),
        place=places.lesson(session(), asked.lesson, asked.heading),
    )


def checked(who: Reader, asked: Asking, *, preview: bool = False) -> tuple[Faults, Prepared | None]:
    """All faults by field, or the rendered texts."""
    shared.pace(preview=preview)
    klassen = circles.klassen(session(), who)
    found = asked.faults(vocabulary(session()), circles.levels(who, klassen), klassen)
    circle = audience.circle_of(asked.visibility, asked.level_cohort)
    done: dict[str, texts.Prepared] = {}
    for name, text in (("body", asked.body), ("tried", asked.tried)):
        if name == "body" or not texts.is_blank(text):
            try:
                done[name] = texts.prepare(session(), who, text, circle=circle, field=name)
            except Refused as refused:
                found[refused.field or name] = refused.message
    if found:  # listed as the fields stand on the page
        first = [name for name in ("title", "body", "tried") if name in found]
        return {name: found[name] for name in dict.fromkeys([*first, *found])}, None
    return {}, (done["body"], done.get("tried"))


def save(who: Reader, asked: Asking, target: str, step: str) -> ResponseReturnValue:
    """Keep the draft and go on to its page. A newer one is shown beside this."""
    try:
        with writing() as db:
            sequence = forms.number(request.form.get("sequence"))
            saved = drafts.save(db, actor(), target, asked.fields(), sequence=sequence)
    except drafts.Newer as newer:
        return conflict_page(asked, newer.draft)
    except Refused as refused:
        return form_page(who, asked, target, {"body": refused.message}, 422)
    if not step and "body" in request.form:
        flash(shared.saved_at() + ".", "success")
    return shared.lead_to(f"{FORM}?entwurf={saved.id}{step}")


def conflict_page(asked: Asking, draft: ForumDraft) -> ResponseReturnValue:
    """409: both texts; the own one may be saved over the other."""
    mine = replace(asked, sequence=draft.sequence + 1)
    hidden = [*mine.hidden(), ("entwurf", str(draft.id)), ("step", "1")]
    return shared.both_drafts(FORM, hidden, mine.fields(), draft, f"{FORM}?entwurf={draft.id}")


def with_picture(who: Reader, asked: Asking, target: str) -> ResponseReturnValue:
    """The form again, the picture's mark below the text."""
    body, faults = shared.add_picture(asked.body)
    note = "" if faults else _("Das Bild steht am Ende Ihres Textes.")
    return form_page(who, replace(asked, body=body), target, faults, 422 if faults else 200, note=note)


def second_step(who: Reader, asked: Asking, target: str) -> ResponseReturnValue:
    """The question as it will be read, who will read it, and what there is already."""
    found, prepared = checked(who, asked, preview=True)
    if prepared is None:
        return form_page(who, asked, target, found, 422)
    body, tried = prepared
    words = vocabulary(session())
    return page(
        "forum/ask_preview.html",
        asked=asked,
        draft=drafts.draft(session(), actor(), target),
        body=shared.shown(who, body, "vorschau"),
        tried=shared.shown(who, tried, "versucht") if tried else (),
        topics=[words.name(slug) for slug in asked.chosen(words)],
        phase=dict(forms.phase_names())[asked.phase],
        place=places.lesson(session(), asked.lesson, asked.heading),
        readers=circles.readers(session(), asked.visibility, asked.level_cohort),
        me=methods.person(session(), actor().owner),
        similar=alike.entries(who, f"{asked.title} {body.words}"),
    )


def publish(who: Reader, asked: Asking, target: str) -> ResponseReturnValue:
    """Publish once, however often it is sent."""
    prepared: Prepared | None = None
    if asking.sent(session(), actor(), asked.key) is None:
        found, prepared = checked(who, asked)
        if found:
            return form_page(who, asked, target, found, 422)
    try:
        return store(asked, prepared, target)
    except Refused as refused:
        return form_page(who, asked, target, {refused.field or "body": refused.message}, 422)


def store(asked: Asking, prepared: Prepared | None, target: str) -> Response:
    """The one transaction; the draft goes with it. Without texts the question is there already."""
    place = places.lesson(session(), asked.lesson, asked.heading)
    with writing() as db:
        who = audience.reader(db, actor())
        earlier = sending.earlier(db, actor(), asked.key, sending.QUESTIONS, sending.POSTS)
        if prepared is None or earlier is not None:
            question = sending.question_of(db, who, earlier)
        else:
            new = as_new(asked, prepared, place)
            question = asking.ask(db, who, new, key=asked.key)
            jobs.enqueue(db, "settle_pictures", question_id=question.id)
        drafts.drop(db, actor(), target)
        shared.stored(target)
        address = shared.place(question)
    flash(_("Ihre Frage ist veröffentlicht."), "success")
    return shared.lead_to(address)


def as_new(asked: Asking, prepared: Prepared, place: places.Place | None) -> asking.NewQuestion:
    """What is stored of the form."""
    body, tried = prepared
    return asking.NewQuestion(
        title=asked.title,
        body=body,
        tried=tried,
        topics=asked.topics,
        phase=asked.phase,
        level=asked.visibility,
        cohort_id=asked.level_cohort,
        attribution=asked.attribution,
        anchor=place.anchor if place else None,
        suggested_topic=asked.suggested_topic,
    )
