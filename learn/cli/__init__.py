"""The program `learn`: one command group, German sentences instead of tracebacks, exit codes 0, 1, 2."""

import sys
from collections.abc import Sequence

import click

from learn.cli import german
from learn.cli.backup import backup, restore
from learn.cli.bench import bench
from learn.cli.check import check
from learn.cli.content import content
from learn.cli.db import db
from learn.cli.demo import demo
from learn.cli.faults import sentence
from learn.cli.municipality import municipality
from learn.cli.serve import serve, worker
from learn.cli.user import user

WIDTH = 110


@click.group(context_settings={"max_content_width": WIDTH})
def learn() -> None:
    """Smart Cities: Schule – lernen und austauschen im Netzwerk der Kommunen."""


for command in (demo, serve, worker, check, content, db, municipality, user, backup, restore, bench):
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


def _fail(words: str, code: int = 1) -> int:
    click.echo(words, err=True)
    return code
