"""Stored, sanitised HTML of a lesson as the blocks of a paper, which templates/papers/kurs.typ sets.

A block is a mapping with `k`; `c` holds what is inside: h (`level`, `label`), p, list (`ordered`, `start`,
`marks`, `items`), terms (`items`), quote, rule, pre (`v`), table (see grids), figure (`picture`, `caption`),
callout and details (`title`), variant. Every visible word of the HTML stands in the blocks, in its order.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from learn.courses.takeaway import grids
from learn.courses.takeaway.spans import TICKED, Running, Setting, Span, soft
from learn.courses.takeaway.wellformed import Node, parsed
from learn.markup.names import names

Block = dict[str, Any]
DEEPEST = 14  # blocks in blocks; deeper, the words alone stay
LOWEST = 6  # PDF knows six levels of headings
BLOCKS = names(
    "address aside blockquote caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p "
    "pre section summary table tbody td tfoot th thead tr ul"
)
CALLOUTS = ("tip", "note", "important", "warning", "caution", "town")


@dataclass(slots=True)
class Levels:
    """The last heading's level: PDF/UA lets no level be left out."""

    last: int = 1

    def next(self, wanted: int) -> int:
        """The level a heading gets."""
        self.last = max(1, min(wanted, self.last + 1, LOWEST))
        return self.last


@dataclass(slots=True)
class Text:
    """Reads the HTML of one lesson or other part; `shift` is added to the levels of its headings."""

    setting: Setting
    place: str
    levels: Levels
    shift: int = 1
    notes: dict[str, Node] = field(default_factory=dict)
    running: Running = field(init=False)
    depth: int = 0
    boxed: bool = False  # in a list, a cell or a note, where headings are bold lines

    def __post_init__(self) -> None:
        self.running = Running(self.setting, self.place, self.notes, self._note)

    def gather(self, html: str) -> None:
        """Know the footnotes of a piece of HTML: they stand behind the last piece, uses in earlier ones."""
        if "sc-footnotes" not in html:
            return
        for section in [node for node in parsed(html).all() if "sc-footnotes" in classes(node)]:
            listed = [node for node in section.all() if node.name == "li" and "id" in node.values]
            self.notes.update({node.values["id"]: node for node in listed})

    def blocks(self, html: str) -> list[Block]:
        """The blocks of a piece of HTML. Its footnotes stand where they are first used."""
        self.gather(html)
        return list(self._blocks(parsed(html).children))

    def spans(self, html: str) -> list[Span]:
        """Running text, such as a question; blocks in it lose their borders."""
        return self.running.spans(parsed(html).children)

    def heading(self, level: int, spans: list[Span], label: str = "") -> Block:
        """A heading with a place to lead to; each place is there once."""
        if label in self.setting.labels:
            label = ""
        self.setting.labels.add(label)
        return {"k": "h", "level": self.levels.next(level), "label": label, "c": spans}

    def _note(self, node: Node) -> list[Block]:
        before, self.running.plain, self.boxed = (self.running.plain, self.boxed), True, True
        try:
            return list(self._blocks(node.children))
        finally:
            self.running.plain, self.boxed = before

    def _boxed(self, nodes: Iterable[Node]) -> list[Block]:
        before, self.boxed = self.boxed, True
        try:
            return list(self._blocks(nodes))
        finally:
            self.boxed = before

    def _blocks(self, nodes: Iterable[Node]) -> Iterator[Block]:
        """Blocks of a sequence; text that stands loose in it becomes a paragraph."""
        loose: list[Node] = []
        for node in nodes:
            if not _is_block(node):
                loose.append(node)
                continue
            yield from self._paragraph(loose)
            loose = []
            yield from self._block(node)
        yield from self._paragraph(loose)

    def _block(self, node: Node) -> Iterator[Block]:
        if self.depth >= DEEPEST:
            yield from self._paragraph([Node(text=node.words())])
            return
        self.depth += 1
        make = MAKERS.get(node.name)
        yield from make(self, node) if make else self._blocks(node.children)
        self.depth -= 1

    def _paragraph(self, nodes: list[Node]) -> Iterator[Block]:
        """A paragraph; one of pictures alone is a row of figures."""
        said = [node for node in nodes if node.name or node.text.strip()]
        if said and all(node.name in {"img", "picture"} for node in said):
            for node in said:
                yield from self._pictured(node, [])
            return
        found = self.running.spans(nodes)
        if found:
            yield {"k": "p", "c": found}

    def _pictured(self, node: Node, caption: list[Span]) -> Iterator[Block]:
        for picture in (node, *node.all()):
            if picture.name == "img":
                (shown,) = self.running.picture(picture)
                yield {"k": "figure", "picture": shown, "caption": caption}

    def a_heading(self, node: Node) -> Iterator[Block]:
        found = self.running.spans(node.children)
        if found and self.boxed:
            yield {"k": "p", "c": [{"k": "strong", "c": found}]}
        elif found:
            named = node.values.get("id", "")
            level = int(node.name[1]) + self.shift
            yield self.heading(level, found, f"{self.place}-{named}" if named else "")

    def a_paragraph(self, node: Node) -> Iterator[Block]:
        yield from self._blocks(node.children)

    def a_list(self, node: Node) -> Iterator[Block]:
        entries = [child for child in node.children if child.name or child.text.strip()]
        marks = [_tick(entry) for entry in entries]
        items = [self._boxed(entry.children if entry.name == "li" else [entry]) for entry in entries]
        start = node.values.get("start", "")
        if items:
            yield {
                "k": "list",
                "ordered": node.name == "ol",
                "start": int(start) if start.isascii() and start.isdecimal() else 1,
                "marks": [mark or "\N{BULLET}" for mark in marks] if any(marks) else [],
                "items": items,
            }

    def terms(self, node: Node) -> Iterator[Block]:
        """Terms with what follows them; what has no term stands by itself."""
        items: list[dict[str, Any]] = []
        for child in _terms(node):
            if child.name == "dt":
                items.append({"term": self.running.spans(child.children), "c": []})
            elif items:
                items[-1]["c"] += self._boxed([child] if child.name != "dd" else child.children)
            else:
                yield from self._blocks([child] if child.name != "dd" else child.children)
        if items:
            yield {"k": "terms", "items": items}

    def quote(self, node: Node) -> Iterator[Block]:
        inside = self._boxed(node.children)
        if inside:
            yield {"k": "quote", "c": inside}

    def rule(self, _node: Node) -> Iterator[Block]:
        yield {"k": "rule"}

    def code(self, node: Node) -> Iterator[Block]:
        words = node.words().strip("\n").expandtabs(4)
        if words.strip():
            yield {"k": "pre", "v": soft(words)}

    def table(self, node: Node) -> Iterator[Block]:
        yield from self._blocks(_between(node))
        captions = [child for child in node.children if child.name == "caption"]
        found = grids.table(node, self._cell)
        found["caption"] = [span for child in captions for span in self.running.spans(child.children)]
        if found["cells"]:
            yield found

    def _cell(self, node: Node, of_head: bool) -> list[Block]:
        before = self.running.plain
        self.running.plain = before or of_head  # heads repeat on each page: no notes there
        try:
            return self._boxed(node.children)
        finally:
            self.running.plain = before

    def figure(self, node: Node) -> Iterator[Block]:
        """One picture with its caption; anything else in its order."""
        captions = [child for child in node.children if child.name == "figcaption"]
        others = [child for child in node.children if child.name != "figcaption" and child.words().strip()]
        pictures = [child for child in node.all() if child.name == "img"]
        if others or len(pictures) != 1 or len(captions) > 1:
            yield from self._blocks(node.children)
            return
        caption = [span for child in captions for span in self.running.spans(child.children)]
        yield from self._pictured(pictures[0], caption)

    def aside(self, node: Node) -> Iterator[Block]:
        kind = next((kind for kind in CALLOUTS if f"sc-callout--{kind}" in classes(node)), "")
        heads = [child for child in node.children if "sc-callout__h" in classes(child)][:1]
        title = [span for child in heads for span in self.running.spans(child.children)]
        inside = list(self._blocks(child for child in node.children if child not in heads))
        yield {"k": "callout", "kind": kind, "title": title, "c": inside}

    def details(self, node: Node) -> Iterator[Block]:
        heads = [child for child in node.children if child.name == "summary"][:1]
        title = [span for child in heads for span in self.running.spans(child.children)]
        inside = list(self._blocks(child for child in node.children if child not in heads))
        yield {"k": "details", "title": title, "c": inside}

    def section(self, node: Node) -> Iterator[Block]:
        if "sc-footnotes" in classes(node):
            named = [each.values.get("id", "") for each in node.all() if each.name == "li"]
            for name in named:
                if name in self.notes and name not in self.running.told:
                    self.running.told[name] = ""
                    yield from self._note(self.notes[name])
        elif "sc-variant" in classes(node):
            yield {"k": "variant", "c": list(self._blocks(node.children))}
        else:
            yield from self._blocks(node.children)


def classes(node: Node) -> list[str]:
    """The classes of an element."""
    return node.values.get("class", "").split()


def _is_block(node: Node) -> bool:
    return node.name in BLOCKS or any(child.name in BLOCKS for child in node.all())


def _tick(entry: Node) -> str:
    """The box of a list entry, which is taken out of it; empty for none."""
    if "sc-tick" not in classes(entry):
        return ""
    for node in (entry, *entry.all()):
        for child in node.children:
            if child.name == "input":
                node.children.remove(child)
                return TICKED["checked" in child.values]
    return ""


def _terms(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.name == "div":
            yield from _terms(child)
        elif child.name or child.text.strip():
            yield child


def _between(node: Node) -> list[Node]:
    """What stands in a table outside its cells and caption."""
    loose: list[Node] = []
    for child in node.children:
        if child.name in {"thead", "tbody", "tfoot", "tr"}:
            loose += _between(child)
        elif child.name not in {"td", "th", "caption"}:
            loose.append(child)
    return loose


MAKERS: Mapping[str, Callable[[Text, Node], Iterator[Block]]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), Text.a_heading),
    **dict.fromkeys(("ul", "ol"), Text.a_list),
    "p": Text.a_paragraph,
    "dl": Text.terms,
    "blockquote": Text.quote,
    "hr": Text.rule,
    "pre": Text.code,
    "table": Text.table,
    "figure": Text.figure,
    "aside": Text.aside,
    "details": Text.details,
    "section": Text.section,
}
