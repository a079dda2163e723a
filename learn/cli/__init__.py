"""The program `learn`: one command group, German sentences instead of tracebacks, exit codes 0, 1, 2."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from learn.cli import german
from learn.cli.faults import sentence

WIDTH = 110
COMMANDS = {
    "demo": "demo",
    "serve": "serve",
    "worker": "serve",
    "check": "check",
    "db": "db",
    "content": "content",
    "municipality": "municipality",
    "user": "user",
    "person": "person",
    "backup": "backup",
    "restore": "backup",
    "forum": "forum",
    "keys": "keys",
    "bench": "bench",
    "search": "search",
}


class Learn(click.Group):
    """Loads a command's module when it is asked for: a server need not carry what publishes courses."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"learn.cli.{COMMANDS[cmd_name]}"), cmd_name)
        return found


@click.group(cls=Learn, context_settings={"max_content_width": WIDTH})
def learn() -> None:
    """Smart Cities: Schule – Kurse für ein Netzwerk von Kommunen."""


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
