"""Measure publishing: first, unchanged and changed; seconds, and memory of the largest process.

    python -m tests.performance.publishing            1,000 and 2,000 lessons of 10 KB
    python -m tests.performance.publishing --small    20: shows that the script runs
    python -m tests.performance.publishing --courses 1    all lessons in one course (default: 20 courses)
    python -m tests.performance.publishing --database URL    1,000 lessons on an empty PostgreSQL

To be met on two quiet cores: 60 s for the first publish of 1,000 lessons, 2.2 times that for twice as many,
2 s for an unchanged one (the best of three), 300 MB per process.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

BYTES = 10_000
MODULE = 10  # lessons
WORDS = (
    *("Sensor", "Messwert", "Gateway", "Rathaus", "Bauhof", "Takt", "Funk", "Plattform", "Anzeige"),
    *("prüft", "plant", "vergleicht", "misst", "sendet", "speichert", "zeigt", "heute", "gemeinsam"),
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="{}" height="2"/></svg>'


@dataclass(frozen=True)
class Cost:
    """What one command took."""

    seconds: float
    cpu: float  # of the process and all it started
    megabytes: float


def words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(count)).capitalize() + "."


def lesson(course: int, number: int, following: str) -> str:
    """A lesson of about 10 KB with a figure, tables, lists, footnotes and a question."""
    chance = random.Random(course * 10_000 + number)
    head = f"id: les_{course:03}{number:05}\ntitel: Lektion {number}\ndauer: 8min"
    parts = [
        f"---\n{head}\nziele: [etwas nennen, etwas tun]\n---\n",
        f"![{words(chance, 6)}](bilder/bild.svg)\n\nDanach folgt [die nächste]({following}).",
    ]
    section = 0
    while sum(len(part.encode()) for part in parts) < BYTES - 900:
        section += 1
        parts.append(f"## Abschnitt {section}\n\n{words(chance, 60)}[^a]\n\n{words(chance, 50)}")
        parts.append("\n".join(f"- **{words(chance, 2)}** {words(chance, 8)}" for _ in range(4)))
        parts.append("| Was | Wie |\n|---|---|\n| a | " + words(chance, 5) + " |\n| b | c |")
        parts.append(f"> [!TIP]\n> {words(chance, 12)}")
    parts.append("<!-- quiz id=probe -->\n\n### Was gilt?\n<!-- frage id=gilt -->\n")
    parts.append(f"1. [x] {words(chance, 4)}\n2. [ ] {words(chance, 4)}\n\n<!-- /quiz -->")
    parts.append(f"[^a]: {words(chance, 6)}\n")
    return "\n\n".join(parts)


def write_course(root: Path, course: int, lessons: int) -> None:
    """One course folder."""
    folder = root / f"kurs-{course}"
    folder.mkdir(parents=True)
    head = f"id: kur_{course:08}\ntitel: Kurs {course}\nergebnis: Etwas.\nlizenz: CC0-1.0"
    (folder / "kurs.md").write_text(f"---\n{head}\n---\n\nDarum geht es.\n")
    for first in range(0, lessons, MODULE):
        module = folder / f"{first // MODULE:03}-modul-{first}"
        (module / "bilder").mkdir(parents=True)
        (module / "bilder/bild.svg").write_text(SVG.format(first + 1))
        head = f"id: mod_{course:03}{first:05}\ntitel: Modul {first}"
        (module / "modul.md").write_text(f"---\n{head}\n---\n\nText.\n")
        numbers = range(first, min(first + MODULE, lessons))
        for number in numbers:
            following = number + 1 if number + 1 in numbers else first
            text = lesson(course, number, f"{following % MODULE:02}-lektion-{following}.md")
            (module / f"{number % MODULE:02}-lektion-{number}.md").write_text(text)


def run(env: dict[str, str], *command: str) -> Cost:
    """Run one command; its time, and the memory of the largest process it started."""
    started = time.monotonic()
    words_said = Path(env["LEARN_INSTANCE"]).with_suffix(".log")
    with words_said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "learn.cli", *command], env=env, stdout=log, stderr=log
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command}: {words_said.read_text()[-500:]}")
    return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measure(folder: Path, courses: int, lessons: int, tries: int, database: str = "") -> None:
    """Publish `lessons` in `courses` courses again and again, and print what it took."""
    root = folder / f"content-{lessons}"
    for course in range(courses):
        write_course(root, course, lessons // courses)
    env = {name: value for name, value in os.environ.items() if not name.startswith("LEARN_")}
    env["LEARN_INSTANCE"] = str(folder / f"instance-{lessons}")
    if database:
        env["LEARN_DATABASE_URL"] = database
    run(env, "db", "upgrade")
    publish = ("content", "publish", str(root))
    show(lessons, "erste Veröffentlichung", run(env, *publish))
    unchanged = [run(env, *publish) for _ in range(tries)]
    show(lessons, "unverändert", min(unchanged, key=lambda cost: cost.seconds))
    show(lessons, "Prüfung", run(env, "content", "check", str(root)))
    one = next(root.glob("kurs-0/*/*-lektion-3.md"))
    one.write_text(one.read_text().replace("Danach folgt", "Dann folgt"))
    show(lessons, "eine Lektion geändert", run(env, *publish))


def show(lessons: int, what: str, cost: Cost) -> None:
    print(
        f"{lessons} Lektionen, {what}: {cost.seconds:.2f} s ({cost.cpu:.2f} s CPU), {cost.megabytes:.0f} MB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="little data")
    parser.add_argument("--database", default="", help="address of an empty PostgreSQL; one size only")
    parser.add_argument("--courses", type=int, default=0, help="20, or 2 with --small")
    given = parser.parse_args()
    sizes, tries = ((20,), 1) if given.small else ((1_000, 2_000), 3)
    if given.database:
        sizes = sizes[:1]
    with tempfile.TemporaryDirectory() as temporary:
        for size in sizes:
            measure(Path(temporary), given.courses or (2 if given.small else 20), size, tries, given.database)


if __name__ == "__main__":
    main()
