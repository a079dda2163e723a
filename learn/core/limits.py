"""Limits of size and of tries; tries are counted in the database, for all processes together."""

import hashlib
import hmac
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, request
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from learn.core import clock
from learn.core.db import writing
from learn.core.models import Throttle

MAX_BODY = 1024 * 1024
MAX_FIELDS = 1000
BODIES: dict[str, int] = {}  # endpoint -> bytes, where files may come; filled while modules are imported


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of one kind by one source in a window of so many seconds."""

    name: str
    tries: int
    seconds: int


class TooMany(Exception):
    """429; `wait` says after how many seconds the window ends."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"wait {wait} seconds")
        self.wait = wait


def spend(*counted: tuple[Limit, str]) -> None:
    """Count one try for each limit and source, in a transaction of its own. Raises TooMany.

    Refused tries count too: the rows are written before anything else happens.
    """
    with writing() as session:
        waits = [take(session, limit, source) for limit, source in counted]
    if any(waits):
        raise TooMany(max(waits))


def take(session: Session, limit: Limit, source: str) -> int:
    """Count one try; 0 while there are tries left, else the seconds to wait."""
    tries, until = count(session, limit, source, current_app.config["SECRET_KEY"])
    return max(1, int((until - clock.now()).total_seconds()) + 1) if tries > limit.tries else 0


def give_back(session: Session, *counted: tuple[Limit, str]) -> None:
    """Take back one try, where only failures should add up: not more than was spent."""
    for limit, source in counted:
        key, _until = window(limit, source, current_app.config["SECRET_KEY"])
        session.execute(
            update(Throttle).where(Throttle.key == key, Throttle.tries > 0).values(tries=Throttle.tries - 1)
        )


def count(session: Session, limit: Limit, source: str, secret: str) -> tuple[int, datetime]:
    """Add one try; give the number of tries in this window and its end. One statement decides races."""
    key, until = window(limit, source, secret)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Throttle).values(key=key, tries=1, until=until)
    raised = statement.on_conflict_do_update(
        index_elements=[Throttle.key], set_={"tries": Throttle.tries + 1}
    ).returning(Throttle.tries)
    return session.execute(raised).scalar_one(), until


def window(limit: Limit, source: str, secret: str) -> tuple[str, datetime]:
    """The key of the row that counts now, and when it ends."""
    number = int(clock.now().timestamp()) // limit.seconds
    until = datetime.fromtimestamp((number + 1) * limit.seconds, UTC)
    return keyed(f"{limit.name}|{number}|{source}", secret), until


def keyed(text: str, secret: str) -> str:
    """A hash under a key that changes daily, so that it names nobody the day after."""
    key = f"{secret}|{clock.today().isoformat()}".encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def keyed_name(name: str) -> str:
    """A short hash of a name typed at sign-in, for the log; another one tomorrow."""
    return keyed(f"name|{name.strip().casefold()}", current_app.config["SECRET_KEY"])[:16]


def source() -> str:
    """Where the request comes from: its address, of IPv6 the network that one household has."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def check_size() -> None:
    """Before each request: 413 for a body or a number of fields beyond the caps, before parsing."""
    if request.environ.get("QUERY_STRING", "").count("&") > MAX_FIELDS:
        raise RequestEntityTooLarge
    if request.content_length is None:
        return
    request.max_content_length = BODIES.get(request.endpoint or "", MAX_BODY)
    request.max_form_memory_size = min(request.max_content_length, 2 * MAX_BODY)  # of its texts
    if request.content_length > request.max_content_length:
        raise RequestEntityTooLarge
    if request.mimetype == "application/x-www-form-urlencoded":
        if request.content_length > request.max_form_memory_size:  # holds no file that could wait on disk
            raise RequestEntityTooLarge
        body = request.get_data(cache=True, parse_form_data=False)
        if body.count(b"&") > MAX_FIELDS:
            raise RequestEntityTooLarge


def check_text() -> None:
    """Before each request: 400 for the character NUL, which no PostgreSQL text can hold."""
    environ = request.environ
    raw = environ.get("QUERY_STRING", "") + environ.get("HTTP_REFERER", "")
    if "%00" in raw or "\x00" in environ.get("PATH_INFO", "") or any("\x00" in text for text in sent_texts()):
        raise BadRequest


def sent_texts() -> Iterator[str]:
    """Names and values of a form; nothing is parsed where nothing was sent."""
    if request.content_length:
        for name, text in request.form.items(multi=True):
            yield name
            yield text
