"""Values of front matter as YAML that reads back as exactly them, as plain as they allow."""

import re
from collections.abc import Mapping, Sequence

from learn.courses import frontmatter
from learn.courses.frontmatter import Bad, Node, Scalar

Value = str | int | bool | Sequence[str] | Mapping[str, str]
Plain = str | tuple[str, ...] | dict[str, str]
BLOCKS = frozenset({"ziele"})  # lists of sentences: one line each
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
ESCAPED = re.compile(f'["\\\\]|{HIDDEN.pattern}')
SURROGATES = re.compile("[\ud800-\udfff]")


def plain(value: Value) -> Plain:
    """The value as the front matter holds it: texts, yes and no as `ja` and `nein`."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, str | int):
        return SURROGATES.sub("\ufffd", str(value))
    if isinstance(value, Mapping):
        return {name: SURROGATES.sub("\ufffd", words) for name, words in value.items()}
    return tuple(SURROGATES.sub("\ufffd", item) for item in value)


def lines(key: str, value: Plain, *, flow: bool | None = None) -> list[str]:
    """The key with its value, in one line or one for each item. `flow`: a list in brackets or not."""
    name = _text(key, "{}: x")
    if isinstance(value, str):
        return [f"{name}: {_text(value, 'k: {}')}"]
    if isinstance(value, dict):
        rows = [f"  {_text(inner, '{}: x')}: {_text(words, 'k: {}')}" for inner, words in value.items()]
        return [f"{name}:", *rows] if rows else [f"{name}: {{}}"]
    if not value or (key not in BLOCKS if flow is None else flow):
        return [f"{name}: [{', '.join(_text(item, 'k: [{}]') for item in value)}]"]
    return [f"{name}:", *(f"  - {_text(item, 'k: {}')}" for item in value)]


def read(node: Node) -> Plain:
    """What a node says; deeper collections, which no key allows, as empty texts."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, frontmatter.Mapping):
        return {name: _leaf(inner) for name, inner in node.items.items()}
    return tuple(_leaf(inner) for inner in node.items)


def _leaf(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _text(text: str, place: str) -> str:
    """The text as it may stand in this place: bare where it reads back as itself, else in quotes."""
    bare = not HIDDEN.search(text) and not text.startswith("'") and _leaves(place.format(text)) == text
    return text if bare else _quoted(text)


def _leaves(line: str) -> str | None:
    """The only text beside `k` and `x` in a line of YAML, None where it says something else."""
    try:
        found = frontmatter.load(line + "\n").items
    except Bad:
        return None
    if len(found) != 1:
        return None
    (name, node), *_ = found.items()
    if name != "k":
        return name if read(node) == "x" else None
    value = read(node)
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else None
    return value if isinstance(value, str) else None


def _quoted(text: str) -> str:
    return '"' + ESCAPED.sub(_escaped, text) + '"'


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    if char in '"\\':
        return "\\" + char
    number = ord(char)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
