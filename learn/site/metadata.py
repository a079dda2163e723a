"""What search services read of a course: metadata as JSON-LD, in its page and at an address of its own."""

import json
from collections.abc import Iterable
from typing import Any

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue

from learn.config import Config
from learn.core import atom
from learn.core.access import visitor
from learn.core.db import session
from learn.courses import metadata
from learn.courses import queries as shelf
from learn.courses.library import CourseRelease
from learn.courses.metadata import Link
from learn.network.topics import topic_name
from learn.site.blueprint import pages
from learn.site.place import course_of, with_query

MIMETYPE = "application/ld+json"


@pages.get("/kurse/<slug:kurs>.jsonld", access=visitor)
def course_metadata(kurs: str) -> ResponseReturnValue:
    """The metadata of a course; an earlier address leads to today's."""
    release, moved = course_of(session(), kurs)
    if moved:
        return redirect(with_query(f"/kurse/{release.manifest.slug}.jsonld"), 301)
    found = described(release, paths_with(release.course_id))
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    return atom.answer(text, MIMETYPE).make_conditional(request)


def described(release: CourseRelease, paths: Iterable[Link]) -> dict[str, Any]:
    """The metadata of a course; nothing in it depends on who asks."""
    config: Config = current_app.extensions["learn.config"]
    return metadata.described(
        release,
        base=atom.base(),
        network=config.network_name,
        keywords=[topic_name(topic) for topic in release.sheet.topics],
        paths=paths,
    )


def paths_with(course_id: str) -> list[Link]:
    """Address and title of the Lernpfade that a course belongs to: one statement."""
    found = [each for each in shelf.paths(session()) if course_id in each.sheet.courses]
    return [(f"/{each.manifest.slug}", each.manifest.title) for each in found]
