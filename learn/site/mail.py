"""Mails of the joining pages."""

from learn.config import Config
from learn.core.mail import Message


def barrier_report(config: Config, *, page: str, text: str, email: str) -> Message:
    """A reported barrier, to the contact of the network, else to the sender address."""
    lines = [
        "Jemand hat eine Barriere gemeldet.",
        "",
        f"Seite: {page or 'nicht angegeben'}",
        f"Antwort an: {email or 'keine Antwort gewünscht'}",
        "",
        text,
    ]
    return Message(
        to=config.contact or config.mail_from, subject="Gemeldete Barriere", text="\n".join(lines) + "\n"
    )
