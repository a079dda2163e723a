"""Fahrplan: list items and empty cells become fields, everything else stands between them."""

from learn.markup.context import Context
from learn.markup.model import PlanCell, PlanField, PlanPart, PlanTable, PlanText
from learn.markup.output import Writer
from learn.markup.tree import Node, items, kids, make, plain, raw_text, walk

FIELDS = 40
COLUMNS = 5
_BLOCKS = frozenset({"p", "ul", "ol", "blockquote", "pre"})


class PlanReader:
    """Reads one Fahrplan; labels name fields and are unique in it (K408)."""

    def __init__(self, context: Context, writer: Writer) -> None:
        self.context = context
        self.writer = writer
        self.labels: set[str] = set()
        self.parts: list[PlanPart] = []
        self.between: list[str | Node] = []

    def read(self, plan: Node) -> tuple[PlanPart, ...]:
        for block in kids(plan):
            if block.tag == "ul":
                self._list(block)
            elif block.tag == "table":
                self._flush()
                self.parts.append(self._table(block))
            else:
                self.between.append(block)
        self._flush()
        if not 1 <= len(self.labels) <= FIELDS:
            self.context.fault("K408", plan.line)
        return tuple(self.parts)

    def _flush(self) -> None:
        if self.between:
            self.parts.append(PlanText(self.writer.html(self.between)))
            self.between = []

    def _label(self, label: str, line: int) -> str:
        if not label or label in self.labels:
            self.context.fault("K408", line)
        self.labels.add(label)
        return label

    def _list(self, block: Node) -> None:
        for item in kids(block):
            field = self._field(item)
            if field is None:
                self.between.append(make("ul", [item], item.line))
            else:
                self._flush()
                self.parts.append(field)

    def _field(self, item: Node) -> PlanField | None:
        """`- **Label:** hint`; None for other items."""
        content = _first(item)
        if not content or isinstance(content[0], str) or content[0].tag != "strong":
            return None
        label = plain(content[0]).rstrip(":").strip()
        hint = " ".join("".join(_words(part) for part in content[1:]).split())
        return PlanField(self._label(label, item.line), hint.removeprefix(":").strip())

    def _table(self, table: Node) -> PlanTable:
        rows = [cells for row in walk(table, "tr") if (cells := kids(row))]
        columns = tuple(plain(cell) for cell in rows[0]) if rows else ()
        heads = tuple(self.writer.words(cell) for cell in rows[0]) if rows else ()
        if len(columns) > COLUMNS:
            self.context.fault("K408", table.line)
        body = tuple(self._row(columns, row, number) for number, row in enumerate(rows[1:], 1))
        return PlanTable(heads, body)

    def _row(self, columns: tuple[str, ...], row: list[Node], number: int) -> tuple[PlanCell, ...]:
        name = plain(row[0]) if row else ""
        found: list[PlanCell] = []
        for column, cell in zip(columns, row, strict=False):
            if plain(cell):
                found.append(PlanCell(html=self.writer.inner(cell)))
            else:
                label = f"{column}: {name or f'Zeile {number}'}" if column else ""
                found.append(PlanCell(label=self._label(label, cell.line)))
        return tuple(found)


def _first(item: Node) -> list[str | Node]:
    """The item's content, with that of its first paragraph in the place of it if it is loose."""
    content = [part for part in items(item) if not isinstance(part, str) or part.strip()]
    if content and isinstance(content[0], Node) and content[0].tag == "p":
        return [*items(content[0]), *content[1:]]
    return content


def _words(part: str | Node) -> str:
    if isinstance(part, str):
        return part
    return f" {raw_text(part)} " if part.tag in _BLOCKS else raw_text(part)
