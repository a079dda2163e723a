"""Two browsers edit one lesson: a connection breaks, a server dies, and nobody loses a word."""

import os
import re
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import publish
from tests.cli.program import Running, serving
from tests.conftest import make_config
from tests.courses.folders import small
from tests.factories import make_person
from tests.faults.test_server import server_of
from tests.journeys.audit import Audit
from tests.journeys.conftest import Demo, signed_in

LESSON = "/werkstatt/lektionen/les_aaaaaaaa"
OTHER = "/werkstatt/lektionen/les_bbbbbbbb"
PASSWORD = "Brombeere und Leuchtturm"
KEPT = re.compile("gesichert um")
DEVICE = "Object.keys(localStorage).filter(name => name.startsWith('entwurf:')).length"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, blank_sqlite: Path) -> Iterator[tuple[Running, Demo]]:
    """A server of its own with a tiny course and two who write."""
    folder = tmp_path_factory.mktemp("school")
    config = replace(make_config(folder / "instance"), storage=folder / "instance" / "files")
    shutil.copy(blank_sqlite, folder / "instance" / "learn.sqlite3")
    database = Database.of(config)
    assert publish.publish(database, Storage(config.storage), small(folder)).published
    people = {}
    with database.writing() as session:
        for name in ("jana", "tom"):
            person = make_person(session, name=name.title(), password=PASSWORD, roles=["trainer"])
            people[name] = (person.email, PASSWORD)
    database.dispose()
    with serving(config.instance, "serve", "--no-worker", log=folder / "server.log") as running:
        yield running, Demo(running.url, config.instance, people)


def editor(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(LESSON)
    return page


def body(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text in Markdown")


def write(page: Page, text: str) -> None:
    """Type at the end of the text."""
    body(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def save(page: Page) -> None:
    page.get_by_role("button", name="Speichern", exact=True).click()


def test_two_browsers_one_without_connection(browser: Browser, school: tuple[Running, Demo]) -> None:
    _running, demo = school
    first, second = signed_in(browser, demo, "jana"), signed_in(browser, demo, "tom")
    jana, tom = editor(first), editor(second)
    state = jana.locator(".sc-saved")
    write(jana, "Satz vor dem Abbruch. ")
    expect(jana.locator("#vorschau")).to_contain_text("Satz vor dem Abbruch.")
    expect(state).to_contain_text(KEPT)
    assert jana.evaluate(DEVICE) == 0

    first.set_offline(True)
    write(jana, "Satz danach.")
    expect(state).to_contain_text("Nicht verbunden, Text liegt auf diesem Gerät")
    assert jana.evaluate(DEVICE) == 1
    save(jana)  # stays where it is
    expect(state).to_contain_text("Nicht verbunden")

    write(tom, "Toms Satz.")
    save(tom)
    expect(tom.locator(".sc-saved")).to_contain_text("Entwurf, gespeichert um")

    first.set_offline(False)
    expect(state).to_contain_text(KEPT)
    assert jana.evaluate(DEVICE) == 0
    save(jana)
    expect(jana.get_by_role("heading", name="hat eine andere Person gespeichert")).to_be_visible()
    expect(jana.locator(".sc-clash del")).to_contain_text("Toms Satz.")
    expect(jana.locator(".sc-clash ins")).to_contain_text("Satz vor dem Abbruch. Satz danach.")
    save(jana)
    expect(state).to_contain_text("Entwurf, gespeichert um")
    expect(body(jana)).to_have_value(re.compile(r"Satz danach\.\n$"))
    first.close()
    second.close()


def test_who_types_without_a_pause_is_kept_before_three_seconds_have_passed(
    browser: Browser, school: tuple[Running, Demo]
) -> None:
    context = signed_in(browser, school[1], "tom")
    page = context.new_page()
    page.clock.install(time="2026-05-04T09:00:00")
    page.goto(LESSON)
    page.clock.pause_at("2026-05-04T10:00:00")  # else a slow machine's own time is added
    with page.expect_request(lambda request: request.url.endswith("/sichern")) as kept:
        for letter in "abc":
            write(page, letter)
            page.clock.run_for(900)
    assert "abc" in (kept.value.post_data or "")
    context.close()


def test_escape_gives_up_what_is_being_inserted(browser: Browser, school: tuple[Running, Demo]) -> None:
    context = signed_in(browser, school[1], "tom")
    page = context.new_page()
    page.goto(OTHER)
    text, dialog = body(page).input_value(), page.get_by_role("dialog")
    page.get_by_role("button", name="Kasten einfügen").click()
    dialog.get_by_label("Text", exact=True).fill("Zu spät.")
    held: list[Route] = []
    address = re.compile("/einfuegen/kasten$")

    def hold(route: Route) -> None:
        held.append(route)

    page.route(address, hold)
    with page.expect_request(address):
        dialog.get_by_role("button", name="Einfügen", exact=True).click()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    held[0].fulfill(content_type="text/markdown", body="Zu spät.")
    page.unroute(address)
    page.get_by_role("button", name="Aufgabe einfügen").click()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Aufgabe einfügen")).to_be_focused()
    expect(body(page)).to_have_value(text)
    context.close()


def test_refused_and_clashing_texts_pass_axe(browser: Browser, school: tuple[Running, Demo]) -> None:
    _running, demo = school
    context = signed_in(browser, demo, "jana")
    audit = Audit(browser, demo.base, context.storage_state())
    wide, narrow = audit.wide, audit.narrow
    wide.goto(OTHER)
    wide.get_by_label("Titel der Lektion").fill("")
    save(wide)
    expect(wide.locator("#fehler")).to_be_focused()
    audit.run_axe(wide, "refused")
    wide.goto(OTHER)
    wide.get_by_role("button", name="Verwerfen").click()

    narrow.goto(OTHER)
    wide.goto(OTHER)
    write(wide, "Am breiten Schirm.")
    save(wide)
    expect(wide.locator(".sc-saved")).to_contain_text("Entwurf, gespeichert um")
    write(narrow, "Am schmalen Schirm.")
    save(narrow)
    expect(narrow.get_by_role("heading", name="haben Sie in einem anderen Fenster")).to_be_visible()
    audit.run_axe(narrow, "clash")
    audit.reflow("clash")
    assert audit.findings == []
    audit.close()
    context.close()


def test_the_server_is_killed_and_the_browser_closed(browser: Browser, school: tuple[Running, Demo]) -> None:
    running, demo = school
    context = signed_in(browser, demo, "jana")
    page = editor(context)
    write(page, "Vor dem Absturz, ")
    os.kill(server_of(running), signal.SIGKILL)
    write(page, "dabei ")
    context.set_offline(True)  # and what is typed next never reaches it from here
    write(page, "und danach.")
    expect(page.locator(".sc-saved")).to_contain_text("Nicht verbunden")
    page.close()

    context.set_offline(False)
    again = editor(context)
    expect(again.locator("[data-offer]")).to_contain_text("Ungespeicherter Stand von")
    text = re.compile(r"Vor dem Absturz, dabei und danach\.$")
    expect(body(again)).to_have_value(text)
    expect(again.locator(".sc-saved")).to_contain_text(KEPT)
    context.close()

    elsewhere = signed_in(browser, demo, "jana")
    other = editor(elsewhere)
    expect(other.locator("[data-offer]")).to_contain_text("Ungespeicherter Stand von")
    expect(body(other)).to_have_value(re.compile(r"und danach\.\n?$"))
    other.get_by_role("button", name="Verwerfen").click()
    expect(other.locator("[data-offer]")).to_be_hidden()
    elsewhere.close()
