"""After an update stored sources are rendered anew, in place."""

from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from learn import markup
from learn.courses import library, queries
from learn.courses.models import LessonVersion, Release
from learn.courses.renewal import render_anew
from tests.courses.folders import Shelf, current, example, lesson, write


def test_old_html_is_replaced_and_nothing_else(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    root = tmp_path / "in"
    write(root / "glossar.md", "---\nid: glo_bbbbbbbb\ntitel: Netz\n---\n\n## Ort\n\nEin Platz.\n")
    example(root)
    shelf.publish(root)
    before = current(db, "beispielkurs")
    texts = queries.lessons(db, before)
    terms = queries.term(db, "raumklima")
    with shelf.database.writing() as session:
        session.execute(update(LessonVersion).values(parts=[], plain=None, renderer=0, parser=0))
        for release in session.query(Release):
            release.renderer, release.sheet = 0, {**release.sheet, "html": "alt"}
    assert render_anew(shelf.database) == 4 + 2
    library.CACHE.clear()
    db.expire_all()
    after = current(db, "beispielkurs")
    assert after == before
    assert queries.lessons(db, after) == texts
    assert queries.term(db, "raumklima") == terms
    assert lesson(db, after, "was-sensoren-messen").plain
    assert {release.renderer for release in db.query(Release)} == {markup.RENDERER}
    assert render_anew(shelf.database) == 0
    assert shelf.publish(root).unchanged
