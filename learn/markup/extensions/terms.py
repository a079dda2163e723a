"""Glossary entries: one `## Begriff` each, with the slug and words of its `begriff` mark."""

from learn.markup.context import Context, Entry
from learn.markup.extensions.base import Construct
from learn.markup.extensions.headings import slug
from learn.markup.tree import Node, fill, items, kids, plain

_SMALL = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"  # parts of words such as CO₂ and m²
_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
PLACE = "/vokabelheft/"


def term_slug(title: str) -> str:
    """A heading's slug with ä ö ü ß written out."""
    return slug(title.lower().translate(_FOLD), signs=_SMALL).strip("-")


class Terms(Construct):
    """Collects the entries before links are resolved, so that they may name each other."""

    def apply(self, root: Node) -> None:
        if self.context.kind != "glossar":
            self._drop_marks(root)
            return
        entry: Entry | None = None
        intro: list[str | Node] = []
        for node in kids(root):
            if node.tag == "h2":
                entry = Entry(term_slug(plain(node)), plain(node), (), node.line)
                self.context.entries.append(entry)
            elif node.tag == "marke":
                self._mark(entry, node)
            elif node.tag == "footnote" or entry is None:
                intro.append(node)
            else:
                entry.blocks.append(node)
        self._register()
        for found in self.context.entries:
            found.place = _group(found)
        fill(root, [*intro, *(found.place for found in self.context.entries)])

    @staticmethod
    def _drop_marks(root: Node) -> None:
        kept = [item for item in items(root) if isinstance(item, str) or item.info != "begriff"]
        fill(root, kept)

    def _mark(self, entry: Entry | None, mark: Node) -> None:
        """The mark stands directly under its heading."""
        if entry is None or entry.blocks or entry.also:
            self.context.fault("K203", mark.line, name=mark.info)
            return
        entry.slug = mark.get("id") or entry.slug
        entry.also = tuple(word.strip() for word in (mark.get("auch") or "").split(",") if word.strip())

    def _register(self) -> None:
        context: Context = self.context
        seen: set[str] = set()
        for entry in context.entries:
            if entry.slug in seen:
                context.fault("K107", entry.line, slug=entry.slug)
            seen.add(entry.slug)
            context.fragments[entry.slug] = f"{PLACE}{entry.slug}"
            context.fragments[slug(entry.title)] = f"{PLACE}{entry.slug}"


def _group(entry: Entry) -> Node:
    node = Node("begriff", {"id": entry.slug}, entry.line)
    fill(node, list(entry.blocks))
    return node
