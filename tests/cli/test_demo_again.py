"""`learn demo` starts again after courses were published in the Werkstatt."""

from pathlib import Path

import pytest

from learn.cli import demo
from learn.config import Config
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.storage import Storage
from learn.workshop import copies, publishing, saving
from tests.courses.folders import SECOND, change, current, small
from tests.workshop.drafts import BETTER, COURSE, author, write


def test_what_the_werkstatt_published_stays(
    instance: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small(tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    database, storage = Database.of(instance), Storage(instance.storage)
    demo.publish(instance, database)
    with database.writing() as session:
        jana = author(session)
    write(database, jana)
    assert publishing.publish(database, storage, jana, COURSE).published
    demo.publish(instance, database)
    with database.reading() as session:
        assert current(session, "kleiner-kurs").number == 2
    change(folder / SECOND, "dauer: 6min", "dauer: 99min")
    with pytest.raises(Refused, match="enthält Fehler"):
        demo.publish(instance, database)
    change(folder / SECOND, "dauer: 99min", "dauer: 6min")
    with database.writing() as session:
        course, text = copies.copy(session, COURSE), copies.text(session, "les_bbbbbbbb")
        assert course is not None
        assert text is not None
        gone = saving.Write(text.key, text.path, None)
        saving.apply(session, jana, COURSE, [gone], revision=course.revision, cause="zurückgezogen")
    write(database, jana, BETTER.replace("[zwei](02-zwei.md#das-zweite)", "zwei"))
    assert publishing.publish(database, storage, jana, COURSE).published
    demo.publish(instance, database)
    with database.reading() as session:
        assert current(session, "kleiner-kurs").number == 3
    database.dispose()
