"""Chapters of a book drawn from templates without a request: an environment of our own, escaping on."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from learn.core import i18n

FOLDER = Path(__file__).resolve().parents[1] / "templates" / "takeaway"

environment = Environment(
    autoescape=True,
    loader=FileSystemLoader(FOLDER),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
    extensions=["jinja2.ext.i18n"],
)
environment.globals.update({"_": i18n.text, "gettext": i18n.text, "ngettext": i18n.counted})
environment.globals.update({"day": i18n.day, "month": i18n.month, "minutes": i18n.minutes})
setattr(environment, "newstyle_gettext", True)  # noqa: B010 - set by the extension, unknown to mypy


def drawn(template: str, **values: Any) -> Markup:
    """A template of `learn/courses/templates/takeaway/` with these values."""
    return Markup(environment.get_template(template).render(**values))  # noqa: S704 - escapes its values


def style(name: str) -> bytes:
    """A style sheet that lies beside the templates."""
    return (FOLDER / name).read_bytes()
