"""`learn forum`: posts from elsewhere into the forum, and the forum as files."""

from pathlib import Path

import click

from learn.cli.content import folder_argument
from learn.cli.instance import opened
from learn.cli.ready import ready
from learn.cli.shown import shown
from learn.config import Config
from learn.core.storage import Storage
from learn.forum import exporting
from learn.forum import folder as loading
from learn.forum.asking import PHASES
from learn.forum.audience import LEVELS
from learn.forum.stackexchange import importing
from learn.forum.stackexchange.importing import Report, Target

MOST_LINES = 20  # of ids that lead nowhere
PHASE = "konzept"


@click.group()
def forum() -> None:
    """Beiträge einlesen und ausgeben."""


@forum.group("import")
def import_() -> None:
    """Beiträge von anderswo übernehmen; niemand wird benachrichtigt, nichts gilt als ungelesen."""


@import_.command()
@folder_argument
@click.option("--level", required=True, type=click.Choice(LEVELS), help="Wer die Fragen lesen darf.")
@click.option("--cohort", type=click.IntRange(1, 2**31 - 1), metavar="ID", help="Klasse der Stufe „klasse“.")
@click.option("--topic", default="", metavar="THEMA", help="Thema für Fragen ohne bekanntes Schlagwort.")
@click.option(
    "--phase", type=click.Choice(PHASES), default=PHASE, show_default=True, help="Phase der Fragen."
)
@click.option("--dry-run", is_flag=True, help="Nur berichten, nichts schreiben.")
def stackexchange(
    folder: Path, level: str, cohort: int | None, topic: str, phase: str, *, dry_run: bool
) -> None:
    """Einen Abzug von Stack Exchange übernehmen (Posts.xml, Users.xml, Comments.xml …)."""
    target = Target(level, phase, cohort, topic)
    with ready(Config.from_env()) as database, shown("Fragen", 0) as advance:
        report = importing.run(database, folder, target, dry_run=dry_run, progress=advance)
    for line in _lines(report):
        click.echo(line)
    click.echo(_outcome(report, dry_run=dry_run))


@import_.command("folder")
@folder_argument
def folder_(folder: Path) -> None:
    """Einen ausgegebenen Ordner in ein leeres Forum übernehmen."""
    config = Config.from_env()
    with ready(config) as database, database.writing() as session:
        number = loading.load(session, Storage(config.storage), folder)
    click.echo(f"Fragen übernommen: {number}")


@forum.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--level", required=True, type=click.Choice(exporting.LEVELS), help="Was ausgegeben wird.")
def export(folder: Path, level: str) -> None:
    """Fragen als JSON und Markdown in einen neuen Ordner ausgeben; nichts aus Klassen."""
    config = Config.from_env()
    with opened(config) as database, database.reading() as session:
        done = exporting.export(session, Storage(config.storage), folder, level)
    click.echo(f"Fragen: {done.questions}, Beiträge: {done.posts}, Bilder: {done.pictures}")


def _lines(report: Report) -> list[str]:
    questions, answers, comments = (report.counts[kind] for kind in ("frage", "antwort", "rueckfrage"))
    found = [
        f"Fragen: {questions}, Antworten: {answers}, Kommentare: {comments}",
        f"Neue Fragen: {report.new}, schon da: {report.known}",
    ]
    if report.others:
        found.append(f"Beiträge anderer Art, die wegbleiben: {report.others}")
    if report.links:
        found.append(f"Verweise zwischen ähnlichen Fragen: {report.links}")
    if report.proposals:
        found.append(f"Vorgeschlagene Themen: {', '.join(report.proposals)}")
    shown_lines = report.dangling[:MOST_LINES]
    rest = len(report.dangling) - len(shown_lines)
    return [*found, *shown_lines, *([f"Weitere Kennungen ohne Ziel: {rest}"] if rest else [])]


def _outcome(report: Report, *, dry_run: bool) -> str:
    if dry_run:
        return "Probelauf: Nichts wurde geschrieben."
    return "Übernommen." if report.new or report.links else "Nichts zu tun: Alles ist schon da."
