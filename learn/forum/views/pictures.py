"""Pictures of posts: seen by who reads the post, asked anew each time."""

from flask import send_file
from flask.typing import ResponseReturnValue

from learn.core.access import NotFound, visitor
from learn.core.db import session
from learn.forum import pictures
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages


@pages.get("/medien/forum/<int(max=2147483647):picture_id>.<ext>", access=visitor)
def picture(picture_id: int, ext: str) -> ResponseReturnValue:
    """A picture, kept by no cache: who may see it may change at any moment."""
    found = pictures.may_see(session(), shared.reader(), picture_id, ext)
    if found is None:
        raise shared.unseen()
    try:
        file = shared.storage().open(found.key)
    except FileNotFoundError as gone:
        raise NotFound from gone
    response = send_file(file, mimetype="image/webp")
    response.headers["Cache-Control"] = "private, no-store"
    return response
