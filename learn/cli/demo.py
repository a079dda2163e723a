"""`learn demo`: an instance with courses, towns and invented people, ready to look at."""

from functools import partial
from pathlib import Path

import click
from sqlalchemy import select

from learn.cli.instance import opened
from learn.cli.invented import PEOPLE, invent
from learn.cli.invented_cohorts import invent_cohorts
from learn.cli.invented_forum import invent_forum
from learn.cli.invented_learning import invent_learning
from learn.cli.invented_workshop import invent_workshop
from learn.cli.marked import import_towns, mark, refuse_real_people
from learn.cli.processes import alone
from learn.cli.serve import listen, run
from learn.config import Config
from learn.core import migrate, schema
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import publish as publishing
from learn.courses.models import Course, Release
from learn.courses.origin import WORKSHOP
from learn.learning.affected import affected

# Another text or a later edition than the file has was published in the Werkstatt.
NEWER = frozenset({"K305", "K308", "K309"})


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
        invent_cohorts(database)
        invent_forum(database)
        invent_learning(database)
        invent_workshop(database)
    for person in PEOPLE:
        if person.role in signins:
            click.echo(f"{person.role} {person.email} {signins[person.role]}")
    return 0


def publish(config: Config, database: Database) -> None:
    """Publish `content/` of the current folder, else the copy in the package. Raises Refused."""
    own = Path("content").absolute()
    folder = own if own.is_dir() else schema.bundled("content")
    storage, kept = Storage(config.storage), written_here(database)
    report = publishing.publish(database, storage, folder, affected=affected, dry_run=kept)
    newer = {found.file for found in report.findings if found.code in NEWER} if kept else set()
    errors = [found for found in report.findings if found.severity == "error" and found.file not in newer]
    for found in errors:
        click.echo(f"{found.file}:{found.line}: {found.code} {found.message}", err=True)
    if errors:
        raise Refused(f"{folder} enthält Fehler. Beheben Sie sie, oder starten Sie in einem anderen Ordner.")
    if newer:
        click.echo("Was in der Werkstatt veröffentlicht wurde, bleibt.")
    elif kept:
        publishing.publish(database, storage, folder, affected=affected)


def written_here(database: Database) -> bool:
    """Whether a course's current release comes from the Werkstatt."""
    current = select(Release.id).join(Course, Course.release_id == Release.id)
    with database.reading() as session:
        return session.scalar(current.where(Release.origin == WORKSHOP).limit(1)) is not None
