"""EPUB: clean for EPUBCheck whatever a course holds, the same bytes for the same release."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZIP_STORED, ZipFile

import pytest

from learn.courses.takeaway import epub
from tests.courses.takeaway import rich

PACKAGE = "buch/paket.opf"
NAMES = {"opf": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}


@pytest.fixture(scope="module")
def written(course: rich.Course) -> bytes:
    target = BytesIO()
    epub.write(course.epub(), course.pictures, target)
    return target.getvalue()


def package(data: bytes) -> ET.Element:
    with ZipFile(BytesIO(data)) as packed:
        return ET.fromstring(packed.read(PACKAGE))  # noqa: S314 - our own


def test_epubcheck_finds_nothing(written: bytes, epubcheck: Callable[[Path], str], tmp_path: Path) -> None:
    path = tmp_path / "kurs.epub"
    path.write_bytes(written)
    assert epubcheck(path) == ""


def test_the_same_release_gives_the_same_bytes(course: rich.Course, written: bytes) -> None:
    target = BytesIO()
    epub.write(course.epub(), course.pictures, target)
    assert target.getvalue() == written


def test_the_type_stands_first_and_plain(written: bytes) -> None:
    with ZipFile(BytesIO(written)) as packed:
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
        assert not first.extra
        assert packed.read(first) == b"application/epub+zip"


def test_what_it_says_of_itself(course: rich.Course, written: bytes) -> None:
    root = package(written)
    book = course.epub()
    assert root.findtext(".//dc:title", namespaces=NAMES) == rich.TITLE
    assert root.findtext(".//dc:language", namespaces=NAMES) == "de"
    assert root.findtext(".//dc:rights", namespaces=NAMES) == "CC0 1.0"
    assert root.findtext(".//dc:identifier", namespaces=NAMES) == epub.identifier(book)
    told: dict[str, list[str | None]] = {}
    for meta in root.iterfind(".//opf:meta[@property]", NAMES):
        told.setdefault(meta.attrib["property"], []).append(meta.text)
    assert told["dcterms:modified"] == [f"{book.published_on}T00:00:00Z"]
    assert told["schema:accessMode"] == ["textual", "visual"]
    assert told["schema:accessModeSufficient"] == ["textual", "textual,visual"]
    assert {"tableOfContents", "alternativeText", "MathML"} <= set(told["schema:accessibilityFeature"])
    assert told["schema:accessibilityHazard"] == ["unknown"]  # a GIF may flash
    assert told["schema:accessibilitySummary"]


def test_pictures_have_types_that_every_reader_knows(written: bytes) -> None:
    root = package(written)
    types = {item.get("media-type") or "" for item in root.iterfind(".//opf:item", NAMES)}
    shown = {kind for kind in types if kind.startswith("image/")}
    assert shown == {"image/svg+xml", "image/png", "image/jpeg", "image/gif"}
    with ZipFile(BytesIO(written)) as packed:
        heads = {name: packed.read(name)[:4] for name in packed.namelist() if "bilder/" in name}
    assert {head for name, head in heads.items() if name.endswith(".png")} == {b"\x89PNG"}
    assert {head[:2] for name, head in heads.items() if name.endswith(".jpg")} == {b"\xff\xd8"}
