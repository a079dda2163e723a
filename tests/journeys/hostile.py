"""Render hostile texts as lessons and see in Chromium, with its policy off, whether any of them runs.

    python -m tests.journeys.hostile FILE.json [--every 10]

`FILE.json` holds `items` with a `payload` each. Prints how many ran, with the sanitiser and without it
(the control must be large), and every element, attribute or scheme outside the allow-list.
"""

import argparse
import contextlib
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import markdown
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, sync_playwright

from learn.markup import render
from learn.markup.model import (
    Exercise,
    Html,
    Link,
    Part,
    Picture,
    PlanPart,
    PlanTable,
    PlanText,
    Question,
    Quiz,
    Unresolved,
)
from tests.journeys.conftest import QUIET

# The allow-list of content.md section 2, written down a second time on purpose.
TAGS = """a abbr aside b blockquote br caption code del details div dd dl dt em figcaption figure
    h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p picture pre q s samp section small source span
    strong sub summary sup table tbody td th thead tr u ul"""
ATTRIBUTES = """alt aria-label aria-labelledby checked class colspan data-var dir disabled height href id
    lang loading media open rel role rowspan scope src srcset start tabindex title type width"""
HERE = "http://here.test/"
SPY = """for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
  window[name] = function () { try { window.top.ran = true; } catch (e) { window.ran = true; } };"""
# What a person does with a page: point, focus, click; navigation away is what a link may do.
USE = """() => {
  for (const e of document.querySelectorAll('body *')) {
    for (const name of ['mouseover', 'mouseenter', 'focus', 'toggle', 'animationstart', 'pointerenter'])
      e.dispatchEvent(new Event(name, {bubbles: true}));
  }
  for (const e of document.querySelectorAll('a, button, summary, details, input, [tabindex]')) {
    const target = (e.getAttribute('href') || '').replace(/[\\x00-\\x20]/g, '').toLowerCase();
    if (!e.href || target.startsWith('javascript') || target.startsWith('data')) e.click();
  }
}"""
AUDIT = """([tags, attributes]) => {
  const bad = [], schemes = ['http:', 'https:', 'mailto:', 'tel:'];
  for (const e of document.querySelectorAll('body *')) {
    const name = e.tagName.toLowerCase();
    if (!tags.includes(name)) bad.push('<' + name + '>');
    for (const a of e.attributes) {
      if (!attributes.includes(a.name)) bad.push(name + ' ' + a.name);
      if (['href', 'src', 'srcset'].includes(a.name) && !schemes.includes(new URL(a.value, 'http://here.test/').protocol))
        bad.push(name + ' ' + a.name + '=' + a.value.slice(0, 40));
    }
  }
  return bad;
}"""
PLACES = {
    "bare": "{}",
    "list": "- eins\n- {}\n",
    "quote": "> {}\n",
    "table": "| a | b |\n|---|---|\n| {} | c |\n",
    "heading": "## {}\n",
    "alert": "> [!NOTE]\n> {}\n",
    "footnote": "Text[^a]\n\n[^a]: {}\n",
    "link": "[Text]({})",
    "link text": "[{}](https://example.org)",
    "image": "![{}](bild.png)",
    "image target": "![Alt]({})",
    "fence": "```html\n{}\n```\n",
    "task": "- [ ] {}\n",
    "details": "<details>\n<summary>{}</summary>\n\n{}\n\n</details>\n",
    "question": (
        "## Kurz geprüft\n\n<!-- quiz id=a -->\n\n### {}\n<!-- frage id=b -->\n\n"
        "1. [x] {}\n   > {}\n2. [ ] b\n\n> {}\n\n<!-- /quiz -->\n"
    ),
    "plan": (
        "<!-- fahrplan id=a -->\n\n- **{}:** {}\n\n| {} | b |\n|---|---|\n| {} | |\n\n<!-- /fahrplan -->\n"
    ),
}


class Anything:
    """Resolves every target to itself, as no real course folder would: the sanitiser stands alone."""

    def picture(self, target: str) -> Picture | Unresolved:
        return Picture(target, 1, 1)

    def link(self, target: str) -> Link | Unresolved:
        return Link(target, target)

    def knows_value(self, _name: str) -> bool:
        return True


def lesson(text: str) -> str:
    """All HTML that a lesson's text leaves in the store."""
    return "\n".join(html for part in render(text, "kurs", Anything()).parts for html in pieces(part))


def pieces(part: Part) -> Iterator[str]:
    """The HTML strings of one part, wherever they stand."""
    if isinstance(part, Html | Exercise):
        yield part.html
    elif isinstance(part, Quiz):
        for question in part.questions:
            yield from asked(question)
    else:
        for piece in part.parts:
            yield from planned(piece)


def asked(question: Question) -> Iterator[str]:
    """The HTML strings of a question."""
    yield from (question.html, question.hint, question.explanation, *question.items)
    for option in question.options:
        yield from (option.html, option.feedback)
    for pair in question.pairs:
        yield from pair


def planned(piece: PlanPart) -> Iterator[str]:
    """The HTML strings of a piece of a Fahrplan; labels and hints are text."""
    if isinstance(piece, PlanText):
        yield piece.html
    elif isinstance(piece, PlanTable):
        yield from piece.columns
        yield from (cell.html for row in piece.rows for cell in row)


def placed(payload: str) -> list[str]:
    """The payload in every place of a lesson."""
    flat = " ".join(payload.splitlines())
    return [form.replace("{}", payload if name == "bare" else flat) for name, form in PLACES.items()]


def opened(context: BrowserContext, html: str) -> Page:
    """A page of its own with this HTML; requests for anything else end here."""
    page = context.new_page()
    page.add_init_script(SPY)
    page.on("dialog", lambda dialog: dialog.dismiss())
    body = f"<!doctype html><html lang=de><title>x</title><body><div>{html}</div></body></html>"

    def answer(route: Route) -> None:
        if route.request.url == HERE:
            route.fulfill(body=body, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    page.route("**/*", answer)
    with contextlib.suppress(Error):  # it may lead itself away at once
        page.goto(HERE, wait_until="domcontentloaded")
    return page


def runs(context: BrowserContext, html: str) -> bool:
    """Whether anything runs when the HTML is opened and used."""
    page = opened(context, html)
    try:
        page.evaluate(USE)
        page.wait_for_timeout(60)
        return bool(page.evaluate("!!window.ran"))
    except Error:
        return False
    finally:
        page.close()


def attack(browser: Browser, payloads: Sequence[str], batch: int = 40) -> tuple[list[str], list[str]]:
    """Texts that ran in spite of the sanitiser, and what stands outside the allow-list."""
    context = browser.new_context(bypass_csp=True)
    pages = [(payload, lesson(text)) for payload in payloads for text in placed(payload)]
    ran: list[str] = []
    odd: list[str] = []
    for start in range(0, len(pages), batch):
        group = pages[start : start + batch]
        joined = "</div><div>".join(html for _, html in group)
        if runs(context, joined):
            ran.extend(payload for payload, html in group if runs(context, html))
        page = opened(context, joined)
        odd.extend(page.evaluate(AUDIT, [TAGS.split(), ATTRIBUTES.split()]))
        page.close()
    context.close()
    return ran, odd


def control(browser: Browser, payloads: Sequence[str]) -> int:
    """How many run when Python-Markdown's output is shown as it is."""
    context = browser.new_context(bypass_csp=True)
    found = sum(runs(context, markdown.markdown(payload)) for payload in payloads)
    context.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every n-th record")
    options = parser.parse_args()
    payloads = [item["payload"] for item in json.loads(options.file.read_text())["items"]][:: options.every]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        ran, odd = attack(browser, payloads)
        without = control(browser, payloads)
        browser.close()
    for text in (*ran, *sorted(set(odd))):
        print(repr(text))
    print(f"{len(payloads)} texts in {len(PLACES)} places: {len(ran)} ran, {len(odd)} outside the list")
    print(f"without the sanitiser {without} ran")
    return 1 if ran or odd else 0


if __name__ == "__main__":
    sys.exit(main())
