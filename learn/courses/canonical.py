"""How texts from the Werkstatt are written: the keys of their front matter in one order, line ends LF."""

from itertools import pairwise

from learn.courses import files, frontmatter
from learn.courses.frontmatter import Front, Mapping, Node, Scalar

ORDER = (  # of content.md section 1
    *("id", "titel", "ausgabe", "erneut_ab", "aenderung", "ergebnis", "ziele", "dauer", "pflicht", "formeln"),
    *("voraussetzung", "ersetzt", "abschluss", "bestehen", "ziehen", "zu_ausgabe", "thema", "zielgruppe"),
    *("kommune", "quelle", "autoren", "lizenz", "geprueft", "sprache", "bild", "werte"),
)


def written(data: bytes) -> bytes:
    """The text with its keys in order, without BOM, with LF; what is no text stays as it is.

    Keys move with their values and the comments above them, letter for letter; unknown keys stay last.
    Writing the result again changes nothing.
    """
    text = files.decode(data)
    if isinstance(text, int):
        return data
    front = frontmatter.split(text)
    lines = frontmatter.LINE_END.sub("\n", text).split("\n")
    end = front.body_line - 2  # index of the second ---
    if front.tree is not None and end > 0:
        lines[1:end] = _ordered(front, front.tree, lines[1:end])
    return "\n".join(lines).encode()


def _ordered(front: Front, tree: Mapping, head: list[str]) -> list[str]:
    """The lines of the front matter, key by key; as they are where keys share a line."""
    starts = sorted(number - 2 for number in tree.lines.values())
    if len(set(starts)) < len(starts):
        return head
    begins = [_with_comments(head, start) for start in starts]
    bounds = [0, *begins[1:], len(head)]
    blocks = [head[first:last] for first, last in pairwise(bounds)]
    names = sorted(tree.lines, key=lambda name: tree.lines[name])
    placed = sorted(zip(names, blocks, strict=False), key=lambda pair: _place(pair[0]))
    found = [line for _name, block in placed for line in block]
    again = frontmatter.split("\n".join(["---", *found, "---", ""]))
    same = again.tree is not None and _value(again.tree) == _value(tree) and not front.faults
    return found if same else head


def _with_comments(head: list[str], start: int) -> int:
    """Where the comments directly above this line begin, else the line itself."""
    while start > 0 and head[start - 1].startswith("#"):
        start -= 1
    return start


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _value(node: Node) -> object:
    """What a node says, wherever it stands."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {name: _value(inner) for name, inner in node.items.items()}
    return [_value(inner) for inner in node.items]
