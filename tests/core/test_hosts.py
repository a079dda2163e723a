"""Only our own host names are answered, and only trusted proxies are believed."""

from dataclasses import replace

import pytest
from flask import Flask

from learn.config import Config
from learn.core.assets import asset
from learn.core.hosts import hostname, is_ours
from tests.client import CheckingClient
from tests.core import pages


@pytest.fixture
def kind() -> str:
    """What is tested here asks no database."""
    return "sqlite"


FOREIGN = (
    "evil.example",
    "localhost.evil.example",
    "evil.example:80",
    "localhost@evil.example",
    "localhost/evil.example",
    "localhost\\evil.example",
    "[::1",
    "[::2]",
    "",
)


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("address", ["/anmelden", "/notizen", "/gibt-es-nicht", asset("app.css")])
def test_foreign_names_are_refused(reader: CheckingClient, host: str, address: str) -> None:
    answer = reader.get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text + answer.headers.get("Location", "")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:5000", "[::1]:5000"])
def test_loopback_names_are_alike_in_local_use(reader: CheckingClient, host: str) -> None:
    assert reader.get("/anmelden", headers={"Host": host}).status_code == 200


def test_no_address_is_put_right_by_naming_the_host(reader: CheckingClient) -> None:
    for address in ("/kurse//sensoren", "/anmelden//", "/anmelden/"):
        answer = reader.get(address, headers={"Host": "localhost:9999"})
        assert (answer.status_code, answer.headers.get("Location")) == (404, None)


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_checks_may_name_any_host(reader: CheckingClient, address: str) -> None:
    assert reader.get(address, headers={"Host": "10.0.0.7:5000"}).status_code == 200


def test_a_public_name_excludes_loopback(instance: Config) -> None:
    config = replace(instance, base_url="https://schule.example.org")
    app = pages.make_app(config)
    client = pages.browser(app)
    assert client.get("/anmelden", headers={"Host": "schule.example.org:8443"}).status_code == 200
    assert client.get("/anmelden", headers={"Host": "localhost"}).status_code == 400
    pages.close(app)


FORWARDED = {"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "9.9.9.9", "X-Forwarded-Proto": "https"}


def test_forwarded_headers_count_for_nothing_by_default(reader: CheckingClient) -> None:
    answer = reader.get("/notizen", headers=FORWARDED)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/anmelden?weiter=/notizen"


def test_one_trusted_proxy_is_believed_once(instance: Config) -> None:
    app = pages.make_app(replace(instance, trusted_proxies=1))
    client = pages.browser(app)
    assert client.get("/anmelden", headers=FORWARDED).status_code == 400
    ours = {"X-Forwarded-Host": "evil.example, localhost"}
    assert client.get("/anmelden", headers=ours).status_code == 200
    pages.close(app)


def test_malformed_names_are_nobodys(small: Flask) -> None:
    assert hostname("[::1") == ""
    assert not is_ours("", small.extensions["learn.config"])
