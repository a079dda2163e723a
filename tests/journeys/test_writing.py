"""Writing in the forum: without scripts nothing is lost; with them drafts save themselves."""

import io
import re

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.journeys.conftest import Demo, newcomer, signed_in

TITLE = "Wie habt ihr Bodenfeuchte im Stadtpark gemessen?"
BODY = "Wir haben zwölf Beete.\n\nWelche Sensoren halten den Winter aus?"
ENSE = "05974012"
STORED = "Object.keys(localStorage).filter(name => name.startsWith('entwurf:')).length"


def opened(browser: Browser, demo: Demo, name: str, *, scripts: bool) -> BrowserContext:
    newcomer(demo, name, ENSE)
    context = signed_in(browser, demo, name)
    state = context.storage_state()
    context.close()
    return browser.new_context(base_url=demo.base, storage_state=state, java_script_enabled=scripts)


def ask(page: Page) -> str:
    """Publish a question; gives its address."""
    page.goto("/forum/fragen/neu")
    page.get_by_label("Ihre Frage").fill(TITLE)
    page.get_by_label("Was Sie wissen sollten").fill(BODY)
    page.get_by_label("Thema", exact=True).select_option("sensorik")
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_text("Wer wird das lesen?")).to_be_visible()
    page.get_by_role("button", name="Frage veröffentlichen").click()
    expect(page.get_by_text("Ihre Frage ist veröffentlicht.")).to_be_visible()
    return page.url


def test_without_scripts_a_lost_session_keeps_text(browser: Browser, demo: Demo) -> None:
    plain = opened(browser, demo, "wiltrud", scripts=False)
    page = plain.new_page()
    address = ask(page)
    answers = f"{address.partition('-')[0]}/antworten"
    page.goto(answers)
    page.get_by_label("Ihre Antwort").fill("Wir nehmen **Kapazität**.")
    plain.clear_cookies(name="sitzung")
    page.get_by_role("button", name="Antwort veröffentlichen").click()
    expect(page).to_have_url(re.compile("/anmelden"))
    page.get_by_label("E-Mail-Adresse").fill(demo.people["wiltrud"][0])
    page.get_by_label("Passwort", exact=True).fill(demo.people["wiltrud"][1])
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_text("Ihr Text ist noch da.")).to_be_visible()
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Wir nehmen **Kapazität**.")
    page.get_by_role("button", name="Antwort veröffentlichen").click()
    expect(page).to_have_url(re.compile("#post-2$"))
    expect(page.locator("#post-2 strong")).to_have_text("Kapazität")


def test_without_scripts_a_picture_and_a_concurrent_edit(browser: Browser, demo: Demo) -> None:
    plain = opened(browser, demo, "wibke", scripts=False)
    page = plain.new_page()
    address = ask(page)
    page.goto(f"{address.partition('-')[0]}/antworten")
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(out, "PNG")
    page.get_by_text("Bild einfügen").click()
    picture = FilePayload(name="beet.png", mimeType="image/png", buffer=out.getvalue())
    page.get_by_label("Bild", exact=True).set_input_files(files=[picture])
    page.get_by_label("Beschreibung").fill("Ein Beet")
    page.get_by_role("button", name="Bild hinzufügen").click()
    expect(page.get_by_label("Ihre Antwort")).to_have_value(re.compile(r"!\[Ein Beet\]\(bild:\d+\)"))
    page.get_by_role("button", name="Antwort veröffentlichen").click()
    expect(page.get_by_alt_text("Ein Beet")).to_be_visible()
    edit = page.locator("#post-2 a[href$=bearbeiten]").get_attribute("href")
    assert edit is not None
    first, second = plain.new_page(), plain.new_page()
    for tab, words in ((first, "Erste Fassung."), (second, "Zweite Fassung.")):
        tab.goto(edit)
        tab.get_by_label("Text").fill(words)
    first.get_by_role("button", name="Speichern", exact=True).click()
    second.get_by_role("button", name="Speichern", exact=True).click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Der Beitrag wurde inzwischen geändert")
    second.get_by_role("textbox", name="Text").fill("Beides.")
    second.get_by_role("button", name="Zusammengeführte Fassung speichern").click()
    expect(second.locator("#post-2")).to_contain_text("Beides.")


def test_with_scripts_drafts_save_themselves(browser: Browser, demo: Demo) -> None:
    context = opened(browser, demo, "wenke", scripts=True)
    page, other = context.new_page(), context.new_page()
    for tab in (page, other):
        tab.goto("/forum/fragen/neu")
    page.get_by_label("Ihre Frage").fill(TITLE)
    page.wait_for_function(f"() => {STORED} === 1")
    expect(page.locator("[data-saved]")).to_contain_text("Gespeichert um")
    other.get_by_label("Ihre Frage").fill("Eine andere Frage dazu")
    expect(other.locator("[data-saved]")).to_contain_text("Es gibt eine neuere Fassung.")
    other.get_by_role("button", name="Entwurf speichern").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Es gibt eine neuere Fassung")

    page.goto("/forum/fragen/neu")
    expect(page.get_by_label("Ihre Frage")).to_have_value(TITLE)
    expect(page.locator("[data-copy]")).to_be_hidden()
    page.get_by_label("Was Sie wissen sollten").fill("Nur im Browser")
    page.goto("/forum/fragen/neu")
    page.get_by_role("button", name="Text einsetzen").click()
    expect(page.get_by_label("Was Sie wissen sollten")).to_have_value("Nur im Browser")
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("link", name="Anmelden").first).to_be_visible()
    page.wait_for_function(f"() => {STORED} === 0")


def test_with_scripts_names_are_offered(browser: Browser, demo: Demo) -> None:
    context = opened(browser, demo, "wiebke", scripts=True)
    page = context.new_page()
    address = ask(page)
    page.goto(f"{address.partition('-')[0]}/antworten")
    text = page.get_by_label("Ihre Antwort")
    text.press_sequentially("Fragt @Ens")
    expect(page.get_by_role("option").first).to_contain_text("Ense")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    text.press_sequentially("e")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile(r"^Fragt \[@\w* ?Ense\]\(kommune:\d{8}\) $"))
