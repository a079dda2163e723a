"""The texts of the small published course, so that the Werkstatt can work on it, and a copy with changes."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.courses import library
from learn.courses.models import Blob, Course, LessonVersion, PublishedId, Release, ReleaseFile
from learn.courses.trace import Trace
from learn.workshop.history import packed
from learn.workshop.models import ReviewComment, WorkCourse, WorkPicture, WorkRevision, WorkText

COURSE, LESSON = "kur_sensoren", "les_messen00"
PICTURE = "b" * 64  # hash of a picture that only the copy has
FILES = {
    COURSE: ("kurs.md", "titel: Sensoren\nergebnis: Sie messen.\nlizenz: CC0-1.0"),
    "mod_eins0000": ("01-eins/modul.md", "titel: Grundlagen"),
    LESSON: ("01-eins/01-messen.md", "titel: Messen\ndauer: 5min"),
    "mod_zwei0000": ("02-zwei/modul.md", "titel: Betrieb"),
    "les_montiere": ("02-zwei/01-montieren.md", "titel: Montieren\ndauer: 7min"),
    "les_nutzen00": ("02-zwei/02-nutzen.md", "titel: Nutzen\ndauer: 9min\npflicht: nein"),
}


def text_of(key: str) -> str:
    """A whole file."""
    return f"---\nid: {key}\n{FILES[key][1]}\n---\n\n## Der Weg\n\nEin Fühler misst.\n"


def sha_of(key: str) -> str:
    """The hash of its bytes."""
    return hashlib.sha256(text_of(key).encode()).hexdigest()


def with_texts(session: Session) -> None:
    """Give the current release of the course its files, as publishing a folder would have."""
    release = session.scalars(select(Release).join(Course, Course.release_id == Release.id)).one()
    bare = Trace().as_json()
    others = {path: bare for key, (path, _head) in FILES.items() if not key.startswith("les_")}
    release.details = {
        **release.details,
        "paths": {key: path for key, (path, _head) in FILES.items()},
        "texts": others,
        "terms": [],
        "uses": [],
    }
    release.sheet = {**release.sheet, "values": [], "topics": [], "prerequisites": [], "image": None}
    for version in session.scalars(select(LessonVersion)):
        version.trace = {"text": bare, "plain": None}
        version.source, version.plain_source = sha_of(version.lesson_id), None
    for key, (path, _head) in FILES.items():
        sha = sha_of(key)
        session.merge(Blob(sha=sha, data=text_of(key).encode()))
        session.merge(PublishedId(id=key, course_id=COURSE))
        session.add(ReleaseFile(release_id=release.id, path=path, sha=sha))
    session.flush()
    library.CACHE.clear()


def copy_of(session: Session, person_id: int | None = None) -> None:
    """A working copy of the course: the first lesson is changed, a picture was added."""
    release = session.scalars(select(Release).join(Course, Course.release_id == Release.id)).one()
    now = clock.now()
    session.add(
        WorkCourse(
            id=COURSE,
            slug="sensoren",
            title="Sensoren",
            base=release.number,
            revision=1,
            changed_by=person_id,
            changed_at=now,
        )
    )
    session.flush()
    path = FILES[LESSON][0]
    text = text_of(LESSON).replace("Ein Fühler", "Kein Fühler")
    saved = {"course_id": COURSE, "path": path, "saved_by": person_id, "saved_at": now}
    base = sha_of(LESSON)
    session.add(WorkText(key=LESSON, text=text, base_path=path, base_sha=base, revision=1, **saved))
    session.add(WorkRevision(key=LESSON, number=1, packed=packed(text), cause="gespeichert", **saved))
    session.add(
        WorkPicture(
            course_id=COURSE,
            path="bilder/bild.webp",
            sha=PICTURE,
            ext="webp",
            width=1,
            height=1,
            size=4,
            added_by=person_id,
            added_at=now,
        )
    )
    session.flush()


def comment_of(session: Session, person_id: int) -> int:
    """A comment on the changed lesson; its number."""
    comment = ReviewComment(
        course_id=COURSE,
        key=LESSON,
        line=1,
        excerpt="---",
        body="Wer misst?",
        author_id=person_id,
        written_at=clock.now(),
    )
    session.add(comment)
    session.flush()
    return comment.id
