"""A ZIP as a source of files: every member is judged before the first one is read, nothing is unpacked."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from learn.core.access import Refused
from learn.courses.files import BYTES, FILES
from learn.courses.foreign.reading import SKIPPED, is_markdown, printable
from learn.courses.pictures import looks_like_one
from learn.markup.model import Fault

MEMBERS = 100_000
UTF8 = 0x800  # flag: the name is UTF-8
ENCRYPTED = 0x1
SETTINGS = frozenset({".yaml", ".yml", ".toml", ".json", ""})
SETTING = 1 << 20
DAMAGED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError, OSError)


class Archive:
    """A ZIP file. Raises Refused with a sentence where it is not safe to read."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self.zip = zipfile.ZipFile(file)
        except DAMAGED:
            raise Refused(f"{file.name} ist kein lesbares ZIP.") from None
        self.name = file.stem
        self.sizes: dict[str, int] = {}
        self.odd: list[tuple[str, Fault]] = []
        self._members: dict[str, zipfile.ZipInfo] = {}
        members = self.zip.infolist()
        if len(members) > MEMBERS:
            raise Refused(f"{file.name} enthält mehr als 100.000 Dateien.")
        self._list(members)
        self._strip()
        self._limits()

    def _list(self, members: list[zipfile.ZipInfo]) -> None:
        seen: set[str] = set()
        for member in members:
            name = self._name(member)
            if name.endswith("/") or SKIPPED.intersection(name.split("/")[:-1]):
                continue
            if name in seen:
                raise Refused(f"{self.file.name} enthält „{printable(name)}“ mehrmals.")
            seen.add(name)
            if member.flag_bits & ENCRYPTED:
                raise Refused(f"{self.file.name} ist verschlüsselt. Packen Sie es ohne Kennwort.")
            if stat.S_IFMT(member.external_attr >> 16) not in {0, stat.S_IFREG}:
                self.odd.append((name, Fault("K109", 1, {"pfad": printable(name)})))
                continue
            self._members[name] = member

    def _name(self, member: zipfile.ZipInfo) -> str:
        """The member's path; names from other systems are read as UTF-8 where they can be."""
        name = member.orig_filename
        if not member.flag_bits & UTF8:
            try:
                name = name.encode("cp437").decode("utf-8")
            except UnicodeError:
                name = member.orig_filename
        name = name.replace("\\", "/")
        parts = PurePosixPath(name).parts
        outside = name.startswith("/") or ".." in parts or (parts and parts[0][1:2] == ":")
        if outside or not parts or "\0" in name:
            raise Refused(f"{self.file.name} enthält einen Pfad, der hinausführt: „{printable(name)}“.")
        return "/".join(parts) + ("/" if name.endswith("/") else "")

    def _strip(self) -> None:
        """A single folder at the top is the course itself."""
        tops = {name.partition("/")[0] for name in self._members}
        if len(tops) == 1 and all("/" in name for name in self._members):
            top = tops.pop()
            self.name = top
            self._members = {name[len(top) + 1 :]: member for name, member in self._members.items()}
            self.odd = [(name.removeprefix(f"{top}/"), fault) for name, fault in self.odd]
        self.sizes = {name: self._members[name].file_size for name in sorted(self._members)}

    def _limits(self) -> None:
        needed = [self.sizes[path] for path in self._needed()]
        if len(needed) > FILES:
            raise Refused(f"{self.file.name} enthält mehr als 5.000 Texte und Bilder.")
        if sum(needed) > BYTES:
            raise Refused(f"{self.file.name} enthält ausgepackt mehr als 200 MB.")

    def _needed(self) -> Iterator[str]:
        """Files that may be read: texts, pictures, settings."""
        for path, size in self.sizes.items():
            setting = PurePosixPath(path).suffix.lower() in SETTINGS and size <= SETTING
            if is_markdown(path) or looks_like_one(path) or setting:
                yield path

    def read(self, path: str) -> bytes:
        """The bytes of a member. Raises Refused where it is damaged or larger than it says."""
        member = self._members[path]
        try:
            with self.zip.open(member) as file:
                data = file.read(member.file_size + 1)
        except DAMAGED:
            raise Refused(f"{self.file.name}: „{printable(path)}“ ist beschädigt.") from None
        if len(data) > member.file_size:
            raise Refused(f"{self.file.name}: „{printable(path)}“ ist größer als angegeben.")
        return data
