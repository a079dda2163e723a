"""Addresses of built files: the manifest of the build turns names into hashed addresses."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

STATIC = Path(__file__).resolve().parent.parent / "static"


class NotBuiltError(Exception):
    """The folder `static/` is missing; the message is one German sentence."""


@cache
def manifest(folder: Path = STATIC) -> Mapping[str, str]:
    """Names such as `app.css` and their hashed file names, read once. Raises NotBuiltError."""
    try:
        text = (folder / "manifest.json").read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        raise NotBuiltError(
            "Die gebauten Dateien fehlen. Starten Sie „python -m learn.assets.build“."
        ) from missing
    return MappingProxyType(json.loads(text))


def asset(name: str) -> str:
    """Give the address of a built file: `app.css` is at `/static/app.<hash>.css`.

    Raises KeyError for a name the build does not make, NotBuiltError before the first build.
    """
    return f"/static/{manifest()[name]}"
