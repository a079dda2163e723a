"""Order of modules and lessons: buttons, dragging, a form; addresses of lessons."""

from dataclasses import dataclass
from posixpath import dirname

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core.access import NotFound, Refused, actor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.workshop import course_forms, fields, forms, layout, policy, shaping, structure
from learn.workshop.course_forms import Form
from learn.workshop.layout import Change
from learn.workshop.shaping import Shape
from learn.workshop.views import course as course_page
from learn.workshop.views.blueprint import pages

LESSON = "/werkstatt/lektionen/<lesson_id>"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is to stand: among the lessons of a module, or among the modules (`folder` empty)."""

    folder: str
    at: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A course after a move: what it says of it, and the button of the row that moved."""

    told: str
    anchor: str


@pages.post("/werkstatt/kurse/<course_id>/ordnen", access=policy.author)
def arrange(course_id: str) -> ResponseReturnValue:
    """Move one thing: `hoch` or `runter` by one place, or `key` behind `nach` (a module: to its front)."""
    key, step = asked()
    try:
        with writing() as db:
            shape = shaping.course(db, course_id)
            place = neighbour(shape, key, step) if step else behind(shape, key, request.form.get("nach", ""))
            change = planned(shape, key, place)
            shaping.write(db, actor(), shape, change, revision=revision(), cause=_("verschoben"))
    except Refused as problem:
        return course_page.shown(course_id, message=problem.message, status=problem.status)
    moved = outcome(shape, change, key, step)
    flash(moved.told, "success")
    return to(".course", course_id=course_id, anchor=moved.anchor)


def asked() -> tuple[str, int]:
    """What moves, and by how many places; 0 where its new place is named."""
    for name, step in (("hoch", -1), ("runter", 1)):
        if request.form.get(name):
            return request.form[name], step
    return request.form.get("key", ""), 0


def revision() -> int:
    """The state of the copy that the page was made from."""
    return forms.number(request.form.get("base_revision"))


def neighbour(shape: Shape, key: str, step: int) -> Place:
    """One place up or down, beyond the edge of a module into the next one. Raises NotFound."""
    folders = layout.modules(shape.files)
    if key.startswith("mod_"):
        return Place("", folders.index(dirname(shape.module(key).path)) + step)
    path = shape.lesson(key).path
    folder = dirname(path)
    at = layout.lessons(shape.files, folder).index(path) + step
    if 0 <= at < len(layout.lessons(shape.files, folder)):
        return Place(folder, at)
    other = folders.index(folder) + step
    if not 0 <= other < len(folders):
        return Place(folder, at)
    return Place(folders[other], 0 if step > 0 else len(layout.lessons(shape.files, folders[other])))


def behind(shape: Shape, key: str, after: str) -> Place:
    """The place behind a lesson or at the front of a module; for a module behind another. Raises NotFound."""
    if key.startswith("mod_"):
        others = [name for name in layout.modules(shape.files) if name != dirname(shape.module(key).path)]
        return Place("", others.index(dirname(shape.module(after).path)) + 1 if after and after != key else 0)
    path = shape.lesson(key).path
    if after.startswith("mod_"):
        return Place(dirname(shape.module(after).path), 0)
    before = shape.lesson(after).path
    others = [each for each in layout.lessons(shape.files, dirname(before)) if each != path]
    if before == path:
        raise NotFound
    return Place(dirname(before), others.index(before) + 1)


def planned(shape: Shape, key: str, place: Place) -> Change:
    path = shape.texts[key].path
    if place.folder:
        return structure.lesson_moved(shape.files, path, place.folder, max(place.at, 0))
    return structure.module_moved(shape.files, dirname(path), max(place.at, 0))


def outcome(shape: Shape, change: Change, key: str, step: int = 0) -> Moved:
    """What is said after a move, and where the focus goes."""
    old = shape.texts[key].path
    path = change.moved.get(old, old)
    title, folder = shape.title(old), dirname(path)
    folders = layout.modules(change.files)
    if key.startswith("mod_"):
        at, count = folders.index(folder), len(folders)
        told = _(
            "Das Modul „%(title)s“ steht jetzt an Platz %(place)s von %(count)s.",
            title=title,
            place=at + 1,
            count=count,
        )
        return Moved(told, _button(key, step, first=at == 0, last=at == count - 1))
    inside = layout.lessons(change.files, folder)
    at = inside.index(path)
    told = _(
        "„%(title)s“ steht jetzt an Platz %(place)s von %(count)s im Modul „%(module)s“.",
        title=title,
        place=at + 1,
        count=len(inside),
        module=fields.words(change.files.get(f"{folder}/{layout.MODULE}", ""), "titel") or folder,
    )
    first = at == 0 and folder == folders[0]
    if structure.settled(change) is not change:
        told += " " + _("Am Anfang des Kurses entfällt „Empfohlen vorher: die vorige Lektion“.")
    return Moved(told, _button(key, step, first=first, last=at == len(inside) - 1 and folder == folders[-1]))


def _button(key: str, step: int, *, first: bool, last: bool) -> str:
    """The button that was pressed, or the other one where that is gone at the edge."""
    if first and last:
        return f"zeile-{key}"
    up = (step <= 0 and not first) or last
    return f"hoch-{key}" if up else f"runter-{key}"


@pages.get(f"{LESSON}/verschieben", access=policy.author)
def ask_to_move(lesson_id: str) -> ResponseReturnValue:
    return move_page(lesson_id)


@pages.post(f"{LESSON}/verschieben", access=policy.author)
def move_lesson(lesson_id: str) -> ResponseReturnValue:
    """Move a lesson behind another one or to the front of a module: `nach`."""
    try:
        with writing() as db:
            shape = shaping.around(db, lesson_id)
            place = behind(shape, lesson_id, request.form.get("nach", ""))
            change = planned(shape, lesson_id, place)
            shaping.write(db, actor(), shape, change, revision=revision(), cause=_("verschoben"))
    except Refused as problem:
        return move_page(lesson_id, problem.message, problem.status)
    moved = outcome(shape, change, lesson_id)
    flash(moved.told, "success")
    return to(".course", course_id=shape.copy.course_id, anchor=moved.anchor)


def move_page(lesson_id: str, message: str = "", status: int = 200) -> ResponseReturnValue:
    shape = shaping.around(session(), lesson_id)
    path = shape.lesson(lesson_id).path
    inside = layout.lessons(shape.files, dirname(path))
    at = inside.index(path)
    return page(
        "workshop/step_move.html",
        status,
        shape=shape,
        lesson=shape.lesson(lesson_id),
        title=shape.title(path),
        places=places(shape, path),
        now=shape.keys[inside[at - 1]] if at else shape.keys.get(f"{dirname(path)}/{layout.MODULE}", ""),
        message=message,
    )


def places(shape: Shape, path: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where a lesson may go: by module, the value of `nach` with its words."""
    found = []
    for folder in layout.modules(shape.files):
        module = f"{folder}/{layout.MODULE}"
        if module not in shape.files:
            continue
        options = [(shape.keys[module], _("Ganz am Anfang"))]
        options += [
            (shape.keys[each], _("Nach „%(title)s“", title=shape.title(each)))
            for each in layout.lessons(shape.files, folder)
            if each != path
        ]
        found.append((shape.title(module), options))
    return found


@pages.get(f"{LESSON}/umbenennen", access=policy.author)
def ask_for_address(lesson_id: str) -> ResponseReturnValue:
    return address_page(lesson_id)


@pages.post(f"{LESSON}/umbenennen", access=policy.author)
def rename_lesson(lesson_id: str) -> ResponseReturnValue:
    """Another address; the old one leads to it once the course is published."""
    form = Form({"slug": forms.line(request.form.get("slug", ""))}, {}, revision())
    try:
        with writing() as db:
            shape = shaping.around(db, lesson_id)
            path = shape.lesson(lesson_id).path
            fault = course_forms.slug_fault(
                form.says("slug"), layout.taken(shape.files) - {layout.slug(path)}
            )
            change = structure.renamed(shape.files, path, form.says("slug"))
            if not fault:
                shaping.write(db, actor(), shape, change, revision=form.base_revision, cause=_("umbenannt"))
    except Refused as problem:
        return address_page(lesson_id, form, message=problem.message, status=problem.status)
    if fault:
        return address_page(lesson_id, form.but(slug=fault), status=422)
    flash(_("Die Adresse ist geändert. Alle Links im Kurs führen jetzt dorthin."), "success")
    return to(".course", course_id=shape.copy.course_id, anchor=f"zeile-{lesson_id}")


def address_page(
    lesson_id: str, form: Form | None = None, *, message: str = "", status: int = 200
) -> ResponseReturnValue:
    shape = shaping.around(session(), lesson_id)
    lesson = shape.lesson(lesson_id)
    return page(
        "workshop/step_rename.html",
        status,
        shape=shape,
        lesson=lesson,
        title=shape.title(lesson.path),
        form=form or Form({"slug": layout.slug(lesson.path)}),
        proposal=layout.proposed(
            shape.title(lesson.path), layout.taken(shape.files) - {layout.slug(lesson.path)}
        ),
        published=bool(lesson.base_path),
        message=message,
    )
