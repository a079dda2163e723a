"""Limits of what we ask of providers, against servers that stay silent, drip, flood, redirect and lie."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from learn.accounts.oidc import Failed, discovery, http
from tests.accounts import idp as helpers
from tests.accounts.idp import Idp, as_json, refused, running, serving, signed_in

pytestmark = helpers.IGNORED
DOCUMENT = "/.well-known/openid-configuration"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    helpers.forget()
    yield
    helpers.forget()
    http.adapter.cache_clear()


@pytest.fixture
def idp() -> Iterator[Idp]:
    with running() as started:
        yield started


SLOW, EARLY = 3, 2.5  # seconds: what is waited for, and when we must have given up, on a busy machine too


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> float:
    """Five seconds take 0.3."""
    monkeypatch.setattr(http, "SECONDS", 0.3)
    monkeypatch.setattr(http, "PATIENCE", 0.05)
    return 0.3


def took(call: Callable[[], object]) -> float:
    begun = time.monotonic()
    call()
    return time.monotonic() - begun


@contextmanager
def raw(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that says what it likes, byte by byte."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    over = threading.Event()

    def accept() -> None:
        while not over.is_set():
            try:
                caller, _address = listening.accept()
            except TimeoutError:
                continue
            with caller:
                caller.settimeout(SLOW)
                try:
                    speak(caller)
                except OSError:
                    continue

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        thread.join()
        listening.close()


def fetched(address: str) -> str:
    """The reason why nothing comes from there."""
    with pytest.raises(Failed) as problem:
        http.json_at(f"{address}/x", local=True)
    return problem.value.reason


# Time


@pytest.mark.parametrize("path", [DOCUMENT, "/keys", "/token"])
def test_a_slow_answer_ends_after_its_time(idp: Idp, soon: float, path: str) -> None:
    idp.answers[path] = helpers.slowly(SLOW)
    assert took(lambda: refused(idp)) < EARLY
    helpers.forget()
    assert refused(idp) == "silent"


def drip_head(caller: socket.socket) -> None:
    for _ in range(20 * SLOW):
        caller.sendall(b"H")
        time.sleep(0.05)


def drip_body(caller: socket.socket) -> None:
    caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
    for _ in range(20 * SLOW):
        caller.sendall(b" ")
        time.sleep(0.05)


def say_nothing(caller: socket.socket) -> None:
    while caller.recv(1000):
        pass


@pytest.mark.parametrize("speak", [drip_head, drip_body, say_nothing])
def test_dripping_does_not_buy_time(soon: float, speak: Callable[[socket.socket], None]) -> None:
    """Each byte comes in time; the whole does not."""
    with raw(speak) as address:
        begun = time.monotonic()
        assert fetched(address) == "silent"
        assert time.monotonic() - begun < EARLY


def test_a_name_that_takes_its_time_too(soon: float, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_arguments: Any, **_options: Any) -> list[Any]:
        time.sleep(SLOW)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert took(lambda: fetched("http://localhost:1")) < EARLY


def test_a_silent_host_is_left_alone_and_no_other(idp: Idp, soon: float) -> None:
    idp.answers[DOCUMENT] = helpers.slowly(SLOW)
    assert refused(idp) == "silent"
    asked = len(idp.asked)
    assert took(lambda: refused(idp)) < EARLY
    assert len(idp.asked) == asked
    with running() as other:
        assert signed_in(other)["sub"] == "jana"
    idp.answers.clear()
    http.resting.clear()
    assert signed_in(idp)["sub"] == "jana"


def test_one_host_takes_two_threads_at_most(idp: Idp, soon: float) -> None:
    idp.answers[DOCUMENT] = helpers.slowly(0.6)
    reasons: list[str] = []
    callers = [threading.Thread(target=lambda: reasons.append(refused(idp))) for _ in range(6)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(set(reasons)) == ["busy", "silent"]
    assert len(idp.asked) == http.AT_ONCE


def test_a_third_waits_for_a_place(idp: Idp) -> None:
    """Three people of one town at once are no attack."""

    def slow(_request: Request) -> Response:
        time.sleep(0.2)
        return as_json(idp.document())

    idp.answers[DOCUMENT] = slow
    found: list[Any] = []
    callers = [
        threading.Thread(target=lambda: found.append(discovery.read_metadata(idp.client()))) for _ in range(3)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(found) == 3


def test_the_limits_are_those_that_were_promised() -> None:
    assert (http.SECONDS, http.LONGEST, http.AT_ONCE) == (5.0, 1024 * 1024, 2)


# Size and form


def test_a_huge_answer_is_not_read_to_its_end(idp: Idp) -> None:
    sent = []

    def flood(_request: Request) -> Response:
        def parts() -> Iterator[bytes]:
            for number in range(500):
                sent.append(number)
                yield b" " * 64 * 1024

        return Response(parts())

    idp.answers[DOCUMENT] = flood
    assert refused(idp) == "large"
    assert len(sent) < 200


def test_one_megabyte_still_fits(idp: Idp) -> None:
    idp.metadata = {"filler": "x" * 1_000_000}
    assert signed_in(idp)["sub"] == "jana"
    helpers.forget()
    idp.metadata = {"filler": "x" * 1_100_000}
    assert refused(idp) == "large"


def test_packed_answers_are_refused(idp: Idp) -> None:
    packed = gzip.compress(b"{" + b" " * 50_000_000)
    assert len(packed) < http.LONGEST
    idp.answers[DOCUMENT] = lambda _request: Response(packed, headers={"Content-Encoding": "gzip"})
    assert refused(idp) == "answer"


@pytest.mark.parametrize(
    ("content", "deep"),
    [
        (b"[" * 50, False),
        (b"[" * 51, True),
        (b'{"a":' * 51, True),
        (b"[]" * 1000, False),
        (b'{"a": "' + b"[" * 1000 + b'"}', False),
        (b'{"a": "\\"' + b"[" * 1000 + b'"}', False),
        (b'"' + b"[" * 1000, False),
        (b'"x\\' + b"[" * 1000, False),
        (b'"\\\\"' + b"[" * 1000, True),
        (b'["' + b'\\"' * 300_000, False),
        (b"\xff\xfe[", False),
    ],
)
def test_depth_is_counted_in_one_pass(content: bytes, deep: bool) -> None:
    assert http.too_deep(content) is deep
    assert took(lambda: http.too_deep(content)) < 0.5


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "http://169.254.169.254/latest/meta-data", "/elsewhere", "//x", ""],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(idp: Idp, status: int, target: str) -> None:
    idp.answers[DOCUMENT] = lambda _request: Response("", status, {"Location": target})
    assert refused(idp) == "redirect"
    assert idp.asked == [DOCUMENT]


@pytest.mark.parametrize("path", ["/token", "/keys"])
def test_not_even_by_the_token_endpoint(idp: Idp, path: str) -> None:
    idp.answers[path] = lambda _request: Response("", 307, {"Location": f"{idp.issuer}/elsewhere"})
    assert refused(idp) == "redirect"
    assert "/elsewhere" not in idp.asked


@pytest.mark.parametrize("status", [204, 400, 404, 500])
def test_another_status_is_no_document(idp: Idp, status: int) -> None:
    idp.answers[DOCUMENT] = lambda _request: as_json(idp.document(), status)
    assert refused(idp) == "status"


def garbage(caller: socket.socket) -> None:
    caller.recv(100)
    caller.sendall(b"\x16\x03\x01 this is no HTTP\r\n\r\n")


def hang_up(caller: socket.socket) -> None:
    caller.recv(100)


def half(caller: socket.socket) -> None:
    caller.recv(100)
    caller.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"issuer":')


@pytest.mark.parametrize("speak", [garbage, hang_up, half])
def test_broken_answers_are_no_answers(speak: Callable[[socket.socket], None]) -> None:
    with raw(speak) as address:
        assert fetched(address) == "unreachable"


def test_a_closed_port_is_said_so() -> None:
    with serving(lambda *_request: []) as address:
        pass
    assert fetched(address) == "unreachable"


# The environment


def test_no_proxy_and_no_password_come_from_the_environment(
    idp: Idp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def document(request: Request) -> Response:
        seen.append(request.authorization)
        return as_json(idp.document())

    idp.answers[DOCUMENT] = document
    (tmp_path / "netrc").write_text("machine localhost login a password b\n")
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none"))
    assert signed_in(idp)["sub"] == "jana"
    assert seen == [None]


def test_what_is_kept_has_an_end(idp: Idp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "MOST_KEPT", 3)
    for number in range(10):
        us = idp.client(issuer=f"{idp.issuer}/{number}")
        discovery.remembered("metadata", us, lambda: "something", fresh=False)
        assert len(discovery.kept) <= 3
    monkeypatch.setattr(discovery, "MINUTES_KEPT", 0)
    signed_in(idp)
    assert idp.asked.count(DOCUMENT) > 1
