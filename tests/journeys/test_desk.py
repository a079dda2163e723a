"""An hour of the Koordination without JavaScript: read a list in, give a role, look it up in the log."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Demo, signed_in

LIST = "email;name;ags;funktion\nwanda.probe@example.org;Wanda Wörtlich;05966024;Bürgerbüro\n"


@pytest.fixture
def page(browser: Browser, demo: Demo) -> Page:
    """The Koordination's browser, without scripts."""
    return signed_in(browser, demo, "coordinator", java_script_enabled=False).new_page()


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_from_a_list_to_a_role_in_the_log(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_bytes(LIST.replace("05966024", "5966024").encode("cp1252"))
    page.goto("/verwaltung")
    page.click("text=Personen und Rollen")
    page.click("text=Aus Datei einlesen")
    page.set_input_files("[name=datei]", file)
    page.click("text=Datei prüfen")
    assert "Windows-1252" in page.inner_text("main")
    page.click("text=1 Person aufnehmen")
    for _ in range(60):  # the worker looks once a second
        if "aufgenommen" in page.inner_text("main"):
            break
        page.wait_for_timeout(500)
        page.reload()
    assert "1 Person ist aufgenommen." in page.inner_text("main")

    page.goto("/verwaltung/personen")
    page.fill("[name=q]", "wört wanda")
    page.click("text=Suchen")
    page.click("text=Wanda Wörtlich")
    assert "ohne Passwort" in page.inner_text("main")
    page.click("text=Rollen ändern")
    page.check("#roles-trainer")
    page.click("text=Rollen speichern")
    assert "Wählen Sie einen Grund aus der Liste." in page.inner_text("#fehler")
    assert page.is_checked("#roles-trainer"), "what was ticked stays"
    page.select_option("[name=reason]", "aufgabe")
    page.click("text=Rollen speichern")
    assert "Die Rollen sind geändert" in page.inner_text("main")
    assert heading(page) == "Wanda Wörtlich"

    page.click("text=Was mit diesem Konto getan wurde")
    log = page.inner_text("table")
    assert "Rollen geändert" in log
    assert "Ihre Aufgabe hat sich geändert: Lernbegleitung" in log
    page.click("text=Auszug zum Drucken")
    assert heading(page) == "Auszug aus dem Protokoll"
