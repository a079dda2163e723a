"""`learn content`: check, publish, export and roll back course folders, write ids, render one file."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

import click
from sqlalchemy.orm import Session

from learn.cli import parts
from learn.cli.foreign import import_foreign
from learn.cli.instance import opened, state
from learn.cli.ready import ready
from learn.cli.shown import shown
from learn.config import Config
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import export as exporting
from learn.courses import ids as identities
from learn.courses import publish as publishing
from learn.courses import rollback as rolling
from learn.courses import single
from learn.courses.foreign import checking
from learn.courses.rendering import MANY, Progress, Step
from learn.courses.report import NOTHING, Report
from learn.learning.affected import affected
from learn.markup.model import Profile

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NUMBER = click.IntRange(1, 2**31 - 1)  # up to what an integer column holds


def _directory(_context: click.Context, _parameter: click.Parameter, value: Path) -> Path:
    """The folder; click takes devices and pipes for one."""
    if not value.is_dir():
        raise click.BadParameter(f"{value} ist kein Ordner.")
    return value


folder_argument = click.argument("folder", metavar="DIR", type=FOLDER, callback=_directory)
json_option = click.option("--json", "as_json", is_flag=True, help="Bericht als JSON.")


@click.group()
def content() -> None:
    """Kurse prüfen, veröffentlichen, ausgeben und zurücknehmen."""


@content.command()
@folder_argument
@json_option
def check(folder: Path, *, as_json: bool) -> int:
    """Einen Kursordner prüfen und mit dem Veröffentlichten vergleichen."""
    with _instance() as database, _progress() as progress:
        own = partial(publishing.examine, affected=affected)
        report = checking.examine(database, folder, own, progress)
    _print(report, as_json=as_json)
    return _result(report)


@content.command()
@folder_argument
@click.option("--dry-run", is_flag=True, help="Nur berichten, nichts schreiben.")
@json_option
def publish(folder: Path, *, dry_run: bool, as_json: bool) -> int:
    """Einen Kursordner prüfen, berichten und veröffentlichen."""
    foreign = checking.refusal(folder)
    if foreign is not None:
        _print(foreign, as_json=as_json)
        return _result(foreign)
    config = Config.from_env()
    with ready(config) as database, _progress() as progress:
        report = publishing.publish(
            database,
            Storage(config.storage),
            folder,
            affected=affected,
            dry_run=dry_run,
            progress=progress,
        )
    _print(report, as_json=as_json)
    if not as_json and report.ok:
        click.echo(_outcome(report, dry_run=dry_run))
    return _result(report)


content.add_command(import_foreign)


@content.command()
@folder_argument
def ids(folder: Path) -> int:
    """Fehlende Kennungen in die Dateien schreiben."""
    written, unreadable = identities.write_missing(folder)
    for path, count in sorted(written.items()):
        click.echo(f"{path}: {_counted(count, 'Kennung', 'Kennungen')}")
    if not written:
        click.echo(NOTHING)
    if unreadable:
        click.echo(f"Nicht lesbar: {', '.join(unreadable)}. Starten Sie „learn content check“.", err=True)
    return 1 if unreadable else 0


@content.command()
@click.argument("course", metavar="KURS")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def export(course: str, folder: Path) -> None:
    """Einen veröffentlichten Kurs, „glossar“ oder einen Lernpfad „pfade/…“ als Dateien ausgeben."""
    config = Config.from_env()
    with opened(config) as database, database.reading() as session:
        written = exporting.export(session, Storage(config.storage), course, folder)
    for path in written:
        click.echo(path)
    click.echo(_counted(len(written), "Datei geschrieben.", "Dateien geschrieben."))


@content.command()
@click.argument("courses", metavar="KURS...", nargs=-1, required=True)
@click.option("--to", metavar="NUMMER", type=NUMBER, help="Nummer der Veröffentlichung.")
def rollback(courses: tuple[str, ...], to: int | None) -> None:
    """Auf eine frühere Veröffentlichung zurückzeigen, mehrere Kurse oder Lernpfade nur zusammen."""
    if to is not None and len(courses) > 1:
        raise click.UsageError("Nennen Sie mit --to nur einen Kurs.")
    with opened(Config.from_env()) as database, database.writing() as session:
        moved = rolling.roll_back_all(session, courses, to)
    for slug, number in moved:
        click.echo(f"{slug} zeigt auf Veröffentlichung {number}.")


@content.command()
@click.argument("file", metavar="DATEI", type=FILE)
@click.option("--profile", type=click.Choice(["kurs", "beitrag", "gfm"]), default="kurs", show_default=True)
def render(file: Path, profile: str) -> int:
    """Das HTML einer Markdown-Datei, wie es gespeichert würde; Befunde auf der Fehlerausgabe."""
    with _instance() as database, _reading(database) as session:
        found = single.render(file, cast("Profile", profile), session)
    click.echo(parts.html(Config.from_env(create=False), found))
    for finding in found.findings:
        click.echo(f"{finding.file}:{finding.line}: {finding.code} {finding.message}", err=True)
    return 1 if any(finding.severity == "error" for finding in found.findings) else 0


@contextmanager
def _instance() -> Iterator[Database | None]:
    """The instance's database where there is one with tables; none is created."""
    config = Config.from_env(create=False)
    if config.sqlite and not Path(config.database_url.removeprefix("sqlite:///")).exists():
        yield None
        return
    with opened(config, check=False) as database:
        found = state(database)
        if found == "empty":
            yield None
            return
    with opened(config) as database:
        yield database


@contextmanager
def _reading(database: Database | None) -> Iterator[Session | None]:
    if database is None:
        yield None
        return
    with database.reading() as session:
        yield session


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on a terminal, else a line now and then; from where on it is worth it."""
    with ExitStack() as bars:

        def begin(total: int) -> Step:
            step: Step = bars.enter_context(shown("Umwandeln", total if total >= MANY else 0))
            return step

        yield begin


def _print(report: Report, *, as_json: bool) -> None:
    if as_json:
        data: dict[str, Any] = report.as_json()
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for line in report.lines():
        click.echo(line)


def _outcome(report: Report, *, dry_run: bool) -> str:
    if report.unchanged:
        return NOTHING
    return "Probelauf: Nichts wurde geschrieben." if dry_run else "Veröffentlicht."


def _result(report: Report) -> int:
    """Exit code; with errors a sentence on standard error."""
    if report.ok:
        return 0
    count = sum(finding.severity == "error" for finding in report.findings)
    click.echo(f"Beheben Sie zuerst {_counted(count, 'Fehler', 'Fehler')}.", err=True)
    return 1


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
