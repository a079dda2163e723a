"""Files packed so that the same contents give the same bytes, on every machine and day."""

import shutil
import zipfile
from typing import BinaryIO, Self

PIECE = 256 * 1024
STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can say
MODE = 0o100644 << 16
STORED = frozenset({"png", "jpg", "jpeg", "gif", "webp", "avif"})


class Package:
    """A ZIP that is written piece by piece; its first file may stand uncompressed."""

    def __init__(self, target: BinaryIO) -> None:
        self.zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def add(self, name: str, data: str | bytes, *, plain: bool = False) -> None:
        """One file from memory; `plain`: not compressed."""
        raw = data.encode() if isinstance(data, str) else data
        self.zip.writestr(_entry(name, plain=plain), raw)

    def copy(self, name: str, source: BinaryIO) -> None:
        """One file from a stream, never whole in memory."""
        with self.zip.open(_entry(name, plain=name.rpartition(".")[2] in STORED), "w") as target:
            shutil.copyfileobj(source, target, PIECE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        """Write the directory, also where something went wrong: a ZIP left open complains at the very end."""
        self.zip.close()


def _entry(name: str, *, plain: bool) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, STAMP)
    entry.compress_type = zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED
    entry.external_attr = MODE
    entry.create_system = 3
    return entry
