"""An import killed between any two steps is completed by the next one, as if nothing had been."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from learn.core.access import Refused
from learn.courses.foreign import identities, importing, writing
from tests.courses.foreign.material import WORKSHOP, drafts, identity, lesson, run, write


class Killed(BaseException):
    """The process is gone."""


def dying(after: int) -> Callable[..., None]:
    """`writing.place` that kills: 1 before its first call, 2 after it, 3 before the next."""
    real, count = writing.place, 0

    def write_and_die(target: Path, data: bytes) -> None:
        nonlocal count
        count += 1
        if count * 2 - 1 == after:
            raise Killed
        real(target, data)
        if count * 2 == after:
            raise Killed

    return write_and_die


def visible(out: Path) -> dict[str, str]:
    return {path: (out / path).read_text() for path in drafts(out)}


@pytest.mark.parametrize("after", range(1, 17))
def test_the_next_import_completes_a_first_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    source = write(tmp_path / "sensoren", WORKSHOP)
    with monkeypatch.context() as patch:
        patch.setattr(writing, "place", dying(after))
        with pytest.raises(Killed):
            run(source, tmp_path / "out")
    known = {path.name: identity(path) for path in (tmp_path / "out").rglob("[0-9]*-*.md")}
    run(source, tmp_path / "out")
    assert len(drafts(tmp_path / "out")) == 8
    assert all(identity(lesson(tmp_path / "out", name[3:-3])) == found for name, found in known.items())
    assert run(source, tmp_path / "out").written.nothing
    assert not (tmp_path / "out" / identities.LOG).exists()


@pytest.mark.parametrize("after", range(1, 10))
def test_the_next_import_completes_a_second_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    source = write(tmp_path / "sensoren", WORKSHOP)
    run(source, tmp_path / "out")
    ids = {path.name[3:]: identity(path) for path in (tmp_path / "out").rglob("[0-9]*-*.md")}
    mine = lesson(tmp_path / "out", "setup")
    mine.write_text(mine.read_text() + "\nVon mir.\n")
    settings = WORKSHOP["config.yaml"].replace("- zweites.md\n- erstes.md\n", "- erstes.md\n- zweites.md\n")
    changed = {
        path: text + "\nNeu.\n"
        for path, text in WORKSHOP.items()
        if path.startswith("episodes/") and path.endswith("s.md")
    }
    write(source, {"config.yaml": settings, **changed})
    with monkeypatch.context() as patch:
        patch.setattr(writing, "place", dying(after))
        with suppress(Killed):
            run(source, tmp_path / "out")
    run(source, tmp_path / "out")
    texts = visible(tmp_path / "out")
    assert sorted(path.rpartition("/")[2] for path in texts if "01-episodes" in path) == [
        "01-index.md",
        "03-erstes.md",
        "04-zweites.md",
        "modul.md",
    ]
    assert {path.name[3:]: identity(path) for path in (tmp_path / "out").rglob("[0-9]*-*.md")} == ids
    assert all("Neu." in lesson(tmp_path / "out", name).read_text() for name in ("erstes", "zweites"))
    assert mine.read_text().endswith("Von mir.\n")
    assert run(source, tmp_path / "out").written.nothing


def test_a_torn_line_of_the_log_is_passed_over(tmp_path: Path) -> None:
    source = write(tmp_path / "sensoren", WORKSHOP)
    run(source, tmp_path / "out")
    (tmp_path / "out" / identities.LOG).write_text('["sensoren", "lektion", "index.md", "00"]\n["sens')
    assert run(source, tmp_path / "out").written.nothing


def test_two_imports_at_once_take_turns(tmp_path: Path) -> None:
    source = write(tmp_path / "sensoren", WORKSHOP)
    run(source, tmp_path / "out")
    with importing._alone(tmp_path / "out"), pytest.raises(Refused, match="läuft schon ein Import"):
        run(source, tmp_path / "out")


def test_a_record_of_a_later_program_is_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "sensoren", WORKSHOP)
    run(source, tmp_path / "out")
    (tmp_path / "out" / identities.RECORD).write_text(json.dumps({"version": 9, "courses": []}))
    with pytest.raises(Refused, match="beschädigt"):
        run(source, tmp_path / "out")
