"""Which achievements there are: editions of courses that were published; nobody's are counted or listed."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses import queries as shelf
from learn.courses.models import Course, Release
from learn.learning.badges import credential
from learn.learning.badges.credential import CONTEXTS, Issuer
from learn.learning.sheets import sheet_of

HIGHEST = 2**31 - 1  # what an integer column holds


def achievement(session: Session, issuer: Issuer, course_id: str, edition: int) -> dict[str, Any] | None:
    """The Achievement of an edition of a course as a document of its own; None if it was never published.

    Says what the latest release of that edition says.
    """
    if edition > HIGHEST:
        return None
    of_edition = Release.manifest["edition"].as_integer() == edition
    chosen = select(Release.id).join(Course, Course.id == Release.course_id)
    chosen = chosen.where(Course.id == course_id, Course.kind == "kurs", of_edition)
    release_id = session.scalar(chosen.order_by(Release.number.desc()).limit(1))
    release = shelf.release(session, release_id) if release_id is not None else None
    if release is None:
        return None
    said = credential.achievement(issuer, course_id, edition, sheet_of(release, issuer.network))
    return {"@context": CONTEXTS, **said}


def profile(issuer: Issuer) -> dict[str, Any]:
    """The issuer's Profile as a document of its own."""
    return {"@context": CONTEXTS, **issuer.profile()}
