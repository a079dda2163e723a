"""Authors' HTML: its tags become elements of the tree, and the first gate decides which (K201)."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown.util import AtomicString

from learn.markup.context import Context
from learn.markup.extensions.base import Construct
from learn.markup.extensions.marks import parted, read_mark
from learn.markup.limits import ELEMENTS
from learn.markup.names import names
from learn.markup.patterns import TAG
from learn.markup.sanitise import AUTHORS, AUTHORS_ATTRIBUTES, WITH_CONTENT, allowed
from learn.markup.serialise import VOID
from learn.markup.tree import Node, fill, items, kids, make, walk

_TAG = re.compile(TAG)
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)")
_ATTRIBUTE = re.compile(r"""\s+([a-zA-Z_:][\w.:-]*)(?:\s*=\s*(?:'([^']*)'|"([^"]*)"|([^\s"'=<>`]+)))?""")
_PARAGRAPH_ENDS = names(
    "aside blockquote details div dl figure h1 h2 h3 h4 h5 h6 hr ol p pre section table ul"
)
_INLINE = names("a abbr b br code del em i img ins kbd mark q s samp small span strong sub sup u")
_CELLS = frozenset({"td", "th"})
_ENDED_BY = {
    "p": _PARAGRAPH_ENDS,
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": _CELLS | {"tr", "tbody"},
    "th": _CELLS | {"tr", "tbody"},
    "tr": frozenset({"tr", "tbody"}),
}
_OWN = {"href": "a", "src": "img", "alt": "img", "width": "img", "height": "img"}
Content = list["str | Node"]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as written."""

    name: str
    text: str
    line: int

    @property
    def closing(self) -> bool:
        return self.text.startswith("</")


def tokens(node: Node) -> Iterator[Tag | str]:
    """The tags and texts of raw HTML; comments and declarations vanish."""
    source, pos, line = node.source or "", 0, node.line
    while pos < len(source):
        start = source.find("<", pos)
        if start < 0:
            break
        if start > pos:
            yield source[pos:start]
            line += source.count("\n", pos, start)
        found = _TAG.match(source, start)
        if found:
            name = _NAME.match(found[0])
            yield Tag(name[1].lower() if name else "", found[0], line)
        pos = found.end() if found else _behind(source, start)
        line += source.count("\n", start, pos)
        if pos == start + 1:
            yield "<"
    if pos < len(source):
        yield source[pos:]


def _behind(source: str, start: int) -> int:
    """Where a comment, instruction or declaration ends; the next character if there is none."""
    if not source.startswith(("<!", "<?"), start):
        return start + 1
    ending = "-->" if source.startswith("<!--", start) else "?>" if source[start + 1] == "?" else ">"
    end = source.find(ending, start)
    return len(source) if end < 0 else end + len(ending)


def _paragraphs(root: Node) -> None:
    """Words that stand between blocks become paragraphs, together with the elements among them."""
    content: Content = []
    run: Content = []
    for item in [*items(root), None]:
        if isinstance(item, str) or (item is not None and item.tag in _INLINE):
            run.append(item)
            continue
        if any(isinstance(part, str) and part.strip() for part in run):
            content.append(make("p", run, _line(run, content, root)))
        else:
            content.extend(part for part in run if not isinstance(part, str))
        run = []
        if item is not None:
            content.append(item)
    fill(root, content)


def _line(run: Content, content: Content, root: Node) -> int:
    """The line of the first element in or before these words."""
    known = [part.line for part in (*run, *reversed(content)) if isinstance(part, Node)]
    return known[0] if known else root.line


@dataclass(slots=True)
class Nest:
    """Open elements and their content so far; the first entry is the parent."""

    stack: list[tuple[Node | None, Content]] = field(default_factory=lambda: [(None, [])])

    @property
    def content(self) -> Content:
        return self.stack[-1][1]

    @property
    def top(self) -> str:
        node = self.stack[-1][0]
        return node.tag if node is not None else ""

    def close(self) -> None:
        """Ends the innermost element; hidden ones lose their content."""
        node, content = self.stack.pop()
        assert node is not None  # the parent is never closed
        if node.tag in WITH_CONTENT:
            return
        fill(node, content)
        self.content.append(node)

    def close_all(self) -> None:
        while len(self.stack) > 1:
            node, content = self.stack[-1]
            if node is not None and node.tag in WITH_CONTENT:  # without its end tag it hides nothing
                self.stack.pop()
                self.content.extend(content)
            else:
                self.close()


class RawHtml(Construct):
    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.text_tags: set[str] = set()

    def apply(self, root: Node) -> None:
        empty: set[Node] = set()
        for parent in list(walk(root)):
            if any(child.tag == "raw" for child in kids(parent)):
                self._nest(parent)
                if parent.tag == "p" and not len(parent) and not (parent.text or "").strip():
                    empty.add(parent)
        for parent in list(walk(root)) if empty else []:
            if any(child in empty for child in kids(parent)):
                fill(parent, [item for item in items(parent) if item not in empty])
        _paragraphs(root)

    def _nest(self, parent: Node) -> None:
        nest = Nest()
        for item in items(parent):
            if isinstance(item, str) or item.tag != "raw":
                self._other(nest, item)
                continue
            for piece in parted(item):
                self._raw(nest, piece)
        nest.close_all()
        fill(parent, nest.content)

    def _raw(self, nest: Nest, piece: Node) -> None:
        mark = read_mark(piece, self.context) if piece.block else None
        if mark is not None:
            self._other(nest, mark)
            return
        for token in tokens(piece):
            self._token(nest, token)

    def _other(self, nest: Nest, item: "str | Node") -> None:
        if isinstance(item, Node):
            if item.tag == "footnote":
                nest.close_all()
            elif nest.top == "p" and item.tag in _PARAGRAPH_ENDS:
                nest.close()
        nest.content.append(item)

    def _token(self, nest: Nest, token: Tag | str) -> None:
        if isinstance(token, str):
            nest.content.append(AtomicString(html.unescape(token)))
        elif nest.top in WITH_CONTENT:
            if token.closing and token.name == nest.top:
                nest.close()
        elif token.closing:
            self._end(nest, token)
        else:
            self._start(nest, token)

    def _start(self, nest: Nest, tag: Tag) -> None:
        if tag.name in WITH_CONTENT:
            self.context.fault("K201", tag.line, element=tag.name, folge="entfällt")
            nest.stack.append((Node(tag.name), []))
            return
        if tag.name not in AUTHORS or len(nest.stack) > ELEMENTS:
            self._as_text(nest, tag)
            return
        while tag.name in _ENDED_BY.get(nest.top, ()):
            nest.close()
        node = Node(tag.name, self._attributes(tag), tag.line)
        if tag.name in VOID:
            nest.content.append(node)
        else:
            nest.stack.append((node, []))

    def _end(self, nest: Nest, tag: Tag) -> None:
        if tag.name not in AUTHORS:
            self._as_text(nest, tag)
            return
        if any(node is not None and node.tag == tag.name for node, _ in nest.stack):
            while nest.top != tag.name:
                nest.close()
            nest.close()

    def _as_text(self, nest: Nest, tag: Tag) -> None:
        if not tag.closing or tag.name not in self.text_tags:
            self.context.fault("K201", tag.line, element=tag.name, folge="erscheint als Text")
        self.text_tags.add(tag.name)
        nest.content.append(AtomicString(tag.text))

    def _attributes(self, tag: Tag) -> dict[str, str]:
        kept: dict[str, str] = {}
        head = _NAME.match(tag.text)
        for found in _ATTRIBUTE.finditer(tag.text, head.end() if head else 0):
            name = found[1].lower()
            value = html.unescape(found[2] or found[3] or found[4] or "")
            if name in AUTHORS_ATTRIBUTES and self._fits(tag.name, name, value):
                kept.setdefault(name, value)
            else:
                self.context.fault("K201", tag.line, element=f"{tag.name} {name}", folge="entfällt")
        return kept

    @staticmethod
    def _fits(tag: str, name: str, value: str) -> bool:
        if name in _OWN:  # judged where links and pictures are resolved
            return _OWN[name] == tag
        return allowed(tag, name, value)
