"""Checks of rendered pages in Chromium: accessibility, reflow, keyboard, preferences, print."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Page

DESKTOP, PHONE = (1280, 900), (390, 844)
THEMES = ("light", "dark")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549"]
SPACING = (
    "*{line-height:1.5!important;letter-spacing:.12em!important;"
    "word-spacing:.16em!important}p{margin-bottom:2em!important}"
)
LAYOUTS = (  # name, width, height, extra style
    ("320 px", 320, 256, ""),
    ("zoom 200 %", 640, 450, ""),
    ("text 200 %", 1280, 900, "html{font-size:200%!important}"),
    ("text spacing", 390, 844, SPACING),
    ("320 px with text spacing", 320, 640, SPACING),
)

RUN_AXE = """tags => axe.run(document, {
  runOnly: {type: 'tag', values: tags}, rules: {'target-size': {enabled: true}}
})"""

# Elements that stick out to the right or are cut off, outside areas that may scroll.
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth, bad = [];
  if (document.documentElement.scrollWidth > width) bad.push('page scrolls sideways');
  for (const e of document.querySelectorAll('body *')) {
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (e.closest('svg, pre, progress, input, .sc-tablewrap, [popover], .sc-vh')) continue;
    const name = e.tagName.toLowerCase() + '.' + e.className;
    if (box.width && box.right > width + 1) bad.push('sticks out: ' + name);
    if (e.clientWidth > 2 && e.scrollWidth > e.clientWidth + 1 &&
        ['hidden', 'clip'].includes(style.overflowX)) bad.push('cut off: ' + name);
  }
  return bad.slice(0, 5);
}"""

# The focused element: where it is, whether its focus is drawn and uncovered.
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const drawn = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
  const box = e.getBoundingClientRect();
  const visible = drawn(getComputedStyle(e)) || drawn(getComputedStyle(e, '::after')) ||
    (e.nextElementSibling && drawn(getComputedStyle(e.nextElementSibling)));
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2);
  const hit = document.elementFromPoint(x, box.top + Math.min(box.height / 2, 20));
  const label = [...(e.labels || [])].some(l => l === hit || l.contains(hit));
  const uncovered = hit && (e.contains(hit) || hit.contains(e) || label);
  return {
    index: [...document.querySelectorAll('*')].indexOf(e),
    name: (e.getAttribute('aria-label') || e.textContent || e.name || '').trim().slice(0, 40),
    visible, uncovered, inside: box.top >= -1 && box.top < innerHeight,
  };
}"""

# Targets below 24 by 24 px that are not part of running text.
SMALL_TARGETS = """() => {
  const bad = [];
  for (const e of document.querySelectorAll('a, button, input, select, textarea, summary')) {
    const box = e.getBoundingClientRect(), after = getComputedStyle(e, '::after');
    if (!box.width || e.type === 'hidden' || e.closest('.sc-vh')) continue;
    if (getComputedStyle(e).display === 'inline') continue;
    if (after.position === 'absolute' && after.content !== 'none') continue;
    const area = e.labels?.length ? e.parentElement.getBoundingClientRect() : box;
    const width = Math.max(box.width, area.width), height = Math.max(box.height, area.height);
    if (width < 24 || height < 24) bad.push(`${Math.round(width)} x ${Math.round(height)}: ` +
      e.textContent.trim().slice(0, 30));
  }
  return bad;
}"""

STRUCTURE = """() => {
  const bad = [], ids = new Set();
  const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
    .filter(h => h.getClientRects().length).map(h => +h.tagName[1]);
  if (levels.filter(l => l === 1).length !== 1) bad.push('needs exactly one h1');
  levels.forEach((l, i) => { if (i && l > levels[i - 1] + 1) bad.push('heading level skipped: ' + levels); });
  if (!document.documentElement.lang) bad.push('no lang');
  if (!document.title) bad.push('no title');
  if (document.querySelectorAll('main').length !== 1) bad.push('needs exactly one main');
  if (!document.querySelector('a[href^="#"]')) bad.push('no skip link');
  for (const e of document.querySelectorAll('[id]')) {
    if (ids.has(e.id)) bad.push('id used twice: ' + e.id);
    ids.add(e.id);
  }
  if (document.querySelector('[style], body script:not([src])')) bad.push('inline style or script');
  return bad;
}"""

WHITE_ICONS = """() => [...document.querySelectorAll('.kern-icon')].some(
  e => getComputedStyle(e).backgroundColor === 'rgb(255, 255, 255)')"""


class Audit:
    """Runs the checks on pages of one application; `findings` collects what is wrong, a line each.

    `state` is Playwright's storage state of a signed-in person, None for a visitor.
    """

    def __init__(self, browser: Browser, base: str, pages: Sequence[str], state: Any = None) -> None:
        self.browser, self.base, self.pages, self.state = browser, base, pages, state
        self.axe = AXE_FILE_PATH.read_text(encoding="utf-8")
        self.findings: list[str] = []

    def report(self, check: str, page: str, message: str) -> None:
        self.findings.append(f"{check}: {page}: {message}")

    @contextlib.contextmanager
    def tab(self, size: tuple[int, int] = DESKTOP, **options: Any) -> Iterator[Page]:
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="de-DE",
            storage_state=self.state,
            **options,
        )
        try:
            yield context.new_page()
        finally:
            context.close()

    def open(self, tab: Page, page: str) -> None:
        tab.goto(urljoin(self.base, page), wait_until="load")

    def rules(self) -> None:
        """axe, in both themes and both widths, with every popover open in turn."""
        for theme in THEMES:
            for size in (DESKTOP, PHONE):
                with self.tab(size, color_scheme=theme, reduced_motion="reduce") as tab:
                    for page in self.pages:
                        self.open(tab, page)
                        self.run_axe(tab, f"{page} ({theme}, {size[0]} px)")
                        if size is PHONE:
                            self.popovers(tab, f"{page} ({theme})")

    def run_axe(self, tab: Page, label: str) -> None:
        tab.evaluate(self.axe)
        result = tab.evaluate(RUN_AXE, AXE_TAGS)
        for rule in result["violations"]:
            where = ", ".join(str(node["target"][0]) for node in rule["nodes"][:3])
            self.report("axe", label, f"{rule['id']}: {where}")
        for rule in result["incomplete"]:
            # Text in its background's colour is filed here, not as a violation.
            if "equalRatio" in str(rule["nodes"]):
                self.report("axe", label, f"text without contrast: {rule['nodes'][0]['target'][0]}")

    def popovers(self, tab: Page, label: str) -> None:
        """Opens by key, axe inside, Escape closes, focus returns."""
        for opener in tab.query_selector_all("[popovertarget]:not([popovertargetaction])"):
            if not opener.is_visible():
                continue
            opener.focus()
            tab.keyboard.press("Enter")
            if not tab.evaluate("!!document.querySelector(':popover-open')"):
                self.report("popover", label, "does not open by key")
                continue
            self.run_axe(tab, f"{label}, popover")
            tab.keyboard.press("Tab")
            if not tab.evaluate("!!document.activeElement.closest(':popover-open')"):
                self.report("popover", label, "first Tab does not go inside")
            tab.keyboard.press("Escape")
            if tab.evaluate("!!document.querySelector(':popover-open')"):
                self.report("popover", label, "Escape does not close")
            if not opener.evaluate("e => e === document.activeElement"):
                self.report("popover", label, "focus does not return")

    def reflow(self) -> None:
        for name, width, height, style in LAYOUTS:
            with self.tab((width, height), bypass_csp=True) as tab:
                for page in self.pages:
                    self.open(tab, page)
                    if style:
                        tab.add_style_tag(content=style)
                        tab.wait_for_timeout(80)
                    for problem in tab.evaluate(OVERFLOW):
                        self.report(name, page, problem)

    def keyboard(self) -> None:
        for size in (DESKTOP, PHONE):
            with self.tab(size) as tab:
                for page in self.pages:
                    self.open(tab, page)
                    self.walk(tab, f"{page} ({size[0]} px)")

    def walk(self, tab: Page, label: str) -> None:
        """Tab to the end: each stop visible, uncovered, in document order."""
        first, last = None, -1
        in_order = tab.evaluate(FOCUSED) is None  # a page may start in its error summary
        for _ in range(1000):
            tab.keyboard.press("Tab")
            stop = tab.evaluate(FOCUSED)
            if stop is None or stop["index"] == first:
                return
            first = stop["index"] if first is None else first
            for quality in ("visible", "uncovered", "inside"):
                if not stop[quality]:
                    self.report("keyboard", label, f"not {quality}: {stop['name']}")
            if in_order and stop["index"] < last:
                self.report("keyboard", label, f"out of order: {stop['name']}")
            last = stop["index"]
        self.report("keyboard", label, "no end after 1,000 stops")

    def targets(self) -> None:
        with self.tab(PHONE) as tab:
            for page in self.pages:
                self.open(tab, page)
                for problem in tab.evaluate(SMALL_TARGETS):
                    self.report("target size", page, problem)

    def preferences(self) -> None:
        """Forced colours and reduced motion."""
        for theme in THEMES:
            with self.tab(forced_colors="active", color_scheme=theme, reduced_motion="reduce") as tab:
                for page in self.pages:
                    self.open(tab, page)
                    if theme == "light" and tab.evaluate(WHITE_ICONS):
                        self.report("forced colours", page, "white icon on white")
                    if tab.evaluate("document.getAnimations().length"):
                        self.report("reduced motion", page, "animation runs")
                    smooth = "getComputedStyle(document.documentElement).scrollBehavior !== 'auto'"
                    if tab.evaluate(smooth):
                        self.report("reduced motion", page, "smooth scrolling")

    def structure(self) -> None:
        titles: dict[str, str] = {}
        with self.tab() as tab:
            noise: list[str] = []
            requests: list[str] = []
            tab.on("console", lambda m: noise.append(m.text) if m.type in {"error", "warning"} else None)
            tab.on("pageerror", lambda e: noise.append(str(e)))
            tab.on("request", lambda r: requests.append(r.url))
            for page in self.pages:
                noise.clear()
                requests.clear()
                self.open(tab, page)
                for problem in tab.evaluate(STRUCTURE) + noise:
                    self.report("structure", page, problem)
                for url in requests:
                    if urlsplit(url).netloc not in {"", urlsplit(self.base).netloc}:
                        self.report("third party", page, url)
                title = tab.title()
                if title in titles:
                    self.report("structure", page, f"same title as {titles[title]}")
                titles[title] = page

    def print(self) -> None:
        """Black on white, even when the page is dark."""
        with self.tab(color_scheme="dark") as tab:
            tab.emulate_media(media="print")
            for page in self.pages:
                self.open(tab, page)
                colour = tab.evaluate("getComputedStyle(document.querySelector('h1')).color")
                if colour != "rgb(0, 0, 0)":
                    self.report("print", page, f"heading is {colour}")
