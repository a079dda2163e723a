"""A browser that writes: forms read from pages as people get them, sent back as browsers do."""

import re
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.client import HTML, CheckingClient

Values = MultiDict[str, str]


@dataclass
class Form:
    """A form of a page: where it goes and what it holds."""

    action: str
    values: Values = field(default_factory=MultiDict)

    def filled(self, **changed: Any) -> dict[str, Any]:
        """What a browser sends after these fields were changed; None takes a field away."""
        sent: dict[str, Any] = {name: self.values.getlist(name) for name in self.values}
        sent.update(changed)
        return {name: value for name, value in sent.items() if value is not None}


def form_of(answer: TestResponse, action: str) -> Form:
    """The form of a page with this action."""
    tree = html5lib.parse(answer.text)
    for form in tree.iter(f"{HTML}form"):
        if form.get("action") == action:
            found = Form(action)
            for element in form.iter():
                read(element, found)
            return found
    raise AssertionError(f"no form to {action}")


def read(element: Element, form: Form) -> None:
    """Add what this field sends when nobody touches it."""
    name, kind = element.get("name"), element.get("type", "text")
    if not name or element.tag == f"{HTML}button" or kind in {"submit", "file"}:
        return
    if element.tag == f"{HTML}textarea":
        form.values.add(name, (element.text or "").removeprefix("\n"))
    elif element.tag == f"{HTML}select":
        options = list(element.iter(f"{HTML}option"))
        chosen = [each for each in options if each.get("selected") is not None] or options[:1]
        form.values.add(name, chosen[0].get("value", "") if chosen else "")
    elif kind not in {"checkbox", "radio"} or element.get("checked") is not None:
        form.values.add(name, element.get("value", ""))


def words(answer: TestResponse) -> str:
    """The words of a page on one line."""
    main = re.search(r"<main.*</main>", answer.text, re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", main[0] if main else answer.text)
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ").split())


def send(client: CheckingClient, form: Form, path: str = "", **changed: Any) -> TestResponse:
    """Send a form with a fresh token."""
    return client.submit(path or form.action, form.filled(**changed))
