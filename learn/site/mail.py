"""Mails of the joining pages."""

from learn.config import Config
from learn.core.letters import Letter, message
from learn.core.mail import Message


def barrier_report(config: Config, *, page: str, text: str, email: str) -> Message:
    """A reported barrier, to the contact of the network, else to the sender address."""
    letter = Letter(
        "Gemeldete Barriere",
        (
            "jemand hat eine Barriere gemeldet.",
            f"Seite: {page or 'nicht angegeben'}\nAntwort an: {email or 'keine Antwort gewünscht'}",
            text,
        ),
    )
    return message(config, config.contact or config.mail_from, letter)
