"""What all pages of writing share: limits, texts kept though refused, pictures, the way to a post."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.wrappers import Response

from learn.core import clock, limits, reencoding
from learn.core import forms as core_forms
from learn.core.access import Forbidden, NotFound, NotSignedIn, Refused, actor
from learn.core.db import session, writing
from learn.core.i18n import NBSP, day
from learn.core.i18n import gettext as _
from learn.core.limits import Limit, TooMany
from learn.core.pace import Pace
from learn.core.storage import Storage
from learn.core.web import page
from learn.forum import audience, drafts, forms, pictures, queries, quotes, sending, texts
from learn.forum.audience import Reader
from learn.forum.forms import Faults
from learn.forum.models import ForumDraft, Post, Question
from learn.forum.views.blueprint import pages

LARGEST = 12 * 1024 * 1024  # of a form with a picture
PREVIEWS = Limit("forum-preview", tries=30, seconds=60)
LOOKS = Pace(PREVIEWS)  # at the second step, which is a page to look at
TRIES = Pace(Limit("forum-tries", tries=600, seconds=600))  # of publishing, refused ones included
PER_PAGE = 20  # posts of a question
Hidden = Sequence[tuple[str, str]]  # fields that travel along unseen


def reader() -> Reader:
    """Who asks, with the circles she reads."""
    return audience.reader(session(), actor())


def source() -> str:
    """The person, as limits count her."""
    return str(actor().owner)


def pace(*, preview: bool) -> None:
    """Count a text that is going to be rendered. Raises TooMany."""
    if not preview:
        TRIES.take(source())
    elif request.method == "GET":
        LOOKS.take(source())
    else:
        limits.spend((PREVIEWS, source()))


@contextmanager
def kept(target: str, fields: Mapping[str, Any]) -> Iterator[None]:
    """When too much was done, or the question is locked or gone meanwhile, the text stays as a draft."""
    try:
        yield
    except (NotFound, Forbidden) as problem:
        if not keep(target, fields):
            raise
        raise TextKept(found=isinstance(problem, Forbidden)) from problem
    except TooMany:
        keep(target, fields)
        raise


def stored(target: str) -> None:
    """Its draft is gone; so goes what a save without a session has left."""
    core_forms.settled(f"/forum/entwuerfe/{target}")


def keep(target: str, fields: Mapping[str, Any]) -> bool:
    """Keep a text as a draft though its form is refused; not without words, nor beyond what drafts hold."""
    if not any(fields.get(name, "").strip() for name in ("title", "body", "tried", "answer", "comment")):
        return False
    try:
        with writing() as db:
            drafts.save(db, actor(), target, fields, sequence=None)
    except Refused:
        return False
    return True


class TextKept(Exception):
    """The question is locked (`found`) or out of sight; the text that was sent stands among the drafts."""

    def __init__(self, *, found: bool) -> None:
        super().__init__("text kept")
        self.found = found


@pages.errorhandler(TextKept)
def text_kept(problem: TextKept) -> ResponseReturnValue:
    """403 or 404, with the way to the text."""
    return page("forum/text_kept.html", 403 if problem.found else 404, found=problem.found)


def both_drafts(
    action: str, hidden: Hidden, mine: Mapping[str, Any], draft: ForumDraft, href: str
) -> ResponseReturnValue:
    """409: the text that was sent and the newer one; `hidden` saves the first over the second."""
    names = {"title": _("Ihre Frage"), "body": _("Text"), "tried": _("Schon versucht")}
    names |= {"answer": _("Ihre Antwort"), "comment": _("Ihre Rückfrage")}
    texts_of = [
        (label, mine.get(name, ""), draft.fields.get(name, ""))
        for name, label in names.items()
        if mine.get(name) or draft.fields.get(name)
    ]
    return page("forum/draft_conflict.html", 409, action=action, hidden=hidden, texts=texts_of, href=href)


def storage() -> Storage:
    return Storage(current_app.extensions["learn.config"].storage)


def add_picture(text: str) -> tuple[str, Faults]:
    """The text with the mark of a picture that was sent along; faults by field where there is none."""
    upload, words = request.files.get("picture"), forms.line(request.form.get("picture_text"))
    limits.spend(*sending.counted(actor(), sending.PICTURES))
    try:
        encoded = reencoding.reencode(upload.read(reencoding.LARGEST + 1) if upload else b"")
    except Refused as refused:
        return text, {refused.field: refused.message}
    if not words:
        return text, {"picture_text": _("Beschreiben Sie das Bild.")}
    key = pictures.key_of("")
    storage().save(key, encoded.data)
    with writing() as db:
        mark = pictures.mark(pictures.add(db, actor(), encoded, key), words)
    return f"{text.rstrip()}\n\n{mark}\n".lstrip(), {}


def readable(question_id: int) -> tuple[Reader, Question]:
    """The question for who reads it. Raises NotFound, for visitors NotSignedIn."""
    who = reader()
    found = queries.question(session(), who, question_id)
    if found is None:
        raise unseen()
    return who, found


def readable_post(post_id: int) -> tuple[Reader, Post, Question]:
    """A post that she reads, with its question. Raises NotFound, for visitors NotSignedIn."""
    who = reader()
    found = queries.post_with_question(session(), who, post_id)
    if found is None:
        raise unseen()
    return who, *found


def unseen() -> Exception:
    """What does not exist for her; a visitor may see it once she has signed in."""
    return NotFound() if actor().signed_in else NotSignedIn()


def place(question: Question, number: int = 0) -> str:
    """The address of a question, of a post in it where there is a number."""
    address = path(question)
    if not number:
        return address
    return f"{address}?ab={(number - 1) // PER_PAGE * PER_PAGE + 1}#post-{number}"


def path(question: Question) -> str:
    """The address of a question; the words of its title stand there only while it is shown."""
    return f"/forum/fragen/{question.id}" + (f"-{question.slug}" if question.listed else "")


def lead_to(address: str) -> Response:
    """303 to an address of our own."""
    return redirect(address, 303)


def time_of(instant: datetime) -> str:
    """„10:42 Uhr“."""
    return _("%(time)s Uhr", time=f"{clock.local(instant):%H:%M}").replace(" ", NBSP)


def moment(instant: datetime) -> str:
    """„9. Juni 2026, 10:42 Uhr“."""
    return f"{day(clock.local(instant).date())}, {time_of(instant)}"


def saved_at() -> str:
    """What a save says: „Gespeichert um 10:42 Uhr“."""
    return _("Gespeichert um %(time)s", time=time_of(clock.now()))


def shown(who: Reader, prepared: texts.Prepared, prefix: str) -> tuple[Markup, ...]:
    """A text as it will be read."""
    quoted = quotes.quoted(session(), who, [quote.post_id for quote in prepared.quotes])
    return texts.shown(prepared.parts, quoted, prefix=prefix)
