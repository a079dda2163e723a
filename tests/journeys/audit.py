"""Checks of rendered pages in Chromium: accessibility, reflow, keyboard, preferences, print."""

import gzip
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, BrowserContext, Page, Response

DESKTOP, PHONE = (1280, 900), (390, 844)
THEMES = ("light", "dark")
LOOKS: Any = (("light", DESKTOP), ("dark", PHONE))  # in which axe sees each page
HTML, REQUESTS, NODES = 15 * 1024, 16, 800  # budget of a page: ux.md section 10
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
ADDRESSES = re.compile(r'(?:value|href)="[^"]*"')
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

# Returns a line for each fault; text in its background's colour is filed as incomplete, not as a violation.
RUN_AXE = """([tags, inside]) => axe.run(document.querySelector(inside), {
  resultTypes: ['violations', 'incomplete'], runOnly: {type: 'tag', values: tags},
  rules: {'target-size': {enabled: true}}
}).then(found => [
  ...found.violations.map(r => `${r.id}: ${r.nodes.slice(0, 3).map(n => n.target[0]).join(', ')}`),
  ...found.incomplete.filter(r => JSON.stringify(r.nodes).includes('equalRatio'))
    .map(r => `text without contrast: ${r.nodes[0].target[0]}`),
])"""

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
    """Runs all checks on pages of one application; each is loaded twice, wide and light, narrow and dark.

    `state` is Playwright's storage state of a signed-in person, None for a visitor. `check` returns what is
    wrong, a line each.
    """

    def __init__(self, browser: Browser, base: str, state: Any = None) -> None:
        self.base = base
        self.axe = AXE_FILE_PATH.read_text(encoding="utf-8")
        self.findings: list[str] = []
        self.noise: list[str] = []
        self.requests: list[str] = []
        self.seen: set[str] = set()  # popovers
        self.contexts = [self._context(browser, state, *look) for look in LOOKS]
        self.wide, self.narrow = (context.new_page() for context in self.contexts)
        self._listen(self.wide)

    def _context(self, browser: Browser, state: Any, theme: Any, size: tuple[int, int]) -> BrowserContext:
        """The narrow one also takes style sheets of ours, so the policy is seen at work in the wide one."""
        return browser.new_context(
            base_url=self.base,
            viewport={"width": size[0], "height": size[1]},
            locale="de-DE",
            storage_state=state,
            color_scheme=theme,
            reduced_motion="reduce",
            bypass_csp=size == PHONE,
        )

    def _listen(self, tab: Page) -> None:
        tab.on("console", lambda m: self.noise.append(m.text) if m.type in {"error", "warning"} else None)
        tab.on("pageerror", lambda e: self.noise.append(str(e)))
        tab.on("request", lambda r: self.requests.append(r.url))

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def check(self, page: str, *, quiet: bool = True) -> list[str]:
        """Everything. `quiet`: the console has to be silent, which it is not about a page's own 404."""
        self.findings = []
        self.noise.clear()
        self.requests.clear()
        self.weigh(page, self.open(self.wide, page))
        self.structure(page, quiet=quiet)
        self.run_axe(self.wide, f"{page} (light, 1280 px)")
        self.walk(self.wide, f"{page} (1280 px)")
        self.preferences(page)
        self.print(page)
        self.open(self.narrow, page)
        self.run_axe(self.narrow, f"{page} (dark, 390 px)")
        self.walk(self.narrow, f"{page} (390 px)")
        self.targets(page)
        self.popovers(self.narrow, page)
        self.reflow(page)
        return self.findings

    def after(self, reach: Callable[[Page], None]) -> list[str]:
        """Axe on what an action leads to, such as a refused form."""
        self.findings = []
        for tab, (theme, size) in zip((self.wide, self.narrow), LOOKS, strict=True):
            reach(tab)
            self.run_axe(tab, f"{reach.__name__} ({theme}, {size[0]} px)")
        return self.findings

    def report(self, check: str, page: str, message: str) -> None:
        self.findings.append(f"{check}: {page}: {message}")

    def open(self, tab: Page, page: str) -> Response:
        answer = tab.goto(urljoin(self.base, page), wait_until="load")
        assert answer is not None
        return answer

    def weigh(self, page: str, answer: Response) -> None:
        """HTML with gzip, requests without media of authors, elements."""
        found = {
            "bytes of HTML": (len(gzip.compress(answer.body())), HTML),
            "requests": (sum("/medien/" not in url for url in self.requests), REQUESTS),
            "elements": (self.wide.evaluate("document.querySelectorAll('*').length"), NODES),
        }
        whole_course = page.endswith("/druck")  # as long as its lessons
        for name, (count, limit) in found.items():
            if count > limit and not whole_course:
                self.report("weight", page, f"{count} {name}")

    def run_axe(self, tab: Page, label: str, inside: str = "html") -> None:
        tab.wait_for_load_state()
        if not tab.evaluate("!!window.axe"):
            tab.evaluate(f"() => {{ {self.axe} }}")
        for problem in tab.evaluate(RUN_AXE, [AXE_TAGS, inside]):
            self.report("axe", label, problem)

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
            inside = ADDRESSES.sub("", tab.locator(":popover-open").evaluate("e => e.outerHTML"))
            if inside not in self.seen:  # the same on most pages
                self.run_axe(tab, f"{label}, popover", ":popover-open")
                self.seen.add(inside)
            tab.keyboard.press("Tab")
            if not tab.evaluate("!!document.activeElement.closest(':popover-open')"):
                self.report("popover", label, "first Tab does not go inside")
            tab.keyboard.press("Escape")
            if tab.evaluate("!!document.querySelector(':popover-open')"):
                self.report("popover", label, "Escape does not close")
            if not opener.evaluate("e => e === document.activeElement"):
                self.report("popover", label, "focus does not return")

    def reflow(self, page: str) -> None:
        """Nothing sticks out or is cut off in narrow windows and with large text."""
        for name, width, height, style in LAYOUTS:
            self.narrow.set_viewport_size({"width": width, "height": height})
            sheet = self.narrow.add_style_tag(content=style) if style else None
            for problem in self.narrow.evaluate(OVERFLOW):
                self.report(name, page, problem)
            if sheet:
                sheet.evaluate("e => e.remove()")
        self.narrow.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})

    def walk(self, tab: Page, label: str) -> None:
        """Tab to the end: each stop visible, uncovered, in document order."""
        first, last = None, -1
        in_order = tab.evaluate(FOCUSED) is None  # a page may start in its error summary
        for _ in range(1000):
            tab.keyboard.down("Tab")  # held down, it goes on at half the cost
            stop = tab.evaluate(FOCUSED)
            if stop is None or stop["index"] == first:
                tab.keyboard.up("Tab")
                return
            first = stop["index"] if first is None else first
            for quality in ("visible", "uncovered", "inside"):
                if not stop[quality]:
                    self.report("keyboard", label, f"not {quality}: {stop['name']}")
            if in_order and stop["index"] < last:
                self.report("keyboard", label, f"out of order: {stop['name']}")
            last = stop["index"]
        self.report("keyboard", label, "no end after 1,000 stops")

    def targets(self, page: str) -> None:
        for problem in self.narrow.evaluate(SMALL_TARGETS):
            self.report("target size", page, problem)

    def preferences(self, page: str) -> None:
        """Forced colours and reduced motion."""
        for theme in THEMES:
            self.wide.emulate_media(forced_colors="active", color_scheme=theme)  # type: ignore[arg-type]
            if theme == "light" and self.wide.evaluate(WHITE_ICONS):
                self.report("forced colours", page, "white icon on white")
            if self.wide.evaluate("document.getAnimations().length"):
                self.report("reduced motion", page, "animation runs")
            smooth = "getComputedStyle(document.documentElement).scrollBehavior !== 'auto'"
            if self.wide.evaluate(smooth):
                self.report("reduced motion", page, "smooth scrolling")
        self.wide.emulate_media(forced_colors="none", color_scheme="light")

    def structure(self, page: str, *, quiet: bool) -> None:
        for problem in self.wide.evaluate(STRUCTURE) + (self.noise if quiet else []):
            self.report("structure", page, problem)
        for url in self.requests:
            if urlsplit(url).netloc not in {"", urlsplit(self.base).netloc}:
                self.report("third party", page, url)

    def print(self, page: str) -> None:
        """Black on white, even when the page is dark."""
        self.wide.emulate_media(media="print", color_scheme="dark")
        colour = self.wide.evaluate("getComputedStyle(document.querySelector('h1')).color")
        if colour != "rgb(0, 0, 0)":
            self.report("print", page, f"heading is {colour}")
        self.wide.emulate_media(media="screen", color_scheme="light")

    def same_titles(self, pages: Iterable[str]) -> list[str]:
        """Pages that bear the title of another."""
        found: dict[str, str] = {}
        twice = []
        for page in pages:
            answer = self.contexts[0].request.get(urljoin(self.base, page))
            title = TITLE.search(answer.text())
            assert title is not None, page
            if title[1] in found:
                twice.append(f"{page}: same title as {found[title[1]]}")
            found[title[1]] = page
        return twice
