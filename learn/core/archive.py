"""Tar files of our own: written with checksums, read member by member; nothing is unpacked by its name."""

import hashlib
import tarfile
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from learn.core import clock
from learn.core.access import Refused

MEMORY = 8 * 1024 * 1024


class Writer:
    """Adds members with their checksums."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.sums: dict[str, str] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> int:
        """Add a member of these pieces, give their number; tar wants the size first, so they wait on disk."""
        number, total = 0, hashlib.sha256()
        with tempfile.SpooledTemporaryFile(max_size=MEMORY) as file:
            for piece in pieces:
                file.write(piece)
                total.update(piece)
                number += 1
            member = tarfile.TarInfo(name)
            member.size, member.mode = file.tell(), 0o600
            member.mtime = int(clock.now().timestamp())
            file.seek(0)
            self.tar.addfile(member, file)
        self.sums[name] = total.hexdigest()
        return number


class Archive:
    """The members of a backup, read one by one; nothing is unpacked by name."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.members: dict[str, tarfile.TarInfo] = {}
        seen: set[str] = set()
        for member in tar:
            name = _safe_name(member)
            folded = unicodedata.normalize("NFC", name).casefold()
            if folded in seen:
                raise Refused(f"Die Sicherung enthält {name} zweimal.")
            seen.add(folded)
            self.members[name] = member

    def open(self, name: str) -> IO[bytes]:
        """Open a member. Raises Refused when it is missing."""
        file = self.tar.extractfile(self.members[name]) if name in self.members else None
        if file is None:
            raise Refused(f"In der Sicherung fehlt {name}.")
        return file

    def read(self, name: str) -> bytes:
        return self.open(name).read()

    def checksum(self, name: str) -> str:
        """SHA-256 of a member, read piece by piece."""
        total = hashlib.sha256()
        with self.open(name) as file:
            while piece := file.read(MEMORY):
                total.update(piece)
        return total.hexdigest()

    def below(self, folder: str) -> list[str]:
        """Names of the members in this folder (`files/`), without it."""
        return [name.removeprefix(folder) for name in self.members if name.startswith(folder)]


def _safe_name(member: tarfile.TarInfo) -> str:
    name = member.name
    path = PurePosixPath(name)
    plain = name == path.as_posix() and not path.is_absolute() and ".." not in path.parts
    if not member.isreg() or not plain or "\\" in name or not name.isprintable():
        raise Refused(f"Die Sicherung enthält etwas anderes als gewöhnliche Dateien: {name!r}.")
    return name


@contextmanager
def opened(source: Path) -> Iterator[Archive]:
    """Open a backup. Raises Refused when it is none, or holds what could land elsewhere."""
    try:
        with tarfile.open(source, mode="r:") as tar:
            yield Archive(tar)
    except tarfile.TarError as problem:
        raise Refused(f"{source} ist keine vollständige Sicherung.") from problem
