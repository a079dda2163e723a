"""Measure whether the time of an answer tells who has an account (S9): CPU per request, by state.

    python -m tests.performance.enumeration            200 tries of each kind
    python -m tests.performance.enumeration --small    12: shows that it runs and would notice

Each try comes from a browser, a source and an address of its own, so that no throttle answers instead; the
states take turns in random order, so that a busy machine disturbs all alike. Figures are CPU milliseconds of
one request inside the process, medians. At full size more than 10 % between two states is a failure; without
the hash for nobody the script must notice, at any size.
"""

import argparse
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from datetime import timedelta
from pathlib import Path

from flask import Flask

from learn import create_app
from learn.accounts import passwords
from learn.accounts.models import Person
from learn.config import Config
from learn.core import clock, migrate
from learn.core.db import Database
from learn.network.models import Municipality

CASES = ("bekannt", "unbekannt", "gesperrt", "geschlossen", "ohnepasswort")
ALLOWED = 1.10  # between the slowest and the fastest median
PASSWORD, WRONG = "Brombeere und Leuchtturm", "Holunder und Hafen"
AGS = "05966024"
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
Fields = Callable[[str], dict[str, str]]

DOORS: Mapping[str, tuple[str, int, Fields]] = {  # name: path, status, what is sent
    "Anmelden": ("/anmelden", 422, lambda email: {"email": email, "password": WRONG}),
    "Vergessen": ("/passwort-vergessen", 303, lambda email: {"email": email}),
    "Registrieren": (
        "/registrieren",
        303,
        lambda email: {"name": "Planung", "email": email, "password": PASSWORD, "municipality": AGS},
    ),
}


def address(case: str, number: int) -> str:
    """All of one length."""
    return f"{case:x<12}{number:04}@stadt.example"


def fill(database: Database, number: int) -> None:
    """So many people in each state; one hash serves all of them."""
    stored, today = passwords.hashed(PASSWORD), clock.today()
    with database.writing() as session:
        town = Municipality(ags=AGS, name="Stadt")
        session.add(town)
        session.flush()
        session.add_all(
            Person(
                email=address(case, each),
                email_key=address(case, each),
                name="Messung",
                municipality_id=town.id,
                password_hash=None if case == "ohnepasswort" else stored,
                active=case not in {"gesperrt", "geschlossen"},
                erase_on=today + timedelta(days=7) if case == "geschlossen" else None,
                created_on=today,
            )
            for case in CASES
            if case != "unbekannt"
            for each in range(number)
        )


@contextmanager
def instance(number: int) -> Iterator[Flask]:
    """An application on a filled instance, without its log."""
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        config = Config.from_env(instance=Path(folder) / "instance")
        database = Database.of(config)
        migrate.upgrade(database)
        fill(database, number)
        database.dispose()
        with redirect_stderr(nowhere):
            app = create_app(config)
        yield app
        app.extensions["learn.database"].current().dispose()


class Sources:
    """Network addresses nobody has tried from."""

    def __init__(self) -> None:
        self.used = 0

    def fresh(self) -> str:
        self.used += 1
        return f"10.{self.used >> 16 & 255}.{self.used >> 8 & 255}.{self.used & 255}"


def cost(app: Flask, door: str, email: str, source: str) -> float:
    """CPU milliseconds of one try in a fresh browser."""
    path, status, fields = DOORS[door]
    environ = {"REMOTE_ADDR": source}
    browser = app.test_client()
    found = TOKEN.search(browser.get(path, environ_overrides=environ).text)
    if found is None:
        raise RuntimeError(f"no csrf_token in {path}")
    sent = {"csrf_token": found[1], **fields(email)}
    begun = time.process_time()
    answer = browser.post(path, data=sent, environ_overrides=environ)
    taken = (time.process_time() - begun) * 1000
    if answer.status_code != status:
        raise RuntimeError(f"{path} answered {answer.status_code} instead of {status}")
    return taken


def spread(app: Flask, sources: Sources, door: str, tries: int) -> float:
    """Print the median of each state, and give the ratio of the slowest to the fastest."""
    costs: dict[str, list[float]] = {case: [] for case in CASES}
    for number in range(tries):
        for case in random.sample(CASES, len(CASES)):
            costs[case].append(cost(app, door, address(case, number), sources.fresh()))
    medians = {case: statistics.median(taken) for case, taken in costs.items()}
    ratio = max(medians.values()) / min(medians.values())
    each = "   ".join(f"{case} {median:.2f}" for case, median in medians.items())
    print(f"{door:<13} {each}   Verhältnis {ratio:.3f}", flush=True)
    return ratio


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="few tries")
    tries, sources = (12 if parser.parse_args().small else 200), Sources()
    with instance(tries) as app:
        for door in DOORS:
            cost(app, door, address("warm", 0), sources.fresh())
        ratios = [spread(app, sources, door, tries) for door in DOORS]
    with instance(12) as app:
        print("Ohne die Prüfsumme für niemanden:")
        kept, passwords.nobody = passwords.nobody, lambda: ""  # type: ignore[assignment]
        noticed = spread(app, sources, "Anmelden", 12) > ALLOWED
        passwords.nobody = kept
    if not noticed:
        print("Das Fehlen der Prüfsumme für niemanden fiel nicht auf.")
    return 0 if noticed and (tries < 200 or max(ratios) <= ALLOWED) else 1


if __name__ == "__main__":
    sys.exit(main())
