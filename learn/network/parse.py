"""A list of towns as CSV: rows, or every fault with its line."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from learn.network import domains
from learn.network.topics import names

ROLES = ("pionier", "mitglied", "gast")
PHASES = ("idee", "konzept", "vergabe", "betrieb")
REQUIRED = ("ags", "name")
YES_NO = {"yes": True, "ja": True, "no": False, "nein": False, "": False}
LARGEST_TOWN = 10_000_000
LONGEST = 200
ADDRESS = re.compile(r"""[^@\s<>,;"()]+@[^@\s<>,;"()]+\.[^@\s<>,;"()]+""")


@dataclass(frozen=True, slots=True)
class TownFault:
    """What is wrong in one line (from 1) of the file; German."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Zeile {self.line}: {self.message}"


class BadTownsError(Exception):
    """The file cannot be imported; holds all its faults."""

    def __init__(self, faults: list[TownFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class TownRow:
    """A town: its AGS and, by column of the table, the values that the file states.

    `topics` and `domains` are sorted tuples: all the town has from now on.
    """

    ags: str
    values: Mapping[str, Any]
    line: int = field(default=0, compare=False)


def towns(data: bytes) -> list[TownRow]:
    """Read the columns of `suedwestfalen.csv`; columns left out stay as they are. Raises BadTownsError."""
    text = _text(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    faults: list[TownFault] = []
    rows: dict[str, TownRow] = {}
    lines = _lines(reader)
    head = _head(next(lines, (1, [])))
    owners: dict[str, int] = {}
    for line, cells in lines:
        problems, row = _row(head, cells, line)
        if row.ags and row.ags in rows:
            problems.append(f"Der Schlüssel {row.ags} steht schon weiter oben.")
        rows.setdefault(row.ags, row)
        for domain in row.values.get("domains", ()):
            if owners.setdefault(domain, line) != line:
                problems.append(f"Die Domain {domain} steht schon in Zeile {owners[domain]}.")
        faults.extend(TownFault(line, problem) for problem in problems)
    if not faults and not rows:
        faults.append(TownFault(1, "Die Datei enthält keine Kommune."))
    if faults:
        raise BadTownsError(faults)
    return list(rows.values())


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise BadTownsError([TownFault(line, "Speichern Sie die Datei als UTF-8.")]) from problem
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise BadTownsError([TownFault(line, "Entfernen Sie Steuerzeichen.")])
    return text


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


def _lines(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line they begin in; empty ones are left out."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            message = "Prüfen Sie die Anführungszeichen dieser Zeile."
            raise BadTownsError([TownFault(line, message)]) from problem
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]


def _head(first: tuple[int, list[str]]) -> list[str]:
    line, names = first
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    faults = [TownFault(line, f"Es fehlt die Spalte „{name}“.") for name in missing]
    faults += [
        TownFault(line, f"Die Spalte „{name}“ ist unbekannt. Möglich sind {', '.join(COLUMNS)}.")
        for name in unknown
    ]
    if len(set(names)) < len(names):
        faults.append(TownFault(line, "Nennen Sie jede Spalte nur einmal."))
    if faults:
        raise BadTownsError(faults)
    return names


def _row(head: list[str], cells: list[str], line: int) -> tuple[list[str], TownRow]:
    if len(cells) != len(head):
        problem = f"Die Zeile hat {len(cells)} Felder, der Kopf {len(head)}."
        return [problem], TownRow(cells[0], {}, line)
    problems: list[str] = []
    values: dict[str, Any] = {}
    for name, cell in zip(head, cells, strict=True):
        column, convert, expected = COLUMNS[name]
        try:
            values[column] = convert(cell)
        except UnfitError as problem:
            problems.append(f"„{name}“: {problem}")
        except ValueError:
            problems.append(f"„{name}“: Erlaubt ist {expected}, nicht „{cell}“.")
    ags = values.pop("ags", "")
    return problems, TownRow(ags, values, line)


class UnfitError(ValueError):
    """A cell that does not fit, with a German sentence of its own."""


def _matching(pattern: str) -> Callable[[str], str]:
    def convert(cell: str) -> str:
        if not re.fullmatch(pattern, cell, re.ASCII):
            raise ValueError(cell)
        return cell

    return convert


def _words(shortest: int) -> Callable[[str], str]:
    def convert(cell: str) -> str:
        if not shortest <= len(cell) <= LONGEST or not cell.isprintable():
            raise ValueError(cell)
        return cell

    return convert


def number(cell: str) -> int | None:
    """Inhabitants, or nothing known. Raises ValueError."""
    if not cell:
        return None
    found = int(_matching("[0-9]{1,8}")(cell))
    if found > LARGEST_TOWN:
        raise ValueError(cell)
    return found


def _day(cell: str) -> date | None:
    return date.fromisoformat(_matching("[0-9]{4}-[0-9]{2}-[0-9]{2}")(cell)) if cell else None


def _yes_no(cell: str) -> bool:
    if cell.lower() not in YES_NO:
        raise ValueError(cell)
    return YES_NO[cell.lower()]


def _role(cell: str) -> str:
    if cell and cell not in ROLES:
        raise ValueError(cell)
    return cell or "gast"


def _phase(cell: str) -> str:
    if cell and cell not in PHASES:
        raise ValueError(cell)
    return cell


def mailbox(cell: str) -> str:
    """A Funktionspostfach, or nothing. Raises ValueError."""
    if cell and not (len(cell) <= LONGEST and cell.isprintable() and ADDRESS.fullmatch(cell)):
        raise ValueError(cell)
    return cell


def _topics(cell: str) -> tuple[str, ...]:
    known = names()
    for slug in cell.split():
        if slug not in known:
            raise UnfitError(f"Das Thema „{slug}“ gibt es nicht. Möglich sind {', '.join(known)}.")
    return tuple(sorted(set(cell.split())))


def _domains(cell: str) -> tuple[str, ...]:
    found = [domains.canonical(domain) for domain in cell.split()]
    for domain in found:
        if problem := domains.problem(domain):
            raise UnfitError(problem)
    return tuple(sorted(set(found)))


COLUMNS: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "ags": ("ags", _matching("[0-9]{8}"), "ein Schlüssel mit acht Ziffern"),
    "name": ("name", _words(1), "ein Name mit 1 bis 200 Zeichen"),
    "typ": ("kind", _words(0), "ein Wort wie Stadt oder Gemeinde"),
    "kreis": ("district", _words(0), "ein Name bis 200 Zeichen"),
    "kreisschluessel": ("district_key", _matching("([0-9]{5})?"), "ein Schlüssel mit fünf Ziffern"),
    "einwohner": ("population", number, "eine ganze Zahl ohne Punkte"),
    "einwohner_stand": ("population_day", _day, "ein Tag wie 2023-06-30"),
    "einwohner_geprueft": ("population_verified", _yes_no, "yes oder no"),
    "rolle": ("role", _role, "pionier, mitglied oder gast"),
    "postfach": ("mailbox", mailbox, "eine Adresse wie smartcity@stadt.de"),
    "phase": ("phase", _phase, f"{', '.join(PHASES[:-1])} oder {PHASES[-1]}"),
    "themen": ("topics", _topics, "eine Liste von Themen"),
    "domains": ("domains", _domains, "eine Liste von Domains"),
}
