"""`learn search`: the search index, from the data."""

from collections import Counter

import click

from learn.cli.ready import ready
from learn.config import Config
from learn.search import rebuilding


@click.group()
def search() -> None:
    """Die Suche pflegen."""


@search.command()
def rebuild() -> None:
    """Den Suchindex aus den Daten neu bauen, während alles weiterläuft."""
    done: Counter[str] = Counter()
    told: Counter[str] = Counter()

    def tell(name: str, number: int) -> None:
        done[name] += number
        if done[name] - told[name] >= rebuilding.TELL_EVERY:
            told[name] = done[name]
            click.echo(f"{name}: {done[name]}", err=True)

    with ready(Config.from_env()) as database:
        total = rebuilding.rebuild(database, tell)
    click.echo(f"Der Suchindex ist gebaut: {total} Texte.")
