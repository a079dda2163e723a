"""The rules of Open Badges 3.0 as far as our badges use them; written from its text and its JSON schemas.

Source: 1EdTech, Open Badges Specification 3.0, https://www.imsglobal.org/spec/ob/v3p0/, and its schemas
ob_v3p0_achievementcredential_schema.json and ob_v3p0_profile_schema.json; W3C, Bitstring Status List v1.0.
Each rule names what it restates. They ask for more than the schemas, to which test_badge_schemas.py holds the
same documents: addresses are absolute URIs, nothing unknown stands in there, claims and header match.
"""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

Rule = Callable[[Any], bool]
CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json")
ACHIEVEMENT_TYPES = {"Badge", "Course", "CertificateOfCompletion", "LearningProgram", "Achievement"}
IDENTIFIERS = {"name", "emailAddress"}  # of IdentifierTypeEnum
HASH = re.compile(r"(md5|sha256)\$[0-9a-fA-F]{32,64}")  # IdentityHash
HEADERS = {"alg", "kid", "jwk", "typ"}  # section 8.2.3: "Additional JOSE Headers are NOT allowed"
SECRET = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}  # members of a private JWK (RFC 7518, section 6)


def text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def uri(value: Any) -> bool:
    """URI: absolute (RFC 3986)."""
    return text(value) and bool(urlsplit(value).scheme and urlsplit(value).netloc) and value.isascii()


def moment(value: Any) -> bool:
    """DateTimeZ: "A DateTime with the trailing timezone specifier included"."""
    return text(value) and datetime.fromisoformat(value).tzinfo is not None


def typed(name: str) -> Rule:
    """`type`: a set without repetitions that contains this one."""
    return lambda value: isinstance(value, list) and name in value and len(set(value)) == len(value)


def thing(required: Mapping[str, Rule], optional: Mapping[str, Rule]) -> Callable[[Any], Iterator[str]]:
    """What is wrong with an object: what is missing, what breaks its rule, what no rule knows."""

    def faults(value: Any) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield "no object"
            return
        yield from (f"{name} is missing" for name in required if name not in value)
        for name, each in value.items():
            rule = {**required, **optional}.get(name)
            if rule is None:
                yield f"{name} is unknown"
            elif not rule(each):
                yield f"{name} is wrong: {each!r}"

    return faults


def is_a(faults: Callable[[Any], Iterator[str]]) -> Rule:
    return lambda value: not list(faults(value))


# Profile: required id, type
profile = thing({"id": uri, "type": typed("Profile")}, {"name": text, "url": uri})
# Criteria: neither member is required; one of them says something
criteria = thing({"narrative": text}, {"id": uri})
# Achievement: required id, type, criteria, description, name
achievement = thing(
    {
        "id": uri,
        "type": typed("Achievement"),
        "criteria": is_a(criteria),
        "description": text,
        "name": text,
    },
    {
        "achievementType": lambda value: value in ACHIEVEMENT_TYPES,
        "creator": is_a(profile),
        "inLanguage": lambda value: re.fullmatch("[a-z]{2,4}(-[A-Z]{2})?", value) is not None,
        "version": text,
    },
)
# IdentityObject: required type, hashed, identityHash, identityType; "additionalProperties": false
identity = thing(
    {
        "type": lambda value: value == "IdentityObject",
        "hashed": lambda value: isinstance(value, bool),
        "identityHash": text,
        "identityType": lambda value: value in IDENTIFIERS,
    },
    {"salt": text},
)


def identities(value: Any) -> bool:
    """`identifier`: IdentityObjects; a hashed one is a hash, named with its algorithm."""
    return bool(value) and all(
        is_a(identity)(each) and (not each["hashed"] or HASH.fullmatch(each["identityHash"]) is not None)
        for each in value
    )


# AchievementSubject: required type, achievement; "Either id or at least one identifier MUST be supplied"
subject = thing(
    {"id": uri, "type": typed("AchievementSubject"), "achievement": is_a(achievement)},
    {"identifier": identities},
)
# BitstringStatusListEntry (Bitstring Status List v1.0, section 2.1)
entry = thing(
    {
        "type": lambda value: value == "BitstringStatusListEntry",
        "statusPurpose": lambda value: value == "revocation",
        "statusListIndex": lambda value: isinstance(value, str) and value.isascii() and value.isdigit(),
        "statusListCredential": uri,
    },
    {"id": uri},
)


def contexts(value: Any) -> bool:
    """`@context`: the one of credentials first, that of Open Badges second."""
    first, second = value
    return first == CREDENTIALS and OPEN_BADGES.fullmatch(second) is not None


# AchievementCredential: required @context, id, type, credentialSubject, issuer, validFrom
credential = thing(
    {
        "@context": contexts,
        "id": uri,
        "type": lambda value: typed("VerifiableCredential")(value) and "OpenBadgeCredential" in value,
        "credentialSubject": is_a(subject),
        "issuer": is_a(profile),
        "validFrom": moment,
    },
    {"name": text, "awardedDate": moment, "credentialStatus": is_a(entry)},
)
# BitstringStatusListCredential (section 2.2)
bits = thing(
    {
        "type": lambda value: value == "BitstringStatusList",
        "statusPurpose": lambda value: value == "revocation",
        "encodedList": lambda value: re.fullmatch("u[A-Za-z0-9_-]+", value) is not None,
    },
    {"id": uri, "ttl": lambda value: isinstance(value, int) and value >= 0},
)
status_list = thing(
    {
        "@context": lambda value: value[0] == CREDENTIALS,
        "type": lambda value: (
            typed("VerifiableCredential")(value) and "BitstringStatusListCredential" in value
        ),
        "issuer": uri,
        "credentialSubject": is_a(bits),
    },
    {"id": uri, "validFrom": moment, "validUntil": moment},
)


def header(value: Mapping[str, Any]) -> Iterator[str]:
    """JOSE header, section 8.2.3."""
    yield from (f"{name} is not allowed" for name in value.keys() - HEADERS)
    if "alg" not in value:
        yield "alg is missing"
    if "kid" not in value and "jwk" not in value:
        yield "neither kid nor jwk"
    if value.get("typ", "JWT") != "JWT":
        yield "typ MUST be JWT"
    if "kid" in value and not uri(value["kid"]):
        yield "kid is no URI"
    if SECRET & set(value.get("jwk", {})):
        yield "The JWK MUST never contain d"


def claims(payload: Mapping[str, Any]) -> Iterator[str]:
    """Registered claims, sections 8.2.4.1 and 8.2.6.1; the payload is the credential itself."""
    wanted = {
        "iss": payload["issuer"]["id"],
        "jti": payload["id"],
        "sub": payload["credentialSubject"]["id"],
        "nbf": int(datetime.fromisoformat(payload["validFrom"]).timestamp()),
    }
    yield from (f"{name} does not match" for name, value in wanted.items() if payload.get(name) != value)
    if "vc" in payload:
        yield "vc belongs to credentials 1.1"


def body(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The credential without the claims beside it."""
    return {key: value for key, value in payload.items() if key not in {"iss", "jti", "sub", "nbf", "exp"}}


def decoded(part: str) -> bytes:
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
