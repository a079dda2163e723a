"""`learn person`: everything about one person, handed out or erased at once (GDPR articles 15, 17 and 20)."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import click

from learn.accounts import erasure, queries
from learn.accounts import owndata as holdings
from learn.accounts.models import Person
from learn.cli.instance import opened
from learn.config import Config
from learn.core import audit, copies, export, jobs, owndata, storage
from learn.core.access import Refused
from learn.core.db import Busy, Database
from learn.core.owndata import Owner

SURE = "{email} mit allem löschen, was dazu gehört? Das lässt sich nicht zurückholen. Schreiben Sie „ja“"
LAST = "Danach hat das Netzwerk keine Koordination. Legen Sie mit „learn user create“ eine an."
STILL = "{name} nennt diese Person noch. Prüfen Sie die Seite."


@click.group()
def person() -> None:
    """Alles über eine Person ausgeben oder löschen."""


@person.command("export")
@click.argument("email", metavar="EMAIL")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def export_(email: str, file: Path) -> None:
    """Alles, was zu einer Person gespeichert ist, als ZIP-Datei ausgeben."""
    config = Config.from_env()
    with opened(config) as database:
        owner = found(database, email)
        with fresh(file.absolute()) as target:
            with database.writing() as session:
                audit.record(session, audit.COMMAND_LINE, "konto.ausgegeben", subject(owner))
            with database.reading() as session:
                export.write(session, config, owner, target)
    click.echo(f"Ausgegeben: {file}")


@person.command()
@click.argument("email", metavar="EMAIL")
@click.option("--yes", is_flag=True, help="Nicht nachfragen.")
def erase(email: str, yes: bool) -> None:
    """Eine Person mit allem, was dazu gehört, sofort löschen."""
    config = Config.from_env()
    with opened(config) as database:
        owner = found(database, email)
        with database.reading() as session:
            last = erasure.is_last_coordinator(session, owner.person_id, lock=False)
            own = session.get(Person, owner.person_id)
            name = own.name if own else ""
        if last:
            click.echo(LAST, err=True)
        if not yes:
            ask(owner.email)
        erase_now(config, database, owner)
    for page in still_named(config, owner, name):
        click.echo(STILL.format(name=page), err=True)
    click.echo("Gelöscht. Ältere Sicherungen enthalten die Person noch, bis Sie sie ersetzen.")


def erase_now(config: Config, database: Database, owner: Owner) -> None:
    """Erase, and do at once what the worker would do next; what is in the way now it does later."""
    with database.writing() as session:
        if owner.person_id:
            erasure.erase(session, config, owner.person_id, by=audit.COMMAND_LINE)
        else:
            erasure.erase_address(session, config, owner.email, by=audit.COMMAND_LINE)
    copies.forget_now(jobs.Work(config, database))
    with suppress(Busy):
        erasure.empty_log(database)


def found(database: Database, email: str) -> Owner:
    """Whom an address belongs to, with or without an account. Raises Refused."""
    with database.reading() as session:
        known = queries.person(session, email)
        if known is not None:
            return holdings.owner_of(known)
        owner = Owner(0, queries.email_key(email), email.strip())
        if not owndata.held(session, owner):
            raise Refused(f"Zu {email} ist nichts gespeichert.")
        return owner


def subject(owner: Owner) -> str:
    """Whom the log names: a number, or nobody where there is none."""
    return audit.person(owner.person_id) if owner.person_id else erasure.NOBODY


def ask(email: str) -> None:
    """Ask on a terminal, refuse elsewhere. Raises Refused, click.Abort."""
    if not sys.stdin.isatty():
        raise Refused("Ohne Rückfrage löscht nur „learn person erase EMAIL --yes“.")
    answer: str = click.prompt(SURE.format(email=email), default="nein", show_default=False, err=True)
    if answer.strip().casefold() != "ja":
        raise click.Abort


@contextmanager
def fresh(target: Path) -> Iterator[IO[bytes]]:
    """A file that did not exist (0600), there once it is whole. Raises Refused."""
    taken = Refused(f"{target} gibt es schon. Nehmen Sie einen anderen Namen.")
    if target.exists():
        raise taken
    unfinished = target.parent / f".{target.name}-{secrets.token_hex(4)}"
    descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, target)
    except FileExistsError:
        raise taken from None
    finally:
        unfinished.unlink(missing_ok=True)
    storage.sync(target.parent)


def still_named(config: Config, owner: Owner, name: str) -> Iterator[str]:
    """Pages of the operator that name her; only their author can change them."""
    wanted = [word for word in (owner.email_key, name.casefold()) if word]
    for path in sorted((config.instance / "seiten").glob("*.md")):
        text = path.read_text(encoding="utf-8", errors="replace").casefold()
        if any(word in text for word in wanted):
            yield path.name
