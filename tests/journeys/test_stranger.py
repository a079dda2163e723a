"""An unseen course is published, learned, edited, renamed, rolled back and exported; nothing is lost."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.cli.program import wait_for_more
from tests.journeys.conftest import ROOT, wait
from tests.journeys.course_folder import replace_in, write_course
from tests.journeys.stranger import Stranger, fresh_id
from tests.performance.load import free_port

PASSWORD = "ein Passwort für die Geschichte"
COURSE = "brunnen-und-baenke"
LESSONS = ("platz", "schatten", "bank", "brunnen")


class Site:
    """An instance on SQLite files, its commands and its server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.instance = folder / "instance"
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("LEARN_")}
        self.env["LEARN_INSTANCE"] = str(self.instance)
        self.process: subprocess.Popen[bytes] | None = None

    def learn(self, *words: str, given: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "learn.cli", *words],
            cwd=ROOT,
            env=self.env,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        log = (self.folder / "server.log").open("ab")
        command = [sys.executable, "-m", "learn.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        wait(self.base, self.process, self.folder / "server.log")

    def kill(self) -> None:
        """`kill -9` for the server and all its processes."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def rows(self, statement: str, *values: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(f"file:{self.instance / 'learn.sqlite3'}?mode=ro", uri=True) as connection:
            return list(connection.execute(statement, values))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the course's files and an instance in which it is published; to copy."""
    folder = tmp_path_factory.mktemp("prepared")
    site = Site(folder)
    site.learn("db", "upgrade")
    write_course(folder / "content")
    site.learn("content", "publish", str(folder / "content"))
    for name in ("ada", "ben"):
        site.learn(
            *("user", "create", f"{name}@example.org", "--name", name.title()),
            *("--role", "operator", "--password-stdin"),
            given=PASSWORD + "\n",
        )
    return folder


@pytest.fixture
def site(tmp_path: Path, prepared: Path) -> Iterator[Site]:
    """A server of its own for each story."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    site = Site(tmp_path)
    site.start()
    yield site
    site.kill()


def learner(site: Site, name: str = "ada") -> Stranger:
    who = Stranger(site.base)
    who.sign_in(f"{name}@example.org", PASSWORD)
    return who


def begin(who: Stranger) -> None:
    page = who.get(f"/kurse/{COURSE}")
    answer = who.send(page.form(f"/{COURSE}/beginnen"))
    assert answer.status == 303
    assert who.follow(answer).status == 200


def test_a_course_is_taken_and_survives_what_its_authors_do(site: Site, tmp_path: Path) -> None:
    visitor = Stranger(site.base)
    assert "Brunnen und Bänke" in visitor.get("/kurse").text
    for lesson in LESSONS:
        assert visitor.get(f"/kurse/{COURSE}/{lesson}").status == 200
    ada = learner(site)
    begin(ada)
    checked = ada.get(f"/kurse/{COURSE}/platz")
    question = checked.form("/platz/pruefen")
    answer = ada.send(question, {"answer": "0"})
    assert answer.status == 200
    assert "Richtig" in answer.text
    assert "Passt nicht" in ada.send(question, {"answer": "1"}).text
    assert ada.send(question).status == 422
    for lesson in LESSONS[:3]:
        assert ada.complete(COURSE, lesson).status == 303
    done = ["Der Platz", "Der Schatten", "Die Bank"]
    assert ada.done(COURSE) == done
    folder = tmp_path / "content"
    course = folder / COURSE

    replace_in(course / "01-sehen/01-platz.md", "Er ist kurz", "Er ist wirklich kurz")
    site.learn("content", "publish", str(folder))
    assert "wirklich kurz" in ada.get(f"/kurse/{COURSE}/platz").text
    assert ada.done(COURSE) == done

    (course / "01-sehen/02-schatten.md").rename(course / "02-bauen/03-kuehler-schatten.md")
    (course / "02-bauen/01-bank.md").rename(course / "02-bauen/09-bank.md")
    site.learn("content", "publish", str(folder))
    moved = ada.get(f"/kurse/{COURSE}/schatten")
    assert (moved.status, moved.location.removeprefix(site.base)) == (
        301,
        f"/kurse/{COURSE}/kuehler-schatten",
    )
    assert sorted(ada.done(COURSE)) == sorted(done)

    replace_in(course / "02-bauen/09-bank.md", "dauer: 6min", "ausgabe: 2\naenderung: Anders.\ndauer: 6min")
    report = site.learn("content", "publish", str(folder))
    assert "Niemand verliert Fortschritt" in report
    assert sorted(ada.done(COURSE)) == sorted(done)
    assert "neu gefasst" in ada.get(f"/kurse/{COURSE}").text
    assert "Nichts zu tun" in site.learn("content", "publish", str(folder))

    site.learn("content", "export", COURSE, str(tmp_path / "export"))
    exported = next((tmp_path / "export").rglob("kurs.md")).parent
    originals = {path.relative_to(course): path.read_bytes() for path in course.rglob("*.md")}
    assert {path.relative_to(exported): path.read_bytes() for path in exported.rglob("*.md")} == originals

    site.learn("content", "rollback", COURSE, "--to", "1")
    assert ada.done(COURSE) == done
    assert ada.get(f"/kurse/{COURSE}/schatten").status == 200

    assert ada.complete(COURSE, "brunnen").status == 303
    assert "abgeschlossen" in ada.get(f"/kurse/{COURSE}/abschluss").text
    page = ada.get(f"/kurse/{COURSE}/platz")
    assert ada.send(page.form("/platz/wieder-oeffnen")).status == 303
    assert ada.done(COURSE) == ["Der Schatten", "Die Bank", "Der Brunnen"]
    nobody = Stranger(site.base)
    assert nobody.get("/lernen").status == 303
    ben = learner(site, "ben")
    assert ben.done(COURSE) == []
    assert "Brunnen und Bänke" not in ben.get("/lernen").text.split("</main>")[0].split("<aside")[0]


def test_ten_double_clicks_store_one_row(site: Site) -> None:
    ada = learner(site)
    form = ada.get(f"/kurse/{COURSE}").form("/beginnen")
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: ada.send(form), range(10)))
    assert {(answer.status, answer.location) for answer in answers} == {(303, answers[0].location)}
    assert site.rows("SELECT count(*) FROM enrolment") == [(1,)]
    form = ada.get(f"/kurse/{COURSE}/platz").form("/platz/abschliessen")
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: ada.send(form), range(10)))
    assert {(answer.status, answer.location) for answer in answers} == {(303, answers[0].location)}
    assert site.rows("SELECT count(*) FROM progress_entry WHERE object_id = 'les_0a0a0a0a'") == [(1,)]


def write_until_gone(who: Stranger, acknowledged: list[tuple[str, int, str]]) -> None:
    """Complete and reopen two lessons in turn, noting what the server has acknowledged."""
    edition = {
        "edition": "1",
        "csrf_token": who.get(f"/kurse/{COURSE}").form("/abmelden").fields["csrf_token"],
    }
    passes = dict.fromkeys(("platz", "bank"), 0)
    try:
        for number in range(2000):
            lesson = ("platz", "bank")[number // 2 % 2]
            event = ("abschliessen", "wieder-oeffnen")[number % 2]
            request_id = fresh_id()
            fields = {**edition, "pass": str(passes[lesson]), "request_id": request_id}
            answer = who.post(f"/kurse/{COURSE}/{lesson}/{event}", fields)
            if answer.status != 303:
                return
            acknowledged.append((lesson, passes[lesson], request_id))
            passes[lesson] += event == "wieder-oeffnen"
    except (OSError, HTTPException):
        return


def test_no_acknowledged_completion_is_lost_by_kill_9(site: Site) -> None:
    acknowledged: list[tuple[str, int, str]] = []
    for name, pause in (("ada", 0.1), ("ben", 0.3)):
        who = learner(site, name)
        begin(who)
        writer = threading.Thread(target=write_until_gone, args=(who, acknowledged))
        writer.start()
        wait_for_more(acknowledged, 6)
        time.sleep(pause)
        site.kill()
        writer.join()
        site.start()
    stored = {row[0] for row in site.rows("SELECT request_id FROM progress_entry")}
    assert len(acknowledged) > 10
    assert [entry for entry in acknowledged if entry[2] not in stored] == []
    assert site.rows("PRAGMA integrity_check") == [("ok",)]
    assert re.search("Der Platz", learner(site).get(f"/kurse/{COURSE}").text)
