"""The Koordination's pages of towns: list, details, role, domains, list of towns to read in."""

import io
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core.models import AuditEntry
from learn.desk import town_import
from learn.network import queries
from tests.client import CheckingClient, sign_in
from tests.factories import make_person
from tests.network.rows import import_towns, town

LIST = "/verwaltung/kommunen"
OLPE = f"{LIST}/05966024"
TOWNS = """ags,name,kreis,einwohner,einwohner_geprueft,rolle,domains
05966024,Olpe,Kreis Olpe,25000,ja,pionier,olpe.example
05966028,Wenden,Kreis Olpe,19800,nein,gast,
"""


@pytest.fixture
def karla(db: Session) -> Person:
    import_towns(db, TOWNS)
    return make_person(db, municipality=town(db, "05966024"), roles=["coordinator"])


@pytest.fixture
def desk(client: CheckingClient, karla: Person) -> CheckingClient:
    """The coordinator's browser."""
    sign_in(client, karla)
    return client


def entries(session: Session) -> list[tuple[str, str, str]]:
    found = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.action, entry.subject, entry.reason) for entry in found]


def details(**changed: object) -> dict[str, object]:
    """The form as it stands."""
    values: dict[str, object] = {
        "mailbox": "",
        "phase": "",
        "topic": [],
        "population": "25000",
        "population_day": "",
        "population_verified": "ja",
    }
    return {**values, **changed}


@pytest.mark.parametrize("roles", [[], ["expert"], ["trainer"], ["operator"]])
def test_towns_are_the_koordinations(client: CheckingClient, db: Session, roles: list[str]) -> None:
    import_towns(db, TOWNS)
    sign_in(client, make_person(db, roles=roles))
    for path in (LIST, OLPE, f"{LIST}.csv", f"{LIST}/einlesen"):
        assert client.get(path).status_code == 403
    assert client.submit(OLPE, details(mailbox="x@olpe.example")).status_code == 403
    assert town(db, "05966024").mailbox == ""


def test_the_list_is_searched_and_filtered(desk: CheckingClient) -> None:
    def listed(query: str) -> list[str]:
        return re.findall(r'href="/verwaltung/kommunen/\d+">(.*?)</a>', desk.get(f"{LIST}{query}").text)

    assert listed("") == ["Olpe", "Wenden"]
    assert listed("?q=05966028") == ["Wenden"]
    assert listed("?rolle=pionier") == ["Olpe"]
    assert "Keine Kommune zu „nix“ gefunden." in desk.get(f"{LIST}?q=nix").text


def test_details_are_stored_and_logged(desk: CheckingClient, db: Session, karla: Person) -> None:
    changed = details(
        mailbox=" smart@olpe.example ", phase="konzept", topic=["ki", "klima"], population_day="31.12.2024"
    )
    answer = desk.submit(OLPE, changed)
    assert (answer.status_code, answer.headers["Location"]) == (303, OLPE)
    page = desk.get(OLPE).text
    assert "Die Angaben sind gespeichert." in page
    assert 'value="smart@olpe.example"' in page
    assert 'value="31.12.2024"' in page
    assert re.findall(r'name="topic" value="(\w+)" checked', page) == ["ki", "klima"]
    desk.submit(OLPE, changed)
    assert "Es hat sich nichts geändert." in desk.get(OLPE).text
    assert entries(db) == [
        ("kommune.geaendert", "kommune:05966024", "postfach, phase, einwohner_stand, themen")
    ]
    db.expire_all()
    assert town(db, "05966024").size == "25000"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("mailbox", "niemand", "Geben Sie eine Adresse wie smartcity@stadt.de ein."),
        ("population", "25.000", "Geben Sie eine Zahl ohne Punkte ein."),
        ("population", "99999999", "Geben Sie eine Zahl ohne Punkte ein."),
        ("population_day", "gestern", "Geben Sie einen Tag wie 30.06.2023 ein."),
        ("population_day", "31.02.2024", "Geben Sie einen Tag wie 30.06.2023 ein."),
        ("population_day", "01.01.99999999999", "Geben Sie einen Tag wie 30.06.2023 ein."),
        ("population_day", "01.01.2999", "Der Tag liegt in der Zukunft. Prüfen Sie das Jahr."),
    ],
)
def test_a_fault_is_named_and_the_text_kept(
    desk: CheckingClient, db: Session, field: str, value: str, words: str
) -> None:
    answer = desk.submit(OLPE, details(**{field: value}))
    assert answer.status_code == 422
    assert answer.text.count(words) == 2
    assert f'value="{value}"' in answer.text
    assert "<title>Fehler: " in answer.text
    assert entries(db) == []


@pytest.mark.parametrize(("field", "value"), [("phase", "traum"), ("topic", ["wetter"])])
def test_words_outside_the_lists_are_refused(
    desk: CheckingClient, db: Session, field: str, value: object
) -> None:
    assert desk.submit(OLPE, details(**{field: value})).status_code == 422
    assert entries(db) == []


def test_a_former_pioneer_keeps_its_contacts_for_now(desk: CheckingClient, db: Session) -> None:
    answer = desk.submit(f"{OLPE}/rolle", {"role": "mitglied"})
    assert answer.status_code == 303
    page = desk.get(OLPE).text
    assert "Olpe ist jetzt: Mitglied." in page
    assert "Ihre Kontakte behalten die Rolle." in page
    assert entries(db) == [("kommune.rolle", "kommune:05966024", "pionier, jetzt mitglied")]
    assert desk.submit(f"{OLPE}/rolle", {"role": "chef"}).status_code == 422
    assert desk.submit(f"{OLPE}/rolle", {}).status_code == 422


def test_a_domain_is_listed_once_and_removed_after_a_question(desk: CheckingClient, db: Session) -> None:
    wenden = f"{LIST}/05966028"
    refused = desk.submit(f"{wenden}/domains", {"domain": "olpe.example"})
    assert refused.status_code == 422
    assert "Die Domain olpe.example gehört schon zu Olpe. Entfernen Sie sie zuerst dort." in refused.text
    assert desk.submit(f"{wenden}/domains", {"domain": "gmx.de"}).status_code == 422
    assert desk.submit(f"{wenden}/domains", {"domain": ""}).status_code == 422
    assert desk.get(f"{wenden}/domains/olpe.example/entfernen").status_code == 404
    assert "olpe.example von Olpe entfernen?" in desk.get(f"{OLPE}/domains/olpe.example/entfernen").text
    assert desk.submit(f"{OLPE}/domains/olpe.example/entfernen").status_code == 303
    assert desk.submit(f"{wenden}/domains", {"domain": "@Olpe.example"}).status_code == 303
    assert queries.mail_domains(db, town(db, "05966028").id) == ("olpe.example",)
    assert entries(db) == [
        ("kommune.domain_entfernt", "kommune:05966024", "olpe.example"),
        ("kommune.domain_ergaenzt", "kommune:05966028", "olpe.example"),
    ]


def test_a_town_that_does_not_exist(desk: CheckingClient) -> None:
    missing = f"{LIST}/99999999"
    assert desk.get(missing).status_code == 404
    assert desk.submit(missing, details()).status_code == 404
    assert desk.submit(f"{missing}/rolle", {"role": "gast"}).status_code == 404
    assert desk.submit(f"{missing}/domains", {"domain": "a.example"}).status_code == 404


def upload(client: CheckingClient, data: bytes) -> str:
    answer = client.submit(f"{LIST}/einlesen", {"datei": (io.BytesIO(data), "kommunen.csv")})
    assert answer.status_code in {200, 422}
    return answer.text


def test_a_list_is_checked_first_then_taken_over(desk: CheckingClient, db: Session) -> None:
    data = (
        "\ufeffags;name;rolle;kreis\r\n05966024;Olpe;mitglied;Kreis Olpe\r\n05974012;Ense;;Kreis „Soest“\r\n"
    )
    page = upload(desk, data.encode())
    assert "1 neu, 1 geändert, 0 unverändert. Noch ist nichts gespeichert." in page
    assert re.findall(r'<th scope="row">(\w+)</th>', page) == ["Olpe", "Ense"]
    assert queries.town(db, "05974012") is None
    body = re.search(r'name="body" value="([^"]*)"', page)
    assert body is not None
    answer = desk.submit(f"{LIST}/einlesen/uebernehmen", {"body": body[1]})
    assert (answer.status_code, answer.headers["Location"]) == (303, LIST)
    page = desk.get(LIST).text
    assert "Die Liste ist übernommen: 1 neu, 1 geändert, 0 unverändert." in page
    assert '<option value="Kreis „Soest“">' in page
    assert entries(db) == [
        ("kommune.geaendert", "kommune:05966024", "rolle"),
        ("kommunen.eingelesen", "instanz", "1 neu, 1 geändert, 0 unverändert"),
    ]


def test_a_list_that_changes_nothing_offers_nothing(desk: CheckingClient) -> None:
    page = upload(desk, b"ags,name\n05966024,Olpe\n")
    assert "0 neu, 0 geändert, 1 unverändert." in page
    assert "Liste übernehmen" not in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Wählen Sie eine Datei aus."),
        (b"x" * 1001, "Die Datei ist größer als 900 KB. Teilen Sie sie."),
        (b"ags,name\n1,A\n2,B\n", "Zeile 3: „ags“: Erlaubt ist ein Schlüssel mit acht Ziffern, nicht „2“."),
        (
            b"ags,name,domains\n05966028,Wenden,olpe.example\n",
            "Zeile 2: Die Domain olpe.example gehört schon",
        ),
    ],
)
def test_a_faulty_list_changes_nothing(
    desk: CheckingClient, db: Session, monkeypatch: pytest.MonkeyPatch, data: bytes, words: str
) -> None:
    monkeypatch.setattr(town_import, "LARGEST", 1000)
    assert words in upload(desk, data)
    answer = desk.submit(f"{LIST}/einlesen/uebernehmen", {"body": data.decode()})
    assert answer.status_code == 422
    assert words in answer.text
    assert entries(db) == []


def test_long_reports_are_cut_and_counted(desk: CheckingClient) -> None:
    rows = "\n".join(f"{number:08},Ort {number}" for number in range(120))
    page = upload(desk, f"ags,name\n{rows}\n".encode())
    assert page.count("neue Kommune") == 100
    assert "Dazu kommen 20 weitere Kommunen." in page
    wrong = "\n".join(f"{number},Ort" for number in range(120))
    assert "Dazu kommen 20 weitere Fehler." in upload(desk, f"ags,name\n{wrong}\n".encode())


def test_the_list_is_handed_out_as_it_can_be_read_in(desk: CheckingClient) -> None:
    answer = desk.get(f"{LIST}.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "05966024,Olpe,,Kreis Olpe,,25000,,ja,pionier,,,,olpe.example" in answer.text
    assert "0 neu, 0 geändert, 2 unverändert." in upload(desk, answer.data)
