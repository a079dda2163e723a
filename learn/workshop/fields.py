"""The parts of a text: values of its front matter read and changed without touching any other line."""

from collections.abc import Mapping
from itertools import pairwise

from learn.courses import frontmatter
from learn.courses.canonical import ORDER
from learn.courses.frontmatter import Bad, Scalar, Sequence
from learn.courses.frontmatter import Mapping as Tree
from learn.workshop import scalars
from learn.workshop.scalars import Plain, Value

EMPTY = "---\n---\n"


class Unreadable(ValueError):
    """The front matter cannot be read, or could not be written; `reason` as K102 has it."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


def parts(text: str) -> tuple[str, str, int]:
    """Front matter without its `---` lines, body, and the line of the file the body begins in.

    A text without front matter is all body.
    """
    lines = _lines(text)
    front = frontmatter.split(text)
    return "\n".join(lines[1 : max(1, front.body_line - 2)]), front.body, front.body_line


def with_body(text: str, body: str) -> str:
    """The text with another body; every letter of the front matter stays."""
    lines = _lines(text)
    before = lines[: frontmatter.split(text).body_line - 1]
    return "\n".join([*before, frontmatter.LINE_END.sub("\n", body)])


def value(text: str, key: str) -> Plain | None:
    """What the key says, as text, texts or texts by name; None where it is missing or cannot be read."""
    tree = frontmatter.split(text).tree
    return scalars.read(tree.items[key]) if tree is not None and key in tree.items else None


def words(text: str, key: str) -> str:
    """The key's text; empty where there is none."""
    found = value(text, key)
    return found if isinstance(found, str) else ""


def items(text: str, key: str) -> tuple[str, ...]:
    """The key's texts; none where there is no list."""
    found = value(text, key)
    return found if isinstance(found, tuple) else ()


def with_values(text: str, values: Mapping[str, Value | None]) -> str:
    """The text with these values; None takes a key away. Only the lines of keys that change do.

    New keys stand where the order of content.md section 1 puts them. The result reads back as exactly these
    values (half of a surrogate pair, which UTF-8 cannot hold, as U+FFFD). Raises Unreadable.
    """
    front = frontmatter.split(text)
    if front.tree is None:
        fault = front.faults[0]
        raise Unreadable(str(fault.values.get("grund", "Er ist zu lang")), fault.line)
    wanted = {key: None if found is None else scalars.plain(found) for key, found in values.items()}
    held: dict[str, Plain] = {key: scalars.read(node) for key, node in front.tree.items.items()}
    fresh = {key: found for key, found in wanted.items() if not _same(key, held.get(key), found)}
    expected = _expected(held, fresh)
    lines = _lines(text)
    head = lines[1 : front.body_line - 2]
    for found in (_edited(head, front.tree, fresh), _rewritten(expected)):
        again = "\n".join([lines[0], *found, *lines[front.body_line - 2 :]])
        if _holds(again, expected, front.body):
            return again
    raise Unreadable("Er fasst höchstens 8 KB")


def _lines(text: str) -> list[str]:
    return frontmatter.LINE_END.sub("\n", text).split("\n")


def _same(key: str, held: Plain | None, wanted: Plain | None) -> bool:
    """Whether the file says this already: `8` minutes are `8min`."""
    if key == "dauer" and isinstance(held, str) and isinstance(wanted, str):
        return held.removesuffix("min") == wanted.removesuffix("min")
    return held == wanted


def _expected(held: dict[str, Plain], fresh: dict[str, Plain | None]) -> dict[str, Plain]:
    """All values afterwards, in the order of content.md where the file has none for them."""
    kept = {key: found for key, found in held.items() if fresh.get(key, found) is not None}
    kept |= {key: found for key, found in fresh.items() if found is not None}
    return kept


def _holds(text: str, expected: dict[str, Plain], body: str) -> bool:
    front = frontmatter.split(text)
    if front.tree is None or front.body != body:
        return False
    return {key: scalars.read(node) for key, node in front.tree.items.items()} == expected


def _rewritten(expected: dict[str, Plain]) -> list[str]:
    """A front matter of its own, for those written in braces or otherwise not line by line."""
    return [line for key in sorted(expected, key=_place) for line in scalars.lines(key, expected[key])]


def _place(key: str) -> int:
    return ORDER.index(key) if key in ORDER else len(ORDER)


def _edited(head: list[str], tree: Tree, fresh: dict[str, Plain | None]) -> list[str]:
    """The lines with these keys replaced, taken away or added; what stands beside them stays."""
    starts = {key: line - 2 for key, line in tree.lines.items()}
    margin = _margin(head[min(starts.values())]) if starts else ""
    ends = {key: _end(head, start, starts) for key, start in starts.items()}
    swaps: dict[tuple[int, int], list[str]] = {}
    for key in sorted(fresh, key=_place):
        found = fresh[key]
        if key in starts:
            block = head[starts[key] : ends[key]]
            new = [] if found is None else _replaced(key, found, block, tree)
            swaps[starts[key], ends[key]] = [margin + line for line in new]
        elif found is not None:
            before = [ends[known] for known in starts if _place(known) < _place(key)]
            at = max(before, default=0)
            swaps.setdefault((at, at), []).extend(margin + line for line in scalars.lines(key, found))
    result = list(head)
    for first, last in sorted(swaps, reverse=True):
        result[first:last] = swaps[first, last]
    return result


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]


def _end(head: list[str], start: int, starts: dict[str, int]) -> int:
    """The line after a key's value; comments and empty lines below belong to what follows."""
    end = min((line for line in starts.values() if line > start), default=len(head))
    while end > start + 1 and (not head[end - 1].strip() or head[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _replaced(key: str, value: Plain, block: list[str], tree: Tree) -> list[str]:
    """The new lines of a key; a remark behind the old value stays, a list keeps its form."""
    kept = _items(key, value, block, tree) if isinstance(value, tuple) and value else []
    if kept:
        return kept
    fresh = scalars.lines(key, value, flow=_flow(block, tree, key))
    if len(block) == 1 and len(fresh) == 1:
        fresh[0] += _remark(block[0])
    return fresh


def _items(key: str, value: tuple[str, ...], block: list[str], tree: Tree) -> list[str]:
    """The lines of a list where every item has its own: those of items that stay are not written anew."""
    node = tree.items[key]
    if not isinstance(node, Sequence) or not node.items or _margin(block[0]):
        return []
    starts = [item.line - tree.lines[key] for item in node.items]
    if len(set(starts)) < len(starts) or not all(block[at].lstrip().startswith("- ") for at in starts):
        return []
    begins = [1, *(_with_remarks(block, start) for start in starts[1:]), len(block)]
    old: dict[Plain, list[list[str]]] = {}
    for item, (begin, end) in zip(node.items, pairwise(begins), strict=True):
        old.setdefault(scalars.read(item), []).append(block[begin:end])
    dash = _margin(block[starts[0]])
    found = [block[0]]
    for words in value:
        again = old.get(words)
        found += again.pop(0) if again else [dash + scalars.lines("ziele", (words,))[1].lstrip()]
    return found


def _with_remarks(block: list[str], start: int) -> int:
    """Where the remarks directly above an item begin, else the item itself."""
    while block[start - 1].lstrip().startswith("#"):
        start -= 1
    return start


def _flow(block: list[str], tree: Tree, key: str) -> bool | None:
    node = tree.items[key]
    if isinstance(node, Scalar) or not node.items:
        return None
    return "[" in block[0].partition(":")[2].partition("#")[0]


def _remark(line: str) -> str:
    """The comment at the end of a line, with the blanks before it."""
    whole = _loaded(line)
    at = line.find(" #")
    while at >= 0 and _loaded(line[:at]) != whole:
        at = line.find(" #", at + 1)
    return line[len(line[:at].rstrip()) :] if at >= 0 else ""


def _loaded(line: str) -> object:
    try:
        return {key: scalars.read(node) for key, node in frontmatter.load(line + "\n").items.items()}
    except Bad as problem:
        return problem
