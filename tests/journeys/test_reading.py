"""A learner with and without scripts, page weights, forced colours."""

import gzip
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.journeys.conftest import Demo, newcomer, signed_in

COURSE = "/kurse/lorawan-reallabor"
BUDGETS = {  # KB with gzip, cold cache; ux.md section 10
    "document": 15,
    "stylesheet": 24,
    "script": 18,
    "font": 80,
    "icons": 12,
}
WARM, COLD, REQUESTS, NODES = 15, 130, 16, 800
WEIGHED = (
    "/",
    "/kurse",
    COURSE,
    f"{COURSE}/was-lorawan-kann",
    "/vokabelheft/gateway",
    "/anmelden",
    "/hilfe",
)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_course_is_taken(browser: Browser, demo: Demo, scripts: bool) -> None:
    name = "anna" if scripts else "otto"
    newcomer(demo, name)
    with_scripts = signed_in(browser, demo, name)
    state = with_scripts.storage_state()
    with_scripts.close()
    context = browser.new_context(base_url=demo.base, storage_state=state, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(COURSE)
    page.get_by_role("button", name="Kurs beginnen").click()
    expect(page).to_have_url(re.compile(f"^{re.escape(demo.base + COURSE)}/"))
    first = page.url
    question = page.locator("form.sc-q:has(.sc-opt)").first
    question.locator("button[type=submit]").click()
    page.locator("form.sc-q .kern-error").first.wait_for()
    question.locator("input[name=answer]").first.check()
    question.locator("button[type=submit]").click()
    question.get_by_text(re.compile("^(Richtig|Fast|Passt nicht)")).first.wait_for()
    page.goto(first)
    page.get_by_role("button", name="Abschließen und weiter").click()
    page.wait_for_url(lambda url: url != first)
    second = page.url
    page.goto("/lernen")
    page.get_by_role("link", name="Weiterlernen").first.click()
    expect(page).to_have_url(second)
    page.goto(first)
    page.get_by_role("button", name="Als offen markieren").click()
    expect(page.get_by_role("button", name="Abschließen und weiter")).to_have_count(1)
    page.goto("/kurse")
    page.locator("[name=thema][value=steuerung]").check(force=True)
    if not scripts:
        page.get_by_role("button", name="Filter anwenden").click()
    page.wait_for_url("**thema=steuerung**")
    expect(page.locator(".sc-course")).to_have_count(1)
    context.close()


def test_the_menu_opens_without_scripts_on_a_phone(browser: Browser, demo: Demo) -> None:
    context = browser.new_context(
        base_url=demo.base, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto(f"{COURSE}/gateways-planen")
    page.get_by_role("button", name="Menü").click()
    expect(page.get_by_role("link", name="Vokabelheft").first).to_be_visible()
    page.get_by_role("button", name="Schließen").first.click()
    page.get_by_role("button", name="Kursinhalt").click()
    expect(page.get_by_role("link", name="Kursübersicht")).to_be_visible()
    context.close()


@pytest.mark.parametrize("path", WEIGHED)
def test_pages_keep_their_weight(browser: Browser, demo: Demo, path: str) -> None:
    context = browser.new_context(base_url=demo.base)
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks it
    page.goto(path, wait_until="networkidle")
    weights = dict.fromkeys((*BUDGETS, "image"), 0.0)
    for answer in answers:
        kind = answer.request.resource_type
        kind = "icons" if "/static/icons" in answer.url else kind
        kind = "image" if kind in {"image", "other"} else kind
        weights[kind] += len(gzip.compress(answer.body())) / 1024
    for kind, limit in BUDGETS.items():
        assert weights[kind] <= limit, (kind, weights)
    media = sum(
        len(gzip.compress(answer.body())) / 1024
        for answer in answers
        if urlsplit(answer.url).path.startswith("/medien")
    )
    assert sum(weights.values()) - media <= COLD, weights
    assert weights["document"] <= WARM
    assert len([answer for answer in answers if "/medien/" not in answer.url]) <= REQUESTS
    assert page.evaluate("document.querySelectorAll('*').length") <= NODES
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_answer_shows_in_forced_colours(browser: Browser, demo: Demo, theme: str) -> None:
    context = browser.new_context(
        base_url=demo.base,
        forced_colors="active",
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{COURSE}/was-lorawan-kann")
    option = page.locator(".sc-opt input").first
    before = picture(page)
    option.check()
    page.evaluate("document.activeElement.blur()")
    assert picture(page) != before
    context.close()


def picture(page: Page) -> bytes:
    page.mouse.move(0, 0)
    return page.locator(".sc-opt").first.screenshot(animations="disabled")
