"""Runs migrations on the connection `learn.core.migrate` hands over; not for Alembic's own command."""

from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection


class BrokenReferenceError(Exception):
    """A migration left a row that refers to nothing; its transaction is rolled back."""


def check_references(
    ctx: MigrationContext,
    step: MigrationInfo,  # noqa: ARG001 - Alembic passes these by name
    heads: Collection[Any],  # noqa: ARG001
    run_args: Mapping[str, Any],  # noqa: ARG001
) -> None:
    """SQLite migrates with foreign keys off, so they are checked before each commit."""
    connection = ctx.connection
    assert connection is not None
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise BrokenReferenceError(f"{broken[0][0]} refers to a missing row of {broken[0][2]}")


def run(connection: Connection) -> None:
    """Each migration in one transaction of its own, on SQLite too, whose DDL is transactional."""
    context.configure(
        connection=connection,
        transactional_ddl=True,
        transaction_per_migration=True,
        render_as_batch=connection.dialect.name == "sqlite",
        on_version_apply=check_references,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
