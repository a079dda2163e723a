"""The pages of signing in and of its methods pass the checks of the design, refused forms included."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.audit import Audit
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
)

PAGES = {
    "proven": (METHODS, f"{METHODS}/app", f"{METHODS}/passkey", f"{METHODS}/passwort"),
    "with an app": (f"{METHODS}/codes", f"{METHODS}/app/entfernen"),
    "not proven": (f"{METHODS}/bestaetigen",),
    "password given": ("/anmelden", "/anmelden/code"),
}


@pytest.fixture(scope="module")
def local(demo: Demo) -> Demo:
    return by_name(demo)


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


@pytest.fixture(scope="module")
def seen_by(browser: Browser, local: Demo, states: dict[str, Any]) -> Iterator[dict[str, Audit]]:
    """The checks, as each of these people sees pages."""
    found = {state: Audit(browser, local.base, cookies) for state, cookies in states.items()}
    yield found
    for audit in found.values():
        audit.close()


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


@pytest.mark.parametrize(
    ("state", "page"), [(state, page) for state, paths in PAGES.items() for page in paths]
)
def test_the_pages_pass_the_checks_of_the_design(seen_by: dict[str, Audit], state: str, page: str) -> None:
    assert seen_by[state].check(page) == []


def test_their_titles_differ(seen_by: dict[str, Audit]) -> None:
    assert [line for state, paths in PAGES.items() for line in seen_by[state].same_titles(paths)] == []


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
def test_refused_forms_say_what_to_do(seen_by: dict[str, Audit], reach: Callable[[Page], None]) -> None:
    audit = seen_by[FAULTS[reach]]
    assert audit.after(reach) == []
    for page in (audit.wide, audit.narrow):
        expect(page).to_have_title(re.compile("^Fehler: "))
        expect(page.locator("#fehler")).to_be_focused()
