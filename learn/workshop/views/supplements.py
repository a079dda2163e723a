"""A Kommune's own text at a lesson or one of its headings: writing, looking at it before, taking it away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from learn.core import forms as core_forms
from learn.core import limits
from learn.core.access import Refused, actor, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.web import page
from learn.courses.library import LessonText
from learn.workshop import adapting, anchoring, policy, supplements
from learn.workshop.models import Supplement
from learn.workshop.supplements import Anchor, Conflict, Current, Prepared
from learn.workshop.views.adapting import Adapted, adapted, lesson_of, number
from learn.workshop.views.blueprint import pages
from learn.workshop.views.shared import turn

ADDRESS = "/kommunen/<ags>/kurse/<slug:kurs>/<slug:lektion>/ergaenzung"
TRIES = Limit("supplements", tries=120, seconds=600)


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson for which a Kommune writes, with the supplements it has there."""

    here: Adapted
    text: LessonText
    slug: str
    rows: Sequence[Supplement]

    @property
    def href(self) -> str:
        return self.here.lesson_href(self.slug)

    def row(self, number: int) -> Supplement | None:
        return next((row for row in self.rows if row.id == number), None)

    def options(self, lost: Supplement | None) -> list[tuple[str, str]]:
        """Where a supplement may stand; the heading that one has lost stays its own."""
        found = [("", _("Am Anfang der Lektion")), *adapting.headings(self.text)]
        if lost is not None and lost.slug not in dict(found):
            found.append((lost.slug, _("„%(heading)s“ (gibt es nicht mehr)", heading=lost.heading)))
        return found


@dataclass(frozen=True, slots=True)
class Draft:
    """The form: text, slug of the heading, and which supplement it changes (0: none yet) from which state."""

    body: str = ""
    heading: str = ""
    number: int = 0
    base_revision: int = 0


@pages.get(ADDRESS, access=policy.adapter)
def supplement(ags: str, kurs: str, lektion: str) -> ResponseReturnValue:
    """The form for a new supplement, or with `stelle` for the one that stands there."""
    place = place_of(ags, kurs, lektion)
    kept = core_forms.claim(place.href)
    if kept is not None:
        return form_page(place, draft_of(dict(kept.fields)), note=_("Ihr Text ist noch da."))
    slug = request.args.get("stelle")
    row = next((row for row in place.rows if row.slug == slug), None)
    if row is None:
        return form_page(place, Draft(heading=slug or ""))
    found = anchoring.heading_of(place.text.headings, row.slug, row.heading)
    return form_page(place, Draft(row.body, found.slug if found else row.slug, row.id, row.revision))


@pages.post(ADDRESS, access=policy.adapter)
def save_supplement(ags: str, kurs: str, lektion: str) -> ResponseReturnValue:
    """Show how it will look, or store it; 409 with both texts when it was changed meanwhile."""
    place = place_of(ags, kurs, lektion)
    draft = draft_of(request.form)
    limits.spend((TRIES, str(actor().owner)))
    try:
        anchor = anchor_of(place, draft)
        with turn():
            prepared = supplements.prepare(draft.body, anchor)
        if request.form.get("press") == "vorschau":
            return form_page(place, draft, preview=prepared)
        store(place, anchor, prepared, draft)
    except Refused as problem:
        return form_page(place, draft, faults={problem.field: problem.message}, status=422)
    except Conflict as conflict:
        theirs = conflict.current
        again = replace(draft, number=theirs.id, base_revision=theirs.revision)
        return form_page(place, again, theirs=theirs, status=409)
    flash(_("Die Ergänzung ist gespeichert."), "success")
    return redirect(f"{place.here.href}#ergaenzungen", 303)


def store(place: Place, anchor: Anchor, prepared: Prepared, draft: Draft) -> None:
    """The one transaction. Raises Refused, Conflict."""
    with writing() as db:
        supplements.save(
            db,
            actor(),
            place.here.town.id,
            anchor,
            prepared,
            number=draft.number,
            base_revision=draft.base_revision,
        )


@pages.get(f"{ADDRESS}/entfernen", access=policy.adapter)
def ask_to_remove_supplement(ags: str, kurs: str, lektion: str) -> ResponseReturnValue:
    """Say what will happen first."""
    place = place_of(ags, kurs, lektion)
    row = require(place.row(number("number")))
    return page("workshop/supplement_remove.html", place=place, row=row)


@pages.post(f"{ADDRESS}/entfernen", access=policy.adapter)
def remove_supplement(ags: str, kurs: str, lektion: str) -> ResponseReturnValue:
    """Take it away; 409 with the form when it was changed meanwhile."""
    place = place_of(ags, kurs, lektion)
    try:
        with writing() as db:
            supplements.remove(
                db, place.here.town.id, number("number"), base_revision=number("base_revision")
            )
    except Conflict as conflict:
        row = conflict.current
        draft = Draft(row.body, row.slug, row.id, row.revision)
        note = _("Die Ergänzung wurde inzwischen geändert. Sehen Sie sie an, bevor Sie sie entfernen.")
        return form_page(place, draft, note=note, status=409)
    flash(_("Die Ergänzung ist entfernt."), "success")
    return redirect(f"{place.here.href}#ergaenzungen", 303)


def place_of(ags: str, kurs: str, lektion: str) -> Place:
    """Raises NotFound, Forbidden."""
    here = adapted(ags, kurs)
    text, slug = lesson_of(here, lektion)
    return Place(here, text, slug, supplements.of_lesson(session(), here.town.id, text.lesson_id))


def draft_of(fields: Mapping[str, str]) -> Draft:
    """What a form says; what is no number counts as 0."""
    numbers = (fields.get(name, "") for name in ("number", "base_revision"))
    known, base = (
        int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0 for text in numbers
    )
    return Draft(fields.get("body", ""), fields.get("heading", ""), known, base)


def anchor_of(place: Place, draft: Draft) -> Anchor:
    """Where the text is to stand. Raises Refused at `heading`."""
    row = place.row(draft.number)
    words = {"": "", **dict(adapting.headings(place.text))}
    if row is not None:
        words.setdefault(row.slug, row.heading)
    if draft.heading not in words:
        raise Refused(_("Wählen Sie eine Stelle aus der Liste."), field="heading")
    course = place.here.release.course_id
    return Anchor(course, place.text.lesson_id, draft.heading, words[draft.heading])


def form_page(
    place: Place,
    draft: Draft,
    *,
    faults: Mapping[str, str] | None = None,
    preview: Prepared | None = None,
    theirs: Current | None = None,
    note: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """The form, its faults, the preview with what is amiss, the text that was stored meanwhile."""
    row = place.row(draft.number)
    lost = (
        row is not None and row.slug and not anchoring.heading_of(place.text.headings, row.slug, row.heading)
    )
    return page(
        "workshop/supplement.html",
        status,
        place=place,
        draft=draft,
        row=row,
        lost=row if lost else None,
        options=place.options(row),
        others=[each for each in place.rows if each.id != draft.number],
        faults=faults or {},
        preview=Markup(preview.html) if preview else None,  # noqa: S704 - sanitised
        hints=preview.hints if preview else (),
        theirs=theirs,
        note=note,
        longest=supplements.LONGEST,
    )
