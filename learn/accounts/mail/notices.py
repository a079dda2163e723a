"""Letters people chose to get: what happens in their Klasse, and requests that wait for the Koordination."""

from collections.abc import Sequence

from learn.config import Config
from learn.core.letters import Letter, absolute, message
from learn.core.mail import Message

SETTINGS = "/konto/mitteilungen"
REASON = "Sie haben diese E-Mails gewählt. Hier ändern Sie das:\n%s"


def open_requests(config: Config, to: str, *, number: int) -> Message:
    """How many requests are open; names and addresses stay behind the sign-in."""
    waits = "wartet eine Anfrage" if number == 1 else f"warten {number} Anfragen"
    letter = Letter(
        "Eine Anfrage ist offen" if number == 1 else f"{number} Anfragen sind offen",
        (f"bei der Koordination {waits}: ein neues Konto, eine andere Kommune oder eine andere Adresse.",),
        ("Anfragen ansehen", absolute(config, "/verwaltung/anfragen")),
        reason=REASON % absolute(config, SETTINGS),
        settings=absolute(config, SETTINGS),
    )
    return message(config, to, letter)


def cohort_news(config: Config, to: str, *, cohort_id: int, name: str, sentences: Sequence[str]) -> Message:
    """What has changed in a Klasse, a sentence each."""
    letter = Letter(
        f"Neues in der Klasse „{name}“",
        (f"in Ihrer Klasse „{name}“ hat sich etwas getan:", *sentences),
        ("Klasse ansehen", absolute(config, f"/klassen/{cohort_id}")),
        reason=REASON % absolute(config, SETTINGS),
        settings=absolute(config, SETTINGS),
    )
    return message(config, to, letter)
