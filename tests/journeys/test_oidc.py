"""Signing in with the service of one's town in a browser, from the desk to the takeover that fails."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import func, select

from learn.accounts import passwords, service
from learn.accounts.models import Identity, Person, Provider
from learn.core import audit as audit_log
from learn.core.db import Database
from learn.core.sealing import seal
from learn.network.models import MailDomain, Municipality
from tests.accounts import idp as helpers
from tests.accounts.idp import known_to_mock, mock, sign_in_at_mock
from tests.conftest import make_config
from tests.journeys.audit import Audit
from tests.journeys.conftest import Demo, signed_in
from tests.journeys.factors import arrive

pytestmark = helpers.IGNORED
PASSWORD = "Brombeere und Leuchtturm"
OURS = {"localhost", "127.0.0.1"}


@pytest.fixture(scope="module")
def database(demo: Demo) -> Iterator[Database]:
    """The database of the running demo; our providers go at the end."""
    database = Database.of(make_config(demo.instance))
    with database.writing() as session:
        for name in ("Wenden", "Drolshagen"):
            town = session.scalars(select(Municipality).where(Municipality.name == name)).one()
            session.merge(MailDomain(domain=f"{name.lower()}.example", municipality_id=town.id))
    yield database
    with database.writing() as session:
        for provider in session.scalars(select(Provider)):
            session.delete(provider)
    database.dispose()


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A real provider, on another site than ours for the browser."""
    with mock() as started:
        yield started


@contextmanager
def surfing(browser: Browser, demo: Demo, *, scripts: bool = True) -> Iterator[Page]:
    """A browser of its own; the mock's style sheet lies on the internet, which tests do not ask."""
    context = browser.new_context(base_url=demo.base, java_script_enabled=scripts, locale="de-DE")
    offline(context)
    yield context.new_page()
    context.close()


def offline(context: BrowserContext) -> None:
    def decide(route: Route) -> None:
        if urlsplit(route.request.url).hostname in OURS:
            route.continue_()
        else:
            route.abort()

    context.route("**/*", decide)


def provider_of(database: Database, demo: Demo, town: str, issuer: str) -> int:
    """An open provider of a town, as the desk would have stored it."""
    secret_key = (demo.instance / "secret").read_text().strip()
    with database.writing() as session:
        found = session.scalars(select(Municipality).where(Municipality.name == town)).one()
        provider = Provider(
            municipality_id=found.id,
            name="Dienstkonto",
            issuer=issuer,
            client_id="lernen",
            client_secret=seal("geheim", secret_key),
            group_roles={},
        )
        session.add(provider)
        session.flush()
        return provider.id


def employee(database: Database, email: str, town: str) -> None:
    """Somebody of a town with a password of her own."""
    ags = ags_of(database, town)
    with database.writing() as session:
        service.create_user(
            session,
            by=audit_log.COMMAND_LINE,
            email=email,
            name="Erika Beispiel",
            password_hash=passwords.hashed(PASSWORD),
            municipality=ags,
        )


def ags_of(database: Database, town: str) -> str:
    with database.reading() as session:
        return session.scalars(select(Municipality.ags).where(Municipality.name == town)).one()


def at_the_provider(page: Page, subject: str) -> None:
    """Its login form."""
    page.get_by_role("heading", name="Authorize Client").wait_for()
    page.fill("[name=sub]", subject)
    page.get_by_role("button", name="Authorize").click()


def people(database: Database, email: str) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Person).where(Person.email_key == email)) or 0


def with_password(page: Page, email: str) -> None:
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def test_the_koordination_opens_the_service_of_a_town(
    browser: Browser, demo: Demo, database: Database, issuer: str
) -> None:
    context = signed_in(browser, demo, "coordinator")
    page = context.new_page()
    page.goto("/verwaltung")
    page.get_by_role("link", name="Anmeldedienste").click()
    page.get_by_role("link", name="Dienst hinzufügen").click()
    page.get_by_label("Kommune").fill("Drolshagen")
    page.get_by_label("Bezeichnung").fill("Dienstkonto")
    page.get_by_label("Adresse des Dienstes").fill(issuer)
    page.get_by_role("button", name="Dienst anlegen").click()
    address = page.locator(".sc-secret code").inner_text()
    assert re.fullmatch(re.escape(demo.base) + r"/anmelden/zurueck/\d+", address)
    page.get_by_role("button", name="Verbindung prüfen").click()
    page.get_by_text("Die Verbindung gelingt", exact=True).wait_for()
    page.get_by_label("Kennung").fill("lernen")
    page.get_by_label("Geheimnis").fill("geheim")
    page.get_by_label("Eingeschaltet").check()
    page.get_by_role("button", name="Angaben speichern").click()
    page.get_by_text("Die Angaben sind gespeichert.").wait_for()
    expect(page.get_by_label("Geheimnis")).to_have_value("")
    context.close()
    known_to_mock(issuer, "ulla", email="ulla@drolshagen.example", email_verified=True, name="Ulla Beispiel")
    with surfing(browser, demo) as page:
        page.goto("/anmelden?weiter=/kurse")
        page.get_by_role("link", name="Mit der Anmeldung der Stadt Drolshagen").click()
        at_the_provider(page, "ulla")
        page.wait_for_url("**/kurse")
        page.get_by_text("Ulla Beispiel").first.wait_for()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_new_account_and_the_same_the_second_time(
    browser: Browser, demo: Demo, database: Database, issuer: str, scripts: bool
) -> None:
    number = provider_of(database, demo, "Wenden", issuer)
    name = "mit" if scripts else "ohne"
    email = f"{name}@wenden.example"
    known_to_mock(issuer, name, email=email, email_verified=True, name=f"{name.title()} Beispiel")
    for _ in range(2):
        with surfing(browser, demo, scripts=scripts) as page:
            page.goto("/anmelden")
            page.locator(f'a[href^="/anmelden/dienst/{number}"]').click()
            at_the_provider(page, name)
            page.wait_for_url("**/lernen")
            page.get_by_text(f"{name.title()} Beispiel").first.wait_for()
            assert people(database, email) == 1
            page.go_back()
            page.goto(page.url)


def test_a_form_would_be_stopped_by_our_own_policy(
    browser: Browser, demo: Demo, database: Database, issuer: str
) -> None:
    """The control: why the way out is a plain link."""
    number = provider_of(database, demo, "Wenden", issuer)
    with surfing(browser, demo) as page:
        page.goto("/anmelden")
        blocked = []
        page.on("console", lambda message: blocked.append(message.text))
        page.evaluate(
            """address => {
              const form = document.createElement('form');
              form.action = address;
              document.body.append(form);
              form.submit();
            }""",
            f"/anmelden/dienst/{number}",
        )
        page.wait_for_timeout(1000)
        assert page.url == f"{demo.base}/anmelden"
        assert any("form-action" in text for text in blocked)


def test_an_existing_account_is_linked_after_proof(
    browser: Browser, demo: Demo, database: Database, issuer: str
) -> None:
    number = provider_of(database, demo, "Wenden", issuer)
    email = "erika@wenden.example"
    employee(database, email, "Wenden")
    known_to_mock(issuer, "erika", email=email, email_verified=True, name="Erika Beispiel")
    with surfing(browser, demo) as page:
        page.goto(f"/anmelden/dienst/{number}")
        at_the_provider(page, "erika")
        page.get_by_role("heading", name="Es gibt schon ein Konto").wait_for()
        page.get_by_role("link", name="Anmelden und verknüpfen").click()
        with_password(page, email)
        page.wait_for_url("**/konto/anmeldung")
        link = page.locator(f'form[action="/konto/anmeldung/dienst/{number}/verknuepfen"] button')
        link.click()
        page.get_by_role("heading", name="Sind Sie es?").wait_for()
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Weiter").click()
        page.wait_for_url("**/konto/anmeldung")
        link.click()
        page.get_by_role("link", name="Weiter zur Anmeldung der Gemeinde Wenden").click()
        at_the_provider(page, "erika")
        page.wait_for_url("**/konto/anmeldung")
        page.get_by_text("Ihr Konto ist mit der Anmeldung der Gemeinde Wenden verknüpft.").wait_for()
        page.get_by_role("button", name="Abmelden").first.click()
        page.goto(f"/anmelden/dienst/{number}")
        at_the_provider(page, "erika")
        page.wait_for_url("**/lernen")
    assert people(database, email) == 1


def test_the_provider_of_another_town_takes_nothing_over(
    browser: Browser, demo: Demo, database: Database
) -> None:
    email = "opfer@wenden.example"
    employee(database, email, "Wenden")
    with mock() as evil:
        number = provider_of(database, demo, "Drolshagen", evil)
        known_to_mock(evil, "opfer", email=email, email_verified=True, name="Erika Beispiel")
        with surfing(browser, demo) as page:
            page.goto(f"/anmelden/dienst/{number}")
            at_the_provider(page, "opfer")
            page.get_by_text("bestätigt keine E-Mail-Adresse dieser Kommune für Sie").wait_for()
            assert_visitor(page)
        move_domain(database, "wenden.example", "Drolshagen")
        with surfing(browser, demo) as page:
            page.goto(f"/anmelden/dienst/{number}")
            at_the_provider(page, "opfer")
            page.get_by_role("heading", name="Es gibt schon ein Konto").wait_for()
            assert_visitor(page)
        move_domain(database, "wenden.example", "Wenden")
    with database.reading() as session:
        victim = session.scalars(select(Person.id).where(Person.email_key == email)).one()
        assert session.scalar(select(Identity).where(Identity.person_id == victim)) is None


def assert_visitor(page: Page) -> None:
    page.goto("/konto")
    arrive(page, "/anmelden")


def move_domain(database: Database, domain: str, town: str) -> None:
    with database.writing() as session:
        found = session.scalars(select(Municipality.id).where(Municipality.name == town)).one()
        session.get_one(MailDomain, domain).municipality_id = found


def test_an_address_carried_to_another_browser_opens_nothing(
    browser: Browser, demo: Demo, database: Database, issuer: str
) -> None:
    number = provider_of(database, demo, "Wenden", issuer)
    known_to_mock(issuer, "falle", email="falle@wenden.example", email_verified=True, name="Falle")
    with surfing(browser, demo) as attacker, surfing(browser, demo) as victim:
        attacker.goto(f"/anmelden/dienst/{number}")
        attacker.get_by_role("heading", name="Authorize Client").wait_for()
        caught = sign_in_at_mock(attacker.url, "falle")
        victim.goto("/anmelden")
        victim.goto(caught)
        victim.get_by_role("heading", name="Diese Anmeldung gilt nicht mehr").wait_for()
        assert_visitor(victim)
    assert people(database, "falle@wenden.example") == 0


def test_a_provider_that_is_away_leaves_the_password(
    browser: Browser, demo: Demo, database: Database
) -> None:
    with mock() as gone:
        number = provider_of(database, demo, "Wenden", gone)
    with surfing(browser, demo, scripts=False) as page:
        page.goto(f"/anmelden/dienst/{number}")
        arrive(page, "/anmelden")
        page.get_by_text("Der Anmeldedienst der Gemeinde Wenden antwortet nicht.").wait_for()
        expect(page.get_by_label("Passwort", exact=True)).to_be_visible()


def test_pages_for_visitors(
    audit: Callable[[str], Audit], demo: Demo, database: Database, issuer: str
) -> None:
    number = provider_of(database, demo, "Wenden", issuer)
    pages = (
        "/anmelden",
        "/anmelden/kommune",
        f"/anmelden/kommune?ags={ags_of(database, 'Wenden')}",
        "/anmelden/kommune?q=nirgendwo",
    )
    assert [line for page in pages for line in audit("").check(page)] == []
    refused = f"/anmelden/zurueck/{number}?state=x"  # its status stands in the console
    assert audit("").check(refused, quiet=False) == []
    assert audit("").same_titles([*pages, refused]) == []


def test_pages_of_the_desk(
    audit: Callable[[str], Audit], demo: Demo, database: Database, issuer: str
) -> None:
    number = provider_of(database, demo, "Wenden", issuer)
    here = "/verwaltung/anmeldedienste"
    pages = (here, f"{here}/neu", f"{here}/{number}", f"{here}/{number}/entfernen")
    assert [line for page in pages for line in audit("coordinator").check(page)] == []
    assert audit("coordinator").same_titles(pages) == []
