"""Names of topics for pages that only show them: the vocabulary as this process knows it."""

from collections.abc import Mapping

from learn.network import vocabulary

TOPICS: Mapping[str, str] = {  # with which a new network starts
    "sensorik": "Sensorik",
    "datenplattform": "Datenplattform",
    "offene-daten": "Offene Daten",
    "datenschutz": "Datenschutz",
    "beteiligung": "Beteiligung",
    "klima": "Klima",
    "ki": "KI",
    "steuerung": "Steuerung",
    "open-source": "Open Source",
    "kooperation": "Zusammenarbeit",
    "it-sicherheit": "IT-Sicherheit",
    "mobilitaet": "Mobilität",
}


def names() -> Mapping[str, str]:
    """All topics in their order: name by slug. Renamed ones show within ten seconds, here at once."""
    found = vocabulary.known()
    return found.names if found is not None else TOPICS


def topic_name(slug: str) -> str:
    """The name of a topic; an unknown one is shown as written."""
    return names().get(slug, slug)


def by_name() -> list[tuple[str, str]]:
    """All topics in alphabetical order, for fields and filters."""
    return sorted(names().items(), key=lambda topic: topic[1].casefold())
