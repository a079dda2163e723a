"""Comments at lines: they follow their line, are settled and opened, and belong to who wrote them."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.config import Config
from learn.core import jobs
from learn.core.access import Actor, Forbidden, Refused
from learn.core.db import Database
from learn.core.storage import Storage
from learn.notices import resolving
from learn.notices.models import Event, Notice
from learn.workshop import comments
from learn.workshop.models import ReviewComment
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, TEXTS, Shelf
from tests.workshop.drafts import COURSE, ONE, author, publish_small, write

TEXT = "eins\n\nzwei\ndrei\n\nzwei\n"
PAGE = f"/werkstatt/lektionen/{ONE}/anmerkungen"


def comment(db: Session, who: Actor, line: int, text: str = TEXT, body: str = "Warum?") -> ReviewComment:
    return comments.write(db, who, COURSE, ONE, text, line, body)


def places(db: Session, text: str) -> list[tuple[int, bool]]:
    return [(found.line, found.moved) for found in comments.at(db, ONE, text)]


def test_a_comment_follows_its_line(db: Session) -> None:
    jana = author(db)
    comment(db, jana, 4)
    assert places(db, TEXT) == [(4, False)]
    assert places(db, "neu\nneu\n" + TEXT) == [(6, True)]
    assert places(db, TEXT.replace("drei", "  drei ")) == [(4, False)], "white space is no change"
    assert places(db, TEXT.replace("drei", "vier")) == [(0, False)]
    found = comments.at(db, ONE, "")[0]
    assert (found.author, found.excerpt, found.body, found.settled) == (
        "Jana Hellweg",
        "drei",
        "Warum?",
        False,
    )


def test_of_equal_lines_the_nearest_counts_and_lost_ones_stand_first(db: Session) -> None:
    jana = author(db)
    for line in (6, 3, 4):
        comment(db, jana, line)
    assert places(db, TEXT) == [(3, False), (4, False), (6, False)]
    assert places(db, "\n" + TEXT.replace("drei\n", "")) == [(0, False), (4, True), (6, False)]
    assert places(db, "zwei") == [(0, False), (1, True), (1, True)]


def test_lines_and_words_are_checked(db: Session) -> None:
    jana = author(db)
    for line in (0, 8, -1):
        with pytest.raises(Refused, match="Zeile von 1 bis 7") as caught:
            comment(db, jana, line)
        assert caught.value.field == "line"
    for body, words in (("  ", "Schreiben Sie"), ("x" * 4001, "Kürzen Sie")):
        with pytest.raises(Refused, match=words) as caught:
            comment(db, jana, 1, body=body)
        assert caught.value.field == "comment"


def test_settling_opening_deleting(db: Session) -> None:
    jana, tom = author(db), author(db, "Tom Berg")
    made = comment(db, jana, 1)
    assert comments.open_of(db, COURSE) == {ONE: 1}
    comments.settle(db, made.id, settled=True)
    assert comments.open_of(db, COURSE) == {}
    assert comments.at(db, ONE, TEXT)[0].settled
    comments.settle(db, made.id, settled=False)
    with pytest.raises(Forbidden):
        comments.delete(db, tom, made.id)
    comments.delete(db, jana, made.id)
    db.flush()
    assert comments.at(db, ONE, TEXT) == ()


def test_who_wrote_the_text_hears_of_it(
    app: Flask, shelf: Shelf, database: Database, db: Session, tmp_path: Path
) -> None:
    config: Config = app.extensions["learn.config"]
    publish_small(shelf, tmp_path)
    jana, tom = author(db), author(db, "Tom Berg")
    write(database, jana)
    made = [comment(db, tom, 1), comment(db, tom, 1)]
    for event in db.scalars(select(Event)):
        resolving.resolve(jobs.Work(config, database), event_id=event.id)
    lines = db.scalars(select(Notice)).all()
    assert [(line.person_id, line.subject, line.kind) for line in lines] == [
        (jana.person_id, f"anmerkung:{ONE}", "anmerkung")
    ]
    comments.settle(db, made[0].id, settled=True)
    assert not done(db), "one comment still waits"
    comments.delete(db, tom, made[1].id)
    assert done(db), "nobody waits for an answer any more"


def done(db: Session) -> bool:
    db.expire_all()
    return db.scalars(select(Notice)).one().done


@pytest.fixture
def client(app: Flask, database: Database, db: Session, tmp_path: Path) -> CheckingClient:
    config: Config = app.extensions["learn.config"]
    publish_small(Shelf(database, Storage(config.storage)), tmp_path)
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    sign_in(client, db.get_one(Person, author(db).owner))
    return client


def test_the_page_shows_lines_and_keeps_refused_words(client: CheckingClient, db: Session) -> None:
    page = client.get(PAGE).text
    last = TEXTS[FIRST].count("\n")
    assert f'id="zeile-{last}"' in page
    assert f'id="zeile-{last + 1}"' not in page
    answer = client.submit(PAGE, {"line": "999", "comment": "Meine <Worte>"})
    assert answer.status_code == 422
    assert "Meine &lt;Worte&gt;" in answer.text
    assert "Nennen Sie eine Zeile von 1 bis" in answer.text
    answer = client.submit(PAGE, {"line": "3", "comment": "Kürzer, bitte."})
    assert answer.headers["Location"] == f"{PAGE}#anmerkungen"
    page = client.get(PAGE).text
    assert "Kürzer, bitte." in page
    assert 'id="zeile-3" class="is-marked"' in page
    number = db.scalars(select(ReviewComment.id)).one()
    for way, words in (
        ("erledigen", "ist erledigt"),
        ("oeffnen", "wieder offen"),
        ("loeschen", "ist gelöscht"),
    ):
        assert client.submit(f"/werkstatt/anmerkungen/{number}/{way}").status_code == 303
        assert words in client.get(PAGE).text
    assert client.submit(f"/werkstatt/anmerkungen/{number}/loeschen").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/werkstatt/texte/{COURSE}/anmerkungen", 200),
        ("/werkstatt/texte/glo_aaaaaaaa/anmerkungen", 200),
        ("/werkstatt/lektionen/les_gibtsnic/anmerkungen", 404),
        (f"{PAGE}?fassung=einfach", 404),
        (f"/werkstatt/texte/{ONE}/anmerkungen", 404),
    ],
)
def test_every_text_has_its_page(client: CheckingClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status
    assert client.submit(path, {"line": "1", "comment": "Gut."}).status_code == (
        303 if status == 200 else 404
    )
