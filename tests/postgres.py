"""A PostgreSQL cluster of the test run: on a Unix socket, started by the first test that needs it."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from learn.core import migrate
from learn.core.db import Database

TEMPLATE = "learn_template"
OPTIONS = (  # nothing survives the run, and nothing tidies up while it lasts
    "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    " -c max_wal_size=4GB -c checkpoint_timeout=1h -c autovacuum=off -c jit=off"
)


def programs() -> Path | None:
    """Where initdb and its kind lie; None where PostgreSQL's server is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    plain = shutil.which("initdb")
    return found[-1].parent if found else Path(plain).parent if plain else None


class Cluster:
    """One cluster in a folder with a short path; all methods may be called by several processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://learn@/{name}?host={self.folder}"

    def create(self, name: str, template: str = TEMPLATE) -> str:
        """A fresh database with all tables, or a copy of another that nobody uses; its address."""
        with self._alone():
            self._start()
            self._fresh(name, template)
        return self.url(name)

    def empty(self, name: str) -> str:
        """A fresh database without tables; its address."""
        return self.create(name, "template0")

    def drop(self, name: str) -> None:
        with self._alone():
            self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._program("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> None:
        if (self.data / "postmaster.pid").exists():
            return
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._program(
            "initdb", "-D", self.data, "-U", "learn", "-A", "trust", "--locale=C.UTF-8", "--no-sync"
        )
        options = f"{OPTIONS} -c unix_socket_directories='{self.folder}'"
        log = self.folder / "server.log"
        self._program("pg_ctl", "-D", self.data, "-w", "-l", log, "-o", options, "start")
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        database = Database(self.url(TEMPLATE))
        migrate.upgrade(database)
        database.dispose()

    def _fresh(self, name: str, template: str) -> None:
        """Whoever is still connected to the old one, such as a killed process, is sent away."""
        gone = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        with self._connection() as connection:
            connection.execute(gone)
            connection.execute(made)

    def _run(self, statement: sql.Composed) -> None:
        with self._connection() as connection:
            connection.execute(statement)

    def _connection(self) -> psycopg.Connection:
        return psycopg.connect(f"host={self.folder} user=learn dbname=postgres", autocommit=True)

    def _program(self, name: str, *arguments: str | Path) -> None:
        folder = programs()
        assert folder is not None
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*as_postgres, str(folder / name), *map(str, arguments)],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Only one process at a time, so that only the first starts the cluster."""
        self.folder.mkdir(mode=0o755, exist_ok=True)
        with (self.folder.parent / f"{self.folder.name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
