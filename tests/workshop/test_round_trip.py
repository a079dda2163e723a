"""Courses go around without loss: generated, written by hand, foreign. More of them: tests.round_trip."""

import shutil
from pathlib import Path

import pytest

from tests import round_trip
from tests.courses.folders import EXAMPLE
from tests.round_trip_material import generated

FOREIGN = {
    "README.md": "# Ein Kurs\n\nWorum es geht.\n",
    "1-erstes/README.md": "# Erstes\n\n## Der Anfang\n\nEin Satz. Siehe [zweites](../2-zweites/README.md).\n",
    "2-zweites/README.md": "# Zweites\r\n\r\nEin Satz mit CRLF.\r\n\r\n![](fehlt.png)\r\n",
}


def example(folder: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, folder / "quelle" / "beispielkurs")).parent


def foreign(folder: Path) -> Path:
    for path, text in FOREIGN.items():
        place = folder / "quelle" / "fremd" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
    return folder / "quelle" / "fremd"


def made_up(folder: Path) -> Path:
    return generated(folder / "quelle", [5])


@pytest.mark.parametrize("source", [made_up, example, foreign], ids=lambda source: source.__name__)
def test_courses_go_around_without_loss(source: object, tmp_path: Path) -> None:
    assert callable(source)
    (tmp_path / "quelle").mkdir()
    found = round_trip.around(source(tmp_path), tmp_path)
    assert found.faults == []
    assert found.courses >= 1
    assert found.changed >= 1
