"""What pages with files share: the storage of this instance, names of licences."""

from flask import current_app

from learn.config import Config
from learn.core.i18n import gettext as _
from learn.core.storage import Storage


def config() -> Config:
    """The settings of this instance."""
    found: Config = current_app.extensions["learn.config"]
    return found


def storage() -> Storage:
    return Storage(config().storage)


def licences() -> dict[str, str]:
    """Licences of pictures by their value, in words."""
    return {
        "CC0-1.0": _("CC0 1.0: frei nutzbar"),
        "CC-BY-4.0": _("CC BY 4.0: frei mit Namensnennung"),
        "CC-BY-SA-4.0": _("CC BY-SA 4.0: frei mit Namensnennung, Weitergabe ebenso"),
        "geschuetzt": _("Geschützt: Wir dürfen es hier zeigen"),
    }
