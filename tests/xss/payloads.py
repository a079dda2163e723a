"""Lists of hostile texts: records, lists of strings, or one text per line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIELDS = ("payload", "string", "vector", "text")


def read(path: Path) -> list[str]:
    """All texts of a file, or of the `.json` and `.txt` files of a folder; each once, in order."""
    files = sorted([*path.glob("*.json"), *path.glob("*.txt")]) if path.is_dir() else [path]
    found = {text: None for file in files for text in _texts(file) if text.strip()}
    return list(found)


def _texts(file: Path) -> Iterator[str]:
    if file.suffix == ".json":
        yield from _strings(json.loads(file.read_text(encoding="utf-8")))
    else:
        yield from file.read_text(encoding="utf-8", errors="replace").splitlines()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        named = [value[name] for name in FIELDS if isinstance(value.get(name), str)]
        if named:
            yield named[0]
        else:
            for item in value.values():
                if isinstance(item, list):
                    yield from _strings(item)
