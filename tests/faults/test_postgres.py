"""Faults 8 and 9: PostgreSQL restarted under load and stopped at once; it syncs here as in production."""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from learn.core import clock
from learn.core.db import Database
from learn.core.models import Throttle
from tests.cli.program import serving, wait_for, wait_for_more
from tests.faults.visitors import Browser
from tests.postgres import Cluster

pytestmark = pytest.mark.postgres


class Lasting(Cluster):
    """A cluster that keeps what it acknowledges."""

    def control(self, *words: str) -> None:
        log = self.folder / "server.log"
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}'"
        self._program("pg_ctl", "-D", self.data, "-w", "-l", log, "-o", options, *words)


@pytest.fixture
def lasting(cluster: Cluster) -> Iterator[Lasting]:
    """A cluster of this test's own; asking for the shared one skips where there is no PostgreSQL."""
    assert cluster
    folder = Path(tempfile.mkdtemp(prefix="learn-pg-"))
    folder.chmod(0o755)
    own = Lasting(folder)
    own.create("learn")
    own.control("-m", "fast", "restart")
    yield own
    own.stop()
    folder.with_name(f"{folder.name}.lock").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


AT_LEAST = 20  # writes between two faults


@contextmanager
def writing_all_the_time(database: Database, acknowledged: list[str]) -> Iterator[None]:
    """Writers that note each commit they were told of; what fails is tried again under a new key."""
    stop = threading.Event()

    def write(name: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            key = f"{name}-{number}"
            try:
                with database.writing() as session:
                    session.add(Throttle(key=key, tries=1, until=clock.now()))
            except DBAPIError:
                time.sleep(0.05)
            else:
                acknowledged.append(key)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(120)


def lost(database: Database, acknowledged: list[str]) -> set[str]:
    with database.reading() as session:
        return set(acknowledged) - set(session.scalars(select(Throttle.key)))


@pytest.mark.parametrize("words", [("-m", "fast", "restart"), ("-m", "immediate", "restart")])
def test_nothing_acknowledged_is_lost_and_writing_goes_on(lasting: Lasting, words: tuple[str, ...]) -> None:
    database = Database(lasting.url("learn"))
    acknowledged: list[str] = []
    with writing_all_the_time(database, acknowledged):
        for _ in range(3):
            wait_for_more(acknowledged, AT_LEAST)
            lasting.control(*words)
        wait_for_more(acknowledged, AT_LEAST)
    assert lost(database, acknowledged) == set()
    database.dispose()


def test_a_server_answers_503_while_the_database_is_away_and_goes_on_afterwards(
    lasting: Lasting, tmp_path: Path
) -> None:
    url = lasting.url("learn")
    log = tmp_path / "log"
    with serving(tmp_path / "instance", "serve", log=log, LEARN_DATABASE_URL=url) as running:
        assert Browser(running.port).get("/readyz")[0] == 200
        assert Browser(running.port).get("/kurse")[0] == 200
        lasting.control("-m", "immediate", "stop")
        for path in ("/kurse", "/readyz"):
            status, page = Browser(running.port).get(path)
            assert status == 503
            assert "Traceback" not in page
        assert Browser(running.port).get("/healthz")[0] == 200
        lasting.control("start")
        wait_for(lambda: Browser(running.port).get("/readyz")[0] == 200)
        assert Browser(running.port).get("/kurse")[0] == 200
        assert running.stop() == 0


def test_a_server_started_before_its_database_answers_503_until_it_is_there(
    lasting: Lasting, tmp_path: Path
) -> None:
    lasting.control("-m", "fast", "stop")
    url = lasting.url("learn")
    with serving(tmp_path / "instance", "serve", log=tmp_path / "log", LEARN_DATABASE_URL=url) as running:
        assert Browser(running.port).get("/kurse")[0] == 503
        lasting.control("start")
        wait_for(lambda: Browser(running.port).get("/kurse")[0] == 200)
        assert "antwortet nicht" in (tmp_path / "log").read_text(encoding="utf-8")
