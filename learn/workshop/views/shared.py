"""What pages with files share: the storage of this instance."""

from flask import current_app

from learn.config import Config
from learn.core.storage import Storage


def config() -> Config:
    """The settings of this instance."""
    found: Config = current_app.extensions["learn.config"]
    return found


def storage() -> Storage:
    return Storage(config().storage)
