"""Letters about what staff did with an account."""

from learn.accounts.mail.joining import questions
from learn.config import Config
from learn.core.letters import Letter, absolute, message
from learn.core.mail import Message


def second_factor_removed(config: Config, to: str) -> Message:
    """Staff removed the authenticator app, because somebody said that it is lost."""
    letter = Letter(
        "Authenticator-App entfernt",
        (
            (
                "die Verwaltung des Netzwerks hat die Authenticator-App Ihres Kontos entfernt."
                " Das Passwort allein genügt wieder. Sie sind auf allen Geräten abgemeldet."
            ),
            "Haben Sie darum gebeten? Dann melden Sie sich an und richten Sie eine neue App ein.",
            (
                "Haben Sie nicht darum gebeten? Dann legen Sie sofort ein neues Passwort fest und sagen Sie"
                " Bescheid."
            ),
        ),
        ("Neues Passwort festlegen", absolute(config, "/passwort-vergessen")),
        (questions(config),),
        reason=f"„{config.network_name}“ hat diese E-Mail automatisch verschickt, weil sich Ihre Anmeldung"
        " geändert hat.",
    )
    return message(config, to, letter)
