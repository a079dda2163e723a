"""EPUBCheck, and courses as books."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from learn.core.db import Database
from learn.courses import library
from tests.conftest import lacking, make_config
from tests.courses.takeaway import rich

EPUBCHECK = Path("/usr/share/java/epubcheck.jar")  # Debian's package; its command needs binfmt


@pytest.fixture(scope="session")
def epubcheck() -> Callable[[Path], str]:
    """What EPUBCheck has to say of a file, empty if nothing; skips by name without it, unless `CI=true`."""
    java = shutil.which("java")
    if java is None or not EPUBCHECK.is_file():
        lacking("EPUBCheck fehlt: Debians Paket „epubcheck“ ist nicht installiert")

    def check(path: Path) -> str:
        command = [java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-jar", str(EPUBCHECK)]
        done = subprocess.run(
            [*command, "--failonwarnings", str(path)], capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr if done.returncode else ""

    return check


@pytest.fixture(scope="session")
def course(blank_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[rich.Course]:
    """The course with every construct, published once in an instance of its own."""
    root = tmp_path_factory.mktemp("mitnehmen")
    config = make_config(root / "instance")
    shutil.copy(blank_sqlite, config.instance / "learn.sqlite3")
    database = Database.of(config)
    library.CACHE.clear()  # another database may have the same ids
    yield rich.published(database, config, rich.written(root))
    library.CACHE.clear()
    database.dispose()
