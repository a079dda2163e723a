"""The Werkstatt's first page and a new course."""

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.courses.models import ReleaseFile
from learn.workshop import copies, identities, saving, structure
from learn.workshop.models import WorkCourse, WorkPicture
from tests.client import CheckingClient, sign_in
from tests.courses.folders import Shelf, small
from tests.factories import make_person
from tests.site.test_budgets import statements
from tests.workshop.test_saving import somebody

NEW = {"title": "Über Wärme: „Netze“", "ergebnis": "Sie planen Netze.", "lizenz": "CC-BY-4.0"}


@pytest.fixture(autouse=True)
def author(db: Session, client: CheckingClient) -> None:
    sign_in(client, make_person(db, name="Jana Hellweg", roles=["trainer"]))


def test_an_empty_werkstatt_explains_itself(client: CheckingClient) -> None:
    page = client.get("/werkstatt").text
    assert "Hier entstehen Kurse." in page
    assert 'href="/werkstatt/kurse/neu"' in page


def test_a_course_is_created_out_of_three_answers(client: CheckingClient, db: Session) -> None:
    client.get("/werkstatt/kurse/neu")
    answer = client.submit("/werkstatt/kurse/neu", NEW)
    assert answer.status_code == 303
    found = re.search(r"/werkstatt/kurse/(kur_[a-z0-9]{8})#neues-modul", answer.location)
    assert found is not None
    course = copies.copy(db, found[1])
    assert course is not None
    assert (course.slug, course.title, course.current) == ("ueber-waerme-netze", NEW["title"], 0)
    page = client.get("/werkstatt").text
    assert "noch nie veröffentlicht" in page
    assert "von Ihnen" in page
    assert "Noch kein Modul." in client.get(f"/werkstatt/kurse/{found[1]}").text


@pytest.mark.parametrize(
    ("title", "slugs"),
    [
        ("Wärme", ["waerme", "waerme-2", "waerme-3"]),
        ("Glossar", ["glossar-2", "glossar-3"]),
        ("CON", ["con-2"]),
        ("???", ["kurs", "kurs-2"]),
        ("ß" * 120, ["s" * 60, "s" * 60 + "-2"]),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
def test_an_address_out_of_a_title_is_free(
    client: CheckingClient, db: Session, title: str, slugs: list[str]
) -> None:
    for slug in slugs:
        answer = client.submit("/werkstatt/kurse/neu", {**NEW, "title": title})
        assert answer.status_code == 303
        assert db.scalar(select(WorkCourse.slug).where(WorkCourse.slug == slug)) == slug
    answer = client.submit("/werkstatt/kurse/neu", {**NEW, "title": title, "slug": slugs[0]})
    assert answer.status_code == 422
    assert "Wählen Sie eine andere." in answer.text


@pytest.mark.parametrize(
    ("field", "said", "told"),
    [
        ("title", "", "Schreiben Sie einen Titel mit 1 bis 120 Zeichen."),
        ("ergebnis", "x" * 201, "Schreiben Sie einen Satz mit bis zu 200 Zeichen."),
        ("lizenz", "meine", "Wählen Sie eine Lizenz."),
        ("slug", "Über Wärme", "Nehmen Sie für die Adresse nur Kleinbuchstaben"),
        ("slug", "glossar", "Die Adresse „glossar“ ist vergeben."),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])  # no rule of a database is asked
def test_what_is_wrong_stands_at_its_field(
    client: CheckingClient, db: Session, field: str, said: str, told: str
) -> None:
    answer = client.submit("/werkstatt/kurse/neu", {**NEW, field: said})
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-e">.*?{told}', answer.text, re.DOTALL)
    assert "Sie planen Netze." in answer.text or field == "ergebnis"
    assert db.scalar(select(func.count()).select_from(WorkCourse)) == 0


def test_each_course_says_its_state_and_the_next_step(
    client: CheckingClient, db: Session, shelf: Shelf, tmp_path: Path
) -> None:
    shelf.publish(small(tmp_path))
    page = client.get("/werkstatt").text
    assert "Zurzeit arbeitet niemand an einem Kurs." in page
    assert "Bearbeiten" in page
    text = copies.text(db, "les_aaaaaaaa")
    assert text is not None
    saving.save(db, somebody(db, "Ole Wald"), text.key, text.text + "Mehr.\n", base_revision=text.revision)
    page = client.get("/werkstatt").text
    assert "1 Text anders als veröffentlicht" in page
    assert "Ole Wald" in page
    assert "mit Änderungen" in page
    db.scalars(select(WorkCourse)).one().state = "freigabe"
    db.flush()
    page = client.get("/werkstatt").text
    assert "wartet auf Freigabe" in page
    assert "Prüfen und freigeben" in page
    course, work = copies.copy(db, "kur_aaaaaaaa"), db.scalars(select(WorkCourse)).one()
    assert course is not None
    work.state, work.approved = "bereit", course.revision
    db.flush()
    assert "freigegeben" in client.get("/werkstatt").text
    work.revision += 1  # as any change does
    db.flush()
    assert "wartet auf Freigabe" in client.get("/werkstatt").text


def test_many_courses_cost_what_few_do(
    client: CheckingClient, db: Session, shelf: Shelf, tmp_path: Path
) -> None:
    shelf.publish(small(tmp_path))
    client.get("/werkstatt")
    with statements() as few:
        client.get("/werkstatt")
    who = somebody(db)
    for number in range(8):
        files = structure.course(identities.new("kurs"), f"Kurs {number}", "Sie wissen es.", "CC0-1.0")
        saving.create(db, who, f"kurs-{number}", files)
    db.expire_all()
    with statements() as many:
        page = client.get("/werkstatt").text
    assert page.count("noch nie veröffentlicht") == 8
    assert len(many) == len(few)


def test_a_long_list_is_cut_and_searched(client: CheckingClient, db: Session) -> None:
    who = somebody(db)
    for number in range(52):
        files = structure.course(identities.new("kurs"), f"Über {number}.", "Sie wissen es.", "CC0-1.0")
        saving.create(db, who, f"kurs-{number}", files)
    page = client.get("/werkstatt").text
    assert page.count("noch nie veröffentlicht") == 50
    assert "Hier stehen 50 von 52 Kursen." in page
    page = client.get("/werkstatt?q=ÜBER 17.").text
    assert page.count("noch nie veröffentlicht") == 1
    assert "Kein veröffentlichter Kurs passt dazu." in page
    assert "Kein Entwurf hat dieses Wort" in client.get("/werkstatt?q=%25").text


def test_a_course_with_its_own_pictures_is_no_draft_once_published(
    client: CheckingClient, db: Session, shelf: Shelf, tmp_path: Path
) -> None:
    shelf.publish(small(tmp_path))
    text = copies.text(db, "les_aaaaaaaa")
    assert text is not None
    who = somebody(db)
    saving.save(db, who, text.key, text.text + "Mehr.\n", base_revision=text.revision)
    saving.discard(db, who, text.key)
    row = WorkPicture(
        course_id="kur_aaaaaaaa", path="bilder/neu.svg", sha="0" * 64, ext="svg", width=1, height=1, size=1
    )
    row.added_at = clock.now()
    db.add(row)
    db.flush()
    assert "Zurzeit arbeitet niemand an einem Kurs." in client.get("/werkstatt").text
    shown = db.scalars(select(ReleaseFile.path).where(ReleaseFile.picture)).first()
    assert shown is not None
    row.path = shown
    db.flush()
    assert "Bilder oder Adresse geändert" in client.get("/werkstatt").text


def test_learners_have_no_werkstatt(client: CheckingClient, db: Session) -> None:
    sign_in(client, make_person(db, roles=[]))
    assert client.get("/werkstatt").status_code == 403
    assert client.get("/werkstatt/kurse/neu").status_code == 403
