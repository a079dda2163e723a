"""The preview of a text is what its page will be: the same parts by the same way."""

import time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learn.core.access import Actor, Forbidden, NotFound
from learn.markup.model import Exercise, Plan, Quiz
from learn.workshop import copies, saving
from learn.workshop.preview import Preview, preview
from tests.courses.damages import FINAL, TEST
from tests.courses.folders import FIRST, SECOND, TEXTS, Shelf, change, current, example, lesson, small, write
from tests.factories import make_person

MISSING = """
![](bilder/kasten.svg)

![Ein Gerät](bilder/a.png)

![Ein Gerät](bilder/b&lt;i&gt;.png)
"""
HOSTILE = ("[" * 9_000, "* " * 500, "[a" * 4_000, "> " * 4_000 + "a", "|" * 4_000, "<!-- quiz -->\n" * 600)
AUTHOR = Actor(1, "Jana Hellweg", 1, "Musterstadt", frozenset({"trainer"}))


def drawn(found: Preview) -> list[object]:
    return [part for _kind, part in found.parts]


def html_and_data(parts: tuple[object, ...]) -> list[object]:
    """Parts of a lesson as templates get them."""
    return [part if isinstance(part, Quiz | Exercise | Plan) else part.html for part in parts]  # type: ignore[attr-defined]


def test_every_lesson_looks_as_on_its_page(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    folder = example(tmp_path)
    assert shelf.publish(folder).published
    release = current(db, "beispielkurs")
    seen = set[str]()
    for path in sorted(folder.glob("*/[0-9]*.md")):
        slug = path.name.removesuffix(".md").removesuffix(".einfach").partition("-")[2]
        text = lesson(db, release, slug)
        plain = path.name.endswith(".einfach.md")
        key = f"{text.lesson_id}/einfach" if plain else text.lesson_id
        shown = text.plain if plain else text
        assert shown is not None
        found = preview(db, AUTHOR, key, path.read_text())
        assert drawn(found) == html_and_data(shown.parts)
        assert found.title == shown.title
        seen.update(kind for kind, _part in found.parts)
    assert seen == {"html", "quiz", "exercise", "plan"}


def test_pictures_with_an_error_say_what_is_missing(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    assert shelf.publish(small(tmp_path)).published
    found = preview(db, AUTHOR, "les_aaaaaaaa", TEXTS[FIRST] + MISSING)
    html = "".join(str(part) for kind, part in found.parts if kind == "html")
    assert '<span class="sc-missing" title="bilder/a.png"><span>bilder/a.png</span> <b>Bild nicht' in html
    assert html.count("Alternativtext fehlt") == 1
    assert "<i>" not in html
    assert [(each.code, each.line) for each in found.findings] == [("K502", 24), ("K501", 26), ("K501", 28)]


def test_other_texts_of_a_course_are_previewed_too(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    write(course / FINAL, TEST)
    change(course / "kurs.md", "lizenz:", "abschluss: [lektionen, test]\nlizenz:")
    assert shelf.publish(course).published
    kinds = {}
    for path in ("kurs.md", "glossar.md", "01-anfang/modul.md", FINAL):
        text = (course / path).read_text()
        found = preview(db, AUTHOR, text.split("\n")[1].removeprefix("id: "), text)
        assert not found.findings
        kinds[path] = [kind for kind, _part in found.parts]
    assert kinds == {
        "kurs.md": ["html"],
        "glossar.md": ["term"],
        "01-anfang/modul.md": ["html"],
        FINAL: ["quiz"],
    }


def test_links_lead_to_texts_of_the_copy_that_are_not_published(
    shelf: Shelf, db: Session, tmp_path: Path
) -> None:
    assert shelf.publish(small(tmp_path)).published
    fresh = TEXTS[SECOND].replace("les_bbbbbbbb", "les_cccccccc").replace("titel: Zwei", "titel: Drei")
    saved(db, "les_cccccccc", "01-anfang/03-drei.md", fresh)
    text = TEXTS[FIRST].replace("02-zwei.md#das-zweite", "03-drei.md#das-zweite")
    found = preview(db, AUTHOR, "les_aaaaaaaa", text)
    assert not found.findings
    assert 'href="/kurse/kleiner-kurs/drei#s-das-zweite"' in str(found.parts[0][1])
    found = preview(db, AUTHOR, "les_aaaaaaaa", text.replace("#das-zweite", "#das-vierte"))
    assert [each.code for each in found.findings] == ["K503"]


def test_einfache_sprache_gets_hints(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    assert shelf.publish(small(tmp_path)).published
    sentence = "Die Batterielaufzeitberechnung " + "ist heute hier und dort " * 4 + "gut."
    head = "---\nzu_ausgabe: 1\n---\n\n"
    found = preview(db, AUTHOR, "les_aaaaaaaa/einfach", f"{head}{sentence} {sentence}\n")
    assert found.title == "Eins"
    assert found.words == 46
    words = [each.sentence for each in found.hints]
    assert words[0].startswith("Dieser Satz hat 23 Wörter")
    assert any("Batterielaufzeitberechnung" in each for each in words)


def test_what_is_fine_is_said(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    assert shelf.publish(small(tmp_path)).published
    hints = preview(db, AUTHOR, "les_aaaaaaaa", TEXTS[FIRST]).hints
    assert hints[-1].good
    assert "Bild ist beschrieben" in hints[-1].sentence
    assert hints[0].href == "/werkstatt/lektionen/les_aaaaaaaa?fassung=einfach"


def test_only_authors_get_previews(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    assert shelf.publish(small(tmp_path)).published
    with pytest.raises(Forbidden):
        preview(db, Actor(2, "Ada"), "les_aaaaaaaa", "")
    with pytest.raises(NotFound):
        preview(db, AUTHOR, "les_00000000", "")


@pytest.mark.parametrize(
    "text", ["", "---", "---\n\n---\n", "\x00", "---\na: [\n---\n# x", "x" * 300_000, *HOSTILE]
)
def test_no_text_breaks_the_preview(shelf: Shelf, db: Session, tmp_path: Path, text: str) -> None:
    assert shelf.publish(small(tmp_path)).published
    for key in ("les_aaaaaaaa", "les_aaaaaaaa/einfach", "kur_aaaaaaaa", "mod_aaaaaaaa", "glo_aaaaaaaa"):
        found = preview(db, AUTHOR, key, text)
        assert found.errors


def test_a_text_that_grows_too_large_stops_only_itself(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    assert shelf.publish(small(tmp_path)).published
    text = TEXTS[FIRST] + ("&" * 1_000 + "\n") * 240
    found = preview(db, AUTHOR, "les_aaaaaaaa", text)
    assert found.problem == "Der Text ergibt eine zu große Seite. Kürzen oder teilen Sie ihn."
    assert not found.parts
    assert [each.code for each in found.findings] == ["K108"]
    assert not preview(db, AUTHOR, "les_aaaaaaaa", TEXTS[FIRST]).findings


def saved(db: Session, key: str, path: str, text: str) -> None:
    """A text in the working copy."""
    person = make_person(db, roles=["trainer"])
    copy = copies.copy(db, "kur_aaaaaaaa")
    assert copy is not None
    who = Actor(person.id, person.name, roles=frozenset({"trainer"}))
    fresh = saving.Write(key, path, text)
    saving.apply(db, who, "kur_aaaaaaaa", [fresh], revision=copy.revision, cause="angelegt")
    db.flush()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("unit", "most"),
    [
        ("Ja. Ja nein. ", 4.0),  # sentences, each once looked back from
        ("![a](bilder/nicht.png)\n\n", 6.0),  # findings, each with its line
        ("A. B. C. D. ", 4.0),
    ],
)
def test_what_is_said_of_a_long_text_takes_time_as_it_is_long(
    shelf: Shelf, db: Session, tmp_path: Path, unit: str, most: float
) -> None:
    assert shelf.publish(small(tmp_path)).published
    begun = time.process_time()  # of this process: nobody kills it
    preview(db, AUTHOR, "les_aaaaaaaa", TEXTS[FIRST] + unit * (200_000 // len(unit)))
    assert time.process_time() - begun < most
