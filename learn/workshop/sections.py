"""What a body is made of: places where it can be cut, marks with ids, notes and references it needs. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from learn.courses.foreign.lines import Lines
from learn.courses.foreign.rewriting import DEFINITION
from learn.markup.model import Heading
from learn.workshop import fields

Outline = Callable[[str, str], Sequence[Heading]]  # path and text of a lesson -> its headings as rendered
MARK = re.compile(r" {0,3}<!--\s*(/?)(quiz|aufgabe|fahrplan|tabs|frage)\b([^\n]*?)-->\s*$")
IDENTITY = re.compile(r"""(\bid="?)([a-z0-9]+(?:-[a-z0-9]+)*)""")
PAIRED = frozenset({"quiz", "aufgabe", "fahrplan", "tabs"})
DETAILS = re.compile(r"<(/?)details\b", re.IGNORECASE)
ATX = re.compile(r" {0,3}#{1,6}[ \t]")
TITLE = re.compile(r"\s*# [^\n]*\n?")
NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,100})\]:")
NOTE_USE = re.compile(r"\[\^([^\]\s]{1,100})\](?!:)")
LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\](?!:)")


def cuts(text: str, headings: Sequence[Heading]) -> list[Heading]:
    """Headings of the second level at which the text can be cut in two: nothing is open, both parts say
    something. Lines count in the file.
    """
    _head, body, first = fields.parts(text)
    closed = _closed(Lines.of(body))
    rows = body.split("\n")
    found = []
    for heading in headings:
        at = heading.line - first
        if heading.level != 2 or not 0 <= at < len(rows) or not closed[at] or not ATX.match(rows[at]):
            continue
        before, after = "\n".join(rows[:at]), "\n".join(rows[at + 1 :])
        if TITLE.sub("", before, count=1).strip() and after.strip():
            found.append(heading)
    return found


def _closed(lines: Lines) -> list[bool]:
    """For each line whether it stands in no code, mark, details, quote or list."""
    fenced = _fenced(lines)
    depth = 0
    result = []
    for index, row in enumerate(lines.texts):
        if index in fenced:
            result.append(False)
            continue
        mark = MARK.match(row)
        if mark and mark[2] in PAIRED:
            depth += -1 if mark[1] else 1
        elif not lines.scan.hidden[index]:
            depth += sum(-1 if found[1] else 1 for found in DETAILS.finditer(row))
        result.append(depth <= 0 and not lines.scan.hidden[index] and not lines.scan.depth[index])
    return result


def _fenced(lines: Lines) -> set[int]:
    return {index for fence in lines.scan.fences for index in range(fence.first, fence.last + 1)}


def marks(body: str) -> dict[str, str]:
    """Ids that marks give, each with its mark's name."""
    return {identity: name for _index, name, identity in _marks(Lines.of(body))}


def _marks(lines: Lines) -> Iterator[tuple[int, str, str]]:
    fenced = _fenced(lines)
    for index, row in enumerate(lines.texts):
        mark = MARK.match(row)
        given = IDENTITY.search(mark[3]) if mark and not mark[1] and index not in fenced else None
        if mark and given:
            yield index, mark[2], given[2]


def retitled(body: str, title: str) -> str:
    """The body with another title, where it begins with one."""
    if not body.lstrip().startswith("# "):
        return body
    return TITLE.sub(lambda match: f"{match[0].partition('#')[0]}# {shown(title)}\n", body, count=1)


def shown(words: str) -> str:
    """Words as Markdown that shows exactly them."""
    return re.sub(r"([\\`*_\[\]<>&#])", r"\\\1", words)


def with_marks(body: str, names: Mapping[str, str]) -> str:
    """The body with other ids in its marks."""
    lines = Lines.of(body)
    rows = list(lines.texts)
    for index, _name, identity in _marks(lines):
        if identity in names:
            rows[index] = IDENTITY.sub(rf"\g<1>{names[identity]}", rows[index], count=1)
    return "\n".join(rows)


def fresh(wanted: str, taken: set[str]) -> str:
    """The name, or the first of its kind with a number that is not taken; it is taken then."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted[:76].rstrip('-')}-{number}"
    taken.add(found)
    return found


def notes(body: str) -> dict[str, str]:
    """Texts of footnotes by label, as they stand."""
    lines = Lines.of(body)
    return {label: "\n".join(lines.texts[first:last]) for label, first, last in _notes(lines)}


def _notes(lines: Lines) -> Iterator[tuple[str, int, int]]:
    """Label, first line and the line after the last of each footnote's text."""
    for index, row in enumerate(lines.texts):
        match = NOTE.match(row)
        if match and not lines.guarded(lines.starts[index]):
            yield match[1], index, _note_end(lines.texts, index + 1)


def _note_end(rows: Sequence[str], at: int) -> int:
    end = at
    while at < len(rows):
        blank = not rows[at].strip()
        if not blank and (NOTE.match(rows[at]) or (end < at and not rows[at].startswith("    "))):
            break
        at += 1
        end = end if blank else at
    return end


def references(body: str) -> dict[str, str]:
    """Definitions of link targets by label, as they stand."""
    lines = Lines.of(body)
    found = (match for match in DEFINITION.finditer(body) if not lines.guarded(match.start(3)))
    return {folded(match[2]): match[0] for match in found}


def folded(label: str) -> str:
    return " ".join(label.casefold().split())


def used(body: str) -> tuple[set[str], set[str]]:
    """Labels of footnotes and of references that the body may use."""
    lines = Lines.of(body)

    def seen(pattern: re.Pattern[str]) -> set[str]:
        return {match[1] for match in pattern.finditer(body) if not lines.guarded(match.start())}

    return seen(NOTE_USE), {folded(label) for label in seen(LABEL)}


def completed(part: str, other: str) -> str:
    """One half of a text with the footnotes and references that only the other half defines."""
    footnotes, labels = used(part)
    missing = [
        text for label, text in notes(other).items() if label in footnotes and label not in notes(part)
    ]
    own = references(part)
    missing += [text for label, text in references(other).items() if label in labels and label not in own]
    return part if not missing else part.rstrip("\n") + "\n\n" + "\n".join(missing) + "\n"


def without_idle_notes(part: str, other: str) -> str:
    """One half of a text without the footnotes that only the other half uses."""
    elsewhere = used(other)[0] - used(part)[0]
    lines = Lines.of(part)
    gone = {
        index for label, first, last in _notes(lines) if label in elsewhere for index in range(first, last)
    }
    return "\n".join(row for index, row in enumerate(lines.texts) if index not in gone)


def with_notes(body: str, names: Mapping[str, str]) -> str:
    """The body with other labels of footnotes."""
    found = Lines.of(body).replaced(
        re.compile(r"\[\^([^\]\s]{1,100})\]"),
        lambda match, _line: f"[^{names[match[1]]}]" if match[1] in names else None,
    )
    return found.joined


def with_references(body: str, names: Mapping[str, str]) -> str:
    """The body with other labels of references; the words shown stay."""
    if not names:
        return body

    def defined(match: re.Match[str], _line: int) -> str | None:
        new = names.get(folded(match[2]))
        return match[0].replace(f"[{match[2]}]", f"[{new}]", 1) if new else None

    def shown(match: re.Match[str], _line: int) -> str | None:
        new = names.get(folded(match[2] or match[1]))
        return f"[{match[1]}][{new}]" if new else None

    lines = Lines.of(body).replaced(DEFINITION, defined)
    pattern = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\](?:\[((?:[^\[\]\\]|\\.){0,999})\])?(?![(:\[])")
    return lines.replaced(pattern, shown).joined
