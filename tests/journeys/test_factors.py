"""Second factor, passkeys, devices and the end of a session, as people meet them in the browser."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Demo, signed_in
from tests.journeys.factors import (
    METHODS,
    arrive,
    by_name,
    give_password,
    later,
    person,
    prove,
    set_up_app,
    sign_out,
)

MINUTE = 60_000


@pytest.fixture(scope="module")
def local(demo: Demo) -> Demo:
    return by_name(demo)


@pytest.fixture
def keyring(browser: Browser, local: Demo) -> Iterator[tuple[BrowserContext, Page, Any]]:
    """A browser whose device has a fingerprint reader that always says yes; its page and its tools."""
    context = browser.new_context(locale="de-DE", base_url=local.base)
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    yield context, page, tools
    context.close()


def authenticator(tools: Any, **changes: bool) -> str:
    """A virtual authenticator of the platform."""
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, **changes}})
    number: str = made["authenticatorId"]
    return number


def test_an_app_and_its_codes_open_the_account(browser: Browser, local: Demo) -> None:
    who = person(local, "antonia")
    context = signed_in(browser, local, "antonia")
    page = context.new_page()
    app, codes = set_up_app(page, who)
    assert len(codes) == 10
    expect(page.locator("#app ~ p").first).to_contain_text("eingerichtet seit")
    sign_out(page)
    give_password(page, who)
    arrive(page, "/anmelden/code")
    page.goto("/lernen")
    arrive(page, "/anmelden")  # nothing is open yet
    give_password(page, who)
    page.fill("[name=code] >> nth=0", "000000")
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.locator("#fehler")).to_contain_text("Der Code stimmt nicht")
    expect(page.locator("#fehler")).to_be_focused()
    code = later(app)
    page.fill("[name=code] >> nth=0", f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name="Anmelden", exact=True).click()
    arrive(page, "/lernen")
    sign_out(page)
    for expected in ("/lernen", "/anmelden/code"):
        give_password(page, who)
        page.get_by_text("Kein Zugriff auf die App?").click()
        page.fill("#code-ersatz", codes[0])
        page.get_by_role("button", name="Mit diesem Code anmelden").click()
        arrive(page, expected)
        if expected == "/lernen":
            expect(page.locator("main [role=status]").first).to_contain_text("noch 9 Wiederherstellungscodes")
            sign_out(page)
    expect(page.locator("#fehler")).to_contain_text("Jeder gilt nur einmal")
    context.close()


def make_passkey(page: Page, who: tuple[str, str]) -> None:
    """Add a passkey to the account in which this page is signed in."""
    page.goto(METHODS)
    page.get_by_role("link", name="Passkey hinzufügen").click()
    prove(page, who)
    page.fill("[name=name]", "Diensthandy")
    page.get_by_role("button", name="Passkey anlegen").click()
    arrive(page, "/konto/anmeldung")


def test_a_passkey_is_made_and_opens_the_account(
    keyring: tuple[BrowserContext, Page, Any], local: Demo
) -> None:
    who = person(local, "berta")
    _context, page, tools = keyring
    page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = undefined")
    authenticator(tools)
    give_password(page, who)
    make_passkey(page, who)
    expect(page.get_by_role("heading", name="Diensthandy")).to_be_visible()
    page.goto(f"{METHODS}/passkey")  # the same device knows that it has one
    page.get_by_role("button", name="Passkey anlegen").click()
    expect(page.get_by_text("gibt es schon einen Passkey")).to_be_visible()
    sign_out(page)
    page.goto("/anmelden?weiter=/kurse")
    page.check("[name=remember]")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    arrive(page, "/kurse")
    page.goto(METHODS)
    expect(page.locator("#geraete ~ .sc-entries > li").first).to_contain_text("bleibt bis")
    page.get_by_role("link", name=re.compile("^Entfernen")).click()
    prove(page, who)
    page.get_by_role("button", name="Passkey entfernen").click()
    expect(page.get_by_text("Der Passkey ist entfernt.")).to_be_visible()
    sign_out(page)
    page.goto("/anmelden")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.locator("#fehler")).to_contain_text("Der Passkey passt nicht.")


def test_the_field_for_the_address_offers_it(keyring: tuple[BrowserContext, Page, Any], local: Demo) -> None:
    who = person(local, "beate")
    _context, page, tools = keyring
    authenticator(tools)
    give_password(page, who)
    make_passkey(page, who)
    sign_out(page)
    page.goto("/anmelden")  # a virtual device picks what a person would
    arrive(page, "/lernen")


def test_who_cancels_can_try_again(keyring: tuple[BrowserContext, Page, Any], local: Demo) -> None:
    who = person(local, "carla")
    _context, page, tools = keyring
    authenticator(tools, isUserVerified=False)
    give_password(page, who)
    page.goto(f"{METHODS}/passkey")
    prove(page, who)
    page.get_by_role("button", name="Passkey anlegen").click()
    expect(page.get_by_text("Ihr Gerät hat den Vorgang beendet.")).to_be_visible()
    expect(page).to_have_url(re.compile("/passkey$"))


def test_without_a_script_nothing_promises_passkeys(browser: Browser, local: Demo) -> None:
    who = person(local, "dora")
    context = browser.new_context(base_url=local.base, java_script_enabled=False)
    page = context.new_page()
    page.goto("/anmelden")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Mit Passkey anmelden")).to_be_hidden()
    give_password(page, who)
    page.goto(f"{METHODS}/passkey")
    prove(page, who)
    expect(page.get_by_text("in dem JavaScript eingeschaltet ist")).to_be_visible()
    expect(page.get_by_role("button", name="Passkey anlegen")).to_be_hidden()
    context.close()


def test_all_other_devices_are_signed_out(browser: Browser, local: Demo) -> None:
    person(local, "emilia")
    here, elsewhere = (signed_in(browser, local, "emilia") for _ in range(2))
    page, other = here.new_page(), elsewhere.new_page()
    other.goto("/lernen")
    page.goto(METHODS)
    expect(page.locator("#geraete ~ .sc-entries > li")).to_have_count(2)
    page.get_by_role("button", name="Alle anderen abmelden").click()
    expect(page.locator("main [role=status]").first).to_contain_text("Alle anderen Geräte sind abgemeldet.")
    expect(page.locator("#geraete ~ .sc-entries > li")).to_have_count(1)
    other.goto("/lernen")
    arrive(other, "/anmelden")
    page.goto("/lernen")
    arrive(page, "/lernen")
    here.close()
    elsewhere.close()


def test_a_new_password_signs_out_elsewhere_and_not_here(browser: Browser, local: Demo) -> None:
    _email, password = person(local, "frieda")
    here, elsewhere = (signed_in(browser, local, "frieda") for _ in range(2))
    page, other = here.new_page(), elsewhere.new_page()
    page.goto(f"{METHODS}/passwort")
    page.fill("[name=password]", password)
    page.fill("[name=password_new]", "Kranich-Regenrinne-Ofenbank")
    page.get_by_role("button", name="Passwort anzeigen").last.click()
    expect(page.locator("[name=password_new]")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Neues Passwort speichern").click()
    arrive(page, "/konto/anmeldung")
    other.goto("/lernen")
    arrive(other, "/anmelden")
    here.close()
    elsewhere.close()


def test_five_minutes_before_its_end_a_session_says_so(browser: Browser, local: Demo) -> None:
    person(local, "gerda")
    context = signed_in(browser, local, "gerda")
    page = context.new_page()
    page.clock.install()
    page.goto("/barriere-melden")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(urlsplit(request.url).path))
    page.locator("textarea").first.fill("Ein langer Text")
    page.locator("textarea").first.focus()
    notice = page.locator(".sc-idle")
    page.clock.fast_forward(710 * MINUTE)
    expect(notice).to_be_empty()
    page.clock.fast_forward(6 * MINUTE)
    expect(notice).to_contain_text("In weniger als 5 Minuten endet Ihre Sitzung.")
    assert [path for path in sent if not path.startswith("/static/")] == []
    page.get_by_role("button", name="Angemeldet bleiben").click()
    expect(notice).to_be_empty()
    assert [path for path in sent if not path.startswith("/static/")] == ["/konto/sitzung"]
    expect(page.locator("textarea").first).to_be_focused()
    expect(page.locator("textarea").first).to_have_value("Ein langer Text")
    page.clock.fast_forward(700 * MINUTE)
    expect(notice).to_be_empty()
    page.clock.fast_forward(21 * MINUTE)
    expect(notice).to_contain_text("Ihre Sitzung ist beendet.")
    context.close()


def test_another_tab_that_is_used_keeps_this_one_quiet(browser: Browser, local: Demo) -> None:
    person(local, "hanna")
    context = signed_in(browser, local, "hanna")
    page, other = context.new_page(), context.new_page()
    page.clock.install()
    page.goto("/kurse")
    page.clock.fast_forward(700 * MINUTE)
    other.goto("/kurse")  # real time: as if it were used now
    page.wait_for_timeout(300)
    page.clock.fast_forward(18 * MINUTE)
    expect(page.locator(".sc-idle")).to_be_empty()
    context.close()


def test_pressing_it_too_late_says_that_it_is_over(browser: Browser, local: Demo) -> None:
    person(local, "ida")
    context = signed_in(browser, local, "ida")
    page = context.new_page()
    page.clock.install()
    page.goto("/barriere-melden")
    page.clock.fast_forward(716 * MINUTE)
    context.clear_cookies()
    page.get_by_role("button", name="Angemeldet bleiben").click()
    expect(page.locator(".sc-idle")).to_contain_text("Ihre Sitzung ist beendet.")
    context.close()
