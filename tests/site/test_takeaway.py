"""The page of a course to take away: files are asked for once, built by a job, fetched by anybody."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learn.core import jobs
from learn.core.db import Database
from learn.core.models import Job
from learn.courses.models import TakeawayFile
from learn.courses.takeaway import files
from learn.site.takeaway import ASKS, size_words
from tests.client import CheckingClient
from tests.site import sensors


@pytest.fixture
def work(app: Flask, database: Database) -> jobs.Work:
    return jobs.Work(app.extensions["learn.config"], database)


def ask(client: CheckingClient, page: str, kind: str) -> Any:
    return client.submit(page, {"kind": kind})


def test_a_visitor_has_a_file_built_and_fetches_it(
    client: CheckingClient, db: Session, work: jobs.Work, sensoren: str, in_one_window: None
) -> None:
    page = f"{sensoren}/mitnehmen"
    assert f'href="{page}"' in client.get(sensoren).text
    assert f'href="{page}"' in client.get(f"{sensoren}/druck").text
    assert "ZIP erstellen" in client.get(page).text
    assert client.get(f"{page}/zip").status_code == 404
    answer = ask(client, page, "zip")
    assert (answer.status_code, answer.location) == (303, f"{page}#zip")
    assert "ZIP entsteht gleich" in client.get(page).text
    ask(client, page, "zip")
    (row,) = db.scalars(select(TakeawayFile)).all()
    assert len(db.scalars(select(Job).where(Job.name == files.JOB)).all()) == 1
    db.execute(update(TakeawayFile).values(done=1, total=3))
    shown = client.get(page).text
    assert "ZIP entsteht: 1 von 3 Schritten" in shown
    assert '<progress value="1" max="3"' in shown
    files.build_takeaway(work, row.id)
    assert "ZIP laden, " in client.get(page).text
    loaded = client.get(f"{page}/zip")
    assert loaded.mimetype == "application/zip"
    assert loaded.headers["Content-Disposition"] == "attachment; filename=sensoren.zip"
    with ZipFile(BytesIO(loaded.data)) as packed:
        assert "index.html" in packed.namelist()
    assert client.get(f"{page}/epub").status_code == 404


def test_what_failed_says_why_and_may_be_asked_for_again(
    client: CheckingClient, db: Session, sensoren: str, in_one_window: None
) -> None:
    page = f"{sensoren}/mitnehmen"
    ask(client, page, "epub")
    db.execute(update(TakeawayFile).values(state=files.FAILED, problem="Ein Bild lässt sich nicht lesen."))
    shown = client.get(page).text
    assert "Ein Bild lässt sich nicht lesen." in shown
    assert "EPUB noch einmal erstellen" in shown
    ask(client, page, "epub")
    assert "EPUB entsteht gleich" in client.get(page).text


def test_an_earlier_address_of_the_course_leads_to_todays(
    client: CheckingClient, db: Session, sensoren: str, in_one_window: None
) -> None:
    sensors.publish(db, slug="messnetze")
    for path in ("mitnehmen", "mitnehmen/epub"):
        answer = client.get(f"{sensoren}/{path}")
        assert (answer.status_code, answer.location) == (301, f"/kurse/messnetze/{path}")
    assert ask(client, "/kurse/messnetze/mitnehmen", "pdf").location == "/kurse/messnetze/mitnehmen#pdf"


def test_other_kinds_and_too_many_wishes_are_refused(
    client: CheckingClient, sensoren: str, in_one_window: None
) -> None:
    page = f"{sensoren}/mitnehmen"
    assert ask(client, page, "docx").status_code == 422
    answers = [ask(client, page, "pdf").status_code for _ in range(ASKS.tries + 1)]
    assert answers == [303] * ASKS.tries + [429]


def test_sizes_are_told_in_words() -> None:
    told = [size_words(size).replace("\N{NO-BREAK SPACE}", " ") for size in (1, 340_400, 1_250_000)]
    assert told == ["1 KB", "340 KB", "1,2 MB"]
