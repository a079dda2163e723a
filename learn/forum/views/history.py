"""„Verlauf“: what changed from one revision of a post to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from learn.core.access import visitor
from learn.core.db import session
from learn.core.web import page
from learn.forum import editing, forms, quotes
from learn.forum.audience import Reader
from learn.forum.comparing import Difference
from learn.forum.models import PostRevision
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages
from learn.forum.views.editing import found, sees_history

SHOWN = 20  # revisions of one page


@dataclass(frozen=True, slots=True)
class Words:
    """What a reader sees of a revision."""

    title: str = ""
    tried: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A revision and what it changed; `gone`: its words were taken out by the Koordination."""

    revision: PostRevision
    words: Words
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
        steps=steps(place.who, pairs),
        before=pairs[0][1].revision if len(pairs) < len(states) else 0,
    )


def steps(who: Reader, pairs: Sequence[tuple[PostRevision | None, PostRevision]]) -> list[Step]:
    """The latest first. What they quote from posts that are hidden today, has vanished here, too."""
    states = {state.revision: state for pair in pairs for state in pair if state is not None}
    texts = [text for state in states.values() for text in (state.tried, state.body)]
    words = iter(quotes.cleared(session(), who, texts))
    known = {revision: Words(state.title, next(words), next(words)) for revision, state in states.items()}
    return [
        step(known[old.revision] if old else Words(), new, known[new.revision])
        for old, new in reversed(pairs)
    ]


def step(old: Words, new: PostRevision, words: Words) -> Step:
    """What one save changed; a title counts as one paragraph."""
    return Step(
        new,
        words,
        shared.moment(new.at),
        not new.body,
        changed(old.title, words.title),
        changed(old.tried, words.tried),
        changed(old.body, words.body),
    )


def changed(old: str, new: str) -> Sequence[Difference]:
    """The differences; nothing where there are none."""
    return () if old == new else editing.differences(old, new)
