"""The towns' sign-in services at the coordinator."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts.models import Identity, Person, Provider
from learn.accounts.oidc import REASONS
from learn.core import clock, logs
from learn.core.models import AuditEntry
from learn.core.sealing import unseal
from learn.desk import providers as views
from tests.accounts import idp as helpers
from tests.accounts.idp import Idp, running
from tests.accounts.towns import KEY, bent, make_town, open_provider, whole
from tests.client import CheckingClient, sign_in
from tests.factories import make_person

pytestmark = helpers.IGNORED
LIST = "/verwaltung/anmeldedienste"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    helpers.forget()
    yield
    helpers.forget()


@pytest.fixture
def idp() -> Iterator[Idp]:
    with running() as started:
        yield started


@pytest.fixture
def coordinator(client: CheckingClient, db: Session) -> CheckingClient:
    sign_in(client, make_person(db, roles=["coordinator"]))
    return client


def entered(**other: Any) -> dict[str, Any]:
    """A filled form."""
    return {
        "name": "Dienstkonto",
        "issuer": "https://login.olpe.example",
        "client_id": "lernen",
        "credential_secret": "",
        "group_claim": "groups",
        "required_group": "",
        "group_roles": "",
        **other,
    }


def entries(db: Session) -> list[tuple[str, str, str]]:
    rows = db.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.action, row.subject, row.reason) for row in rows]


def test_from_adding_to_the_first_person(
    app: Flask, coordinator: CheckingClient, db: Session, idp: Idp
) -> None:
    town = make_town(db)
    assert "Noch kein Dienst." in coordinator.get(LIST).text
    assert f'value="{town.ags}"' in coordinator.get(f"{LIST}/neu?ags={town.ags}").text
    answer = coordinator.submit(
        f"{LIST}/neu", {"municipality": "Olpe", "name": " Dienstkonto ", "issuer": idp.issuer}
    )
    provider = db.scalars(select(Provider)).one()
    one = f"{LIST}/{provider.id}"
    assert answer.headers["Location"] == one
    assert (provider.active, provider.name, provider.municipality_id) == (False, "Dienstkonto", town.id)
    page = coordinator.get(one).text
    assert f"<code>http://localhost/anmelden/zurueck/{provider.id}</code>" in page
    assert "olpe.example" in page
    settings = entered(
        issuer=idp.issuer, credential_secret=helpers.SECRET, active="ja", group_roles="Fach = trainer"
    )
    assert coordinator.submit(one, settings).headers["Location"] == one
    db.refresh(provider)
    assert provider.active
    assert provider.group_roles == {"Fach": "trainer"}
    assert helpers.SECRET not in provider.client_secret
    assert unseal(provider.client_secret, KEY) == helpers.SECRET
    assert helpers.SECRET not in coordinator.get(one).text
    browser = app.test_client()
    assert isinstance(browser, CheckingClient)
    assert bent(browser, provider, idp).headers["Location"] == "/lernen"
    subject = f"anmeldedienst:{provider.id}"
    assert entries(db)[:2] == [
        ("anmeldedienst.angelegt", subject, ""),
        ("anmeldedienst.geaendert", subject, "Kennung, Rollen, Geheimnis, eingeschaltet"),
    ]
    assert "eingeschaltet" in coordinator.get(LIST).text


def test_an_empty_secret_keeps_the_one_there_is(coordinator: CheckingClient, db: Session) -> None:
    provider = open_provider(db, make_town(db), "https://login.olpe.example")
    one = f"{LIST}/{provider.id}"
    before = provider.client_secret
    coordinator.submit(one, entered(name="Neuer Name", active="ja"))
    db.refresh(provider)
    assert (provider.client_secret, provider.name) == (before, "Neuer Name")
    assert entries(db)[-1][2] == "Bezeichnung"
    coordinator.submit(one, entered(name="Neuer Name", active="ja"))
    assert len(entries(db)) == 1  # nothing changed, nothing to tell
    coordinator.submit(one, entered(name="Neuer Name", credential_secret="anders"))
    db.refresh(provider)
    assert unseal(provider.client_secret, KEY) == "anders"
    assert entries(db)[-1][2] == "Geheimnis, ausgeschaltet"


def test_another_issuer_ends_all_links(coordinator: CheckingClient, db: Session) -> None:
    town = make_town(db)
    provider, other = (open_provider(db, town, "https://login.olpe.example") for _ in range(2))
    person = make_person(db, municipality=town)
    for each in (provider, other):
        db.add(Identity(provider_id=each.id, subject="1", person_id=person.id, linked_on=clock.today()))
    db.flush()
    coordinator.submit(f"{LIST}/{provider.id}", entered(issuer="https://login2.olpe.example"))
    assert db.scalars(select(Identity.provider_id)).all() == [other.id]
    assert entries(db)[-1][2] == "Aussteller, Verknüpfungen gelöst, ausgeschaltet"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"issuer": "http://login.olpe.example"}, "Das ist keine Adresse wie"),
        ({"issuer": "javascript:alert(1)"}, "Das ist keine Adresse wie"),
        ({"issuer": ""}, "Geben Sie die Adresse des Dienstes ein."),
        ({"name": ""}, "Geben Sie eine Bezeichnung ein."),
        ({"name": "x" * 201}, "eine Zeile mit höchstens 200 Zeichen"),
        ({"client_id": "mit Leerzeichen"}, "ohne Leerzeichen"),
        ({"client_id": "\u00fcml\u00e4ut"}, "ohne Leerzeichen"),
        ({"credential_secret": "a\tb"}, "keine Steuerzeichen"),
        ({"credential_secret": "gehe\u00efm"}, "keine Umlaute"),
        ({"group_claim": ""}, "Geben Sie den Namen des Feldes ein."),
        ({"group_roles": "Fach = coordinator"}, "keine Zeile wie"),
        ({"group_roles": "Fach = operator\nA = expert"}, "keine Zeile wie"),
        ({"group_roles": "= expert"}, "keine Zeile wie"),
        ({"group_roles": "expert"}, "keine Zeile wie"),
        ({"group_roles": "A = expert\nA = trainer"}, "jede Gruppe nur einmal"),
        ({"name": "a\nb"}, "eine Zeile mit höchstens 200 Zeichen"),
        ({"group_roles": "\n".join(f"{n} = expert" for n in range(51))}, "höchstens 50 Zeilen"),
        ({"active": "ja", "client_id": ""}, "Tragen Sie Kennung und Geheimnis ein"),
    ],
)
def test_faults_are_named_at_their_field(
    app: Flask, coordinator: CheckingClient, db: Session, values: dict[str, str], words: str
) -> None:
    provider = open_provider(db, make_town(db), "https://login.olpe.example")
    before = whole(app)
    answer = coordinator.submit(f"{LIST}/{provider.id}", entered(**{"required_group": "Bleibt", **values}))
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Fehler: " in answer.text
    assert 'value="Bleibt"' in answer.text
    assert whole(app) == before


def test_a_secret_typed_into_a_faulty_form_does_not_come_back(
    coordinator: CheckingClient, db: Session
) -> None:
    provider = open_provider(db, make_town(db), "https://login.olpe.example")
    answer = coordinator.submit(f"{LIST}/{provider.id}", entered(name="", credential_secret="supergeheim"))
    assert answer.status_code == 422
    assert "supergeheim" not in answer.text


def test_lines_of_groups_and_roles(coordinator: CheckingClient, db: Session) -> None:
    provider = open_provider(db, make_town(db), "https://login.olpe.example")
    lines = "\r\n CN=Fach,OU=Stadt = expert \r\n\r\nSchulung=trainer\r\n"
    coordinator.submit(f"{LIST}/{provider.id}", entered(group_roles=lines))
    db.refresh(provider)
    assert provider.group_roles == {"CN=Fach,OU=Stadt": "expert", "Schulung": "trainer"}
    assert "CN=Fach,OU=Stadt = expert\nSchulung = trainer" in coordinator.get(f"{LIST}/{provider.id}").text


@pytest.mark.parametrize("town", ["Nirgendwo", "00000000", ""])
def test_a_service_needs_a_town(coordinator: CheckingClient, db: Session, town: str) -> None:
    make_town(db)
    values = {"municipality": town, "name": "x", "issuer": "https://login.olpe.example"}
    answer = coordinator.submit(f"{LIST}/neu", values)
    assert answer.status_code == 422
    assert "Kommune" in answer.text
    assert db.scalar(select(func.count()).select_from(Provider)) == 0


# Checking


def test_a_check_says_what_was_found_and_changes_nothing(
    app: Flask, coordinator: CheckingClient, db: Session, idp: Idp
) -> None:
    provider = open_provider(db, make_town(db), idp.issuer, client_id="", client_secret="", active=False)
    idp.metadata = {"code_challenge_methods_supported": ["S256"], "claims_supported": ["email"]}
    answer = coordinator.submit(f"{LIST}/{provider.id}/pruefen")
    assert answer.status_code == 200
    for words in (
        "Die Verbindung gelingt",
        "1 brauchbarer Schlüssel",
        "unterstützt",
        "Neue Konten entstehen so nicht",
    ):
        assert words in answer.text
    assert entries(db) == []
    idp.keys = []
    assert "keinen brauchbaren Schlüssel" in coordinator.submit(f"{LIST}/{provider.id}/pruefen").text


@pytest.mark.parametrize(
    ("bend", "words"),
    [
        ({"metadata": {"issuer": "https://other.example"}}, "Der Dienst nennt sich anders."),
        ({"metadata": {"token_endpoint": "http://10.0.0.1/"}}, "beginnt nicht mit https://"),
        ({"metadata": {"token_endpoint_auth_methods_supported": ["none"]}}, "client_secret_basic"),
        ({"answers": {"/keys": lambda _request: helpers.as_json({}, 404)}}, "keine Beschreibung"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    coordinator: CheckingClient, db: Session, idp: Idp, bend: dict[str, Any], words: str
) -> None:
    provider = open_provider(db, make_town(db), idp.issuer)
    for name, value in bend.items():
        setattr(idp, name, value)
    answer = coordinator.submit(f"{LIST}/{provider.id}/pruefen")
    assert answer.status_code == 200
    assert "Die Verbindung gelingt nicht" in answer.text
    assert words in answer.text


def test_every_reason_has_its_sentence(coordinator: CheckingClient, db: Session) -> None:
    provider = open_provider(db, make_town(db), "https://login.olpe.example", client_secret="unreadable")
    assert "Tragen Sie es neu ein." in coordinator.submit(f"{LIST}/{provider.id}/pruefen").text


def test_the_page_has_a_sentence_for_each_of_them() -> None:
    template = (Path(views.__file__).parent / "templates" / "desk" / "provider.html").read_text("utf-8")
    told = set(re.findall(r'^  "(\w+)": _\(', template, re.MULTILINE))
    assert told == set(REASONS) - {"denied", "code", "token", "claims"}  # only a sign-in shows those


@pytest.mark.usefixtures("in_one_window")
def test_checks_have_a_limit(coordinator: CheckingClient, db: Session, idp: Idp) -> None:
    provider = open_provider(db, make_town(db), idp.issuer)
    statuses = [
        coordinator.submit(f"{LIST}/{provider.id}/pruefen").status_code for _ in range(views.CHECKS.tries + 1)
    ]
    assert statuses == [200] * views.CHECKS.tries + [429]


def test_the_log_of_a_check_names_no_address(
    app: Flask, coordinator: CheckingClient, db: Session, idp: Idp
) -> None:
    provider = open_provider(db, make_town(db), idp.issuer)
    idp.keys = []
    log, layer = io.StringIO(), app.wsgi_app.app  # type: ignore[attr-defined]
    layer.log, kept = logs.logger("json", log), layer.log
    coordinator.submit(f"{LIST}/{provider.id}/pruefen")
    layer.log = kept
    assert '"reason": "keys"' in log.getvalue()
    assert idp.issuer not in log.getvalue()


# Removing


def test_removing_says_first_what_happens(coordinator: CheckingClient, db: Session) -> None:
    town = make_town(db)
    provider = open_provider(db, town, "https://login.olpe.example")
    person = make_person(db, municipality=town)
    db.add(Identity(provider_id=provider.id, subject="1", person_id=person.id, linked_on=clock.today()))
    db.flush()
    page = coordinator.get(f"{LIST}/{provider.id}/entfernen").text
    assert "meldet sich danach mit Passwort an" in page
    assert person.name not in page.partition("<main")[2]
    number = provider.id
    assert coordinator.submit(f"{LIST}/{number}/entfernen").headers["Location"] == LIST
    assert db.scalar(select(func.count()).select_from(Provider)) == 0
    assert db.scalar(select(func.count()).select_from(Identity)) == 0
    assert db.get(Person, person.id) is not None
    assert entries(db)[-1] == ("anmeldedienst.entfernt", f"anmeldedienst:{number}", "")
    assert coordinator.get(f"{LIST}/{number}").status_code == 404


# Who may


@pytest.mark.parametrize("roles", [[], ["expert"], ["trainer"]])
def test_nobody_else_comes_near(app: Flask, client: CheckingClient, db: Session, roles: list[str]) -> None:
    provider = open_provider(db, make_town(db), "https://login.olpe.example")
    sign_in(client, make_person(db, roles=roles))
    before = whole(app)
    for path in ("", "/neu", f"/{provider.id}", f"/{provider.id}/entfernen"):
        assert client.get(LIST + path).status_code == 403
    for path in ("/neu", f"/{provider.id}", f"/{provider.id}/pruefen", f"/{provider.id}/entfernen"):
        assert client.submit(LIST + path, entered()).status_code == 403
    assert whole(app) == before


def test_the_betrieb_reads_and_cannot_let_herself_in(app: Flask, client: CheckingClient, db: Session) -> None:
    town = make_town(db)
    provider = open_provider(db, town, "https://login.olpe.example")
    sign_in(client, make_person(db, roles=["operator"]))
    before = whole(app)
    one = f"{LIST}/{provider.id}"
    assert "/verwaltung/anmeldedienste/neu" not in client.get(LIST).text
    page = client.get(one).text.partition("<main")[2]
    assert "https://login.olpe.example" in page
    assert "<form" not in page.partition("<footer")[0]
    for path in (f"{LIST}/neu", f"{one}/entfernen"):
        assert client.get(path).status_code == 403
    for path in (f"{LIST}/neu", one, f"{one}/pruefen", f"{one}/entfernen"):
        assert client.submit(path, entered()).status_code == 403
    assert whole(app) == before


def test_long_lists_go_on(coordinator: CheckingClient, db: Session) -> None:
    town = make_town(db)
    for number in range(30):
        open_provider(db, town, f"https://login{number}.olpe.example")
    page = coordinator.get(LIST).text
    assert page.count('scope="row"') == 25
    assert "Weitere Dienste" in page
