"""Markdown of each construct from what an author filled in (content.md section 2); pure.

Whatever she types, the result renders as one construct with exactly these words. Blocks end without an empty
line; callers put one around them. `link` gives words inside a line.
"""

import html
import posixpath
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote as encoded

from learn.markup.model import Kind
from learn.workshop.escaping import bracketed, cell, heading, line, one_line, paragraphs, words

Callout = Literal["note", "tip", "important", "warning", "caution", "praxis"]
QUIZ, EXERCISE, PLAN = "Kurz geprüft", "Aufgabe", "Fahrplan"  # as headings where the author names none
DECORATIVE = "schmuck"
_PLAIN_PATH = re.compile(r"[A-Za-z0-9._/#%:?=&~+,@-]+")
_MARKED = re.compile(r"<!--[^\n]*?\sid=\"?([a-z0-9-]+)")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_ANGLES = str.maketrans("<>", "‹›")
_ENDED = (".", "!", "?", "…", ":")


@dataclass(frozen=True, slots=True)
class Answer:
    """One option of a question, with what is said to whoever chooses it."""

    text: str
    correct: bool = False
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as filled in. einfach, mehrfach: `answers`; zahl, text: `solutions`; reihenfolge: `items` in
    the right order; zuordnung: `columns` and `pairs`. `lesson`: an id, in an Abschlusstest only.
    """

    id: str
    kind: Kind
    text: str
    answers: tuple[Answer, ...] = ()
    solutions: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    columns: tuple[str, str] = ("Frage", "Antwort")
    pairs: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    explanation: str = ""
    lesson: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A text field of a Fahrplan."""

    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a Fahrplan: empty cells are fields."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def figure(path: str, description: str, caption: str = "", *, decorative: bool = False) -> str:
    """A picture alone in its paragraph. `path` as `relative` gives it.

    Rendering drops a description that holds `<` or `>`; they become signs that look alike.
    """
    if decorative:
        return f'![]({target(path)} "{DECORATIVE}")'
    title = one_line(caption)
    title = title.capitalize() if title == DECORATIVE else title
    return f"![{bracketed(description.translate(_ANGLES))}]({target(path)}{_titled(title)})"


def credit(title: str, source: str = "", licence: str = "") -> str:
    """The caption „Titel. Quelle: …, Lizenz …“ from those parts that are known."""
    first, owner, terms = one_line(title), one_line(source), one_line(licence)
    named = [f"Quelle: {owner}"] * bool(owner) + [f"Lizenz {terms}"] * bool(terms)
    if first and named and not first.endswith(_ENDED):
        first += "."
    return " ".join(filter(None, [first, ", ".join(named)]))


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "", row_heads: bool = False
) -> str:
    """A table. `row_heads`: the first column names the rows."""
    named = one_line(caption)
    bold = row_heads and all(row and one_line(row[0]) for row in rows)
    body = [[f"**{cell(row[0])}**", *map(cell, row[1:])] if bold else [*map(cell, row)] for row in rows]
    width = len(columns)
    body = [[*row, *[""] * (width - len(row))][:width] for row in body]
    lines = [_row(map(cell, columns)), "|" + "---|" * width, *map(_row, body)]
    return "\n".join([f"Tabelle: {words(named)}\n"] * bool(named) + lines)


def callout(kind: Callout, text: str, *, town: str = "") -> str:
    """A box of one kind; `town` names whose practice it tells."""
    if kind == "praxis":
        return _quoted(f"**Aus der Praxis: {words(town)}**\n\n{paragraphs(text)}".rstrip())
    return _quoted(f"[!{kind.upper()}]\n{paragraphs(text)}".rstrip())


def details(title: str, text: str) -> str:
    """A text that readers unfold."""
    summary = html.escape(one_line(title), quote=False)
    return f"<details>\n<summary>{summary}</summary>\n\n{paragraphs(text)}\n\n</details>"


def tabs(sections: Sequence[tuple[str, str]], *, level: int = 3) -> str:
    """Variants of a text; `level`: that of their headings."""
    inner = [f"{'#' * level} {heading(title)}\n\n{paragraphs(text)}".rstrip() for title, text in sections]
    return "\n\n".join(["<!-- tabs -->", *inner, "<!-- /tabs -->"])


def question(asked: Asked, *, level: int = 3) -> str:
    """A question, to stand in a quiz (level 3) or in an Abschlusstest (level 2)."""
    typed = f" typ={asked.kind}" if asked.kind not in {"einfach", "mehrfach"} else ""
    lesson = f" lektion={asked.lesson}" if asked.lesson else ""
    head = f"{'#' * level} {heading(asked.text)}\n<!-- frage id={asked.id}{typed}{lesson} -->"
    around = (_quoted(paragraphs(text)) for text in (asked.hint, asked.explanation))
    hint, explanation = around
    return "\n\n".join(part for part in (head, hint, _answers(asked), explanation) if part)


def quiz(name: str, questions: Sequence[str], *, title: str = "", level: int = 2) -> str:
    """Questions (from `question`) with their heading and marks."""
    head = f"{'#' * level} {heading(title) or QUIZ}"
    return "\n\n".join([head, f"<!-- quiz id={name} -->", *questions, "<!-- /quiz -->"])


def plan(name: str, parts: Sequence[Field | Grid], *, title: str = "", level: int = 2) -> str:
    """A Fahrplan: a form with fields and tables."""
    inner: list[str] = []
    for before, part in zip([None, *parts], parts, strict=False):
        made = _field(part) if isinstance(part, Field) else table(part.columns, part.rows)
        if isinstance(before, Field) and isinstance(part, Field):
            inner[-1] += f"\n{made}"
        else:
            inner.append(made)
    head = f"{'#' * level} {heading(title) or PLAN}"
    return "\n\n".join([head, f"<!-- fahrplan id={name} -->", *inner, "<!-- /fahrplan -->"])


def exercise(name: str, text: str, *, title: str = "", level: int = 2) -> str:
    """What learners do at their place."""
    head = f"{'#' * level} {heading(title) or EXERCISE}"
    return "\n\n".join([head, f"<!-- aufgabe id={name} -->", paragraphs(text), "<!-- /aufgabe -->"])


def link(text: str, address: str) -> str:
    """A link inside a line: `address` is one, or a path as `relative` gives it."""
    return f"[{bracketed(text)}]({target(address)})"


def video(title: str, address: str, *, length: str = "", transcript: str = "") -> str:
    """A link to a video with its transcript. `length` like `2:30`."""
    named = f"{one_line(title)} ({one_line(length)})" if one_line(length) else one_line(title)
    shown = link(f"Video: {named}", address)
    return f"{shown}\n\n{details('Abschrift des Videos', transcript)}" if transcript.strip() else shown


def relative(source: str, target: str) -> str:
    """The way from one file of the content root to another, as links and pictures write it."""
    path, sign, fragment = target.partition("#")
    return posixpath.relpath(path, posixpath.dirname(source) or ".") + sign + fragment


def fresh(text: str, wish: str, usual: str) -> str:
    """An id for a mark that `text` does not hold yet, from the words of `wish`, else `usual`."""
    taken = set(_MARKED.findall(text))
    folded = unicodedata.normalize("NFKD", wish.lower().translate(_UMLAUTS))
    found = re.findall(r"[a-z0-9]+", folded.encode("ascii", "ignore").decode())
    long = [word for word in found if len(word) > 3] or found
    base = "-".join(word[:24] for word in long[:2]) or usual
    number = 2
    name = base
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def target(address: str) -> str:
    """A path or address as the target of a link or picture."""
    if _PLAIN_PATH.fullmatch(address):
        return address
    if re.match(r"(?i)[a-z][a-z0-9+.-]*:", address):
        return f"<{encoded(one_line(address), safe='%:/?#@!$&()*+,=~-._[]' + chr(39))}>"
    return encoded(address, safe="/#")


def _titled(title: str) -> str:
    shown = re.sub(r'[\\"]|&(?=#?\w+;)', r"\\\g<0>", title)
    return f' "{shown}"' if shown else ""


def _row(cells: "Sequence[str] | map[str]") -> str:
    return "| " + " | ".join(cells) + " |"


def _quoted(text: str, indent: str = "") -> str:
    return "\n".join(f"{indent}> {part}".rstrip() for part in text.split("\n")) if text else ""


def _field(part: Field) -> str:
    label = one_line(part.label).rstrip(": ")
    return f"- **{words(label)}:** {words(part.hint)}".rstrip()


def _answers(asked: Asked) -> str:
    if asked.kind in {"einfach", "mehrfach"}:
        return "\n".join(_option(asked, number, answer) for number, answer in enumerate(asked.answers, 1))
    if asked.kind == "reihenfolge":
        return "\n".join(f"{number}. {line(item)}" for number, item in enumerate(asked.items, 1))
    if asked.kind == "zuordnung":
        return table(asked.columns, asked.pairs)
    many = len(asked.solutions) > 1
    listed = "\n".join(f"- {line(text)}" if many else line(text) for text in asked.solutions)
    return f"<details>\n<summary>Lösung</summary>\n\n{listed}\n\n</details>"


def _option(asked: Asked, number: int, answer: Answer) -> str:
    marker = f"{number}. " if asked.kind == "einfach" else "- "
    first = f"{marker}[{'x' if answer.correct else ' '}] {words(answer.text)}"
    said = _quoted(paragraphs(answer.feedback), " " * len(marker))
    return f"{first}\n{said}" if said else first
