"""What the forms for inserting hold, as Markdown or as faults by field."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

from learn.core.i18n import gettext as _
from learn.markup.extensions.plan import COLUMNS, FIELDS
from learn.workshop import snippets
from learn.workshop.filled import Faults, Reader, Sent, Surroundings
from learn.workshop.quizzing import question
from learn.workshop.snippets import Callout, Field, Grid

WIDEST, TALLEST = 8, 60  # of a table
BOXES: Mapping[str, Callout] = {
    "hinweis": "note",
    "tipp": "tip",
    "wichtig": "important",
    "achtung": "warning",
    "vorsicht": "caution",
    "praxis": "praxis",
}
FOLDED = "aufklappen"
ADDRESS = re.compile(
    r"https?://[^\s<>/?#]+\.[^\s<>/?#.]+(?:[/?#][^\s<>]*)?|mailto:[^\s<>@]+@[^\s<>@]+", re.IGNORECASE
)


def read(what: str, sent: Sent, around: Surroundings) -> tuple[str, Faults]:
    """The Markdown of a filled form, with what is wrong; pictures and links are read by their views."""
    reader = Reader(sent, around)
    made = MAKERS[what](reader)
    return made, reader.faults


def table(reader: Reader) -> str:
    columns, cells = reader.words("column"), reader.words("cell")
    width = len(columns)
    if not 0 < width <= WIDEST or len(cells) > WIDEST * TALLEST:
        reader.fault("column-1", _("Eine Tabelle hat bis %(wide)s Spalten.", wide=WIDEST))
        return ""
    rows = [cells[start : start + width] for start in range(0, len(cells), width)]
    filled = [row for row in rows if any(row)]
    used = [n for n in range(width) if columns[n] or any(any(row[n : n + 1]) for row in filled)]
    for place in used or [0]:
        if not columns[place]:
            reader.fault(f"column-{place + 1}", _("Benennen Sie die Spalte."))
    caption = reader.word("caption")
    shown = [[(row + [""] * width)[place] for place in used] for row in filled]
    heads = bool(reader.sent.get("row_heads"))
    return snippets.table([columns[place] for place in used], shown, caption=caption, row_heads=heads)


def box(reader: Reader) -> str:
    kind = reader.sent.get("kind", "hinweis")
    text = reader.text("text", _("Schreiben Sie den Text des Kastens."))
    if kind == FOLDED:
        missing = _("Schreiben Sie die Zeile, die man aufklappt.")
        return snippets.details(reader.word("label", missing), text)
    missing = _("Nennen Sie die Kommune.") if kind == "praxis" else ""
    return snippets.callout(BOXES.get(kind, "note"), text, town=reader.word("label", missing))


def tabs(reader: Reader) -> str:
    titles, texts = reader.words("title"), reader.texts("text")
    found = [(title, text) for title, text in zip_longest(titles, texts, fillvalue="") if title or text]
    if len(found) < 2:
        reader.fault("title-1", _("Füllen Sie mindestens zwei Reiter aus."))
    for place, (title, text) in enumerate(zip_longest(titles, texts, fillvalue=""), 1):
        if text and not title:
            reader.fault(f"title-{place}", _("Benennen Sie den Reiter."))
    return snippets.tabs(found, level=min(reader.around.level + 1, 6))


def exercise(reader: Reader) -> str:
    title = reader.word("heading")
    text = reader.text("text", _("Schreiben Sie, was zu tun ist."))
    return snippets.exercise(reader.fresh(title, "aufgabe"), text, title=title)


def video(reader: Reader) -> str:
    title = reader.word("title", _("Schreiben Sie, was das Video zeigt."))
    address = reader.word("address", _("Schreiben Sie die Adresse des Videos."), longest=2_000)
    if address and not (ADDRESS.fullmatch(address) and address[:4].lower() == "http"):
        reader.fault("address", _("Die Adresse beginnt mit https://."))
    length = reader.word("length", longest=20)
    return snippets.video(title, address, length=length, transcript=reader.text("transcript"))


def plan(reader: Reader) -> str:
    title = reader.word("heading")
    labels, hints = reader.words("label"), reader.words("hint")
    fields = []
    for place, (label, hint) in enumerate(zip_longest(labels, hints, fillvalue=""), 1):
        if hint and not label.rstrip(": "):
            reader.fault(f"label-{place}", _("Benennen Sie das Feld."))
        elif label.rstrip(": "):
            fields.append(Field(label, hint))
    parts: list[Field | Grid] = [*fields, *_steps(reader)]
    _named_apart(reader, parts)
    return snippets.plan(reader.fresh(title, "fahrplan"), parts, title=title)


def _steps(reader: Reader) -> list[Grid]:
    """The table of a Fahrplan: named rows with empty cells; none without rows."""
    columns = [name for name in reader.words("column") if name]
    rows = [row for row in reader.words("row") if row]
    if not rows:
        return []
    if not 2 <= len(columns) <= COLUMNS:
        reader.fault("column-1", _("Benennen Sie 2 bis %(most)s Spalten.", most=COLUMNS))
    blank = [""] * (len(columns) - 1)
    return [Grid(tuple(columns), tuple((row, *blank) for row in rows))]


def _named_apart(reader: Reader, parts: Sequence[Field | Grid]) -> None:
    """Every field has a name of its own (K408)."""
    names: list[str] = []
    for part in parts:
        if isinstance(part, Field):
            names.append(" ".join(part.label.rstrip(": ").split()))
        else:
            names += [f"{column}: {row[0]}" for row in part.rows for column in part.columns[1:]]
    if not 1 <= len(names) <= FIELDS:
        reader.fault("label-1", _("Nennen Sie 1 bis %(most)s Felder.", most=FIELDS))
    elif len(set(names)) < len(names):
        reader.fault("label-1", _("Geben Sie jedem Feld einen eigenen Namen."))


MAKERS: Mapping[str, Callable[[Reader], str]] = {
    "tabelle": table,
    "kasten": box,
    "reiter": tabs,
    "frage": question,
    "fahrplan": plan,
    "aufgabe": exercise,
    "video": video,
}
