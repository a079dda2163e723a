"""A foreign course that was read in before: its lessons keep their ids and the places authors gave them.

Lessons are known by their bytes, then by their words, then by their path, as when a folder is imported again.
"""

import hashlib
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses.foreign import titles
from learn.courses.foreign.identities import Entry, Texts, match
from learn.courses.models import Course
from learn.workshop import copies, fields, layout, queries, relinking
from learn.workshop.arriving import Arrived, keys_of
from learn.workshop.copies import Text
from learn.workshop.models import WorkCourse


def recognise(session: Session, course: Arrived, target: str = "") -> str:
    """The id of the course this is, its texts rewritten to bear the ids and places of that; empty: a new one.

    `target` names it; else it is the one of the same title and source.
    """
    course_id = target or _alike(session, course)
    there = {key: text for key, text in copies.texts(session, course_id).items() if not text.removed}
    if not course_id or course_id not in there:
        return ""
    keys, _bad = keys_of(course.folder)
    files = {path: (course.folder / path).read_text() for path in keys}
    known = _known(files, keys, there)
    moved = _moved(files, keys, known, there)
    result = relinking.followed(files, moved, {})
    for path in files:
        (course.folder / path).unlink()
    for path, key in keys.items():
        place = moved.get(path, path)
        fresh = result[place]
        if key in known:
            fresh = fresh.replace(f"id: {key}", f"id: {known[key]}", 1)
        target_file = course.folder / place
        target_file.parent.mkdir(parents=True, exist_ok=True)
        target_file.write_text(fresh, newline="\n")
    return course_id


def _alike(session: Session, course: Arrived) -> str:
    """The course of this title that names the same source."""
    sheet = queries.head((course.folder / "kurs.md").read_text(), "kurs")
    title, source = sheet.text("titel"), sheet.text("quelle")
    drafts = session.scalars(select(WorkCourse.id).where(WorkCourse.title == title))
    published = session.scalars(select(Course.id).where(Course.title == title, Course.kind == "kurs"))
    wanted: set[str] = {*drafts, *published}
    for course_id in sorted(wanted):
        found = copies.text(session, course_id)
        if found is not None and queries.head(found.text, "kurs").text("quelle") == source:
            return course_id
    return ""


def _known(files: Mapping[str, str], keys: Mapping[str, str], there: Mapping[str, Text]) -> dict[str, str]:
    """Existing ids by the new ones."""
    found = {keys["kurs.md"]: next(key for key in there if key.startswith("kur_"))}
    lessons = {text.path: text for text in there.values() if layout.is_lesson(text.path)}
    entries = {
        path: Entry("lektion", path, path, text.key, _sha(text.text)) for path, text in lessons.items()
    }
    mine = {path: _sha(files[path]) for path in files if layout.is_lesson(path)}
    matched = match(entries, mine, _Compared(files, lessons))
    found |= {keys[path]: entry.id for path, entry in matched.items()}
    return found | _modules(keys, found, matched, there)


def _modules(
    keys: Mapping[str, str],
    found: Mapping[str, str],
    matched: Mapping[str, Entry],
    there: Mapping[str, Text],
) -> dict[str, str]:
    """Modules by the folder of the same name, else by where most of their lessons lie; each once."""
    folders = {text.path.rpartition("/")[0]: key for key, text in there.items() if key.startswith("mod_")}
    taken = set(found.values())
    result: dict[str, str] = {}
    for path, key in keys.items():
        if not key.startswith("mod_"):
            continue
        folder = path.rpartition("/")[0]
        inner = [
            entry.path.rpartition("/")[0] for name, entry in matched.items() if name.startswith(f"{folder}/")
        ]
        for candidate in (*sorted(set(inner), key=inner.count, reverse=True), folder):
            known = folders.get(candidate)
            if known and known not in taken:
                taken.add(known)
                result[key] = known
                break
    return result


def _moved(
    files: Mapping[str, str], keys: Mapping[str, str], known: Mapping[str, str], there: Mapping[str, Text]
) -> dict[str, str]:
    """Where texts go: those that are known to their places, new ones beside them under a free name."""
    moved = {path: there[known[key]].path for path, key in keys.items() if key in known}
    folders = {path.rpartition("/")[0]: place.rpartition("/")[0] for path, place in moved.items()}
    slugs = {layout.slug(text.path) for text in there.values() if layout.is_lesson(text.path)}
    for path in sorted(set(files) - set(moved)):
        folder, _, name = path.rpartition("/")
        home = folders.get(folder, folder)
        if layout.is_lesson(path):
            slug = titles.slug(layout.slug(path), "lektion", slugs, numbered=False)
            slugs.add(slug)
            name = f"{name.partition('-')[0]}-{slug}.md"
        moved[path] = f"{home}/{name}" if home else name
    return {path: place for path, place in moved.items() if place != path}


def _sha(text: str) -> str:
    """Of the body: ids and what an author adds to the head do not part a lesson from its source."""
    return hashlib.sha256(fields.parts(text)[1].strip().encode()).hexdigest()


class _Compared(Texts):
    """Words of what arrives and of what is there."""

    def __init__(self, files: Mapping[str, str], lessons: Mapping[str, Text]) -> None:
        self.files, self.lessons = files, lessons

    def source(self, path: str) -> str:
        return fields.parts(self.files[path])[1]

    def draft(self, entry: Entry) -> str:
        return fields.parts(self.lessons[entry.path].text)[1]
