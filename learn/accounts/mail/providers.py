"""Letters about links to the service of one's town, so that a stranger's change does not stay unseen."""

from sqlalchemy.orm import Session

from learn.accounts.mail.joining import questions
from learn.accounts.models import Person
from learn.config import Config
from learn.core import clock, mail
from learn.core.i18n import day
from learn.core.letters import Letter, absolute, message
from learn.core.mail import Message

ON = (
    "Ihr Konto ist jetzt mit dem Anmeldedienst Ihrer Kommune verknüpft."
    " Damit melden Sie sich ohne das Passwort dieser Plattform an."
)
OFF = (
    "Ihr Konto ist nicht mehr mit dem Anmeldedienst Ihrer Kommune verknüpft."
    " Alle anderen Geräte sind abgemeldet."
)
NOT_YOU = (
    "Waren Sie das nicht? Dann legen Sie sofort ein neues Passwort fest, prüfen Sie unter"
    " „Anmeldung und Geräte“, was verknüpft ist, und sagen Sie Bescheid."
)
CHANGES = {"on": ("Ihr Konto ist verknüpft", ON), "off": ("Verknüpfung gelöst", OFF)}


def tell(session: Session, config: Config, person: Person, change: str, *, device: str) -> None:
    """Send the letter about a change, in the transaction of the change."""
    mail.send(session, changed(config, person.email, change, device=device))


def changed(config: Config, to: str, change: str, *, device: str) -> Message:
    """What was changed, when and with what kind of browser. `change` is a key of CHANGES."""
    subject, happened = CHANGES[change]
    at = clock.local(clock.now())
    letter = Letter(
        subject,
        (
            happened,
            f"Wann: {day(at.date())}, {at:%H:%M} Uhr\nGerät: {device}",
            "Waren Sie das? Dann ist nichts zu tun.",
            NOT_YOU,
        ),
        ("Neues Passwort festlegen", absolute(config, "/passwort-vergessen")),
        (questions(config),),
        reason=f"„{config.network_name}“ hat diese E-Mail automatisch verschickt, weil sich Ihre Anmeldung"
        " geändert hat.",
    )
    return message(config, to, letter)
