"""Open Badges 3.0: what checking one needs, for everybody, and a person's own as files.

No address lists Nachweise, and none of the public documents names anybody who learns.
"""

import json
from typing import Any

from flask import current_app, make_response, request
from flask.typing import ResponseReturnValue

from learn.config import Config
from learn.core.access import NotFound, actor, learner, require, visitor
from learn.core.db import session
from learn.learning import badges, certificates
from learn.learning.badges import achievements, baking, keys, status
from learn.learning.badges.credential import Issuer
from learn.learning.certificates import Held
from learn.site.blueprint import pages

KEPT_SECONDS = 300


@pages.get("/.well-known/jwks.json", access=visitor)
def badge_keys() -> ResponseReturnValue:
    """All public keys, the retired ones too; with `?kid=` one of them by itself, as badges name it."""
    published = keys.published(session())
    kid = request.args.get("kid")
    if kid is None:
        return document({"keys": published}, "application/jwk-set+json")
    named = require(next((key for key in published if key["kid"] == kid), None))
    return document(named, "application/jwk+json")


@pages.get("/nachweise/aussteller", access=visitor)
def badge_issuer() -> ResponseReturnValue:
    """Who issues: the network, nobody in it."""
    return document(achievements.profile(issuer()))


@pages.get("/nachweise/leistungen/<course_id>/<int:ausgabe>", access=visitor)
def badge_achievement(course_id: str, ausgabe: int) -> ResponseReturnValue:
    """What an edition of a course asks for."""
    return document(require(achievements.achievement(session(), issuer(), course_id, ausgabe)))


@pages.get("/nachweise/widerruf/<int:liste>", access=visitor)
def badge_status(liste: int) -> ResponseReturnValue:
    """Which places of this list are withdrawn, signed now."""
    config = settings()
    try:
        found = badges.status_list(
            session(),
            liste,
            base_url=config.base_url,
            network=config.network_name,
            secret=config.secret_key,
        )
    except keys.Unopened as problem:
        return plain(f"{problem.message}\n", 503)
    return file(require(found).encode(), "application/vc+jwt", f"public, max-age={status.KEPT_SECONDS}")


@pages.get("/lernen/nachweise/<code>.png", access=learner)
def badge_png(code: str) -> ResponseReturnValue:
    """The badge as a picture that carries it."""
    held = own(code)
    return download(baking.png(held.credential, **drawn(held)), "image/png", held, "png")


@pages.get("/lernen/nachweise/<code>.svg", access=learner)
def badge_svg(code: str) -> ResponseReturnValue:
    """The same as a drawing."""
    held = own(code)
    return download(baking.svg(held.credential, **drawn(held)), "image/svg+xml", held, "svg")


@pages.get("/lernen/nachweise/<code>.jwt", access=learner)
def badge_jwt(code: str) -> ResponseReturnValue:
    """The badge alone. Open Badges 3.0, section 5.2: "The Content-Type SHOULD be text/plain"."""
    held = own(code)
    return download(held.credential.encode(), "text/plain", held, "jwt")


def own(code: str) -> Held:
    """One of the reader's own that is signed. Raises NotFound."""
    held = certificates.held_one(session(), actor(), code)
    if not held.credential:
        raise NotFound
    return held


def drawn(held: Held) -> dict[str, Any]:
    """What the picture says; no name."""
    return {"title": held.sheet.title, "network": held.sheet.network, "edition": held.edition}


def settings() -> Config:
    found: Config = current_app.extensions["learn.config"]
    return found


def issuer() -> Issuer:
    return Issuer(settings().base_url, settings().network_name)


def document(said: dict[str, Any], mimetype: str = "application/ld+json") -> ResponseReturnValue:
    """A public document of JSON."""
    text = json.dumps(said, ensure_ascii=False, indent=2)
    return file(f"{text}\n".encode(), mimetype, f"public, max-age={KEPT_SECONDS}")


def download(body: bytes, mimetype: str, held: Held, ending: str) -> ResponseReturnValue:
    """A file of the reader's own, to keep."""
    answer = make_response(file(body, mimetype, "private, no-store"))
    answer.headers["Content-Disposition"] = f'attachment; filename="nachweis-{held.code[:8]}.{ending}"'
    return answer


def plain(text: str, code: int) -> ResponseReturnValue:
    answer = make_response(text, code)
    answer.mimetype = "text/plain"
    return answer


def file(body: bytes, mimetype: str, kept: str) -> ResponseReturnValue:
    """Bytes that are no page."""
    answer = make_response(body)
    answer.mimetype = mimetype
    answer.headers["Cache-Control"] = kept
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
