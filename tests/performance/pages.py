"""Measure reading and learning: CPU beside a bare page of the same size, and after 100 times the data.

    python -m tests.performance.pages            10 courses and 1,000 people, then 1,000 and 100,000
    python -m tests.performance.pages --small    2 and 20, then 3 and 30: shows that the script runs

All servers run at once and are asked in turn, so that a busy machine disturbs all alike. A figure is the
median of the rounds. Figures are CPU milliseconds of the server's processes per request.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from learn.accounts import passwords, service
from learn.core.db import Database
from tests.conftest import make_config
from tests.performance.load import Call, Client, Cost, Server, free_port, measure, started

PEOPLE = 14
FEW = 8  # instead, where it is only shown that the script runs
WRITERS = 6  # of these people write, the others read
BEGUN = 4  # courses a reader has begun, as many as generated people have at most
PASSWORD = "ein langes Passwort zum Messen"
TOKEN = re.compile(rb'name="csrf_token"[^>]* value="([^"]+)"')
COURSE = re.compile(rb'href="/kurse/([a-z0-9-]+)"')


@dataclass
class Person:
    """A signed-in person: her cookie and form token."""

    cookie: str
    token: str

    def get(self, path: str) -> Call:
        return Call(path, headers={"Cookie": self.cookie})

    def post(self, path: str, fields: dict[str, str], expect: int = 303) -> Call:
        body = urlencode({"csrf_token": self.token, **fields})
        return Call(path, "POST", body, {"Cookie": self.cookie}, expect)


class Instance:
    """An instance filled with generated data, its server, and people signed in to it."""

    def __init__(self, folder: Path, courses: int, people: int, accounts: int = PEOPLE) -> None:
        self.folder = folder / f"instance-{courses}"
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("LEARN_")}
        self.env["LEARN_INSTANCE"] = str(self.folder)
        self.env["LEARN_LOG"] = "json"
        self.log = folder / f"server-{courses}.log"
        self.learn("bench", "data", "--posts", "0", "--people", str(people), "--courses", str(courses))
        self.accounts = accounts
        database = Database.of(make_config(self.folder))
        with database.writing() as session:
            for number in range(accounts):
                service.create_user(
                    session,
                    by="messung",
                    email=f"messung{number}@example.org",
                    name="Messung",
                    password_hash=passwords.hashed(PASSWORD),
                    roles=["operator"],
                )
        database.dispose()

    def learn(self, *words: str) -> None:
        command = [sys.executable, "-m", "learn.cli", *words]
        subprocess.run(command, env=self.env, stdout=subprocess.DEVNULL, check=True)

    def command(self, port: int) -> Sequence[str]:
        return [sys.executable, "-m", "learn.cli", "serve", "--port", str(port)]

    def attach(self, server: Server) -> None:
        self.server = server
        self.people = [
            sign_in(server.port, f"messung{number}@example.org") for number in range(self.accounts)
        ]
        catalogue = Client(server.port).checked(Call("/kurse"))
        self.courses = list(dict.fromkeys(slug.decode() for slug in COURSE.findall(catalogue)))[:10]
        self.lessons = {slug: lessons_of(server.port, slug) for slug in self.courses}


def cookies(headers: dict[str, str]) -> str:
    return headers.get("set-cookie", "").split(";", 1)[0]


def sign_in(port: int, email: str) -> Person:
    """Sign in over HTTP, as a browser does."""
    client = Client(port)
    _, headers, body = client.send(Call("/anmelden"))
    fields = {"csrf_token": token(body), "email": email, "password": PASSWORD}
    headers = {"Cookie": cookies(headers)}
    status, answer, _ = client.send(Call("/anmelden", "POST", urlencode(fields), headers))
    if status != 303:
        raise RuntimeError(f"sign-in answered {status}")
    cookie = cookies(answer)
    _, headers, page = client.send(Call("/konto/darstellung", headers={"Cookie": cookie}))
    return Person(cookies(headers) or cookie, token(page))


def token(body: bytes) -> str:
    found = TOKEN.search(body)
    if found is None:
        raise RuntimeError("no csrf_token in the page")
    return found[1].decode()


def lessons_of(port: int, slug: str) -> list[str]:
    """Slugs of a course's lessons in order."""
    body = Client(port).checked(Call(f"/kurse/{slug}"))
    found = re.findall(rf'href="/kurse/{re.escape(slug)}/([a-z0-9-]+)"'.encode(), body)
    return [lesson.decode() for lesson in dict.fromkeys(found) if lesson != b"druck"]


def enrol_calls(instance: Instance) -> list[Call]:
    """Every writer begins every course, once."""
    writers = instance.people[:WRITERS]
    return [person.post(f"/kurse/{slug}/beginnen", {}) for slug in instance.courses for person in writers]


def completed(person: Person, slug: str, lesson: str) -> Call:
    """„Abschließen und weiter“."""
    fields = {"request_id": uuid.uuid4().hex, "edition": "1", "pass": "0"}
    return person.post(f"/kurse/{slug}/{lesson}/abschliessen", fields)


def complete_calls(instance: Instance) -> list[Call]:
    """Every writer completes two lessons of every course, once."""
    return [
        completed(person, slug, lesson)
        for slug in instance.courses
        for lesson in instance.lessons[slug][:2]
        for person in instance.people[:WRITERS]
    ]


def begin(instance: Instance) -> None:
    """Readers have begun some courses and completed two lessons of each, before anything is measured."""
    for slug in instance.courses[:BEGUN]:
        for person in instance.people[WRITERS:]:
            calls = [person.post(f"/kurse/{slug}/beginnen", {})]
            calls += [completed(person, slug, lesson) for lesson in instance.lessons[slug][:2]]
            for call in calls:
                measure(instance.server, [call])


def pages_of(instance: Instance, count: int) -> dict[str, list[Call]]:
    """Reading as signed-in people do, spread over people and courses."""
    people, courses = instance.people[WRITERS:], instance.courses[:BEGUN]
    turns = [(people[n % len(people)], courses[n // len(people) % len(courses)]) for n in range(count)]
    return {
        "Lektion": [who.get(f"/kurse/{slug}/{instance.lessons[slug][2]}") for who, slug in turns],
        "Kursseite": [who.get(f"/kurse/{slug}") for who, slug in turns],
        "Katalog": [who.get("/kurse") for who, _ in turns],
        "Mein Lernen": [who.get("/lernen") for who, _ in turns],
    }


def bare_calls(size: int, count: int) -> list[Call]:
    return [Call(f"/{size}") for _ in range(count)]


def median(costs: Iterable[Cost]) -> float:
    return statistics.median(cost.cpu_ms for cost in costs)


def report(name: str, ours: Sequence[Cost], large: Sequence[Cost], bare: Sequence[Cost]) -> None:
    """One line per page: milliseconds and the two ratios."""
    own, more, plain = median(ours), median(large), median(bare)
    print(
        f"{name:<12} {own:6.2f} ms   (a) {plain:5.2f} ms   {own / plain:5.2f} mal (a)"
        f"   100 mal Daten {more:6.2f} ms = {more / own:4.2f} mal   {ours[0].size / 1024:5.1f} KB",
        flush=True,
    )


def writes(small: Instance, large: Instance, bare: Server) -> None:
    """Enrolling and completing; each effect happens once, so there is one round."""
    for name, calls in (("Beginnen", enrol_calls), ("Abschließen", complete_calls)):
        ours = measure(small.server, calls(small))
        more = measure(large.server, calls(large))
        report(name, [ours], [more], [measure(bare, bare_calls(ours.size, 100))])


def reading(small: Instance, large: Instance, bare: Server, rounds: int, count: int) -> None:
    own, more = pages_of(small, count), pages_of(large, count)
    for name in own:
        size = measure(small.server, own[name][:10]).size  # warms, too
        measure(large.server, more[name])
        measure(bare, bare_calls(size, 10))
        found: list[tuple[Cost, Cost, Cost]] = [
            (
                measure(small.server, own[name]),
                measure(large.server, more[name]),
                measure(bare, bare_calls(size, count)),
            )
            for _ in range(rounds)
        ]
        report(name, *(list(costs) for costs in zip(*found, strict=True)))


def throughput(small: Instance, bare: Server, count: int) -> None:
    """Requests per second at 1, 8 and 32 connections; client and server share the machine."""
    for name, calls in pages_of(small, count).items():
        size = measure(small.server, calls[:5]).size
        rates = [measure(small.server, calls, many).per_second for many in (1, 8, 32)]
        plain = [measure(bare, bare_calls(size, count), many).per_second for many in (1, 8, 32)]
        print(
            f"{name:<12} Anfragen/s bei 1, 8, 32 Verbindungen: {rates[0]:.0f}, {rates[1]:.0f}, {rates[2]:.0f}"
            f"   (a) {plain[0]:.0f}, {plain[1]:.0f}, {plain[2]:.0f}",
            flush=True,
        )


def mixed(instance: Instance, count: int) -> None:
    """Requests of all kinds, before the memory is read."""
    calls = [call for group in pages_of(instance, count // 4).values() for call in group]
    measure(instance.server, calls, 8)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="little data, few requests")
    small_size = parser.parse_args().small
    sizes = ((2, 20), (3, 30)) if small_size else ((10, 1_000), (1_000, 100_000))
    rounds, count = (1, 24) if small_size else (9, 240)
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = Path(temporary)
        instances = [Instance(folder, *size, accounts=FEW if small_size else PEOPLE) for size in sizes]
        for instance in instances:
            server, seconds = stack.enter_context(
                started(instance.command, instance.env, instance.log, "/kurse")
            )
            print(f"Start bis zur ersten Antwort: {seconds:.2f} s")
            instance.attach(server)
        bare, _ = stack.enter_context(
            started(
                lambda port: [
                    *(sys.executable, "-m", "tests.performance.bare"),
                    *(str(folder / f"bare-{free_port()}.sqlite3"), str(port)),
                ],
                instances[0].env,
                folder / "bare.log",
                "/1000",
            )
        )
        small, large = instances
        for instance in instances:
            begin(instance)
        writes(small, large, bare)
        reading(small, large, bare, rounds, count)
        throughput(small, bare, count)
        for instance in instances:
            mixed(instance, 1000 if not small_size else 8)
            shares = instance.server.memory()
            each = " + ".join(f"{share:.0f}" for share in shares)
            print(f"Speicher mit Worker (PSS): {sum(shares):.0f} MB = {each}")


if __name__ == "__main__":
    main()
