"""„Verlauf“: what changed from one revision of a post to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from learn.core.access import visitor
from learn.core.db import session
from learn.core.web import page
from learn.forum import editing, forms
from learn.forum.comparing import Difference
from learn.forum.models import PostRevision
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages
from learn.forum.views.editing import found, sees_history

SHOWN = 20  # revisions of one page


@dataclass(frozen=True, slots=True)
class Step:
    """A revision and what it changed; `gone`: its words were taken out by the Koordination."""

    revision: PostRevision
    when: str
    gone: bool
    title: Sequence[Difference]
    tried: Sequence[Difference]
    body: Sequence[Difference]


@pages.get("/forum/beitraege/<int(max=2147483647):post_id>/verlauf", access=visitor)
def history(post_id: int) -> ResponseReturnValue:
    """The latest revisions first; for everybody who reads the post."""
    place = found(post_id)
    if not sees_history(place):
        raise shared.unseen()
    before = forms.number(request.args.get("vor")) or place.post.revision + 1
    states = [state for state in editing.revisions(session(), post_id) if state.revision < before]
    pairs = list(zip([None, *states], states, strict=False))[-SHOWN:]
    return page(
        "forum/history.html",
        post=place.post,
        question=place.question,
        here=shared.place(place.question, place.post.number),
        steps=[step(old, new) for old, new in reversed(pairs)],
        before=pairs[0][1].revision if len(pairs) < len(states) else 0,
    )


def step(old: PostRevision | None, new: PostRevision) -> Step:
    """What one save changed; a title counts as one paragraph."""
    earlier = old or PostRevision(title="", tried="", body="")
    return Step(
        new,
        shared.moment(new.at),
        not new.body,
        changed(earlier.title, new.title),
        changed(earlier.tried, new.tried),
        changed(earlier.body, new.body),
    )


def changed(old: str, new: str) -> Sequence[Difference]:
    """The differences; nothing where there are none."""
    return () if old == new else editing.differences(old, new)
