"""What went wrong as one German sentence; nobody at a terminal is shown a traceback."""

import errno
import tempfile
import traceback

import click
from sqlalchemy.exc import DBAPIError

from learn.accounts.roster import BadRosterError
from learn.config import ConfigError
from learn.core.access import Refused
from learn.core.assets import NotBuiltError
from learn.core.db import Busy
from learn.core.schema import UnknownRevisionError
from learn.network.parse import BadTownsError

SENTENCES = (ConfigError, Refused, UnknownRevisionError, NotBuiltError, BadRosterError, BadTownsError)

SYSTEM = {
    errno.EACCES: "Der Zugriff ist nicht erlaubt.",
    errno.EEXIST: "Das gibt es schon.",
    errno.EISDIR: "Das ist ein Ordner.",
    errno.ENOENT: "Das gibt es nicht.",
    errno.ENOSPC: "Es ist kein Platz mehr auf dem Datenträger.",
    errno.ENOTDIR: "Das ist kein Ordner.",
    errno.EPERM: "Das ist nicht erlaubt.",
    errno.EROFS: "Der Datenträger ist schreibgeschützt.",
}


def sentence(problem: Exception) -> str:
    """Say it; the traceback of an unforeseen fault goes to a file of its own."""
    if isinstance(problem, click.ClickException):
        return problem.format_message()
    if isinstance(problem, SENTENCES):
        return str(problem)
    if isinstance(problem, Busy):
        return "Die Datenbank ist beschäftigt. Versuchen Sie es gleich noch einmal."
    if isinstance(problem, DBAPIError):
        return f"Die Datenbank meldet: {str(problem.orig).strip().splitlines()[0]}"
    return _of_the_system(problem) or _unforeseen(problem)


def _of_the_system(problem: Exception) -> str:
    if isinstance(problem, OSError):
        words = SYSTEM.get(problem.errno or 0) or f"Das System meldet: {problem.strerror or problem}"
        return f"{problem.filename or 'Datei'}: {words}"
    if isinstance(problem, UnicodeEncodeError) and problem.reason == "surrogates not allowed":
        return "Schreiben Sie Ihre Eingabe in UTF-8."  # what Python puts in place of other bytes
    return ""


def _unforeseen(problem: Exception) -> str:
    return f"Unerwarteter Fehler ({type(problem).__name__}). Einzelheiten stehen in {_kept(problem)}."


def _kept(problem: Exception) -> str:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="learn-", suffix=".txt", delete=False
    ) as file:
        file.write("".join(traceback.format_exception(problem)))
    return file.name
