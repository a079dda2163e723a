"""A fault of the database quotes no value: not in logs, not beside failed jobs, not at a terminal."""

import io
import traceback
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Integer, cast, insert, literal, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.config import Config
from learn.core import clock, discreet, jobs, logs
from learn.core.db import Database
from learn.core.models import Job
from tests.factories import make_person

SECRET = "jana.hellweg@example.org"


def again(session: Session) -> None:
    """Somebody a second time."""
    row = {"email": SECRET, "email_key": SECRET, "name": "Jana", "created_on": clock.today(), "active": True}
    rest = {"office": "", "listed": False, "name_public": False}
    known = {column.name for column in Person.__table__.columns}
    session.execute(
        insert(Person).values({key: value for key, value in {**row, **rest}.items() if key in known})
    )


def odd(session: Session) -> None:
    """A text where a number belongs."""
    session.scalars(select(cast(literal(SECRET), Integer))).all()


@pytest.mark.parametrize("fault", [again, odd])
def test_a_fault_quotes_no_value(instance: Config, kind: str, fault: Any) -> None:
    database = Database.of(instance)
    with database.writing() as session:
        make_person(session, email=SECRET)
    if kind == "sqlite" and fault is odd:
        return  # SQLite takes it for nought
    with pytest.raises(DBAPIError) as caught, database.writing() as session:
        fault(session)
    said = "".join(traceback.format_exception(caught.value))
    assert SECRET not in said.replace(f'SECRET = "{SECRET}"', "")
    assert "email_key" in said or "invalid input syntax" in said
    database.dispose()


def test_a_job_that_fails_keeps_no_value(instance: Config) -> None:
    database = Database.of(instance)
    worker = jobs.Worker(jobs.Work(instance, database), logs.logger("json", io.StringIO()))
    kept = dict(jobs.HANDLERS)

    @jobs.job("twice")
    def twice(work: jobs.Work) -> None:
        with work.database.writing() as session:
            again(session)

    with database.writing() as session:
        make_person(session, email=SECRET)
        jobs.enqueue(session, "twice")
    assert worker.once()
    with database.reading() as session:
        [problem] = session.scalars(select(Job.problem).where(Job.name == "twice")).all()
    assert "IntegrityError" in problem
    assert "email_key" in problem
    assert SECRET not in problem
    jobs.HANDLERS.clear()
    jobs.HANDLERS.update(kept)
    database.dispose()


def test_the_log_of_a_failed_request_keeps_no_value(app: Flask) -> None:
    database: Database = app.extensions["learn.database"].current()
    heard = io.StringIO()
    with app.test_request_context("/"), database.writing() as session:
        make_person(session, email=SECRET)
        try:
            with session.begin_nested():
                again(session)
        except DBAPIError as problem:
            logs.logger("json", heard).error("error", exc_info=problem)
    assert "email_key" in heard.getvalue()
    assert SECRET not in heard.getvalue()


def test_words_without_values_stay() -> None:
    words = 'duplicate key value violates unique constraint "uq_person_email_key"'
    whole = f"(psycopg.errors.UniqueViolation) {words}\nDETAIL:  Key (email_key)=(x\ny) already exists."
    assert discreet.without_values(whole) == f"(psycopg.errors.UniqueViolation) {words}"
    assert discreet.without_values(f"{words}\n[SQL: INSERT]") == f"{words}\n[SQL: INSERT]"
    assert discreet.without_values(f"{whole}\n[SQL: INSERT]").endswith('key"\n[SQL: INSERT]')
