"""Badges, their issuer and their achievements keep to the JSON schemas that 1EdTech publishes."""

import copy
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from sqlalchemy.orm import Session

from learn.learning import certificates, service
from learn.learning.badges import achievements
from learn.learning.service import Request
from tests.conftest import lacking
from tests.learning import schemas
from tests.learning.factories import make_actor, manifest_of, publish
from tests.learning.openbadges import body
from tests.learning.schemas import ACHIEVEMENT, CREDENTIAL, FORMATS, PROFILE, Schemas
from tests.learning.test_badge_documents import STORED, held, payload, sheet
from tests.learning.test_badges import ISSUER, LESSON, NETWORK, part, signed

Json = dict[str, Any]


@pytest.fixture(scope="session")
def folder(request: pytest.FixtureRequest) -> Path:
    """Where the archive stays: in pytest's cache."""
    cache = request.config.cache
    assert cache is not None
    return cache.mkdir("open-badges")


@pytest.fixture(scope="session")
def rules(folder: Path) -> Schemas:
    """The published schemas; skips by name where the archive cannot be fetched, unless `CI=true`."""
    try:
        return schemas.published(folder)
    except schemas.MissingError as missing:
        lacking(f"Die JSON-Schemas von Open Badges fehlen: {missing}")


@pytest.mark.parametrize("name", ["Đặng Şükrü Žižková", '„Jana“ <b>"\\&\u202e', "名\u3000字"])
def test_a_signed_badge_is_valid_with_and_without_the_name(db: Session, rules: Schemas, name: str) -> None:
    person = make_actor(db, name)
    release = publish(db, manifest_of([LESSON], test=False))
    service.enrol(db, person, release)
    service.complete(db, person, release, "les_a", Request("r1", 1, 0))
    code = certificates.issue(db, person, "kur_1", named=False, network=NETWORK).code
    for named in (False, True):
        certificates.choose(db, person, code, named=named, kept=False)
        said = part(signed(db, certificates.held_one(db, person, code)), 1)
        assert (name in texts(said)) is named
        assert faults(rules, CREDENTIAL, said) == faults(rules, CREDENTIAL, body(said)) == []


@settings(max_examples=40)
@given(name=STORED, title=STORED)
@example(name="\x00\u2028", title="")
def test_every_name_and_title_is_valid(rules: Schemas, name: str, title: str) -> None:
    said = payload(held(name, said=sheet(title)))
    assert name in texts(said)
    assert faults(rules, CREDENTIAL, said) == []


def test_issuer_and_achievement_are_valid(db: Session, rules: Schemas) -> None:
    publish(db, manifest_of([LESSON], test=True))
    assert faults(rules, PROFILE, achievements.profile(ISSUER)) == []
    assert faults(rules, ACHIEVEMENT, achievements.achievement(db, ISSUER, "kur_1", 1)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("validFrom", "2026-07-02T00:00:00"),
        ("awardedDate", "2026-02-30T00:00:00Z"),
        ("type", ["VerifiableCredential"]),
        ("@context", ["https://www.w3.org/ns/credentials/v2"]),
        ("issuer", None),
        ("issuer/id", None),
        ("credentialStatus/type", None),
        ("credentialSubject/achievement", None),
        ("credentialSubject/achievement/criteria", None),
        ("credentialSubject/achievement/achievementType", "Schein"),
        ("credentialSubject/achievement/creator/type", ["Person"]),
        ("credentialSubject/achievement/inLanguage", "deutsch"),
        ("credentialSubject/identifier/0/identityHash", None),
        ("credentialSubject/identifier/1/identityType", "nickname"),
        ("credentialSubject/identifier/1/verein", "Ahlen"),
    ],
)
def test_a_badge_with_a_broken_member_is_refused(rules: Schemas, path: str, value: object) -> None:
    assert faults(rules, CREDENTIAL, broken(payload(held()), path, value))


@pytest.mark.parametrize("member", ["id", "type"])
def test_an_issuer_with_a_broken_member_is_refused(rules: Schemas, member: str) -> None:
    assert faults(rules, PROFILE, broken(achievements.profile(ISSUER), member, None))


@pytest.mark.parametrize("member", ["id", "type", "name", "description", "criteria"])
def test_an_achievement_with_a_broken_member_is_refused(db: Session, rules: Schemas, member: str) -> None:
    publish(db, manifest_of([LESSON], test=True))
    said = achievements.achievement(db, ISSUER, "kur_1", 1)
    assert faults(rules, ACHIEVEMENT, broken(said, member, None))


def test_no_schema_needs_more_than_is_checked_here(rules: Schemas) -> None:
    found = [(key, value) for each in rules.documents.values() for key, value in members(each)]
    formats = {value for key, value in found if key == "format"}
    assert formats == set(FORMATS.checkers) == {"date", "date-time"}
    assert all(value.startswith("#/$defs/") for key, value in found if key == "$ref")


def test_another_archive_is_none(rules: Schemas, folder: Path, tmp_path: Path) -> None:
    shelf, here = tmp_path / "shelf", tmp_path / "here"
    shelf.mkdir()
    here.mkdir()
    for path in folder.glob("*.tar.gz"):
        (shelf / path.name).write_bytes(path.read_bytes() + b"\0")
    assert schemas.kept(shelf, schemas.pinned()) is None
    elsewhere = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(shelf)}
    with pytest.raises(AssertionError, match="DO NOT MATCH THE HASHES"):
        schemas.fetch(here, schemas.pinned(), elsewhere)
    assert not list(here.glob("*.tar.gz"))


def test_without_a_network_it_is_said(tmp_path: Path) -> None:
    alone = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
    with pytest.raises(schemas.MissingError, match="the requirement openbadgeslib=="):
        schemas.fetch(tmp_path, schemas.pinned(), alone)


def faults(rules: Schemas, address: str, said: object) -> list[str]:
    """What the schema at an address says about a document as it travels."""
    return list(rules.faults(address, json.loads(json.dumps(said))))


def broken(said: Any, path: str, value: object) -> Any:
    """A copy with another value at a path; None: without that member."""
    changed = copy.deepcopy(said)
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    inside = changed
    for step in way:
        inside = inside[step]
    if value is None:
        del inside[last]
    else:
        inside[last] = value
    return changed


def texts(node: object) -> set[str]:
    """All texts of a document."""
    return {value for _key, value in members(node)}


def members(node: object) -> Iterator[tuple[str, str]]:
    """All members of a document, at any depth, whose value is a text."""
    if isinstance(node, dict):
        yield from ((key, value) for key, value in node.items() if isinstance(value, str))
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from members(child)
