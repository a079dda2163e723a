"""A person with a browser that knows no scripts: cookies, links and forms over plain HTTP."""

import http.client
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

Fields = Mapping[str, str | list[str]]


@dataclass
class Form:
    """A form of a page: where it goes, and its fields as the page filled them."""

    action: str
    method: str
    fields: dict[str, str]
    buttons: list[str]


class Forms(HTMLParser):
    """Collects the forms of a page with their hidden and filled fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = values.get("method", "get").lower()
            self.forms.append(Form(values.get("action", ""), method, {}, []))
            self.open = True
        elif tag in {"input", "textarea"} and self.open and values.get("name") and sent(values):
            self.forms[-1].fields[values["name"]] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self.open = self.open and tag != "form"


def sent(values: dict[str, str]) -> bool:
    """Whether a browser sends the field as it stands."""
    return values.get("type") not in {"radio", "checkbox"} or "checked" in values


@dataclass
class Answer:
    """What came back; `url` is the address that answered."""

    status: int
    headers: dict[str, str]
    text: str
    url: str

    @property
    def location(self) -> str:
        return self.headers.get("location", "")

    def form(self, action_end: str) -> Form:
        """The form whose address ends so (a question mark and what follows does not count)."""
        reader = Forms()
        reader.feed(self.text)
        for form in reader.forms:
            if urlsplit(form.action).path.endswith(action_end):
                return form
        raise AssertionError(f"no form for {action_end} on {self.url}")

    def has_form(self, action_end: str) -> bool:
        try:
            return bool(self.form(action_end))
        except AssertionError:
            return False


class Stranger:
    """Keeps cookies and follows nothing by herself."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.host = urlsplit(base).netloc
        self.cookies: dict[str, str] = {}

    def request(self, method: str, path: str, body: str | None = None) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = self.base
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            self._keep(answer)
        finally:
            connection.close()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, text, path)

    def get(self, path: str) -> Answer:
        parts = urlsplit(urljoin(self.base, path))
        return self.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""))

    def follow(self, answer: Answer) -> Answer:
        assert answer.status in {301, 303}, (answer.status, answer.url)
        return self.get(answer.location)

    def post(self, path: str, fields: Fields) -> Answer:
        return self.request("POST", path, urlencode(fields, doseq=True))

    def send(self, form: Form, extra: Fields | None = None) -> Answer:
        """Press the form's button."""
        return self.post(form.action, {**form.fields, **(extra or {})})

    def sign_in(self, email: str, password: str) -> None:
        form = self.get("/anmelden").form("/anmelden")
        answer = self.send(form, {"email": email, "password": password})
        assert answer.status == 303, answer.text

    def complete(self, course: str, lesson: str) -> Answer:
        """Open the lesson and press „Abschließen und weiter“."""
        page = self.get(f"/kurse/{course}/{lesson}")
        return self.send(page.form(f"/{lesson}/abschliessen"))

    def done(self, course: str) -> list[str]:
        """Titles of the lessons that the course page calls finished."""
        found = re.findall(
            r'<li class="sc-task is-done">.*?<a href="[^"]*">(.*?)</a>',
            self.get(f"/kurse/{course}").text,
            re.DOTALL,
        )
        return [title.strip() for title in found]

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";", 1)[0].partition("=")
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)


def fresh_id() -> str:
    """A `request_id` nobody has used."""
    return uuid.uuid4().hex
