"""Making a picture anew from its pixels, in a process of its own: the picture in, the WebP out.

A picture decoded takes up to 160 MB and its libraries 10, which no server process should carry; and a
picture made to harm them ends here.
"""

import io
import resource
import struct
import sys
import warnings
from typing import Any

from PIL import Image, ImageCms, ImageOps

PIXELS = 40_000_000
SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
DRAWN = frozenset({"PNG", "GIF"})  # screenshots and drawings: kept exactly while that is small
EXACT = 300 * 1024
MEMORY = 1536 * 1024 * 1024
SECONDS = 20
NO_PICTURE, TOO_MANY_PIXELS = 2, 3  # exit codes


class TooManyPixels(Exception):
    """The head of the file claims more than we decode."""


def main() -> None:
    """Read a picture from standard input, write width, height and the WebP to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    warnings.simplefilter("ignore")
    try:
        with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=FORMATS) as image:
            _check_size(image)
            data, width, height = _encoded(image)
    except TooManyPixels:
        sys.exit(TOO_MANY_PIXELS)
    except Exception:  # noqa: BLE001 - whatever a damaged file makes of the libraries
        sys.exit(NO_PICTURE)
    sys.stdout.buffer.write(struct.pack(">II", width, height) + data)


def _check_size(image: Any) -> None:
    """By what its head says: nothing is decoded yet."""
    if image.width * image.height > PIXELS:
        raise TooManyPixels


def _encoded(image: Any) -> tuple[bytes, int, int]:
    drawn = image.format in DRAWN
    if image.format == "JPEG":
        image.draft("RGB", (SIDE, SIDE))  # decodes a large photo at a fraction of its size
    upright = ImageOps.exif_transpose(image)
    small = _plain(_in_srgb(upright))
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    clean = Image.new(small.mode, small.size)  # bears the pixels alone
    clean.paste(small)
    data = _webp(clean, lossless=True) if drawn else b""
    if not data or len(data) > EXACT:
        data = _webp(clean, quality=82)
    return data, clean.width, clean.height


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


def _webp(image: Any, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", method=4, **options)
    return out.getvalue()
