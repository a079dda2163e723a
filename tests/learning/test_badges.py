"""Badges as an independent verifier and the rules of the specifications see them."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.jwk import JWKRegistry, OctKey
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.status import check_credential_status
from openbadgeslib.ob3.verifier import OB3VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.config import BADGE_ALGORITHMS
from learn.core.access import Actor
from learn.courses.manifest import LessonEntry
from learn.learning import badges, certificates, service
from learn.learning.badges import achievements, jose, keys, status
from learn.learning.badges.credential import Issuer
from learn.learning.certificates import LIST, Held
from learn.learning.models import Certificate, CertificateStatus, SigningKey
from learn.learning.service import Request
from tests.learning.factories import make_actor, manifest_of, publish

BASE, NETWORK, SECRET = "https://schule.example.org", "Smart Cities: Schule", "0" * 64
ISSUER = Issuer(BASE, NETWORK)
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # as the program does
LESSON = LessonEntry("les_a", "a", "Was Sensoren messen", 1, 1, 12, required=True)
NAME = "Đặng Şükrü Žižková"


@pytest.fixture
def jana(db: Session) -> Actor:
    return make_actor(db, NAME)


@pytest.fixture
def held(db: Session, jana: Actor) -> Held:
    """Jana's Nachweis, without her name on its check page."""
    release = publish(db, manifest_of([LESSON], test=False))
    service.enrol(db, jana, release)
    service.complete(db, jana, release, "les_a", Request("r1", 1, 0))
    return certificates.issue(db, jana, "kur_1", named=False, network=NETWORK)


def signed(db: Session, held: Held, *, secret: str = SECRET, algorithm: str = "ES256") -> str:
    return badges.signed(db, held, base_url=BASE, network=NETWORK, secret=secret, algorithm=algorithm)


def listed(db: Session, number: int = 0) -> str:
    found = badges.status_list(db, number, base_url=BASE, network=NETWORK, secret=SECRET)
    assert found is not None
    return found


def part(token: str, number: int) -> dict[str, Any]:
    """The header (0) or the payload (1)."""
    found: dict[str, Any] = json.loads(decoded(token.split(".")[number]))
    return found


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def pem(db: Session, token: str) -> bytes:
    """The public key a token names, out of the published set."""
    address = part(token, 0)["kid"]
    named = [key for key in keys.published(db) if ISSUER.key(key["kid"]) == address]
    assert len(named) == 1
    own = {name: value for name, value in named[0].items() if name not in {"use", "alg", "kid"}}
    key = JWKRegistry.import_key(own)
    assert not isinstance(key, OctKey)
    found = key.as_bytes(encoding="PEM", private=False)
    assert isinstance(found, bytes)
    return found


def verified(db: Session, token: str) -> Any:
    """What openbadgeslib reads from the token; the revocation list is checked with its own key."""
    credential = OB3Verifier(pem(db, token)).verify(token)
    number = part(token, 1)["credentialStatus"]["statusListCredential"].rpartition("/")[2]
    current = listed(db, int(number))
    fetched: list[str] = []

    def download(address: str) -> bytes:
        fetched.append(address)
        return current.encode()

    check_credential_status(credential, download, verify_list=True, list_pubkey_pem=pem(db, current))
    assert fetched == [ISSUER.status_list(int(number))]
    return credential


def values(node: object) -> Iterator[str]:
    """All texts of a document."""
    if isinstance(node, Mapping):
        for value in node.values():
            yield from values(value)
    elif isinstance(node, list):
        for value in node:
            yield from values(value)
    elif isinstance(node, str):
        yield node


@contextmanager
def refused(reason: str) -> Iterator[None]:
    with pytest.raises(OB3VerificationError, match=reason):
        yield


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "RS256"])
def test_another_program_finds_a_badge_genuine(db: Session, held: Held, algorithm: str) -> None:
    token = signed(db, held, algorithm=algorithm)
    credential = verified(db, token)
    assert part(token, 0)["alg"] == algorithm
    assert credential.achievement.name == "Sensoren"
    assert credential.issuer.id == f"{BASE}/nachweise/aussteller"
    assert OB3Verifier(pem(db, token)).verify(
        token, check_status=True, download=lambda _: listed(db).encode()
    )


def test_the_newer_name_of_ed25519_signs_alike(db: Session, held: Held) -> None:
    """RFC 9864; openbadgeslib 4.6 knows the older name alone."""
    token = signed(db, held, algorithm="Ed25519")
    head, _dot, signature = token.rpartition(".")
    named = keys.published(db)[0]
    assert part(token, 0)["alg"] == named["alg"] == "Ed25519"
    key = Ed25519PublicKey.from_public_bytes(decoded(named["x"]))
    key.verify(decoded(signature), head.encode())


def test_all_algorithms_of_the_setting_make_keys() -> None:
    assert set(jose.MAKERS) == set(BADGE_ALGORITHMS)


def test_what_was_changed_is_found_out(db: Session, held: Held) -> None:
    token = signed(db, held)
    head, payload, signature = token.split(".")
    other = {**part(token, 1), "name": "Doktor"}
    forged = base64.urlsafe_b64encode(json.dumps(other).encode()).decode().rstrip("=")
    verifier = OB3Verifier(pem(db, token))
    for wrong in (f"{head}.{forged}.{signature}", f"{head}.{payload}.{signature[:-8]}AAAAAAAA"):
        with refused("Invalid signature"):
            verifier.verify(wrong)


def test_a_withdrawn_one_counts_no_longer_from_that_moment(db: Session, jana: Actor, held: Held) -> None:
    token = signed(db, held)
    verified(db, token)
    certificates.withdraw(db, jana, held.code)
    with refused("revocation"):
        verified(db, token)


def test_others_in_the_list_stay_valid(db: Session, held: Held) -> None:
    near = held.position + 1 if held.position % LIST < LIST - 1 else held.position - 1
    db.add(CertificateStatus(position=near, revoked=True))
    db.flush()
    verified(db, signed(db, held))
    assert status.revoked(db, held.position // LIST) == [near % LIST]


def test_a_second_list_has_an_address_of_its_own(db: Session, held: Held) -> None:
    db.add(CertificateStatus(position=LIST + 5))
    db.flush()
    row = update(Certificate).where(Certificate.code == held.code)
    db.execute(row.values(position=LIST + 5).execution_options(synchronize_session=False))
    token = signed(db, replace(held, position=LIST + 5))
    entry = part(token, 1)["credentialStatus"]
    assert (entry["statusListCredential"], entry["statusListIndex"]) == (ISSUER.status_list(1), "5")
    verified(db, token)


def test_old_badges_stay_valid_under_a_new_key(db: Session, held: Held) -> None:
    old = signed(db, held)
    keys.rotate(db, jose.generate("EdDSA"), SECRET, by="kommandozeile")
    new = signed(db, held)
    assert [part(token, 0)["alg"] for token in (old, new, listed(db))] == ["ES256", "EdDSA", "EdDSA"]
    for token in (old, new):
        verified(db, token)
    assert len(keys.published(db)) == 2


def test_there_is_one_key_in_use_and_its_private_part_stays_in(db: Session, held: Held) -> None:
    assert keys.published(db) == []
    assert badges.status_list(db, 0, base_url=BASE, network=NETWORK, secret=SECRET) is None
    first, second = signed(db, held), signed(db, held)
    assert part(first, 0) == part(second, 0)
    row = db.scalars(select(SigningKey)).one()
    private = keys.current(db, SECRET)
    assert private is not None
    secret = json.loads(private.private)["d"]
    published = json.dumps([keys.published(db), part(first, 0), row.public, row.private])
    assert secret not in published
    assert '"d"' not in published


def test_the_name_of_a_key_is_its_thumbprint(db: Session, held: Held) -> None:
    """RFC 7638, section 3: SHA-256 over the required members, sorted, without white space."""
    signed(db, held)
    [key] = keys.published(db)
    members = json.dumps({name: key[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    digest = base64.urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).decode().rstrip("=")
    assert (key["kid"], key["use"], key["alg"]) == (digest, "sig", "ES256")


def test_a_key_of_another_secret_is_named_as_such(db: Session, held: Held) -> None:
    signed(db, held)
    with pytest.raises(keys.Unopened, match="Der Betrieb muss den Schlüssel erneuern"):
        signed(db, held, secret="1" * 64)
    keys.rotate(db, jose.generate("ES256"), "1" * 64, by="kommandozeile")
    assert verified_alone(db, signed(db, held, secret="1" * 64))


def verified_alone(db: Session, token: str) -> bool:
    return bool(OB3Verifier(pem(db, token)).verify(token))


def test_nobody_is_named_who_does_not_want_it(db: Session, jana: Actor, held: Held) -> None:
    email = db.scalars(select(Person.email).where(Person.id == jana.owner)).one()
    payload = part(signed(db, held), 1)
    said = " ".join(values(payload))
    assert NAME not in said
    assert email not in said
    [known] = payload["credentialSubject"]["identifier"]
    digest = hashlib.sha256((email.lower() + known["salt"]).encode()).hexdigest()
    assert known["identityHash"] == f"sha256${digest}"
    other = part(signed(db, held), 1)["credentialSubject"]["identifier"][0]
    assert other["identityHash"] != known["identityHash"]


def test_the_name_stands_there_when_she_wants_it(db: Session, jana: Actor, held: Held) -> None:
    certificates.choose(db, jana, held.code, named=True, kept=False)
    token = signed(db, certificates.held_one(db, jana, held.code))
    identities = part(token, 1)["credentialSubject"]["identifier"]
    assert [(each["identityType"], each["hashed"]) for each in identities] == [
        ("emailAddress", True),
        ("name", False),
    ]
    assert identities[1]["identityHash"] == NAME
    verified(db, token)


def test_documents_about_the_course_name_nobody(db: Session, held: Held) -> None:
    signed(db, held)
    found = achievements.achievement(db, ISSUER, held.course_id, held.edition)
    assert found is not None
    said = json.dumps([found, achievements.profile(ISSUER), keys.published(db)], ensure_ascii=False)
    assert NAME not in said
    assert held.code not in said
    assert part(listed(db), 1)["issuer"] == ISSUER.id


def test_the_achievement_of_the_badge_is_the_published_one(db: Session, held: Held) -> None:
    inside = part(signed(db, held), 1)["credentialSubject"]["achievement"]
    outside = achievements.achievement(db, ISSUER, held.course_id, held.edition)
    assert outside is not None
    assert {name: value for name, value in outside.items() if name != "@context"} == inside


def test_only_published_editions_are_achievements(db: Session, held: Held) -> None:
    for course_id, edition in (("kur_1", 2), ("kur_2", 1), ("kur_1", 0), ("kur_1", 2**70)):
        assert achievements.achievement(db, ISSUER, course_id, edition) is None
    publish(db, manifest_of([LESSON], edition=2))
    assert achievements.achievement(db, ISSUER, "kur_1", 2) is not None
    assert achievements.achievement(db, ISSUER, "kur_1", 1) is not None


def test_a_list_without_a_nachweis_does_not_exist(db: Session, held: Held) -> None:
    signed(db, held)
    for number in (held.position // LIST + 1, 2**31, 2**70):
        assert badges.status_list(db, number, base_url=BASE, network=NETWORK, secret=SECRET) is None


def test_days_begin_here(db: Session, held: Held) -> None:
    payload = part(signed(db, held), 1)
    begins = datetime.fromisoformat(payload["validFrom"])
    assert (begins.date(), begins.hour, begins.minute) == (held.issued_on, 0, 0)
    assert payload["nbf"] == int(begins.timestamp())
