"""A course on a USB stick: a visitor has it built, unpacks it, reads it at a machine without a network."""

import re
from pathlib import Path
from zipfile import ZipFile

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Demo

COURSE = "/kurse/lorawan-reallabor"


def test_a_course_is_read_from_a_stick(demo: Demo, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    page.goto(demo.base + COURSE)
    page.get_by_role("link", name="Zum Mitnehmen").click()
    page.get_by_role("button", name="ZIP erstellen").click()
    ready = page.get_by_role("link", name=re.compile("^ZIP laden"))
    expect(ready).to_be_visible()
    with page.expect_download() as loading:
        ready.click()
    with ZipFile(loading.value.path()) as packed:
        packed.extractall(tmp_path)
    context.close()

    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", offline=True)
    page = context.new_page()
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto((tmp_path / "index.html").as_uri())
    page.locator("nav.contents a[href^=lektion]").first.click()
    expect(page).to_have_url(re.compile("lektion-01-01.html$"))
    for path in [*sorted(tmp_path.glob("lektion-0*.html"))[:2], tmp_path / "loesungen.html"]:
        page.goto(path.as_uri())
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path.name
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], path.name
    assert failed == []
    assert {url.partition(":")[0] for url in asked} == {"file"}
    context.close()
