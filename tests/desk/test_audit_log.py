"""The audit log at the desk: filtered, to print, as a file without formulas; reading writes nothing."""

import csv
import io
import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core import audit
from learn.core.clock import today
from learn.core.models import AuditEntry
from learn.desk import audit_log
from tests.client import CheckingClient, sign_in
from tests.factories import make_person

LOG = "/verwaltung/protokoll"


@pytest.fixture(params=["coordinator", "operator"])
def desk(client: CheckingClient, db: Session, request: pytest.FixtureRequest) -> CheckingClient:
    """The browser of somebody who may."""
    sign_in(client, make_person(db, roles=[request.param]))
    return client


def rows(text: str) -> list[list[str]]:
    """Cells of the table without marks."""
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    ]


def test_entries_name_accounts_and_who_they_are_today(desk: CheckingClient, db: Session) -> None:
    karla, jana = make_person(db, name="Karla Entwurf"), make_person(db, name="Jana Muster")
    audit.record(db, audit.person(karla.id), "konto.gesperrt", audit.person(jana.id), "verdacht")
    audit.record(db, audit.COMMAND_LINE, "personen.eingelesen", audit.people(12, 19), "8 neue Konten")
    imported, disabled = rows(desk.get(LOG).text)
    assert disabled[1:] == [
        f"Konto {karla.id} Karla Entwurf",
        "Konto gesperrt",
        f"Konto {jana.id} Jana Muster",
        "Verdacht, dass jemand anderes das Konto benutzt",
    ]
    assert imported[1:] == ["Kommandozeile", "Personen eingelesen", "Konten 12 bis 19", "8 neue Konten"]
    assert f'href="/verwaltung/personen/{jana.id}"' in desk.get(LOG).text


def test_filters_and_their_faults(desk: CheckingClient, db: Session) -> None:
    audit.record(db, audit.person(7), "konto.gesperrt", audit.person(8))
    audit.record(db, audit.person(9), "konto.entsperrt", audit.person(8))
    day = today().isoformat()
    cases = {
        "": 2,
        "?konto=7": 1,
        "?konto=Konto+8": 2,
        "?aktion=konto.entsperrt": 1,
        f"?von={day}&bis={day}": 2,
        "?bis=2020-01-01": 0,
        "?aktion=quatsch": 2,
    }
    for query, expected in cases.items():
        assert len(rows(desk.get(LOG + query).text)) == expected, query
    for query, sentence in {
        "?von=gestern": "Schreiben Sie den Tag",
        "?von=0001-01-01": "Schreiben Sie den Tag",
        "?bis=9999-12-31": "Schreiben Sie den Tag",
        "?konto=Jana": "die Nummer des Kontos",
    }.items():
        answer = desk.get(LOG + query)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert rows(answer.text) == []


def test_older_entries_follow_with_the_filters(desk: CheckingClient, db: Session) -> None:
    for _ in range(30):
        audit.record(db, audit.COMMAND_LINE, "konto.angelegt", audit.person(8))
    page = desk.get(f"{LOG}?konto=8").text
    (more,) = re.findall(r'href="(/verwaltung/protokoll\?[^"]*nach=[^"]*)"', page)
    assert "konto=8" in more
    assert len(rows(page)) + len(rows(desk.get(more.replace("&amp;", "&")).text)) == 30


def test_an_extract_to_print_begins_with_the_oldest(
    desk: CheckingClient, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        audit.record(db, audit.COMMAND_LINE, "konto.angelegt", audit.person(9000 + number))
    page = desk.get(f"{LOG}/auszug?aktion=konto.angelegt").text
    assert [row[3] for row in rows(page)] == [f"Konto {9000 + number}" for number in range(4)]
    assert "sc-log" in page
    monkeypatch.setattr(audit_log, "PRINTED", 3)
    page = desk.get(f"{LOG}/auszug").text
    assert len(rows(page)) == 3
    assert "Hier stehen die ersten 3 Einträge." in page


@pytest.mark.parametrize("name", ["=1+1", "+49", "-2", "@sum", " =1"])
def test_no_cell_of_the_file_is_a_formula(desk: CheckingClient, db: Session, name: str) -> None:
    person = make_person(db, name=name)
    audit.record(db, audit.person(person.id), "konto.rollen", audit.person(person.id), "=HYPERLINK(1)")
    answer = desk.get(f"{LOG}/auszug.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=protokoll-{today()}.csv"
    assert answer.headers["Cache-Control"] == "no-store"
    table = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert table[0] == list(audit_log.HEAD)
    assert len(table) == 2
    assert not [cell for cell in table[1] if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert f"'{name}" in table[1]


def test_reading_writes_nothing(desk: CheckingClient, db: Session) -> None:
    for path in (LOG, f"{LOG}/auszug", f"{LOG}/auszug.csv"):
        assert desk.get(path).status_code == 200
    assert db.scalar(select(func.count()).select_from(AuditEntry)) == 0
