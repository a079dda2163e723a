"""A person takes her data along, leaves, comes back and leaves for good, with and without scripts."""

import io
import json
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.audit import Audit
from tests.journeys.conftest import Demo, cookies, newcomer, signed_in
from tests.journeys.factors import arrive

COURSE = "/kurse/grundlagen"
OWN = ("/konto/daten", "/konto/daten/protokoll", "/konto/daten/loeschen")
OPEN = ("/datenschutz/verzeichnis", "/konto-zurueck/nichts")


def mails_to(demo: Demo, email: str) -> list[EmailMessage]:
    """Her mails, the latest last."""
    paths = sorted((demo.instance / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
    return [mail for mail in found if isinstance(mail, EmailMessage) and mail["To"] == email]


def link_of(demo: Demo, email: str, number: int) -> str:
    """The link in her letter of this number, once the worker has delivered it."""
    deadline = time.monotonic() + 90
    while len(mails_to(demo, email)) < number:
        assert time.monotonic() < deadline, "no mail"
        time.sleep(0.2)
    body = mails_to(demo, email)[-1].get_body(("plain",))
    assert body is not None
    found = re.search(r"http\S+/konto-zurueck/\S+", str(body.get_content()))
    assert found is not None
    return found[0]


def close(page: Page, password: str) -> None:
    page.goto("/konto/daten")
    page.get_by_role("link", name="Konto löschen").click()
    page.get_by_label("Ihr Passwort", exact=True).fill(password)
    page.get_by_role("button", name="Konto löschen").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_export_leave_and_return(browser: Browser, demo: Demo, scripts: bool, tmp_path: Path) -> None:
    name = "wanda" if scripts else "wido"
    newcomer(demo, name)
    email, password = demo.people[name]
    with_scripts = signed_in(browser, demo, name)
    state = with_scripts.storage_state()
    with_scripts.close()
    context = browser.new_context(
        base_url=demo.base, storage_state=state, java_script_enabled=scripts, accept_downloads=True
    )
    page = context.new_page()
    page.goto(COURSE)
    page.get_by_role("button", name="Kurs beginnen").click()
    expect(page).to_have_url(re.compile(f"{COURSE}/"))

    page.goto("/konto/daten")
    with page.expect_download() as download:
        page.get_by_role("link", name="Meine Daten herunterladen").click()
    assert re.fullmatch(r"meine-daten-\d{4}-\d\d-\d\d\.zip", download.value.suggested_filename)
    download.value.save_as(tmp_path / "daten.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "daten.zip").read_bytes())) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("json/konto.json"))[0]["e_mail_adresse"] == email
        assert "## Smart City: Grundlagen" in archive.read("lesen/lernstand.md").decode()

    close(page, "das falsche Passwort")
    expect(page).to_have_title(re.compile("^Fehler:"))
    expect(page.locator("#fehler").get_by_text("Das Passwort stimmt nicht.")).to_have_count(1)
    expect(page.locator("#fehler")).to_be_focused()
    page.get_by_label("Ihr Passwort", exact=True).fill(password)
    page.get_by_role("button", name="Konto löschen").click()
    page.get_by_text("Ihr Konto ist geschlossen.").wait_for()
    page.goto("/konto/daten")
    expect(page).to_have_url(re.compile(r"/anmelden\?"))

    page.goto(link_of(demo, email, 1))
    page.get_by_role("button", name="Konto wieder öffnen").click()
    page.get_by_text("Ihr Konto ist wieder offen.").wait_for()
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort", exact=True).fill(password)
    page.locator("main form button[type=submit]").first.click()
    arrive(page, "/lernen")
    page.goto("/konto/daten/protokoll")
    expect(page.locator("tbody tr")).to_have_count(3)
    shown = page.locator("tbody tr").all_inner_texts()
    assert [next(w for w in ("Löschung", "geschlossen", "angelegt") if w in row) for row in shown] == [
        "Löschung",
        "geschlossen",
        "angelegt",
    ]
    page.goto("/lernen")
    expect(page.get_by_role("link", name="Weiterlernen").first).to_be_visible()  # her learning is still there
    context.close()


def test_a_phone_without_scripts_sees_each_step(browser: Browser, demo: Demo) -> None:
    """The whole way fits on 390 px, and nothing needs the menu."""
    newcomer(demo, "wilma")
    context = signed_in(browser, demo, "wilma", viewport={"width": 390, "height": 844})
    page = context.new_page()
    for path in OWN:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    close(page, demo.people["wilma"][1])
    page.get_by_text("Ihr Konto ist geschlossen.").wait_for()
    page.goto(link_of(demo, demo.people["wilma"][0], 1))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


@pytest.fixture(scope="module")
def own(browser: Browser, demo: Demo) -> Iterator[Audit]:
    """The checks, as somebody with entries in the log sees pages."""
    newcomer(demo, "walda")
    audit = Audit(browser, demo.base, cookies(browser, demo, "walda"))
    yield audit
    audit.close()


@pytest.mark.parametrize("page", OWN)
def test_own_pages_pass_the_audit(own: Audit, page: str) -> None:
    assert own.check(page) == []


@pytest.mark.parametrize("page", OPEN)
def test_open_pages_pass_the_audit(audit: Callable[[str], Audit], page: str) -> None:
    """The dead link is a 404, which the console reports; all else holds for it too."""
    assert audit("").check(page, quiet=not page.startswith("/konto-zurueck/")) == []


def test_their_titles_differ(own: Audit) -> None:
    assert own.same_titles((*OWN, *OPEN)) == []


def test_a_refused_password_passes_the_audit(own: Audit, demo: Demo) -> None:
    def refused(page: Page) -> None:
        close(page, "das falsche Passwort")
        page.locator("#fehler").wait_for()

    assert own.after(refused) == []
