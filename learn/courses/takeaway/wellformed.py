"""Sanitised HTML as a tree and back, written so that both XML and HTML readers take it.

The HTML parser of a browser forgives what the rules of EPUB do not: a list item without its list, a block in
running text, an id that XML does not allow. `mended` turns these into what the rules allow; no word goes.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from learn.markup.names import names

VOID = frozenset({"br", "hr", "img", "input", "source"})
PHRASING = names(
    "a abbr b br code del em i img ins kbd mark math picture q s samp small span strong sub sup u"
)
ONLY_PHRASING = names("p h1 h2 h3 h4 h5 h6 pre summary dt th caption") | (PHRASING - {"a", "del", "ins"})
ROWS = ("caption", "colgroup", "thead", "tbody", "tfoot")
CHECKED = {True: "\N{BALLOT BOX WITH X}", False: "\N{BALLOT BOX}"}
KEPT = names(
    "id class href src alt title width height open start lang dir colspan rowspan scope role tabindex "
    "aria-label aria-labelledby srcset media"
)
MATHML = "http://www.w3.org/1998/Math/MathML"
NO_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\U00010000-\U0010ffff]")
NO_NAME = re.compile("[^A-Za-z0-9_.\\-\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff]")
DETAILS = "Einzelheiten"


@dataclass(slots=True)
class Node:
    """An element with its children, or (empty name) a text."""

    name: str = ""
    text: str = ""
    values: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)

    def words(self) -> str:
        """All its text."""
        return self.text + "".join(child.words() for child in self.children)

    def all(self) -> Iterator["Node"]:
        """Every element below this one, outermost first."""
        for child in self.children:
            if child.name:
                yield child
                yield from child.all()


class Tree(HTMLParser):
    """Builds nodes of balanced HTML, as the sanitiser and our templates leave it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("body")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, values={name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, values={name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(Node(text=data))


def parsed(html: str) -> Node:
    """The tree of a balanced piece of HTML, below one element."""
    tree = Tree()
    tree.feed(html)
    tree.close()
    return tree.open[0]


def written(node: Node) -> str:
    """What is inside of a node, as XML that is HTML too."""
    return "".join(_pieces(node.children))


def _pieces(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if not node.name:
            yield escape(NO_XML.sub("", node.text), quote=False)
            continue
        values = "".join(f' {name}="{escape(NO_XML.sub("", text))}"' for name, text in node.values.items())
        if node.name in VOID:
            yield f"<{node.name}{values}/>"
        else:
            yield f"<{node.name}{values}>"
            yield from _pieces(node.children)
            yield f"</{node.name}>"


def xml_id(value: str) -> str:
    """An id as XML allows it; different ones stay different."""
    safe = NO_NAME.sub(lambda found: f".{ord(found[0]):x}.", value)
    return safe if safe[:1].isalpha() or safe[:1] == "_" else f"_{safe}"


def mended(root: Node) -> Node:
    """The same tree within the rules of EPUB; ids are unique in it and every name it refers to is there."""
    root.children = list(_flow(root.children, root.name))
    seen: set[str] = set()
    for node in root.all():
        _own_id(node, seen)
    for node in root.all():
        named = node.values.get("aria-labelledby")
        if named is not None and xml_id(named) not in seen:
            del node.values["aria-labelledby"]
        elif named is not None:
            node.values["aria-labelledby"] = xml_id(named)
    return root


def _own_id(node: Node, seen: set[str]) -> None:
    named = xml_id(node.values.pop("id", "")) if "id" in node.values else ""
    if named and named not in seen:
        seen.add(named)
        node.values = {"id": named, **node.values}


def _flow(nodes: list[Node], parent: str, *, running: bool = False, linked: bool = False) -> Iterator[Node]:
    """Children of an element; `running`: only running text may stand there, `linked`: inside a link."""
    for node in nodes:
        if node.name == "math":
            yield _formula(node)
        elif node.name:
            yield from _element(node, parent, running=running, linked=linked)
        else:
            yield node


def _element(node: Node, parent: str, *, running: bool, linked: bool) -> Iterator[Node]:
    name = _name(node, parent, running=running, linked=linked)
    if not name:
        return
    if node.name == "input":
        yield _tick(node)
        return
    if name != node.name:
        node = Node(name, values=_few(node.values), children=node.children)
    node.values = _attributes(node)
    below = running or name in ONLY_PHRASING
    node.children = list(_flow(node.children, name, running=below, linked=linked or name == "a"))
    ARRANGED.get(name, _as_it_is)(node)
    yield node


def _name(node: Node, parent: str, *, running: bool, linked: bool) -> str:
    """What an element becomes where it stands; empty: it goes."""
    name = node.name
    if name == "source" and parent != "picture":
        return ""
    if name == "picture" and not any(child.name == "img" for child in node.children):
        return ""
    if running and name not in PHRASING | VOID:
        return "span"
    if running and name == "hr":
        return "br"
    if linked and name == "a":
        return "span"
    wanted = HOMES.get(name)
    return name if wanted is None or parent in wanted[0] else wanted[1]


HOMES = {
    "li": (frozenset({"ul", "ol"}), "div"),
    "dt": (frozenset({"dl"}), "p"),
    "dd": (frozenset({"dl"}), "div"),
    "summary": (frozenset({"details"}), "p"),
    "figcaption": (frozenset({"figure"}), "p"),
    "caption": (frozenset({"table"}), "p"),
}


def _few(values: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in values.items() if name in {"id", "class", "lang", "dir", "title"}}


def _attributes(node: Node) -> dict[str, str]:
    kept = {name: text for name, text in node.values.items() if name in KEPT}
    if node.name != "img":
        kept = {name: text for name, text in kept.items() if name not in {"width", "height"}}
    if node.name == "source":
        kept = {name: text for name, text in kept.items() if name in {"srcset", "media"}}
    for name in ("colspan", "rowspan", "width", "height"):
        if name in kept and not int(kept[name] or 0):
            del kept[name]
    if "lang" in kept:
        kept["xml:lang"] = kept["lang"]
    return kept


def _formula(node: Node) -> Node:
    """A formula is XML of its own; only readers on a screen move to it by keyboard."""
    for each in (node, *node.all()):
        each.values = {name: text for name, text in each.values.items() if name not in {"tabindex", "class"}}
    node.values = {"xmlns": MATHML, **node.values}
    return node


def _tick(node: Node) -> Node:
    """A box as a sign: nothing can be ticked on paper."""
    label = {"role": "img", "aria-label": node.values.get("aria-label", "")}
    return Node("span", values=label, children=[Node(text=CHECKED["checked" in node.values])])


def _as_it_is(_node: Node) -> None:
    pass


def _only(name: str) -> Callable[[Node], None]:
    """Wraps what may not stand in a list by itself."""

    def arrange(node: Node) -> None:
        node.children = [
            child
            if child.name == name or not (child.name or child.text.strip())
            else Node(name, "", {}, [child])
            for child in node.children
        ]

    return arrange


def _terms(node: Node) -> None:
    """A list of terms has terms before explanations; else it is no such list."""
    kinds = [child.name for child in node.children if child.name or child.text.strip()]
    signs = "".join({"dt": "t", "dd": "d"}.get(kind, "x") for kind in kinds)
    if not re.fullmatch("(t+d+)*", signs):
        node.name = "div"
        for child in node.children:
            child.name = {"dt": "p", "dd": "div"}.get(child.name, child.name)


def _figure(node: Node) -> None:
    """One caption, at an end."""
    captions = [child for child in node.children if child.name == "figcaption"]
    for child in captions[1:]:
        child.name = "p"
    if captions:
        node.children.remove(captions[0])
        node.children.append(captions[0])


def _details(node: Node) -> None:
    """One summary, at the beginning."""
    found = [child for child in node.children if child.name == "summary"]
    for child in found[1:]:
        child.name = "p"
    first = found[0] if found else Node("summary", children=[Node(text=DETAILS)])
    node.children = [first, *(child for child in node.children if child is not first)]


def _table(node: Node) -> None:
    """Its parts in their order; text between them goes before, as in a browser."""
    parts = [child for child in node.children if child.name in ROWS]
    heads = [child for child in parts if child.name == "thead"]
    for child in heads[1:]:
        child.name = "tbody"
    loose = [child for child in node.children if child.name == "tr"]
    if loose:
        parts.append(Node("tbody", children=loose))
    node.children = sorted(parts, key=lambda child: ROWS.index(child.name))


def _picture(node: Node) -> None:
    """Sources, then the one picture."""
    sources = [child for child in node.children if child.name == "source"]
    node.children = [*sources, next(child for child in node.children if child.name == "img")]


ARRANGED: dict[str, Callable[[Node], None]] = {
    "ul": _only("li"),
    "ol": _only("li"),
    "dl": _terms,
    "figure": _figure,
    "details": _details,
    "table": _table,
    "picture": _picture,
}
