"""HTTP to providers: TLS, five seconds, one megabyte, no redirects, nothing from the environment.

Whoever enters a provider is no more trusted than any other account: for a host that stays silent two
threads of a server wait five seconds and a third one two, then it is left alone for a while.
"""

import re
import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import closing
from functools import cache, partial
from io import BytesIO
from threading import BoundedSemaphore, Thread
from typing import Any, TypeVar

from requests import PreparedRequest, RequestException, Response, Session, Timeout
from requests.adapters import HTTPAdapter
from requests.exceptions import SSLError
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as SilentError

from learn.accounts.oidc import Failed
from learn.accounts.oidc.addresses import checked, host_of

SECONDS = 5.0
LONGEST = 1024 * 1024
AT_ONCE = 2
PATIENCE = 2.0  # seconds that one more waits for a place; the next are refused at once
REST = 15.0  # seconds a silent host is left alone
DEEPEST = 50  # levels of JSON; at a thousand Python's parser gives up, and finalisers with it
TEXT = re.compile(rb'"(?:[^"\\]|\\.)*\\?(?:"|\Z)', re.DOTALL)
NO_BRACKET = re.compile(rb"[^\[\]{}]+")
HEADERS = {
    "User-Agent": "Smart-Cities-Schule",
    "Accept": "application/json",
    "Accept-Encoding": "identity",  # what is counted is what is read
    "Connection": "close",  # a connection that died unnoticed would fail a sign-in
}
Configured = TypeVar("Configured", bound=Session)


class Places:
    """What may go on with one host: so many requests, and one that waits."""

    def __init__(self) -> None:
        self.running = BoundedSemaphore(AT_ONCE)
        self.present = BoundedSemaphore(AT_ONCE + 1)

    def take(self) -> bool:
        """Whether there is a place, perhaps after a while."""
        if not self.present.acquire(blocking=False):
            return False
        if self.running.acquire(timeout=PATIENCE):
            return True
        self.present.release()
        return False

    def give_back(self) -> None:
        self.running.release()
        self.present.release()


places: dict[str, Places] = {}
resting: dict[str, float] = {}


def prepared(session: Configured, *, local: bool) -> Configured:
    """A session under our rules: no proxy, no netrc, no certificate file from the environment."""
    session.trust_env = False
    session.headers.update(HEADERS)
    session.mount("https://", adapter(local=local))
    session.mount("http://", adapter(local=local))
    return session


def json_at(address: str, *, local: bool) -> Mapping[str, Any]:
    """The JSON object at an address. Raises Failed."""
    response = prepared(Session(), local=local).get(address, allow_redirects=False)
    if response.status_code != 200:
        raise Failed("status")
    return json_of(response)


def json_of(response: Response) -> Mapping[str, Any]:
    """The JSON object of an answer. Raises Failed."""
    try:
        found = response.json()
    except ValueError:
        raise Failed("answer") from None
    if not isinstance(found, dict):
        raise Failed("answer")
    return found


class Adapter(HTTPAdapter):
    """Sends one request under the limits; whatever a session is asked to do passes here."""

    def __init__(self, *, local: bool) -> None:
        self.local = local
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """Trust what the system trusts, beside the list that requests brings along."""
        super().init_poolmanager(
            connections, maxsize, block, ssl_context=ssl.create_default_context(), **options
        )

    def send(self, request: PreparedRequest, *_arguments: Any, **_options: Any) -> Response:
        """The whole answer, or Failed; what the caller says of time limits and certificates is nothing."""
        address = checked(request.url, local=self.local)
        return bounded(address, partial(self._exchange, request))

    def _exchange(self, request: PreparedRequest) -> Response:
        answer = super().send(request, stream=True, timeout=SECONDS, verify=True, proxies={})
        with closing(answer):
            content = body(answer)
        answer.raw = BytesIO(content)
        return answer


@cache
def adapter(*, local: bool) -> Adapter:
    """One for all sessions: reading the certificates takes a while."""
    return Adapter(local=local)


def body(answer: Response) -> bytes:
    """The content, counted while it is read. Raises Failed."""
    if 300 <= answer.status_code < 400:
        raise Failed("redirect")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise Failed("answer")
    read, end = bytearray(), time.monotonic() + SECONDS
    for piece in answer.raw.stream(16 * 1024, decode_content=False):
        read += piece
        if len(read) > LONGEST:
            raise Failed("large")
        if time.monotonic() > end:
            raise Failed("silent")
    if too_deep(bytes(read)):
        raise Failed("answer")
    return bytes(read)


def too_deep(content: bytes) -> bool:
    """Whether brackets outside of texts stand deeper in each other than any provider has reason to."""
    depth = 0
    for bracket in NO_BRACKET.sub(b"", TEXT.sub(b"", content)):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEEPEST:
            return True
    return False


def bounded(address: str, call: Callable[[], Response]) -> Response:
    """Do it in a thread of its own and wait five seconds at most, also for names and slow drops."""
    host = host_of(address)
    if resting.get(host, 0.0) > time.monotonic():
        raise Failed("silent")
    answer: Future[Response] = Future()
    start(host, call, answer)
    try:
        return answer.result(timeout=SECONDS)
    except Failed as problem:
        if problem.reason == "silent":
            resting[host] = time.monotonic() + REST
        raise
    except TimeoutError:
        resting[host] = time.monotonic() + REST
        raise Failed("silent") from None


def start(host: str, call: Callable[[], Response], answer: Future[Response]) -> None:
    """Begin a thread on one of the host's places. Raises Failed when there is none."""
    place = places.setdefault(host, Places())
    if not place.take():
        raise Failed("busy")

    def run() -> None:
        try:
            answer.set_result(call())
        except (RequestException, HTTPError, OSError, ValueError) as problem:
            answer.set_exception(Failed(reason(problem)))
        except BaseException as problem:  # noqa: BLE001 - handed to the thread that waits
            answer.set_exception(problem)
        finally:
            place.give_back()

    Thread(target=run, name="provider", daemon=True).start()


def reason(problem: Exception) -> str:
    """The word for what the libraries say."""
    if isinstance(problem, SSLError):
        return "certificate"
    return "silent" if isinstance(problem, Timeout | SilentError) else "unreachable"
