"""Joining without a script: registration by domain and by request, invitation, a forgotten password."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from learn.accounts import joining
from learn.accounts.models import JoinRequest
from learn.core.db import Database
from learn.network.models import MailDomain, Municipality
from tests.accounts.mailbox import parsed, path_in
from tests.conftest import make_config
from tests.journeys.audit import Audit
from tests.journeys.conftest import Demo
from tests.journeys.factors import arrive

PASSWORD, OTHER = "Brombeere und Leuchtturm", "Holunder und Hafen"
OPEN = (
    "/registrieren",
    "/registrieren/postfach",
    "/registrieren/anfrage",
    "/passwort-vergessen",
)
OWN = ("/konto", "/konto/kommune", "/konto/kommune/verlassen", "/konto/anmeldung/bestaetigen")


class Post:
    """The mails of the demo, as the worker delivers them."""

    def __init__(self, demo: Demo) -> None:
        self.folder = demo.instance / "mail"
        self.seen = set(self.folder.glob("*.eml"))

    def link(self, to: str) -> str:
        """The path in the next mail to an address that holds one."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            for path in sorted(set(self.folder.glob("*.eml")) - self.seen):
                self.seen.add(path)
                mail = parsed(path)
                if mail["To"] == to:
                    return path_in(mail)
            time.sleep(0.1)
        raise AssertionError(f"no mail to {to}")


@pytest.fixture
def post(demo: Demo) -> Post:
    return Post(demo)


@pytest.fixture
def database(demo: Demo) -> Iterator[Database]:
    """The database of the running demo, in which Olpe lists olpe.example."""
    database = Database.of(make_config(demo.instance))
    with database.writing() as session:
        olpe = session.scalars(select(Municipality).where(Municipality.name == "Olpe")).one()
        session.merge(MailDomain(domain="olpe.example", municipality_id=olpe.id))
    yield database
    database.dispose()


@pytest.fixture
def context(browser: Browser, demo: Demo) -> Iterator[BrowserContext]:
    """A browser without scripts."""
    context = browser.new_context(base_url=demo.base, java_script_enabled=False, locale="de-DE")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def register(page: Page, email: str, name: str = "Digitalisierung, Stadt Olpe") -> None:
    page.goto("/anmelden")
    page.get_by_role("link", name="Konto anlegen").click()
    page.get_by_label("Name oder Funktion").fill(name)
    page.get_by_label("Dienstliche E-Mail-Adresse").fill(email)
    page.get_by_label("Kommune", exact=True).select_option(label="Olpe")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Konto anlegen").click()
    expect(page.get_by_role("heading", name="Sehen Sie in Ihr Postfach")).to_be_visible()


def confirm(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Adresse bestätigen").click()


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/anmelden")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort", exact=True).fill(password)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def test_an_address_of_the_town_opens_an_account(page: Page, post: Post, database: Database) -> None:
    register(page, "anna@olpe.example")
    confirm(page, post.link("anna@olpe.example"))
    arrive(page, "/lernen")
    page.get_by_role("link", name="Digitalisierung, Stadt Olpe").click()
    expect(page.get_by_role("heading", name="Profil")).to_be_visible()
    page.get_by_label("Funktion", exact=True).fill("Digitalisierung")
    page.get_by_label("Als Kontakt").check()
    page.get_by_role("button", name="Profil speichern").click()
    expect(page.get_by_text("gespeichert").first).to_be_visible()
    expect(page.get_by_label("Als Kontakt")).to_be_checked()
    page.get_by_role("link", name="Kommune verlassen").click()
    page.get_by_role("button", name="Kommune verlassen").click()
    expect(page.get_by_text("Sie gehören zu keiner Kommune.")).to_be_visible()
    page.get_by_role("link", name="Kommune wählen").click()
    page.get_by_label("Neue Kommune").select_option(label="Olpe")
    page.get_by_role("button", name="Kommune wählen").click()
    expect(page.get_by_text("Sie gehören jetzt zu Olpe.")).to_be_visible()


def test_another_address_waits_for_the_koordination(page: Page, post: Post, database: Database) -> None:
    register(page, "berta@mail.example")
    confirm(page, post.link("berta@mail.example"))
    expect(page.get_by_role("heading", name="Die Koordination entscheidet")).to_be_visible()
    sign_in(page, "berta@mail.example", PASSWORD)
    expect(page.get_by_text("E-Mail-Adresse oder Passwort stimmt nicht.").first).to_be_visible()
    with database.writing() as session:
        asked = select(JoinRequest.id).where(JoinRequest.email == "berta@mail.example")
        joining.accept(session, session.scalars(asked).one(), by="kommandozeile")
    sign_in(page, "berta@mail.example", PASSWORD)
    arrive(page, "/lernen")


def test_an_invitation_is_accepted(page: Page, demo: Demo, post: Post, database: Database) -> None:
    with database.writing() as session:
        olpe = session.scalars(select(Municipality).where(Municipality.name == "Olpe")).one()
        joining.invite(
            session,
            make_config(demo.instance, base_url=demo.base),
            by="kommandozeile",
            email="clara@mail.example",
            municipality=olpe.ags,
            roles=["trainer"],
        )
    page.goto(post.link("clara@mail.example"))
    expect(page.get_by_text("clara@mail.example")).to_be_visible()
    expect(page.get_by_text("Lernbegleitung")).to_be_visible()
    page.get_by_label("Name oder Funktion").fill("Clara Beispiel")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Konto anlegen").click()
    arrive(page, "/lernen")


def test_a_forgotten_password_is_replaced(page: Page, post: Post, database: Database) -> None:
    register(page, "dora@olpe.example")
    confirm(page, post.link("dora@olpe.example"))
    arrive(page, "/lernen")
    page.get_by_role("button", name="Abmelden").click()
    arrive(page, "/")
    page.goto("/anmelden")
    page.get_by_role("link", name="Passwort vergessen?").click()
    page.get_by_label("E-Mail-Adresse").fill("dora@olpe.example")
    page.get_by_role("button", name="Link anfordern").click()
    expect(page.get_by_text("Wenn es ein Konto gibt, ist eine E-Mail unterwegs.")).to_be_visible()
    page.goto(post.link("dora@olpe.example"))
    page.get_by_label("Passwort").fill(OTHER)
    page.get_by_role("button", name="Neues Passwort speichern").click()
    expect(page.get_by_text("Ihr neues Passwort gilt.")).to_be_visible()
    sign_in(page, "dora@olpe.example", PASSWORD)
    expect(page.get_by_text("E-Mail-Adresse oder Passwort stimmt nicht.").first).to_be_visible()
    sign_in(page, "dora@olpe.example", OTHER)
    arrive(page, "/lernen")


@pytest.mark.parametrize("page", OPEN)
def test_the_pages_pass_the_checks_of_the_design(audit: Callable[[str], Audit], page: str) -> None:
    assert audit("").check(page) == []


@pytest.mark.parametrize("page", OWN)
def test_so_do_the_own_pages(audit: Callable[[str], Audit], page: str) -> None:
    assert audit("expert").check(page) == []


def test_their_titles_differ(audit: Callable[[str], Audit]) -> None:
    assert audit("").same_titles(OPEN) + audit("expert").same_titles(OWN) == []


def test_pages_behind_links_pass_axe(browser: Browser, demo: Demo, post: Post, database: Database) -> None:
    audit = Audit(browser, demo.base, ())
    context = browser.new_context(base_url=demo.base, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/registrieren")
    page.get_by_role("button", name="Konto anlegen").click()
    expect(page.locator("#fehler")).to_be_visible()
    audit.run_axe(page, "registration, refused")
    register(page, "emma@olpe.example")
    link = post.link("emma@olpe.example")
    page.goto(link)
    audit.run_axe(page, "confirmation")
    confirm(page, link)
    arrive(page, "/lernen")
    with database.writing() as session:
        olpe = session.scalars(select(Municipality).where(Municipality.name == "Olpe")).one()
        config = make_config(demo.instance, base_url=demo.base)
        links = [
            joining.invite(session, config, by="kommandozeile", email=email, municipality=olpe.ags)
            for email in ("emma@olpe.example", "neu@mail.example", None)
        ]
    for signed_in_first in (True, False):
        for address in links:
            page.goto(address)
            audit.run_axe(page, f"{address}, {signed_in_first}")
        context.clear_cookies()
    page.goto("/einladung/gibt-es-nicht")
    audit.run_axe(page, "no such link")
    context.close()
    assert audit.findings == []
