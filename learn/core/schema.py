"""Which revision of its tables a database has, and whether it is this program's; knows no Alembic."""

from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, inspect, text

State = Literal["empty", "behind", "current", "ahead"]
PACKAGE = Path(__file__).resolve().parent.parent


class UnknownRevisionError(Exception):
    """No migration bears this number; the message is one German sentence."""


def bundled(name: str) -> Path:
    """Give the folder of this name: in the checkout `learn` runs from, else the copy in the package."""
    checkout = PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    return PACKAGE / "_bundled" / name


def revisions() -> list[str]:
    """All revisions in order; files are named `0001_network.py`, the number is the revision."""
    return sorted(file.name.split("_")[0] for file in (bundled("migrations") / "versions").glob("[0-9]*.py"))


def head() -> str:
    """The newest revision this program knows."""
    return revisions()[-1]


def current(connection: Connection) -> str | None:
    """The revision of the database, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def state(connection: Connection) -> State:
    """Whether this program and the database fit: only `current` may be served."""
    found = current(connection)
    if found is None:
        return "empty"
    if found == head():
        return "current"
    return "behind" if found in revisions() else "ahead"
