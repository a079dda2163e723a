"""What the editor's page shows of a text: its place in the course, its state, both language versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from learn.core import clock
from learn.core.access import require
from learn.core.db import session
from learn.core.i18n import NBSP, day
from learn.core.i18n import gettext as _
from learn.courses.parse import PLAIN as PLAIN_FILE
from learn.workshop import copies, fields, keys
from learn.workshop.copies import Copy, Text
from learn.workshop.differences import Hunk
from learn.workshop.fields import EMPTY


@dataclass(frozen=True, slots=True)
class Place:
    """A text to be written in its course. `fresh`: it is the plain version that nobody has begun yet.

    `other`: the lesson's other language version, None where there is none.
    """

    text: Text
    copy: Copy
    fresh: bool = False
    other: Text | None = None

    @property
    def key(self) -> str:
        return self.text.key

    @property
    def kind(self) -> str:
        return keys.kind_of(self.key)

    @property
    def lesson(self) -> bool:
        return self.kind in {"lektion", "einfach"}

    @property
    def plain(self) -> bool:
        return self.kind == "einfach"

    @property
    def address(self) -> str:
        """Where the page stands, without its query."""
        return keys.href(keys.standard(self.key))

    @property
    def href(self) -> str:
        return keys.href(self.key)

    @property
    def keep(self) -> str:
        """Where what is being typed goes."""
        return f"{self.address}/sichern" + ("?fassung=einfach" if self.plain else "")

    @property
    def unsaved(self) -> str:
        """The page with what is not saved, though somebody has saved since."""
        return f"{self.href}{'&' if self.plain else '?'}stand=ungespeichert"

    @property
    def merge(self) -> str:
        """Where a text is put together that was changed in Git, too."""
        return keys.beside(self.key, "zusammenfuehren")

    @property
    def preview(self) -> str:
        return f"{self.href}{'&' if self.plain else '?'}vorschau=1"


@dataclass(frozen=True, slots=True)
class Offer:
    """An unsaved text that the page was opened with. `behind`: somebody has saved since it was begun."""

    at: datetime | None = None
    behind: bool = False
    signed_out: bool = False

    @property
    def time(self) -> str:
        return clock_time(self.at) if self.at else ""


@dataclass(frozen=True, slots=True)
class Clashing:
    """Somebody has saved: `theirs`; `own`: she herself. `hunks`: from theirs to hers, word by word.

    `begun`: the revision that hers was made from.
    """

    theirs: Text
    own: bool
    hunks: Sequence[Hunk]
    begun: int

    @property
    def time(self) -> str:
        return clock_time(self.theirs.saved_at) if self.theirs.saved_at else ""


def place(key: str) -> Place:
    """Raises NotFound: there is no such text, or it was taken away."""
    db = session()
    standard = require(copies.text(db, keys.standard(key)))
    require(not standard.removed or None)
    copy = require(copies.copy(db, copies.course_of(db, key) or ""))
    if keys.kind_of(keys.standard(key)) != "lektion":
        return Place(standard, copy)
    simple = copies.text(db, keys.standard(key) + keys.PLAIN)
    simple = None if simple is None or simple.removed else simple
    if key == standard.key:
        return Place(standard, copy, other=simple)
    return Place(simple or unbegun(key, standard), copy, simple is None, standard)


def unbegun(key: str, standard: Text) -> Text:
    """The plain version of a lesson before its first sentence."""
    edition = fields.words(standard.text, "ausgabe") or "1"
    text = fields.with_values(f"{EMPTY}\n", {"zu_ausgabe": edition})
    path = standard.path.removesuffix(".md") + PLAIN_FILE
    return Text(key, path, text, 0, changed=False, removed=False, base_path="", base_sha="")


def heading(at: Place) -> str:
    """What is being done, with the lesson's number."""
    lessons = [entry for module in at.copy.modules for entry in module.lessons if entry.state != "entfernt"]
    number = next((i for i, entry in enumerate(lessons, 1) if entry.key == keys.standard(at.key)), 0)
    names = {
        "lektion": _("Lektion %(number)s bearbeiten", number=number),
        "einfach": _("Lektion %(number)s in Einfacher Sprache", number=number),
        "modul": _("Modul bearbeiten"),
        "kurs": _("Kurstext bearbeiten"),
        "glossar": _("Glossar bearbeiten"),
        "fragen": _("Abschlusstest bearbeiten"),
    }
    return names[at.kind]


def title_label(at: Place) -> str:
    names = {
        "lektion": _("Titel der Lektion"),
        "einfach": _("Titel der Lektion"),
        "modul": _("Titel des Moduls"),
    }
    return names.get(at.kind, _("Titel"))


def state(at: Place) -> str:
    """What is stored, in words."""
    saved = at.text.saved_at
    if at.fresh:
        return _("Noch nicht gespeichert")
    if saved is None:
        return _("Wie veröffentlicht")
    return _("Entwurf, gespeichert %(when)s", when=when(saved))


def when(instant: datetime) -> str:
    """„um 10:42 Uhr“, of other days „am 9. Juni 2026“."""
    if clock.local(instant).date() == clock.today():
        return _("um %(time)s", time=clock_time(instant))
    return _("am %(day)s", day=day(clock.local(instant).date()))


def clock_time(instant: datetime) -> str:
    """„10:42 Uhr“."""
    return _("%(time)s Uhr", time=f"{clock.local(instant):%H:%M}").replace(" ", NBSP)
