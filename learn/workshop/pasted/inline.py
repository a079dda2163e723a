"""Words with emphasis, links and code as one run of Markdown, with the signs at its seams still safe."""

import re
from collections.abc import Sequence

from learn.workshop.escaping import escaped, started
from learn.workshop.pasted.cleaning import LINK
from learn.workshop.pasted.tree import Element, Item
from learn.workshop.snippets import target

BREAK = "\ue000"  # a line break, until lines are made
MADE = "\ue001"  # stands before what is markup, so that it is not taken for text at the start of a line
SEAM = "\ue002"  # stands for a neighbour while a text is escaped
OWN = re.compile("[\ue000-\ue002]")
_BLANKS = re.compile(r"[ \t\r\n\f]+|[ \t\r\n\f\u00a0]{2,}")
_SILENT = re.compile("[\u00ad\u200b\u2060\ufeff]")
_MARKS = {"b": "**", "i": "*", "del": "~~"}


def lines(run: Sequence[Item]) -> list[list[str]]:
    """Paragraphs of lines: breaks part lines, two of them paragraphs."""
    found: list[list[str]] = []
    for paragraph in re.split(rf"(?:{BREAK}\s*){{2,}}", whole(run)):
        rows = [" ".join(row.split(" ")).strip() for row in paragraph.split(BREAK)]
        made = [started(row).replace(MADE, "") for row in rows if row.replace(MADE, "").strip()]
        if made:
            found.append(made)
    return found


def one_line(run: Sequence[Item]) -> str:
    """The run on a single line, for headings and cells."""
    return " ".join(" ".join(row for row in rows) for rows in lines(run))


def whole(run: Sequence[Item]) -> str:
    """The run as Markdown with BREAK for line breaks."""
    pieces: list[str] = []
    run = _joined(run)
    for place, item in enumerate(run):
        before, after = (pieces[-1] if pieces else ""), _first(run[place + 1 : place + 2])
        if isinstance(item, str):
            text = _words(item, bool(pieces), place + 1 < len(run))
            pieces.append(text.lstrip(" ") if before.endswith((" ", BREAK)) else text)
        else:
            pieces.append(_element(item, before, after))
    return "".join(pieces)


def _joined(run: Sequence[Item]) -> list[Item]:
    """Neighbours of the same kind as one: `<b>a</b><b>b</b>` is one emphasis."""
    found: list[Item] = []
    for item in run:
        last = found[-1] if found else None
        if isinstance(item, str) and isinstance(last, str):
            found[-1] = last + item
        elif (
            isinstance(item, Element)
            and isinstance(last, Element)
            and item.name == last.name
            and (item.name in {*_MARKS, "code"} or (item.name == "a" and _href(item) == _href(last)))
        ):
            found[-1] = Element(item.name, item.attributes, [*last.content, *item.content])
        elif not (isinstance(item, Element) and item.name != "br" and not _has_words(item)):
            found.append(item)
        elif item.words():
            found.append(" ")
    return found


def _has_words(element: Element) -> bool:
    return any(
        item.strip(" \t\r\n\f\u00a0") if isinstance(item, str) else item.name == "br" or _has_words(item)
        for item in element.content
    )


def _first(rest: Sequence[Item]) -> str:
    """The first character that follows."""
    for item in rest:
        words = item if isinstance(item, str) else (item.words() or " ")
        return words[0]
    return ""


def _words(text: str, before: bool, after: bool) -> str:
    text = _BLANKS.sub(" ", _SILENT.sub("", text))
    made = escaped(f"{SEAM * before}{text}{SEAM * after}")
    return made.replace(SEAM, "")


def _element(element: Element, before: str, after: str) -> str:
    name = element.name
    if name == "br":
        return BREAK
    if name in _MARKS:
        return _around(element, before, after)
    if name == "code":
        return _code(element, before, after)
    if name == "a":
        return _link(element)
    inner = whole(element.content)
    return f"{MADE}<{name}>{inner}</{name}>" if name in {"sub", "sup"} and BREAK not in inner else inner


def _around(element: Element, before: str, after: str) -> str:
    """Emphasis by signs where they are sure to be read as such, else as an element."""
    inner = whole(element.content)
    words = inner.strip(f" \u00a0{BREAK}")
    start = inner[: len(inner) - len(inner.lstrip(f" \u00a0{BREAK}"))]
    end = inner[len(inner.rstrip(f" \u00a0{BREAK}")) :] if words else ""
    if not words or re.search(rf"{BREAK}\s*{BREAK}", words):
        return inner
    sign = _MARKS[element.name]
    apart = (not before or start or before[-1] in f" \u00a0{BREAK}(„") and (
        not after or end or not after.isalnum()
    )
    safe = apart and after not in set("*_~\\") and words[0].isalnum() and words[-1].isalnum()
    if safe and not re.search(r"[*~]", words):
        return f"{start}{MADE}{sign}{words}{sign}{end}"
    return f"{start}{MADE}<{element.name}>{words}</{element.name}>{end}"


def _code(element: Element, before: str, after: str) -> str:
    text = re.sub(r"\s+", " ", OWN.sub("", element.words())).strip()
    if not text:
        return " "
    if before.endswith("`") or after == "`":
        return f"{MADE}<code>{escaped(text)}</code>"
    longest = max((len(found) for found in re.findall(r"`+", text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{MADE}{ticks}{pad}{text}{pad}{ticks}"


def _link(element: Element) -> str:
    href = _href(element)
    plain = " ".join(element.words().split())
    if href == plain and escaped(plain) == plain:
        return f"<{plain}>" if LINK.fullmatch(plain) else plain
    inner = whole(_unlinked(element.content)).replace(BREAK, " ")
    words = inner.strip()
    if not words.replace(MADE, ""):
        return inner
    start, end = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    return f"{start}{MADE}[{_bare(words)}]({target(href)}){end}"


def _href(element: Element) -> str:
    return element.attributes.get("href", "").strip()


def _unlinked(items: Sequence[Item]) -> list[Item]:
    """Content without links in it."""
    found: list[Item] = []
    for item in items:
        if isinstance(item, Element) and item.name == "a":
            found += _unlinked(item.content)
        elif isinstance(item, Element):
            found.append(Element(item.name, item.attributes, _unlinked(item.content)))
        else:
            found.append(item)
    return found


def _bare(words: str) -> str:
    """Words of a link: addresses in them do not become links, nor is it a footnote."""
    made = re.sub(r"(https?|ftp)://", r"\1\\://", words)
    made = re.sub(r"(?<!\\)@", r"\\@", made)
    return f"\\{made}" if made.startswith("^") else made
