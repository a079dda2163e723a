"""A course as PDF: everything of its lessons, in order, tagged for readers, nothing of its Abschlusstest."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from learn.core import paper
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import queries
from learn.courses.library import CourseRelease, LessonText
from learn.courses.takeaway.document import Document, course_pdf, settable, used_terms
from learn.markup.model import Html
from tests.core.pdf_text import text_of
from tests.courses.folders import SVG, Shelf, change, current, example
from tests.markup.support import lesson

Course = tuple[
    tuple[CourseRelease, tuple[LessonText, ...], list[queries.TermText]], Callable[[str], bytes | None]
]
URL = "https://lernen.example.org"
ODD_SVG = SVG.replace("</svg>", "<text>🚀 漢 Ş</text></svg>")
HOSTILE = ("> ", "- a", "- ", "<span>a", "<div><b>a", "<details>\n\n- a", "<table><tr><td>a")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = example(tmp_path_factory.mktemp("kurs"))
    odd = "\n\nZeichen: 🚀 漢字, Ş ś ğ ő Ł ẞ, ✅.\n"
    path = course / "02-betrieb" / "02-werte-nutzen.md"
    change(path, "## Mittelwerte\n", f"## Mittelwerte{odd}")
    return course


@pytest.fixture(scope="module")
def course(folder: Path, blank_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """The example course, published, and its pictures."""
    place = tmp_path_factory.mktemp("instanz")
    (place / "learn.sqlite3").write_bytes(blank_sqlite.read_bytes())
    database, storage = Database(f"sqlite:///{place / 'learn.sqlite3'}"), Storage(place)
    assert Shelf(database, storage).publish(folder).published
    with database.reading() as session:
        release = current(session, "beispielkurs")
        texts = queries.lessons(session, release)
        terms = [term for slug in used_terms(release, texts) for term in queries.term(session, slug)]

    def picture(address: str) -> bytes | None:
        with storage.open(address.removeprefix("/medien/")) as file:
            return file.read()

    yield (release, texts, terms), picture
    database.dispose()


@pytest.fixture(scope="module")
def made(course: Course) -> bytes:
    found, picture = course
    return course_pdf(*found, picture, network="Smart Cities: Schule", base_url=URL)


@pytest.fixture(scope="module")
def words(made: bytes) -> str:
    return squeezed(text_of(made))


def squeezed(text: str) -> str:
    """Without white space, and with words that were parted at the end of a line."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text.replace("\u2010", "-"))


def alone(course: Course, *parts: Html, picture: Any = lambda _address: None) -> bytes:
    """The PDF of a course of one lesson with these parts."""
    (release, texts, _terms), _picture = course
    lessons = [replace(texts[0], parts=parts)]
    return course_pdf(release, lessons, (), picture, network="Netz", base_url=URL)


def blue(kind: str) -> bytes:
    """A small picture of this kind."""
    file = io.BytesIO()
    Image.new("RGB", (30, 15), "blue").save(file, kind)
    return file.getvalue()


def test_the_file_is_tagged_titled_and_german(made: bytes) -> None:
    for part in (
        b"/StructTreeRoot",
        b"/MarkInfo<</Marked true",
        b"/Lang(de)",
        b"/DisplayDocTitle true",
        b"pdfuaid:part>1<",
        b"/Outlines",
        b"/Title(Sensoren im Rathaus)",
    ):
        assert part in made, part


def test_structure_names_headings_lists_tables_notes_and_contents(made: bytes) -> None:
    tags = re.findall(rb"/S/([A-Za-z0-9]+)", made)
    for tag in (b"Title", b"TOC", b"H1", b"H2", b"H3", b"L", b"Table", b"TH", b"TD", b"Caption", b"Note"):
        assert tag in tags, tag
    assert tags.count(b"Figure") == len(re.findall(rb"/Alt[<(]", made)) == 1
    alt = "Messkette in".encode("utf-16-be").hex().upper()
    assert f"/Alt<FEFF{alt}".encode() in made


def test_everything_of_the_course_stands_in_it(words: str) -> None:
    for expected in (
        "Sensoren im Rathaus",
        "Smart Cities: Schule",
        "Nach diesem Kurs können Sie",
        "Modul 1: Grundlagen",
        "Was Sensoren im Rathaus messen",
        "Nach dieser Lektion können Sie",
        "Zuletzt geprüft: September 2026",
        "Welche Größe erinnert ans Lüften?",
        "Eine Antwort ankreuzen.",
        "Mein Fahrplan",
        "Abschrift des Videos",
        "video.example.org",
        "Lösungen",
        "CO2-Gehalt",
        "Begriffe",
        "Quellen und Lizenz",
        "CC0 1.0",
        "lernen.example.org/kurse/beispielkurs",
    ):
        assert squeezed(expected) in words, expected


def test_lessons_follow_in_their_order_and_solutions_after_them(course: Course) -> None:
    found, _picture = course
    blocks = Document(*found, network="Netz", base_url=URL).data()["blocks"]
    tops = [block["c"][0] for block in blocks if block["k"] == "h" and block["level"] <= 2]
    lessons = [text.title for text in found[1]]
    assert [title for title in tops if title in lessons][: len(lessons)] == lessons
    assert tops[-2:] == ["Quellen und Lizenz", "Einzelne Lektionen"]
    kinds = [block["k"] for block in blocks]
    assert max(place for place, kind in enumerate(kinds) if kind == "question") < kinds.index("solution")


def test_questions_are_asked_without_telling_what_is_right(course: Course) -> None:
    found, _picture = course
    blocks = Document(*found, network="Netz", base_url=URL).data()["blocks"]
    for block in blocks:
        if block["k"] == "question":
            assert "right" not in block
            assert "explanation" not in block


def test_nothing_of_the_final_test_is_in_it(folder: Path, words: str) -> None:
    test = (folder / "fragen" / "abschluss.md").read_text()
    lines = re.findall(r"^## (.*)$|^- \[.\] (.{5,})$|^\d\. \[.\] (.{5,})$", test, re.MULTILINE)
    asked = [squeezed(next(filter(None, line))) for line in lines]
    assert len(asked) > 6
    assert [text for text in asked if text in words] == []


def test_letters_of_europe_stay_and_signs_without_glyph_get_names(words: str) -> None:
    assert squeezed("Zeichen: [Rocket] [Schriftzeichen U+6F22 U+5B57], Ş ś ğ ő Ł ẞ, ✓.") in words


def test_pictures_of_all_kinds_and_none(course: Course) -> None:
    found: list[bytes | None] = [blue(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "AVIF")]
    found += [SVG.encode(), ODD_SVG.encode(), b"kaputt", b"<svg", b"\xff\xd8\xff\xe0", b"", None]
    pictures = {f"/medien/{number:064x}.png": content for number, content in enumerate(found)}
    image = '<p><img src="{}" alt="Bild {}." width="300" height="150"></p>'
    html = "".join(image.format(address, number) for number, address in enumerate(pictures))
    made = alone(course, Html(html), picture=pictures.get)
    assert made.count(b"/S/Figure") == 7
    words = squeezed(text_of(made))
    assert [number for number in range(12) if f"Bild:Bild{number}." in words] == [7, 8, 9, 10, 11]


def test_photos_become_jpeg_and_what_cannot_be_read_stays() -> None:
    assert settable(blue("AVIF"))[:3] == b"\xff\xd8\xff"
    broken = b"RIFF\0\0\0\0WEBPVP8 x"
    assert settable(broken) == broken


def test_hostile_texts_come_about(course: Course) -> None:
    sources = [unit * 60 for unit in HOSTILE]
    sources += ["| a |\n|---|\n" + "| " + "b" * 300 + " |\n", "x[^1]\n\n[^1]: - a\n"]
    parts = [part for source in sources for part in lesson(source).parts if isinstance(part, Html)]
    code = Html(r"<p>#import x $y$ *z* _a_ @b \ ``` = // /* ~ ... \u{41}</p>")
    made = squeezed(text_of(alone(course, *parts, code)))
    assert squeezed(r"#import x $y$ *z* _a_ @b \ ``` = // /* ~ ... \u{41}") in made


def test_the_same_course_is_the_same_file(course: Course, made: bytes) -> None:
    found, picture = course
    assert course_pdf(*found, picture, network="Smart Cities: Schule", base_url=URL) == made


def test_a_course_that_takes_too_long_is_given_up(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("learn.courses.takeaway.document.LIMIT", 0.01)
    with pytest.raises(paper.NotMade, match="Versuchen Sie es später"):
        alone(course)
