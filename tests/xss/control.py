"""The control: our Markdown without any gate, and templates that escape nothing."""

from typing import Any

from flask import Flask

from learn.core import letters
from learn.markup import convert, guard, output, store
from learn.markup.extensions import figures, links, raw


class _Everything(frozenset[str]):
    """Holds whatever it is asked for."""

    def __contains__(self, _name: object) -> bool:
        return True


def _here(_guard: Any, text: str, profile: Any, resolve: Any, **same: Any) -> Any:
    """Render in this process, where the gates are open."""
    return convert(text, profile, resolve, **same)


def without_sanitiser(app: Flask) -> None:
    """Open both gates and switch escaping off, for the rest of this process."""
    everything: Any = _Everything()
    patched: list[tuple[Any, str, Any]] = [
        (guard.Guard, "render", _here),
        (output, "sanitise", lambda text: text),
        (store, "prefixer", lambda _prefix, _place: lambda text: text),
        (raw, "AUTHORS", everything),
        (raw, "AUTHORS_ATTRIBUTES", everything),
        (raw, "WITH_CONTENT", frozenset[str]()),
        (raw.RawHtml, "_fits", staticmethod(lambda *_: True)),
        (links, "address_ok", lambda _address: True),
        (figures, "address_ok", lambda _address: True),
        (figures.Figures, "apply", lambda _self, _root: None),
        (links.Links, "apply", lambda _self, _root: None),
    ]
    for place, name, value in patched:
        setattr(place, name, value)
    app.jinja_env.autoescape = False
    letters.environment.autoescape = False
