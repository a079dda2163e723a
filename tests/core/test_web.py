"""Ways back stay here; writing on safe methods fails; routes name their rule."""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from learn.accounts.models import Person
from learn.core.access import visitor
from learn.core.db import Database
from learn.core.web import Pages, safe_path
from tests.client import CheckingClient, sign_in
from tests.core import pages
from tests.factories import PASSWORD, make_person

HOSTILE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%09/evil.example",
    "/%2509/evil.example",
    "/%2f/evil.example",
    "/%252f%252fevil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/ /evil.example",
    "/%5cevil.example",
    "/%255cevil.example",
    "/\u00a0/evil.example",
    "https://evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/notizen\r\nLocation: https://evil.example",
    "/gibt-es-nicht",
    "/abmelden",
    "",
    "/" + "a" * 3000,
)
FINE = ("/notizen", "/notizen?nach=abc&q=a//b", "/konto/darstellung#farben", "/vokabelheft?x=%C3%A4")


@pytest.mark.parametrize("target", HOSTILE)
def test_hostile_targets_lead_home(small: Flask, target: str) -> None:
    with small.test_request_context("/"):
        assert safe_path(target) is None


@pytest.mark.parametrize("target", FINE)
def test_own_pages_are_kept(small: Flask, target: str) -> None:
    with small.test_request_context("/"):
        assert safe_path(target) == target


def test_the_usual_check_would_let_some_pass() -> None:
    def naive(target: str) -> bool:
        parts = urlsplit(target)
        return not parts.scheme and not parts.netloc and target.startswith("/")

    passing = [target for target in HOSTILE if naive(target) and "evil" in target]
    assert len(passing) >= 4


@pytest.mark.parametrize("target", HOSTILE)
def test_signing_in_follows_no_hostile_target(small: Flask, database: None, target: str) -> None:
    client = pages.browser(small)
    with small.extensions["learn.database"].current().writing() as session:
        person = make_person(session)
    form = {"email": person.email, "password": PASSWORD, "weiter": target}
    answer = client.submit("/anmelden", form)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/lernen"


@pytest.fixture
def database(small: Flask) -> Database:
    """The database of the application with a few pages more."""
    found: Database = small.extensions["learn.database"].current()
    return found


@pytest.fixture
def person(database: Database) -> Person:
    with database.writing() as session:
        return make_person(session)


def test_visitors_are_led_to_sign_in_and_back(reader: CheckingClient) -> None:
    answer = reader.get("/notizen?nach=a%20b")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/anmelden?weiter=/notizen?nach%3Da%2520b"


def test_a_post_of_a_visitor_leads_back_to_its_page(reader: CheckingClient) -> None:
    referrer = {"Referer": "http://localhost/vokabelheft?x=1"}
    answer = reader.submit("/notizen", headers=referrer)
    assert answer.headers["Location"] == "/anmelden?weiter=/vokabelheft?x%3D1"


@pytest.mark.parametrize("referrer", ["https://evil.example/notizen", "http://localhost//evil.example", ""])
def test_a_foreign_referrer_counts_for_nothing(reader: CheckingClient, referrer: str) -> None:
    answer = reader.submit("/notizen", headers={"Referer": referrer})
    assert answer.headers["Location"] == "/anmelden?weiter=/lernen"


def test_roles_decide(reader: CheckingClient, person: Person, database: Database) -> None:
    sign_in(reader, person)
    assert reader.get("/notizen").status_code == 200
    assert reader.get("/leitung").status_code == 403
    with database.writing() as session:
        sign_in(reader, make_person(session, roles=["coordinator"]))
    assert reader.get("/leitung").status_code == 200


def test_reading_writes_nothing(reader: CheckingClient) -> None:
    reader.failing = True
    assert reader.get("/schreibt").status_code == 500


def test_a_route_without_a_rule_fails_at_import() -> None:
    found = Pages("without", __name__)
    with pytest.raises(TypeError):
        found.route("/ohne")
    with pytest.raises(TypeError):
        found.get("/ohne")  # type: ignore[call-arg]
    assert callable(found.get("/mit", access=visitor))
