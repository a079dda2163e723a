"""The editor as an authoring tool (EN 301 549, 11.8): asks for what makes texts accessible, and keeps it."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.workshop import pasting
from learn.workshop.preview import preview
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, TEXTS, Shelf, small
from tests.factories import make_person

AUTHOR = Actor(1, "Jana", roles=frozenset({"trainer"}))
LESSON = "les_aaaaaaaa"
EDITOR = f"/werkstatt/lektionen/{LESSON}"
BARRIERS = {
    "K502": "![](bilder/kasten.svg)",
    "K504": "## Oben\n\n#### Zu tief",
    "K506": "Mehr dazu steht [hier](https://example.org/seite).",
    "K507": "| | Wert |\n|---|---|\n| Luft | 21 |",
    "K508": "[Video: Montage (2:30)](https://video.example.org/montage)",
}


@pytest.fixture(autouse=True)
def course(shelf: Shelf, tmp_path: Path) -> None:
    """The small course is published."""
    assert shelf.publish(small(tmp_path)).published


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("code", BARRIERS)
def test_each_barrier_is_named_with_its_line_and_what_to_do(db: Session, code: str) -> None:
    """11.8.4: repair assistance."""
    before = TEXTS[FIRST].rstrip("\n")
    found = preview(db, AUTHOR, LESSON, f"{before}\n\n{BARRIERS[code]}\n").findings
    (fault,) = [each for each in found if each.code == code]
    assert fault.line > before.count("\n")
    assert fault.sentence.endswith(".")
    assert code not in {each.code for each in preview(db, AUTHOR, LESSON, TEXTS[FIRST]).findings}


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_forms_ask_for_what_makes_it_accessible(client: CheckingClient, db: Session) -> None:
    """11.8.2: descriptions, column heads, words of links, transcripts; 11.8.5: forms are templates."""
    sign_in(client, make_person(db, roles=["trainer"]))
    for what, words in {
        "bild": "Was ist zu sehen?",
        "tabelle": "Spalte 1",
        "verweis": "Sagen Sie, wohin der Link führt.",
        "video": "Abschrift",
    }.items():
        assert words in client.get(f"{EDITOR}/einfuegen/{what}").text, what
    answer = client.submit(
        f"{EDITOR}/einfuegen/verweis",
        {"step": "einfuegen", "address": "https://example.org/", "text": "Hier"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert "Schreiben Sie, wohin der Link führt." in answer.text


def test_what_was_accessible_elsewhere_stays_so() -> None:
    """11.8.3: structure, heads of tables and descriptions of pictures survive pasting."""
    made = pasting.markdown(
        "<h2>Oben</h2><h4>Darunter</h4><ul><li>eins</li></ul>"
        "<table><caption>Werte</caption><tr><th>Ort</th><th>Wert</th></tr><tr><td>Flur</td><td>21</td></tr></table>"
        '<p><img alt="Das Rathaus" src="x.png"> <a href="https://example.org/">Zum Leitfaden</a></p>'
    )
    for kept in (
        *("## Oben", "### Darunter", "- eins", "| Ort | Wert |", "Tabelle: Werte"),
        *("[Bild: Das Rathaus]", "[Zum Leitfaden](https://example.org/)"),
    ):
        assert kept in made.replace("\\[", "[").replace("\\]", "]"), kept
