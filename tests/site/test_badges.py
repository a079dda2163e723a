"""What verifiers fetch and what a person takes along, by the addresses that badges name."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from joserfc.jwk import JWKRegistry, OctKey
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.status import check_credential_status
from openbadgeslib.ob3.verifier import OB3VerificationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.learning.badges import jose, keys
from learn.learning.certificates import LIST
from learn.learning.models import Certificate, SigningKey
from tests.client import CheckingClient, sign_in
from tests.factories import make_person
from tests.learning import openbadges
from tests.site.test_lesson import begin, complete, tick

OWN = "/lernen/nachweise"
KEYS = "/.well-known/jwks.json"
PUBLIC = (KEYS, "/nachweise/aussteller", "/nachweise/leistungen/kur_sensoren/1")


@pytest.fixture
def code(learner: CheckingClient, sensoren: str) -> str:
    """Jana's Nachweis of the course."""
    begin(learner)
    complete(learner, f"{sensoren}/messen")
    tick(learner)
    complete(learner, f"{sensoren}/montieren")
    answer = learner.submit(OWN, {"kurs": "kur_sensoren"})
    return answer.headers["Location"].rpartition("#n-")[2]


@pytest.fixture
def anybody(app: Flask) -> CheckingClient:
    """The browser of somebody without an account: a verifier."""
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    return client


def fetched(anybody: CheckingClient, address: str) -> bytes:
    """What lies at an address that a badge names; all of them are ours."""
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("http", "localhost")
    answer = anybody.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    found: bytes = answer.data
    return found


def part(token: str, number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(openbadges.decoded(token.split(".")[number]))
    return found


def pem(anybody: CheckingClient, token: str) -> bytes:
    """The key that a token names, dereferenced."""
    found = json.loads(fetched(anybody, part(token, 0)["kid"]))
    key = JWKRegistry.import_key({name: found[name] for name in found if name not in {"use", "alg", "kid"}})
    assert not isinstance(key, OctKey)
    data = key.as_bytes(encoding="PEM", private=False)
    assert isinstance(data, bytes)
    return data


def check(anybody: CheckingClient, token: str) -> Any:
    """What an independent verifier says, who has the badge and our addresses and nothing else."""
    credential = OB3Verifier(pem(anybody, token)).verify(token)
    address = part(token, 1)["credentialStatus"]["statusListCredential"]
    signed_by = pem(anybody, fetched(anybody, address).decode())
    check_credential_status(
        credential, lambda place: fetched(anybody, place), verify_list=True, list_pubkey_pem=signed_by
    )
    return credential


def test_a_verifier_needs_the_badge_and_our_addresses_alone(
    learner: CheckingClient, anybody: CheckingClient, code: str
) -> None:
    token = learner.get(f"{OWN}/{code}.jwt").text
    credential = check(anybody, token)
    issuer = json.loads(fetched(anybody, credential.issuer.id))
    achievement = json.loads(fetched(anybody, credential.achievement.id))
    assert issuer["id"] == credential.issuer.id == part(token, 1)["iss"]
    assert (achievement["id"], achievement["name"]) == (
        credential.achievement.id,
        credential.achievement.name,
    )
    assert anybody.get(urlsplit(part(token, 1)["id"]).path).status_code == 200
    assert learner.submit(f"{OWN}/{code}/zurueckziehen").status_code == 303
    with pytest.raises(OB3VerificationError, match="revocation"):
        check(anybody, token)


def test_the_pictures_carry_the_same_badge(learner: CheckingClient, code: str) -> None:
    token = learner.get(f"{OWN}/{code}.jwt").text
    png, svg = (learner.get(f"{OWN}/{code}.{ending}") for ending in ("png", "svg"))
    assert (png.mimetype, svg.mimetype) == ("image/png", "image/svg+xml")
    assert OB3Verifier.extract_token_from_png(png.data) == token
    assert OB3Verifier.extract_token_from_svg(svg.data) == token
    for answer, ending in ((png, "png"), (svg, "svg")):
        assert answer.headers["Content-Disposition"] == f'attachment; filename="nachweis-{code[:8]}.{ending}"'
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("ending", ["png", "svg", "jwt"])
def test_a_badge_is_its_owners_alone(app: Flask, db: Session, code: str, ending: str) -> None:
    other = app.test_client()
    assert isinstance(other, CheckingClient)
    sign_in(other, make_person(db, name="Kim Erfunden"))
    assert other.get(f"{OWN}/{code}.{ending}").status_code == 404


def test_without_a_signature_there_is_no_file(learner: CheckingClient, db: Session, code: str) -> None:
    row = update(Certificate).values(credential="")
    db.execute(row.execution_options(synchronize_session=False))
    assert learner.get(f"{OWN}/{code}.jwt").status_code == 404


def test_another_choice_about_the_name_signs_anew(
    learner: CheckingClient, anybody: CheckingClient, jana: Person, code: str
) -> None:
    before = learner.get(f"{OWN}/{code}.jwt").text
    assert learner.submit(f"{OWN}/{code}", {"named": "1"}).status_code == 303
    after = learner.get(f"{OWN}/{code}.jwt").text
    said = [json.dumps(part(token, 1), ensure_ascii=False) for token in (before, after)]
    assert [jana.name in text for text in said] == [False, True]
    assert not any(jana.email in text for text in said)
    for token in (before, after):
        check(anybody, token)


def test_after_a_new_key_both_are_published(
    learner: CheckingClient, anybody: CheckingClient, db: Session, code: str
) -> None:
    old = learner.get(f"{OWN}/{code}.jwt").text
    keys.rotate(db, jose.generate("RS256"), "0" * 64, by="kommandozeile")
    check(anybody, old)
    published = json.loads(anybody.get(KEYS).data)["keys"]
    assert [key["alg"] for key in published] == ["RS256", "ES256"]
    assert not any("d" in key for key in published)


def test_public_documents_name_nobody_and_may_be_kept_shortly(
    anybody: CheckingClient, jana: Person, code: str
) -> None:
    for address in (*PUBLIC, "/nachweise/widerruf/0"):
        answer = anybody.get(address)
        assert answer.status_code == 200
        assert re.fullmatch(r"public, max-age=(60|300)", answer.headers["Cache-Control"])
        assert "Access-Control-Allow-Origin" not in answer.headers
        for word in (jana.name, jana.email, code):
            assert word not in answer.text
    kinds = [anybody.get(address).mimetype for address in PUBLIC]
    assert kinds == ["application/jwk-set+json", "application/ld+json", "application/ld+json"]
    assert anybody.get("/nachweise/widerruf/0").mimetype == "application/vc+jwt"


def test_before_the_first_badge_nothing_is_made_by_looking(
    anybody: CheckingClient, db: Session, sensoren: str
) -> None:
    assert json.loads(anybody.get(KEYS).data) == {"keys": []}
    assert anybody.get("/nachweise/widerruf/0").status_code == 404
    assert anybody.get("/nachweise/aussteller").status_code == 200
    assert db.scalar(select(func.count()).select_from(SigningKey)) == 0


def test_what_was_never_published_is_not_found(anybody: CheckingClient, code: str) -> None:
    for path in (
        f"{KEYS}?kid=unbekannt",
        "/nachweise/leistungen/kur_sensoren/2",
        "/nachweise/leistungen/kur_anderswo/1",
        f"/nachweise/leistungen/kur_sensoren/{2**80}",
        f"/nachweise/widerruf/{2**31 // LIST}",
        f"/nachweise/widerruf/{2**80}",
    ):
        assert anybody.get(path).status_code == 404


def test_while_the_key_does_not_open_the_list_says_so(
    anybody: CheckingClient, db: Session, code: str
) -> None:
    anybody.failing = True
    row = update(SigningKey).values(private="verschlossen")
    db.execute(row.execution_options(synchronize_session=False))
    answer = anybody.get("/nachweise/widerruf/0")
    assert (answer.status_code, answer.mimetype) == (503, "text/plain")
    assert "Der Betrieb muss den Schlüssel erneuern." in answer.text
