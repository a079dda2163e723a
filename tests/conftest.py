"""What all tests share: real databases of both kinds, the application, a checking client, no network.

One engine per worker and kind; each test runs inside one outer transaction that is rolled back.
Tests on locks, files and processes take `instance` and open what they need themselves.
"""

import gc
import importlib
import os
import pkgutil
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session

import learn
from learn import create_app
from learn.accounts import passwords
from learn.config import Config, prepare
from learn.core import clock, migrate
from learn.core.db import Database
from learn.courses import library
from learn.network import vocabulary
from tests.client import CheckingClient
from tests.postgres import Cluster, programs

KINDS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
CI = os.environ.get("CI") == "true"
passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # cheap


def pytest_configure(config: pytest.Config) -> None:
    """The process that starts the run chooses the folder of its cluster; workers are told.

    Hypothesis draws from the constants of all loaded modules: with every module loaded in every
    worker, a run in CI tries the same texts as the one before it, however the tests are shared out.
    """
    for module in pkgutil.walk_packages(learn.__path__, "learn."):
        if not module.name.endswith(("__main__", "learn.assets.hook")):  # hatchling: at a build
            importlib.import_module(module.name)
    if not hasattr(config, "workerinput"):
        config.stash[CLUSTER] = Path(tempfile.mkdtemp(prefix="learn-pg-"))
        config.stash[CLUSTER].chmod(0o755)
    else:
        config.stash[CLUSTER] = Path(config.workerinput["cluster"])


def pytest_collection_finish() -> None:
    """Collected tests live as long as the run: looking through thousands of them again is in vain."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


CLUSTER: pytest.StashKey[Path] = pytest.StashKey()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["cluster"] = str(node.config.stash[CLUSTER])


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = config.stash.get(CLUSTER, None)
    if folder is not None and not hasattr(config, "workerinput"):
        Cluster(folder).stop()
        folder.with_name(f"{folder.name}.lock").unlink(missing_ok=True)


def lacking(reason: str) -> NoReturn:
    """What is needed is not installed here: skips by name, unless `CI=true`."""
    (pytest.fail if CI else pytest.skip)(reason)


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Cluster:
    """The PostgreSQL of this run; skips by name where there is none, unless `CI=true`."""
    if programs() is None:
        lacking("PostgreSQL fehlt: initdb liegt weder in /usr/lib/postgresql noch im Suchpfad")
    return Cluster(request.config.stash[CLUSTER])


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Sockets other than loopback refuse to connect."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in {"localhost", "127.0.0.1", "::1"}:
            raise AssertionError(f"a test wants to reach {host}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture
def in_one_window() -> Iterator[None]:
    """It is the coming hour's beginning and goes on from there: no window of a limit ends meanwhile."""
    start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    with time_machine.travel(start):
        yield


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of this test process."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


def make_config(folder: Path, url: str = "", **settings: Any) -> Config:
    """Settings for tests: an instance folder, local, mail into files."""
    prepare(folder)
    values: dict[str, Any] = {
        "instance": folder,
        "database_url": url or f"sqlite:///{folder / 'learn.sqlite3'}",
        "secret_key": "0" * 64,
        "base_url": "http://localhost",
        "mail_url": f"file:{folder / 'mail'}",
        "mail_from": "learn@localhost",
        "storage": folder / "files",
        "log": "json",
    }
    return Config(**{**values, **settings})


@pytest.fixture(scope="session")
def blank_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without rows, to copy."""
    path = tmp_path_factory.mktemp("blank") / "learn.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def configs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker: str
) -> Callable[[str], Config]:
    """Settings of this process's instance on a kind of database; the database has its tables."""
    made: dict[str, Config] = {}

    def config(kind: str) -> Config:
        if kind not in made:
            folder = tmp_path_factory.mktemp(kind) / "instance"
            url = "" if kind == "sqlite" else request.getfixturevalue("cluster").create(f"learn_{worker}")
            made[kind] = make_config(folder, url)
            if kind == "sqlite":
                shutil.copy(request.getfixturevalue("blank_sqlite"), folder / "learn.sqlite3")
        return made[kind]

    return config


@pytest.fixture(scope="session")
def apps(configs: Callable[[str], Config]) -> Iterator[Callable[[str], Flask]]:
    """The application of this process on a kind of database; made once."""
    made: dict[str, Flask] = {}

    def app(kind: str) -> Flask:
        if kind not in made:
            made[kind] = create_app(configs(kind))
            made[kind].test_client_class = CheckingClient
        return made[kind]

    yield app
    for each in made.values():
        each.extensions["learn.database"].current().dispose()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgres`; tests that use a database run on both."""
    found: str = request.param
    return found


@pytest.fixture
def app(kind: str, apps: Callable[[str], Flask]) -> Iterator[Flask]:
    """The application, inside the test's transaction; files of the instance go afterwards."""
    with rolled_back(apps(kind)) as app:
        yield app


@contextmanager
def rolled_back(app: Flask) -> Iterator[Flask]:
    """Everything the application writes meanwhile is undone at the end."""
    config: Config = app.extensions["learn.config"]
    database: Database = app.extensions["learn.database"].current()
    state = app.extensions["learn.state"]
    state.ready, state.demo = True, False
    library.CACHE.clear()  # ids come again after a rollback
    vocabulary.forget()
    with database.writer.connect() as connection:
        outer = connection.begin()
        database.outer = connection
        yield app
        database.outer = None
        outer.rollback()
    for name in ("files", "mail", "seiten"):
        if any((config.instance / name).iterdir()):
            shutil.rmtree(config.instance / name)
            prepare(config.instance)


@pytest.fixture
def database(app: Flask) -> Database:
    """The database of the application, inside the test's transaction."""
    found: Database = app.extensions["learn.database"].current()
    return found


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A session in the test's transaction; flush before the application should see rows."""
    with database.reading() as session:
        yield session


@pytest.fixture
def client(app: Flask) -> CheckingClient:
    """A browser without a session that checks every page it gets."""
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    return client


@pytest.fixture
def instance(kind: str, request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[Config]:
    """An instance of its own with all tables, for tests on files, locks and processes."""
    folder = tmp_path / "instance"
    library.CACHE.clear()  # another database may have the same ids
    vocabulary.forget()
    if kind == "sqlite":
        config = make_config(folder)
        shutil.copy(request.getfixturevalue("blank_sqlite"), folder / "learn.sqlite3")
        yield config
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        name = f"learn_{worker}_own"
        yield make_config(folder, cluster.create(name))
        cluster.drop(name)
