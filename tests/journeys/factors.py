"""Steps that stories about signing in share: people of their own, passwords, proof, an authenticator app."""

import time
from dataclasses import replace
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Demo, newcomer

METHODS = "/konto/anmeldung"
CODES = 10


def by_name(demo: Demo) -> Demo:
    """The demo at its name instead of its number: browsers want one for passkeys."""
    return replace(demo, base=demo.base.replace("127.0.0.1", "localhost"))


def arrive(page: Page, path: str) -> None:
    """Wait until the page is the one of this path, whatever its query says."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def person(local: Demo, name: str) -> tuple[str, str]:
    """Somebody of her own for one story; address and password."""
    newcomer(local, name)
    return local.people[name]


def give_password(page: Page, who: tuple[str, str]) -> None:
    page.goto("/anmelden")
    page.fill("[name=email]", who[0])
    page.fill("[name=password]", who[1])
    page.locator("main form button[type=submit]").first.click()


def prove(page: Page, who: tuple[str, str]) -> None:
    """On the page that asks who she is."""
    page.fill("[name=password]", who[1])
    page.locator("main form button[type=submit]").first.click()


def set_up_app(page: Page, who: tuple[str, str]) -> tuple[pyotp.TOTP, list[str]]:
    """Set up an authenticator app; the app, and the recovery codes."""
    page.goto(METHODS)
    page.get_by_role("link", name="App einrichten").last.click()
    prove(page, who)
    image = page.locator(".sc-qr img")
    expect(image).to_be_visible()
    page.wait_for_function("() => document.querySelector('.sc-qr img').naturalWidth > 0")
    app = pyotp.TOTP(page.locator(".sc-secret code").inner_text().replace(" ", ""))
    page.fill("[name=code]", app.now())
    page.get_by_role("button", name="App einrichten").click()
    arrive(page, "/konto/anmeldung/codes")
    expect(page.locator(".sc-codes code")).to_have_count(CODES)
    codes = page.locator(".sc-codes code").all_inner_texts()
    page.get_by_role("link", name="Codes sind gesichert").click()
    return app, codes


def sign_out(page: Page) -> None:
    page.goto("/lernen")
    page.get_by_role("button", name="Abmelden").click()
    arrive(page, "/")


def later(app: pyotp.TOTP) -> str:
    """A code that was not used yet: that of the next half minute counts as well."""
    return app.at(time.time(), counter_offset=1)
