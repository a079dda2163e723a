"""The rules of the AMB, version 20231019, as far as our metadata use them; written from its text and schemas.

Source: DINI-AG KIM, Allgemeines Metadatenprofil für Bildungsressourcen, https://w3id.org/kim/amb/20231019/,
CC0; each rule names the schema it restates. We found no package that carries the schemas.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

Rule = Callable[[Any], bool]
REQUIRED = ("@context", "id", "name", "type")  # schema.json: "required"
TYPES = frozenset(  # type.json: subclasses of CreativeWork, those of ours
    {
        "LearningResource",
        "Course",
        "Book",
        "Collection",
        "Quiz",
        "WebContent",
        "WebPage",
        "TextDigitalDocument",
    }
)
LICENSE = re.compile(r"https?://creativecommons\.org/(licenses|licences|publicdomain)/.*")  # license.json
HCRT = re.compile(r"http://w3id\.org/openeduhub/vocabs/new_lrt/.*|https://w3id\.org/kim/hcrt/.*")
ABOUT = re.compile(
    r"https://w3id\.org/kim/hochschulfaechersystematik/.*|http://w3id\.org/kim/schulfaecher/.*"
)
LEVEL = re.compile(r"https://w3id\.org/kim/educationalLevel/.*")  # educationalLevel.json
ACCESS = {f"http://w3id.org/kim/conditionsOfAccess/{name}" for name in ("no_login", "login")}
MODES = {
    f"http://purl.org/dcx/lrmi-vocabs/interactivityType/{name}" for name in ("active", "expositive", "mixed")
}
EXTRA = {"timeRequired"}  # of schema.org; the schemas allow further properties


def text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def uri(value: Any) -> bool:
    """`format: uri` (RFC 3986): absolute."""
    return text(value) and bool(urlsplit(value).scheme and urlsplit(value).netloc) and " " not in value


def language(value: Any) -> bool:
    """language.json: two letters of ISO 639-1."""
    return isinstance(value, str) and re.fullmatch("[a-z]{2}", value) is not None


def day(value: Any) -> bool:
    """iso8601date.json."""
    return isinstance(value, str) and date.fromisoformat(value).isoformat() == value


def localised(value: Any) -> bool:
    """localizedString.json: texts by language, nothing else."""
    return isinstance(value, Mapping) and all(language(key) and text(word) for key, word in value.items())


def listed(rule: Rule) -> Rule:
    """`type: array`."""
    return lambda value: isinstance(value, list) and all(rule(each) for each in value)


def thing(required: Mapping[str, Rule], allowed: Mapping[str, Rule]) -> Rule:
    """An object with these properties; those that the schema does not name are not ours either."""

    def rule(value: Any) -> bool:
        rules = {**required, **allowed}
        known = (
            isinstance(value, Mapping) and value.keys() <= rules.keys() and required.keys() <= value.keys()
        )
        return known and all(rules[name](each) for name, each in value.items())

    return rule


def concept(allowed: Rule = uri) -> Rule:
    """A value of a vocabulary: `type` is Concept, `prefLabel` localised."""
    return thing({"id": allowed}, {"type": lambda kind: kind == "Concept", "prefLabel": localised})


def matching(pattern: re.Pattern[str]) -> Rule:
    return lambda value: uri(value) and pattern.fullmatch(value) is not None


def context(value: Any) -> bool:
    """context-schema.json: the profile's context, and an object with `@language`."""
    address, *others = value
    named = [each for each in others if isinstance(each, Mapping)]
    return address == "https://w3id.org/kim/amb/context.jsonld" and all(
        language(n["@language"]) for n in named
    )


def types(value: Any) -> bool:
    """type.json: an array that contains LearningResource."""
    return isinstance(value, list) and "LearningResource" in value and set(value) <= TYPES


AGENT = thing(
    {"type": lambda kind: kind in {"Person", "Organization"}, "name": text},
    {"id": uri, "affiliation": lambda value: isinstance(value, Mapping), "honorificPrefix": text},
)
PART = thing({"id": uri}, {"type": types, "name": text})  # hasPart.json, isPartOf.json
PAGE = thing(  # mainEntityOfPage.json, provider.json
    {"id": uri},
    {
        "type": lambda kind: kind == "WebContent",
        "provider": thing({"id": uri}, {"type": text, "name": text}),
        "dateCreated": day,
        "dateModified": day,
    },
)
RULES: dict[str, Rule] = {
    "@context": context,
    "id": uri,
    "type": types,
    "name": text,
    "description": text,
    "about": listed(concept(matching(ABOUT))),
    "keywords": listed(text),
    "inLanguage": listed(language),
    "image": uri,
    "creator": listed(AGENT),
    "publisher": listed(AGENT),
    "dateCreated": day,
    "datePublished": day,
    "dateModified": day,
    "license": thing({"id": matching(LICENSE)}, {}),
    "isAccessibleForFree": lambda value: isinstance(value, bool),
    "conditionsOfAccess": concept(ACCESS.__contains__),
    "learningResourceType": listed(concept(matching(HCRT))),
    "educationalLevel": listed(concept(matching(LEVEL))),
    "audience": listed(concept()),
    "interactivityType": concept(MODES.__contains__),
    "teaches": listed(thing({"id": uri}, {"prefLabel": localised})),
    "hasPart": listed(PART),
    "isPartOf": listed(PART),
    "mainEntityOfPage": listed(PAGE),
}


def faults(record: Mapping[str, Any]) -> list[str]:
    """The properties that break the profile, those that are missing, and those that it does not know."""
    missing = [name for name in REQUIRED if name not in record]
    wrong = [name for name, value in record.items() if name in RULES and not RULES[name](value)]
    unknown = sorted(record.keys() - RULES.keys() - EXTRA)
    return [*missing, *wrong, *unknown]
