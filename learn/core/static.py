"""Our built files: hashed names, kept by browsers for ever; nothing for foreign host names."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from whitenoise import WhiteNoise

from learn.config import Config
from learn.core import hosts
from learn.core.assets import STATIC

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HASHED = re.compile(r"\.[0-9a-f]{8,64}\.\w+$")


def files(app: "WSGIApplication", config: Config) -> "WSGIApplication":
    """Serve `/static/` before the application; without a build everything is the application's."""
    if not STATIC.is_dir():
        return app
    served = WhiteNoise(
        app,
        root=STATIC,
        prefix="static/",
        max_age=0,
        allow_all_origins=False,
        immutable_file_test=lambda _path, url: HASHED.search(url) is not None,
    )

    def choose(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answering = served if hosts.answered(environ, config) else app
        answer: Iterable[bytes] = answering(environ, start_response)
        return answer

    return choose
