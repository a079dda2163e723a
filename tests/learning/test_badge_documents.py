"""What badges say keeps to the rules of the specifications, whatever names and titles hold."""

import gzip
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openbadgeslib.ob3 import OpenBadgeCredential
from openbadgeslib.ob3.status import decode_encoded_list, set_indices

from learn.learning.badges import credential, jose, status
from learn.learning.badges.credential import Issuer
from learn.learning.badges.keys import SecretKey
from learn.learning.certificates import LIST, Held
from learn.learning.sheets import Lesson, Module, Sheet
from tests.learning import openbadges

ISSUER = Issuer("https://schule.example.org", "Smart Cities: Schule")
CODE = "0123456789abcdef" * 2
STORED = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=60)


def sheet(title: str = "Sensoren", outcome: str = "Sie planen ein Messnetz.") -> Sheet:
    lessons = (Lesson("Was Sensoren messen", 12, required=True), Lesson("Mehr", 30, required=False))
    module = Module("Grundlagen", lessons)
    return Sheet(title, outcome, (), 12, (module,), (), "Ahlen", "CC-BY-4.0", test=True, network="Netz")


def held(name: str = "Jana", *, named: bool = True, position: int = 7, said: Sheet | None = None) -> Held:
    days = {"completed_on": date(2026, 3, 27), "issued_on": date(2026, 7, 2)}
    return Held(
        CODE,
        "kur_1",
        1,
        3,
        name,
        said or sheet(),
        **days,
        named=named,
        kept=False,
        position=position,
        credential="",
    )


def payload(nachweis: Held) -> dict[str, Any]:
    return credential.payload(ISSUER, nachweis, credential.identity("Jana@Ahlen.example", "Salz"))


def faults(said: dict[str, Any]) -> list[str]:
    return [*openbadges.credential(openbadges.body(said)), *openbadges.claims(said)]


@given(name=STORED, title=STORED, outcome=st.text(max_size=40))
@example(name="Đặng Şükrü Žižková", title="*Daten* & <b>Orte</b>", outcome="")
def test_every_badge_keeps_to_the_rules(name: str, title: str, outcome: str) -> None:
    said = payload(held(name, said=sheet(title, outcome)))
    again = json.loads(json.dumps(said, ensure_ascii=False).encode("utf-8"))
    assert again == said
    assert faults(again) == []
    assert OpenBadgeCredential.from_jwt_payload(again).achievement.name == title


@pytest.mark.parametrize("named", [True, False])
def test_the_rules_hold_with_and_without_a_name(named: bool) -> None:
    said = payload(held(named=named))
    assert faults(said) == []
    assert ("Jana" in json.dumps(said)) is named


def test_a_badge_without_a_known_address_keeps_to_the_rules_too() -> None:
    said = credential.payload(ISSUER, held(named=False), None)
    assert faults(said) == []
    assert "identifier" not in said["credentialSubject"]


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ({"type": ["VerifiableCredential"]}, "type is wrong"),
        ({"validFrom": "2026-07-02T00:00:00"}, "validFrom is wrong"),
        ({"iss": "https://anders.example"}, "iss does not match"),
        ({"evidence": []}, "evidence is unknown"),
        ({"vc": {}}, "vc"),
    ],
)
def test_the_rules_bite(broken: dict[str, Any], fault: str) -> None:
    found = faults({**payload(held()), **broken})
    assert any(each.startswith(fault) for each in found)


@pytest.mark.parametrize("algorithm", ["ES256", "Ed25519", "RS256"])
def test_headers_hold_what_is_allowed_and_nothing_secret(algorithm: str) -> None:
    fresh = jose.generate(algorithm)
    key = SecretKey(fresh.kid, fresh.algorithm, fresh.private)
    token = jose.sign(key, payload(held()), ISSUER.key(fresh.kid), credential.TYPE)
    header = json.loads(openbadges.decoded(token.split(".")[0]))
    assert list(openbadges.header(header)) == []
    assert header["jwk"] == fresh.public
    private = {**header, "jwk": json.loads(fresh.private), "x5c": []}
    assert set(openbadges.header(private)) == {"x5c is not allowed", "The JWK MUST never contain d"}


def test_issuer_and_achievement_keep_to_the_rules() -> None:
    assert list(openbadges.profile(ISSUER.profile())) == []
    assert list(openbadges.achievement(credential.achievement(ISSUER, "kur_1", 3, sheet()))) == []


def test_the_criteria_say_what_it_took() -> None:
    assert credential.criteria(sheet(), 3) == (
        "Die Pflichtlektion des Kurses abgeschlossen und den Abschlusstest bestanden. "
        "Geplante Lernzeit: 12 Minuten. Ausgabe 3.\n\nInhalte:\n\n- Grundlagen"
    )


@given(st.sets(st.integers(0, LIST - 1), max_size=20))
@example({0, 7, 8, LIST - 1})
def test_another_program_reads_the_places_from_a_list(indices: set[int]) -> None:
    said = status.payload(ISSUER, 2, sorted(indices))
    assert list(openbadges.status_list(openbadges.body(said))) == []
    packed = said["credentialSubject"]["encodedList"]
    assert set_indices(decode_encoded_list(packed)) == indices
    raw = openbadges.decoded(packed[1:])
    assert len(gzip.decompress(raw)) * 8 == LIST  # section 3.2: "at least 131,072"


@given(st.integers(0, 2**31 - 1))
def test_each_position_has_one_place(position: int) -> None:
    entry = credential.entry(ISSUER, position)
    number = int(entry["statusListCredential"].rpartition("/")[2])
    assert number * LIST + int(entry["statusListIndex"]) == position
    assert list(openbadges.entry(entry)) == []
