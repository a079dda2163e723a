"""Pictures on their way into a course: made anew from what is seen of them; drawings must be harmless."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from learn.core.access import Refused
from learn.core.reencoding import LARGEST, Wish, reencode
from learn.core.storage import Storage
from learn.courses import pictures
from learn.workshop import stripping

AIM = 150 * 1024  # bytes: what content.md (K510) asks for
SIDE = 1600
SVG_LARGEST = 2 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
KINDS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "avif": "AVIF"}  # all else: WebP
EXTENSIONS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "AVIF": "avif", "WEBP": "webp"}
NO_FILE = "Wählen Sie ein Bild aus."
NO_PICTURE = "Wählen Sie ein Bild im Format JPEG, PNG, GIF, WebP, AVIF oder SVG. Diese Datei ist keines."
TOO_LARGE = "Wählen Sie ein Bild mit höchstens 10 MB und 40 Megapixeln."
SVG_TOO_LARGE = "Wählen Sie eine Zeichnung mit höchstens 2 MB."
UNSAFE = (
    "Diese SVG-Datei enthält Skripte, fremde Inhalte oder Verweise nach außen. "
    "Speichern Sie sie im Zeichenprogramm als „einfaches SVG“ oder als PNG."
)
STAYS_SVG = (
    "Hier liegt eine Zeichnung (SVG). Ersetzen Sie sie durch eine Zeichnung oder fügen Sie ein Bild hinzu."
)
STAYS_RASTER = "Hier liegt ein Bild, keine Zeichnung. Fügen Sie die SVG-Datei als neues Bild hinzu."


@dataclass(frozen=True, slots=True)
class Ready:
    """A picture as it will be stored. `ext` is its kind, `width` and `height` are CSS pixels.

    `origin`: hash of the bytes that were sent, which a release may hold as they are.
    """

    data: bytes
    ext: str
    width: int
    height: int
    origin: str = ""

    @property
    def sha(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def key(self) -> str:
        """Where the storage holds it."""
        return f"{self.sha}.{self.ext}"


def prepare(data: bytes, *, instead_of: str = "") -> Ready:
    """What a course may hold of these bytes. Raises Refused at `picture`, with what to do.

    `instead_of`: path of the picture that this one replaces; it keeps its format, because its name says it.
    Slow: call it before the write transaction.
    """
    if not data:
        raise Refused(NO_FILE, field="picture")
    if len(data) > LARGEST:
        raise Refused(TOO_LARGE, field="picture")
    ending = PurePosixPath(instead_of).suffix.lower().lstrip(".")
    if claims_svg(data):
        return _svg(data, ending)
    if ending == "svg":
        raise Refused(STAYS_SVG, field="picture")
    kind = KINDS.get(ending, "WEBP")
    made = reencode(data, Wish(kind, SIDE, AIM, AIM, FORMATS), NO_PICTURE)
    return Ready(made.data, EXTENSIONS[kind], made.width, made.height, hashlib.sha256(data).hexdigest())


def store(storage: Storage, picture: Ready) -> None:
    """Keep the bytes, before the row that names them is written; anew, so that no removal meets them."""
    storage.save(picture.key, picture.data)


def claims_svg(data: bytes) -> bool:
    """Whether the bytes begin as a text with an `svg` element would."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return (head.startswith(b"<") and b"<svg" in data[:65536].lower()) or head.lower().startswith(b"<?xml")


def _svg(data: bytes, ending: str) -> Ready:
    if ending not in {"", "svg"}:
        raise Refused(STAYS_RASTER, field="picture")
    if len(data) > SVG_LARGEST:
        raise Refused(SVG_TOO_LARGE, field="picture")
    seen = pictures.inspect(data)
    if seen is None or seen.ext != "svg":
        raise Refused(UNSAFE if b"<svg" in data.lower() else NO_PICTURE, field="picture")
    sent = hashlib.sha256(data).hexdigest()
    return Ready(stripping.stripped(data), "svg", seen.width, seen.height, sent)
