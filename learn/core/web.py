"""Pages: a blueprint whose routes must name who may open them, the two kinds of answers, the way back."""

import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, RequestRedirect

from learn.config import Config
from learn.core.access import Actor, Forbidden, NotSignedIn, Rule, actor
from learn.core.hosts import is_ours
from learn.core.limits import BODIES, MAX_BODY, MAX_FIELDS


class Slug(BaseConverter):
    """A name in an address as files bear it; anything else matches no page and reaches no database."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

RULES: dict[str, Rule] = {}  # endpoint -> rule, filled while modules are imported
HOME = "/lernen"
SUSPICIOUS = re.compile(r"[\\\x00-\x20\x7f-\xa0]")


def settings(config: Config) -> dict[str, Any]:
    """Flask's settings: caps before parsing, forms without an end of their own, tokens for all writes."""
    return {
        "SECRET_KEY": config.secret_key,
        "MAX_CONTENT_LENGTH": MAX_BODY,
        "MAX_FORM_MEMORY_SIZE": MAX_BODY,
        "MAX_FORM_PARTS": MAX_FIELDS,
        "WTF_CSRF_CHECK_DEFAULT": False,  # checked in order by learn.core.forms
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,  # learn.core.forms refuses foreign origins itself
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
    }


class Pages(Blueprint):
    """A blueprint without routes for nobody in particular: `access=` is required.

    A route that takes files names in `largest=` how many bytes its forms may have.
    """

    def get(self, rule: str, *, access: Rule, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self._page(rule, access, ["GET"], options)

    def post(self, rule: str, *, access: Rule, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self._page(rule, access, ["POST"], options)

    def route(self, rule: str, **_options: Any) -> Callable[[View], View]:  # type: ignore[override]
        raise TypeError(f"{rule}: use get() or post() with access=")

    def _page(
        self, rule: str, access: Rule, methods: list[str], options: dict[str, Any]
    ) -> Callable[[View], View]:
        def register(view: View) -> View:
            endpoint = options.pop("endpoint", view.__name__)
            RULES[f"{self.name}.{endpoint}"] = access
            BODIES[f"{self.name}.{endpoint}"] = options.pop("largest", MAX_BODY)
            self.add_url_rule(rule, endpoint, view, methods=methods, **options)
            return view

        return register


def check_access() -> None:
    """Before each request: deny what the route's rule denies. Raises NotSignedIn or Forbidden."""
    endpoint = request.endpoint
    if endpoint is None or endpoint == "static":
        return
    rule = RULES.get(endpoint)
    if rule is None:
        raise Forbidden
    who: Actor = actor()
    if not rule(who):
        raise Forbidden if who.signed_in else NotSignedIn


def page(template: str, status: int = 200, **values: Any) -> ResponseReturnValue:
    """The rendered template; with `HX-Request` views return their partial by another template name."""
    return render_template(template, **values), status


def to(endpoint: str, *, anchor: str | None = None, **values: Any) -> Response:
    """303 to a page of our own."""
    response = redirect(url_for(endpoint, _anchor=anchor, **values), code=303)
    assert isinstance(response, Response)
    return response


def safe_path(target: str | None) -> str | None:
    """A `weiter` that stays here: one `/` first, nothing that browsers read as a host, a page of ours."""
    if not target or not target.startswith("/") or len(target) > 2000:
        return None
    path = target.partition("?")[0].partition("#")[0]
    readings = (path, unquote(path), unquote(unquote(path)))
    if SUSPICIOUS.search(target) or any(SUSPICIOUS.search(read) or "//" in read for read in readings):
        return None
    return target if leads_to_a_page(urlsplit(target).path) else None


def leads_to_a_page(path: str) -> bool:
    """Whether GET of this path has a route."""
    try:
        current_app.url_map.bind("localhost").match(unquote(path), "GET")
    except RequestRedirect:
        return False
    except HTTPException:
        return False
    return True


def referring_page() -> str | None:
    """Path and query of the page of our own this request comes from."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return None
    if not is_ours(parts.hostname or "", current_app.extensions["learn.config"]):
        return None
    return safe_path(parts._replace(scheme="", netloc="", fragment="").geturl())


def way_back() -> str:
    """Where signing in leads from here: this page, for a POST the page it came from, else `/lernen`."""
    if request.method in {"GET", "HEAD"}:
        query = request.query_string.decode("ascii", "replace")
        here = f"{request.path}?{query}" if query else request.path
        return safe_path(here) or HOME
    return referring_page() or HOME


def values_of_every_page() -> dict[str, Any]:
    """What each template may use beside its own values."""
    config: Config = current_app.extensions["learn.config"]
    return {
        "network_name": config.network_name,
        "contact": config.contact,
        "demo": current_app.extensions["learn.state"].demo,
        "actor": actor(),
    }
