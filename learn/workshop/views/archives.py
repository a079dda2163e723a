"""`/werkstatt/kurse/<id>/export.zip`: a course leaves as files."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from learn.core.access import require
from learn.core.db import session
from learn.workshop import copies, packing, policy
from learn.workshop.views.blueprint import pages
from learn.workshop.views.shared import storage


@pages.get("/werkstatt/kurse/<course_id>/export.zip", access=policy.author)
def export_course(course_id: str) -> ResponseReturnValue:
    """The working copy, with `?stand=veroeffentlicht` the release; in pieces, whatever its size."""
    require(copies.copy(session(), course_id))
    made = packing.published if request.args.get("stand") == packing.PUBLISHED else packing.written
    found = made(session(), course_id)
    response = Response(packing.packed(storage(), found), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
