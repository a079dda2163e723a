"""Measure the pages of towns with 108 and with 10,786 of them, as many as Germany has: flat, or not.

    python -m tests.performance.towns               108 and 10,786 towns, 300 rounds
    python -m tests.performance.towns --small       27 and 108, 5 rounds: shows that the script runs
    python -m tests.performance.towns --postgres    on PostgreSQL

Requests go to the application itself, to small and large network in turn. A figure is the 95th percentile of
the CPU time of one request in milliseconds; on PostgreSQL, which works in processes of its own, of elapsed
time. Statements are SELECTs and their kind. Where the small network shows fewer towns, the large one's page
costs more for their sake. Generated towns bear invented names.
"""

import argparse
import csv
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from learn import create_app
from learn.accounts import service as accounts
from learn.core.db import Database
from learn.network.topics import TOPICS
from tests.client import sign_in
from tests.conftest import make_config
from tests.postgres import Cluster

GERMANY = 10_786
IN_A_DISTRICT = 27
FIRST = ("Alten", "Bad Ober", "Birken", "Eichen", "Frieden", "Hohen", "Klein", "Linden", "Neu", "Wald")
LAST = ("berg", "dorf", "feld", "hagen", "hausen", "heim", "kirchen", "stadt", "stein", "tal")
SIZES = (900, 3_000, 8_000, 12_000, 20_000, 40_000, 80_000, 250_000)
SHARES = (30, 26, 20, 10, 7, 4, 2, 1)  # of a hundred towns
GROWTH = 1.2
TOWN = re.compile(r"/kommunen/(\d{8})")
NEXT = re.compile(r'href="([^"]+)" rel="next"')
WORDS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})


@dataclass(frozen=True)
class Network:
    """An application with so many towns, and a coordinator's browser."""

    number: int
    app: Flask
    client: FlaskClient
    pages: dict[str, str]


@contextmanager
def network(folder: Path, number: int, url: str) -> Iterator[Network]:
    """Import generated towns the way an operator does, and open the application on them."""
    config = make_config(folder / f"instance-{number}", url)
    env = {"LEARN_INSTANCE": str(config.instance), "LEARN_DATABASE_URL": url, "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "learn.cli"]
    subprocess.run([*command, "db", "upgrade"], env=env, check=True, stdout=subprocess.DEVNULL)
    write_towns(folder / f"{number}.csv", number)
    begun = time.monotonic()
    done = subprocess.run(
        [*command, "municipality", "import", str(folder / f"{number}.csv")],
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    print(f"{number} Kommunen einlesen: {time.monotonic() - begun:.1f} s ({done.stdout.strip()})", flush=True)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        with redirect_stderr(nowhere):
            app = create_app(config)  # its log of requests keeps the stream
        database = app.extensions["learn.database"].current()
        client = coordinator(app, database)
        yield Network(number, app, client, pages(client, number))
    database.dispose()


def coordinator(app: Flask, database: Database) -> FlaskClient:
    """A browser of somebody who may see the desk."""
    with database.writing() as session:
        person = accounts.create_user(
            session,
            by="messung",
            email="koordination@example.org",
            name="Messung",
            password_hash=None,
            roles=["coordinator"],
        )
    client = app.test_client()
    sign_in(client, person)
    return client


def write_towns(path: Path, number: int) -> None:
    """A list as `learn municipality import` takes it: the same number gives the same bytes."""
    chance = random.Random(number)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        head = ("ags", "name", "typ", "kreis", "kreisschluessel", "einwohner", "rolle", "phase", "themen")
        writer.writerow(head)
        for place in range(number):
            district = place // IN_A_DISTRICT
            name = f"{chance.choice(FIRST)}{chance.choice(LAST)} {place:05}"
            role = "pionier" if place % 1000 == 7 else chance.choice(("mitglied", "gast", "gast"))
            topics = " ".join(chance.sample(sorted(TOPICS)[:-1], chance.randrange(3)))
            writer.writerow(
                (
                    f"{district % 16 + 1:02}{district:03}{place % 1000:03}",
                    name,
                    "Stadt",
                    f"Kreis {LAST[district % 10].title()} {district:03}",
                    f"{district % 16 + 1:02}{district:03}",
                    chance.choices(SIZES, SHARES)[0],
                    role,
                    chance.choice(("", "idee", "betrieb")),
                    "mobilitaet" if place % 500 == 3 else topics,  # a rare topic
                )
            )


def pages(client: FlaskClient, number: int) -> dict[str, str]:
    """What is measured, by name."""
    page = client.get("/kommunen").get_data(as_text=True)
    town = re.findall(r'href="(/kommunen/\d{8})"', page)
    last = number // IN_A_DISTRICT // 2
    return {
        "Liste": "/kommunen",
        "  Kreis": f"/kommunen?kreis=Kreis+{LAST[last % 10].title()}+{last:03}",
        "  häufige Größe": "/kommunen?groesse=5000",
        "  seltene Größe": "/kommunen?groesse=mehr",
        "  häufige Rolle": "/kommunen?rolle=gast",
        "  seltene Rolle": "/kommunen?rolle=pionier",
        "  Rolle und Größe": "/kommunen?rolle=gast&groesse=mehr",
        "  häufiges Thema": "/kommunen?thema=klima",
        "  seltenes Thema": "/kommunen?thema=mobilitaet",
        "  Thema und Rolle": "/kommunen?thema=klima&rolle=pionier",
        "  Wortteil, häufig": "/kommunen?q=en",
        "  zwei Wortteile": "/kommunen?q=berg+linden",
        "  Wortteil, selten": "/kommunen?q=0042",
        "  Wortteil, nichts": "/kommunen?q=nirgends",
        "  50. Seite": turned(client, "/kommunen", 49),
        "Kommune": town[3],
        "Start": "/",
        "Verwaltung": "/verwaltung/kommunen",
        "  Suche": "/verwaltung/kommunen?q=en",
        "  50. Seite dort": turned(client, "/verwaltung/kommunen", 49),
    }


def turned(client: FlaskClient, path: str, times: int) -> str:
    """The address after so many steps, or of the last page."""
    for _ in range(times):
        found = NEXT.search(client.get(path).get_data(as_text=True))
        if found is None:
            return path
        path = found[1].replace("&amp;", "&")
    return path


@contextmanager
def statements() -> Iterator[list[str]]:
    """What any database is asked meanwhile."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split(maxsplit=1)[0].upper() in WORDS | {"WITH"}:
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


def counted(network: Network, path: str) -> tuple[int, int]:
    """How many statements a page takes, and how many towns stand on it."""
    with statements() as found:
        text = get(network, path)
    return len(found), len(set(TOWN.findall(text)))


def get(network: Network, path: str) -> str:
    client = network.app.test_client() if path == "/" else network.client
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return answer.get_data(as_text=True)


def p95(costs: Sequence[float]) -> float:
    return statistics.quantiles(costs, n=20)[-1]


def measure(networks: Sequence[Network], rounds: int, clock: Callable[[], float]) -> list[str]:
    """Ask for each page in turn, print a line, and name those that grew although they show as many towns."""
    grown = []
    for name in networks[0].pages:
        (few, towns), (many, more_towns) = (counted(each, each.pages[name]) for each in networks)
        costs: list[list[float]] = [[] for _ in networks]
        for _ in range(rounds):
            for each, cost in zip(networks, costs, strict=True):
                begun = clock()
                get(each, each.pages[name])
                cost.append((clock() - begun) * 1000)
        small, large = map(p95, costs)
        middle = statistics.median(costs[1]) / statistics.median(costs[0])
        print(
            f"{name:<18} {few} und {many} Anweisungen   {towns:2} und {more_towns:2} Kommunen"
            f"   p95 {small:5.2f} und {large:5.2f} ms = {large / small:4.2f} mal (Median {middle:4.2f} mal)",
            flush=True,
        )
        if large / small > GROWTH and towns >= more_towns:
            grown.append(name.strip())
    return grown


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="few towns, few rounds")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, in elapsed time")
    asked = parser.parse_args()
    sizes = (27, 108) if asked.small else (108, GERMANY)
    clock = time.perf_counter if asked.postgres else time.thread_time
    with tempfile.TemporaryDirectory(prefix="learn-pg-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        cluster = Cluster(folder / "pg") if asked.postgres else None
        urls = [cluster.empty(f"towns_{number}") if cluster else "" for number in sizes]
        with (
            network(folder, sizes[0], urls[0]) as small,
            network(folder, sizes[1], urls[1]) as large,
        ):
            grown = measure((small, large), 5 if asked.small else 300, clock)
        if cluster:
            cluster.stop()
    print(
        f"Bei gleich vielen Kommunen mehr als 1,2 mal: {', '.join(grown)}"
        if grown
        else "Alle Seiten bleiben flach."
    )


if __name__ == "__main__":
    main()
