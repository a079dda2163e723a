"""What tests of Mitteilungen share: the worker's jobs done in order, and what lies in the outbox."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import clock, jobs, logs
from learn.core.models import Job
from learn.notices.models import Delivery, Notice

NOON = "2026-06-03 12:00:00+02:00"  # a Wednesday; the next day is Fronleichnam in Nordrhein-Westfalen


def work_off(work: jobs.Work) -> int:
    """Do everything that is due, as the worker does; how many jobs there were."""
    worker, done = jobs.Worker(work, logs.logger("json")), 0
    while worker.once():
        done += 1
    return done


def waiting(work: jobs.Work) -> list[tuple[str, str]]:
    """Jobs that failed, with their problem."""
    with work.database.reading() as session:
        failed = select(Job.name, Job.problem).where(Job.problem != "", Job.run_at <= clock.now())
        return [(row.name, row.problem) for row in session.execute(failed)]


def mails(work: jobs.Work) -> list[EmailMessage]:
    """The mails in the folder, by their file's name."""
    folder = work.config.instance / "mail"
    found = [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("*.eml"))]
    return [mail for mail in found if isinstance(mail, EmailMessage)]


def text(mail: EmailMessage) -> str:
    """Its plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def notices(session: Session, person_id: int) -> list[tuple[str, str, str]]:
    """Kind, reason and subject of somebody's open lines, the oldest first."""
    mine = select(Notice.kind, Notice.reason, Notice.subject).where(
        Notice.person_id == person_id, ~Notice.done
    )
    return [(row.kind, row.reason, row.subject) for row in session.execute(mine.order_by(Notice.event_id))]


def deliveries(session: Session, person_id: int) -> list[tuple[str, str, str]]:
    """Channel, reason and state of somebody's deliveries, the oldest first."""
    mine = select(Delivery.channel, Delivery.reason, Delivery.state).where(Delivery.person_id == person_id)
    return [(row.channel, row.reason, row.state) for row in session.execute(mine.order_by(Delivery.id))]
