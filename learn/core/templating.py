"""Templates whose constant parts are worked out when they are compiled, not for each page.

A page looks up a hundred texts, addresses and symbols that never change within a process, and Jinja asks of
each function it calls whether that wants the context. Both took a third of a page's time.
"""

from collections.abc import Callable, MutableMapping
from keyword import iskeyword
from typing import Any

import jinja2
from flask.templating import Environment as FlaskEnvironment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import escape

from learn.core import i18n
from learn.core.assets import asset

SYMBOLS = "components/icon.html"  # its macro `icon`, called with a name, gives the same on every page


class Template(jinja2.Template):
    """Templates whose macros see the environment's globals only, so that one module of them serves all.

    Jinja asks at each import whether the importing page has other globals; ours never have, and asking
    took an eighth of a page's time.
    """

    def _get_default_module(self, _context: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class Constants(NodeTransformer):
    """Puts what a call gives in place of the call, where its name and one literal decide it."""

    def __init__(self, known: dict[str, Callable[[str], str]]) -> None:
        self.known = known

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name
        """The call, or what it gives."""
        self.generic_visit(node)
        give = self.known.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if give is None or node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) != 1:
            return node
        literal = node.args[0]
        if not isinstance(literal, nodes.Const) or not isinstance(literal.value, str):
            return node
        return nodes.Const(give(literal.value), lineno=node.lineno)


class Code(CodeGenerator):
    """Calls functions straight: none of ours wants the context, and macros know how their file escapes."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """As Jinja does it, without its detour."""
        if node.dyn_args or node.dyn_kwargs or any(iskeyword(each.key) for each in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for each in (*node.args, *node.kwargs):
            self.visit(each, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")


class Environment(FlaskEnvironment):
    """The environment of the application's templates."""

    template_class = Template
    code_generator_class = Code

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.loaded: dict[str, jinja2.Template] = {}

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> jinja2.Template:
        """A template by its name; each import on a page asks, so those of this process are kept at hand."""
        found = None if globals or not isinstance(name, str) else self.loaded.get(name)
        if found is None:
            found = super().get_template(name, parent, globals)
            if isinstance(name, str) and not self.auto_reload:
                self.loaded[name] = found
        return found

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        known: dict[str, Callable[[str], str]] = {"asset": lambda each: escape(asset(each))}
        if self.globals.get("_") is i18n.text:  # with a second language texts differ from page to page
            known["_"] = i18n.plain
        if name != SYMBOLS:
            known["icon"] = getattr(self.get_template(SYMBOLS).module, "icon")  # noqa: B009
        return super()._generate(Constants(known).visit(source), name, filename, defer_init)
