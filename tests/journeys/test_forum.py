"""The forum without JavaScript: asking, answering, solving, editing at once, a lost session, moderating."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Demo, serving, signed_in
from tests.postgres import Cluster

TITLE = "Wer hat schon Parkbänke mit Sensoren gebaut?"
ANSWER = "Wir haben drei Bänke.\n\nDer Akku hält zwei Jahre."
UNSENT = "Dieser Text geht nicht verloren."
Browse = Callable[[str], Page]


@pytest.fixture
def running(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """The demo on SQLite, or one of its own on PostgreSQL."""
    if kind == "sqlite":
        yield request.getfixturevalue("demo")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.create("learn_forum_story")
    with serving(tmp_path_factory.mktemp("forum"), url) as demo:
        yield demo
    cluster.drop("learn_forum_story")


@pytest.fixture
def browse(browser: Browser, running: Demo) -> Iterator[Browse]:
    """A browser without scripts for a person of the demo."""
    contexts = []

    def opened(role: str) -> Page:
        context = signed_in(browser, running, role, java_script_enabled=False)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def ask(page: Page) -> str:
    """Ask in two steps; the address of the question."""
    page.goto("/forum")
    page.get_by_role("link", name="Frage stellen").first.click()
    page.get_by_label("Ihre Frage").fill(TITLE)
    page.get_by_label("Was Sie wissen sollten").fill("Wir planen zwei Bänke am Markt.")
    page.get_by_label("Thema", exact=True).select_option(label="Sensorik")
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Frage prüfen und veröffentlichen")
    page.get_by_role("button", name="Frage veröffentlichen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    return re.split(r"[?#]", page.url)[0]


def answer(page: Page, address: str, text: str) -> None:
    page.goto(address)
    page.get_by_label("Ihre Antwort").fill(text)
    page.get_by_role("button", name="Antwort veröffentlichen").click()
    expect(page.get_by_text(text.splitlines()[0]).first).to_be_visible()


def more(page: Page, name: str) -> None:
    """One of the actions behind „Mehr“ of the second post."""
    page.locator("#post-2 summary", has_text="Mehr").click()
    page.locator("#post-2").get_by_role("link", name=name, exact=True).click()


def save(page: Page, text: str) -> None:
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_label("Grund").fill("Genauer gesagt")
    page.get_by_role("button", name="Speichern", exact=True).click()


def test_a_stranger_without_scripts(browse: Browse, running: Demo) -> None:
    jana, emre, karla = browse("learner"), browse("expert"), browse("coordinator")
    address = ask(jana)
    answer(emre, address, ANSWER)

    jana.goto(address)
    jana.get_by_role("button", name="Als Lösung markieren").first.click()
    expect(jana.get_by_text("Beantwortet").first).to_be_visible()
    emre.goto(address)
    emre.get_by_role("button", name="Alles", exact=True).click()
    expect(emre.get_by_text("Sie hören ab jetzt alles davon.")).to_be_visible()

    emre.goto(address)
    more(emre, "Bearbeiten")
    other = emre.context.new_page()
    other.goto(emre.url)
    save(emre, ANSWER.replace("drei", "vier"))
    save(other, ANSWER.replace("zwei Jahre", "drei Jahre"))
    other.get_by_role("button", name="Zusammengeführte Fassung speichern").click()
    merged = other.locator("#post-2")
    expect(merged).to_contain_text("vier Bänke")
    expect(merged).to_contain_text("drei Jahre")

    jana.goto(address)
    jana.get_by_label("Ihre Antwort").fill(UNSENT)
    jana.context.clear_cookies()
    jana.get_by_role("button", name="Antwort veröffentlichen").click()
    expect(jana).to_have_url(re.compile("/anmelden"))
    email, password = running.people["learner"]
    jana.fill("[name=email]", email)
    jana.fill("[name=password]", password)
    jana.locator("main form button[type=submit]").first.click()
    expect(jana.get_by_text("Ihr Text ist noch da.")).to_be_visible()
    expect(jana.get_by_label("Ihre Antwort")).to_have_value(UNSENT)
    jana.get_by_role("button", name="Antwort veröffentlichen").click()
    expect(jana.get_by_text(UNSENT)).to_be_visible()

    karla.goto(address)
    more(karla, "Ausblenden")
    karla.get_by_label("Grund").fill("Das ist eine Probe.")
    karla.locator("main form button[type=submit]").first.click()
    jana.goto(address)
    expect(jana.get_by_text("Ausgeblendet: Das ist eine Probe.")).to_be_visible()
    karla.goto(re.sub(r"(/fragen/\d+)-.*", r"\1/eingriffe", address))
    karla.get_by_role("link", name="Wiederherstellen").click()
    karla.get_by_label("Grund").fill("Die Probe ist zu Ende.")
    karla.locator("main form button[type=submit]").first.click()
    jana.goto(address)
    expect(jana.locator("#post-2")).to_contain_text("vier Bänke")
