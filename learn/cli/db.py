"""`learn db`: migrations upwards, downwards, and where the database stands."""

import click

from learn.cli.instance import opened
from learn.config import Config
from learn.core import migrate, schema
from learn.core.health import SENTENCES


@click.group()
def db() -> None:
    """Tabellen der Datenbank einrichten und umstellen."""


@db.command()
def upgrade() -> None:
    """Auf den Stand dieses Programms bringen; von zweien zugleich wartet einer."""
    with opened(Config.from_env(), check=False) as database:
        migrate.upgrade(database)
    click.echo(f"Die Datenbank steht auf {schema.head()}.")


@db.command()
@click.argument("revision", metavar="REV")
def downgrade(revision: str) -> None:
    """Zurück auf einen früheren Stand, zum Beispiel 0003; „base“ löscht alle Tabellen."""
    with opened(Config.from_env(), check=False) as database:
        migrate.downgrade(database, revision)
    click.echo(f"Die Datenbank steht auf {revision}.")


@db.command()
def current() -> None:
    """Den Stand der Datenbank nennen."""
    with opened(Config.from_env(), check=False) as database, database.reading() as session:
        connection = session.connection()
        found, fits = schema.current(connection), schema.state(connection)
    click.echo(found or "leer")
    if fits != "current":
        click.echo(SENTENCES[fits])
