"""Pictures from people: made anew from their pixels in a process of its own; nothing else survives."""

import hashlib
import json
import struct
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

from learn.core.access import Refused

LARGEST = 10 * 1024 * 1024
SECONDS = 20.0  # until a picture must be made
TOO_MANY_PIXELS = 3  # the exit code that says so
SIZE = struct.Struct(">II")  # width and height stand before the picture
BOOT = """
import sys, types
for name in ("learn", "learn.core"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [sys.argv[1] + "/" + name.replace(".", "/")]
from learn.core.encoding import main
main()
"""  # never runs learn/__init__.py, which wires the whole application
NO_PICTURE = "Wählen Sie ein Bild im Format JPEG, PNG, WebP oder GIF."
TOO_LARGE = "Wählen Sie ein Bild mit höchstens 10 MB und 40 Megapixeln."
_one_at_a_time = Lock()  # a decoded picture takes up to 160 MB


@dataclass(frozen=True, slots=True)
class Wish:
    """What a picture is to become: `kind` in Pillow's words, at most `side` pixels a side.

    Drawings stay exact where that takes at most `exact` bytes; others lose quality, then pixels, until they
    take at most `aim` bytes (0: no aim). `formats` are taken.
    """

    kind: str = "WEBP"
    side: int = 1600
    exact: int = 300 * 1024
    aim: int = 0
    formats: tuple[str, ...] = ("JPEG", "PNG", "WEBP", "GIF")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as it is stored: without metadata, upright, in sRGB, by default a WebP."""

    data: bytes
    width: int
    height: int

    @property
    def sha(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def reencode(data: bytes, wish: Wish = Wish(), refusal: str = NO_PICTURE) -> Encoded:
    """Make a picture anew from its pixels; nothing else of the file survives. Raises Refused at `picture`.

    In a process of its own (learn/core/encoding.py), which ends with the picture or at its limits.
    """
    if len(data) > LARGEST:
        raise Refused(TOO_LARGE, field="picture")
    folder = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-c", BOOT, folder, json.dumps(asdict(wish))]
    try:
        with _one_at_a_time:
            ended = subprocess.run(
                command,
                input=data,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired as slow:
        raise Refused(TOO_LARGE, field="picture") from slow
    if ended.returncode:
        raise Refused(TOO_LARGE if ended.returncode == TOO_MANY_PIXELS else refusal, field="picture")
    width, height = SIZE.unpack_from(ended.stdout)
    return Encoded(ended.stdout[SIZE.size :], width, height)
