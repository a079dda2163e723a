"""Measure people: importing them, and the desk's lists, pages and signing in beside 100 times as many.

    python -m tests.performance.people               10,000 and 1,000,000 people in 10,786 towns
    python -m tests.performance.people --small       300 and 600 in 60: shows that the script runs
    python -m tests.performance.people --postgres    on PostgreSQL; then wall time, as it works elsewhere

Both instances are asked in turn, in one process, request by request, so that a busy machine disturbs both
alike. A figure is the 95th percentile of the CPU time of 200 requests. To be met: growth at most 1.2, and
an import whose memory does not grow with the list.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn import create_app
from learn.accounts import passwords, service
from learn.accounts.models import Person
from learn.config import Config
from learn.core.db import Database
from tests.client import CheckingClient, sign_in
from tests.postgres import Cluster

PASSWORD = "ein langes Passwort zum Messen"
DESK = "desk@example.org"
BIG = 40  # towns with one per cent of the people each
STARTS = ("an", "be", "chri", "do", "el", "fa", "ge", "han", "in", "jo", "ka", "lu", "ma", "no", "ol", "pe")
MIDDLES = ("na", "le", "ri", "ta", "mo", "si", "ne", "ko", "la", "du", "mi", "ra", "se", "vo", "ha", "be")
ENDS = ("mann", "berg", "stein", "müller", "dorf", "hoff", "kamp", "meier", "schulte", "weiß", "ing", "son")


@dataclass(frozen=True)
class Cost:
    """What one command took: seconds, CPU seconds, megabytes at most."""

    seconds: float
    cpu: float
    megabytes: float


def first_name(number: int) -> str:
    """One of 256, all as common."""
    return (STARTS[number % 16] + MIDDLES[number // 16 % 16]).capitalize()


def last_name(number: int) -> str:
    """One of 3,072."""
    return (STARTS[number % 16] + MIDDLES[number // 16 % 16] + ENDS[number // 256 % 12]).capitalize()


def person(number: int) -> tuple[str, str]:
    """Name and address of one person; the same number gives the same."""
    chance = random.Random(number)
    first, last = first_name(chance.randrange(256)), last_name(chance.randrange(3072))
    return f"{first} {last}", f"{first}.{last}{number}@stadt.example".lower()


def write_people(path: Path, count: int, towns: int) -> None:
    """A list as the Koordination would have it; one in a hundred accompanies Klassen."""
    with path.open("w", encoding="utf-8") as file:
        file.write("email,name,ags,funktion,rollen\n")
        for number in range(count):
            name, email = person(number)
            town = number % 100 if number % 100 < BIG else number % towns
            role = "Lernbegleitung" if number % 100 == 7 else ""
            file.write(f"{email},{name},{town_key(town)},,{role}\n")


def write_towns(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("ags,name,rolle\n")
        file.writelines(f"{town_key(number)},Ort {number:05},mitglied\n" for number in range(count))


def town_key(number: int) -> str:
    return f"{5_000_000 + number:08}"


class Instance:
    """An instance with so many people, imported by the program itself."""

    def __init__(self, folder: Path, people: int, towns: int, url: str) -> None:
        self.people = people
        self.folder = folder / f"instance-{people}"
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("LEARN_")}
        self.env |= {"LEARN_INSTANCE": str(self.folder), "LEARN_LOG": "json"}
        if url:
            self.env["LEARN_DATABASE_URL"] = url
        self.run("db", "upgrade")
        write_towns(folder / "towns.csv", towns)
        self.run("municipality", "import", str(folder / "towns.csv"))
        self.add_staff(url)
        self.list = folder / f"people-{people}.csv"
        write_people(self.list, people, towns)

    def add_staff(self, url: str) -> None:
        lock = None if url else self.folder / "learn.lock"
        database = Database(url or f"sqlite:///{self.folder / 'learn.sqlite3'}", lock)
        with database.writing() as session:
            for email, role in ((DESK, "coordinator"), ("operator@example.org", "operator")):
                service.create_user(
                    session,
                    by="messung",
                    email=email,
                    name="Messung",
                    password_hash=passwords.hashed(PASSWORD),
                    roles=[role],
                )
        database.dispose()

    def read_in(self, *options: str) -> Cost:
        return self.run("user", "import", str(self.list), *options)

    def run(self, *words: str) -> Cost:
        """Run one command to its end; time, and memory at its highest."""
        begun = time.monotonic()
        log = self.folder.parent / "commands.log"
        with log.open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "learn.cli", *words],
                env=self.env,
                stdout=said,
                stderr=said,
            )
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{words}: {log.read_text()[-1000:]}")
        return Cost(time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def open(self) -> None:
        """Make the application of this instance and a browser of its coordinator."""
        kept = os.environ.copy()
        os.environ.update(self.env)
        self.app = create_app(Config.from_env())
        os.environ.clear()
        os.environ.update(kept)
        self.database: Database = self.app.extensions["learn.database"].current()
        self.app.test_client_class = Browser
        self.browser = self.app.test_client()
        with self.database.reading() as session:
            found = session.scalars(select(Person).where(Person.email == DESK)).one()
        sign_in(self.browser, found)


class Browser(CheckingClient):
    """Asks without looking at what it gets: the check would cost more than the page."""

    def open(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
        return FlaskClient.open(self, *args, **kwargs)  # type: ignore[arg-type]


def requests(instance: Instance, count: int) -> dict[str, list[str]]:
    """Addresses of each kind, chosen so that both instances show pages of the same size."""
    chance = random.Random(1)
    with instance.database.reading() as session:
        ids = some_ids(session, chance, count)
    list_ = "/verwaltung/personen"
    firsts = [first_name(chance.randrange(256)).lower() for _ in range(count)]
    late = fiftieth(instance.browser, list_)
    return {
        "Liste": [list_] * count,
        "Liste, 50. Seite": [late] * count,
        "Suche, ein Wort": [f"{list_}?q={first}" for first in firsts],
        "Suche, zwei Anfänge": [f"{list_}?q={first[0]}+{chance.choice('bdm')}" for first in firsts],
        "Suche, Adresse": [f"{list_}?q={person(chance.randrange(300))[1]}" for _ in range(count)],
        "Suche, niemand": [f"{list_}?q={first}+{first}x" for first in firsts],
        "Suche und Kommune": [
            f"{list_}?q={first[0]}&kommune={town_key(n % BIG)}" for n, first in enumerate(firsts)
        ],
        "Kommune": [f"{list_}?kommune={town_key(number % BIG)}" for number in range(count)],
        "Rolle": [f"{list_}?rolle=trainer"] * count,
        "ohne Passwort": [f"{list_}?zustand=ohne-passwort"] * count,
        "gesperrt": [f"{list_}?zustand=gesperrt"] * count,
        "Person": [f"{list_}/{number}" for number in ids],
        "Protokoll": ["/verwaltung/protokoll"] * count,
    }


def some_ids(session: Session, chance: random.Random, count: int) -> list[int]:
    last = session.scalar(select(func.max(Person.id))) or 1
    return [chance.randrange(3, last) for _ in range(count)]


def fiftieth(browser: FlaskClient, path: str) -> str:
    """The address of a late page of a list, as far as it goes."""
    for _ in range(49):
        page = browser.get(path).text
        before, mark, _rest = page.partition('rel="next"')
        if not mark:
            break
        path = before.rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    return path


def spent(clock: Callable[[], float], ask: Callable[[], None]) -> float:
    begun = clock()
    ask()
    return (clock() - begun) * 1000


def get(instance: Instance, path: str) -> None:
    answer = instance.browser.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")


def enter(instance: Instance) -> None:
    """Sign in with a right password in a fresh browser."""
    browser = instance.app.test_client()
    assert isinstance(browser, CheckingClient)
    answer = browser.submit("/anmelden", {"email": DESK, "password": PASSWORD})
    if answer.status_code != 303:
        raise SystemExit(f"sign-in: {answer.status_code}")


def high(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[int(len(times) * 0.95)]


def compare(
    name: str, asks: Sequence[tuple[Callable[[], None], Callable[[], None]]], clock: Callable[[], float]
) -> None:
    """Ask both in turn and print the two figures with their ratio."""
    for small, large in asks[: max(2, len(asks) // 10)]:  # warm
        small(), large()
    few, many = [], []
    for small, large in asks:
        few.append(spent(clock, small))
        many.append(spent(clock, large))
    print(
        f"{name:<22} {high(few):7.2f} ms  {high(many):7.2f} ms  {high(many) / high(few):5.2f} mal", flush=True
    )


@contextmanager
def databases(*, postgres: bool) -> Iterator[Callable[[int], str]]:
    """Gives the address of an empty database by the number of people; "" for SQLite in the instance."""
    if not postgres:
        yield lambda _people: ""
        return
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="learn-pg-")))
    cluster.folder.chmod(0o755)
    yield lambda people: cluster.empty(f"people_{people}")
    cluster.stop()


def quiet() -> None:
    """Send what the application logs nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="little data, few requests")
    parser.add_argument("--people", type=int, default=0, help="another number than 1,000,000")
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL instead of SQLite")
    given = parser.parse_args()
    sizes, towns, count = ((300, 600), 60, 8) if given.small else ((10_000, 1_000_000), 10_786, 200)
    sizes = (sizes[0], given.people or sizes[1])
    clock = time.perf_counter if given.postgres else time.thread_time
    with tempfile.TemporaryDirectory() as temporary, databases(postgres=given.postgres) as address:
        small, large = (Instance(Path(temporary), people, towns, address(people)) for people in sizes)
        for instance in (small, large):
            for options in (("--dry-run",), ("--no-invite",), ("--no-invite",)):
                cost = instance.read_in(*options)
                print(
                    f"{instance.people} Personen, einlesen {json.dumps(options[0])}: {cost.seconds:.1f} s,"
                    f" CPU {cost.cpu:.1f} s, höchstens {cost.megabytes:.0f} MB",
                    flush=True,
                )
        quiet()
        small.open()
        large.open()
        print(f"{'':<22} {small.people:>10}  {large.people:>10}")
        paths = [requests(instance, count) for instance in (small, large)]
        for name in paths[0]:
            pairs = zip(paths[0][name], paths[1][name], strict=True)
            compare(name, [(partial(get, small, a), partial(get, large, b)) for a, b in pairs], clock)
        entering = (partial(enter, small), partial(enter, large))
        compare("Anmelden", [entering] * max(4, count // 4), clock)


if __name__ == "__main__":
    main()
