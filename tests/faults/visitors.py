"""People with a browser, reduced to what the faults need: sign in, begin, complete, over plain HTTP."""

import http.client
import re
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@dataclass
class Browser:
    """Cookies and a form token. Every call opens a connection of its own, as after a crash."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def get(self, path: str) -> tuple[int, str]:
        return self._send("GET", path, None)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        return self._send("POST", path, urlencode({"csrf_token": self.token, **fields}))

    def sign_in(self, email: str, password: str) -> None:
        self._learn_token("/anmelden")
        status, _page = self.post("/anmelden", email=email, password=password)
        assert status == 303, status
        self._learn_token("/konto/darstellung")

    def complete(self, course: str, lesson: str, request_id: str = "", event: str = "abschliessen") -> int:
        fields = {"request_id": request_id or uuid.uuid4().hex, "edition": "1"}
        return self.post(f"/kurse/{course}/{lesson}/{event}", **fields)[0]

    def _learn_token(self, path: str) -> None:
        found = TOKEN.search(self.get(path)[1])
        assert found is not None, path
        self.token = found[1]

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
