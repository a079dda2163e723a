"""`learn backup` and `learn restore`: the whole instance in one file and back."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from learn.accounts import erasure
from learn.cli.instance import opened
from learn.config import Config
from learn.core import audit
from learn.core import backup as core
from learn.core.lineage import BACKED_UP
from learn.courses import upkeep
from learn.forum import pictures
from learn.search import rebuilding

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", metavar="FILE", type=FILE)
def backup(file: Path) -> None:
    """Die ganze Instanz in eine Datei sichern, während sie läuft."""
    config = Config.from_env()
    with opened(config) as database:
        with database.writing() as session:
            audit.record(session, audit.COMMAND_LINE, BACKED_UP, audit.INSTANCE)
        done = core.dump(config, database, file.absolute(), files)
    click.echo(f"Gesichert in {file}: {done.rows} Zeilen, {done.files} Dateien.")


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Ersetzen, was die Instanz enthält.")
def restore(file: Path, replace: bool) -> None:
    """Eine Sicherung in eine leere Instanz zurückspielen; halten Sie den Server solange an."""
    config = Config.from_env()
    with opened(config, check=False) as database:
        done = core.restore(config, database, file, erase=partial(again, config), replace=replace)
        with database.writing() as session:
            audit.record(session, audit.COMMAND_LINE, "instanz.wiederhergestellt", audit.INSTANCE)
        rebuilding.rebuild(database)
    click.echo(f"Wiederhergestellt aus {file}: {done.rows} Zeilen, {done.files} Dateien.")
    if done.erased:
        click.echo(f"Seit der Sicherung gelöschte Konten, wieder gelöscht: {done.erased}.")


def files(connection: Connection) -> Iterator[str]:
    """Keys of all stored pictures: of courses and of posts."""
    yield from upkeep.picture_keys(connection)
    yield from pictures.keys(connection)


def again(config: Config, session: Session) -> int:
    """Erase once more whoever was erased before."""
    return erasure.erase_again(session, config, by=audit.COMMAND_LINE)
