"""Every page passes the checks of the design: axe, reflow, keyboard, targets, preferences, print."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.audit import PHONE, THEMES, Audit
from tests.journeys.conftest import Demo, signed_in

COURSE = "/kurse/grundlagen"
LESSON = f"{COURSE}/smart-heisst-auch-klug"
PLAN = f"{COURSE}/mein-fahrplan"
OPEN = (
    "/",
    "/kurse",
    "/kurse?q=findetniemand",
    COURSE,
    LESSON,
    f"{LESSON}?fassung=einfach",
    "/kurse/lorawan-reallabor/was-lorawan-kann",
    PLAN,
    f"{PLAN}/fahrplan",
    f"{COURSE}/druck",
    "/vokabelheft",
    "/vokabelheft/gateway",
    "/anmelden",
    "/hilfe",
    "/barrierefreiheit",
    "/barriere-melden",
    "/leichte-sprache",
    "/gebaerdensprache",
    "/datenschutz",
    "/impressum",
    "/konto/darstellung",
    "/kommunen",
    "/kommunen?q=findetniemand",
    "/kommunen/05958004",
    "/was-diese-plattform-nicht-kann",
    "/unterlagen",
    "/unterlagen/dienstvereinbarung",
)
OWN = (
    "/lernen",
    "/kurse",
    COURSE,
    LESSON,
    PLAN,
    "/konto/mitteilungen",
    "/klassen",
    "/klassen/1",
)
STAFF = (
    "/verwaltung",
    "/verwaltung/anfragen",
    "/verwaltung/personen",
    "/verwaltung/personen/1",
    "/verwaltung/personen/1/rollen",
    "/verwaltung/personen/1/sperren",
    "/verwaltung/personen/einlesen",
    "/verwaltung/einladungen/person",
    "/verwaltung/kommunen",
    "/verwaltung/kommunen/05966024",
    "/verwaltung/kommunen/einlesen",
    "/verwaltung/klassen",
    "/verwaltung/klassen/neu",
    "/verwaltung/klassen/1?kommune=so",
    "/verwaltung/klassen/1/link/schliessen",
    "/verwaltung/klassen/1/kommunen/05958004/entfernen",
    "/verwaltung/anmeldedienste/neu",
    "/verwaltung/protokoll",
    "/verwaltung/protokoll/auszug",
)
CHECKS = ("rules", "reflow", "keyboard", "targets", "preferences", "structure", "print")


@pytest.fixture(scope="module")
def learner_state(browser: Browser, demo: Demo) -> Any:
    """Cookies of the demo learner."""
    return cookies(browser, demo, "learner")


@pytest.fixture(scope="module")
def coordinator_state(browser: Browser, demo: Demo) -> Any:
    """Cookies of the demo's Koordination."""
    return cookies(browser, demo, "coordinator")


def cookies(browser: Browser, demo: Demo, role: str) -> Any:
    context = signed_in(browser, demo, role)
    state = context.storage_state()
    context.close()
    return state


@pytest.mark.parametrize("part", [0, 1, 2])  # of the pages, so that no test is much longer than others
@pytest.mark.parametrize("check", CHECKS)
def test_pages_for_everyone(browser: Browser, demo: Demo, check: str, part: int) -> None:
    audit = Audit(browser, demo.base, OPEN[part::3])
    getattr(audit, check)()
    assert audit.findings == []


@pytest.mark.parametrize("check", CHECKS)
def test_pages_of_a_learner(browser: Browser, demo: Demo, learner_state: Any, check: str) -> None:
    audit = Audit(browser, demo.base, OWN, learner_state)
    getattr(audit, check)()
    assert audit.findings == []


@pytest.mark.parametrize("check", CHECKS)
def test_pages_of_the_koordination(browser: Browser, demo: Demo, coordinator_state: Any, check: str) -> None:
    audit = Audit(browser, demo.base, STAFF, coordinator_state)
    getattr(audit, check)()
    assert audit.findings == []


def wrong_sign_in(page: Page) -> None:
    page.goto("/anmelden")
    page.fill("[name=email]", "niemand@example.org")
    page.fill("[name=password]", "ein falsches Passwort")
    page.click("main button[type=submit]")


def empty_answer(page: Page) -> None:
    page.goto(LESSON)
    page.locator("form.sc-q button[type=submit]").first.click()
    page.locator("form.sc-q .kern-error").first.wait_for()


def wrong_answer(page: Page) -> None:
    page.goto(LESSON)
    question = page.locator("form.sc-q").first
    for index in range(question.locator("input[name=answer]").count()):
        question.locator("input[name=answer]").nth(index).check()
    question.locator("button[type=submit]").click()
    page.locator("form.sc-q .sc-fb, form.sc-q .sc-verdict, form.sc-q [class*=is-]").first.wait_for()


def empty_report(page: Page) -> None:
    page.goto("/barriere-melden")
    page.locator("main form button[type=submit]").click()


def missing(page: Page) -> None:
    page.goto("/gibt-es-nicht")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("reach", [wrong_sign_in, empty_answer, wrong_answer, empty_report, missing])
def test_pages_after_an_action(browser: Browser, demo: Demo, reach: Any, theme: Any) -> None:
    audit = Audit(browser, demo.base, ())
    for size in (PHONE, (1280, 900)):
        context = browser.new_context(
            base_url=demo.base,
            color_scheme=theme,
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
        )
        page = context.new_page()
        reach(page)
        audit.run_axe(page, f"{reach.__name__}, {theme}, {size[0]} px")
        context.close()
    assert audit.findings == []


def test_a_refused_form_says_so_in_title_summary_and_field(browser: Browser, demo: Demo) -> None:
    context = browser.new_context(base_url=demo.base)
    page = context.new_page()
    page.goto("/barriere-melden")
    page.locator("main form button[type=submit]").click()
    assert page.title().startswith("Fehler:")
    assert page.evaluate("document.activeElement.id") == "fehler"
    fields = page.locator("[aria-invalid=true]")
    assert fields.count() >= 1
    for index in range(fields.count()):
        described = fields.nth(index).get_attribute("aria-describedby") or ""
        words = [page.locator(f"[id='{name}']").inner_text().strip() for name in described.split()]
        assert any(word and word in page.locator("#fehler").inner_text() for word in words)
    context.close()
