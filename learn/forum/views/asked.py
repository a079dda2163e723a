"""The ask form as it comes in: from the address, a draft, a rescued text, or sent."""

from dataclasses import replace

from flask import request
from werkzeug.datastructures import MultiDict

from learn.core import forms as core_forms
from learn.core.access import actor
from learn.core.db import session
from learn.core.i18n import gettext as _
from learn.forum import asking, circles, drafts, forms
from learn.forum.audience import COHORT, Reader
from learn.forum.forms import Asking
from learn.forum.models import ForumDraft
from learn.network import queries as network

FORM = "/forum/fragen/neu"
TARGET = "frage"


def preset(who: Reader) -> Asking:
    """A form that nobody has written in: the level that fits the town."""
    return Asking(visibility=asking.preset(who))


def from_address(who: Reader) -> Asking:
    """The same with what the address says."""
    topic = request.args.get("thema", "")
    return replace(
        preset(who),
        topics=(topic,) if topic else (),
        lesson=forms.line(request.args.get("lektion"))[:40],
        heading=forms.line(request.args.get("abschnitt"))[:200],
        title=forms.line(request.args.get("titel"))[:200],
        body=mention(request.args.get("kommune", "")),
        visibility=request.args.get("visibility") or preset(who).visibility,
        cohort=forms.number(request.args.get("cohort")),
    )


def mention(ags: str) -> str:
    """A text that begins by naming the town of this key; empty where there is none."""
    town = network.town(session(), ags) if ags else None
    return f"[@{town.kind} {town.name}](kommune:{town.ags}) " if town else ""


def target_of(asked: Asking) -> str:
    """Under which name its draft is kept: one for each lesson, and one beside."""
    target = f"{TARGET}:{asked.lesson}" if asked.lesson else TARGET
    return target if drafts.TARGET.fullmatch(target) else TARGET


def opened(who: Reader) -> tuple[Asking, str, str]:
    """What a GET of the form shows, its draft's target, and a sentence about where it comes from."""
    wish = from_address(who)
    kept = core_forms.claim(FORM, f"/forum/entwuerfe/{target_of(wish)}")
    if kept is not None:
        asked, target = settled(who, Asking.read(MultiDict(kept.fields), preset(who)))
        return asked, target, _("Ihr Text ist noch da.")
    draft = wanted_draft(target_of(wish))
    if draft is None:
        return wish, target_of(wish), ""
    return from_draft(who, draft), draft.target, _("Ihr Entwurf ist geladen.")


def wanted_draft(target: str) -> ForumDraft | None:
    """The draft that the address names, else the one for this target."""
    draft_id = forms.number(request.args.get("entwurf"))
    if draft_id is None:
        return drafts.draft(session(), actor(), target)
    return ask_draft(draft_id)


def ask_draft(draft_id: int | None) -> ForumDraft | None:
    """Her draft of this number, where it is one of a question."""
    found = drafts.by_id(session(), actor(), draft_id) if draft_id else None
    return found if found is not None and found.target.partition(":")[0] == TARGET else None


def from_draft(who: Reader, draft: ForumDraft) -> Asking:
    """What a draft holds; the next save of it is newer."""
    found = Asking.read(forms.source(draft.fields), preset(who))
    return replace(found, sequence=draft.sequence + 1)


def sent(who: Reader) -> tuple[Asking, str]:
    """The form that was sent and its draft's target.

    The short form under a lesson has a title only; it adds to what is there.
    """
    asked, target = settled(who, Asking.read(request.form, preset(who)))
    if "body" in request.form:
        return asked, target
    known = drafts.draft(session(), actor(), target)
    return (added(from_draft(who, known), asked), target) if known else (asked, target)


def settled(who: Reader, asked: Asking) -> tuple[Asking, str]:
    """With the only Klasse that she can mean, and the target of the draft that the form names."""
    if asked.visibility == COHORT:
        asked = asked.settled(circles.klassen(session(), who))
    draft = ask_draft(forms.number(request.form.get("entwurf")))
    return asked, draft.target if draft else target_of(asked)


def added(known: Asking, new: Asking) -> Asking:
    """A draft with another title; what stood there before goes into the text."""
    earlier = "" if known.title in {"", new.title} else f"\n\n{known.title}"
    return replace(known, title=new.title, heading=new.heading, body=(known.body + earlier).lstrip())
