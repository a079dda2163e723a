"""Second factor, passkeys, devices and the end of a session, as people meet them in the browser."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.audit import DESKTOP, PHONE, THEMES, Audit
from tests.journeys.conftest import Demo, newcomer, signed_in

METHODS = "/konto/anmeldung"
CHECKS = ("rules", "reflow", "keyboard", "targets", "preferences", "structure", "print")
MINUTE = 60_000


@pytest.fixture(scope="module")
def local(demo: Demo) -> Demo:
    """The demo by its name: browsers want one for passkeys."""
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
    assert page.locator(".sc-qr img").evaluate("image => image.complete && image.naturalWidth > 0")
    app = pyotp.TOTP(page.locator(".sc-secret code").inner_text().replace(" ", ""))
    page.fill("[name=code]", app.now())
    page.get_by_role("button", name="App einrichten").click()
    arrive(page, "/konto/anmeldung/codes")
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
    assert "/anmelden" in page.url  # nothing is open yet
    give_password(page, who)
    page.fill("[name=code] >> nth=0", "000000")
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.locator("#fehler")).to_contain_text("Der Code stimmt nicht")
    assert page.evaluate("document.activeElement.id") == "fehler"
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
    assert page.url.endswith("/passkey")


def test_without_a_script_nothing_promises_passkeys(browser: Browser, local: Demo) -> None:
    who = person(local, "dora")
    context = browser.new_context(base_url=local.base, java_script_enabled=False)
    page = context.new_page()
    page.goto("/anmelden")
    assert not page.get_by_role("button", name="Mit Passkey anmelden").is_visible()
    give_password(page, who)
    page.goto(f"{METHODS}/passkey")
    prove(page, who)
    assert not page.get_by_role("button", name="Passkey anlegen").is_visible()
    assert page.get_by_text("in dem JavaScript eingeschaltet ist").is_visible()
    context.close()


def test_all_other_devices_are_signed_out(browser: Browser, local: Demo) -> None:
    person(local, "emilia")
    here, elsewhere = (signed_in(browser, local, "emilia") for _ in range(2))
    page, other = here.new_page(), elsewhere.new_page()
    other.goto("/lernen")
    page.goto(METHODS)
    assert page.locator("#geraete ~ .sc-entries > li").count() == 2
    page.get_by_role("button", name="Alle anderen abmelden").click()
    expect(page.locator("main [role=status]").first).to_contain_text("Alle anderen Geräte sind abgemeldet.")
    assert page.locator("#geraete ~ .sc-entries > li").count() == 1
    other.goto("/lernen")
    assert "/anmelden" in other.url
    page.goto("/lernen")
    assert page.url.endswith("/lernen")
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
    assert page.get_attribute("[name=password_new]", "type") == "text"
    page.get_by_role("button", name="Neues Passwort speichern").click()
    arrive(page, "/konto/anmeldung")
    other.goto("/lernen")
    assert "/anmelden" in other.url
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
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert page.locator("textarea").first.input_value() == "Ein langer Text"
    page.clock.fast_forward(714 * MINUTE)
    expect(notice).to_be_empty()
    page.clock.fast_forward(7 * MINUTE)
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


PAGES = {
    "proven": (METHODS, f"{METHODS}/app", f"{METHODS}/passkey", f"{METHODS}/passwort"),
    "with an app": (f"{METHODS}/codes", f"{METHODS}/app/entfernen"),
    "not proven": (f"{METHODS}/bestaetigen",),
    "password given": ("/anmelden", "/anmelden/code"),
}


@pytest.fixture(scope="module")
def states(browser: Browser, local: Demo) -> dict[str, Any]:
    """Cookies of people who are about to see each of these pages."""
    found: dict[str, Any] = {}
    person(local, "johanna")
    context = signed_in(browser, local, "johanna")
    page = context.new_page()
    page.goto(f"{METHODS}/app")
    prove(page, local.people["johanna"])
    found["proven"] = context.storage_state()
    context.close()
    who = person(local, "klara")
    context = signed_in(browser, local, "klara")
    page = context.new_page()
    app, _codes = set_up_app(page, who)
    page.goto(f"{METHODS}/codes")
    token = page.locator("main [name=csrf_token]").input_value()
    context.request.post(f"{METHODS}/codes", form={"csrf_token": token}, max_redirects=0)
    found["with an app"] = context.storage_state()  # the new codes are about to be shown
    context.clear_cookies()
    give_password(page, who)
    arrive(page, "/anmelden/code")
    found["password given"] = context.storage_state()
    page.fill("[name=code] >> nth=0", later(app))
    page.get_by_role("button", name="Anmelden", exact=True).click()
    arrive(page, "/lernen")
    found["not proven"] = context.storage_state()
    context.close()
    return found


def test_these_people_reach_these_pages(browser: Browser, local: Demo, states: dict[str, Any]) -> None:
    for state, paths in PAGES.items():
        context = browser.new_context(base_url=local.base, storage_state=states[state])
        page = context.new_page()
        reached = []
        for path in paths:
            page.goto(path)
            reached.append(urlsplit(page.url).path)
        assert reached == list(paths)
        context.close()


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("state", PAGES)
def test_the_pages_pass_the_checks_of_the_design(
    browser: Browser, local: Demo, states: dict[str, Any], state: str, check: str
) -> None:
    audit = Audit(browser, local.base, PAGES[state], states[state])
    getattr(audit, check)()
    assert audit.findings == []


def wrong_code(page: Page) -> None:
    page.goto("/anmelden/code")
    page.fill("[name=code] >> nth=0", "000000")
    page.get_by_role("button", name="Anmelden", exact=True).click()


def wrong_recovery_code(page: Page) -> None:
    page.goto("/anmelden/code")
    page.get_by_text("Kein Zugriff auf die App?").click()
    page.fill("#code-ersatz", "aaaaa-bbbbb")
    page.get_by_role("button", name="Mit diesem Code anmelden").click()


def wrong_proof(page: Page) -> None:
    page.goto(f"{METHODS}/bestaetigen")
    page.fill("[name=password]", "ein falsches Passwort")
    page.locator("main form button[type=submit]").first.click()


def weak_password(page: Page) -> None:
    page.goto(f"{METHODS}/passwort")
    page.get_by_role("button", name="Neues Passwort speichern").click()


def wrong_first_code(page: Page) -> None:
    page.goto(f"{METHODS}/app")
    page.fill("[name=code]", "000000")
    page.get_by_role("button", name="App einrichten").click()


FAULTS: dict[Callable[[Page], None], str] = {
    wrong_code: "password given",
    wrong_recovery_code: "password given",
    wrong_proof: "not proven",
    weak_password: "proven",
    wrong_first_code: "proven",
}


@pytest.mark.parametrize("reach", FAULTS)
def test_refused_forms_say_what_to_do(
    browser: Browser, local: Demo, states: dict[str, Any], reach: Callable[[Page], None]
) -> None:
    audit = Audit(browser, local.base, ())
    looks: Any = zip(THEMES, (PHONE, DESKTOP), strict=True)
    for theme, size in looks:
        context = browser.new_context(
            base_url=local.base,
            color_scheme=theme,
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
            storage_state=states[FAULTS[reach]],
        )
        page = context.new_page()
        reach(page)
        assert page.title().startswith("Fehler: ")
        assert page.evaluate("document.activeElement.id") == "fehler"
        audit.run_axe(page, f"{reach.__name__}, {theme}, {size[0]} px")
        context.close()
    assert audit.findings == []
