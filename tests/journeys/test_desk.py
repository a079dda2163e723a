"""An hour of the Koordination without JavaScript: read a list in, give a role, look it up in the log."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Demo, signed_in

LIST = "email;name;ags;funktion\nwanda.probe@example.org;Wanda Wörtlich;05966024;Bürgerbüro\n"


@pytest.fixture
def page(browser: Browser, demo: Demo) -> Page:
    """The Koordination's browser, without scripts."""
    return signed_in(browser, demo, "coordinator", java_script_enabled=False).new_page()


def test_from_a_list_to_a_role_in_the_log(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_bytes(LIST.replace("05966024", "5966024").encode("cp1252"))
    page.goto("/verwaltung")
    page.click("text=Personen und Rollen")
    page.click("text=Aus Datei einlesen")
    page.set_input_files("[name=datei]", file)
    page.click("text=Datei prüfen")
    expect(page.locator("main")).to_contain_text("Windows-1252")
    page.click("text=1 Person aufnehmen")
    done = page.get_by_text("1 Person ist aufgenommen.")
    for _ in range(120):  # the worker looks once a second
        page.wait_for_load_state()
        if done.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(done).to_be_visible()

    page.goto("/verwaltung/personen")
    page.fill("[name=q]", "wört wanda")
    page.click("text=Suchen")
    page.click("text=Wanda Wörtlich")
    expect(page.locator("main")).to_contain_text("ohne Passwort")
    page.click("text=Rollen ändern")
    page.check("#roles-trainer")
    page.click("text=Rollen speichern")
    expect(page.locator("#fehler")).to_contain_text("Wählen Sie einen Grund aus der Liste.")
    expect(page.locator("#roles-trainer")).to_be_checked()  # what was ticked stays
    page.select_option("[name=reason]", "aufgabe")
    page.click("text=Rollen speichern")
    expect(page.locator("main")).to_contain_text("Die Rollen sind geändert")
    expect(page.locator("h1")).to_have_text("Wanda Wörtlich")

    page.click("text=Was mit diesem Konto getan wurde")
    expect(page.locator("table")).to_contain_text("Rollen geändert")
    expect(page.locator("table")).to_contain_text("Ihre Aufgabe hat sich geändert: Lernbegleitung")
    page.click("text=Auszug zum Drucken")
    expect(page.locator("h1")).to_have_text("Auszug aus dem Protokoll")


def test_the_log_of_moderation_fits_the_narrowest_screen_with_large_text(
    browser: Browser, demo: Demo
) -> None:
    """Twice the text at 320 px: long words break, the page does not scroll sideways."""
    context = signed_in(browser, demo, "coordinator", viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto("/forum?ansicht=neu")
    address = page.locator("main h3 a").first.get_attribute("href") or ""
    page.goto(f"{address.partition('-')[0]}/schliessen")
    page.fill("[name=reason]", "Donaudampfschifffahrtsgesellschaft: doppelt gefragt.")
    page.locator("main form button[type=submit]").click()
    page.goto("/verwaltung/moderation")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator("tbody a", has_text="Zurücknehmen").first.click()
    page.fill("[name=reason]", "Ein Versehen.")
    page.locator("main form button[type=submit]").click()
    context.close()


@pytest.mark.parametrize("role", ["coordinator", "learner"])
def test_the_header_stays_in_one_row(browser: Browser, demo: Demo, role: str) -> None:
    """Where the menu lies in the header, also with a long name and many Mitteilungen."""
    context = signed_in(browser, demo, role)
    page = context.new_page()
    page.goto("/kurse")
    page.evaluate(
        """() => {
          document.querySelector('.sc-name').append(' von Hohenstein-Beispielhausen')
          const bell = document.querySelector('.sc-tool[href="/mitteilungen"] > span')
          bell.querySelector('b')?.remove()
          bell.insertAdjacentHTML('afterbegin', '<b class="sc-count">99+</b> ')
        }"""
    )
    for width in (390, 960, 1000, 1050, 1100, 1260, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.querySelector('.sc-header__in').offsetHeight") <= 70, width
    context.close()
