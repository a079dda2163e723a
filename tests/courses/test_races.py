"""Two publishers at once: one wins, the other is told."""

import multiprocessing
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from learn import cli
from learn.config import Config
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import publish, rollback, stage
from learn.courses.drafts import Draft
from learn.courses.plan import Plan
from tests.courses.folders import FIRST, SECOND, TEXTS, Shelf, change, current, small

FORK = multiprocessing.get_context("fork")
STALE = "Inzwischen wurde veröffentlicht. Starten Sie erneut."


def test_who_comes_second_starts_again(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    change(course / FIRST, "Ein Satz", "Kein Satz")
    save = shelf.storage.save
    picture = course / "01-anfang/bilder/kasten.svg"
    picture.write_text(picture.read_text().replace("40", "41"))

    def meanwhile(key: str, data: bytes) -> None:
        save(key, data)
        monkeypatch.setattr(shelf.storage, "save", save)
        change(course / SECOND, "Noch ein", "Kein")
        assert shelf.publish(course).published

    monkeypatch.setattr(shelf.storage, "save", meanwhile)
    with pytest.raises(Refused, match="Inzwischen wurde veröffentlicht"):
        shelf.publish(course)


def together(tasks: list[Callable[[], int]], folder: Path) -> list[tuple[int, str]]:
    """Run each in a process of its own; all wait for each other before they switch. Exit codes and errors."""
    barrier = FORK.Barrier(len(tasks))
    versions = stage.versions

    def waiting(database: Database, plan: Plan) -> dict[str, int]:
        found = versions(database, plan)
        barrier.wait(90)
        return found

    def run(task: Callable[[], int], output: Path) -> None:
        stage.versions = waiting
        with output.open("w") as file:
            sys.stdout = sys.stderr = file
            code = task()
        os._exit(code)

    outputs = [folder / f"{number}.txt" for number in range(len(tasks))]
    processes = [FORK.Process(target=run, args=pair) for pair in zip(tasks, outputs, strict=True)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    codes = [process.exitcode if process.exitcode is not None else -1 for process in processes]
    return [(code, output.read_text()) for code, output in zip(codes, outputs, strict=True)]


def command(folder: Path) -> Callable[[], int]:
    return lambda: cli.run(["content", "publish", str(folder)])


def from_the_werkstatt(config: Config, draft: Draft) -> Callable[[], int]:
    def run() -> int:
        database = Database.of(config)
        try:
            publish.publish_drafts(database, Storage(config.storage), [draft])
        except Refused as problem:
            print(problem.message, file=sys.stderr)
            return 1
        return 0

    return run


def test_of_two_publishers_one_wins_and_the_other_is_told(
    instance: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARN_INSTANCE", str(instance.instance))
    monkeypatch.setenv("LEARN_DATABASE_URL", instance.database_url)
    folders = [small(tmp_path / name) for name in "ab"]
    database = Database.of(instance)
    publish.publish(database, Storage(instance.storage), folders[0])
    database.dispose()
    for number, folder in enumerate(folders):
        change(folder / FIRST, "Ein Satz", f"Satz {number}")
    results = together([command(folder) for folder in folders], tmp_path)
    assert sorted(code for code, _ in results) == [0, 1]
    winner = next(number for number, (code, _) in enumerate(results) if code == 0)
    assert results[1 - winner][1] == f"{STALE}\n"
    assert "Veröffentlicht." in results[winner][1]
    draft = Draft("kur_aaaaaaaa", 2, {SECOND: TEXTS[SECOND].replace("Noch ein", "Kein").encode()})
    change(folders[winner] / FIRST, f"Satz {winner}", "Noch ein Satz")
    results = together([command(folders[winner]), from_the_werkstatt(instance, draft)], tmp_path)
    assert sorted(code for code, _ in results) == [0, 1]
    assert [words for code, words in results if code] == [f"{STALE}\n"]
    database = Database.of(instance)
    with database.reading() as session:
        assert current(session, "kleiner-kurs").number == 3
    database.dispose()


def test_a_roll_back_meanwhile_counts_as_a_release(
    shelf: Shelf, db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    change(course / FIRST, "Ein Satz", "Kein Satz")
    shelf.publish(course)
    change(course / FIRST, "Kein Satz", "Gar kein Satz")
    texts = stage.texts

    def meanwhile(*given: Any) -> None:
        texts(*given)
        with shelf.database.writing() as session:
            rollback.roll_back(session, "kleiner-kurs")

    monkeypatch.setattr(stage, "texts", meanwhile)
    with pytest.raises(Refused, match="Inzwischen wurde veröffentlicht"):
        shelf.publish(course)
    assert current(db, "kleiner-kurs").number == 1
