"""Links that lead outside: public addresses only, every step judged, whatever servers say, however slowly."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from learn.workshop import outside
from learn.workshop.outside import Answer, Endpoint, Refused, check, public, public_endpoint

HOST = "schule.example"
Page = Callable[[Request], Response]


class Site:
    """A web server on loopback that stands for `schule.example`; everything else is judged as always."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[str] = []

    def resolve(self, host: str, port: int) -> Endpoint:
        self.asked.append(host)
        return ("127.0.0.1", self.port) if host == HOST else public_endpoint(host, port)


@contextmanager
def serving(page: Page) -> Iterator[Site]:
    server = make_server("127.0.0.1", 0, Request.application(page))
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield Site(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def saying(speak: Callable[[socket.socket], None]) -> Iterator[Site]:
    """A server that says what it likes, byte by byte."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _address = listening.accept()
            except TimeoutError:
                continue
            with connection:
                connection.recv(4096)
                try:
                    speak(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield Site(listening.getsockname()[1])
    finally:
        over.set()
        thread.join()
        listening.close()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1"),
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "192.0.0.1"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1"),
        *("::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "2002:a00:1::1", "2001::1", "2001:db8::1"),
        *("", "schule.example", "127.1", "0x7f000001"),
    ],
)
def test_what_is_not_public_is_not_asked(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "185.60.216.35", "2a00:1450:4001::200e", "2620:fe::9"])
def test_public_addresses_are(address: str) -> None:
    assert public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("http://127.0.0.1/", "http://[::1]/", "http://10.0.0.1/", "http://[::ffff:127.0.0.1]/"),
        *(
            "http://169.254.169.254/latest/meta-data",
            "http://localhost/",
            "http://127.1/",
            "http://2130706433/",
        ),
        *("http://0x7f.1/", "http://0/", "https://192.168.0.1/", "http://[fd00::1]/"),
    ],
)
def test_internal_addresses_are_refused_however_written(address: str) -> None:
    assert check(address) == Answer("unklar", "Die Adresse führt in ein internes Netz.")


@pytest.mark.parametrize(
    "address",
    [
        *("file:///etc/passwd", "ftp://schule.example/", "gopher://schule.example/", "http:///x", "//x", ""),
        *("http://a@schule.example/", "http://schule.example:8080/", "https://schule.example:80/"),
        *(
            "http://schule.example/\r\nX: y",
            "http://schule.example\\@10.0.0.1/",
            "http://[::1/",
            "http://x:y/",
        ),
        *("http://schule.example/" + "a" * 2000,),
    ],
)
def test_other_schemes_ports_and_forms_are_refused(address: str) -> None:
    site = Site(9)
    assert check(address, site.resolve).note.startswith("Die Adresse")
    assert not site.asked


def test_a_page_that_answers_is_good_and_learns_nothing_of_us() -> None:
    seen = []

    def page(request: Request) -> Response:
        seen.append((request.method, request.host, dict(request.headers)))
        return Response("ja", headers={"Set-Cookie": "spur=1"})

    with serving(page) as site:
        assert check(f"http://{HOST}/a?b=c#d", site.resolve) == Answer("gut")
        assert check(f"http://{HOST}/Köln?ort=Ölberg", site.resolve) == Answer("gut")
    method, host, headers = seen[0]
    assert (method, host) == ("HEAD", HOST)
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert "Cookie" not in seen[1][2]


def test_a_name_is_asked_once_for_each_request() -> None:
    with serving(lambda _request: Response("ja")) as site:
        check(f"http://{HOST}/", site.resolve)
        assert site.asked == [HOST]


def test_servers_that_refuse_head_are_asked_again() -> None:
    def page(request: Request) -> Response:
        return Response(status=405 if request.method == "HEAD" else 200)

    with serving(page) as site:
        assert check(f"http://{HOST}/", site.resolve) == Answer("gut")


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (404, Answer("tot", "Diese Seite gibt es nicht mehr.")),
        (410, Answer("tot", "Diese Seite gibt es nicht mehr.")),
        (403, Answer("unklar", "Antwortet mit dem Status 403.")),
        (503, Answer("unklar", "Antwortet mit dem Status 503.")),
    ],
)
def test_what_a_status_means(status: int, answer: Answer) -> None:
    with serving(lambda _request: Response(status=status)) as site:
        assert check(f"http://{HOST}/", site.resolve) == answer


def test_lasting_redirects_say_where_a_page_is_now() -> None:
    def page(request: Request) -> Response:
        if request.path == "/neu":
            return Response("ja")
        return Response(status=302 if request.path == "/kurz" else 301, headers={"Location": "/neu"})

    with serving(page) as site:
        assert check(f"http://{HOST}/alt", site.resolve) == Answer("umgezogen", f"http://{HOST}/neu")
        assert check(f"http://{HOST}/kurz", site.resolve) == Answer("gut")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "http://schule.example:22/",
        "//10.0.0.1/x",
    ],
)
def test_redirects_are_judged_like_the_first_address(target: str) -> None:
    with serving(lambda _request: Response(status=302, headers={"Location": target})) as site:
        assert check(f"http://{HOST}/", site.resolve).note.startswith("Die Adresse")


def test_redirects_end() -> None:
    paths = []

    def page(request: Request) -> Response:
        paths.append(request.path)
        return Response(status=302, headers={"Location": f"{request.path}x"})

    with serving(page) as site:
        assert check(f"http://{HOST}/", site.resolve) == Answer("unklar", "Leitet zu oft weiter.")
    assert len(paths) == outside.HOPS + 1


def test_a_mixed_answer_of_the_name_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(0, 0, 0, "", ("8.8.8.8", 80)), (0, 0, 0, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: answers)
    with pytest.raises(Refused):
        public_endpoint("schule.example", 80)


def test_silence_and_drops_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "SECONDS", 0.1)
    monkeypatch.setattr(outside, "LONGEST_ANSWER", 0.3)

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 20")
        for _ in range(200):
            connection.sendall(b"0")
            time.sleep(0.02)

    for speak in (
        lambda _connection: time.sleep(0.3),
        drip,
        lambda connection: connection.sendall(b"\0" * 99),
    ):
        with saying(speak) as site:
            begun = time.monotonic()
            assert check(f"http://{HOST}/", site.resolve) == Answer(
                "unklar", "Antwortet nicht.", reached=False
            )
            assert time.monotonic() - begun < 3


def test_a_flood_is_not_read() -> None:
    sent = 0

    def flood(connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(10_000):
            connection.sendall(b"a" * 10_000)
            sent += 10_000

    with saying(flood) as site:
        assert check(f"http://{HOST}/", site.resolve) == Answer("gut")
    assert sent < 50_000_000


def test_https_needs_a_certificate() -> None:
    with saying(lambda connection: connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28")) as site:
        assert check(f"https://{HOST}/", site.resolve) == Answer("unklar", "Das Zertifikat stimmt nicht.")
