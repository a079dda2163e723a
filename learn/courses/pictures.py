"""Pictures by their content: kind, size in CSS pixels, and whether a browser may safely show them."""

import io
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from PIL import Image

from learn.markup.sanitise import svg_is_safe

LIMIT = 5 * 1024 * 1024
PIXELS = 50_000_000  # a decoded picture of this size takes 200 MB in a browser
FORMATS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"})
TURNED = range(5, 9)  # EXIF orientations that swap width and height
UNITS = {
    "": 1.0,
    "px": 1.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
    "pt": 96 / 72,
    "pc": 16.0,
    "em": 16.0,
}
LENGTH = re.compile(r"\s*\+?([0-9]*\.?[0-9]+(?:[eE][0-9]{1,2})?)\s*([a-z]*)\s*")
LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture's kind (its extension in addresses) and size in CSS pixels."""

    ext: str
    width: int
    height: int


def inspect(data: bytes) -> Seen | None:
    """What the bytes show, or None when they are no picture that a browser may safely show (K509).

    Only headers are read; nothing is decoded.
    """
    return _raster(data) or _svg(data)


def looks_like_one(path: Path | str) -> bool:
    """Whether the name claims to be a picture."""
    return Path(path).suffix.lower() in SUFFIXES


def _raster(data: bytes) -> Seen | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as image:
                width, height = image.size
                turned = image.getexif().get(0x0112) in TURNED if image.format == "JPEG" else False
                ext = FORMATS.get(image.format or "")
    except Exception:  # noqa: BLE001 - what decoders raise on damaged bytes is written nowhere
        return None
    if ext is None or not 0 < width * height <= PIXELS:
        return None
    return Seen(ext, height, width) if turned else Seen(ext, width, height)


def _svg(data: bytes) -> Seen | None:
    attributes = _root(data) if svg_is_safe(data) else None
    if attributes is None:
        return None
    width, height = _length(attributes.get("width")), _length(attributes.get("height"))
    if not width or not height:
        width, height = _ratio(attributes.get("viewBox", ""), width, height)
    return Seen("svg", _pixels(width), _pixels(height))


def _root(data: bytes) -> dict[str, str] | None:
    """The attributes of the root element when it is `svg`."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        if not found:
            found.append((name, attributes))

    parser.StartElementHandler = start
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):  # the latter two: an encoding expat does not know
        return None
    return found[0][1] if found and found[0][0].rpartition(":")[2] == "svg" else None


def _length(value: str | None) -> float:
    """CSS pixels, 0 where the value is missing or depends on its surroundings."""
    match = LENGTH.fullmatch((value or "").lower())
    return float(match[1]) * UNITS.get(match[2], 0.0) if match else 0.0


def _ratio(box: str, width: float, height: float) -> tuple[float, float]:
    """Sides from the view box where one or both are missing, else 300 × 150."""
    parts = re.split(r"[\s,]+", box.strip())
    across, down = (_length(part) for part in parts[2:]) if len(parts) == 4 else (0.0, 0.0)
    if not across or not down:
        return width or 300.0, height or 150.0
    if width:
        return width, width * down / across
    if height:
        return height * across / down, height
    return across, down


def _pixels(length: float) -> int:
    return min(max(round(length), 1), LARGEST)
