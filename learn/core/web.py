"""Pages: a blueprint whose routes must name who may open them, and the two kinds of answers."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn.core.access import Actor, Forbidden, NotSignedIn, Rule, actor

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

RULES: dict[str, Rule] = {}  # endpoint -> rule, filled while modules are imported


class Pages(Blueprint):
    """A blueprint without routes for nobody in particular: `access=` is required."""

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
