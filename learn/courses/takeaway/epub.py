"""A book as EPUB 3 with the metadata of EPUB Accessibility 1.1; the same release gives the same bytes.

WebP has been a core type since EPUB 3.3 only and AVIF is none: both go in as JPEG or PNG, so that older
readers and checkers take the file too.
"""

import uuid
from collections.abc import Callable, Iterator
from textwrap import wrap
from typing import BinaryIO

from markupsafe import Markup

from learn.core.i18n import gettext as _
from learn.core.reencoding import Wish, reencode
from learn.courses.takeaway import drawings
from learn.courses.takeaway.book import GLOSSARY, IMPRINT, SOLUTIONS, Book, Chapter
from learn.courses.takeaway.drawing import drawn, style
from learn.courses.takeaway.stored import Pictures
from learn.courses.takeaway.zipping import Package

ENDING = ".xhtml"
FOLDER = "buch/"
CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    f'<rootfile full-path="{FOLDER}paket.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)
TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
}
FOREIGN = frozenset({"webp", "avif"})
XHTML = "application/xhtml+xml"
BODIES = {"titel": "titlepage", GLOSSARY: "backmatter", SOLUTIONS: "backmatter", IMPRINT: "copyright-page"}
FEATURES = ("tableOfContents", "readingOrder", "structuralNavigation", "displayTransformability")
LINE = 20  # characters of a line on the cover
LINES = 8
BEGINNING = 64 * 1024  # bytes in which a WebP says how it is made
WISH = Wish(kind="PNG", side=1600, formats=("WEBP", "AVIF"))
Item = tuple[str, str, str, str]


def picture_name(pictures: Pictures) -> Callable[[str], str]:
    """Names pictures as they lie in the EPUB, empty for one that is gone."""

    def name(key: str) -> str:
        sha, _dot, ext = key.partition(".")
        if not pictures.holds(key):
            return ""
        return f"bilder/{sha[:20]}.{_kind(pictures, key).lower() if ext in FOREIGN else ext}"

    return name


def write(book: Book, pictures: Pictures, target: BinaryIO, step: Callable[[], None] = lambda: None) -> None:
    """Write the EPUB; `step` is called after each picture. Raises Refused for one that cannot be read."""
    with Package(target) as package:
        package.add("mimetype", "application/epub+zip", plain=True)
        package.add("META-INF/container.xml", CONTAINER)
        package.add(f"{FOLDER}paket.opf", _package(book))
        package.add(f"{FOLDER}stil.css", style("epub.css"))
        package.add(f"{FOLDER}umschlag.svg", _cover(book))
        alt = Markup('<img src="umschlag.svg" alt="{}" class="cover"/>').format(book.title)
        package.add(f"{FOLDER}umschlag.xhtml", _page(book, _("Umschlag"), "cover", alt))
        package.add(f"{FOLDER}inhalt.xhtml", _page(book, _("Inhalt"), "frontmatter", _contents(book)))
        for chapter in book.chapters:
            body = Markup(chapter.body)  # noqa: S704 - written by learn.courses.takeaway.wellformed
            kind = BODIES.get(chapter.name, "bodymatter")
            package.add(f"{FOLDER}{chapter.name}{ENDING}", _page(book, chapter.title, kind, body))
        for key, path in sorted(book.pictures.items()):
            _add_picture(package, pictures, key, path)
            step()


def identifier(book: Book) -> str:
    """One name for one release of one course of this installation, for good."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{book.address}#{book.course_id}/{book.number}").urn


def _kind(pictures: Pictures, key: str) -> str:
    """What a picture becomes whose type is foreign: photos JPEG, drawings PNG."""
    with pictures.open(key) as file:
        head = file.read(BEGINNING)
    transparent = head[12:16] == b"VP8X" and head[20] & 0x10
    exact = head[8:12] == b"WEBP" and (transparent or b"VP8L" in head)
    return "PNG" if exact else "JPG"


def _add_picture(package: Package, pictures: Pictures, key: str, path: str) -> None:
    ext = key.rpartition(".")[2]
    with pictures.open(key) as file:
        if ext == "svg":
            package.add(FOLDER + path, drawings.mended(file.read()))
            return
        if ext not in FOREIGN:
            package.copy(FOLDER + path, file)
            return
        kind = "JPEG" if path.endswith(".jpg") else "PNG"
        made = reencode(file.read(), Wish(kind=kind, side=WISH.side, formats=WISH.formats))
    package.add(FOLDER + path, made.data, plain=True)


def _page(book: Book, title: str, kind: str, body: Markup) -> str:
    return drawn("epub_page.html", language=book.language, title=title, kind=kind, body=body)


def _contents(book: Book) -> Markup:
    start = next((each.name for each in book.chapters if each.level == 2), "titel")
    return drawn("epub_contents.html", tree=nested(book), start=start)


def nested(book: Book) -> list[tuple[Chapter, list[Chapter]]]:
    """Chapters with those that belong to them."""
    found: list[tuple[Chapter, list[Chapter]]] = []
    for chapter in book.chapters:
        if chapter.level == 1:
            found.append((chapter, []))
        else:
            found[-1][1].append(chapter)
    return found


def _cover(book: Book) -> str:
    return drawn("cover.html", book=book, lines=wrap(book.title, LINE)[:LINES])


def _package(book: Book) -> str:
    endings = {path.rpartition(".")[2] for path in book.pictures.values()}
    formulas = any(chapter.formulas for chapter in book.chapters)
    features = [*FEATURES, *(["alternativeText"] if endings else []), *(["MathML"] if formulas else [])]
    return drawn(
        "epub_package.html",
        book=book,
        identifier=identifier(book),
        modified=f"{book.published_on.isoformat()}T00:00:00Z",
        modes=["textual", "visual"] if endings else ["textual"],
        features=features,
        hazards=["unknown"] if "gif" in endings else ["none"],
        summary=_summary(pictures=bool(endings), formulas=formulas),
        items=list(_items(book)),
        spine=["umschlag", "inhalt", *(f"k-{chapter.name}" for chapter in book.chapters)],
    )


def _summary(*, pictures: bool, formulas: bool) -> str:
    sentences = [
        _("Überschriften, Listen und Tabellen sind ausgezeichnet, das Inhaltsverzeichnis ist verlinkt.")
    ]
    if pictures:
        sentences.append(_("Bilder, die etwas mitteilen, sind in Worten beschrieben."))
    if formulas:
        sentences.append(_("Formeln liegen als MathML vor."))
    return " ".join(sentences)


def _items(book: Book) -> Iterator[Item]:
    yield "stil", "stil.css", "text/css", ""
    yield "umschlag-bild", "umschlag.svg", TYPES["svg"], "cover-image"
    yield "umschlag", "umschlag.xhtml", XHTML, ""
    yield "inhalt", "inhalt.xhtml", XHTML, "nav"
    for chapter in book.chapters:
        yield f"k-{chapter.name}", f"{chapter.name}{ENDING}", XHTML, "mathml" if chapter.formulas else ""
    for number, (_key, path) in enumerate(sorted(book.pictures.items()), 1):
        yield f"bild-{number}", path, TYPES[path.rpartition(".")[2]], ""
