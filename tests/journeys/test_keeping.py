"""A place kept and a note written without scripts, by keyboard alone."""

from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Demo, newcomer, signed_in

LESSON = "/kurse/grundlagen/smart-heisst-auch-klug"


def test_a_place_is_kept_and_noted_by_keyboard(browser: Browser, demo: Demo) -> None:
    newcomer(demo, "nora")
    with_scripts = signed_in(browser, demo, "nora")
    state = with_scripts.storage_state()
    with_scripts.close()
    context = browser.new_context(
        base_url=demo.base,
        storage_state=state,
        java_script_enabled=False,
        viewport={"width": 390, "height": 844},
    )
    page = context.new_page()
    page.goto(LESSON)
    page.get_by_role("button", name="Merken", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Gemerkt")).to_be_visible()
    page.locator("#notizen > summary").press("Enter")
    page.keyboard.press("Tab")  # to the place
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Mit Frau Koch klären")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h2[id] + aside")).to_contain_text("Mit Frau Koch klären")
    page.goto("/lernen/gemerkt")
    expect(page.get_by_text("Mit Frau Koch klären").first).to_be_visible()
    expect(page.get_by_role("link", name="Ganze Lektion")).to_have_count(1)
    context.close()
