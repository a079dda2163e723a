"""A test client that checks each page it gets: valid HTML, a title, unique ids, labelled fields, no 500."""

import re
from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from learn.accounts.models import Person
from learn.core import sessions

WORDS = re.compile(r">[^<>&]*[^\s<>&][^<>&]*<")
VALUES = re.compile(r' (action|content|datetime|href|nonce|src|value)="[^"<>&]*"')
HTML = "{http://www.w3.org/1999/xhtml}"
FIELDS = {"input", "select", "textarea"}
CHECKED: set[int] = set()  # pages that differ only in words and values are checked once
NO_LABEL = {"hidden", "submit", "button", "image", "reset"}


class CheckingClient(FlaskClient):
    """`failing = True` lets a test look at 500 and 503 pages, `checking = False` asks for many pages fast."""

    failing = False
    checking = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        response = super().open(*args, **kwargs)
        if response.status_code >= 500 and not self.failing:
            raise AssertionError(f"{response.status} for {response.request.path}")
        redirect = 300 <= response.status_code < 400
        if self.checking and response.mimetype == "text/html" and response.data and not redirect:
            check_page(response.text, fragment=not response.text.startswith("<!doctype html>"))
        return response

    def submit(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """POST a form with a valid `csrf_token`."""
        return self.post(path, data={**(data or {}), "csrf_token": self.token()}, **options)

    def token(self) -> str:
        """A valid `csrf_token` of this browser."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", "0" * 40)
        secret = self.application.config["SECRET_KEY"]
        token = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(raw)
        return token if isinstance(token, str) else token.decode()


def sign_in(client: FlaskClient, person: Person, *, remember: bool = False) -> None:
    """Give the browser a session of this person, as if she had signed in just now."""
    database = client.application.extensions["learn.database"].current()
    with database.writing() as session:
        token = sessions.open_row(session, person.id, remember=remember, device="Test")
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.permanent = remember
        cookie[sessions.TOKEN] = token
        cookie[sessions.MINUTE] = sessions.this_minute()
        cookie[sessions.PERSON] = person.id


def check_page(text: str, *, fragment: bool = False) -> None:
    """Raise AssertionError where a page breaks the rules all pages share; parses what it has not seen yet."""
    outline = VALUES.sub(r' \1=""', WORDS.sub(">x<", text))
    seen = hash((outline, fragment))
    if seen not in CHECKED:
        check_outline(outline, fragment=fragment)
        CHECKED.add(seen)


def check_outline(text: str, *, fragment: bool) -> None:
    """The same of one whose words and values are gone, which these rules do not look at."""
    parser = html5lib.HTMLParser(strict=True)
    tree = parser.parseFragment(text) if fragment else parser.parse(text)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    ids = Counter(element.get("id") for element in elements if element.get("id"))
    doubled = [name for name, times in ids.items() if times > 1]
    assert not doubled, f"ids used twice: {doubled}"
    bare = unlabelled(tree, elements)
    assert not bare, f"fields without a label: {bare}"
    if not fragment:
        titles = ["".join(element.itertext()).strip() for element in named(elements, "title")]
        assert any(titles), "no title"
        assert len(named(elements, "h1")) == 1, "not exactly one h1"
        assert len(named(elements, "main")) == 1, "not exactly one main"


def named(elements: list[Element], name: str) -> list[Element]:
    return [element for element in elements if element.tag == HTML + name]


def unlabelled(tree: Element, elements: list[Element]) -> list[str]:
    """Names of fields whose purpose is nowhere in words."""
    labels = {label.get("for") for label in named(elements, "label")}
    inside = {id(field) for label in tree.iter(HTML + "label") for field in label.iter()}
    return [
        field.get("name") or field.tag
        for field in elements
        if field.tag.removeprefix(HTML) in FIELDS
        and field.get("type") not in NO_LABEL
        and not (field.get("aria-label") or field.get("aria-labelledby"))
        and field.get("id") not in labels
        and id(field) not in inside
    ]
