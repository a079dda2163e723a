"""A picture pasted into a text: the dialog asks for words, the library holds it, the text shows it."""

from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Demo, signed_in

LESSON = "/werkstatt/lektionen/les_q0b44ctc"
LIBRARY = "/werkstatt/kurse/kur_yrbmyb0r/medien"
PASTE = """async body => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 40;
  canvas.getContext("2d").fillRect(5, 5, 20, 30);
  const blob = await new Promise(done => canvas.toBlob(done, "image/png"));
  const held = new DataTransfer();
  held.items.add(new File([blob], "Mast am Rathaus.png", { type: "image/png" }));
  body.focus();
  body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
}"""


def test_a_pasted_picture_is_described_stored_and_shown(browser: Browser, demo: Demo) -> None:
    context = signed_in(browser, demo, "trainer")
    page = context.new_page()
    page.goto(LESSON)
    body = page.get_by_role("textbox", name="Text in Markdown")
    body.evaluate(PASTE)
    dialog = page.get_by_role("dialog")
    words = dialog.get_by_label("Was ist zu sehen?")
    expect(words).to_be_focused()
    dialog.get_by_role("button", name="Einfügen", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Beschreiben Sie das Bild")
    words.fill("Ein Mast mit zwei Antennen")
    dialog.get_by_label("Quelle").fill("Stadt Olpe")
    dialog.get_by_role("button", name="Einfügen", exact=True).click()
    expect(dialog).to_be_hidden()
    written = "![Ein Mast mit zwei Antennen](../bilder/mast-am-rathaus.webp"
    assert written in body.input_value()
    shown = page.locator("#vorschau img[alt='Ein Mast mit zwei Antennen']")
    expect(shown).to_be_visible()
    assert shown.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 40
    page.goto(LIBRARY)
    expect(page.get_by_role("link", name="bilder/mast-am-rathaus.webp")).to_be_visible()
    context.close()
