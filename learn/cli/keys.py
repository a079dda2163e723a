"""`learn keys`: the keys that sign Nachweise as Open Badges."""

import click

from learn.cli.instance import opened
from learn.config import BADGE_ALGORITHMS, Config
from learn.core import audit
from learn.core.sealing import unseal
from learn.learning.badges import keys as signing
from learn.learning.badges.jose import generate

NONE_YET = "Noch kein Schlüssel. Den ersten legt der Hintergrunddienst an."


@click.group()
def keys() -> None:
    """Schlüssel, mit denen Nachweise als Open Badges unterschrieben sind."""


@keys.command(name="list")
def list_() -> None:
    """Alle Schlüssel zeigen, den benutzten zuerst; nichts davon ist geheim."""
    config = Config.from_env()
    with opened(config) as database, database.reading() as session:
        lines = [line(key, config.secret_key) for key in signing.all_keys(session)]
    for words in lines or [NONE_YET]:
        click.echo(words)


@keys.command()
@click.option("--algorithm", type=click.Choice(BADGE_ALGORITHMS), help="Sonst der von LEARN_BADGE_ALGORITHM.")
def rotate(algorithm: str | None) -> None:
    """Ab jetzt mit einem neuen Schlüssel unterschreiben; ältere Nachweise bleiben gültig."""
    config = Config.from_env()
    fresh = generate(algorithm or config.badge_algorithm)
    with opened(config) as database, database.writing() as session:
        signing.rotate(session, fresh, config.secret_key, by=audit.COMMAND_LINE)
    click.echo(f"Neuer Schlüssel: {fresh.kid} ({fresh.algorithm})")


def line(key: signing.SigningKey, secret: str) -> str:
    """One key: what it is and whether it signs."""
    made = f"{key.kid}  {key.algorithm:<7}  angelegt {key.made_on:%d.%m.%Y}"
    if key.retired_on:
        return f"{made}, abgelöst {key.retired_on:%d.%m.%Y}"
    if unseal(key.private, secret) is None:
        return f"{made}, lässt sich nicht öffnen: „learn keys rotate“ legt einen neuen an"
    return f"{made}, in Gebrauch"
