"""Copies of mails in the folder of the file transport: they go after 30 days, or with their person."""

import hashlib
import hmac
import time
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core import clock, jobs, mail, naming, storage
from learn.core.hostnames import ascii_form
from learn.core.models import Job

RETENTION = timedelta(days=30)
INTERRUPTED = 3600.0  # seconds after which an unfinished file is one for good


def folder(config: Config) -> Path | None:
    """Where copies lie; None with another transport."""
    found = mail.transport(config)
    return found.folder if isinstance(found, mail.Folder) else None


def forget_later(session: Session, config: Config, address: str) -> None:
    """Remove the mails to and about an address once this transaction is over, whatever happens meanwhile.

    The job knows a keyed hash only, so that the address stands nowhere.
    """
    if folder(config) is not None:
        jobs.enqueue(session, "forget_mails", whom=keyed(config, address))


@jobs.job("forget_mails")
def forget_mails(work: jobs.Work, *, whom: str) -> None:
    """Remove the mails that name this address."""
    remove(work.config, whom)


def forget_now(work: jobs.Work) -> None:
    """Do at once what waits for the worker."""
    with work.database.reading() as session:
        waiting = session.execute(select(Job.id, Job.arguments).where(Job.name == "forget_mails")).all()
    for job in waiting:
        remove(work.config, job.arguments["whom"])
        with work.database.writing() as session:
            session.execute(delete(Job).where(Job.id == job.id))


@jobs.job("forget_old_mails", every=timedelta(days=1))
def forget_old_mails(work: jobs.Work) -> None:
    """Remove copies after their time, and what interrupted writes left behind."""
    place = folder(work.config)
    oldest = f"{clock.now() - RETENTION:%Y%m%d%H%M%S}"
    for path in _mails(place) if place else ():
        if path.name < oldest:
            path.unlink(missing_ok=True)
    for path in place.glob(f"{storage.TEMPORARY}*") if place else ():
        if path.stat().st_mtime < time.time() - INTERRUPTED:
            path.unlink(missing_ok=True)


def remove(config: Config, whom: str) -> int:
    """Remove the copies that name an address, by its keyed hash, one file in memory; gives their number."""
    place = folder(config)
    named = [path for path in _mails(place) if whom in _named(config, path)] if place else []
    for path in named:
        path.unlink(missing_ok=True)
    if place and named:
        storage.sync(place)
    return len(named)


def keyed(config: Config, address: str) -> str:
    """A hash of an address that only this instance can make; one for all spellings of the same address."""
    local, _at, domain = address.strip().rpartition("@")
    key = f"{config.secret_key}|copies".encode()
    return hmac.new(key, f"{local.casefold()}@{_plain(domain)}".encode(), hashlib.sha256).hexdigest()


def _plain(domain: str) -> str:
    try:
        return ascii_form(domain)
    except ValueError:
        return domain.lower()


def _mails(place: Path) -> Iterator[Path]:
    """The files that the transport wrote, named by the second and a random number."""
    if place.is_dir():
        yield from place.glob("[0-9]*.eml")


def _named(config: Config, path: Path) -> set[str]:
    """Keyed hashes of the addresses in one mail's head and plain text; its HTML says the same."""
    found = message_from_bytes(path.read_bytes())  # this policy reads any header, however odd its address
    to = "".join(_head(found, "To").split())  # an address with umlauts is written in pieces
    texts = [to, _head(found, "Reply-To"), _head(found, "Subject")]
    for part in found.walk():
        if part.get_content_type() == "text/plain":
            data = part.get_payload(decode=True)
            texts.append(data.decode("utf-8", "replace") if isinstance(data, bytes) else "")
    return {keyed(config, address) for text in texts for address in naming.addresses(text)}


def _head(found: Message, name: str) -> str:
    return str(make_header(decode_header(found[name] or "")))
