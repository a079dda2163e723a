"""A demo server of its own for the stories, and Debian's Chromium."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.performance.load import free_port

ROOT = Path(__file__).parents[2]
CI = os.environ.get("CI") == "true"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


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
        yield chromium
        chromium.close()


class serving:  # noqa: N801 - reads as a verb in `with`
    """Run `learn demo` on an instance below `folder` until the block ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()

    def __enter__(self) -> Demo:
        instance = self.folder / "instance"
        self.log = (self.folder / "server.log").open("w+b")
        env = {name: value for name, value in os.environ.items() if not name.startswith("LEARN_")}
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
        self.process.wait(20)
        self.log.close()


def wait(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers; its log is the message when it does not."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


def newcomer(demo: Demo, name: str) -> None:
    """A person of her own for one story, who has begun nothing; `name` takes the place of a role."""
    email, password = f"{name}@example.org", f"Passwort für {name} im Test"
    command = [sys.executable, "-m", "learn.cli", "user", "create", email, "--name", name.title()]
    subprocess.run(
        [*command, "--role", "operator", "--password-stdin"],
        cwd=ROOT,
        env=os.environ | {"LEARN_INSTANCE": str(demo.instance)},
        input=password.encode(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
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
