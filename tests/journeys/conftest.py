"""A demo server of its own for the stories, and Debian's Chromium."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from learn.accounts import passwords, service
from learn.core import audit as audit_log
from learn.core.db import Database
from tests.conftest import make_config
from tests.journeys.audit import Audit
from tests.performance.load import free_port
from tests.xss.browser import QUIET

ROOT = Path(__file__).parents[2]
PATIENCE = 30_000  # milliseconds that a check waits, as long as a click does
CI = os.environ.get("CI") == "true"


@dataclass(frozen=True)
class Demo:
    """A running `learn demo`: its address, its instance, and password by address for each role."""

    base: str
    instance: Path
    people: dict[str, tuple[str, str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all stories; they use people and courses of their own where they write."""
    folder = tmp_path_factory.mktemp("demo")
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; skips by name where there is none, unless `CI=true`."""
    program = shutil.which("chromium")
    if program is None:
        (pytest.fail if CI else pytest.skip)("Chromium fehlt: „chromium“ liegt nicht im Suchpfad")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        expect.set_options(timeout=PATIENCE)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def audit(browser: Browser, demo: Demo) -> Callable[[str], Audit]:
    """The checks of pages as a role of the demo sees them, "" for visitors; its two tabs stay open."""
    made: dict[str, Audit] = {}

    def as_seen_by(role: str) -> Audit:
        if role not in made:
            made[role] = Audit(browser, demo.base, cookies(browser, demo, role) if role else None)
        return made[role]

    return as_seen_by


class serving:  # noqa: N801 - reads as a verb in `with`
    """Run `learn demo` on an instance below `folder` until the block ends, on SQLite without a `url`."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder, self.url = folder, url
        self.port = free_port()

    def __enter__(self) -> Demo:
        instance = self.folder / "instance"
        self.log = (self.folder / "server.log").open("w+b")
        env = {name: value for name, value in os.environ.items() if not name.startswith("LEARN_")}
        env |= {"LEARN_DATABASE_URL": self.url} if self.url else {}
        command = [sys.executable, "-m", "learn.cli", "demo", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--instance", str(instance)], cwd=ROOT, env=env, stdout=self.log, stderr=self.log
        )
        base = f"http://127.0.0.1:{self.port}"
        wait(base, self.process, self.folder / "server.log")
        people = re.findall(
            r"(?m)^(\w+) +(\S+@example\.org) +(\S+)$", (self.folder / "server.log").read_text()
        )
        return Demo(base, instance, {role: (email, password) for role, email, password in people})

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(60)
        self.log.close()


def wait(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers; its log is the message when it does not."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=20):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


def newcomer(demo: Demo, name: str, municipality: str | None = None) -> None:
    """A person of her own for one story, who has begun nothing; `name` takes the place of a role.

    Of the town with this key, else of none, which only the Betrieb may.
    """
    email, password = f"{name}@example.org", f"Passwort für {name} im Test"
    database = Database.of(make_config(demo.instance))
    with database.writing() as session:
        service.create_user(
            session,
            by=audit_log.COMMAND_LINE,
            email=email,
            name=name.title(),
            password_hash=passwords.hashed(password),
            municipality=municipality,
            roles=() if municipality else ("operator",),
        )
    database.dispose()
    demo.people[name] = (email, password)


def signed_in(browser: Browser, demo: Demo, role: str, **options: Any) -> BrowserContext:
    """A browser context in which the demo person of that role has signed in."""
    context = browser.new_context(locale="de-DE", base_url=demo.base, **options)
    page = context.new_page()
    page.goto("/anmelden")
    email, password = demo.people[role]
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url("**/lernen")
    page.close()
    return context


def cookies(browser: Browser, demo: Demo, role: str) -> Any:
    """Playwright's storage state of that signed-in person."""
    context = signed_in(browser, demo, role)
    state = context.storage_state()
    context.close()
    return state
