"""A shelf to publish on, inside the test's transaction."""

from pathlib import Path

import pytest

from learn.core.db import Database
from learn.core.storage import Storage
from tests.courses.folders import Shelf


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    folder = tmp_path / "stored"
    folder.mkdir()
    return Shelf(database, Storage(folder))
