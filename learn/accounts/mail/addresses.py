"""Letters about a new address: to the present one, to the new one, and when it counts."""

from datetime import datetime

from learn.accounts.mail.joining import NOT_YOU, questions, until
from learn.config import Config
from learn.core.letters import Letter, absolute, message
from learn.core.mail import Message


def confirm_address(config: Config, to: str, *, token: str, ends: datetime) -> Message:
    """To the new address."""
    letter = Letter(
        "Bestätigen Sie Ihre neue Adresse",
        (
            (
                "für ein Konto wurde diese E-Mail-Adresse angegeben. Waren Sie das? Dann öffnen Sie den Link."
                " Melden Sie sich dort noch mit Ihrer bisherigen Adresse an."
            ),
        ),
        ("Neue Adresse bestätigen", absolute(config, f"/adresse/{token}")),
        (until(ends), NOT_YOU),
    )
    return message(config, to, letter)


def address_in_use(config: Config, to: str) -> Message:
    """To a new address that belongs to another account already."""
    letter = Letter(
        "Diese Adresse hat schon ein Konto",
        (
            (
                "für ein anderes Konto wurde diese E-Mail-Adresse angegeben. Sie gehört schon zu einem Konto,"
                " deshalb ändert sich nichts."
            ),
        ),
        ("Anmelden", absolute(config, "/anmelden")),
        (NOT_YOU, questions(config)),
    )
    return message(config, to, letter)


def address_notice(config: Config, to: str) -> Message:
    """To the present address, as soon as another one is asked for."""
    letter = Letter(
        "Ihre Adresse soll sich ändern",
        (
            (
                "für Ihr Konto wurde eine neue E-Mail-Adresse angegeben."
                " Sie gilt, sobald sie dort bestätigt ist. Bis dahin bleibt diese."
            ),
            f"Waren Sie das nicht? Dann ändern Sie Ihr Passwort und sagen Sie Bescheid. {questions(config)}",
        ),
        ("Passwort ändern", absolute(config, "/konto/anmeldung")),
    )
    return message(config, to, letter)


def readdressed(config: Config, to: str) -> Message:
    """The Koordination has agreed to a new address; goes there."""
    letter = Letter(
        "Ihre neue Adresse gilt",
        ("die Koordination hat zugestimmt. Ab jetzt melden Sie sich mit dieser Adresse an.",),
        ("Anmelden", absolute(config, "/anmelden")),
        (questions(config),),
    )
    return message(config, to, letter)
