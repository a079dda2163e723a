"""What pages of the Werkstatt ask the database does not grow with courses, lessons, pictures or people."""

import io
import zipfile
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor
from learn.markup import RENDERER
from learn.network.models import Municipality
from learn.workshop import copies, identities, saving, structure
from learn.workshop.models import LocalValue, OutsideLink, ReviewComment, Supplement, WorkPicture
from learn.workshop.views import editing
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, SECOND, SVG, TEXTS, Shelf, change, small, write
from tests.factories import make_municipality, make_person
from tests.site.test_budgets import counted
from tests.workshop.drafts import COURSE, ONE, TWO, author

TOWN = "/kommunen/{ags}/kurse"
LESSON = f"/werkstatt/lektionen/{ONE}"
OTHER = f"/werkstatt/lektionen/{TWO}"
PAGES = (
    "/werkstatt",
    f"/werkstatt/kurse/{COURSE}",
    LESSON,
    f"{LESSON}?fassung=einfach",
    *(f"/werkstatt/texte/{key}" for key in (COURSE, "glo_aaaaaaaa", "mod_aaaaaaaa")),
    *(f"{LESSON}/einfuegen/{what}" for what in ["bild", "tabelle", "kasten", "frage", "fahrplan", "verweis"]),
    *(f"{LESSON}/{what}" for what in ("verlauf", "anmerkungen", "ansicht", "ansicht/druck", "ausgabe")),
    f"{LESSON}/ansicht?als=kommune&kommune={{ags}}",
    f"{LESSON}/zusammenlegen",
    *(f"{OTHER}/{what}" for what in ("umbenennen", "verschieben", "zurueckziehen", "zusammenfuehren")),
    f"/werkstatt/kurse/{COURSE}/medien",
    f"/werkstatt/kurse/{COURSE}/medien?ansicht=unbenutzt",
    f"/werkstatt/kurse/{COURSE}/veroeffentlichungen",
    f"/werkstatt/kurse/{COURSE}/zahlen",
    f"/werkstatt/kurse/{COURSE}/freigabe",
    "/werkstatt/pruefen",
    "/werkstatt/pruefen?ansicht=alle",
    "/werkstatt/verweise",
    "/werkstatt/einlesen",
    TOWN,
    f"{TOWN}/kleiner-kurs",
    f"{TOWN}/kleiner-kurs/eins/ergaenzung",
)


class World:
    """A course and what belongs to it, with so many of everything."""

    def __init__(self, db: Session, shelf: Shelf, folder: Path, town: Municipality) -> None:
        self.db, self.shelf, self.folder, self.town = db, shelf, folder, town
        self.course = small(folder)
        change(self.course / "kurs.md", "lizenz: CC0-1.0", "lizenz: CC0-1.0\nwerte:\n  amt: Ihr Amt")
        write(self.course / FIRST.replace(".md", ".einfach.md"), "---\nzu_ausgabe: 1\n---\n\nEinfach.\n")
        change(self.course / FIRST, "Ein Satz über", "Das [Amt](var:amt) sagt: Ein Satz über")

    def grow(self, numbers: range) -> None:
        """Add one of everything for each number."""
        for number in numbers:
            self._lesson(number)
            self._course(number)
            change(self.course / SECOND, "Noch ein Satz", f"Noch ein Satz, {number}.")
            assert self.shelf.publish(self.course).published
        for number in numbers:
            self._rows(number)
            who = author(self.db, f"Jana {number}")
            self._write(who, ONE, TEXTS[FIRST].replace("Ein Satz", f"Ein Satz {number}."))
            self._write(who, f"les_x{number:07}", self._text(number) + "\nNoch mehr.\n")
        self.db.flush()
        self.db.expire_all()

    def _text(self, number: int) -> str:
        text = TEXTS[FIRST].replace(ONE, f"les_x{number:07}").replace("Eins", f"L{number}")
        text = text.replace("dauer: 5min", f"dauer: 5min\ngeprueft: 2020-01\nquelle: Buch {number}")
        seen = f"Ein Satz von vielen, Nummer {number}, mit [Amt](var:amt{number}) und [mehr](https://x{number}.example/)"
        return text.replace("Ein Satz über", f"{seen} über").replace("kasten.svg", f"kasten-{number}.svg")

    def _lesson(self, number: int) -> None:
        """A lesson and a module with one, a picture, a term, a value that the course asks for."""
        write(self.course / f"01-anfang/{number + 10}-l{number}.md", self._text(number))
        write(self.course / f"01-anfang/bilder/kasten-{number}.svg", SVG.replace("40", f"4{number}"))
        change(self.course / "kurs.md", "werte:\n", f"werte:\n  amt{number}: Amt {number}\n")
        term = f"\n## Wort {number}\n<!-- begriff id=wort-{number} -->\n\nEin Wort.\n"
        glossary = self.course / "glossar.md"
        write(glossary, glossary.read_text() + term)
        module = self.course / f"{number + 10}-modul-{number}"
        write(module / "modul.md", f"---\nid: mod_x{number:07}\ntitel: M{number}\n---\n\nDas Modul.\n")
        text = TEXTS[SECOND].replace(TWO, f"les_y{number:07}").replace("[vorige]", "[]")
        text = text.replace("voraussetzung: []\n", "").replace("titel: Zwei", f"titel: Y{number}")
        write(module / f"01-y{number}.md", text.replace("anderen Worten", f"Worten {number}"))

    def _course(self, number: int) -> None:
        files = structure.course(identities.new("kurs"), f"Kurs {number}", "Sie wissen es.", "CC0-1.0")
        saving.create(self.db, author(self.db, f"Tom {number}"), f"kurs-{number}", files)

    def _rows(self, number: int) -> None:
        where = {"municipality_id": self.town.id, "course_id": COURSE}
        told = {"key": ONE, "line": number + 12, "excerpt": "Ein", "body": "Warum?"}
        shown = {"heading": "", "body": "Wir.", "html": "<p>Wir.</p>", "renderer": RENDERER}
        lesson = f"les_x{number:07}"
        self.db.add_all(
            [
                ReviewComment(course_id=COURSE, author_id=None, written_at=clock.now(), **told),
                LocalValue(name=f"amt{number}", value="Rathaus", written_on=date(2026, 1, 1), **where),
                Supplement(lesson_id=lesson, written_on=date(2026, 1, 1), **where, **shown),
                OutsideLink(
                    sha=f"{number:064}", address=f"https://x{number}.example/", state="tot", uses=[lesson]
                ),
            ]
        )

    def _write(self, who: Actor, key: str, text: str) -> None:
        found = copies.text(self.db, key)
        assert found is not None
        saving.save(self.db, who, key, text, base_revision=found.revision)
        if self.db.get(WorkPicture, (COURSE, f"01-anfang/bilder/neu-{key}.png")) is None:
            size = {"ext": "png", "width": 90, "height": 90, "size": 900, "added_at": clock.now()}
            path = f"01-anfang/bilder/neu-{key}.png"
            self.db.add(
                WorkPicture(course_id=COURSE, path=path, sha=sha256(key.encode()).hexdigest(), **size)
            )

    def archive(self) -> bytes:
        """The course as a ZIP."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            for path in sorted(self.course.rglob("*.*")):
                made.writestr(path.relative_to(self.folder).as_posix(), path.read_bytes())
        return out.getvalue()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # the statements are the same on both
def test_every_page_asks_as_much_at_any_size(
    client: CheckingClient, db: Session, shelf: Shelf, tmp_path: Path
) -> None:
    town = make_municipality(db, name="Olpe")
    sign_in(client, make_person(db, municipality=town, roles=["trainer", "expert"]))
    world = World(db, shelf, tmp_path, town)
    world.grow(range(2))
    few = asked(client, world)
    world.grow(range(2, 6))
    many = asked(client, world)
    assert {page: (few[page], count) for page, count in many.items() if count != few[page]} == {}


def asked(client: CheckingClient, world: World) -> dict[str, int]:
    """How many statements each page takes once caches are warm; the import's report is one of them."""
    editing.LOOKS._tries.clear()
    sent = {"datei": (io.BytesIO(world.archive()), "kurs.zip")}
    report = client.submit("/werkstatt/einlesen", sent, content_type="multipart/form-data").location
    found = {}
    for page in (*PAGES, report):
        address = page.format(ags=world.town.ags)
        client.get(address)
        found["report" if page == report else page] = counted(client, address)
    return found
