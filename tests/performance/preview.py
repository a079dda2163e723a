"""Measure the preview of a lesson that is being written, with its checks: CPU here and in the renderer.

    python -m tests.performance.preview            a lesson of 10 KB in courses of 20 and 1,000 lessons
    python -m tests.performance.preview --small    20 lessons, few rounds: shows that the script runs

To be met on two quiet cores: 150 ms at the median; in the large course at most 1.2 times as much as in the
small one. Every round has other words, as if somebody typed. `bare` is rendering the text and nothing else.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import event

from learn import create_app
from learn.config import Config
from learn.core import migrate
from learn.core.access import Actor
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import publish
from learn.markup import guard
from learn.workshop.preview import preview
from tests.conftest import make_config
from tests.performance.publishing import write_course

AUTHOR = Actor(1, "Jana Hellweg", roles=frozenset({"trainer"}))
LIMIT = 0.150  # seconds


def cpu() -> float:
    """CPU time of this process and of its rendering child so far."""
    child = guard._guard.child
    total = time.process_time()
    if child is not None:
        schedule = Path(f"/proc/{child.process.pid}/schedstat").read_text()
        total += int(schedule.split()[0]) / 1e9
    return total


def costs(rounds: int, act: Callable[[int], object]) -> list[float]:
    """CPU time of each round after a few to get warm."""
    found = []
    for number in range(rounds + 3):
        before = cpu()
        act(number)
        found.append(cpu() - before)
    return found[3:]


def prepared(folder: Path, lessons: int) -> tuple[Flask, Database, str]:
    """A course of so many lessons of 10 KB, published; the text of one."""
    content = folder / f"content-{lessons}"
    write_course(content, 0, lessons)
    config: Config = make_config(folder / f"instance-{lessons}")
    database = Database(config.database_url)
    migrate.upgrade(database)
    assert publish.publish(database, Storage(config.storage), content).published
    text = next(content.glob("*/*/*-lektion-3.md")).read_text()
    return create_app(config), database, text


def measure(folder: Path, lessons: int, rounds: int) -> float:
    """The median of a preview in a course of this size."""
    app, database, text = prepared(folder, lessons)
    statements: list[str] = []
    event.listen(database.reader, "before_cursor_execute", lambda *given: statements.append(given[2]))
    drawn = app.jinja_env.from_string(
        "{% from 'workshop/_preview.html' import preview %}{% from 'workshop/_checks.html' import checks %}"
        "{{ preview(found) }}{{ checks(found, key) }}"
    )
    identity = "les_00000003"

    def look(number: int) -> object:
        with app.test_request_context(), database.reading() as session:
            found = preview(session, AUTHOR, identity, f"{text}\nWort {number}.\n")
            assert not found.errors
            return drawn.render(found=found, key=identity)

    before = cpu()
    look(-1)
    first = cpu() - before
    statements.clear()
    found = costs(rounds, look)
    bare = costs(rounds, lambda number: guard.render(f"{text}\nWort {number}.\n", "kurs"))
    median = statistics.median(found)
    print(
        f"{lessons} Lektionen: Median {median * 1000:.0f} ms, höchstens {max(found) * 1000:.0f} ms, "
        f"die erste {first * 1000:.0f} ms; nur umwandeln {statistics.median(bare) * 1000:.0f} ms; "
        f"{len(statements) // (rounds + 3)} Abfragen",
        flush=True,
    )
    database.dispose()
    return median


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="little data")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sizes, rounds = ((20,), 5) if given.small else ((20, 1_000), 60)
        medians = [measure(folder, size, rounds) for size in sizes]
    if not given.small and (medians[0] > LIMIT or medians[1] > 1.2 * medians[0]):
        raise SystemExit("Die Vorschau kostet zu viel.")


if __name__ == "__main__":
    main()
