"""`learn serve` and `learn demo` in processes of their own: start, set-up, errors, endings, memory."""

import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select

from learn.cli.invented import PEOPLE
from learn.config import Config
from learn.core.db import Database
from learn.core.models import AuditEntry, Mark
from learn.courses.models import Release
from learn.learning.models import Enrolment, ProgressEntry
from tests.cli.program import ROOT, Running, learn, serving

MEMORY = 180 * 2**20


def status(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, problem.read().decode()


def family(running: Running) -> list[psutil.Process]:
    parent = psutil.Process(running.process.pid)
    return [parent, *parent.children(recursive=True)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """A demo, started once for this file."""
    folder = tmp_path_factory.mktemp("demo")
    with serving(folder / "instance", "demo", log=folder / "log", cwd=ROOT) as running:
        yield running, folder


def test_the_demo_prints_one_sign_in_per_role_and_serves_the_courses(demo: tuple[Running, Path]) -> None:
    running, _folder = demo
    signins = [line.split() for line in running.lines[:-1]]
    assert [role for role, _address, _password in signins] == [person.role for person in PEOPLE]
    assert all(address.endswith("@example.org") for _role, address, _password in signins)
    code, page = status(f"{running.url}/kurse")
    assert code == 200
    assert "Grundlagen" in page


def test_a_demo_run_again_changes_nothing(demo: tuple[Running, Path]) -> None:
    running, folder = demo
    database = Database(f"sqlite:///{folder / 'instance' / 'learn.sqlite3'}")
    before = numbers(database)
    assert before["marks"] == 4  # of the instance, its forum, what people learnt, its Werkstatt
    assert min(before.values()) > 0
    with serving(folder / "instance", "demo", log=folder / "log2", cwd=ROOT) as again:
        assert again.lines[:-1] == running.lines[:-1]
    assert numbers(database) == before
    assert (folder / "instance" / "demo.json").stat().st_mode & 0o777 == 0o600
    database.dispose()


def numbers(database: Database) -> dict[str, int]:
    tables = {
        "marks": Mark,
        "releases": Release,
        "enrolments": Enrolment,
        "log": ProgressEntry,
        "audit": AuditEntry,
    }
    with database.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in tables.items()
        }


def test_a_demo_refuses_real_people(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    learn(instance, "db", "upgrade")
    words = ("user", "create", "o@example.org", "--name", "Ole", "--role", "operator", "--password-stdin")
    assert learn(instance, *words, given="Brombeere und Leuchtturm\n").code == 0
    said = learn(instance, "demo", "--port", "0", cwd=ROOT)
    assert said.code == 1
    assert said.err.startswith("Diese Instanz enthält echte Konten.")


def test_the_whole_server_stays_below_its_memory(demo: tuple[Running, Path]) -> None:
    """Proportional set sizes of parent, one server and worker."""
    running, _folder = demo
    for _ in range(30):
        for path in ("/", "/kurse", "/vokabelheft", "/kurse/lorawan-reallabor"):
            assert status(running.url + path)[0] == 200
    assert sum(process.memory_full_info().pss for process in family(running)) < MEMORY


def test_an_empty_database_is_set_up_and_the_first_answer_comes_soon(tmp_path: Path) -> None:
    begun = time.monotonic()
    with serving(tmp_path / "instance", "serve", log=tmp_path / "log") as running:
        assert status(f"{running.url}/readyz")[0] == 200
        print(f"first answer after {time.monotonic() - begun:.1f} s")
        assert running.stop() == 0
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line["route"] for line in lines if line["event"] == "request"] == ["/readyz"]


def test_tables_that_are_behind_are_left_alone_and_answered_with_503(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    learn(instance, "db", "upgrade")
    learn(instance, "db", "downgrade", "0004")
    with serving(instance, "serve", log=tmp_path / "log") as running:
        code, reason = status(f"{running.url}/readyz")
        assert (code, "learn db upgrade" in reason) == (503, True)
        code, page = status(f"{running.url}/kurse")
        assert code == 503
        assert "Traceback" not in page
        assert status(f"{running.url}/healthz")[0] == 200
        assert learn(instance, "db", "current").out.startswith("0004")
        assert learn(instance, "db", "upgrade").code == 0
        assert status(f"{running.url}/readyz")[0] == 200
        assert status(f"{running.url}/kurse")[0] == 200


def test_a_taken_port_and_a_wrong_setting_stop_the_start_with_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = learn(tmp_path / "i", "serve", "--port", str(taken.getsockname()[1]))
    assert said.code == 1
    assert "Nehmen Sie einen anderen --port." in said.err
    said = learn(tmp_path / "i", "serve", "--port", "0", LEARN_MAIL_URL="smtp://a?tls=nein")
    assert (said.code, said.err.startswith("LEARN_MAIL_URL: ")) == (1, True)
    assert said.err.count("\n") == 1


def test_running_requests_end_after_sigterm(tmp_path: Path) -> None:
    """A download read slowly is finished although the server was asked to stop meanwhile."""
    with serving(tmp_path / "instance", "serve", "--no-worker", log=tmp_path / "log") as running:
        names = json.loads((ROOT / "learn" / "static" / "manifest.json").read_text())
        name = max(names.values(), key=lambda name: (ROOT / "learn" / "static" / name).stat().st_size)
        size = (ROOT / "learn" / "static" / name).stat().st_size
        got = bytearray()

        def download() -> None:
            with socket.create_connection(("127.0.0.1", running.port)) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                request = f"GET /static/{name} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                connection.sendall(request.encode())
                while part := connection.recv(4096):
                    got.extend(part)
                    time.sleep(0.02)

        reader = threading.Thread(target=download)
        reader.start()
        while not got:
            time.sleep(0.01)
        assert running.stop() == 0
        reader.join(120)
    assert len(got) > size


def test_the_worker_does_what_servers_ask_for(tmp_path: Path, demo: tuple[Running, Path]) -> None:
    """Schedules were added and run by the worker beside the server."""
    _running, folder = demo
    instance: Path = folder / "instance"
    deadline = time.monotonic() + 90
    said = learn(instance, "check")
    while "Warnung  Aufgaben" in said.out and time.monotonic() < deadline:
        time.sleep(0.5)
        said = learn(instance, "check")
    assert "gut      Aufgaben" in said.out
    assert Config.from_env(instance=instance, create=False).instance == instance
