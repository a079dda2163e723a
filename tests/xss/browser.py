"""Many documents in Chromium at once, without any policy: which of them run something, and what is in them.

Each document lies in a frame of its own, served from this process. No host name leads anywhere else. What
runs is seen in two ways: functions that attacks call are watched, and a policy that only reports names every
inline script, handler, `javascript:` address and `eval`, whatever they do. Elements are used as people do.
"""

import contextlib
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WATCHED = "script-src 'none'"
SPY = """(() => {
  const place = () => {
    let w = window;
    for (let i = 0; i < 20; i++) {
      try {
        const m = /^\\/doc\\/(\\d+)$/.exec(w.location.pathname);
        if (m) return +m[1];
        if (w === w.parent) return -1;
        w = w.parent;
      } catch (e) { return -1; }
    }
    return -1;
  };
  const mine = place();
  const tell = what => {
    try { window.top.ran.push([mine, String(what).slice(0, 80)]); }
    catch (e) { console.debug('ran ' + mine + ' ' + what); }
  };
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'fetch', 'XSS', 'xss'])
    try { window[name] = () => { tell(name); return null; }; } catch (e) {}
  addEventListener('securitypolicyviolation', e => {
    if (!/\\/static\\//.test(e.blockedURI)) tell('policy ' + e.effectiveDirective + ' ' + e.blockedURI);
  }, true);
})();"""
TOP = """<!doctype html><title>bench</title><body><script>window.ran = [];</script>"""
LOAD = """async addresses => {
  const ready = addresses.map(address => new Promise(done => {
    const frame = document.createElement('iframe');
    frame.name = address;
    frame.width = 600; frame.height = 300;
    frame.onload = frame.onerror = done;
    frame.src = address;
    document.body.append(frame);
  }));
  await Promise.race([Promise.all(ready), new Promise(done => setTimeout(done, 8000))]);
}"""
# What a person does with a page, and what a browser does by itself later on.
USE = """async () => {
  const pause = ms => new Promise(done => setTimeout(done, ms));
  const bare = text => (text || '').replace(/[\\x00-\\x20]/g, '').toLowerCase();
  const hidden = text => /^(java|vb|live|mocha|data)[a-z]*:/.test(bare(text));
  const frames = [...document.querySelectorAll('iframe')];
  const inside = frame => { try { return frame.contentDocument; } catch (e) { return null; } };
  const each = act => {
    for (const frame of frames) {
      const doc = inside(frame);
      if (doc && doc.documentElement)
        for (const e of doc.querySelectorAll('*')) try { act(e, doc, frame); } catch (error) {}
    }
  };
  const kinds = {mouse: MouseEvent, click: MouseEvent, dblclick: MouseEvent, contextmenu: MouseEvent,
    auxclick: MouseEvent, key: KeyboardEvent, pointer: PointerEvent, focus: FocusEvent};
  const fire = (e, name) => {
    const kind = Object.entries(kinds).find(([start]) => name.startsWith(start));
    e.dispatchEvent(new (kind ? kind[1] : Event)(name, {bubbles: true, cancelable: name !== 'submit'}));
  };
  each(e => {
    for (const name of ['mouseover', 'mouseenter', 'pointerenter', 'focus', 'focusin', 'toggle'])
      if (e.hasAttribute('on' + name)) fire(e, name);
    for (const a of [...e.attributes])
      if (/^on/i.test(a.name)) fire(e, a.name.slice(2).toLowerCase());
    if (e.tagName === 'DETAILS') e.open = !e.open;
    if (e.tabIndex >= 0) e.focus && e.focus({preventScroll: true});
  });
  await pause(30);
  each((e, doc) => {
    const targets = ['href', 'xlink:href', 'action', 'formaction', 'to', 'from', 'values', 'data', 'src'];
    const named = targets.some(name => hidden(e.getAttribute(name)));
    const led = [e.href, e.action, e.formAction].some(to => typeof to === 'string' && hidden(to));
    if (!named && !led) return;
    const presses = 'button, input[type=submit], input[type=image]';
    const button = e.tagName === 'FORM' ? e.querySelector(presses) : e;
    if (e.tagName === 'FORM' && !button) HTMLFormElement.prototype.submit.call(e);
    (button || e).dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
    if (button && button.click) button.click();
    const link = e.closest('a');
    if (link && link !== e) link.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
  });
}"""
SEEN = """() => window.ran"""
# Elements and attributes of each document: outside what authors write, and inside of it.
AUDIT = """([prose]) => {
  const schemes = ['http:', 'https:', 'mailto:', 'tel:'], ids = /^([a-z0-9_-]+-)?(s|fn|fnref|tab)-\\S+$/;
  const leads = ['href', 'src', 'srcset', 'action', 'formaction', 'data', 'xlink:href', 'poster'];
  const audit = frame => {
    const found = {inside: {}, outside: {}, odd: []};
    let doc = null;
    try { doc = frame.contentDocument; } catch (e) {}
    if (!doc || !doc.documentElement || !/^\\/doc\\/\\d+$/.test(doc.location.pathname)) {
      found.odd.push('left');
      return found;
    }
    for (const e of doc.querySelectorAll('*')) {
      const name = e.tagName.toLowerCase();
      const place = e.parentElement && e.parentElement.closest(prose) ? found.inside : found.outside;
      place[name] = 1;
      if (place === found.inside) {
        if (e.id && !ids.test(e.id)) found.odd.push(name + ' id=' + e.id.slice(0, 60));
        for (const word of e.classList) place['.' + word] = 1;
      }
      for (const a of e.attributes) {
        place[name + ' ' + a.name] = 1;
        if (!leads.includes(a.name)) continue;
        let scheme = 'http:';
        try { scheme = new URL(a.value, doc.baseURI).protocol; } catch (error) {}
        if (!schemes.includes(scheme)) found.odd.push(name + ' ' + a.name + '=' + a.value.slice(0, 60));
      }
    }
    return found;
  };
  return [...document.querySelectorAll('body > iframe')].map(audit);
}"""


@dataclass(frozen=True)
class Seen:
    """What ran in a document, names of elements and attributes in it, and addresses that may not be."""

    ran: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    odd: tuple[str, ...] = ()


@dataclass
class _Shelf:
    """What the server in this process answers with."""

    docs: dict[str, bytes] = field(default_factory=dict)


def _handler(shelf: _Shelf) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = TOP.encode() if self.path == "/top" else shelf.docs.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if self.path != "/top":
                self.send_header("Content-Security-Policy-Report-Only", WATCHED)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


class _Lost(Exception):
    """The page that holds the frames was led elsewhere."""


class Bench:
    """Looks at documents, `batch` of them at a time."""

    def __init__(self, browser: Browser, server: ThreadingHTTPServer, shelf: _Shelf, batch: int = 40) -> None:
        self.browser, self.shelf, self.batch = browser, shelf, batch
        self.base = f"http://127.0.0.1:{server.server_address[1]}"
        self.context: BrowserContext | None = None
        self.number = 0

    def look(self, documents: Sequence[str], *, prose: str = ".sc-prose") -> list[Seen]:
        """Open and use the documents."""
        found: list[Seen] = []
        for start in range(0, len(documents), self.batch):
            found += self._batch(documents[start : start + self.batch], prose)
        return found

    def _batch(self, documents: Sequence[str], prose: str) -> list[Seen]:
        numbers = self._shelve(documents)
        try:
            return self._opened(numbers, prose)
        except (Error, _Lost):  # one of them led the whole page away
            self.renew()
        if len(documents) == 1:
            return [Seen(ran=frozenset({"took the page"}), odd=("left",))]
        half = len(documents) // 2
        return self._batch(documents[:half], prose) + self._batch(documents[half:], prose)

    def _shelve(self, documents: Sequence[str]) -> list[int]:
        self.shelf.docs.clear()
        numbers = []
        for document in documents:
            self.number += 1
            self.shelf.docs[f"/doc/{self.number}"] = document.encode("utf-8", "replace")
            numbers.append(self.number)
        return numbers

    def _opened(self, numbers: Sequence[int], prose: str) -> list[Seen]:
        page, said = self._page(), list[str]()
        page.on("console", lambda message: said.append(message.text))
        try:
            page.goto(f"{self.base}/top")
            page.evaluate(LOAD, [f"/doc/{number}" for number in numbers])
            page.wait_for_timeout(60)
            audits = page.evaluate(AUDIT, [prose])
            page.evaluate(USE)
            page.wait_for_timeout(120)
            ran = page.evaluate(SEEN)
            if ran is None or audits is None:
                raise _Lost
        finally:
            with contextlib.suppress(Error):
                page.close()
        told = [(int(line.split()[1]), line) for line in said if line.startswith("ran ")]
        return [
            Seen(
                ran=frozenset(what for where, what in [*map(tuple, ran), *told] if where == number),
                inside=frozenset(audit["inside"]),
                outside=frozenset(audit["outside"]),
                odd=tuple(audit["odd"]),
            )
            for number, audit in zip(numbers, audits, strict=True)
        ]

    def _page(self) -> Page:
        if self.context is None:
            self.context = self.browser.new_context(bypass_csp=False)
            self.context.add_init_script(SPY)
        page = self.context.new_page()
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.on("popup", lambda popup: popup.close())
        page.set_default_timeout(15_000)
        return page

    def renew(self) -> None:
        """Drop the browser context; the next page opens another."""
        if self.context is not None:
            with contextlib.suppress(Error):
                self.context.close()
        self.context = None


@contextlib.contextmanager
def bench(browser: Browser, batch: int = 40) -> Iterator[Bench]:
    """A bench with its server, in a browser that is already open."""
    shelf = _Shelf()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(shelf))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found = Bench(browser, server, shelf, batch)
    try:
        yield found
    finally:
        found.renew()
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of its own in which no host name leads anywhere."""
    arguments = [*QUIET, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield browser
        browser.close()


def document(body: str) -> str:
    """A page around a piece of HTML."""
    return (
        f'<!doctype html><html lang="de"><head><title>x</title></head><body><div>{body}</div></body></html>'
    )
