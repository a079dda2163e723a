"""Pictures of published courses and the glossary."""

from itertools import groupby

from flask import current_app, send_file
from flask.typing import ResponseReturnValue

from learn.core.access import require, visitor
from learn.core.db import session
from learn.core.storage import Storage
from learn.core.web import Pages, page
from learn.courses import queries

pages = Pages("courses", __name__, template_folder="templates")
TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}
IMMUTABLE = "public, max-age=31536000, immutable"


@pages.get("/medien/<sha>.<ext>", access=visitor)
def picture(sha: str, ext: str) -> ResponseReturnValue:
    """A picture by the hash of its bytes, so that it never changes."""
    asset = require(queries.picture(session(), sha, ext))
    storage = Storage(current_app.extensions["learn.config"].storage)
    response = send_file(
        storage.open(f"{asset.sha}.{asset.ext}"),
        mimetype=TYPES.get(asset.ext, "application/octet-stream"),
        etag=asset.sha,
    )
    response.headers["Cache-Control"] = IMMUTABLE
    return response


@pages.get("/vokabelheft", access=visitor)
def glossary() -> ResponseReturnValue:
    terms = queries.term_index(session())
    letters = [(letter, list(found)) for letter, found in groupby(terms, key=letter_of)]
    return page("courses/glossary.html", letters=letters)


@pages.get("/vokabelheft/<slug>", access=visitor)
def term(slug: str) -> ResponseReturnValue:
    texts = require(queries.term(session(), slug) or None)
    return page("courses/term.html", texts=texts)


def letter_of(entry: queries.TermEntry) -> str:
    """The letter under which a term stands; digits and signs stand under `#`."""
    first = entry.sort[:1].upper()
    return first if first.isalpha() else "#"
