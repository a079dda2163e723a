"""409: somebody saved meanwhile. Both changes in one text where they fit, else paragraph by paragraph."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from learn.core.db import session
from learn.core.web import page
from learn.forum import editing
from learn.forum.comparing import Merge, Pair
from learn.forum.forms import Asking
from learn.forum.models import Post, PostRevision
from learn.forum.views import writing as shared


@dataclass(frozen=True, slots=True)
class Both:
    """A field that two people changed. `text`: what is offered; `clash`: the places where both did."""

    name: str
    text: str
    clash: Sequence[Pair] = ()


def merge_page(action: str, post: Post, mine: Asking, *, head: bool) -> ResponseReturnValue:
    """The merged text with the newer base; saving it is a change like any other."""
    states = {each.revision: each for each in editing.revisions(session(), post.id)}
    theirs = states[max(states)]
    base = states.get(mine.base_revision) or PostRevision(title="", tried="", body="")
    fields = [text("body", base.body, mine.body, theirs.body)]
    if post.number == 1:
        fields.append(text("tried", base.tried, mine.tried, theirs.tried))
        if head:
            fields.insert(0, line("title", base.title, mine.title, theirs.title))
    settled = [(both.name, both.text) for both in fields if both.text == getattr(theirs, both.name)]
    hidden = [("phase", mine.phase), ("lesson", mine.lesson), ("heading", mine.heading)]
    hidden += [("key", mine.key), *(("topic", topic) for topic in mine.topics)]
    return page(
        "forum/merge.html",
        409,
        action=action,
        post=post,
        fields=[both for both in fields if (both.name, both.text) not in settled],
        hidden=[pair for pair in [*settled, *hidden] if pair[1]],
        base_revision=theirs.revision,
        at=shared.time_of(theirs.at),
        reason=mine.reason,
    )


def text(name: str, base: str, mine: str, theirs: str) -> Both:
    """A text of paragraphs."""
    merge = editing.merged(base, tidy(mine), theirs)
    if merge.text is not None:
        return Both(name, merge.text)
    return Both(name, whole(merge), [pair for pair in merge.pairs if not pair.same])


def whole(merge: Merge) -> str:
    """Both versions in one text, nothing left out: what only one of them changed once, else both in turn."""
    pieces = []
    for pair in merge.pairs:
        pieces += [pair.mine] if pair.same else [pair.mine, pair.theirs]
    return "\n\n".join(piece for piece in pieces if piece)


def line(name: str, base: str, mine: str, theirs: str) -> Both:
    """A text of one line: hers, unless only the other changed it."""
    if mine in {base, theirs}:
        return Both(name, theirs)
    return Both(name, mine, () if theirs == base else [Pair(mine, theirs)])


def tidy(text: str) -> str:
    return text.strip()
