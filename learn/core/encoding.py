"""Making a picture anew from its pixels, in a process of its own: the picture in, the new one out.

A picture decoded takes up to 160 MB and its libraries 10, which no server process should carry; and a
picture made to harm them ends here. The first argument after the program's folder says what is wanted, as
JSON: `kind`, `side`, `exact`, `aim`, `formats` (learn/core/reencoding.py explains them).
"""

import io
import json
import resource
import struct
import sys
import warnings
from typing import Any

from PIL import Image, ImageCms, ImageOps

PIXELS = 40_000_000
DRAWN = frozenset({"PNG", "GIF"})  # screenshots and drawings: kept exactly while that is small
QUALITIES = (82, 74, 66, 58)
SMALLER = 0.8  # of the sides, where even the last quality is too large
LEAST = 640  # pixels of the longer side
MEMORY = 1536 * 1024 * 1024
SECONDS = 20
NO_PICTURE, TOO_MANY_PIXELS = 2, 3  # exit codes


class TooManyPixels(Exception):
    """The head of the file claims more than we decode."""


def main() -> None:
    """Read a picture from standard input, write width, height and the new one to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    warnings.simplefilter("ignore")
    wish = json.loads(sys.argv[2])
    try:
        with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=wish["formats"]) as image:
            _check_size(image)
            data, width, height = _encoded(image, wish)
    except TooManyPixels:
        sys.exit(TOO_MANY_PIXELS)
    except Exception:  # noqa: BLE001 - whatever a damaged file makes of the libraries
        sys.exit(NO_PICTURE)
    sys.stdout.buffer.write(struct.pack(">II", width, height) + data)


def _check_size(image: Any) -> None:
    """By what its head says: nothing is decoded yet."""
    if image.width * image.height > PIXELS:
        raise TooManyPixels


def _encoded(image: Any, wish: dict[str, Any]) -> tuple[bytes, int, int]:
    drawn, side = image.format in DRAWN, wish["side"]
    if image.format == "JPEG":
        image.draft("RGB", (side, side))  # decodes a large photo at a fraction of its size
    upright = ImageOps.exif_transpose(image)
    small = _plain(_in_srgb(upright))
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    clean = Image.new(small.mode, small.size)  # bears the pixels alone
    clean.paste(small)
    if wish["kind"] in {"PNG", "GIF"}:
        return _saved(clean, wish["kind"], optimize=True), clean.width, clean.height
    data = _saved(clean, "WEBP", lossless=True) if drawn and wish["kind"] == "WEBP" else b""
    if data and len(data) <= wish["exact"]:
        return data, clean.width, clean.height
    return _lossy(clean, wish["kind"], wish["aim"])


def _lossy(clean: Any, kind: str, aim: int) -> tuple[bytes, int, int]:
    """The best that stays within the aim (0: none): less quality first, then fewer pixels."""
    if kind == "JPEG" and clean.mode == "RGBA":
        white = Image.new("RGB", clean.size, "white")
        white.paste(clean, mask=clean.getchannel("A"))
        clean = white
    while True:
        for quality in QUALITIES:
            data = _saved(clean, kind, quality=quality)
            if not aim or len(data) <= aim:
                return data, clean.width, clean.height
        if max(clean.size) * SMALLER < LEAST:
            return data, clean.width, clean.height
        sides = (max(1, int(clean.width * SMALLER)), max(1, int(clean.height * SMALLER)))
        clean = clean.resize(sides, Image.Resampling.LANCZOS)


def _plain(image: Any) -> Any:
    """Eight bits a channel, with transparency where there was one."""
    if image.mode in {"RGB", "RGBA"}:
        return image
    return image.convert("RGBA" if image.mode in {"LA", "PA"} or "transparency" in image.info else "RGB")


def _in_srgb(image: Any) -> Any:
    """The same colours without a profile; one that cannot be read is left out."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return image


def _saved(image: Any, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    more = {"method": 4} if kind == "WEBP" else {"speed": 8} if kind == "AVIF" else {}
    image.save(out, kind, **more, **options)
    return out.getvalue()
