"""A small tree of the HTML of a post; never fails, and keeps every word that a browser would show."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
SILENT = frozenset({"script", "style", "template"})
DEEPEST = 40  # what is deeper stands in its ancestor
ENDS_ITSELF = {"p": {"p"}, "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "tr": {"tr", "td", "th"}}
ENDS_ITSELF |= {"td": {"td", "th"}, "th": {"td", "th"}}
HOLDS = {"ul": "li", "ol": "li", "table": "tr"}


@dataclass(slots=True)
class Element:
    """An element with its attributes and content: elements and text."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: "list[Element | str]" = field(default_factory=list)

    def words(self) -> str:
        """All text in it."""
        return "".join(item if isinstance(item, str) else item.words() for item in self.content)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("div")
        self.open = [self.root]
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
            return
        self._end_before(tag)
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(made)
        if tag not in VOID and len(self.open) < DEEPEST:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
            return
        if any(element.name == tag for element in self.open[1:]):
            while self.open.pop().name != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.open[-1].content.append(data)

    def _end_before(self, tag: str) -> None:
        """`<li>` ends the one before it, unless a list has begun within."""
        ended = ENDS_ITSELF.get(tag, set())
        for place in range(len(self.open) - 1, 0, -1):
            name = self.open[place].name
            if name in ended:
                del self.open[place:]
                return
            if name in HOLDS:
                return


def tree(html: str) -> Element:
    """The root element of a piece of HTML."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root
