"""`/werkstatt/kurse/<id>`: a course's data, its modules and lessons, new parts."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core.access import Refused, actor, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.network import topics
from learn.workshop import copies, course_forms, forms, identities, layout, policy, saving, shaping, structure
from learn.workshop.copies import Copy, Text
from learn.workshop.course_forms import Form
from learn.workshop.fields import Unreadable
from learn.workshop.saving import Conflict
from learn.workshop.shaping import Shape
from learn.workshop.views import outline
from learn.workshop.views.blueprint import pages

ONE = "/werkstatt/kurse/<course_id>"
LESSON = ("title", "dauer")


@pages.get(ONE, access=policy.author)
def course(course_id: str) -> ResponseReturnValue:
    """The course as it stands in the Werkstatt."""
    return shown(course_id)


@pages.post(ONE, access=policy.author, largest=forms.LARGEST)
def save_course(course_id: str) -> ResponseReturnValue:
    """Save what kurs.md says above its text, and the address."""
    text = sheet(course_id)
    form = course_forms.read_course(request.form)
    try:
        after = course_forms.composed(text.text, form)
    except Unreadable:
        return shown(
            course_id, form.but(title=_("Kürzen Sie die Angaben. Sie fassen zusammen 8 KB.")), status=422
        )
    faults = course_forms.course_faults(text.text, after, form)
    if faults:
        return shown(course_id, form.but(**faults), status=422)
    try:
        with writing() as db:
            saving.save(
                db, actor(), course_id, after, base_revision=form.base_revision, cause=_("Kursangaben")
            )
            revision = require(copies.copy(db, course_id)).revision
            saving.readdress(db, actor(), course_id, form.says("slug"), revision=revision)
    except Conflict as conflict:
        return shown(course_id, form, current=conflict.current, status=409)
    except Refused as problem:
        return shown(
            course_id, form.but(**{problem.field or "title": problem.message}), status=problem.status
        )
    flash(_("Die Angaben zum Kurs sind gespeichert."), "success")
    return to(".course", course_id=course_id, anchor="angaben")


@pages.post(f"{ONE}/module", access=policy.author)
def add_module(course_id: str) -> ResponseReturnValue:
    """A module at the end; by `entfernen` one without lessons goes, by `zurueckholen` it comes back."""
    if request.form.get("entfernen"):
        return remove_module(course_id, request.form["entfernen"])
    if request.form.get("zurueckholen"):
        return restore_module(course_id, request.form["zurueckholen"])
    form = course_forms.checked(request.form, "modul", ("title",))
    if form.faults:
        return shown(course_id, module=form, status=422)
    identity = identities.new("modul")
    try:
        with writing() as db:
            shape = shaping.course(db, course_id)
            change = structure.with_module(shape.files, identity, form.says("title"))
            shaping.write(db, actor(), shape, change, revision=form.base_revision, cause=_("angelegt"))
    except Refused as problem:
        return shown(course_id, module=form, message=problem.message, status=problem.status)
    flash(_("Das Modul „%(title)s“ ist angelegt. Es fehlen Lektionen.", title=form.says("title")), "success")
    return to(".course", course_id=course_id, modul=identity, anchor="neue-lektion")


def remove_module(course_id: str, key: str) -> ResponseReturnValue:
    """Raises NotFound; a module that has lessons stays."""
    try:
        with writing() as db:
            shape = shaping.course(db, course_id)
            title, change = emptied(shape, key)
            revision = forms.number(request.form.get("base_revision"))
            shaping.write(db, actor(), shape, change, revision=revision, cause=_("entfernt"))
    except Refused as problem:
        return shown(course_id, message=problem.message, status=problem.status)
    flash(_("Das Modul „%(title)s“ ist entfernt.", title=title), "success")
    return to(".course", course_id=course_id, anchor="aufbau")


def restore_module(course_id: str, key: str) -> ResponseReturnValue:
    """Raises NotFound; the module is as it was published."""
    try:
        with writing() as db:
            shape = shaping.course(db, course_id)
            change = shaping.module_back(db, shape, key)
            revision = forms.number(request.form.get("base_revision"))
            shaping.write(db, actor(), shape, change, revision=revision, cause=_("zurückgeholt"))
    except Refused as problem:
        return shown(course_id, message=problem.message, status=problem.status)
    flash(_("Das Modul ist zurück, so wie es veröffentlicht ist."), "success")
    return to(".course", course_id=course_id, anchor=f"zeile-{key}")


def emptied(shape: Shape, key: str) -> tuple[str, layout.Change]:
    """A module's title, and the course without it. Raises Refused while it has lessons."""
    path = shape.module(key).path
    folder = path.rpartition("/")[0]
    if layout.lessons(shape.files, folder):
        raise Refused(_("Das Modul enthält Lektionen. Verschieben Sie diese zuerst."))
    return shape.title(path), structure.without_module(shape.files, folder)


@pages.post(f"{ONE}/lektionen", access=policy.author)
def add_lesson(course_id: str) -> ResponseReturnValue:
    """A lesson at the end of a module."""
    form = course_forms.checked(request.form, "lektion", LESSON)
    form = Form({**form.values, **chosen()}, form.faults, form.base_revision)
    identity = identities.new("lektion")
    try:
        with writing() as db:
            shape = shaping.course(db, course_id)
            form = addressed(shape, form)
            if not form.faults:
                change = new_lesson(shape, form, identity)
                shaping.write(db, actor(), shape, change, revision=form.base_revision, cause=_("angelegt"))
    except Refused as problem:
        return shown(course_id, lesson=form, message=problem.message, status=problem.status)
    if form.faults:
        return shown(course_id, lesson=form, status=422)
    flash(_("Die Lektion „%(title)s“ ist angelegt.", title=form.says("title")), "success")
    return to(".lesson", lesson_id=identity)


def chosen() -> dict[str, str]:
    """What the form of a new lesson says beside texts."""
    return {
        "modul": request.form.get("modul", ""),
        "pflicht": "ja" if request.form.get("pflicht") else "nein",
    }


def addressed(shape: Shape, form: Form) -> Form:
    """The form with an address out of the title where none was typed, and what is wrong with it."""
    taken = layout.taken(shape.files)
    slug = form.says("slug")
    fault = course_forms.slug_fault(slug, taken) if slug else ""
    if not any(module.entry.key == form.says("modul") for module in outline.standing(shape.copy)):
        form = form.but(modul=_("Wählen Sie ein Modul."))
    if fault:
        return form.but(slug=fault)
    return Form(
        {**form.values, "slug": slug or layout.proposed(form.says("title"), taken)},
        form.faults,
        form.base_revision,
    )


def new_lesson(shape: Shape, form: Form, identity: str) -> layout.Change:
    values: dict[str, Any] = {
        "id": identity,
        "titel": form.says("title"),
        "dauer": f"{course_forms.minutes(form.says('dauer'))}min",
        "pflicht": None if form.says("pflicht") == "ja" else False,
    }
    folder = shape.module(form.says("modul")).path.rpartition("/")[0]
    return structure.with_lesson(shape.files, folder, form.says("slug"), values)


@pages.post(f"{ONE}/glossar", access=policy.author)
def add_glossary(course_id: str) -> ResponseReturnValue:
    """The course's own terms."""
    return add_text(course_id, layout.GLOSSARY)


@pages.post(f"{ONE}/abschlusstest", access=policy.author)
def add_test(course_id: str) -> ResponseReturnValue:
    """An Abschlusstest; the course asks for it from now on."""
    return add_text(course_id, layout.TEST)


def add_text(course_id: str, path: str) -> ResponseReturnValue:
    """A glossary or Abschlusstest, unless there is one."""
    try:
        with writing() as db:
            shape = shaping.course(db, course_id)
            key = shape.keys.get(path, "")
            if not key and path == layout.GLOSSARY:
                key = identities.new("glossar")
                change = structure.with_glossary(shape.files, key, _("Begriffe"))
            elif not key:
                key = identities.new("fragen")
                change = structure.with_test(shape.files, key, _("Abschlusstest"))
            if key not in shape.texts:
                revision = forms.number(request.form.get("base_revision"))
                shaping.write(db, actor(), shape, change, revision=revision, cause=_("angelegt"))
    except Refused as problem:
        return shown(course_id, message=problem.message, status=problem.status)
    return to(".text", key=key)


def sheet(course_id: str) -> Text:
    """The course's own text. Raises NotFound."""
    return require(copies.text(session(), course_id) if course_id.startswith("kur_") else None)


def shown(
    course_id: str,
    form: Form | None = None,
    *,
    module: Form | None = None,
    lesson: Form | None = None,
    current: Text | None = None,
    message: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """The page with its forms, one of which may have faults. `current`: what somebody saved meanwhile."""
    text = sheet(course_id)
    copy: Copy = require(copies.copy(session(), course_id))
    stored = course_forms.of_course(text.text, copy.slug, text.revision)
    asked = lesson or Form({"modul": request.args.get("modul", ""), "pflicht": "ja"})
    return page(
        "workshop/course.html",
        status,
        copy=copy,
        modules=outline.modules(copy),
        places=[(each.entry.key, each.entry.title) for each in outline.standing(copy)],
        summary=outline.summary(copy),
        state=outline.course_state(copy),
        form=form or stored,
        differing=differing(form, stored) if current else {},
        revision=stored.base_revision,
        opened=form is not None,
        module=module or Form({}),
        lesson=asked,
        message=message,
        topics=topics.by_name(),
        licences=course_forms.LICENCES,
        glossary=has(copy, "glo_"),
        test=has(copy, "fra_"),
    )


def has(copy: Copy, kind: str) -> bool:
    """Whether the course has a text of this kind beside its lessons."""
    return any(each.key.startswith(kind) and each.state != outline.GONE for each in copy.others)


def differing(form: Form | None, stored: Form) -> dict[str, str]:
    """What is stored in the fields that say something else here."""
    assert form is not None
    return {name: said for name, said in stored.values.items() if form.says(name) != said}
