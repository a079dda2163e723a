"""Local values: `[Ihre Verwaltung](var:einrichtung)` keeps its words and says which value replaces them."""

import re

from learn.markup.context import Context
from learn.markup.tree import Node, become

SCHEME = "var:"
_NAME = re.compile(r"[\w-]{1,80}")


def local_value(link: Node, target: str, context: Context) -> bool:
    """Turns a link to a local value into its place; False if the name cannot be one."""
    name = target[len(SCHEME) :].strip()
    if not _NAME.fullmatch(name):
        return False
    if context.kind == "beitrag":
        context.fault("K202", link.line, name=target)
        become(link, "span")
        return True
    if not context.resolve.knows_value(name):
        context.fault("K207", link.line, name=name)
    become(link, "span", {"class": "sc-var", "data-var": name})
    link.identity = target
    return True
