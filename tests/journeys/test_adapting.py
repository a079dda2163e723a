"""A contact supplements a lesson for her Kommune: by keyboard alone and without scripts."""

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import Demo, signed_in

LESSON = "/kurse/grundlagen/smart-heisst-auch-klug"


def reach(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"no way to {target}")


def press(page: Page, target: Locator) -> None:
    reach(page, target)
    page.keyboard.press("Enter")


def test_a_supplement_by_keyboard_without_scripts(browser: Browser, demo: Demo) -> None:
    state = signed_in(browser, demo, "expert").storage_state()
    context = browser.new_context(base_url=demo.base, storage_state=state, java_script_enabled=False)
    page = context.new_page()
    page.goto(LESSON)
    page.get_by_role("link", name="Diese Lektion für Ihre Kommune ergänzen").press("Enter")
    reach(page, page.get_by_label("Ihr Text"))
    page.keyboard.insert_text("Fragen Sie **Frau Muster**.")
    press(page, page.get_by_role("button", name="Vorschau"))
    expect(page.locator("#vorschau strong")).to_have_text("Frau Muster")
    press(page, page.get_by_role("button", name="Speichern"))
    expect(page.get_by_text("Die Ergänzung ist gespeichert.")).to_be_visible()
    page.goto(LESSON)
    expect(page.get_by_role("note").filter(has_text="Ergänzung Ihrer Kommune")).to_contain_text("Frau Muster")
    visitor = browser.new_context(base_url=demo.base).new_page()
    visitor.goto(LESSON)
    expect(visitor.get_by_text("Frau Muster")).to_have_count(0)
    page.get_by_role("link", name="Ergänzung bearbeiten").press("Enter")
    press(page, page.get_by_role("link", name="Entfernen"))
    press(page, page.get_by_role("button", name="Entfernen"))
    expect(page.get_by_text("Die Ergänzung ist entfernt.")).to_be_visible()
    visitor.context.close()
    context.close()
