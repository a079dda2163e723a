"""A list of people as CSV, read row by row, so that memory does not grow with it: rows, or faults by line."""

import codecs
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from learn.accounts import spelling

REQUIRED = ("email", "name", "ags")
COLUMNS = (*REQUIRED, "funktion", "rollen")
ROLES: Mapping[str, str] = {
    "lernende": "learner",
    "kontakt": "expert",
    "lernbegleitung": "trainer",
    "koordination": "coordinator",
    "betrieb": "operator",
    **{role: role for role in ("learner", "expert", "trainer", "coordinator", "operator")},
}
CHUNK = 1024 * 1024
UTF_8, WINDOWS = "utf-8-sig", "cp1252"
NAMES = {UTF_8: "UTF-8", WINDOWS: "Windows-1252 (Excel)"}
UNREADABLE = "\ufffd"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one line (from 1) of the file; German."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Zeile {self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list; `ags` is empty where none is stated, `roles` are those beyond `learner`."""

    line: int
    email: str
    name: str
    ags: str
    office: str
    roles: tuple[str, ...]


class BadRosterError(Exception):
    """The file has no head to read it by; the message is one German sentence."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A file: how it is written, and about how many people it lists."""

    path: Path
    encoding: str
    delimiter: str
    head: tuple[str, ...]
    lines: int

    @property
    def charset(self) -> str:
        """The character set as people call it."""
        return NAMES[self.encoding]

    def rows(self) -> Iterator[Row | Fault]:
        """Each row, or what is wrong with it; blank lines are left out. Several faults of a row are one."""
        with opened(self.path, self.encoding) as file:
            lines = _lines(csv.reader(file, delimiter=self.delimiter, strict=True))
            next(lines)  # the head
            for line, cells in lines:
                yield cells if isinstance(cells, Fault) else _row(self.head, line, cells)


def roster(path: Path) -> Roster:
    """Find out how the file is written. Raises BadRosterError."""
    encoding, lines = _encoding(path)
    with opened(path, encoding) as file:
        first = file.readline(CHUNK)
    delimiter = ";" if first.count(";") > first.count(",") else ","
    with opened(path, encoding) as file:
        _line, cells = next(_lines(csv.reader(file, delimiter=delimiter, strict=True)), (1, []))
    head = tuple(cell.lower() for cell in cells) if isinstance(cells, list) else ()
    _check_head(head)
    return Roster(path, encoding, delimiter, head, max(lines - 1, 1))


@contextmanager
def opened(path: Path, encoding: str) -> Iterator[TextIO]:
    """The file as text; what cannot be read becomes a sign that no name holds."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        yield file


def _encoding(path: Path) -> tuple[str, int]:
    """UTF-8 where every byte fits, else what Excel writes; and the number of lines. Raises BadRosterError."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding, lines, last = UTF_8, 0, b"\n"
    with path.open("rb") as file:
        if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            raise BadRosterError("Speichern Sie die Datei als „CSV UTF-8“. Sie ist in UTF-16 geschrieben.")
        file.seek(0)
        while chunk := file.read(CHUNK):
            lines, last = lines + chunk.count(b"\n"), chunk
            if encoding == UTF_8 and not _fits(decoder, chunk):
                encoding = WINDOWS
    if encoding == UTF_8 and not _fits(decoder, b"", final=True):
        encoding = WINDOWS
    return encoding, lines + (not last.endswith(b"\n"))


def _fits(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _check_head(head: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in head]
    unknown = [name for name in head if name not in COLUMNS]
    if missing:
        raise BadRosterError(
            f"Zeile 1: Es fehlt die Spalte „{missing[0]}“. Nötig sind {', '.join(REQUIRED)}."
        )
    if unknown:
        raise BadRosterError(
            f"Zeile 1: Die Spalte „{unknown[0][:50]}“ ist unbekannt. Möglich sind {', '.join(COLUMNS)}."
        )
    if len(set(head)) < len(head):
        raise BadRosterError("Zeile 1: Nennen Sie jede Spalte nur einmal.")


def _lines(reader: Any) -> Iterator[tuple[int, list[str] | Fault]]:
    """Cells with the line they begin in; a line that cannot be parted is a fault."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, Fault(line, "Prüfen Sie die Anführungszeichen dieser Zeile.")
            continue
        if any(cell.strip() for cell in cells):
            yield line, [spelling.tidy(cell) for cell in cells]


def _row(head: Sequence[str], line: int, cells: Sequence[str]) -> Row | Fault:
    if len(cells) != len(head):
        return Fault(line, f"Die Zeile hat {len(cells)} Felder, der Kopf {len(head)}.")
    values = dict(zip(head, cells, strict=True))
    roles = [ROLES.get(word.lower(), "") for word in re.split(r"[\s,;|/]+", values.get("rollen", "")) if word]
    problems = [sentence for broken, sentence in _checks(values, roles) if broken]
    if problems:
        return Fault(line, " ".join(problems))
    ags = values["ags"].zfill(8) if values["ags"] else ""  # Excel drops a leading zero
    given = tuple(sorted(set(roles) - {"learner"}))
    return Row(line, values["email"], values["name"], ags, values.get("funktion", ""), given)


def _checks(values: Mapping[str, str], roles: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """What may be wrong, with the sentence for it."""
    email, name, ags = values["email"], values["name"], values["ags"]
    if any(UNREADABLE in cell for cell in values.values()):
        yield True, "Ein Zeichen ist unlesbar. Speichern Sie die Datei als „CSV UTF-8“."
        return
    yield not spelling.is_address(email), f"„{email[:100]}“ ist keine E-Mail-Adresse."
    yield not name or not spelling.is_line(name), "Geben Sie einen Namen mit höchstens 200 Zeichen an."
    yield not spelling.is_line(values.get("funktion", "")), "Die Funktion hat höchstens 200 Zeichen."
    fits = ags.isascii() and ags.isdigit() and len(ags) in {7, 8}
    yield bool(ags) and not fits, f"„{ags[:20]}“ ist kein Gemeindeschlüssel mit acht Ziffern."
    yield not ags and not {"coordinator", "operator"} & set(roles), "Es fehlt der Gemeindeschlüssel (ags)."
    known = ", ".join(list(ROLES)[:5])
    yield "" in roles, f"„{values.get('rollen', '')[:50]}“: Möglich sind {known}."
