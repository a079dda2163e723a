"""Small pages that split, merge, retire and give up lessons; each says first what happens to learners."""

from collections.abc import Sequence
from posixpath import dirname

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core.access import NotFound, Refused, actor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.markup.model import Heading
from learn.workshop import (
    course_forms,
    fields,
    forms,
    identities,
    joining,
    layout,
    policy,
    sections,
    shaping,
    splitting,
    structure,
)
from learn.workshop.course_forms import Form
from learn.workshop.joining import Joint
from learn.workshop.layout import Change
from learn.workshop.shaping import Shape
from learn.workshop.splitting import Cut
from learn.workshop.views.arranging import LESSON, revision
from learn.workshop.views.blueprint import pages
from learn.workshop.views.shared import turn

SPLIT = ("title", "title_2", "dauer", "dauer_2", "slug", "ab", "ab_einfach", "gilt")


@pages.get(f"{LESSON}/teilen", access=policy.author)
def ask_to_split(lesson_id: str) -> ResponseReturnValue:
    return split_page(lesson_id)


@pages.post(f"{LESSON}/teilen", access=policy.author)
def split_lesson(lesson_id: str) -> ResponseReturnValue:
    """Make two of one at a heading: `ab` names its line."""
    form = Form({name: forms.line(request.form.get(name, "")) for name in SPLIT}, {}, revision())
    shape = shaping.around(session(), lesson_id)
    form = checked_cut(shape, lesson_id, form)
    if form.faults:
        return split_page(lesson_id, form, status=422)
    known = bool(shaping.published(session(), [lesson_id]))
    cut = cut_of(form, known=known)
    try:
        change = splitting.split(shape.files, shape.lesson(lesson_id).path, cut, outline)
        with writing() as db:
            shaping.write(db, actor(), shape, change, revision=form.base_revision, cause=_("geteilt"))
    except Refused as problem:
        return split_page(lesson_id, form, message=problem.message, status=problem.status)
    flash(_("Aus der Lektion sind zwei geworden. Lesen Sie beide noch einmal durch."), "success")
    return to(".course", course_id=shape.copy.course_id, anchor=f"zeile-{cut.ids[1]}")


def checked_cut(shape: Shape, lesson_id: str, form: Form) -> Form:
    """The form with an address where none was typed, and with its faults."""
    path = shape.lesson(lesson_id).path
    taken = layout.taken(shape.files)
    slug = form.says("slug") or layout.proposed(form.says("title_2"), taken)
    faults = {"slug": course_forms.slug_fault(slug, taken)}
    lines = {str(heading.line) for heading in cuts(shape, path)}
    faults["ab"] = "" if form.says("ab") in lines else _("Wählen Sie eine Überschrift.")
    for name in ("title", "title_2"):
        fits = 0 < len(form.says(name)) <= 120
        faults[name] = "" if fits else _("Schreiben Sie einen Titel mit 1 bis 120 Zeichen.")
    for name in ("dauer", "dauer_2"):
        fits = course_forms.minutes(form.says(name)) > 0
        faults[name] = "" if fits else _("Schreiben Sie die Minuten als Zahl von 1 bis 60.")
    plain = {str(heading.line) for heading in cuts(shape, layout.plain_path(path))} | {"", "0"}
    simple = form.says("ab_einfach") if form.says("ab_einfach") in plain else "0"
    values = {**form.values, "slug": slug, "ab_einfach": simple}
    return Form(values, {name: fault for name, fault in faults.items() if fault}, form.base_revision)


def cut_of(form: Form, *, known: bool) -> Cut:
    """What was asked for; who knows the lesson keeps it unless its first part is to stay as it is."""
    return Cut(
        line=int(form.says("ab")),
        plain_line=int(form.says("ab_einfach") or 0),
        titles=(form.says("title"), form.says("title_2")),
        minutes=(course_forms.minutes(form.says("dauer")), course_forms.minutes(form.says("dauer_2"))),
        slug=form.says("slug"),
        ids=(identities.new("lektion"), identities.new("lektion")),
        carried=known and form.says("gilt") != "erster",
    )


def cuts(shape: Shape, path: str) -> list[Heading]:
    """Headings at which a text can be cut; none where there is no such text."""
    text = shape.files.get(path)
    return sections.cuts(text, outline(path, text)) if text is not None else []


def outline(path: str, text: str) -> Sequence[Heading]:
    """The headings of a lesson, drawn when it is this person's turn. Raises Refused, TooMany."""
    with turn():
        return shaping.outline(path, text)


def split_page(
    lesson_id: str, form: Form | None = None, *, message: str = "", status: int = 200
) -> ResponseReturnValue:
    shape = shaping.around(session(), lesson_id)
    path = shape.lesson(lesson_id).path
    found = cuts(shape, path)
    return page(
        "workshop/step_split.html",
        status,
        shape=shape,
        lesson=shape.lesson(lesson_id),
        title=shape.title(path),
        headings=[(str(heading.line), heading.text) for heading in found],
        simple=[(str(heading.line), heading.text) for heading in cuts(shape, layout.plain_path(path))],
        has_plain=layout.plain_path(path) in shape.files,
        form=form or first_cut(shape, path, found),
        published=bool(shaping.published(session(), [lesson_id])),
        message=message,
    )


def first_cut(shape: Shape, path: str, found: list[Heading]) -> Form:
    """What the form proposes: the heading nearest to the middle, minutes in proportion."""
    text = shape.files[path]
    whole = course_forms.minutes(fields.words(text, "dauer")) or 2
    rows = text.split("\n")
    middle = min(found, key=lambda heading: abs(2 * heading.line - len(rows)), default=None)
    values = {"title": shape.title(path), "gilt": "beide"}
    if middle is not None:
        second = min(max(round(whole * (1 - middle.line / len(rows))), 1), max(whole - 1, 1))
        values |= {"ab": str(middle.line), "title_2": middle.text[:120]}
        values |= {"dauer": str(max(whole - second, 1)), "dauer_2": str(second)}
        plain = next(
            (each for each in cuts(shape, layout.plain_path(path)) if each.slug == middle.slug), None
        )
        values["ab_einfach"] = str(plain.line) if plain else "0"
    return Form(values)


@pages.get(f"{LESSON}/zusammenlegen", access=policy.author)
def ask_to_merge(lesson_id: str) -> ResponseReturnValue:
    return merge_page(lesson_id, request.args.get("mit", ""))


@pages.post(f"{LESSON}/zusammenlegen", access=policy.author)
def merge_lessons(lesson_id: str) -> ResponseReturnValue:
    """Make one of two: the lesson `mit` goes into this one."""
    form = Form({name: forms.line(request.form.get(name, "")) for name in ("title", "mit")}, {}, revision())
    if not 0 < len(form.says("title")) <= 120:
        fault = _("Schreiben Sie einen Titel mit 1 bis 120 Zeichen.")
        return merge_page(lesson_id, form.says("mit"), form.but(title=fault), status=422)
    shape = shaping.around(session(), lesson_id)
    pair = pair_of(shape, lesson_id, form.says("mit"))
    known = shaping.published(session(), [shape.keys[path] for path in pair])
    identity = joining.keeper(shape.files, *pair, known) or identities.new("lektion")
    try:
        joint = Joint(form.says("title"), identity, known)
        change = joining.merge(shape.files, *pair, joint, outline)
        with writing() as db:
            shaping.write(db, actor(), shape, change, revision=form.base_revision, cause=_("zusammengelegt"))
    except Refused as problem:
        return merge_page(lesson_id, form.says("mit"), form, message=problem.message, status=problem.status)
    flash(_("Aus den zwei Lektionen ist eine geworden. Lesen Sie sie noch einmal durch."), "success")
    return to(".course", course_id=shape.copy.course_id, anchor=f"zeile-{identity}")


def pair_of(shape: Shape, lesson_id: str, other: str) -> tuple[str, str]:
    """Both paths in reading order. Raises NotFound."""
    paths = {shape.lesson(lesson_id).path, shape.lesson(other).path}
    if len(paths) < 2:
        raise NotFound
    first, second = (path for path in layout.lessons(shape.files) if path in paths)
    return first, second


def merge_page(
    lesson_id: str, other: str, form: Form | None = None, *, message: str = "", status: int = 200
) -> ResponseReturnValue:
    shape = shaping.around(session(), lesson_id)
    own = shape.lesson(lesson_id)
    others = [path for path in layout.lessons(shape.files) if path != own.path]
    other = other if shape.keys.get(shape.texts[other].path if other in shape.texts else "") == other else ""
    other = other if other != lesson_id else ""
    other = other or nearest(shape, own.path, others)
    pair = pair_of(shape, lesson_id, other) if other else ()
    known = shaping.published(session(), [shape.keys[path] for path in pair])
    return page(
        "workshop/step_merge.html",
        status,
        shape=shape,
        lesson=own,
        title=shape.title(own.path),
        others=[(shape.keys[path], shape.title(path)) for path in others],
        other=other,
        names=[shape.title(path) for path in pair],
        form=form or Form({"title": shape.title(pair[0]) if pair else ""}),
        published=len(known),
        anew=len(pair) == 2 and joining.keeper(shape.files, *pair, known) is None,
        surplus=joining.surplus_goals(shape.files, *pair) if len(pair) == 2 else (),
        simple=[layout.plain_path(path) in shape.files for path in pair],
        message=message,
    )


def nearest(shape: Shape, path: str, others: list[str]) -> str:
    """The next lesson, else the one before; empty where it is alone."""
    lessons = layout.lessons(shape.files)
    at = lessons.index(path)
    found = (lessons[at + 1 : at + 2] or lessons[at - 1 : at]) if others else []
    return shape.keys[found[0]] if found else ""


@pages.get(f"{LESSON}/zurueckziehen", access=policy.author)
def ask_to_retire(lesson_id: str) -> ResponseReturnValue:
    return retire_page(lesson_id)


@pages.post(f"{LESSON}/zurueckziehen", access=policy.author)
def retire_lesson(lesson_id: str) -> ResponseReturnValue:
    """Take a lesson out of the course."""
    try:
        with writing() as db:
            shape = shaping.around(db, lesson_id)
            path = shape.lesson(lesson_id).path
            change = structure.retired(shape.files, path)
            shaping.write(db, actor(), shape, change, revision=revision(), cause=_("zurückgezogen"))
    except Refused as problem:
        return retire_page(lesson_id, problem.message, problem.status)
    flash(_("„%(title)s“ gehört nicht mehr zum Kurs.", title=shape.title(path)), "success")
    return to(".course", course_id=shape.copy.course_id, anchor="aufbau")


def retire_page(lesson_id: str, message: str = "", status: int = 200) -> ResponseReturnValue:
    shape = shaping.around(session(), lesson_id)
    lesson = shape.lesson(lesson_id)
    naming = structure.mentions(shape.files, lesson.path)
    return page(
        "workshop/step_retire.html",
        status,
        shape=shape,
        lesson=lesson,
        title=shape.title(lesson.path),
        mentions=[(shape.keys[path], shape.title(path)) for path in naming],
        published=bool(shaping.published(session(), [lesson_id])),
        message=message,
    )


@pages.get(f"{LESSON}/verwerfen", access=policy.author)
def ask_to_discard(lesson_id: str) -> ResponseReturnValue:
    return discard_page(lesson_id)


@pages.post(f"{LESSON}/verwerfen", access=policy.author)
def discard_lesson(lesson_id: str) -> ResponseReturnValue:
    """Give up the changes of a lesson: it is as published again, a new one is gone."""
    try:
        with writing() as db:
            shape = shaping.around(db, lesson_id)
            text = shape.texts[lesson_id]
            change: Change = (
                shaping.given_up(db, shape, lesson_id)
                if text.base_sha
                else structure.retired(shape.files, shape.lesson(lesson_id).path)
            )
            shaping.write(db, actor(), shape, change, revision=revision(), cause=_("verworfen"))
    except Refused as problem:
        return discard_page(lesson_id, problem.message, problem.status)
    flash(_("Die Änderungen sind verworfen."), "success")
    return to(".course", course_id=shape.copy.course_id, anchor=f"zeile-{lesson_id}")


def discard_page(lesson_id: str, message: str = "", status: int = 200) -> ResponseReturnValue:
    shape = shaping.around(session(), lesson_id)
    lesson = shape.texts[lesson_id]
    return page(
        "workshop/step_discard.html",
        status,
        shape=shape,
        lesson=lesson,
        title=fields.words(lesson.text, "titel") or dirname(lesson.path),
        fresh=not lesson.base_sha,
        message=message,
    )
