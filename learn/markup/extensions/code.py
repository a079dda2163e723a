"""Code blocks: focusable, with their language and Pygments' classes."""

import re
from functools import lru_cache

from markdown.util import AtomicString
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType
from pygments.util import ClassNotFound

from learn.markup.extensions.base import Construct
from learn.markup.limits import CODE, SLOW_CODE
from learn.markup.names import names
from learn.markup.tree import Node, fill, make, walk

_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{1,40}")
# Lexers whose time was measured on hostile text. Those in SLOW are quadratic and take short code only.
FAST = names(
    "bash bat batch docker dockerfile graphql json julia lua nginx php powershell ps1 py pycon python r ruby "
    "scss sh shell sql swift toml zsh"
)
SLOW = names(
    "arduino c c++ console cpp css diff go html http ini java javascript js kotlin make makefile matlab rust "
    "shell-session ts turtle typescript xml yaml yml"
)


@lru_cache(maxsize=64)
def lexer(language: str) -> Lexer | None:
    if language not in FAST | SLOW:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


class CodeBlocks(Construct):
    def apply(self, root: Node) -> None:
        for node in list(walk(root, "pre")):
            if node.source is None:  # authors' own HTML
                if self.context.ours:
                    node.set("tabindex", "0")
                continue
            self._block(node)

    def _block(self, node: Node) -> None:
        found = _LANGUAGE.match(node.info.lstrip("{. "))
        language = found[0] if found else ""
        code = make("code", line=node.line)
        if language:
            code.set("class", f"language-{language}")
        text = node.source or ""
        if self.context.ours:
            node.set("tabindex", "0")
        fill(code, self._highlighted(text, language.lower()))
        fill(node, [code])

    def _highlighted(self, text: str, language: str) -> "list[str | Node]":
        longest = SLOW_CODE if language in SLOW else CODE
        found = lexer(language) if self.context.ours and len(text) <= longest else None
        if found is None or not self.context.budget.take("code", len(text)):
            return [AtomicString(text)]
        content: list[str | Node] = []
        last = ""
        for kind, value in found.get_tokens(text):
            name = _class(kind)
            if content and name == last:
                _append(content, value)
            elif name:
                content.append(make("span", [value], class_=name))
            else:
                content.append(value)
            last = name
        return content


def _append(content: "list[str | Node]", value: str) -> None:
    end = content[-1]
    if isinstance(end, str):
        content[-1] = end + value
    else:
        end.text = (end.text or "") + value


@lru_cache(maxsize=512)
def _class(kind: _TokenType) -> str:
    """Pygments' short class; white space needs none."""
    place: _TokenType | None = kind
    while place is not None and place not in STANDARD_TYPES:
        place = place.parent
    name = STANDARD_TYPES[place] if place is not None else ""
    return "" if name == "w" else name
