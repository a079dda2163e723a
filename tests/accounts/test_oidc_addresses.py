"""Where we go: certificates that hold, addresses that are plain."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from learn.accounts.oidc import Failed, http
from learn.accounts.oidc.addresses import checked
from learn.core import clock
from tests.accounts import idp as helpers
from tests.accounts.idp import refused, running, signed_in

pytestmark = helpers.IGNORED


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    helpers.forget()
    http.adapter.cache_clear()
    yield
    helpers.forget()
    http.adapter.cache_clear()


# Certificates


def certificate(folder: Path, *, names: tuple[str, ...] = ("localhost",), days: int = 1) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Anmeldedienst")])
    begun, ended = clock.now() - timedelta(days=3), clock.now() + timedelta(days=days)
    listed = [x509.DNSName(each) for each in names]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(ended)
        .add_extension(x509.SubjectAlternativeName([*listed, x509.IPAddress(ip_address("192.0.2.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    where = folder / "certificate.pem", folder / "key.pem"
    where[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    where[1].write_bytes(key.private_bytes(pem, pkcs8, plain))
    return where


def tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_an_unknown_certificate_is_refused(tmp_path: Path) -> None:
    with running(ssl_context=tls(certificate(tmp_path))) as idp:
        assert refused(idp, local=False) == "certificate"
        assert idp.asked == []


def test_one_that_the_system_trusts_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pair[0]))  # where OpenSSL looks for the system's own
    with running(ssl_context=tls(pair)) as idp:
        assert signed_in(idp, local=False)["sub"] == "jana"


@pytest.mark.parametrize("wrong", [{"names": ("example.org",)}, {"days": -1}])
def test_but_not_for_another_name_or_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    pair = certificate(tmp_path, **wrong)
    monkeypatch.setenv("SSL_CERT_FILE", str(pair[0]))
    with running(ssl_context=tls(pair)) as idp:
        assert refused(idp, local=False) == "certificate"


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        "",
        "login.example.org",
        "//login.example.org",
        "http://login.example.org",
        "https://",
        "https:///x",
        "https://a@login.example.org",
        "https://@login.example.org",
        "https://login.example.org/#x",
        "https://login.example.org/#",
        "https://login.example.org:99999/",
        "https://login.example.org/a b",
        "https://login.example.org/\n",
        "https://login.ex\u00e4mple.org/",
        "https://login.example.org\\x",
        "https://" + "x" * 2000,
        "ftp://localhost/",
        "javascript:alert(1)",
        "HTTP://localhost.example.org/",
        None,
        5,
        ["https://login.example.org"],
    ],
)
def test_addresses_where_nobody_goes(address: object) -> None:
    with pytest.raises(Failed, match="address"):
        checked(address, local=True)


def test_addresses_where_we_go() -> None:
    for address in (
        "https://login.example.org",
        "https://login.example.org:8443/t/v2.0?p=1",
        "https://[::1]/",
    ):
        assert checked(address, local=False) == address
    for address in ("http://localhost:9400", "http://127.0.0.1/x", "http://[::1]:5/"):
        assert checked(address, local=True) == address
        with pytest.raises(Failed, match="address"):
            checked(address, local=False)
