"""Faults 1, 12, 17, 18: the server killed mid-write, double clicks, huge input, slow clients."""

import http.client
import os
import signal
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

import psutil
import pytest
from sqlalchemy import select, text

from learn.core.db import Database
from learn.learning.models import Enrolment, ProgressEntry
from tests.cli.program import Running, wait_for_more
from tests.faults.conftest import COURSE, LESSONS, PASSWORD, School
from tests.faults.visitors import Browser

KILLS = 8
SERVER_CAP = 16 * 2**20
FILE = b'--aa\r\nContent-Disposition: form-data; name="datei"; filename="a.zip"\r\n\r\n'
URLENCODED = "application/x-www-form-urlencoded"


def signed_in(school: School, running: Running) -> list[Browser]:
    browsers = [Browser(running.port) for _email in school.emails]
    for browser, email in zip(browsers, school.emails, strict=True):
        browser.sign_in(email, PASSWORD)
        assert browser.post(f"/kurse/{COURSE}/beginnen")[0] == 303
    return browsers


def server_of(running: Running) -> int:
    """The process that answers: with --no-worker the only child, soon after the last one was killed."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        alive = [child for child in psutil.Process(running.process.pid).children() if not is_zombie(child)]
        if alive:
            return alive[0].pid
        time.sleep(0.05)
    raise AssertionError("no server came back")


def is_zombie(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def stored(database: Database) -> Counter[str]:
    with database.reading() as session:
        return Counter(session.scalars(select(ProgressEntry.request_id)))


def keep_learning(browser: Browser, stop: threading.Event, acknowledged: list[str]) -> None:
    """Complete and reopen lessons; after a crash the same request comes again."""
    turn = 0
    while not stop.is_set():
        lesson = LESSONS[turn // 2 % len(LESSONS)]
        request_id = f"{turn}-{id(browser)}"
        event = "abschliessen" if turn % 2 == 0 else "wieder-oeffnen"
        try:
            status = browser.complete(COURSE, lesson, request_id, event)
        except (OSError, http.client.HTTPException):
            continue  # half an answer is no acknowledgement
        if status == 303:
            acknowledged.append(request_id)
            turn += 1


def kill_again_and_again(running: Running, acknowledged: list[str]) -> None:
    for number in range(KILLS):
        wait_for_more(acknowledged)
        time.sleep(0.3 + 0.07 * number)
        os.kill(server_of(running), signal.SIGKILL)
    wait_for_more(acknowledged)


def test_kill_9_of_the_server_loses_no_acknowledged_completion(school: School) -> None:
    acknowledged: list[str] = []
    stop = threading.Event()
    with school.serve("--no-worker") as running:
        threads = [
            threading.Thread(target=keep_learning, args=(browser, stop, acknowledged))
            for browser in signed_in(school, running)[:4]
        ]
        for thread in threads:
            thread.start()
        kill_again_and_again(running, acknowledged)
        stop.set()
        for thread in threads:
            thread.join(120)
        assert Browser(running.port).get("/readyz")[0] == 200
    database = school.open()
    found = stored(database)
    assert len(acknowledged) > KILLS
    assert [request_id for request_id in acknowledged if not found[request_id]] == []
    if database.sqlite:
        with database.reading() as session:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    database.dispose()


def test_ten_parallel_double_clicks_store_one_row_and_get_one_answer(school: School) -> None:
    with school.serve("--no-worker", "--processes", "2") as running, ThreadPoolExecutor(10) as pool:
        browser = Browser(running.port)
        browser.sign_in(school.emails[0], PASSWORD)

        def at_once(path: str, **fields: str) -> set[int]:
            barrier = threading.Barrier(10)

            def click(_number: int) -> int:
                barrier.wait()
                copy = Browser(running.port, dict(browser.cookies), browser.token)
                return copy.post(path, **fields)[0]

            return set(pool.map(click, range(10)))

        assert at_once(f"/kurse/{COURSE}/beginnen") == {303}
        for lesson in LESSONS:
            form = {"request_id": f"same-{lesson}", "edition": "1", "pass": "0"}
            assert at_once(f"/kurse/{COURSE}/{lesson}/abschliessen", **form) == {303}
    database = school.open()
    with database.reading() as session:
        assert len(session.scalars(select(Enrolment.id)).all()) == 1
        objects = Counter(session.scalars(select(ProgressEntry.object_id)))
    assert set(objects.values()) == {1}
    assert len(objects) == len(LESSONS) + 1  # and the course itself
    database.dispose()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_huge_input_is_refused_without_being_held(school: School) -> None:
    with school.serve("--no-worker") as running:
        server = psutil.Process(server_of(running))
        Browser(running.port).get("/kurse")
        before = server.memory_info().rss
        for path, body in (
            ("/anmelden", b"a" * (2 * 2**20)),
            ("/anmelden", b"&".join(b"a=b" for _ in range(60_000))),
            ("/anmelden", None),
            ("/werkstatt/einlesen", None),
        ):
            assert posted(running.port, path, body) == 413
        assert server.memory_info().rss - before < 2 * SERVER_CAP
        assert Browser(running.port).get("/kurse")[0] == 200


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_whole_course_reaches_the_program(school: School) -> None:
    """As a ZIP of 50 MB: the program answers, with a page, from authors only; memory stays where it was."""
    with school.serve("--no-worker") as running:
        server = psutil.Process(server_of(running))
        learner = Browser(running.port)
        learner.sign_in(school.emails[0], PASSWORD)
        before = server.memory_info().rss
        cookie = "; ".join(f"{name}={value}" for name, value in learner.cookies.items())
        form = f"multipart/form-data; boundary=aa\r\nCookie: {cookie}"
        assert (
            posted(running.port, "/werkstatt/einlesen", FILE + bytes(50 * 2**20), form) == 400
        )  # for want of a csrf_token
        assert posted(running.port, "/anmelden", None, form) == 413
        assert server.memory_info().rss - before < 2 * SERVER_CAP


def posted(port: int, path: str, body: bytes | None, kind: str = URLENCODED) -> int:
    """Post these bytes, or 50 MB piece by piece until the server has had enough."""
    size = 50 * 2**20 if body is None else len(body)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n"
        f"Content-Type: {kind}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        try:
            connection.sendall(head.encode())
            for _ in range(50 if body is None else 1):
                connection.sendall(body if body is not None else b"a" * 2**20)
        except (BrokenPipeError, ConnectionResetError):
            pass  # answered and closed before it had all
        return int(connection.makefile("rb").readline().split()[1])


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("slow", [60, 300])
def test_slow_clients_keep_nobody_waiting(school: School, slow: int) -> None:
    with school.serve("--no-worker") as running:
        browser = Browser(running.port)
        assert browser.get("/kurse")[0] == 200
        half_open = []
        for number in range(slow):
            connection = socket.create_connection(("127.0.0.1", running.port))
            head = b"GET /kurse HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            form = b"POST /anmelden HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n\r\nemail=a"
            connection.sendall(form if number % 2 else head)
            half_open.append(connection)
        took = []
        for _ in range(5):
            begun = time.monotonic()
            assert browser.get("/kurse")[0] == 200
            took.append(time.monotonic() - begun)
        for connection in half_open:
            connection.close()
        assert max(took) < 10, quantiles(took)  # a slow client may take two minutes
