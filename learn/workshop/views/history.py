"""„Verlauf“ of a text: its stored states, what became of one, bringing one back."""

from dataclasses import dataclass

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from learn.core import clock
from learn.core.access import Refused, actor, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.workshop import copies, differences, history, keys, policy, queries, saving
from learn.workshop.copies import Copy, Text
from learn.workshop.differences import Hunk
from learn.workshop.forms import number
from learn.workshop.history import State
from learn.workshop.saving import Conflict
from learn.workshop.views.blueprint import pages
from learn.workshop.views.editing import lesson_key, text_key


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states and what became of the older one; `other` is None for the text of today."""

    state: State
    other: State | None
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A text and where it stands."""

    text: Text
    copy: Copy

    @property
    def title(self) -> str:
        """The text's own title, else its lesson's."""
        own = queries.head(self.text.text, keys.kind_of(self.text.key)).text("titel")
        lessons = (entry for module in self.copy.modules for entry in module.lessons)
        lesson = keys.standard(self.text.key)
        return own or next((entry.title for entry in lessons if entry.key == lesson), self.text.path)

    @property
    def here(self) -> str:
        return keys.beside(self.text.key, "verlauf")

    @property
    def editor(self) -> str:
        return keys.href(self.text.key)

    @property
    def plain(self) -> bool:
        return self.text.key.endswith(keys.PLAIN)


@pages.get("/werkstatt/lektionen/<lesson_id>/verlauf", access=policy.author)
def lesson_history(lesson_id: str) -> ResponseReturnValue:
    """Of a lesson, with `?fassung=einfach` of its version in Einfache Sprache."""
    return shown(lesson_key(lesson_id))


@pages.post("/werkstatt/lektionen/<lesson_id>/verlauf", access=policy.author)
def restore_lesson(lesson_id: str) -> ResponseReturnValue:
    return restored(lesson_key(lesson_id))


@pages.get("/werkstatt/texte/<key>/verlauf", access=policy.author)
def text_history(key: str) -> ResponseReturnValue:
    return shown(text_key(key))


@pages.post("/werkstatt/texte/<key>/verlauf", access=policy.author)
def restore_text(key: str) -> ResponseReturnValue:
    return restored(text_key(key))


def seen(key: str) -> Seen:
    """Raises NotFound."""
    found = require(copies.text(session(), key))
    copy = copies.copy(session(), copies.course_of(session(), key) or "")
    return Seen(found, require(copy))


def shown(key: str, status: int = 200, fault: str = "") -> ResponseReturnValue:
    """The list; with `?stand=` also what became of that state, until today or until `?mit=`."""
    at = seen(key)
    return page(
        "workshop/history.html",
        status,
        at=at,
        found=history.states(session(), key, request.args.get("nach")),
        compared=comparison(at),
        local=clock.local,
        fault=fault,
    )


def comparison(at: Seen) -> Comparison | None:
    """Raises NotFound when one of the states is gone by now."""
    chosen = number(request.args.get("stand"))
    if not chosen:
        return None
    db, key = session(), at.text.key
    old = require(history.state(db, key, chosen))
    text = require(history.text_of(db, key, chosen))
    other = number(request.values.get("mit"))
    if not other:
        return Comparison(old, None, differences.hunks(text, at.text.text))
    new = require(history.text_of(db, key, other))
    return Comparison(old, require(history.state(db, key, other)), differences.hunks(text, new))


def restored(key: str) -> ResponseReturnValue:
    """The text of a state becomes a new state, unless somebody has saved meanwhile: 409."""
    chosen = number(request.form.get("stand"))
    at = seen(key)
    text = history.text_of(session(), key, chosen)
    if text is None:
        return shown(key, 422, _("Diesen Stand gibt es nicht mehr. Wählen Sie einen anderen."))
    cause = _("Stand %(number)s zurückgeholt", number=chosen)
    base = number(request.form.get("base_revision"))
    try:
        with writing() as db:
            saving.save(db, actor(), key, text, base_revision=base, cause=cause)
    except Conflict:
        return shown(
            key, 409, _("Inzwischen wurde dieser Text wieder geändert. Vergleichen Sie noch einmal.")
        )
    except Refused as refused:
        return shown(key, refused.status, refused.message)
    flash(_("Der Stand %(number)s ist wieder da. Was vorher dastand, bleibt im Verlauf.", number=chosen))
    return redirect(at.here, 303)
