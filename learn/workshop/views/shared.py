"""What pages share: the storage of this instance, names of licences, whose turn it is to have texts drawn."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from flask import current_app, request

from learn.config import Config
from learn.core.access import actor
from learn.core.i18n import gettext as _
from learn.core.pace import Turns
from learn.core.storage import Storage

DRAWING = Turns()
PIECE = 16 * 1024  # characters


def config() -> Config:
    """The settings of this instance."""
    found: Config = current_app.extensions["learn.config"]
    return found


def storage() -> Storage:
    return Storage(config().storage)


def turn() -> AbstractContextManager[None]:
    """While it lasts nothing else is drawn for this person. Raises TooMany (429)."""
    return DRAWING.one(str(actor().owner))


def cost(text: str) -> int:
    """How many tries drawing a text counts as: one for every lesson of a usual length."""
    return max(1, len(text) // PIECE)


def licences() -> dict[str, str]:
    """Licences of pictures by their value, in words."""
    return {
        "CC0-1.0": _("CC0 1.0: frei nutzbar"),
        "CC-BY-4.0": _("CC BY 4.0: frei mit Namensnennung"),
        "CC-BY-SA-4.0": _("CC BY-SA 4.0: frei mit Namensnennung, Weitergabe ebenso"),
        "geschuetzt": _("Geschützt: Wir dürfen es hier zeigen"),
    }


def number(name: str, values: Mapping[str, str] | None = None) -> int:
    """A field that holds a whole number; 0 for anything else. `values`: the form unless others are given."""
    text = (request.form if values is None else values).get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
