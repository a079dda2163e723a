"""The program `learn`: one command group, German sentences instead of tracebacks, exit codes 0, 1, 2."""

import sys
import tempfile
import traceback
from collections.abc import Sequence

import click
from sqlalchemy.exc import DBAPIError

from learn.cli import german
from learn.cli.db import db
from learn.cli.municipality import municipality
from learn.cli.serve import serve, worker
from learn.cli.user import user
from learn.config import ConfigError
from learn.core.access import Refused
from learn.core.assets import NotBuiltError
from learn.core.db import Busy
from learn.core.migrate import UnknownRevisionError
from learn.network.parse import BadTownsError

SENTENCES = (ConfigError, Refused, UnknownRevisionError, NotBuiltError, BadTownsError)
WIDTH = 110


@click.group(context_settings={"max_content_width": WIDTH})
def learn() -> None:
    """Smart Cities: Schule – lernen und austauschen im Netzwerk der Kommunen."""


for command in (serve, worker, db, municipality, user):
    learn.add_command(command)


def main() -> None:
    """Run the command line of this process and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; what goes wrong is one German sentence on standard error."""
    german.speak()
    try:
        code = learn.main(list(arguments), prog_name="learn", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_wanted:
        return _fail(help_wanted.format_message(), 2)
    except click.UsageError as problem:
        path = problem.ctx.command_path if problem.ctx else "learn"
        return _fail(f"{problem.format_message()} Hilfe: {path} --help", 2)
    except (click.Abort, KeyboardInterrupt):
        return _fail("Abgebrochen.")
    except Exception as problem:  # noqa: BLE001 - nobody at a terminal is shown a traceback
        return _fail(sentence(problem))
    return code if isinstance(code, int) else 0


def sentence(problem: Exception) -> str:
    """Say in one German sentence what went wrong; an unforeseen fault is written to a file."""
    if isinstance(problem, click.ClickException):
        return problem.format_message()
    if isinstance(problem, SENTENCES):
        return str(problem)
    if isinstance(problem, Busy):
        return "Die Datenbank ist beschäftigt. Versuchen Sie es gleich noch einmal."
    if isinstance(problem, DBAPIError):
        return f"Die Datenbank meldet: {str(problem.orig).strip().splitlines()[0]}"
    if isinstance(problem, OSError):
        return f"{problem.filename or 'Datei'}: {problem.strerror or problem}"
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="learn-", suffix=".txt", delete=False
    ) as file:
        file.write("".join(traceback.format_exception(problem)))
    return f"Unerwarteter Fehler ({type(problem).__name__}). Einzelheiten stehen in {file.name}."


def _fail(words: str, code: int = 1) -> int:
    click.echo(words, err=True)
    return code
