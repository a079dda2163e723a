"""Forms: the token check before each write, and texts that survive the end of a session."""

import json
from dataclasses import dataclass
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import select
from werkzeug.exceptions import BadRequest

from learn.core import clock, hosts, sessions
from learn.core.access import NotSignedIn, actor
from learn.core.db import SAFE_METHODS, session, writing
from learn.core.limits import Limit, TooMany, source, spend
from learn.core.models import RescuedForm
from learn.core.web import RULES, way_back

SECRET = ("csrf_token", "password", "code", "credential")  # names of fields that are never kept begin so
COOKIE = "entwurf"
HOURS = 24
MAX_KEPT = 64 * 1024
TECHNICAL = frozenset(
    {
        "an",
        "attempt",
        "attribution",
        "base_revision",
        "cohort",
        "device",
        "edition",
        "entwurf",
        "exercise",
        "heading",
        "key",
        "lesson",
        "level",
        "number",
        "pass",
        "phase",
        "plan",
        "press",
        "question",
        "remember",
        "request_id",
        "save",
        "sequence",
        "step",
        "topic",
        "verdict",
        "version",
        "visibility",
        "ways",
        "weekday",
        "weiter",
    }
)
RESCUES = Limit("rescue", tries=30, seconds=3600)
csrf = CSRFProtect()
BY_LINK: set[str] = set()  # endpoints whose signed address stands for session and token (RFC 8058)


class Stale(Exception):
    """A form of our own without a valid token: 422 with the form and its text."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent: its address, the page it stood on, its fields in order."""

    action: str
    page: str
    fields: tuple[tuple[str, str], ...]
    person: int | None = None
    password: bool = False  # there was one; it is not kept

    def is_text(self, name: str) -> bool:
        """Whether a field holds what somebody wrote; the others travel along unseen."""
        if name == "answer":  # of a question, unless a self-check sends its version along
            return all(other != "version" for other, _text in self.fields)
        return name not in TECHNICAL and not name.startswith("answer-")

    @property
    def texts(self) -> int:
        """How many fields hold a text."""
        return sum(bool(text.strip()) for name, text in self.fields if self.is_text(name))


def install(app: Flask) -> None:
    csrf.init_app(app)
    app.before_request(check_token)
    app.after_request(forget_sent)


def check_token() -> None:
    """Before each write: 400 without a valid token or from a foreign origin, Stale from our own."""
    if request.method in SAFE_METHODS or request.endpoint is None or request.endpoint in BY_LINK:
        return
    own = hosts.own_origin()
    if own is False:
        raise BadRequest
    try:
        csrf.protect()
    except CSRFError:
        if not own:
            raise
        rule = RULES.get(request.endpoint)
        if rule is not None and not actor().signed_in and not rule(actor()):
            raise NotSignedIn from None
        raise Stale from None


def sent() -> Kept:
    """The form of this request, without secrets."""
    fields = tuple(
        (name, text) for name, text in request.form.items(multi=True) if not name.startswith(SECRET)
    )
    return Kept(request.path, way_back(), fields, sessions.former_person(), "password" in request.form)


def carries_text() -> bool:
    """Whether this request is a form with text that should not be lost."""
    return request.method == "POST" and sent().texts > 0


def rescue(response: Response) -> Response:
    """Keep the form of a request whose session has ended; its key goes into a cookie.

    Only from our own origin, which a valid token proves as well as the header does.
    """
    proven = hosts.own_origin() or g.get("csrf_valid", False)
    form = sent()
    plain = json.dumps([form.action, form.page, form.fields, form.person]).encode()
    if not proven or len(plain) > MAX_KEPT:
        return response
    try:
        spend((RESCUES, source()))
    except TooMany:
        return response
    key = Fernet.generate_key().decode()
    now = clock.now()
    with writing() as db:
        row = RescuedForm(
            key_hash=sessions.hashed(key),
            sealed=Fernet(key).encrypt(plain).decode(),
            until=now + timedelta(hours=HOURS),
        )
        db.add(row)
    set_cookie(response, COOKIE, key, HOURS * 3600)
    return response


def holds_rescued() -> bool:
    """Whether this browser holds the key of a kept form."""
    return cookie_name(COOKIE) in request.cookies


def rescued() -> Kept | None:
    """The kept form that belongs to this page, if this browser holds its key and it is this person's."""
    kept = None if g.get("claimed") else opened()
    return kept if kept is not None and kept.page.partition("?")[0] == request.path else None


def claim(*actions: str) -> Kept | None:
    """The kept form with one of these addresses, for a view that fills its own form with it.

    Its page may bear another address by now: a question that was given another title. The frame then
    shows it no second time.
    """
    kept = None if g.get("claimed") else opened()
    if kept is None or kept.action not in actions:
        return None
    g.claimed = True
    return kept


def opened() -> Kept | None:
    """The kept form of this browser and person; a statement only where there is a key."""
    key = request.cookies.get(cookie_name(COOKIE))
    if not key or not actor().signed_in:
        return None
    statement = select(RescuedForm.sealed).where(
        RescuedForm.key_hash == sessions.hashed(key), RescuedForm.until > clock.now()
    )
    sealed = session().scalar(statement)
    plain = unseal(sealed, key) if sealed else None
    if plain is None:
        return None
    action, page, fields, person = json.loads(plain)
    if person not in {None, actor().person_id}:
        return None
    return Kept(action, page, tuple((name, text) for name, text in fields), person)


def forget_sent(response: Response) -> Response:
    """After a kept form was sent again, the browser forgets its key; nobody can read the row then."""
    if request.method == "POST" and holds_rescued() and response.status_code in {200, 303}:
        kept = opened()
        if kept is not None and kept.action in {request.path, g.get("settled")}:
            set_cookie(response, COOKIE, "", 0)
    return response


def settled(action: str) -> None:
    """Say that a kept form with this address is stored now, though another one was sent: it is forgotten."""
    g.settled = action


def cookie_name(name: str) -> str:
    return sessions.cookie_name(name, current_app.extensions["learn.config"])


def set_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    """A cookie of ours: not for scripts, not for other sites, by TLS only where there is TLS."""
    secure = current_app.extensions["learn.config"].https
    response.set_cookie(
        cookie_name(name), value, max_age=seconds, httponly=True, samesite="Lax", path="/", secure=secure
    )


def unseal(sealed: str, key: str) -> bytes | None:
    """What was sealed under this key; None when it was not."""
    try:
        return Fernet(key).decrypt(sealed)
    except (InvalidToken, ValueError):
        return None
