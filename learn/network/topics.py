"""The controlled vocabulary of topics that courses (and later questions) share."""

TOPICS: dict[str, str] = {
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


def topic_name(slug: str) -> str:
    """The name of a topic; an unknown one is shown as written."""
    return TOPICS.get(slug, slug)
