"""A book as a ZIP of pages that open from a USB stick: no server, no script, nothing from elsewhere."""

from collections.abc import Callable
from typing import BinaryIO

from markupsafe import Markup

from learn.core.i18n import gettext as _
from learn.courses.takeaway.book import Book, Chapter
from learn.courses.takeaway.drawing import drawn, style
from learn.courses.takeaway.epub import nested
from learn.courses.takeaway.stored import Pictures
from learn.courses.takeaway.zipping import Package

ENDING = ".html"
FIRST = "titel"  # opens as index.html


def picture_name(pictures: Pictures) -> Callable[[str], str]:
    """Names pictures as they lie in the ZIP, empty for one that is gone."""

    def name(key: str) -> str:
        sha, _dot, ext = key.partition(".")
        return f"bilder/{sha[:20]}.{ext}" if pictures.holds(key) else ""

    return name


def write(book: Book, pictures: Pictures, target: BinaryIO, step: Callable[[], None] = lambda: None) -> None:
    """Write the ZIP; `step` is called after each picture."""
    files = {chapter.name: file_name(chapter) for chapter in book.chapters}
    neighbours: list[Chapter | None] = [None, *book.chapters, None]
    with Package(target) as package:
        for place, chapter in enumerate(book.chapters, 1):
            page = drawn(
                "folder_page.html",
                book=book,
                chapter=chapter,
                body=Markup(chapter.body),  # noqa: S704 - written by learn.courses.takeaway.wellformed
                files=files,
                tree=[entry for entry in nested(book) if entry[0].name != FIRST],
                first=chapter.name == FIRST,
                before=neighbours[place - 1],
                after=neighbours[place + 1],
            )
            package.add(file_name(chapter), page)
        package.add("stil.css", style("folder.css"))
        package.add("LIESMICH.txt", _("Öffnen Sie die Datei index.html in einem Browser.") + "\r\n")
        for key, path in sorted(book.pictures.items()):
            with pictures.open(key) as file:
                package.copy(path, file)
            step()


def file_name(chapter: Chapter) -> str:
    """The file of a chapter; the title page is where one begins."""
    return "index.html" if chapter.name == FIRST else f"{chapter.name}{ENDING}"
