"""`learn demo`: an instance with courses, towns and invented people, ready to look at."""

from functools import partial
from pathlib import Path

import click
from sqlalchemy import exists, inspect, select

from learn.accounts.models import Person
from learn.cli.instance import opened
from learn.cli.invented import PEOPLE, invent
from learn.cli.processes import alone
from learn.cli.serve import listen, run
from learn.config import Config
from learn.core import migrate
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.models import Mark
from learn.core.storage import Storage
from learn.courses import publish as publishing
from learn.learning.affected import affected
from learn.network import parse, service

MARK = "demo"
TOWNS = migrate.PACKAGE / "network" / "suedwestfalen.csv"


@click.command()
@click.option(
    "--port", default=5000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0: ein freier."
)
@click.option("--instance", metavar="DIR", type=click.Path(path_type=Path), help="Ordner der Instanz.")
@click.pass_context
def demo(context: click.Context, port: int, instance: Path | None) -> None:
    """Alles zum Ausprobieren einrichten und den Server auf 127.0.0.1 starten."""
    listening = listen("127.0.0.1", port)
    config = Config.from_env(port=listening.getsockname()[1], instance=instance)
    code = alone(partial(set_up, config))
    if code:
        context.exit(code)
    run(config, listening, processes=1, with_worker=True)


def set_up(config: Config) -> int:
    """Migrate, mark, import, publish and invent what is missing, then print one sign-in per role."""
    with opened(config, check=False) as database:
        refuse_real_people(database)
        migrate.upgrade(database)
        mark(database)
        import_towns(database)
        publish(config, database)
        signins = invent(database, config.instance)
    for person in PEOPLE:
        click.echo(f"{person.role} {person.email} {signins[person.role]}")
    return 0


def publish(config: Config, database: Database) -> None:
    """Publish `content/` of the current folder, else the copy in the package. Raises Refused."""
    own = Path("content").absolute()
    folder = own if own.is_dir() else migrate.bundled("content")
    report = publishing.publish(database, Storage(config.storage), folder, affected=affected)
    for found in report.findings:
        if found.severity == "error":
            click.echo(f"{found.file}:{found.line}: {found.code} {found.message}", err=True)
    if not report.ok:
        raise Refused(f"{folder} enthält Fehler. Beheben Sie sie, oder starten Sie in einem anderen Ordner.")


def refuse_real_people(database: Database) -> None:
    """Raises Refused for an instance that holds people and no mark, before anything is changed."""
    with database.reading() as session:
        if not inspect(session.connection()).has_table(Person.__tablename__):
            return
        people = session.scalar(select(exists().where(Person.id.is_not(None))))
        marked = session.scalar(select(exists().where(Mark.name == MARK)))
    if people and not marked:
        raise Refused("Diese Instanz enthält echte Konten. Nehmen Sie mit --instance einen anderen Ordner.")


def mark(database: Database) -> None:
    """Mark the instance for good: its people and posts are invented."""
    with database.writing() as session:
        session.merge(Mark(name=MARK, value="ja"))


def import_towns(database: Database) -> None:
    """Load the towns of the network; again changes nothing."""
    with database.writing() as session:
        service.import_towns(session, parse.towns(TOWNS.read_bytes()))
