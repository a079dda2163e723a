"""A course as metadata for search services: the Allgemeines Metadatenprofil für Bildungsressourcen (AMB).

The profile is that of the DINI-AG KIM, https://w3id.org/kim/amb/latest/: JSON-LD with schema.org's words and
values of published vocabularies. `timeRequired` is schema.org's; the profile names no planned duration.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from learn.courses.library import CourseRelease, CourseSheet

CONTEXT = "https://w3id.org/kim/amb/context.jsonld"
LICENSES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
}
ROLES = "http://purl.org/dcx/lrmi-vocabs/educationalAudienceRole/"
MODES = "http://purl.org/dcx/lrmi-vocabs/interactivityType/"
TOGETHER = re.compile(  # in a name of several people: the profile asks whether somebody is one person
    r"\b(Redaktion|Team|Projekt|Netzwerk|Stadt|Kreis|Gemeinde|Landkreis|Amt|Agentur|Verein|GmbH|Universität)\b"
)
Link = tuple[str, str]  # path and name


def described(
    release: CourseRelease,
    *,
    base: str,
    network: str,
    keywords: Sequence[str] = (),
    paths: Iterable[Link] = (),
) -> dict[str, Any]:
    """The course as people read it today. `base`: the absolute address of this installation, without `/`.

    `keywords` are names of topics, `paths` the Lernpfade that lead through the course.
    """
    tree, sheet = release.manifest, release.sheet
    language = sheet.language.partition("-")[0]  # the profile knows languages, no countries
    here, day = f"{base}/kurse/{tree.slug}", release.published_on.isoformat()
    publisher = {"id": f"{base}/", "type": "Organization", "name": network}
    found: dict[str, Any] = {
        "@context": [CONTEXT, {"@language": language}],
        "id": here,
        "type": ["LearningResource", "Course"],
        "name": tree.title,
        "description": sheet.outcome,
        "about": [
            _concept("https://w3id.org/kim/hochschulfaechersystematik/n29", "Verwaltungswissenschaften")
        ],
        "keywords": list(keywords),
        "inLanguage": [language],
        "image": f"{base}{sheet.image.src}" if sheet.image else "",
        "creator": _creators(sheet),
        "publisher": [publisher],
        "datePublished": day,
        "dateModified": day,
        "license": {"id": LICENSES[sheet.license]} if sheet.license in LICENSES else {},
        "isAccessibleForFree": True,
        "conditionsOfAccess": {"id": "http://w3id.org/kim/conditionsOfAccess/no_login", "type": "Concept"},
        "learningResourceType": [_concept("https://w3id.org/kim/hcrt/course", "Kurs")],
        "educationalLevel": [_concept("https://w3id.org/kim/educationalLevel/level_C", "Fortbildung")],
        "audience": [_concept(f"{ROLES}professional", "Fachleute")],
        "interactivityType": _concept(f"{MODES}mixed", "gemischt"),
        "timeRequired": f"PT{sheet.minutes}M" if sheet.minutes else "",
        "teaches": [
            {"id": f"{here}#ziel-{number}", "prefLabel": {language: goal}}
            for number, goal in enumerate(sheet.goals, 1)
        ],
        "hasPart": [_part(f"{here}/{lesson.slug}", lesson.title) for lesson in tree.lessons()],
        "isPartOf": [_part(f"{base}{href}", title) for href, title in paths],
        "mainEntityOfPage": [
            {"id": here, "type": "WebContent", "provider": publisher, "dateModified": day},
        ],
    }
    return {name: value for name, value in found.items() if value not in ("", [], {})}


def _creators(sheet: CourseSheet) -> list[dict[str, str]]:
    towns = [{"type": "Organization", "name": sheet.municipality}] if sheet.municipality else []
    named = ({"type": _kind(name), "name": name} for name in sheet.authors)
    return [*named, *towns]


def _kind(author: str) -> str:
    """`autoren` are names alone: those of editors as a group bear one of these words."""
    return "Organization" if TOGETHER.search(author) else "Person"


def _concept(identity: str, label: str) -> dict[str, Any]:
    return {"id": identity, "type": "Concept", "prefLabel": {"de": label}}


def _part(address: str, title: str) -> dict[str, Any]:
    return {"id": address, "type": ["LearningResource"], "name": title}
