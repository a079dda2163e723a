"""Two people have written in one text: both changes in the fields of the editor, read before saving. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from learn.workshop import differences, forms, merging
from learn.workshop.forms import Writing

MARKS = merging.MARKS._replace(
    here="»»»»» In Ihrer Fassung steht:", there="»»»»» In der anderen Fassung steht:"
)


def united(key: str, base: str | None, written: Writing, theirs: str) -> Writing | None:
    """What was written with what others made of `base` meanwhile; None where a head cannot be read.

    Where nobody knows the base any more it is what both have in common.

    Text is put together line by line, with marks where both changed the same ones. Of the other fields those
    she left as they were become as the others have them.
    """
    other = forms.of_text(key, theirs)
    before = _common(written, other) if base is None else forms.of_text(key, base)
    if written.whole or before.whole or other.whole:
        return None
    body = merging.merged(before.body, forms.ended(written.body), other.body, MARKS).text
    extras = {
        name: _chosen(before.extras[name], value, other.extras[name])
        for name, value in written.extras.items()
    }
    title = _chosen(before.title, written.title, other.title)
    duration = _chosen(before.duration, written.duration, other.duration)
    return replace(written, title=title, duration=duration, body=body, extras=extras)


def _common(written: Writing, other: Writing) -> Writing:
    """The lines of both; of the other fields what was not written."""
    old, new = other.body.split("\n"), forms.ended(written.body).split("\n")
    equal = (code for code in differences.line_codes(old, new) if code[0] == "equal")
    return replace(other, body="\n".join(line for code in equal for line in old[code[1] : code[2]]))


def _chosen(before: str, mine: str, other: str) -> str:
    return other if mine == before else mine


def undecided(body: str) -> int:
    """The first line (from 1) that still parts two versions, 0 if none does."""
    lines: Sequence[str] = body.split("\n")
    return next((number for number, line in enumerate(lines, 1) if line.rstrip() in MARKS), 0)
