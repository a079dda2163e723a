"""PDFs: tagged (PDF/UA-1), German, set by typst in a short-lived process of its own.

The process keeps typst's memory and its faults out of the server. What a paper says goes in as data, never as
typst code; templates lie in `learn/templates/papers/`, import nothing and fetch nothing.
"""

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "papers"
TYPESETTING = Path(__file__).resolve().with_name("typesetting.py")
LIMIT = 20.0  # seconds for one paper
MEMORY = 1024 * 1024 * 1024  # bytes
WAIT = 5.0  # seconds until it is one's turn
_turn = threading.Lock()


class NotMade(Exception):
    """No PDF came about; `str()` is a German sentence for the reader, the cause tells the log."""


def pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    pictures: Mapping[str, bytes] | None = None,
    forgiving: bool = False,
    limit: float = LIMIT,
    memory: int = MEMORY,
) -> bytes:
    """The PDF of `<template>.typ` filled with `data` (JSON values), one at a time per process.

    `pictures` are files by plain names such as `ab12.png`. Takes 0.2 s. Raises NotMade, also for characters
    that none of typst's own fonts has and for broken pictures; a `forgiving` paper names such characters in
    brackets and does without such pictures. `limit` in seconds, `memory` in bytes: what its process may take.
    """
    source = (TEMPLATES / f"{template}.typ").read_text(encoding="utf-8")
    files = {name: base64.b64encode(content).decode() for name, content in (pictures or {}).items()}
    asked = {"template": source, "data": dict(data), "pictures": files, "forgiving": forgiving}
    request = json.dumps({**asked, "memory": memory})
    if not _turn.acquire(timeout=WAIT):
        raise NotMade("Gerade entstehen andere PDF-Dateien. Versuchen Sie es in einer Minute noch einmal.")
    try:
        return typeset(request.encode(), limit)
    finally:
        _turn.release()


def typeset(request: bytes, limit: float = LIMIT) -> bytes:
    """What the process makes of a request. Raises NotMade."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(TYPESETTING)],
            input=request,
            capture_output=True,
            timeout=limit,
            check=False,
            env={},
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise NotMade("Die PDF-Datei ist nicht entstanden. Versuchen Sie es später noch einmal.") from problem
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        told = RuntimeError(done.stderr.decode("utf-8", "replace")[-2000:])
        raise NotMade("Die PDF-Datei lässt sich nicht erzeugen. Lesen Sie den Text auf der Seite.") from told
    return done.stdout
