"""Mails that people chose: to the Koordination about open requests, to a Klasse about what changes in it.

The transaction that causes one writes a single job. The worker finds out who wants it, in small batches:
a large Klasse fills neither memory nor the outbox, and a reset link never waits behind a thousand notices.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from learn.accounts import choices
from learn.accounts.mail import notices as letters
from learn.accounts.models import JoinRequest, Person, PersonRole
from learn.accounts.outgoing import first_time
from learn.config import Config
from learn.core import clock, jobs, mail
from learn.core.models import Job
from learn.network.models import Cohort, CohortTown

COLLECT = timedelta(minutes=2)  # several courses chosen in a row become one mail
SENTENCES = 20  # in one mail; the page of the Klasse shows all
BATCH = 50  # people per transaction


def new_request(session: Session, _config: Config) -> None:
    """Somebody asks for an account or a change: tell coordinators who want to know at once."""
    jobs.enqueue(session, "tell_of_new_request", dedupe="tell_of_new_request", key=secrets.token_urlsafe(16))


@jobs.job("tell_of_new_request")
def tell_at_once(work: jobs.Work, *, key: str) -> None:
    """Mail the coordinators who want it at once; `key` is random."""
    with work.database.writing() as session:
        if first_time(session, f"new request {key}"):
            _tell_coordinators(session, work.config, choices.AT_ONCE)


@jobs.job("tell_of_requests", every=timedelta(days=1))
def tell_daily(work: jobs.Work) -> None:
    """Mail the coordinators who want it daily, as long as requests are open; once on each day."""
    with work.database.writing() as session:
        if first_time(session, f"requests of {clock.today()}"):
            _tell_coordinators(session, work.config, choices.DAILY)


def _tell_coordinators(session: Session, config: Config, rhythm: str) -> None:
    number = session.scalar(select(func.count()).select_from(JoinRequest)) or 0
    if number == 0:
        return
    coordinators = select(PersonRole.person_id).where(PersonRole.role == "coordinator")
    wanting = choices.wanting(choices.REQUESTS, rhythm).where(Person.id.in_(coordinators))
    for person in session.scalars(wanting.order_by(Person.id)):
        mail.send(session, letters.open_requests(config, person.email, number=number))


def cohort_changed(session: Session, _config: Config, cohort_id: int, sentence: str) -> None:
    """Tell the people of a Klasse; what changes within two minutes goes into one mail."""
    dedupe = f"tell_cohort:{cohort_id}"
    jobs.enqueue(
        session,
        "tell_cohort",
        dedupe=dedupe,
        run_at=clock.now() + COLLECT,
        cohort_id=cohort_id,
        sentences=[],
        key=secrets.token_urlsafe(16),
        after=0,
    )
    waiting = session.scalars(select(Job).where(Job.dedupe == dedupe).with_for_update()).one()
    said = waiting.arguments["sentences"]
    if sentence not in said and len(said) < SENTENCES:
        waiting.arguments = {**waiting.arguments, "sentences": [*said, sentence]}
        session.flush()


@jobs.job("tell_cohort")
def tell_cohort(work: jobs.Work, *, cohort_id: int, sentences: Sequence[str], key: str, after: int) -> None:
    """Mail the next people of a Klasse, then go on behind them; `after` is the last person told so far.

    Mails and the step to the next batch are one transaction, and a batch counts once.
    """
    with work.database.writing() as session:
        cohort = session.get(Cohort, cohort_id)
        if cohort is None or not first_time(session, f"cohort {key} {after}"):
            return
        people = session.scalars(_members(cohort_id, after)).all()
        for person in people:
            letter = letters.cohort_news(
                work.config, person.email, cohort_id=cohort_id, name=cohort.name, sentences=sentences
            )
            mail.send(session, letter)
        if len(people) == BATCH:
            jobs.enqueue(
                session,
                "tell_cohort",
                cohort_id=cohort_id,
                sentences=sentences,
                key=key,
                after=people[-1].id,
            )


def _members(cohort_id: int, after: int) -> Select[Any]:
    towns = select(CohortTown.municipality_id).where(CohortTown.cohort_id == cohort_id)
    wanting = choices.wanting(choices.COHORT, choices.AT_ONCE)
    return (
        wanting.where(Person.id > after, Person.municipality_id.in_(towns)).order_by(Person.id).limit(BATCH)
    )
