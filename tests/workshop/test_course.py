"""The page of a course: order, new parts, data; lessons split, merged, retired; what learners notice."""

import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.courses import queries
from learn.courses.manifest import LessonEntry
from learn.workshop import copies, fields, saving
from learn.workshop.copies import Text
from learn.workshop.models import WorkCourse
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, SECOND, TEXTS, Shelf, small, write
from tests.factories import make_person
from tests.site.test_budgets import statements
from tests.workshop.test_saving import somebody

COURSE, ONE, TWO, MODULE = "kur_aaaaaaaa", "les_aaaaaaaa", "les_bbbbbbbb", "mod_aaaaaaaa"
HERE = f"/werkstatt/kurse/{COURSE}"
THIRD = (
    TEXTS[SECOND].replace("les_bbbbbbbb", "les_cccccccc").replace("Zwei", "Drei").replace("Zweite", "Dritte")
)


@pytest.fixture(autouse=True)
def course(db: Session, client: CheckingClient, shelf: Shelf, tmp_path: Path) -> None:
    """Two modules with two lessons and one, published; a trainer is signed in."""
    folder = small(tmp_path)
    write(folder / "02-ende/modul.md", "---\nid: mod_bbbbbbbb\ntitel: Ende\n---\n")
    write(folder / "02-ende/01-drei.md", THIRD.replace("probe", "andere"))
    assert shelf.publish(folder).published
    sign_in(client, make_person(db, name="Jana Hellweg", roles=["trainer"]))


def revision(db: Session) -> int:
    found = copies.copy(db, COURSE)
    assert found is not None
    return found.revision


def order(db: Session) -> list[str]:
    found = copies.copy(db, COURSE)
    assert found is not None
    return [entry.path for module in found.modules for entry in module.lessons if entry.state != "entfernt"]


def text(db: Session, key: str) -> Text:
    found = copies.text(db, key)
    assert found is not None
    return found


def published(db: Session, shelf: Shelf) -> dict[str, LessonEntry]:
    """Publish the working copy; lessons of the release by title."""
    report = shelf.drafts(copies.draft(db, shelf.storage, COURSE))
    assert report.published, [found.as_json() for found in report.findings]
    db.expire_all()
    release = queries.current_by_id(db, [COURSE])[COURSE]
    return {entry.title: entry for entry in release.manifest.lessons()}


def notices(client: CheckingClient, address: str = HERE) -> str:
    page = client.get(address).text
    return unescape(" ".join(re.findall(r'<p class="kern-title">(.*?)</p>', page)))


def test_looking_writes_nothing(client: CheckingClient, db: Session) -> None:
    page = client.get(HERE).text
    assert "Alles ist so veröffentlicht, wie es hier steht." in page
    assert "5 Minuten" in page
    assert db.scalar(select(func.count()).select_from(WorkCourse)) == 0
    assert client.get("/werkstatt/kurse/kur_zzzzzzzz").status_code == 404
    assert client.get("/werkstatt/kurse/glo_aaaaaaaa").status_code == 404


def test_buttons_move_lessons_also_into_the_next_module(client: CheckingClient, db: Session) -> None:
    answer = client.submit(f"{HERE}/ordnen", {"runter": ONE, "base_revision": revision(db)})
    assert answer.location.endswith(f"{HERE}#runter-{ONE}")
    assert order(db) == ["01-anfang/01-zwei.md", "01-anfang/02-eins.md", "02-ende/01-drei.md"]
    told = notices(client)
    assert "„Eins“ steht jetzt an Platz 2 von 2 im Modul „Anfang“." in told
    assert "entfällt „Empfohlen vorher" in told
    client.submit(f"{HERE}/ordnen", {"runter": ONE, "base_revision": revision(db)})
    assert order(db) == ["01-anfang/01-zwei.md", "02-ende/01-eins.md", "02-ende/02-drei.md"]
    answer = client.submit(f"{HERE}/ordnen", {"runter": ONE, "base_revision": revision(db)})
    assert answer.location.endswith(f"#hoch-{ONE}"), "at the end only the other button is left"
    assert order(db)[2] == "02-ende/02-eins.md"


def test_modules_move_with_their_lessons(client: CheckingClient, db: Session, shelf: Shelf) -> None:
    client.submit(f"{HERE}/ordnen", {"hoch": "mod_bbbbbbbb", "base_revision": revision(db)})
    assert order(db) == ["01-ende/01-drei.md", "02-anfang/01-eins.md", "02-anfang/02-zwei.md"]
    assert "Das Modul „Ende“ steht jetzt an Platz 1 von 2." in notices(client)
    assert "../01-anfang/bilder/kasten.svg" in text(db, ONE).text
    assert list(published(db, shelf)) == ["Drei", "Eins", "Zwei"]


def test_what_is_dragged_says_behind_what(client: CheckingClient, db: Session) -> None:
    sent = {"key": "les_cccccccc", "nach": ONE}
    client.submit(f"{HERE}/ordnen", {**sent, "base_revision": revision(db)})
    assert order(db) == ["01-anfang/01-eins.md", "01-anfang/02-drei.md", "01-anfang/03-zwei.md"]
    client.submit(f"{HERE}/ordnen", {"key": "les_cccccccc", "nach": MODULE, "base_revision": revision(db)})
    assert order(db)[0] == "01-anfang/01-drei.md"
    client.submit(f"{HERE}/ordnen", {"key": "mod_bbbbbbbb", "nach": "", "base_revision": revision(db)})
    assert order(db)[0] == "02-anfang/01-drei.md"
    for wrong in ({"key": "les_zzzzzzzz", "nach": ONE}, {"key": ONE, "nach": ONE}, {"hoch": COURSE}):
        answer = client.submit(f"{HERE}/ordnen", {**wrong, "base_revision": revision(db)})
        assert answer.status_code == 404


def test_a_stale_page_moves_nothing_and_says_so(client: CheckingClient, db: Session) -> None:
    stale = revision(db)
    client.submit(f"{HERE}/ordnen", {"runter": ONE, "base_revision": stale})
    before = order(db)
    answer = client.submit(f"{HERE}/ordnen", {"runter": ONE, "base_revision": stale})
    assert answer.status_code == 409
    assert "Inzwischen wurde der Kurs geändert." in answer.text
    assert order(db) == before
    answer = client.submit(f"{HERE}/module", {"title": "Neues Modul", "base_revision": stale})
    assert answer.status_code == 409
    assert 'value="Neues Modul"' in answer.text


def test_a_lesson_is_moved_by_a_form(client: CheckingClient, db: Session) -> None:
    page = client.get(f"/werkstatt/lektionen/{ONE}/verschieben").text
    assert '<optgroup label="Ende">' in page
    sent = {"nach": "les_cccccccc", "base_revision": revision(db)}
    answer = client.submit(f"/werkstatt/lektionen/{ONE}/verschieben", sent)
    assert answer.location.endswith(f"#hoch-{ONE}")
    assert order(db)[-1] == "02-ende/02-eins.md"


def test_a_module_and_a_lesson_are_added(client: CheckingClient, db: Session, shelf: Shelf) -> None:
    answer = client.submit(f"{HERE}/module", {"title": "Mitte: # und mehr", "base_revision": revision(db)})
    found = re.search(r"modul=(mod_\w+)#neue-lektion", answer.location)
    assert found is not None
    page = client.get(answer.location).text
    assert f'<option value="{found[1]}" selected>' in page
    sent = {"modul": found[1], "title": "Über Eins", "dauer": "7", "slug": ""}
    answer = client.submit(f"{HERE}/lektionen", {**sent, "base_revision": revision(db)})
    assert answer.location.startswith("/werkstatt/lektionen/les_")
    assert order(db)[-1] == "03-mitte-und-mehr/01-ueber-eins.md"
    assert client.get(answer.location).status_code == 200
    lessons = published(db, shelf)
    assert not lessons["Über Eins"].required
    assert lessons["Über Eins"].minutes == 7


@pytest.mark.parametrize(
    ("changed", "field", "told"),
    [
        ({"title": ""}, "lektion-titel", "Schreiben Sie einen Titel"),
        ({"dauer": "90"}, "dauer", "Schreiben Sie die Minuten als Zahl von 1 bis 60."),
        ({"slug": "Mit Leerzeichen"}, "lektion-slug", "Nehmen Sie für die Adresse nur Kleinbuchstaben"),
        ({"slug": "eins"}, "lektion-slug", "Die Adresse „eins“ ist in diesem Kurs vergeben."),
        ({"slug": "abschluss"}, "lektion-slug", "vergeben"),
        ({"modul": "mod_zzzzzzzz"}, "modul", "Wählen Sie ein Modul."),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])  # no rule of a database is asked
def test_a_faulty_lesson_is_told_at_its_field(
    client: CheckingClient, db: Session, changed: dict[str, str], field: str, told: str
) -> None:
    sent = {"modul": MODULE, "title": "Vier", "dauer": "5", "slug": "vier", **changed}
    answer = client.submit(f"{HERE}/lektionen", {**sent, "base_revision": revision(db)})
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-e">.*?{told}', answer.text, re.DOTALL)
    assert len(order(db)) == 3


def test_an_empty_module_goes_and_a_full_one_stays(client: CheckingClient, db: Session) -> None:
    answer = client.submit(f"{HERE}/module", {"entfernen": MODULE, "base_revision": revision(db)})
    assert answer.status_code == 422
    assert "Das Modul enthält Lektionen." in answer.text
    client.submit(f"{HERE}/module", {"title": "Leer", "base_revision": revision(db)})
    key = re.search(r'name="entfernen" value="(\w+)"', client.get(HERE).text)
    assert key is not None
    client.submit(f"{HERE}/module", {"entfernen": key[1], "base_revision": revision(db)})
    assert "Das Modul „Leer“ ist entfernt." in notices(client)


def test_glossary_and_final_test_are_made_once(client: CheckingClient, db: Session, shelf: Shelf) -> None:
    assert client.submit(f"{HERE}/glossar", {"base_revision": 0}).location.endswith("/texte/glo_aaaaaaaa")
    first = client.submit(f"{HERE}/abschlusstest", {"base_revision": revision(db)}).location
    assert first == client.submit(f"{HERE}/abschlusstest", {"base_revision": revision(db)}).location
    assert fields.items(text(db, COURSE).text, "abschluss") == ("lektionen", "test")
    assert published(db, shelf)


def sheet(client: CheckingClient) -> dict[str, str]:
    """The form with the data of the course, as a browser sends it."""
    page = client.get(HERE).text
    form = page[page.index('id="angaben"') :]
    found = {
        name: unescape(value) for name, value in re.findall(r' name="(\w+)"[^>]*?\n? *value="([^"]*)"', form)
    }
    found |= {
        name: unescape(said)
        for name, said in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)
    }
    found.pop("thema")
    if not re.search(r'name="abschluss"[^>]* checked', form):
        found.pop("abschluss")
    return {**found, "lizenz": re.findall(r'<option value="([^"]*)" selected', form)[-1]}


def test_data_of_the_course_are_saved(client: CheckingClient, db: Session, shelf: Shelf) -> None:
    before = text(db, COURSE).text
    client.submit(HERE, sheet(client))
    assert text(db, COURSE).text == before, "what nobody changed is not written"
    title = 'Wärme: „Netze“ # und "mehr" 🙂'
    new = {"title": title, "ziele": "eins: a\n- zwei", "thema": "klima", "slug": "neue-adresse"}
    answer = client.submit(HERE, {**sheet(client), **new, "werte": "einrichtung: Ihre Verwaltung: kurz"})
    assert answer.status_code == 303, answer.text
    whole = text(db, COURSE).text
    assert fields.words(whole, "titel") == title
    assert fields.items(whole, "ziele") == ("eins: a", "- zwei")
    assert fields.value(whole, "werte") == {"einrichtung": "Ihre Verwaltung: kurz"}
    assert whole.split("---\n")[-1] == before.split("---\n")[-1]
    published(db, shelf)
    assert client.get("/kurse/neue-adresse").status_code == 200
    assert client.get("/kurse/kleiner-kurs").status_code == 301


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"ergebnis": ""}, "ergebnis"),
        ({"geprueft": "gestern"}, "geprueft"),
        ({"ziele": "1\n2\n3\n4\n5"}, "ziele"),
        ({"werte": "Zwei Wörter: x"}, "werte"),
        ({"werte": "a: 1\na: 2"}, "werte"),
        ({"slug": "pfade"}, "slug"),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])  # no rule of a database is asked
def test_faulty_data_stay_in_the_form(
    client: CheckingClient, db: Session, changed: dict[str, str], field: str
) -> None:
    answer = client.submit(HERE, {**sheet(client), "zielgruppe": "Alle", **changed})
    assert answer.status_code == 422
    assert f'id="{field}-e"' in answer.text
    assert 'value="Alle"' in answer.text
    assert not text(db, COURSE).changed


def test_two_savers_of_the_data_see_both(client: CheckingClient, db: Session) -> None:
    mine = {**sheet(client), "title": "Meiner", "zielgruppe": "Meine"}
    client.submit(HERE, {**sheet(client), "title": "Ihrer"})
    answer = client.submit(HERE, mine)
    assert answer.status_code == 409
    assert "Inzwischen gespeichert: <q>Ihrer</q>" in answer.text
    assert 'value="Meiner"' in answer.text
    again = {**mine, "base_revision": re.findall(r'name="base_revision" value="(\d+)"', answer.text)[-1]}
    assert client.submit(HERE, again).status_code == 303
    assert fields.words(text(db, COURSE).text, "titel") == "Meiner"


def test_an_address_is_changed(client: CheckingClient, db: Session, shelf: Shelf) -> None:
    here = f"/werkstatt/lektionen/{TWO}/umbenennen"
    assert "Die alte Adresse führt nach der Veröffentlichung" in client.get(here).text
    for slug in ("eins", "Eins", ""):
        assert client.submit(here, {"slug": slug, "base_revision": revision(db)}).status_code == 422
    client.submit(here, {"slug": "zweitens", "base_revision": revision(db)})
    assert "[zwei](02-zweitens.md#das-zweite)" in text(db, ONE).text
    published(db, shelf)
    assert client.get("/kurse/kleiner-kurs/zwei").status_code == 301


def test_a_lesson_is_split_and_nobody_loses_progress(
    client: CheckingClient, db: Session, shelf: Shelf
) -> None:
    here = f"/werkstatt/lektionen/{ONE}/teilen"
    page = client.get(here).text
    assert "Niemand verliert Fortschritt." in page
    line = re.search(r'name="ab" value="(\d+)"', page)
    assert line is not None
    sent = {
        "ab": line[1],
        "title": "Eins",
        "title_2": "Aufgabe",
        "dauer": "3",
        "dauer_2": "2",
        "gilt": "beide",
    }
    wrong = client.submit(here, {**sent, "ab": "1", "title_2": "", "base_revision": revision(db)})
    assert wrong.status_code == 422
    assert 'id="title_2-e"' in wrong.text
    assert client.submit(here, {**sent, "base_revision": revision(db)}).status_code == 303
    assert order(db)[:2] == ["01-anfang/01-eins.md", "01-anfang/02-aufgabe.md"]
    lessons = published(db, shelf)
    assert lessons["Eins"].replaces == lessons["Aufgabe"].replaces == (ONE,)


def test_two_lessons_are_merged(client: CheckingClient, db: Session, shelf: Shelf) -> None:
    here = f"/werkstatt/lektionen/{ONE}/zusammenlegen"
    page = client.get(here).text
    assert "Wer eine der beiden Lektionen abgeschlossen hat, hat die neue abgeschlossen." in page
    assert "„Zwei“" in page
    assert "„Drei“" in client.get(f"{here}?mit=les_cccccccc").text
    assert client.submit(here, {"mit": TWO, "title": "", "base_revision": revision(db)}).status_code == 422
    assert client.submit(here, {"mit": ONE, "title": "X", "base_revision": revision(db)}).status_code == 404
    client.submit(here, {"mit": TWO, "title": "Beides", "base_revision": revision(db)})
    lessons = published(db, shelf)
    assert lessons["Beides"].id == ONE
    assert lessons["Beides"].replaces == (TWO,)
    assert lessons["Beides"].minutes == 11


def test_a_retired_lesson_can_be_brought_back(client: CheckingClient, db: Session) -> None:
    here = f"/werkstatt/lektionen/{TWO}"
    page = client.get(f"{here}/zurueckziehen").text
    assert "bleibt unter ihrer Adresse lesbar, zählt aber nicht mehr" in page
    assert "Dieser Text verweist noch auf sie." in page
    client.submit(f"{here}/zurueckziehen", {"base_revision": revision(db)})
    assert "01-anfang/02-zwei.md" not in order(db)
    assert "zurückgezogen" in client.get(HERE).text
    client.submit(f"{HERE}/ordnen", {"hoch": "mod_bbbbbbbb", "base_revision": revision(db)})
    assert "Zurückholen" in client.get(f"{here}/verwerfen").text
    client.submit(f"{here}/verwerfen", {"base_revision": revision(db)})
    assert order(db) == ["01-ende/01-drei.md", "02-anfang/01-eins.md", "02-anfang/02-zwei.md"]
    assert text(db, TWO).text == TEXTS[SECOND]


def test_changes_are_given_up_at_the_place_of_today(client: CheckingClient, db: Session) -> None:
    now = text(db, ONE)
    saving.save(db, somebody(db), ONE, now.text + "Mehr.\n", base_revision=now.revision)
    client.submit(f"{HERE}/ordnen", {"hoch": "mod_bbbbbbbb", "base_revision": revision(db)})
    assert "wie er veröffentlicht ist" in client.get(f"/werkstatt/lektionen/{ONE}/verwerfen").text
    client.submit(f"/werkstatt/lektionen/{ONE}/verwerfen", {"base_revision": revision(db)})
    found = text(db, ONE)
    assert found.path == "02-anfang/01-eins.md"
    assert found.text == TEXTS[FIRST].replace("(bilder/", "(../01-anfang/bilder/")


def test_editions_say_what_learners_notice(client: CheckingClient, db: Session, shelf: Shelf) -> None:
    here = f"/werkstatt/lektionen/{TWO}/ausgabe"
    page = client.get(here).text
    for words in (
        "Lernende merken nichts.",
        "Die Lektion bleibt abgeschlossen.",
        "Frühere Abschlüsse zählen nicht mehr.",
    ):
        assert words in page

    def send(kind: str, sentence: str) -> int:
        sent = {"klasse": kind, "aenderung": sentence, "base_revision": text(db, TWO).revision}
        return client.submit(here, sent).status_code

    assert send("", "") == 422
    assert send("inhaltlich", "") == 422
    assert send("erneut", "Neu: 1 # 2") == 303
    assert [fields.words(text(db, TWO).text, key) for key in ("ausgabe", "erneut_ab")] == ["2", "2"]
    assert send("inhaltlich", "Neue Zahlen") == 303
    assert fields.value(text(db, TWO).text, "erneut_ab") is None
    assert send("redaktionell", "") == 303
    assert text(db, TWO).text == TEXTS[SECOND]
    send("inhaltlich", "Neue Zahlen")
    assert published(db, shelf)["Zwei"].edition == 2


def test_a_new_lesson_has_no_edition_yet(client: CheckingClient, db: Session) -> None:
    sent = {"modul": MODULE, "title": "Vier", "dauer": "5", "base_revision": revision(db)}
    lesson = client.submit(f"{HERE}/lektionen", sent).location
    assert "noch nicht veröffentlicht" in client.get(f"{lesson}/ausgabe").text
    assert "Hier lässt sich die Lektion nicht teilen." in client.get(f"{lesson}/teilen").text
    client.submit(f"{lesson}/verwerfen", {"base_revision": revision(db)})
    assert len(order(db)) == 3


def test_many_lessons_cost_what_few_do(
    client: CheckingClient, db: Session, shelf: Shelf, tmp_path: Path
) -> None:
    client.get(HERE)
    with statements() as few:
        client.get(HERE)
    folder = tmp_path / "kleiner-kurs"
    for number in range(2, 42):
        lesson = THIRD.replace("les_cccccccc", f"les_{number:08d}").replace(
            "titel: Drei", f"titel: L{number}"
        )
        write(folder / f"02-ende/{number:02d}-l{number}.md", lesson)
    assert shelf.publish(folder).published
    db.expire_all()
    client.get(HERE)
    with statements() as many:
        page = client.get(HERE).text
    assert page.count('data-row="lektion"') == 43
    assert len(many) == len(few)
