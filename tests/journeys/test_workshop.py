"""From an empty course to a published one, with a picture and questions: by keyboard, and without scripts."""

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect

from tests.journeys.conftest import Demo, signed_in

ASKED = ["Was misst der Fühler?", "Wie viele Werte kommen am Tag an?", "Wer klärt was?"]
FARTHEST = 150  # presses of Tab to the next thing
SHOWS = {2: "#e-number", 5: "#e-left-1"}  # what only the form of this kind of question has


def picture() -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(out, "PNG")
    return {"name": "Der Sensor.png", "mimeType": "image/png", "buffer": out.getvalue()}


class Keys:
    """Somebody who uses Tab, arrows, Enter and Space, and types."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.on(
            "filechooser", lambda _chooser: None
        )  # caught from the beginning: asked for late, one may be lost

    def reach(self, target: Locator, key: str = "Tab") -> None:
        """Go on by this key until the target has the focus."""
        target.wait_for()
        for _ in range(FARTHEST):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{target} is out of reach by {key}")

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.insert_text(text)

    def choose(self, target: Locator, number: int) -> None:
        """The option of this number in a list, from 0."""
        self.reach(target)
        for _ in range(number):
            self.page.keyboard.press("ArrowDown")
        expect(target.locator("option").nth(number)).to_have_js_property("selected", True)

    def tick(self, target: Locator) -> None:
        """A radio button: Tab leads to its group, arrows inside."""
        group = self.page.locator(f"[name={target.get_attribute('name')}]")
        self.reach(group.first)
        while not target.evaluate("element => element === document.activeElement"):
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")
        expect(target).to_be_checked()

    def attach(self, target: Locator) -> None:
        self.reach(target)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(picture())

    def insert(self, what: str) -> None:
        """Back from the text to the toolbar, along it to the button; the form opens in a dialog."""
        bar = self.page.get_by_role("toolbar")
        self.reach(bar.locator("button[tabindex='0']"), "Shift+Tab")
        self.reach(bar.locator(f"[data-insert={what}]"), "ArrowRight")
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("dialog")).to_be_visible()

    def done(self) -> None:
        self.press(self.page.get_by_role("button", name="Einfügen", exact=True))
        expect(self.page.get_by_role("dialog")).to_be_hidden()
        expect(self.page.locator("#body")).to_be_focused()

    def look(self) -> None:
        """The preview follows what is typed."""

    def hand_in(self) -> None:
        self.reach(self.page.get_by_role("button", name="Zur Freigabe geben"), "Shift+Tab")
        self.page.keyboard.press("Enter")


class Clicks(Keys):
    """Somebody with a mouse whose browser runs no scripts."""

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def choose(self, target: Locator, number: int) -> None:
        target.select_option(index=number)

    def tick(self, target: Locator) -> None:
        target.check()

    def attach(self, target: Locator) -> None:
        target.set_input_files(picture())

    def insert(self, what: str) -> None:
        self.page.locator(f"[data-insert={what}]").click()
        expect(self.page.get_by_label("Wohin?")).to_be_visible()

    def done(self) -> None:
        quiz = self.page.get_by_label("Wohin?").locator("option", has_text="Zu den Fragen")
        if quiz.count():
            self.page.get_by_label("Wohin?").select_option(quiz.first.get_attribute("value"))
        self.page.get_by_role("button", name="Einfügen", exact=True).click()
        expect(self.page.locator("#body")).to_be_visible()

    def look(self) -> None:
        self.page.get_by_role("button", name="Vorschau aktualisieren").click()

    def hand_in(self) -> None:
        self.page.get_by_role("button", name="Zur Freigabe geben").click()


@pytest.fixture(params=[Keys, Clicks], ids=["keyboard", "without scripts"])
def hands(request: pytest.FixtureRequest, browser: Browser, demo: Demo) -> Iterator[Keys]:
    """A trainer at the overview of the Werkstatt."""
    scripts = request.param is Keys
    context: BrowserContext = signed_in(browser, demo, "trainer", java_script_enabled=scripts)
    page = context.new_page()
    page.goto("/werkstatt")
    yield request.param(page)
    context.close()


def begin_course(hands: Keys, title: str) -> None:
    """An empty course with one module and one lesson, which is open for writing at the end."""
    page = hands.page
    hands.press(page.get_by_role("link", name="Kurs anlegen"))
    hands.write(page.get_by_label("Titel"), title)
    hands.write(page.get_by_label("Ergebnis"), "Sie wissen, was ein Sensor misst.")
    hands.press(page.get_by_role("button", name="Kurs anlegen"))
    hands.write(page.locator("#modul-titel"), "Grundlagen")
    hands.press(page.get_by_role("button", name="Modul hinzufügen"))
    hands.write(page.locator("#lektion-titel"), "Was Sensoren messen")
    hands.press(page.get_by_role("button", name="Lektion hinzufügen"))


def ask(hands: Keys, text: str, kind: int) -> None:
    """Open the form of a question and say its type, by its place in the list, and its words."""
    page = hands.page
    hands.insert("frage")
    if kind:
        hands.choose(page.get_by_label("Art der Frage"), kind)
        hands.press(page.get_by_role("button", name="Art wechseln"))
        expect(page.locator(SHOWS[kind])).to_be_visible()
    hands.write(page.locator("#e-question"), text)


def write_lesson(hands: Keys) -> None:
    """Text, a picture, and three questions in one quiz."""
    page = hands.page
    hands.write(page.locator("#body"), "## Der Weg\n\nEin Fühler misst Wärme.")
    hands.insert("bild")
    hands.attach(page.locator("#e-picture"))
    hands.write(page.locator("#e-description"), "Ein Sensor im Flur.")
    hands.write(page.locator("#e-source"), "Stadt Olpe")
    hands.done()
    ask(hands, ASKED[0], 0)
    hands.write(page.locator("#e-answer-1"), "Wärme")
    hands.tick(page.locator("#e-correct-1"))
    hands.write(page.locator("#e-answer-2"), "Glück")
    hands.done()
    ask(hands, ASKED[1], 2)
    hands.write(page.locator("#e-number"), "24 Werte")
    hands.done()
    ask(hands, ASKED[2], 5)
    for place, (left, right) in enumerate((("Bohren", "Gebäudewirtschaft"), ("Funk", "IT")), 1):
        hands.write(page.locator(f"#e-left-{place}"), left)
        hands.write(page.locator(f"#e-right-{place}"), right)
    hands.done()


def test_a_course_is_written_and_published(hands: Keys, request: pytest.FixtureRequest) -> None:
    page, title = hands.page, f"Kurs von {type(hands).__name__}"
    begin_course(hands, title)
    write_lesson(hands)
    hands.look()
    expect(page.locator("#vorschau").get_by_role("img", name="Ein Sensor im Flur.")).to_be_visible()
    expect(page.locator("#vorschau .sc-answers > p")).to_contain_text(ASKED)
    hands.hand_in()
    hands.press(page.get_by_role("button", name="Veröffentlichen"))
    hands.press(page.get_by_role("link", name="Kurs ansehen"))
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    hands.press(page.get_by_role("link", name=re.compile("Was Sensoren messen")).first)
    expect(page.get_by_role("img", name="Ein Sensor im Flur.")).to_be_visible()
    expect(page.locator("figcaption")).to_have_text("Quelle: Stadt Olpe")
    expect(page.locator(".sc-quiz")).to_have_count(1)
    expect(page.locator(".sc-quiz fieldset > legend")).to_contain_text(ASKED)
