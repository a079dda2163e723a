"""Headers stand on every answer: pages, errors, files, redirects."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import Client

from learn.config import Config
from learn.core.assets import asset
from tests.client import CheckingClient
from tests.core import pages


@pytest.fixture
def kind() -> str:
    """What is tested here asks no database."""
    return "sqlite"


ADDRESSES = (
    "/",
    "/anmelden",
    "/notizen",
    "/gibt-es-nicht",
    "/problem/500",
    "/problem/busy",
    "/healthz",
    "/medien/" + "a" * 64 + ".svg",
)
SECTION_2 = (
    "default-src 'none'; script-src 'nonce-N'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def shortcomings(headers: Headers) -> list[str]:
    """What the headers of an answer lack."""
    policy = re.sub(r"nonce-[\w-]{16,}", "nonce-N", headers.get("Content-Security-Policy", ""))
    wanted = {
        "policy": policy.removesuffix("; sandbox") == SECTION_2,
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": headers.get("Referrer-Policy") == "same-origin",
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "permissions": "camera=()" in headers.get("Permissions-Policy", ""),
        "cors": "Access-Control-Allow-Origin" not in headers,
    }
    return [name for name, fine in wanted.items() if not fine]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_them(reader: CheckingClient, address: str) -> None:
    reader.failing = True
    answer = reader.get(address)
    assert shortcomings(answer.headers) == []
    assert answer.headers["Cache-Control"] == "no-store"


def test_files_have_them_and_are_kept(reader: CheckingClient) -> None:
    answer = reader.get(asset("app.css"))
    assert answer.status_code == 200
    assert shortcomings(answer.headers) == []
    assert "immutable" in answer.headers["Cache-Control"]


def test_without_the_outermost_layer_they_are_missing(small: Flask) -> None:
    bare = Client(small.wsgi_app.app)  # type: ignore[attr-defined]
    assert "policy" in shortcomings(bare.get("/anmelden").headers)
    assert "nosniff" in shortcomings(bare.get("/problem/500").headers)


def test_the_nonce_is_that_of_the_page_and_new_each_time(reader: CheckingClient) -> None:
    first, second = reader.get("/anmelden"), reader.get("/anmelden")
    nonces = [re.findall(r'nonce="([^"]+)"', answer.text) for answer in (first, second)]
    assert f"'nonce-{nonces[0][0]}'" in first.headers["Content-Security-Policy"]
    assert len(set(nonces[0])) == 1
    assert nonces[0][0] != nonces[1][0]


def test_pictures_stay_pictures(reader: CheckingClient) -> None:
    answer = reader.get("/medien/" + "a" * 64 + ".svg")
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")


def test_https_adds_strict_transport(instance: Config) -> None:
    app = pages.make_app(replace(instance, base_url="https://schule.example.org"))
    answer = pages.browser(app).get("/anmelden", headers={"Host": "schule.example.org"})
    assert answer.status_code == 200
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    pages.close(app)


def test_plain_http_does_not(reader: CheckingClient) -> None:
    assert "Strict-Transport-Security" not in reader.get("/anmelden").headers
