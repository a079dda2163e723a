"""Rows of a dump's XML files, one after another, each with file and line; nothing else XML can do is allowed.

A document type, and with it entities, is refused: dumps have none. A row's values are text of any length up
to `LONGEST`, read in small pieces, so memory does not grow with the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.parsers import expat

from learn.core.access import Refused

PIECE = 64 * 1024
LONGEST = 2_000_000  # bytes of one row
MOST = 2**31 - 1  # of a number


class BrokenRow(Refused):
    """A row that is not what it must be; the sentence names file and line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file. Values are looked up by name; a fault names the line."""

    file: str
    line: int
    values: dict[str, str]

    def text(self, name: str) -> str:
        """A value that may be missing."""
        return self.values.get(name, "").strip()

    def required(self, name: str) -> str:
        found = self.text(name)
        if not found:
            raise self.broken(f"{name} fehlt.")
        return found

    def number(self, name: str) -> int:
        """A whole number that must be there; negative ones are special accounts."""
        found = self.required(name)
        digits = found.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 10 and int(digits) <= MOST):
            raise self.broken(f"{name} ist keine Zahl: {found[:40]}")
        return int(found)

    def number_or_none(self, name: str) -> int | None:
        return self.number(name) if self.text(name) else None

    def moment(self, name: str) -> datetime:
        """An instant; dumps are in UTC."""
        found = self.required(name)
        try:
            at = datetime.fromisoformat(found)
        except ValueError:
            raise self.broken(f"{name} ist kein Zeitpunkt: {found[:40]}") from None
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        if at.year < 1990:
            raise self.broken(f"{name} liegt zu früh: {found[:40]}")
        return at

    def broken(self, what: str) -> BrokenRow:
        return BrokenRow(f"{self.file}:{self.line}: {what}")


class _Reader:
    """Collects the rows that the parser has met."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Row] = []
        self.depth = 0
        self.parser = expat.ParserCreate()
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.doctype

    def start(self, name: str, values: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1:
            return
        if self.depth > 2 or name != "row":
            raise self.broken(f"Hier steht <{name[:40]}> statt einer Zeile <row>.")
        self.found.append(Row(self.file, self.parser.CurrentLineNumber, dict(values)))

    def end(self, _name: str) -> None:
        self.depth -= 1

    def doctype(self, *_arguments: object) -> None:
        raise self.broken("Eine Dokumenttyp-Angabe ist nicht erlaubt.")

    def broken(self, what: str) -> BrokenRow:
        return BrokenRow(f"{self.file}:{self.parser.CurrentLineNumber}: {what}")


def rows(path: Path) -> Iterator[Row]:
    """The rows of a file in order. Raises BrokenRow where the file is not what dumps are."""
    reader = _Reader(path.name)
    waiting = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            _feed(reader, piece, final=False)
            waiting = 0 if reader.found else waiting + len(piece)
            if waiting > LONGEST:
                raise reader.broken("Diese Zeile ist zu lang.")
            yield from reader.found
            reader.found.clear()
    _feed(reader, b"", final=True)
    yield from reader.found


def _feed(reader: _Reader, piece: bytes, *, final: bool) -> None:
    try:
        reader.parser.Parse(piece, final)
    except expat.ExpatError as problem:
        raise BrokenRow(f"{reader.file}:{problem.lineno}: Das ist kein gültiges XML.") from None
