"""Markdown to sanitised parts; pure, without Flask and without a database.

What renders is loaded when it is asked for: servers ask the guard, whose child process carries it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from learn.markup.rendering import convert, render

__all__ = ["RENDERER", "convert", "render"]
RENDERER = 2  # raised whenever the same source may give other HTML


def __getattr__(name: str) -> Any:
    """`render` and `convert` at first use."""
    if name in {"render", "convert"}:
        return getattr(import_module("learn.markup.rendering"), name)
    raise AttributeError(name)
