"""Measure the forum with few and with many posts: flat, or not; beside a bare page; and what a reply costs.

    python -m tests.performance.forum                        1,000 and 1,000,000 posts, 200 requests a page
    python -m tests.performance.forum --small                250 and 600, 3 requests: shows that it runs
    python -m tests.performance.forum --sizes 1000 100000    other sizes
    python -m tests.performance.forum --postgres             on PostgreSQL, in elapsed time
    python -m tests.performance.forum --keep DIR             generated instances stay, and are used again
    python -m tests.performance.forum --pages WORDS          those alone whose name holds these words

Each page is asked as visitor, member, Koordination and as somebody who may read one per cent, of both
instances in turn. A figure is the 95th percentile of the CPU time of one request in milliseconds; on
PostgreSQL, which works in processes of its own, of elapsed time. Statements are SELECTs and their kind. Where
the small instance shows fewer rows, the large one's page costs more for their sake. To be met: growth at most
1.5; statements: lists 8, Frage 14, search 8, Mitteilungen 6, badge 1; at most 2.5 times a bare page of that
size with one query; a reply at most 6 times, without the rendering of its text.
"""

import argparse
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learn import create_app
from learn.accounts.models import Person
from learn.cli import generated_posts as generated
from learn.core.db import Database
from learn.core.limits import Limit
from learn.core.pace import Pace
from learn.forum.models import Question
from learn.site import search
from tests.client import CheckingClient, sign_in
from tests.conftest import make_config
from tests.performance import load
from tests.performance.load import Call, Server, started
from tests.performance.towns import NEXT, p95, statements
from tests.postgres import Cluster

GROWTH, BARE, REPLY = 1.5, 2.5, 6.0
STATEMENTS = {"Liste": 8, "Frage": 14, "Suche": 8, "Mitteilungen": 6}
READERS = ("besuch", "mitglied", "koordination", "einprozent")
ROW = re.compile(r'href="/forum/fragen/(\d+)-[^"#?]*')
COOKIE = "sitzung"
QUERIES = 40
CALLS = 60  # of one page at a time: CPU time comes in steps of 10 ms
PAGES = ("Liste neu", "Liste offen", "Liste ungelesen", "Mitteilungen", "Seite mit Zähler")


@dataclass(frozen=True)
class Forum:
    """An application with so many posts, and a browser for each reader."""

    posts: int
    env: dict[str, str]
    app: Flask
    database: Database
    browsers: Mapping[str, FlaskClient]
    short: str  # address of the question with 20 posts
    long: str
    last: int  # where the last page of the long one begins


class Browser(CheckingClient):
    """Asks without looking at what it gets: the check would cost more than the page."""

    checking = False


@contextmanager
def forum(folder: Path, posts: int, url: str) -> Iterator[Forum]:
    """Generate so many posts the way an operator does, unless they are there; open an application on them."""
    config = make_config(folder / f"instance-{posts}", url)
    env = {
        **plain_environment(),
        "LEARN_INSTANCE": str(config.instance),
        "LEARN_SECRET_KEY": config.secret_key,
    }
    if url:
        env["LEARN_DATABASE_URL"] = url
    begun = time.monotonic()
    command = [sys.executable, "-m", "learn.cli", "bench", "data", "--posts", str(posts), "--people", "240"]
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(f"{posts} Beiträge erzeugen, mit Suchindex: {time.monotonic() - begun:.0f} s", flush=True)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        with redirect_stderr(nowhere):
            app = create_app(config)  # its log of requests keeps the stream
        app.test_client_class = Browser
        database = app.extensions["learn.database"].current()
        short, long, last = special(database)
        browsers = {name: browser(app, database, name) for name in READERS}
        yield Forum(posts, env, app, database, browsers, short, long, last)
    database.dispose()


def plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LEARN_")}


def special(database: Database) -> tuple[str, str, int]:
    """The addresses of the question with 20 posts and of the longest, and where its last page begins."""
    with database.reading() as session:
        found = session.scalars(select(Question).where(Question.origin.in_(("bench:0", "bench:1")))).all()
    long, short = sorted(found, key=lambda question: question.id)
    last = (long.last_number - 1) // 20 * 20 + 1
    return address(short), address(long), last


def address(question: Question) -> str:
    return f"/forum/fragen/{question.id}-{question.slug}"


def browser(app: Flask, database: Database, name: str) -> FlaskClient:
    client = app.test_client()
    if name != "besuch":
        with database.reading() as session:
            person = session.scalars(select(Person).where(Person.email == f"{name}@example.org")).one()
        sign_in(client, person)
    return client


def pages(forum: Forum, reader: str) -> dict[str, list[str]]:
    """Addresses by name of the page; several are asked in turn."""
    client = forum.browsers[reader]
    views = ("neu", "offen", "geloest", *(() if reader == "besuch" else ("ungelesen",)))
    found: dict[str, list[str]] = {}
    for view in views:
        first = f"/forum?ansicht={view}"
        found[f"Liste {view}"] = [first]
        found[f"Liste {view}, 50. Seite"] = [turned(client, first)]
    found["Liste häufiges Thema"] = ["/forum/thema/sensorik?ansicht=neu"]
    found["Liste seltenes Thema"] = ["/forum/thema/mobilitaet?ansicht=neu"]
    found["Liste Thema, Phase"] = ["/forum?ansicht=offen&thema=klima&phase=vergabe"]
    found["Liste Phase"] = ["/forum?ansicht=neu&phase=idee"]
    found["Liste Größe"] = ["/forum?ansicht=neu&groesse=mehr"]
    if reader in {"mitglied", "koordination"}:
        found["Frage mit 20"] = [forum.short]
        found["Frage lang, erste"] = [forum.long]
        found["Frage lang, letzte"] = [f"{forum.long}?ab={forum.last}"]
    if reader != "besuch":
        found["Mitteilungen"] = ["/mitteilungen"]
        found["Seite mit Zähler"] = ["/konto/darstellung"]
    found["Suche häufig"] = [f"/suche?q={quote(word)}" for word in generated.COMMON[: QUERIES // 2]]
    rare = generated.vocabulary()[200 :: len(generated.vocabulary()) // (QUERIES // 2)]
    found["Suche selten"] = [f"/suche?q={quote(word)}" for word in rare[: QUERIES // 2]]
    return found


def turned(client: FlaskClient, path: str) -> str:
    """The 50th page, or the last full one."""
    for _ in range(49):
        found = NEXT.search(client.get(path).get_data(as_text=True))
        if found is None:
            return path
        path, before = found[1].replace("&amp;", "&"), path
        if len(set(ROW.findall(client.get(path).get_data(as_text=True)))) < 25:
            return before
    return path


def get(forum: Forum, reader: str, path: str) -> str:
    answer = forum.browsers[reader].get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{reader} {path}: {answer.status}")
    return answer.get_data(as_text=True)


def looked_at(forum: Forum, reader: str, path: str) -> tuple[int, int, int]:
    """Statements, rows and bytes of a page."""
    with statements() as found:
        text = get(forum, reader, path)
    return len(found), len(set(ROW.findall(text))), len(text.encode())


def spent(clock: Callable[[], float], ask: Callable[[], object]) -> float:
    begun = clock()
    ask()
    return (clock() - begun) * 1000


def measure(
    both: Sequence[Forum], reader: str, words: str, rounds: int, clock: Callable[[], float]
) -> Iterator[str]:
    """Ask for each page in turn, print a line; what misses a limit is named."""
    addresses = [pages(each, reader) for each in both]
    for name in (each for each in addresses[0] if words in each):
        (few, rows, _), (many, more, size) = (
            looked_at(each, reader, found[name][0]) for each, found in zip(both, addresses, strict=True)
        )
        costs: list[list[float]] = [[] for _ in both]
        for turn in range(rounds):
            for each, found, cost in zip(both, addresses, costs, strict=True):
                path = found[name][turn % len(found[name])]
                cost.append(spent(clock, partial(get, each, reader, path)))
        small, large = map(p95, costs)
        middle = statistics.median(costs[1])
        print(
            f"{reader:<12} {name:<26} {few:2} und {many:2} Anweisungen   {rows:2} und {more:2} Zeilen"
            f"   p95 {small:6.2f} und {large:6.2f} ms = {large / small:4.2f} mal"
            f" (Median {middle / statistics.median(costs[0]):4.2f})   {size / 1024:4.0f} KB",
            flush=True,
        )
        limit = STATEMENTS.get(name.split()[0], 99)
        if max(few, many) > limit:
            yield f"{reader} {name}: {max(few, many)} Anweisungen"
        if large / small > GROWTH and rows >= more:
            yield f"{reader} {name}: {large / small:.2f} mal"


def served(forum: Forum, folder: Path, rounds: int, repeated: int) -> Iterator[str]:
    """Pages over HTTP beside a bare page of the same size: CPU of the server's processes, in turn."""
    with (
        started(partial(command, forum), forum.env, folder / "server.log") as (server, _),
        started(partial(bare_command, folder), forum.env, folder / "bare.log", "/1000") as (bare, _),
    ):
        for reader, name, paths in chosen(forum, repeated):
            calls = [Call(path, headers=cookie(forum, reader)) for path in paths]
            size = load.measure(server, calls).size  # warms, too
            plain = [Call(f"/{size}") for _ in calls]
            pairs = [(load.measure(server, calls), load.measure(bare, plain)) for _ in range(rounds)]
            ours, bare_ms = (
                statistics.median(cost.cpu_ms for cost in one) for one in zip(*pairs, strict=True)
            )
            theirs = max(bare_ms, 0.1)  # less cannot be measured with few requests
            print(
                f"{reader:<12} {name:<26} {ours:6.2f} ms, bloß {theirs:5.2f} ms: {ours / theirs:4.2f} mal"
                f"   {size / 1024:4.0f} KB",
                flush=True,
            )
            if ours / theirs > BARE:
                yield f"{reader} {name}: {ours / theirs:.2f} mal die bloße Seite"
        yield from replies(forum, server, theirs, rounds * 4)


def chosen(forum: Forum, repeated: int) -> Iterator[tuple[str, str, list[str]]]:
    """Some pages, each many times; the search lets nobody ask that often."""
    for reader, names in {
        "besuch": ("Liste neu", "Liste offen"),
        "mitglied": (*PAGES, "Frage mit 20", "Frage lang, letzte"),
        "einprozent": PAGES,
    }.items():
        found = pages(forum, reader)
        for name in names:
            yield reader, name, found[name] * repeated


def replies(forum: Forum, server: Server, plain: float, number: int) -> Iterator[str]:
    """Answer the question with 20 posts; rendering its text happens in a process of its own, told apart."""
    client = forum.browsers["koordination"]
    assert isinstance(client, CheckingClient)
    token = client.token()
    headers = cookie(forum, "koordination")  # which holds the secret of the token
    number_of = forum.short.rpartition("/")[2].partition("-")[0]
    calls = [
        Call(
            f"/forum/fragen/{number_of}/antworten",
            "POST",
            urlencode({"csrf_token": token, "answer": text(), "attribution": "name", "key": uuid4().hex}),
            headers,
            303,
        )
        for _ in range(number)
    ]
    load.measure(server, calls[:2])
    before = rendering(server)
    cost = load.measure(server, calls[2:]).cpu_ms
    drawn = (rendering(server) - before) * 1000 / len(calls[2:])
    ratio = (cost - drawn) / plain
    print(
        f"Antworten: {cost - drawn:.2f} ms, {ratio:.1f} mal die bloße Seite, dazu der Text {drawn:.2f} ms",
        flush=True,
    )
    if ratio > REPLY:
        yield f"Antworten: {ratio:.1f} mal die bloße Seite"


def text() -> str:
    return "\n\n".join(generated.text(random.Random(uuid4().hex)))


def rendering(server: Server) -> float:
    """CPU seconds of the processes that render texts."""
    times = [each.cpu_times() for each in server.root.children(recursive=True) if "-c" in each.cmdline()[:3]]
    return sum(one.user + one.system for one in times)


def cookie(forum: Forum, reader: str) -> dict[str, str]:
    """The header of a browser that is signed in."""
    found = forum.browsers[reader].get_cookie(COOKIE)
    return {"Cookie": f"{COOKIE}={found.value}"} if found else {}


def command(_forum: Forum, port: int) -> list[str]:
    return [sys.executable, "-m", "learn.cli", "serve", "--no-worker", "--port", str(port)]


def bare_command(folder: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "tests.performance.bare", str(folder / f"bare-{port}.sqlite3"), str(port)]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="few posts, few requests")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, in elapsed time")
    parser.add_argument("--sizes", nargs=2, type=int, metavar="N", help="two numbers of posts")
    parser.add_argument("--rounds", type=int, default=200, metavar="N", help="requests of each page")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where the instances stay")
    parser.add_argument("--readers", nargs="+", default=READERS, choices=READERS, help="as whom")
    parser.add_argument("--pages", default="", metavar="WORDS", help="which")
    asked = parser.parse_args()
    sizes = asked.sizes or ((250, 600) if asked.small else (1_000, 1_000_000))
    rounds, clock = (
        (3 if asked.small else asked.rounds),
        (time.perf_counter if asked.postgres else time.thread_time),
    )
    search.SEARCHES = Pace(Limit("search", tries=1_000_000, seconds=60))  # of the page: 60 a minute
    with ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="learn-pg-")))
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        cluster = Cluster(folder / "pg") if asked.postgres else None
        if cluster:
            stack.callback(cluster.stop)
        urls = [cluster.empty(f"forum_{number}") if cluster else "" for number in sizes]
        both = [
            stack.enter_context(forum(folder, number, url)) for number, url in zip(sizes, urls, strict=True)
        ]
        missed = [
            found for reader in asked.readers for found in measure(both, reader, asked.pages, rounds, clock)
        ]
        missed += served(both[1], folder, *((1, 5) if asked.small else (9, CALLS)))
    print("\n".join(["Verfehlt:", *missed]) if missed else "Alles bleibt in seinen Grenzen.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
