"""Merging a text that was changed in Git and here: base, file and Werkstatt, and one text of both."""

from dataclasses import dataclass

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from learn.core.access import Refused, actor, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.workshop import copies, differences, forms, keys, merging, policy, resolving
from learn.workshop.clashing import Clash
from learn.workshop.copies import Copy
from learn.workshop.differences import Hunk
from learn.workshop.forms import number
from learn.workshop.views.blueprint import pages
from learn.workshop.views.editing import lesson_key, text_key

GIT, HERE, BOTH = "git", "werkstatt", "zusammen"


@dataclass(frozen=True, slots=True)
class Merging:
    """What the page shows. `body`: the text in the field, `clean` if nothing in it is left to decide.

    `gits`, `ours`: what either side changed. `path`: where the text is to lie.
    """

    clash: Clash
    copy: Copy
    body: str
    path: str
    gits: tuple[Hunk, ...]
    ours: tuple[Hunk, ...]

    @property
    def clean(self) -> bool:
        return not merging.unmerged(self.body)

    @property
    def address(self) -> str:
        return self.clash.href

    @property
    def plain(self) -> bool:
        return self.clash.key.endswith(keys.PLAIN)

    @property
    def paths(self) -> list[tuple[str, str]]:
        """Both places to choose from, if both sides moved the text."""
        if not self.clash.elsewhere:
            return []
        return [
            (self.clash.their_path, _("Wie in Git: %(path)s", path=self.clash.their_path)),
            (self.clash.here_path, _("Wie in der Werkstatt: %(path)s", path=self.clash.here_path)),
        ]


@pages.get("/werkstatt/lektionen/<lesson_id>/zusammenfuehren", access=policy.author)
def merge_lesson(lesson_id: str) -> ResponseReturnValue:
    """Of a lesson, with `?fassung=einfach` of its version in Einfache Sprache."""
    return shown(lesson_key(lesson_id))


@pages.post("/werkstatt/lektionen/<lesson_id>/zusammenfuehren", access=policy.author, largest=forms.LARGEST)
def decide_lesson(lesson_id: str) -> ResponseReturnValue:
    return decided(lesson_key(lesson_id))


@pages.get("/werkstatt/texte/<key>/zusammenfuehren", access=policy.author)
def merge_text(key: str) -> ResponseReturnValue:
    return shown(text_key(key))


@pages.post("/werkstatt/texte/<key>/zusammenfuehren", access=policy.author, largest=forms.LARGEST)
def decide_text(key: str) -> ResponseReturnValue:
    return decided(text_key(key))


def shown(
    key: str, status: int = 200, fault: str = "", *, field: str = "", body: str | None = None
) -> ResponseReturnValue:
    """The page; where nothing is to be merged, what there is to say."""
    require(copies.text(session(), key) or resolving.clash(session(), key))
    copy = require(copies.copy(session(), copies.course_of(session(), key) or ""))
    clash = resolving.clash(session(), key)
    if clash is None:
        return page("workshop/merged.html", status, copy=copy, href=keys.href(key))
    text = resolving.proposal(clash) if body is None else body
    at = Merging(
        clash,
        copy,
        text,
        request.form.get("path") or clash.here_path or clash.their_path,
        differences.hunks(clash.base or "", clash.theirs or ""),
        differences.hunks(clash.base or "", clash.here or ""),
    )
    return page("workshop/merge.html", status, at=at, fault=fault, field=field, written=body is not None)


def decided(key: str) -> ResponseReturnValue:
    """Store what becomes of both; 422 while something is left to decide, 409 when something changed again."""
    clash = resolving.clash(session(), key)
    if clash is None:
        return redirect(keys.beside(key, "zusammenfuehren"), 303)
    press = request.form.get("press", BOTH)
    body = request.form.get("body", "")
    text = {GIT: clash.theirs, HERE: clash.here}.get(press, body)
    try:
        with writing() as db:
            resolving.decide(
                db,
                actor(),
                key,
                text,
                path=place(clash, press),
                revision=number(request.form.get("base_revision")),
                release=number(request.form.get("version")),
            )
    except Refused as refused:
        return shown(key, refused.status, refused.message, field=refused.field, body=body)
    flash(_("Zusammengeführt. Die anderen Texte stehen im Verlauf."))
    gone = text is None  # then its editor is, too
    return redirect(f"/werkstatt/kurse/{copies.course_of(session(), key)}" if gone else keys.href(key), 303)


def place(clash: Clash, press: str) -> str:
    """Where the text is to lie: at its one place, or at the one that was chosen."""
    if not clash.elsewhere:
        return clash.here_path
    chosen = {GIT: clash.their_path, HERE: clash.here_path}
    return chosen.get(press, request.form.get("path", ""))
