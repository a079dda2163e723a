"""Files of a course as they are sent in, a ZIP or one by one: judged before one is read.

Rules of security.md: relative names, alike in no spelling, no more members and bytes than a course may have,
counted while reading.
"""

import shutil
import struct
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from learn.core.access import Refused
from learn.core.storage import Storage
from learn.courses.files import BYTES, FILES, PATH_LIMIT
from learn.courses.foreign.archive import Archive
from learn.courses.foreign.reading import is_markdown, printable
from learn.courses.pictures import looks_like_one
from learn.markup.model import Fault

CHUNK = 256 * 1024
TEXT_LARGEST = 1024 * 1024  # what is larger is data
PICTURE_LARGEST = 10 * 1024 * 1024
DIRECTORY_LARGEST = 4 * 1024 * 1024  # of a ZIP; reading it takes some twenty times as much memory
END, END_64 = b"PK\x05\x06", b"PK\x06\x07"
END_LENGTH, END_64_LENGTH, COMMENT = 22, 20, 65535
NO_ZIP = "Diese Datei ist kein lesbares ZIP."
TOO_MANY = "Das sind mehr als 5.000 Dateien. Lassen Sie weg, was nicht zum Kurs gehört."
TOO_LARGE = "Das sind mehr als 200 MB. Lassen Sie weg, was nicht zum Kurs gehört."
LARGE_DIRECTORY = "Dieses ZIP enthält zu viele Dateien. Packen Sie nur den Ordner des Kurses."
OUTSIDE = "„{}“ führt aus dem Ordner hinaus. Es wurde nichts eingelesen."
TWICE = "Zwei Dateien haben denselben Namen. Wählen Sie den Ordner statt einzelner Dateien."
ALIKE = "„{}“ und „{}“ unterscheiden sich nur in der Schreibweise. Benennen Sie eine der Dateien um."


class Arrived(Archive):
    """A ZIP that was sent in. `odd` names what is left out, each with its fault."""

    def __init__(self, file: Path, name: str = "") -> None:
        check_directory(file)
        super().__init__(file)
        if self.name == file.stem:  # no single folder at the top named it
            self.name = name or "kurs"
        check_names(self.sizes)
        for path, size in list(self.sizes.items()):
            fault = _unfit(path, size)
            if fault is not None:
                self.odd.append((path, fault))
                del self.sizes[path]


def check_directory(file: Path) -> None:
    """Raises Refused where listing the members alone would take too much memory."""
    with file.open("rb") as source:
        size = source.seek(0, 2)
        source.seek(max(0, size - END_LENGTH - COMMENT - END_64_LENGTH))
        tail = source.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + END_LENGTH:
        raise Refused(NO_ZIP)
    (length,) = struct.unpack_from("<I", tail, at + 12)
    wide = at >= END_64_LENGTH and tail[at - END_64_LENGTH :].startswith(END_64)
    if wide or length > DIRECTORY_LARGEST:
        raise Refused(LARGE_DIRECTORY)


def check_names(names: Iterable[str]) -> None:
    """Raises Refused where two names are one on some system: alike but for case or accents."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(folded(name), name)
        if other != name:
            raise Refused(ALIKE.format(printable(other), printable(name)))


def folded(name: str) -> str:
    """A name as the most forgiving file system compares it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def keep(storage: Storage, key: str, file: IO[bytes]) -> None:
    """Store a ZIP as it was sent, piece by piece. Raises Refused where it is none."""
    storage.fill(key, lambda target: shutil.copyfileobj(file, target, CHUNK))
    try:
        check_directory(storage.path(key))
    except Refused:
        storage.delete(key)
        raise


def collect(storage: Storage, key: str, files: Iterable[tuple[str, IO[bytes]]]) -> None:
    """Store single files, each with its path below the chosen folder, as one ZIP. Raises Refused."""

    def filling(target: IO[bytes]) -> None:
        with zipfile.ZipFile(target, "w") as made:
            _copy(made, files)

    storage.fill(key, filling)


def _copy(made: zipfile.ZipFile, files: Iterable[tuple[str, IO[bytes]]]) -> None:
    names: set[str] = set()
    total = 0
    for name, file in files:
        path = _relative(name)
        if path in names:
            raise Refused(TWICE)
        names.add(path)
        if len(names) > FILES:
            raise Refused(TOO_MANY)
        with made.open(zipfile.ZipInfo(path), "w") as member:
            while chunk := file.read(CHUNK):
                total += len(chunk)
                if total > BYTES:
                    raise Refused(TOO_LARGE)
                member.write(chunk)
    check_names(sorted(names))


def _relative(name: str) -> str:
    """The path a browser sent. Raises Refused where it leads outside or is none."""
    path = name.replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or parts[0][1:2] == ":" or "\0" in path or not path.strip("/"):
        raise Refused(OUTSIDE.format(printable(name)))
    return "/".join(part for part in parts if part not in {"", "."})


def _unfit(path: str, size: int) -> Fault | None:
    """Why a member is left out, if it is."""
    if not path.isprintable() or len(path) > PATH_LIMIT:
        return Fault("K106", 1)
    if is_markdown(path) and size > TEXT_LARGEST:
        return Fault("K108", 1, {"was": "Die Datei", "grenze": "256 KB"})
    if looks_like_one(path) and size > PICTURE_LARGEST:
        return Fault("K108", 1, {"was": "Das Bild", "grenze": "10 MB"})
    return None
