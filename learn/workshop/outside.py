"""Asking an address outside whether it still answers: public addresses only, and never more than asked for.

An author names the address, so it is hostile until proven otherwise. Every step of a redirect is judged like
the first: http and https on their usual ports; all addresses the name stands for must be public, and the
connection goes to the one that was judged, so that a name cannot change its mind in between. No cookies, no
proxy, nothing from the environment; a watchdog closes what drips.
"""

import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Timer
from typing import Literal
from urllib.parse import SplitResult, quote, urljoin, urlsplit

State = Literal["gut", "tot", "umgezogen", "unklar"]
Endpoint = tuple[str, int]  # IP address and port
Resolve = Callable[[str, int], Endpoint]
PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LASTING = frozenset({301, 308})
GONE = frozenset({404, 410})
HOPS = 5
SECONDS = 5.0  # of silence
LONGEST_ANSWER = 15.0  # seconds for one request with all its drops
READ = 1024  # bytes of a page: enough to know that there is one
HEADERS = {
    "User-Agent": "Smart-Cities-Schule (prueft Links)",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
SAFE = "/%:@!$&'()*+,;=~-._?"  # in a path; anything else is written as UTF-8 in hexadecimal
UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
LONGEST = 2000  # characters
EMBEDDING = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


class Refused(Exception):
    """We do not go there; `str()` says why in a few German words."""


class Unknown(Exception):
    """The name stands for nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an address. `note`: a few German words, or where it has moved to.

    `reached`: some server said something, so our own network is there.
    """

    state: State
    note: str = ""
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and where it leads, empty for what is no redirect."""

    status: int
    location: str = ""


def public(text: str) -> bool:
    """Whether an IP address may be asked: reachable from everywhere, and nothing else hidden in it."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        hidden = address.ipv4_mapped is not None or any(address in network for network in EMBEDDING)
        if hidden or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def public_endpoint(host: str, port: int) -> Endpoint:
    """Where to connect to for a name. Raises Refused where one of its addresses is not public, Unknown."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unknown from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise Unknown
    if not all(map(public, addresses)):
        raise Refused("führt in ein internes Netz")
    return addresses[0], port


def check(address: str, resolve: Resolve = public_endpoint) -> Answer:
    """Ask an address, HEAD first, then GET; `resolve` decides where its names lead. Raises nothing."""
    try:
        return _followed(address, resolve)
    except Unknown:
        return Answer("tot", "Diesen Namen gibt es nicht.", reached=False)
    except Refused as problem:
        return Answer("unklar", f"Die Adresse {problem}.")
    except ssl.SSLError:
        return Answer("unklar", "Das Zertifikat stimmt nicht.")
    except (OSError, HTTPException, ValueError):
        return Answer("unklar", "Antwortet nicht.", reached=False)


def _followed(address: str, resolve: Resolve) -> Answer:
    here, lasting = address.partition("#")[0], True
    for _hop in range(HOPS + 1):
        reply = _asked(here, resolve)
        if reply.status not in REDIRECTS or not reply.location:
            return _judged(reply.status, address, here, lasting=lasting)
        lasting = lasting and reply.status in LASTING
        here = urljoin(here, reply.location).partition("#")[0]
    return Answer("unklar", "Leitet zu oft weiter.")


def _judged(status: int, address: str, here: str, *, lasting: bool) -> Answer:
    if 200 <= status < 300:
        moved = lasting and here != address.partition("#")[0]
        return Answer("umgezogen", here[:200]) if moved else Answer("gut")
    if status in GONE:
        return Answer("tot", "Diese Seite gibt es nicht mehr.")
    return Answer("unklar", f"Antwortet mit dem Status {status}.")


def _asked(address: str, resolve: Resolve) -> Reply:
    """HEAD; servers that refuse it, or do not know it, get GET."""
    with suppress(OSError, HTTPException):
        reply = _exchange(address, "HEAD", resolve)
        if reply.status < 400:
            return reply
    return _exchange(address, "GET", resolve)


def _exchange(address: str, method: str, resolve: Resolve) -> Reply:
    parts = _parsed(address)
    host = _host(parts)
    target = quote(parts.path or "/", safe=SAFE) + (
        f"?{quote(parts.query, safe=SAFE)}" if parts.query else ""
    )
    endpoint = resolve(host, PORTS[parts.scheme])
    with _connected(endpoint, host, secure=parts.scheme == "https") as connection:
        connection.request(method, target, headers={"Host": _bracketed(host), **HEADERS})
        with closing(connection.getresponse()) as response:
            return _read(response)


def _read(response: HTTPResponse) -> Reply:
    location = response.getheader("Location", "") if response.status in REDIRECTS else ""
    if not location:
        response.read(READ)
    return Reply(response.status, location.encode("latin-1").decode("utf-8", "replace"))


def _host(parts: SplitResult) -> str:
    """The name as it is looked up. Raises Refused."""
    try:
        return (parts.hostname or "").encode("idna").decode()
    except UnicodeError:
        raise Refused("ist nicht lesbar") from None


def _parsed(address: str) -> SplitResult:
    """The parts of an address we may ask. Raises Refused."""
    if len(address) > LONGEST or UNSAFE.search(address):
        raise Refused("ist nicht lesbar")
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise Refused("ist nicht lesbar") from None
    if parts.scheme not in PORTS or not host or "@" in parts.netloc:
        raise Refused("führt nicht ins Web")
    if port not in (None, PORTS[parts.scheme]):
        raise Refused("nennt einen ungewöhnlichen Port")
    return parts


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@contextmanager
def _connected(endpoint: Endpoint, host: str, *, secure: bool) -> Iterator[HTTPConnection]:
    """A connection to this very endpoint, closed after a while whatever the other side does."""
    connection = HTTPConnection(_bracketed(host))
    connection.sock = sock = socket.create_connection(endpoint, timeout=SECONDS)
    if secure:  # the handshake waits for the watchdog
        wrapped = _trusted().wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
        connection.sock = sock = wrapped
    watchdog = Timer(LONGEST_ANSWER, _shut, [sock])
    watchdog.daemon = True
    watchdog.start()
    try:
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        yield connection
    finally:
        watchdog.cancel()
        connection.close()
        sock.close()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


@cache
def _trusted() -> ssl.SSLContext:
    """What the system trusts."""
    return ssl.create_default_context()
