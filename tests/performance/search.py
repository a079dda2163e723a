"""Measure the search itself with few and with many posts, by 40 queries, half of common words; and indexing.

    python -m tests.performance.search                        1,000 and 1,000,000 posts, 5 rounds
    python -m tests.performance.search --small                300 and 900, 1 round: shows that it runs
    python -m tests.performance.search --sizes 1000 100000    other sizes
    python -m tests.performance.search --postgres             on PostgreSQL, in elapsed time
    python -m tests.performance.search --keep DIR             generated instances stay, and are used again

`tests.performance.forum --pages Suche` measures the whole page. Here stand the function alone, asked of both
instances in turn as visitor, member and Koordination, and what it costs to index one more answer. A figure
is the 95th percentile of CPU time in milliseconds; on PostgreSQL of elapsed time.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from learn.cli import generated_posts as generated
from learn.forum import indexing
from learn.forum.models import Post, Question
from learn.search.finding import search
from tests.performance.forum import Forum, forum
from tests.performance.towns import p95
from tests.postgres import Cluster

GROWTH = 1.5
READERS: dict[str, tuple[str, ...] | None] = {
    "besuch": ("oeffentlich",),
    "mitglied": ("oeffentlich", "netzwerk", "klasse:2"),
    "koordination": None,
}
ANSWERS = 40


def queries() -> list[str]:
    """Twenty of common words, twenty of rare ones, one to three words each."""
    chance = random.Random(5)
    rare = list(generated.vocabulary())[300:]
    common = [" ".join(chance.sample(list(generated.COMMON), 1 + turn % 3)) for turn in range(20)]
    return [*common, *(" ".join(chance.sample(rare, 1 + turn % 3)) for turn in range(20))]


def measured(both: Sequence[Forum], rounds: int, clock: Callable[[], float]) -> Iterator[str]:
    """Each query of both in turn; names the readers whose search grows too much."""
    asked = queries()
    for name, circles in READERS.items():
        costs: list[list[float]] = [[] for _ in both]
        for turn in range(-1, rounds):
            for query in asked:
                for each, cost in zip(both, costs, strict=True):
                    spent = once(each, circles, query, clock)
                    if turn >= 0:
                        cost.append(spent)
        small, large = map(p95, costs)
        middle = statistics.median(costs[1]) / statistics.median(costs[0])
        print(
            f"{name:<14} p95 {small:6.2f} und {large:6.2f} ms = {large / small:4.2f} mal"
            f" (Median {middle:4.2f})"
        )
        if large / small > GROWTH:
            yield f"{name}: {large / small:.2f} mal"


def once(each: Forum, circles: tuple[str, ...] | None, query: str, clock: Callable[[], float]) -> float:
    with each.database.reading() as session:
        session.execute(text("SELECT 1"))
        begun = clock()
        search(session, circles, query)
        return (clock() - begun) * 1000


def indexed(each: Forum, clock: Callable[[], float]) -> list[float]:
    """Milliseconds for indexing one answer in threads that are there; undone afterwards."""
    costs = []
    with each.database.locked(), each.database.writer.connect() as connection:
        for number in range(ANSWERS):
            with connection.begin() as outer, Session(connection) as session:
                row = session.scalars(select(Question).order_by(Question.id).limit(1)).one()
                words = "\n".join(generated.text(random.Random(number)))
                post = Post(question_id=row.id, number=row.last_number + 1, kind="antwort", at=row.asked_at)
                post.parts = [{"html": f"<p>{words}</p>"}]
                session.add(post)
                session.flush()
                begun = clock()
                indexing.reindex(session, row.id, post.id)
                costs.append((clock() - begun) * 1000)
                outer.rollback()
    return costs


def main() -> int:
    """Print the figures; 1 when something grows too much."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--sizes", nargs=2, type=int, default=[1_000, 1_000_000])
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    sizes, rounds = ([300, 900], 1) if arguments.small else (arguments.sizes, 5)
    clock = time.perf_counter if arguments.postgres else time.process_time
    with ExitStack() as stack:
        folder = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="learn-pg-")))
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        cluster = Cluster(folder / "pg") if arguments.postgres else None
        if cluster:
            stack.callback(cluster.stop)
        urls = [cluster.empty(f"search_{size}") if cluster else "" for size in sizes]
        both = [stack.enter_context(forum(folder, size, url)) for size, url in zip(sizes, urls, strict=True)]
        missed = list(measured(both, rounds, clock))
        for each in both:
            costs = indexed(each, clock)
            print(f"{each.posts} Beiträge: eine Antwort einordnen Median {statistics.median(costs):.2f} ms")
    print("\n".join(missed) or "Alles in den Grenzen.")
    return 1 if missed and not arguments.small else 0


if __name__ == "__main__":
    sys.exit(main())
