"""`learn municipality`: the member towns."""

from pathlib import Path

import click

from learn.cli.ready import ready
from learn.config import Config
from learn.network import parse, service


@click.group()
def municipality() -> None:
    """Die Kommunen des Netzwerks pflegen."""


@municipality.command("import")
@click.argument("file", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Kommunen aus einer CSV-Datei ergänzen und ändern, alle oder keine."""
    rows = parse.towns(file.read_bytes())
    with ready(Config.from_env()) as database, database.writing() as session:
        done = service.import_towns(session, rows)
    click.echo(f"{done.added} neu, {done.changed} geändert, {done.same} unverändert.")
