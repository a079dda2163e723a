"""TeX to MathML: converted by latex2mathml, of which only named elements and attributes are taken over."""

import re
from collections.abc import Iterator
from html import escape, unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import Converter

from learn.markup.names import names

LONGEST = 2_000  # characters of one formula
DEPTH = 40  # elements in elements
WIDE = 20  # signs from which a formula may be wider than a narrow screen
_LEAVES = names("mi mn mo mtext")
_EMPTY = names("mspace")
_ELEMENTS = (
    _LEAVES
    | _EMPTY
    | names(
        "mfrac mover mpadded mphantom mroot mrow msqrt mstyle msub msubsup msup mtable mtd mtr munder "
        "munderover"
    )
)
_YES_OR_NO = "true|false"
_LENGTH = r"[+-]?(?:\d(?:\.\d{1,4})?|\.\d{1,4})(?:em|ex|px|pt|mm|cm)?"
_LINES = r"(?:none|solid|dashed)(?: (?:none|solid|dashed))*"
_ATTRIBUTES = {
    name: re.compile(pattern)
    for pattern, names_of in {
        _YES_OR_NO: "accent displaystyle fence largeop movablelimits separator stretchy",
        _LENGTH: "depth height lspace linethickness maxsize minsize rspace voffset width",
        rf"{_LENGTH}(?: {_LENGTH})*": "columnspacing rowspacing",
        _LINES: "columnlines rowlines",
        r"(?:left|center|right)(?: (?:left|center|right))*": "columnalign",
        r"prefix|infix|postfix": "form",
        r"[a-z-]{1,30}": "mathvariant",
        r"[0-2]": "scriptlevel",
    }.items()
    for name in names_of.split()
}
_NAMED = {"negativethinmathspace": "-0.167em", "negativemediummathspace": "-0.222em"}
# What defines commands could grow without limit; the others lose their meaning on the way.
_REFUSED = re.compile(
    r"\\(?:(?:re|provide)?newcommand|def|DeclareMathOperator|newenvironment|unicode)(?![A-Za-z])"
)
_WORDS_OR_COMMA = re.compile(r"\\(?:text[a-z]*|mbox|hbox|operatorname)\*?\s*\{[^}]*\}|(?<=[0-9]),(?=[0-9])")
_ALIGNED = re.compile(r"\\(begin|end)\{aligned\}")


class _Unfit(Exception):
    """The formula holds something that is not taken over."""


def mathml(tex: str, *, display: bool, focusable: bool = True) -> str:
    """The formula as a `math` element with its TeX as `alttext`; empty if it cannot be shown so.

    `display`: on a line of its own. One that may be too wide for a screen can be focused, to be scrolled,
    unless something around it can.
    """
    if len(tex) > LONGEST or _REFUSED.search(tex):
        return ""
    written = _ALIGNED.sub(r"\\\1{split}", _WORDS_OR_COMMA.sub(lambda m: "{,}" if m[0] == "," else m[0], tex))
    try:
        tree = Converter(display="block" if display else "inline").convert_to_element(written)
        content = "".join(_written(child, 0) for child in tree)
    except Exception:  # noqa: BLE001  # the converter raises whatever a wrong formula makes it stumble over
        return ""
    signs = len(unescape(re.sub(r"<[^>]*>", "", content)))
    if not signs:
        return ""
    shape = ' display="block"' * display + ' tabindex="0"' * (focusable and signs >= WIDE)
    return f'<math alttext="{escape(tex)}"{shape}>{content}</math>'


def _written(node: Element, depth: int) -> str:
    if node.tag not in _ELEMENTS or depth > DEPTH or (node.tag in _LEAVES and len(node)):
        raise _Unfit  # an element in a leaf would be read as one of HTML
    attributes = "".join(_attribute(name, value) for name, value in node.items())
    if node.tag in _EMPTY:
        return f"<{node.tag}{attributes}></{node.tag}>"
    content = _leaf(node.text or "") if node.tag in _LEAVES else ""
    content += "".join(_written(child, depth + 1) for child in _joined(list(node)))
    return f"<{node.tag}{attributes}>{content}</{node.tag}>"


def _attribute(name: str, value: str) -> str:
    value = _NAMED.get(value, value)
    allowed = _ATTRIBUTES.get(name)
    if allowed is None or not allowed.fullmatch(value):
        raise _Unfit
    return f' {name}="{value}"'


def _leaf(text: str) -> str:
    """The converter leaves commands and separators it does not know as they are."""
    if text == "&" or re.match(r"\\[A-Za-z]|\\$", text):
        raise _Unfit
    return escape(unescape(text), quote=False)


def _joined(nodes: list[Element]) -> Iterator[Element]:
    """Numbers with a decimal comma and words in upright letters as one element each."""
    last: Element | None = None
    for index, node in enumerate(nodes):
        if last is not None and _continues(last, nodes[index - 1], node, nodes[index + 1 : index + 2]):
            last.text = f"{last.text or ''}{_comma(node) or node.text or ''}"
            continue
        if last is not None:
            yield last
        last = node
    if last is not None:
        yield last


def _continues(last: Element, before: Element, node: Element, after: list[Element]) -> bool:
    if last.tag == "mn":
        return (_comma(node) != "" and bool(after) and after[0].tag == "mn") or (
            node.tag == "mn" and _comma(before) != ""
        )
    upright = {"mathvariant": "normal"}
    return last.tag == node.tag == "mi" and last.attrib == node.attrib == upright


def _comma(node: Element) -> str:
    """The comma of `{,}`, which TeX sets without a space."""
    inner = node[0] if node.tag == "mrow" and len(node) == 1 else None
    return "," if inner is not None and unescape(inner.text or "") == "," else ""
