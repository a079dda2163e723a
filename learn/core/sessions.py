"""Sessions: a random token in Flask's signed cookie, one revocable row with its hash.

Reading writes nothing: the last minute of use stands in the cookie itself and is renewed with answers.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, Response, g
from flask import session as cookie
from flask_login import LoginManager, login_user
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core import clock
from learn.core.access import Actor
from learn.core.models import SignIn

DAYS = 30
IDLE_MINUTES = 12 * 60
RENEWED_AFTER = 5  # minutes; sooner the cookie stays as it is
TOKEN = "_user_id"  # noqa: S105 - where Flask-Login keeps the id, not a secret
MINUTE = "minute"
SINCE = "since"
PERSON = "person"
SHOWN = 25  # sessions in one's own list


@dataclass(frozen=True, slots=True)
class Visit:
    """What Flask-Login holds for a request: the token and whom it stands for."""

    token: str
    actor: Actor
    remember: bool
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.token


Loader = Callable[[str], tuple[Actor, bool] | None]  # hash of a token -> its actor, and `remember`


def settings(config: Config) -> dict[str, Any]:
    """Attributes of the cookie; `Secure` and the `__Host-` prefix with an https base URL only."""
    return {
        "SESSION_COOKIE_NAME": cookie_name("sitzung", config),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.https,
        "SESSION_COOKIE_PATH": "/",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=DAYS),
    }


def cookie_name(name: str, config: Config) -> str:
    """`__Host-` only where the browser accepts it."""
    return f"__Host-{name}" if config.https else name


def install(app: Flask, load: Loader) -> None:
    """Let Flask-Login find the visit by its token; its own remember cookie is never set."""
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]
    def visit(token: str) -> Visit | None:
        found = load(hashed(token))
        if found is None or not (found[1] or awake()):
            return None
        g.visit = Visit(token, *found)
        return g.visit  # type: ignore[no-any-return]


def hashed(token: str) -> str:
    """What the row keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def awake() -> bool:
    """Whether the minute of last use in the cookie lies less than 12 hours back."""
    minute = cookie.get(MINUTE)
    return isinstance(minute, int) and this_minute() - minute < IDLE_MINUTES


def this_minute() -> int:
    return int(clock.now().timestamp()) // 60


def open_row(session: Session, person_id: int, *, remember: bool, device: str) -> str:
    """Write the row of a new session and give its token."""
    today = clock.today()
    token = secrets.token_urlsafe(16)
    session.add(
        SignIn(
            token_hash=hashed(token),
            person_id=person_id,
            device=device,
            remember=remember,
            first_day=today,
            last_day=today + timedelta(days=DAYS),
        )
    )
    return token


def close_row(session: Session, session_id: int) -> None:
    """End one session at once."""
    session.execute(delete(SignIn).where(SignIn.id == session_id))


def close_rows(session: Session, person_id: int) -> None:
    """End all sessions of a person at once: disabled, new password, new role."""
    session.execute(delete(SignIn).where(SignIn.person_id == person_id))


def close_own(session: Session, person_id: int, session_id: int) -> bool:
    """End one of a person's own sessions at once; False if there is no such."""
    mine = (SignIn.id == session_id) & (SignIn.person_id == person_id)
    return session.execute(delete(SignIn).where(mine).returning(SignIn.id)).scalar() is not None


def close_others(session: Session, person_id: int, keep_session_id: int | None) -> None:
    """End all sessions of a person at once but the one she acts in."""
    others = delete(SignIn).where(SignIn.person_id == person_id)
    session.execute(others if keep_session_id is None else others.where(SignIn.id != keep_session_id))


def own_rows(session: Session, person_id: int, session_id: int | None) -> tuple[Sequence[SignIn], int]:
    """A person's sessions, this one first, then the newest; at most 25, and how many there are."""
    valid = (SignIn.person_id == person_id) & (SignIn.last_day >= clock.today())
    order = ((SignIn.id == session_id).desc(), SignIn.id.desc())
    rows = session.scalars(select(SignIn).where(valid).order_by(*order).limit(SHOWN)).all()
    count = select(func.count()).select_from(SignIn).where(valid)
    return rows, len(rows) if len(rows) < SHOWN else session.execute(count).scalar_one()


def begin(token: str, person_id: int, *, remember: bool) -> None:
    """Put a new session into a cookie that holds nothing older."""
    cookie.clear()
    cookie.permanent = remember
    login_user(Visit(token, Actor(person_id=person_id), remember))
    cookie.pop("_id", None)  # Flask-Login's fingerprint of address and browser: not wanted
    cookie[MINUTE] = cookie[SINCE] = this_minute()
    cookie[PERSON] = person_id


def end() -> None:
    """Empty the cookie; its row is deleted in the write transaction."""
    cookie.clear()
    g.pop("visit", None)


def former_person() -> int | None:
    """Whose session this browser last held, even after its end."""
    found = cookie.get(PERSON)
    return found if isinstance(found, int) else None


def remembered() -> bool:
    """Whether this session was opened to last 30 days."""
    return "visit" in g and bool(g.visit.remember)


def is_new(minutes: int) -> bool:
    """Whether this browser signed in less than so many minutes ago."""
    since = cookie.get(SINCE)
    return "visit" in g and isinstance(since, int) and this_minute() - since < minutes


def minutes_left() -> int | None:
    """For pages: after how many minutes without a request this session ends; None where it does not."""
    visit = g.get("visit")
    if visit is None or visit.remember:
        return None
    passed = this_minute() - cookie.get(MINUTE, 0)
    return IDLE_MINUTES - (passed if passed < RENEWED_AFTER else 0)  # as `renew` will have it


def keep_note(name: str, value: object) -> None:
    """Keep a short-lived note in the cookie: signed, not secret. Signing in and out ends all notes."""
    cookie[name] = [value, this_minute()]


def note(name: str, minutes: int) -> Any:
    """A note that was kept less than so many minutes ago, else None."""
    value, minute = cookie.get(name) or (None, 0)
    return value if this_minute() - minute < minutes else None


def drop_note(name: str) -> None:
    cookie.pop(name, None)


def renew(response: Response) -> Response:
    """After each request: note the minute of use; forget a token that no longer stands for anyone."""
    if "visit" in g:
        if this_minute() - cookie.get(MINUTE, 0) >= RENEWED_AFTER:
            cookie[MINUTE] = this_minute()
    elif "_login_user" in g and TOKEN in cookie and not g.get("_login_user").is_authenticated:
        cookie.pop(TOKEN)
    return response


BROWSERS = (("Firefox/", "Firefox"), ("Edg/", "Edge"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """A name people recognise, such as `Firefox, Windows`; no version, no fingerprint."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "Browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser}, {system}" if system else browser
