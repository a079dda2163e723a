"""Two publishers at once, and a publisher that is killed."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from learn.config import Config
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import publish, queries
from learn.courses.models import Course, Release
from tests.courses.folders import (
    FIRST,
    SECOND,
    Shelf,
    change,
    lesson,
    small,
    write,
)


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


SCRIPT = """
import sys
from pathlib import Path
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import publish
if __name__ == "__main__":
    url, lock, files, folder = sys.argv[1:]
    database = Database(url, Path(lock) if lock else None)
    print("ready", flush=True)
    publish.publish(database, Storage(Path(files)), Path(folder))
"""


def test_kill_9_leaves_the_old_release_or_the_new_whole(instance: Config, tmp_path: Path) -> None:
    course = small(tmp_path)
    for number in range(3, 12):
        text = (course / SECOND).read_text().replace("les_bbbbbbbb", f"les_bbbbbb{number:02}")
        write(course / f"01-anfang/{number:02}-n{number}.md", text)
    database = Database.of(instance)
    arguments = [instance.database_url, str(database.lock or ""), str(instance.storage), str(course)]
    numbers = set()
    for round_number in range(3):
        for path in (course / "01-anfang").glob("*-n*.md"):
            path.write_text(path.read_text() + f"\nRunde {round_number}.\n")
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, *arguments], stdout=subprocess.PIPE, cwd=Path.cwd()
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(0.2 + round_number * 0.25)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        numbers.add(whole(database))
    publish.publish(database, Storage(instance.storage), course)
    assert whole(database) >= max(numbers)
    assert publish.publish(database, Storage(instance.storage), course).unchanged
    database.dispose()


def whole(database: Database) -> int:
    """The number of the current release, all of whose lessons are there; 0 before the first."""
    with database.reading() as session:
        course = session.get(Course, "kur_aaaaaaaa")
        if course is None:
            return 0
        release = session.get_one(Release, course.release_id)
        tree = queries.release(session, release.id)
        assert tree
        lessons = [lesson(session, tree, entry.slug) for entry in tree.manifest.lessons()]
        assert len(lessons) == course.lessons == 11
        words = {str(text.parts[-1])[-60:] for text in lessons[2:]}
        assert len(words) == 1, "lessons of two rounds"
        return replace(tree).number
