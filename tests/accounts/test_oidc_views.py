"""Signing in with the service of one's town, page by page, against a real provider."""

import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts.models import Identity, Person
from learn.accounts.views import providers as views
from learn.accounts.views.trying import BY_SOURCE
from learn.core import clock, logs
from learn.core.models import SignIn, Throttle
from learn.network.models import MailDomain
from tests.accounts import idp as helpers
from tests.accounts import ways
from tests.accounts.idp import Idp, mock, running
from tests.accounts.towns import (
    bent,
    flashed,
    introduce,
    leave,
    make_town,
    open_provider,
    state_of,
    there_and_back,
    whole,
)
from tests.client import CheckingClient
from tests.factories import make_person

pytestmark = helpers.IGNORED
AWAY = (
    "Der Anmeldedienst der Stadt Olpe antwortet nicht."
    " Melden Sie sich mit Passwort an oder versuchen Sie es später."
)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    helpers.forget()
    yield
    helpers.forget()


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A real provider for all tests here."""
    with mock() as started:
        yield started


@pytest.fixture
def idp() -> Iterator[Idp]:
    with running() as started:
        yield started


def count(db: Session, table: Any) -> int:
    return db.scalar(select(func.count()).select_from(table)) or 0


# Out and back


def test_a_new_account_and_the_same_the_next_time(
    app: Flask, client: CheckingClient, db: Session, issuer: str
) -> None:
    provider = open_provider(db, make_town(db), issuer)
    introduce(issuer)
    answer = there_and_back(client, provider, "jana", weiter="/vokabelheft")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/vokabelheft")
    assert "Jana" in client.get("/vokabelheft").text
    second = ways.browser(app)
    assert there_and_back(second, provider, "jana").headers["Location"] == "/lernen"
    person = db.scalars(select(Person)).one()
    assert (person.email, person.name, person.municipality_id) == (
        "jana@olpe.example",
        "Jana",
        provider.municipality_id,
    )
    assert (count(db, SignIn), count(db, Identity)) == (2, 1)
    assert max(db.scalars(select(Throttle.tries))) == 0  # who gets in has tried nothing


def test_going_out_writes_nothing(app: Flask, client: CheckingClient, db: Session, issuer: str) -> None:
    provider = open_provider(db, make_town(db), issuer)
    before = whole(app)
    leave(client, provider)
    client.get("/anmelden")
    assert whole(app) == before


def test_the_address_out_names_us_by_the_base_url_alone(
    client: CheckingClient, db: Session, issuer: str
) -> None:
    provider = open_provider(db, make_town(db), issuer)
    for host in ("127.0.0.1:99", "localhost:5"):
        answer = client.get(
            f"/anmelden/dienst/{provider.id}", headers={"Host": host, "X-Forwarded-Host": "evil.example"}
        )
        sent = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
        assert sent["redirect_uri"] == f"http://localhost/anmelden/zurueck/{provider.id}"
    for path in ("dienst", "zurueck"):
        forged = client.get(f"/anmelden/{path}/{provider.id}?state=x", headers={"Host": "evil.example"})
        assert forged.status_code == 400


@pytest.mark.parametrize(
    "hostile", ["//evil.example", "/\\evil.example", "https://evil.example", "/%09/evil", "x" * 3000]
)
def test_it_never_leads_elsewhere(client: CheckingClient, db: Session, issuer: str, hostile: str) -> None:
    provider = open_provider(db, make_town(db), issuer)
    introduce(issuer)
    assert there_and_back(client, provider, "jana", weiter=hostile).headers["Location"] == "/lernen"


def test_a_very_long_way_back_is_forgotten(client: CheckingClient, db: Session, issuer: str) -> None:
    provider = open_provider(db, make_town(db), issuer)
    introduce(issuer)
    long = "/kurse?q=" + "x" * views.LONGEST_TARGET
    assert there_and_back(client, provider, "jana", weiter=long).headers["Location"] == "/lernen"


def test_no_code_of_an_app_is_asked_for_then(client: CheckingClient, db: Session, issuer: str) -> None:
    provider = open_provider(db, make_town(db), issuer)
    introduce(issuer)
    there_and_back(client, provider, "jana")
    ways.with_app(db, db.scalars(select(Person)).one())
    client.submit("/abmelden")
    assert there_and_back(client, provider, "jana").headers["Location"] == "/lernen"
    assert client.get("/konto").status_code == 200


def test_a_former_session_of_this_browser_ends(client: CheckingClient, db: Session, issuer: str) -> None:
    provider = open_provider(db, make_town(db), issuer)
    introduce(issuer)
    address = leave(client, provider)
    departed = client.get_cookie("sitzung")
    assert departed is not None
    back = helpers.sign_in_at_mock(address, "jana")
    assert client.get(back.removeprefix("http://localhost")).status_code == 303
    entered = client.get_cookie("sitzung")
    assert entered is not None
    assert entered.value != departed.value
    assert client.get(f"/anmelden/dienst/{provider.id}").headers["Location"] == "/lernen"


def test_roles_change_and_end_other_sessions(
    app: Flask, client: CheckingClient, db: Session, issuer: str
) -> None:
    provider = open_provider(db, make_town(db), issuer, group_roles={"Schulung": "trainer"})
    introduce(issuer)
    elsewhere = ways.browser(app)
    there_and_back(elsewhere, provider, "jana")
    introduce(issuer, groups=["Schulung"])
    assert there_and_back(client, provider, "jana").status_code == 303
    assert client.get("/konto").status_code == 200
    assert elsewhere.get("/konto").status_code == 303
    assert count(db, SignIn) == 1


# When it does not work out


def test_a_provider_that_is_away_is_one_sentence(client: CheckingClient, db: Session) -> None:
    with running() as idp:
        provider = open_provider(db, make_town(db), idp.issuer)
    answer = client.get(f"/anmelden/dienst/{provider.id}?weiter=/kurse")
    assert answer.headers["Location"] == "/anmelden?weiter=/kurse"
    page = client.get(answer.headers["Location"]).text
    assert AWAY in page
    assert 'name="password"' in page


@pytest.mark.parametrize(
    "bend",
    [
        {"claims": {"nonce": "another"}},
        {"claims": {"aud": "another"}},
        {"sign": lambda _claims: "no.token.here"},
        {"answers": {"/token": helpers.slowly(0)}},
        {"keys": []},
    ],
)
def test_so_is_one_that_answers_nonsense(
    client: CheckingClient, db: Session, idp: Idp, bend: dict[str, Any]
) -> None:
    provider = open_provider(db, make_town(db), idp.issuer)
    for name, value in bend.items():
        setattr(idp, name, value)
    answer = bent(client, provider, idp, weiter="/kurse")
    assert answer.headers["Location"] == "/anmelden?weiter=/kurse"
    assert AWAY in flashed(client)
    assert count(db, Person) == 0


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            "error=access_denied&error_description=<script>",
            "Sie haben die Anmeldung beim Dienst der Stadt Olpe abgebrochen.",
        ),
        ("error=server_error", AWAY),
        ("code=falsch", AWAY),
        ("", AWAY),
    ],
)
def test_what_the_provider_sends_back_is_never_repeated(
    client: CheckingClient, db: Session, idp: Idp, query: str, words: str
) -> None:
    provider = open_provider(db, make_town(db), idp.issuer)
    state = state_of(leave(client, provider))
    answer = client.get(f"/anmelden/zurueck/{provider.id}?state={state}&{query}")
    assert answer.headers["Location"].startswith("/anmelden?")
    page = client.get("/anmelden").text
    assert words in page
    assert "<script>" not in page.partition("<main")[2]


def test_a_gemeinde_is_called_one(client: CheckingClient, db: Session) -> None:
    with running() as idp:
        town = make_town(db, "Wenden")
        town.kind = "Gemeinde"
        provider = open_provider(db, town, idp.issuer)
    client.get(f"/anmelden/dienst/{provider.id}")
    assert "Der Anmeldedienst der Gemeinde Wenden antwortet nicht." in flashed(client)
    town.kind = ""
    db.flush()
    client.get(f"/anmelden/dienst/{provider.id}")
    assert "Der Anmeldedienst von Wenden antwortet nicht." in flashed(client)


def test_the_log_names_nobody(app: Flask, client: CheckingClient, db: Session, issuer: str, idp: Idp) -> None:
    town = make_town(db)
    provider, broken = open_provider(db, town, issuer), open_provider(db, town, idp.issuer)
    introduce(issuer)
    introduce(issuer, "fremd", email="fremd@gmx.example")
    log, layer = io.StringIO(), app.wsgi_app.app  # type: ignore[attr-defined]
    layer.log, kept = logs.logger("json", log), layer.log
    there_and_back(client, provider, "fremd")
    idp.claims = {"nonce": "x"}
    bent(client, broken, idp)
    client.get(f"/anmelden/zurueck/{provider.id}?state=x")
    there_and_back(client, provider, "jana")
    layer.log = kept
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    events = [
        (line["event"], line.get("reason", line.get("why"))) for line in lines if line["event"] != "request"
    ]
    assert events == [
        ("provider refused", "address"),
        ("provider failed", "claims"),
        ("provider state refused", None),
        ("signed in", None),
    ]
    for word in ("jana", "fremd", "olpe.example", "ein-code", "localhost"):
        assert word not in log.getvalue()


def test_failing_often_has_an_end(client: CheckingClient, db: Session, idp: Idp) -> None:
    provider = open_provider(db, make_town(db), idp.issuer)
    idp.claims = {"nonce": "another"}
    start = clock.now().replace(minute=0, second=0, microsecond=0)
    with time_machine.travel(start, tick=False):
        for _ in range(BY_SOURCE.tries):
            assert bent(client, provider, idp).status_code == 303
        answer = bent(client, provider, idp)
    assert answer.status_code == 429
    assert idp.asked.count("/token") == BY_SOURCE.tries


# Who is not admitted


def refusal(answer: Any) -> str:
    assert answer.status_code == 403
    text: str = answer.text
    return text.partition('class="sc-form">')[2].partition("<p>")[2].partition("</p>")[0]


def test_refusals_name_the_koordination(client: CheckingClient, db: Session, issuer: str) -> None:
    town = make_town(db)
    provider = open_provider(db, town, issuer)
    introduce(issuer, "fremd", email="fremd@gmx.example")
    introduce(issuer, "unbestaetigt", email_verified=False)
    words = refusal(there_and_back(client, provider, "fremd"))
    assert words == refusal(there_and_back(client, provider, "unbestaetigt"))
    assert words == (
        "Der Anmeldedienst der Stadt Olpe bestätigt keine E-Mail-Adresse dieser Kommune für Sie."
        " Wenden Sie sich an die Koordination."
    )
    provider.required_group = "Lernen"
    db.flush()
    introduce(issuer)
    assert "Koordination" in refusal(there_and_back(client, provider, "jana"))
    assert count(db, Person) == 0


def test_closed_and_moved_people_are_refused_alike(client: CheckingClient, db: Session, issuer: str) -> None:
    provider = open_provider(db, make_town(db), issuer)
    introduce(issuer)
    there_and_back(client, provider, "jana")
    client.submit("/abmelden")
    person = db.scalars(select(Person)).one()
    person.active = False
    db.flush()
    closed = refusal(there_and_back(client, provider, "jana"))
    person.active, person.municipality_id = True, make_town(db, "Wenden", "wenden.example").id
    db.flush()
    assert refusal(there_and_back(client, provider, "jana")) == closed
    assert "Koordination" in closed
    assert count(db, SignIn) == 0


def test_an_existing_account_is_told_to_sign_in_and_link(
    client: CheckingClient, db: Session, issuer: str
) -> None:
    town = make_town(db)
    provider = open_provider(db, town, issuer)
    for municipality in (town, make_town(db, "Wenden", "wenden.example")):
        person = make_person(db, email="jana@olpe.example", municipality=municipality)
        introduce(issuer)
        answer = there_and_back(client, provider, "jana")
        assert answer.status_code == 403
        assert "Es gibt schon ein Konto" in answer.text
        assert 'href="/anmelden?weiter=/konto/anmeldung"' in answer.text
        assert count(db, Identity) == 0
        db.delete(person)
        db.flush()


def test_a_domain_that_moved_is_no_way_into_an_account(
    client: CheckingClient, db: Session, issuer: str
) -> None:
    olpe, wenden = make_town(db), make_town(db, "Wenden", "wenden.example")
    victim = make_person(db, email="jana@olpe.example", municipality=olpe)
    attacking = open_provider(db, wenden, issuer)
    introduce(issuer)
    assert "E-Mail-Adresse" in refusal(there_and_back(client, attacking, "jana"))
    db.get_one(MailDomain, "olpe.example").municipality_id = wenden.id
    db.flush()
    assert "schon ein Konto" in there_and_back(client, attacking, "jana").text
    assert db.scalars(select(SignIn).where(SignIn.person_id == victim.id)).all() == []


def test_a_service_that_was_switched_off_meanwhile_opens_nothing(
    client: CheckingClient, db: Session, idp: Idp
) -> None:
    provider = open_provider(db, make_town(db), idp.issuer)
    back = idp.visit(leave(client, provider))
    provider.active = False
    db.flush()
    assert client.get(f"/anmelden/zurueck/{provider.id}?{back}").status_code == 404
    assert client.get(f"/anmelden/dienst/{provider.id}").status_code == 404
    assert count(db, Person) == 0


def test_a_secret_sealed_under_another_key_is_a_failure(
    client: CheckingClient, db: Session, idp: Idp
) -> None:
    provider = open_provider(db, make_town(db), idp.issuer, client_secret="gAAAAunreadable")
    assert client.get(f"/anmelden/dienst/{provider.id}").status_code == 303
    assert AWAY in flashed(client)


@pytest.mark.parametrize("number", ["0", "999999", "2147483648", "99999999999999999999", "-1", "x"])
def test_numbers_that_are_nobodys(client: CheckingClient, number: str) -> None:
    assert client.get(f"/anmelden/dienst/{number}").status_code == 404
    assert client.get(f"/anmelden/zurueck/{number}").status_code in {400, 404}
