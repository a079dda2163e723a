"""A Nachweis as an OpenBadgeCredential by 1EdTech's Open Badges 3.0 and W3C's credentials 2.0; pure.

The JWT's payload is the credential itself with the claims of section 8.2.4.1 beside its members: what
Open Badges 3.0 calls VC-JWT for credentials 2.0, without the `vc` claim of version 1.1.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from learn.core import clock
from learn.learning.certificates import LIST, Held
from learn.learning.sheets import Sheet

TYPE = "JWT"  # section 8.2.3: `typ`, "If present, MUST be set to JWT"
CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
CONTEXTS = [CREDENTIALS, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
LANGUAGE = "de"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: this installation, known by its address and the network's name."""

    base_url: str
    network: str

    @property
    def id(self) -> str:
        return f"{self.base_url}/nachweise/aussteller"

    def key(self, kid: str) -> str:
        """Where the public key lies as a JWK by itself (section 8.5: dereferencing the public key)."""
        return f"{self.base_url}/.well-known/jwks.json?kid={kid}"

    def achievement(self, course_id: str, edition: int) -> str:
        return f"{self.base_url}/nachweise/leistungen/{course_id}/{edition}"

    def status_list(self, number: int) -> str:
        return f"{self.base_url}/nachweise/widerruf/{number}"

    def page(self, code: str) -> str:
        """The page where everybody who knows the code checks the Nachweis."""
        return f"{self.base_url}/nachweise/{code}"

    def profile(self) -> Json:
        return {"id": self.id, "type": ["Profile"], "name": self.network, "url": self.base_url}


def payload(issuer: Issuer, held: Held, identity: Json | None) -> Json:
    """The credential of a Nachweis with the registered claims beside it."""
    body = document(issuer, held, identity)
    claims = {
        "iss": issuer.id,
        "jti": body["id"],
        "nbf": int(midnight(held.issued_on).timestamp()),
        "sub": body["credentialSubject"]["id"],
    }
    return {**body, **claims}


def document(issuer: Issuer, held: Held, identity: Json | None) -> Json:
    """The OpenBadgeCredential of a Nachweis."""
    return {
        "@context": CONTEXTS,
        "id": issuer.page(held.code),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": held.sheet.title,
        "issuer": issuer.profile(),
        "validFrom": midnight(held.issued_on).isoformat(),
        "awardedDate": midnight(held.completed_on).isoformat(),
        "credentialSubject": subject(issuer, held, identity),
        "credentialStatus": entry(issuer, held.position),
    }


def subject(issuer: Issuer, held: Held, identity: Json | None) -> Json:
    """Whose it is: known by this Nachweis alone, by the hash of an address, by a name where she says so."""
    named = [{"type": "IdentityObject", "hashed": False, "identityType": "name", "identityHash": held.name}]
    identities = [*([identity] if identity else []), *(named if held.named else [])]
    found: Json = {
        "id": f"{issuer.page(held.code)}#person",
        "type": ["AchievementSubject"],
        "achievement": achievement(issuer, held.course_id, held.edition, held.sheet),
    }
    return {**found, "identifier": identities} if identities else found


def identity(email: str, salt: str) -> Json:
    """An address that only who knows it already finds in there (IdentityHash: SHA-256 over address and salt).

    The address counts in lower case.
    """
    digest = hashlib.sha256((email.strip().lower() + salt).encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityType": "emailAddress",
        "identityHash": f"sha256${digest}",
        "salt": salt,
    }


def achievement(issuer: Issuer, course_id: str, edition: int, sheet: Sheet) -> Json:
    """What was achieved: an edition of a course. Names nobody who learns."""
    return {
        "id": issuer.achievement(course_id, edition),
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": sheet.title,
        "description": sheet.outcome or sheet.title,
        "criteria": {"narrative": criteria(sheet, edition)},
        "creator": issuer.profile(),
        "inLanguage": LANGUAGE,
        "version": str(edition),
    }


def criteria(sheet: Sheet, edition: int) -> str:
    """What it took, in Markdown."""
    required = sum(lesson.required for module in sheet.modules for lesson in module.lessons)
    lessons = "Die Pflichtlektion" if required == 1 else f"Alle {required} Pflichtlektionen"
    test = " und den Abschlusstest bestanden" if sheet.test else ""
    said = f"{lessons} des Kurses abgeschlossen{test}. Geplante Lernzeit: {sheet.minutes} Minuten."
    contents = "\n".join(f"- {plain(module.title)}" for module in sheet.modules)
    return f"{said} Ausgabe {edition}.\n\nInhalte:\n\n{contents}"


def plain(words: str) -> str:
    """A title as Markdown reads it back: nothing in it is a sign."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|~" else sign for sign in " ".join(words.split()))


def entry(issuer: Issuer, position: int) -> Json:
    """Where its revocation would be seen (Bitstring Status List v1.0, section 2.1)."""
    number, index = divmod(position, LIST)
    address = issuer.status_list(number)
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def midnight(day: date) -> datetime:
    """The beginning of a day here: credentials ask for an instant, we know days only."""
    return datetime.combine(day, time(), clock.BERLIN)
