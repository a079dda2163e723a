"""After a topic got another name: its courses are found by it in the catalogue and in the search."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses import indexing, switch
from learn.courses.manifest import Manifest
from learn.courses.models import Course, CourseTopic, Release
from learn.network.vocabulary import vocabulary


def renew(session: Session, topic: str) -> None:
    """Write anew what courses that bear the topic are found by, in the transaction of the change.

    Lessons stay as they are: they do not name the topics of their course.
    """
    names = vocabulary(session).names
    found = (
        select(Course, Release)
        .join(CourseTopic, CourseTopic.course_id == Course.id)
        .join(Release, Release.id == Course.release_id)
        .where(CourseTopic.topic == topic)
        .order_by(Course.id)
        .with_for_update(of=Course)
    )
    for course, release in session.execute(found).all():
        tree = Manifest.from_json(release.manifest)
        course.words = switch.card_words(tree, release.sheet, names)
        indexing.reindex_sheet(session, course, tree, release.sheet, names)
