"""`learn user import`: people from a list."""

from pathlib import Path

import click

from learn.accounts import importing, roster
from learn.accounts.importing import Report
from learn.cli.ready import ready
from learn.cli.shown import shown
from learn.config import Config
from learn.core import audit
from learn.core.access import Refused

DELIMITERS = {",": "Komma", ";": "Semikolon"}


@click.command("import")
@click.argument("file", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Nur prüfen und berichten, nichts schreiben.")
@click.option(
    "--invite/--no-invite", default=True, help="Den Neuen Einladungen schicken (üblich) oder nicht."
)
def import_people(file: Path, *, dry_run: bool, invite: bool) -> None:
    """Personen aus einer CSV-Datei aufnehmen: email, name, ags, auch funktion und rollen.

    Wer schon ein Konto hat, bleibt, wie er ist. Neue wählen ihr Passwort, wenn sie die Einladung annehmen.
    """
    found = roster.roster(file)
    length = found.lines if found.lines > importing.AT_ONCE else 0
    with ready(Config.from_env()) as database:
        with shown("Geprüft", length) as advance:
            report = importing.check(database, found, advance)
        tell(report)
        if report.fault_count:
            raise Refused(f"Die Datei hat {faults(report.fault_count)}. Es wurde niemand aufgenommen.")
        if dry_run:
            click.echo("Probelauf: Es wurde nichts geschrieben.")
            return
        with shown("Aufgenommen", length) as advance:
            done = importing.run(database, found, by=audit.COMMAND_LINE, invite=invite, advance=advance)
    click.echo(f"{done} neue Konten.{' Einladungen gehen hinaus.' if invite and done else ''}")


def tell(report: Report) -> None:
    """How the file is written, and what it would do; each fault with its line."""
    click.echo(f"Zeichensatz {report.charset}, Trennzeichen {DELIMITERS[report.delimiter]}.")
    for fault in report.faults:
        click.echo(str(fault))
    rest = report.fault_count - len(report.faults)
    if rest:
        click.echo(f"… und {rest} weitere Zeilen.")
    if not report.fault_count:
        click.echo(f"{report.new} neu, {report.known} schon da.")


def faults(count: int) -> str:
    return "einen Fehler" if count == 1 else f"{count} fehlerhafte Zeilen"
