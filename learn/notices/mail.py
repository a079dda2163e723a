"""The letter that shows whether an address takes mail."""

from learn.config import Config
from learn.core.letters import Letter, absolute, message
from learn.core.mail import Message


def trial(config: Config, to: str) -> Message:
    """Asked for by the person herself; sent also where mail was refused before."""
    letter = Letter(
        "Testmail",
        ("diese E-Mail zeigt: Ihre Adresse nimmt E-Mails an. Der Hinweis auf den Seiten ist damit weg.",),
        ("E-Mails einstellen", absolute(config, "/konto/mitteilungen")),
        reason="Sie haben in Ihrem Konto um diese E-Mail gebeten.",
    )
    return message(config, to, letter)
