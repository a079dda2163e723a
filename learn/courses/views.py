"""Pictures of published courses and the glossary."""

from collections.abc import Iterable
from string import ascii_uppercase

from flask import current_app, send_file
from flask.typing import ResponseReturnValue

from learn.core.access import NotFound, actor, require, visitor
from learn.core.db import session
from learn.core.storage import Storage
from learn.core.web import Pages, page
from learn.courses import holders, queries

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
SIGNS = "#"
IMMUTABLE = "public, max-age=31536000, immutable"
FOR_AUTHORS = "private, no-store"


@pages.get("/medien/<sha>.<ext>", access=visitor)
def picture(sha: str, ext: str) -> ResponseReturnValue:
    """A picture by the hash of its bytes, so that it never changes; one of a draft for its authors."""
    published = queries.picture(session(), sha, ext) is not None
    if not published and not holders.seen(session(), actor(), sha, ext):
        raise NotFound
    storage = Storage(current_app.extensions["learn.config"].storage)
    try:
        file = storage.open(f"{sha}.{ext}")
    except FileNotFoundError as gone:
        raise NotFound from gone
    response = send_file(file, mimetype=TYPES.get(ext, "application/octet-stream"), etag=sha)
    response.headers["Cache-Control"] = IMMUTABLE if published else FOR_AUTHORS
    return response


@pages.get("/vokabelheft", access=visitor)
def glossary() -> ResponseReturnValue:
    return page("courses/glossary.html", letters=by_letter(queries.term_index(session())))


@pages.get("/vokabelheft/<slug>", access=visitor)
def term(slug: str) -> ResponseReturnValue:
    texts = require(queries.term(session(), slug) or None)
    return page("courses/term.html", texts=texts, places=queries.term_uses(session(), slug))


def by_letter(terms: Iterable[queries.TermEntry]) -> list[tuple[str, str, list[queries.TermEntry]]]:
    """Letter, anchor and entries for each letter from A to Z, signs last; empty without any term."""
    found: dict[str, list[queries.TermEntry]] = {}
    for entry in terms:
        first = entry.sort[:1].upper()
        found.setdefault(first if first in ascii_uppercase else SIGNS, []).append(entry)
    letters = [(letter, f"buchstabe-{letter.lower()}", found.get(letter, [])) for letter in ascii_uppercase]
    if SIGNS in found:
        letters.append((SIGNS, "zeichen", found[SIGNS]))
    return letters if found else []
