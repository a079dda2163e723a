"""The words of sanitised HTML: no tags, blocks parted by blanks."""

from html.parser import HTMLParser

APART = frozenset(
    {"address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt"}
    | {"figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p"}
    | {"pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
SILENT = frozenset({"script", "style", "template", "svg", "math"})


class Words(HTMLParser):
    """Collects text; formulas and drawings have no words of their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in SILENT:
            self.silent += 1
        elif tag in APART:
            self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in APART:
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def plain(html: str) -> str:
    """The words of a piece of HTML, white space collapsed."""
    parser = Words()
    parser.feed(html)
    parser.close()
    return " ".join("".join(parser.found).split())
