"""HTML of a post to our Markdown: every word stays, what has no counterpart becomes plain text."""

import re
from collections.abc import Iterator, Sequence

from learn.forum.stackexchange.tree import Element, tree

BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li"),
        *("main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th"),
        *("thead", "tr", "ul"),
    )
)
AROUND = {
    **dict.fromkeys(("strong", "b"), ("strong", "**")),
    **dict.fromkeys(("em", "i"), ("em", "*")),
    **dict.fromkeys(("del", "s", "strike"), ("del", "~~")),
}
KEPT = frozenset({"sub", "sup", "kbd"})  # as HTML, which posts may contain
SPECIAL = re.compile(r"([\\`*_\[\]<>~|$@!&^{}=])")
LINE_START = re.compile(r"^(\s*)([#+:-]|\*(?=\s)|\d{1,9}[.)])", re.MULTILINE)
URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]*[A-Za-z0-9/_=#-]")
SIMPLE = frozenset({*AROUND, "code", "br", "span"})
LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\x00-\x1f]+", re.IGNORECASE)
BLANKS = re.compile(r"[ \t\r\n\f]+")
BREAK = "\ue001"  # until the lines of a paragraph are joined
WORLD_WIDE = re.compile(r"(www)\.", re.IGNORECASE)


def blocks(html: str) -> list[str]:
    """The blocks of a post as Markdown, to be parted by empty lines."""
    return _blocks(tree(html))


def escaped(text: str) -> str:
    """Plain text that Markdown shows as it is."""
    found, end = [], 0
    for match in URL.finditer(text):
        found += [_as_it_is(text[end : match.start()]), f"<{match[0]}>"]
        end = match.end()
    found.append(_as_it_is(text[end:]))
    return "".join(found)


def _as_it_is(text: str) -> str:
    return WORLD_WIDE.sub(r"\1\\.", SPECIAL.sub(r"\\\1", text))


def comment(text: str) -> str:
    """A comment: `code`, links and emphasis stay; what would begin a heading, list or tag does not."""
    pieces = re.split(r"(`[^`\n]*`)", text.strip())
    whole = "".join(
        piece if place % 2 else re.sub(r"(?<!\\)([<>|$@&^{}=~])", r"\\\1", piece)
        for place, piece in enumerate(pieces)
    )
    return _starts(whole)


def _starts(text: str) -> str:
    """Lines that begin like a heading, list or rule begin with the same characters as text."""
    return LINE_START.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", text)


def _blocks(element: Element) -> list[str]:
    found: list[str] = []
    run: list[Element | str] = []
    for item in [*element.content, None]:
        if item is not None and not _is_block(item):
            run.append(item)
            continue
        found += _paragraph(run)
        run = []
        if isinstance(item, Element):
            found += _block(item)
    return found


def _is_block(item: Element | str) -> bool:
    """Whether it stands for itself: a block, or something inline around one."""
    if isinstance(item, str):
        return False
    return item.name in BLOCKS or any(_is_block(inner) for inner in item.content)


def _paragraph(run: Sequence[Element | str]) -> list[str]:
    lines = [line.strip() for line in _inline(run).split(BREAK)]
    text = "\\\n".join(_starts(line) for line in lines if line)
    return [text] if text else []


def _block(element: Element) -> list[str]:
    made = MAKERS.get(element.name)
    return made(element) if made else _blocks(element)


def _quote(element: Element) -> list[str]:
    return _prefixed(_blocks(element), "> ", "> ")


def _rule(_element: Element) -> list[str]:
    return ["---"]


def _heading(element: Element) -> list[str]:
    """A heading that is one line; posts begin at the second level."""
    inner = _blocks(element)
    if len(inner) != 1 or "\n" in inner[0] or any(_is_block(item) for item in element.content):
        return inner
    text = re.sub(r"(?<![\\#])(#+)$", r"\\\1", inner[0])
    return [f"{'#' * min(6, max(2, int(element.name[1:])))} {text}"]


def _prefixed(inner: Sequence[str], first: str, rest: str) -> list[str]:
    """Blocks in a quote or list item."""
    if not inner:
        return []
    lines = "\n\n".join(inner).split("\n")
    marked = [f"{rest if number else first}{line}".rstrip() for number, line in enumerate(lines)]
    return ["\n".join(marked)]


def _list(element: Element) -> list[str]:
    ordered = element.name == "ol"
    start = element.attributes.get("start", "1")
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1
    items: list[str] = []
    for item in element.content:
        marker = f"{number}. " if ordered else "- "
        found = _prefixed(_item(item), marker, " " * len(marker))
        items += found
        number += len(found)
    return ["\n".join(items)] if items else []


def _item(item: Element | str) -> list[str]:
    """An item of a list; what stands between items is one, too."""
    if isinstance(item, str):
        return _paragraph([item])
    return _blocks(item) if item.name == "li" else _blocks(Element("li", {}, [item]))


def _code(element: Element) -> list[str]:
    body = element.words().strip("\n").replace("\r", "")
    if not body.strip():
        return []
    longest = max((len(found) for found in re.findall(r"`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}\n{body}\n{fence}"]


def _table(element: Element) -> list[str]:
    """A table of plain cells; with blocks inside them its cells become paragraphs."""
    rows = _rows(element)
    width = max((len(row) for row in rows), default=0)
    if not width:
        return _blocks(element)
    cells = [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    if len(rows) < 2 or any(cell is None for row in cells for cell in row) or _loose(element):
        return [block for row in rows for cell in row for block in _blocks(cell)] + _captions(element)
    lines = [f"| {' | '.join(cell or ' ' for cell in row)} |" for row in cells]
    return [*_captions(element), "\n".join([lines[0], f"|{'---|' * width}", *lines[1:]])]


def _rows(element: Element) -> list[list[Element]]:
    found: list[list[Element]] = []
    for item in element.content:
        if isinstance(item, Element) and item.name == "tr":
            found.append(
                [cell for cell in item.content if isinstance(cell, Element) and cell.name in {"td", "th"}]
            )
        elif isinstance(item, Element) and item.name in {"thead", "tbody", "tfoot"}:
            found += _rows(item)
    return found


def _cell(cell: Element) -> str | None:
    inner = _blocks(cell)
    if len(inner) > 1 or any("\n" in block or re.search(r"(?<!\\)\|", block) for block in inner):
        return None
    return inner[0] if inner else ""


def _captions(element: Element) -> list[str]:
    return [
        block
        for item in element.content
        if isinstance(item, Element) and item.name == "caption"
        for block in _blocks(item)
    ]


def _loose(element: Element) -> bool:
    """Whether words stand between the cells."""
    inside = "".join(cell.words() for row in _rows(element) for cell in row)
    captions = "".join(
        item.words() for item in element.content if isinstance(item, Element) and item.name == "caption"
    )
    return len("".join(element.words().split())) != len("".join((inside + captions).split()))


def _inline(run: Sequence[Element | str], *, outer: bool = True) -> str:
    """Text and inline elements. `outer`: the run begins and ends where a paragraph does."""
    pieces: list[str] = []
    for place, item in enumerate(run):
        if isinstance(item, str):
            pieces.append(_words(item))
        elif item.name in AROUND:
            before = "".join(pieces)[-1:] or (" " if outer else "x")
            after = _first(run[place + 1 :]) or (" " if outer else "x")
            pieces.append(
                _around(item, loose=before.isspace() and not after.isalnum() and after not in "*~_")
            )
        else:
            made = _element(item)
            touching = made.startswith("`") and pieces and pieces[-1].endswith("`")
            pieces.append(f" {made}" if touching else made)
    return "".join(pieces)


def _first(run: Sequence[Element | str]) -> str:
    """The first character that follows."""
    for item in run:
        words = item if isinstance(item, str) else (item.words() or "*")
        if words:
            return words[0]
    return ""


def _words(text: str) -> str:
    return escaped(BLANKS.sub(" ", text.replace(BREAK, " ")))


def _element(element: Element) -> str:
    name = element.name
    if name == "br":
        return BREAK
    if name == "img":
        return _picture(element)
    if name in {"code", "tt", "samp"}:
        return _code_span(element.words())
    if name == "a":
        return _link(element)
    inner = _inline(element.content, outer=False)
    return f"<{name}>{inner}</{name}>" if name in KEPT and inner.strip() and BREAK not in inner else inner


def _around(element: Element, *, loose: bool) -> str:
    """Emphasis: Markdown's marks where they are sure to be seen as such, else its element."""
    inner = _inline(element.content, outer=False)
    words = inner.strip()
    if not words or BREAK in inner:
        return inner
    before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    tag, mark = AROUND[element.name]
    if loose and not after and words[0].isalnum() and words[-1].isalnum():
        return f"{before}{mark}{words}{mark}"
    return f"{before}<{tag}>{words}</{tag}>{after}"


def _code_span(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        return " " if text else ""
    longest = max((len(found) for found in re.findall(r"`+", line)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def _link(element: Element) -> str:
    target = element.attributes.get("href", "").strip()
    if not LINK.fullmatch(target):
        return _inline(element.content, outer=False)
    words = element.words().strip()
    if words == target and URL.fullmatch(target):
        return f"<{target}>"
    plain = all(isinstance(item, str) or item.name in SIMPLE for item in _all(element))
    shown = _inline(element.content, outer=False) if plain else escaped(" ".join(_named(element).split()))
    shown = _unlinked(shown.replace(BREAK, " ").strip())
    return f"[{shown}](<{target}>)" if shown else ""


def _all(element: Element) -> Iterator[Element | str]:
    for item in element.content:
        yield item
        if isinstance(item, Element):
            yield from _all(item)


def _named(element: Element) -> str:
    """The words of a link with those for its pictures."""
    if element.name == "img":
        return f" {_caption(element)} "
    return "".join(item if isinstance(item, str) else _named(item) for item in element.content)


def _unlinked(text: str) -> str:
    """Link text without addresses that would become links themselves."""
    bare = re.sub(r"<(https?://[^<>\s]+)>", lambda found: SPECIAL.sub(r"\\\1", found[1]), text)
    return re.sub(r"(https?)://", r"\1\://", bare)


def _picture(element: Element) -> str:
    """A picture elsewhere is named and linked, not shown: nothing is fetched from other servers."""
    named = escaped(_caption(element))
    target = element.attributes.get("src", "").strip()
    return f"[{_unlinked(named)}](<{target}>)" if LINK.fullmatch(target) else named


def _caption(element: Element) -> str:
    words = " ".join(element.attributes.get("alt", "").split())
    return f"Bild: {words}" if words else "Bild"


MAKERS = {
    "ul": _list,
    "ol": _list,
    "pre": _code,
    "blockquote": _quote,
    "table": _table,
    "hr": _rule,
    **{f"h{level}": _heading for level in range(1, 7)},
}
