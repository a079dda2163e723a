"""The Koordination's pages of Klassen: naming, the link, towns and courses in order."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core.models import AuditEntry, Job
from learn.courses.models import Course, Release
from learn.network import choices, cohorts
from learn.network.models import Cohort
from tests.client import CheckingClient, sign_in
from tests.factories import make_person
from tests.network.rows import import_towns, town
from tests.site.conftest import sensoren as publish_sensors
from tests.site.test_catalogue import shelve

LIST = "/verwaltung/klassen"
sensoren = publish_sensors


@pytest.fixture
def karla(db: Session) -> Person:
    import_towns(
        db, "ags,name,kreis,rolle\n05966024,Olpe,Kreis Olpe,pionier\n05966028,Wenden,Kreis Olpe,gast\n"
    )
    return make_person(db, roles=["coordinator"])


@pytest.fixture
def desk(client: CheckingClient, karla: Person) -> CheckingClient:
    """The coordinator's browser."""
    sign_in(client, karla)
    return client


@pytest.fixture
def klasse(db: Session, karla: Person) -> Cohort:
    made = cohorts.create(db, "Klasse Eins", "Wir lernen.", by="person:1")
    db.flush()
    return made


def actions(session: Session, klasse: Cohort) -> list[str]:
    mine = AuditEntry.subject == f"klasse:{klasse.id}"
    return list(session.scalars(select(AuditEntry.action).where(mine).order_by(AuditEntry.id)))[1:]


def notices(session: Session) -> list[str]:
    jobs = session.scalars(select(Job).where(Job.name == "tell_cohort"))
    return [sentence for job in jobs for sentence in job.arguments["sentences"]]


@pytest.mark.parametrize("roles", [[], ["expert"], ["trainer"], ["operator"]])
def test_klassen_are_the_koordinations(
    client: CheckingClient, db: Session, klasse: Cohort, roles: list[str]
) -> None:
    sign_in(client, make_person(db, roles=roles))
    for path in (LIST, f"{LIST}/neu", f"{LIST}/{klasse.id}"):
        assert client.get(path).status_code == 403
    assert client.submit(f"{LIST}/{klasse.id}/link").status_code == 403


def test_a_klasse_is_created_and_renamed(desk: CheckingClient, db: Session) -> None:
    assert "Noch keine Klasse." in desk.get(LIST).text
    answer = desk.submit(f"{LIST}/neu", {"name": "Klasse Eins", "description": "Wir lernen."})
    made = db.scalars(select(Cohort)).one()
    here = f"{LIST}/{made.id}"
    assert (answer.status_code, answer.headers["Location"]) == (303, here)
    assert "Der Link zum Beitreten ist noch geschlossen." in desk.get(here).text
    again = desk.submit(f"{LIST}/neu", {"name": "Klasse Eins", "description": "Behalten"})
    assert again.status_code == 422
    assert again.text.count("Eine Klasse mit diesem Namen gibt es schon.") == 2
    assert "Behalten" in again.text
    assert desk.submit(here, {"name": "Klasse Zwei", "description": ""}).status_code == 303
    assert "Klasse Zwei" in desk.get(LIST).text
    refused = desk.submit(here, {"name": "", "description": "x"})
    assert refused.status_code == 422
    assert "Klasse Zwei" in refused.text
    assert actions(db, made) == ["klasse.geaendert"]


def test_the_link_is_opened_shown_renewed_and_closed(
    desk: CheckingClient, db: Session, klasse: Cohort
) -> None:
    here = f"{LIST}/{klasse.id}"

    def link() -> str:
        found = re.search(r"<code>(http://localhost/klassen/beitreten/[\w-]+)</code>", desk.get(here).text)
        return found[1] if found else ""

    assert link() == ""
    assert desk.submit(f"{here}/link").headers["Location"] == f"{here}#link"
    first = link()
    assert desk.get(first.removeprefix("http://localhost")).status_code == 200
    assert "Der bisherige Link gilt dann nicht mehr." in desk.get(f"{here}/link/erneuern").text
    desk.submit(f"{here}/link")
    assert link() not in {"", first}
    assert "Niemand tritt dann mehr mit dem Link bei." in desk.get(f"{here}/link/schliessen").text
    desk.submit(f"{here}/link/schliessen")
    assert link() == ""
    assert actions(db, klasse) == [
        "klasse.link_geoeffnet",
        "klasse.link_erneuert",
        "klasse.link_geschlossen",
    ]


def test_towns_are_searched_added_and_removed(desk: CheckingClient, db: Session, klasse: Cohort) -> None:
    here = f"{LIST}/{klasse.id}"
    assert "Olpe" in desk.get(f"{here}?kommune=olp").text
    assert "Keine weitere Kommune zu „nix“ gefunden." in desk.get(f"{here}?kommune=nix").text
    for ags in ("05966024", "05966028", "05966024"):
        assert desk.submit(f"{here}/kommunen", {"municipality": ags}).status_code == 303
    assert desk.submit(f"{here}/kommunen", {"municipality": "99999999"}).status_code == 422
    page = desk.get(f"{here}?kommune=olp").text
    assert "Keine weitere Kommune" in page
    assert "Gast: schreibt nur öffentlich." in page
    assert "Olpe aus „Klasse Eins“ entfernen?" in desk.get(f"{here}/kommunen/05966024/entfernen").text
    desk.submit(f"{here}/kommunen/05966024/entfernen")
    assert desk.get(f"{here}/kommunen/05966024/entfernen").status_code == 404
    assert not cohorts.is_member(db, klasse.id, town(db, "05966024").id)
    assert actions(db, klasse) == ["klasse.beigetreten", "klasse.beigetreten", "klasse.verlassen"]
    assert notices(db) == [
        "Olpe ist der Klasse beigetreten.",
        "Wenden ist der Klasse beigetreten.",
        "Olpe gehört nicht mehr zur Klasse.",
    ]


def test_courses_are_chosen_ordered_and_dropped(
    desk: CheckingClient, db: Session, klasse: Cohort, sensoren: str
) -> None:
    here = f"{LIST}/{klasse.id}"
    shelve(db, 1)
    shelve(db, 2)
    hidden = Course(id="kur_verborgn", kind="kurs", slug="weg", title="Weg", published_on=klasse.created_on)
    db.add(hidden)
    db.flush()
    ids = list(db.scalars(select(Course.id).where(Course.release_id.is_not(None)).order_by(Course.title)))
    assert db.query(Release).count() == 1
    page = desk.get(f"{here}?kurs=kurs+2").text
    assert re.findall(r'name="course" value="(\w+)"', page) == ["kur_00000002"]
    for key in ids:
        assert desk.submit(f"{here}/kurse", {"course": key}).status_code == 303
    assert desk.submit(f"{here}/kurse", {"course": hidden.id}).status_code == 422
    assert "Kein weiterer Kurs gefunden." in desk.get(here).text
    assert choices.chosen(db, klasse.id) == ids
    desk.submit(f"{here}/kurse/{ids[2]}/hoch")
    desk.submit(f"{here}/kurse/{ids[0]}/runter")
    desk.submit(f"{here}/kurse/{ids[1]}/runter")
    assert choices.chosen(db, klasse.id) == [ids[2], ids[0], ids[1]]
    assert desk.submit(f"{here}/kurse/{ids[0]}/seitwaerts").status_code == 404
    desk.submit(f"{here}/kurse/{ids[0]}/entfernen")
    assert choices.chosen(db, klasse.id) == [ids[2], ids[1]]
    assert actions(db, klasse)[-2:] == ["klasse.kurse_geordnet", "klasse.kurs_entfernt"]
    assert notices(db)[0] == "Neu gewählt: der Kurs „Kurs 1“."


def test_a_klasse_that_does_not_exist(desk: CheckingClient) -> None:
    for path in ("", "/link/erneuern", "/link/schliessen", "/kommunen/05966024/entfernen"):
        assert desk.get(f"{LIST}/999{path}").status_code == 404
    for path in ("", "/link", "/link/schliessen", "/kommunen", "/kurse/kur_x/hoch", "/kurse/kur_x/entfernen"):
        assert desk.submit(f"{LIST}/999{path}", {"name": "x"}).status_code == 404
