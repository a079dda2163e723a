"""Writing missing ids into files: of front matter and of marks. No other byte changes."""

import re
import secrets
import stat
import string
from collections.abc import Iterable
from pathlib import Path

from learn.core import storage
from learn.courses import planning
from learn.courses.origin import Folder
from learn.courses.plan import Plan
from learn.courses.source import Text

PREFIXES = {"kurs": "kur", "modul": "mod", "lektion": "les", "glossar": "glo", "pfad": "pfa", "fragen": "fra"}
LETTERS = string.ascii_lowercase + string.digits
LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
EMPTY_ID = re.compile(
    rb"((?<![\w-])(?:id|\"id\"|'id')[ \t]*:)(?:[ \t]*(?:\"\"|''))?(?=[ \t]*(?:[\r\n#,}]|$))"
)
MARK = re.compile(rb"(<!--\s*)(quiz|aufgabe|fahrplan|frage)(?=[\s-])")
EMPTY_MARK_ID = re.compile(rb"\bid=(?:\"\")?(?=\s|--)")


def write_missing(folder: Path) -> tuple[dict[str, int], list[str]]:
    """Write missing ids below `folder`: how many, by file; and files that cannot be read.

    Files are replaced atomically; a second time there is nothing to do.
    """
    plan = planning.prepare(folder, None)
    planning.render(plan)
    written: dict[str, int] = {}
    for course in plan.courses:
        for text, trace in course.traces():
            if text.head.known:
                lines = [fault.line for fault in trace.faults if fault.code == "K301"]
                count = _write(plan, text, lines)
                if count:
                    written[plan.content.tree.shown(text.path)] = count
    texts = plan.content.texts()
    return written, [plan.content.tree.shown(text.path) for text in texts if not text.head.known]


def _write(plan: Plan, text: Text, lines: Iterable[int]) -> int:
    """Add what one file lacks."""
    tree = plan.content.tree
    data = tree.read(text.path)
    rows = LINE.findall(data)
    count = 0
    for number in sorted(set(lines)):
        marked = _marked(rows[number - 1], b"".join(rows))
        count += marked != rows[number - 1]
        rows[number - 1] = marked
    if text.kind in PREFIXES and not text.id and "id" not in text.head.values:
        count += _named(rows, text, taken=set(plan.ids))
    if count:
        assert isinstance(tree.store, Folder)
        path = tree.store.root / text.path
        storage.write(path, b"".join(rows), mode=stat.S_IMODE(path.stat().st_mode))
    return count


def _named(rows: list[bytes], text: Text, taken: set[str]) -> int:
    """Put the id first in the front matter, or into its empty place."""
    fresh = _identity(PREFIXES[text.kind], taken).encode()
    if "id" in text.head.lines:
        place = text.head.lines["id"] - 1
        filled = EMPTY_ID.sub(rb"\1 " + fresh, rows[place], count=1)
        changed = filled != rows[place]
        rows[place] = filled
        return int(changed)
    first = min(text.head.lines.values(), default=2) - 1
    before = rows[first][: len(rows[first]) - len(rows[first].lstrip(b" "))]
    if rows[first].startswith(b"{", len(before)):  # all in one line, in braces
        rows[first] = rows[first].replace(b"{", b"{id: " + fresh + b", ", 1)
        return 1
    end = rows[0][len(rows[0].rstrip(b"\r\n")) :]
    rows.insert(1, before + b"id: " + fresh + end)
    return 1


def _marked(row: bytes, data: bytes) -> bytes:
    """The line with an id in its mark, one that the file does not hold anywhere."""

    def with_id(match: re.Match[bytes]) -> bytes:
        return match[1] + match[2] + b" id=" + _word(match[2], data)

    found = MARK.search(row)
    if found and EMPTY_MARK_ID.search(row):
        return EMPTY_MARK_ID.sub(b"id=" + _word(found[2], data), row, count=1)
    return MARK.sub(with_id, row, count=1)


def _word(name: bytes, data: bytes) -> bytes:
    while True:
        word = name + b"-" + "".join(secrets.choice(LETTERS) for _ in range(4)).encode()
        if word not in data:
            return word


def _identity(prefix: str, taken: set[str]) -> str:
    while True:
        found = f"{prefix}_" + "".join(secrets.choice(LETTERS) for _ in range(8))
        if found not in taken:
            taken.add(found)
            return found
