"""Words in drawings: what stands out too little is named, what cannot be told is not."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.workshop.contrast import contrast, faint
from learn.workshop.preview import preview
from tests.courses.folders import FIRST, TEXTS, Shelf, small, write

AUTHOR = Actor(1, "Jana Hellweg", 1, "Musterstadt", frozenset({"trainer"}))


def svg(inner: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90">{inner}</svg>'.encode()


def test_contrast_is_that_of_wcag() -> None:
    assert round(contrast((0, 0, 0), (255, 255, 255)), 2) == 21
    assert round(contrast((119, 119, 119), (255, 255, 255)), 2) == 4.48


@pytest.mark.parametrize(
    ("inner", "named"),
    [
        ('<text x="5" y="20" fill="#999">grau</text>', ["grau"]),
        ('<text x="5" y="20" fill="#333">dunkel</text>', []),
        ('<text x="5" y="20">schwarz</text>', []),
        ('<text x="5" y="30" fill="#888" font-size="26">gross</text>', []),
        ('<text x="5" y="20" style="fill:#999999">grau</text>', ["grau"]),
        ('<g fill="#999"><text x="5" y="20">geerbt</text></g>', ["geerbt"]),
        ('<rect width="90" height="90" fill="#163582"/><text x="5" y="20" fill="#fff">weiss</text>', []),
        ('<rect width="90" height="90" fill="#163582"/><text x="5" y="20">schwarz</text>', ["schwarz"]),
        (
            '<rect width="9" height="9" y="80" fill="#000"/><text x="5" y="20" fill="#fff">weiss</text>',
            ["weiss"],
        ),
        (
            '<circle cx="20" cy="20" r="9"/><text x="20" y="24" fill="#fff" text-anchor="middle">1</text>',
            [],
        ),
        ('<path d="M0 0h90v90z" fill="#000"/><text x="5" y="20" fill="#fff">vielleicht</text>', []),
        (
            '<rect width="100%" height="100%" fill="#000"/><text x="5" y="20" fill="#fff">vielleicht</text>',
            [],
        ),
        (
            '<g transform="scale(2)"><rect width="9" height="9"/></g><text x="5" y="20" fill="#fff">a</text>',
            [],
        ),
        ('<rect width="90" height="90" fill="url(#a)"/><text x="5" y="20" fill="#fff">Verlauf</text>', []),
        ('<text x="5" y="20" fill="url(#a)">Verlauf</text>', []),
        ('<style>text{fill:#999}</style><text x="5" y="20" fill="#999">Blatt</text>', []),
        ('<rect width="90" height="90" fill="none"/><text x="5" y="20" fill="#ddd">hell</text>', ["hell"]),
        ('<text x="5" y="20">dunkel <tspan fill="#bbb">hell</tspan></text>', ["hell"]),
    ],
)
def test_words_that_stand_out_too_little_are_named(inner: str, named: list[str]) -> None:
    assert [each.words for each in faint(svg(inner))] == named


@pytest.mark.parametrize("data", [b"", b"<svg", b"\xff\xfe", b"<svg></a>", b"GIF89a", svg("<g>" * 3000)])
def test_no_bytes_break_it(data: bytes) -> None:
    assert faint(data) == ()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_checks_while_writing_name_the_drawing(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    write(course / "01-anfang/bilder/kasten.svg", svg('<text x="5" y="20" fill="#999">grau</text>'))
    assert shelf.publish(course).published
    found = preview(db, AUTHOR, "les_aaaaaaaa", TEXTS[FIRST], shelf.storage)
    (line,) = found.findings
    assert line.sentence == "Schrift im Bild hebt sich zu wenig ab: „grau“ hat 2,8 zu 1, nötig sind 4,5 zu 1."
    assert TEXTS[FIRST].split("\n")[line.line - 1] == "![Ein Kasten](bilder/kasten.svg)"
