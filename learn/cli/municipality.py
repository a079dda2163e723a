"""`learn municipality`: the member towns."""

from pathlib import Path

import click

from learn.cli.ready import ready
from learn.cli.shown import shown
from learn.config import Config
from learn.core import audit
from learn.network import importing, parse, vocabulary


@click.group()
def municipality() -> None:
    """Die Kommunen des Netzwerks pflegen."""


@municipality.command("import")
@click.argument("file", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Kommunen aus einer CSV-Datei ergänzen und ändern, alle oder keine."""
    with ready(Config.from_env()) as database:
        with database.reading() as session:
            vocabulary.remember(session)  # a file may name topics that were added since
        rows = parse.towns(file.read_bytes())
        with (
            shown("Kommunen", len(rows) if len(rows) > importing.BATCH else 0) as advance,
            database.writing() as session,
        ):
            done = importing.import_towns(session, rows, by=audit.COMMAND_LINE, advance=advance)
    click.echo(f"{done}.")
