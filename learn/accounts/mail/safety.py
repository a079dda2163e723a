"""Letters about changes to the ways of signing in, so that a stranger's change does not stay unseen."""

from sqlalchemy.orm import Session

from learn.accounts.mail.joining import questions
from learn.accounts.models import Person
from learn.config import Config
from learn.core import clock, mail
from learn.core.i18n import day
from learn.core.letters import Letter, absolute, message
from learn.core.mail import Message

ENDED = " Alle anderen Geräte sind abgemeldet."
WHAT_ELSE = "Prüfen Sie danach unter „Anmeldung und Geräte“, was eingerichtet ist, und sagen Sie Bescheid."
CHANGES = {  # subject, and what happened; the device and the time are added
    "password": ("Ihr Passwort wurde geändert", "das Passwort Ihres Kontos wurde geändert." + ENDED),
    "app on": (
        "Authenticator-App eingerichtet",
        "für Ihr Konto wurde eine Authenticator-App eingerichtet. Nach dem Passwort wird ihr Code gefragt.",
    ),
    "app off": (
        "Authenticator-App entfernt",
        "die Authenticator-App Ihres Kontos wurde entfernt. Das Passwort allein genügt wieder." + ENDED,
    ),
    "codes": (
        "Neue Wiederherstellungscodes",
        "für Ihr Konto wurden neue Wiederherstellungscodes erzeugt. Die alten gelten nicht mehr.",
    ),
    "code used": (
        "Mit einem Wiederherstellungscode angemeldet",
        "statt eines Codes der App wurde ein Wiederherstellungscode benutzt. Er gilt nicht mehr.",
    ),
    "passkey on": ("Passkey hinzugefügt", "Ihrem Konto wurde ein Passkey hinzugefügt."),
    "service on": (
        "Ihr Konto ist verknüpft",
        "Ihr Konto ist jetzt mit dem Dienst Ihrer Kommune verknüpft. Damit genügt die Anmeldung dort.",
    ),
    "service off": (
        "Verknüpfung gelöst",
        "Ihr Konto ist nicht mehr mit dem Anmeldedienst Ihrer Kommune verknüpft." + ENDED,
    ),
    "passkey off": ("Passkey entfernt", "ein Passkey Ihres Kontos wurde entfernt." + ENDED),
    "password by staff": (
        "Der Betrieb hat Ihr Passwort neu gesetzt",
        "der Betrieb hat für Ihr Konto ein neues Passwort gesetzt. Alle Geräte sind abgemeldet.",
    ),
}
WERE_IT = (
    "Waren Sie das? Dann ist nichts zu tun.",
    f"Waren Sie das nicht? Dann legen Sie sofort ein neues Passwort fest. {WHAT_ELSE}",
)
ASKED_FOR = (
    "Haben Sie darum gebeten? Legen Sie trotzdem gleich ein eigenes Passwort fest, das sonst niemand kennt.",
    f"Haben Sie nicht darum gebeten? Dann legen Sie es sofort neu fest. {WHAT_ELSE}",
)


def tell(session: Session, config: Config, person: Person, change: str, *, device: str = "") -> None:
    """Send the letter about a change, in the transaction of the change."""
    mail.send(session, changed(config, person.email, change, device=device))


def changed(config: Config, to: str, change: str, *, device: str = "") -> Message:
    """What was changed, when and with what kind of browser; what to do if it was somebody else.

    `change` is a key of CHANGES, `device` a name such as `Firefox, Windows`; without one somebody else did
    it at the command line.
    """
    subject, happened = CHANGES[change]
    at = clock.local(clock.now())
    letter = Letter(
        subject,
        (
            happened,
            f"Wann: {day(at.date())}, {at:%H:%M} Uhr" + (f"\nGerät: {device}" if device else ""),
            *(WERE_IT if device else ASKED_FOR),
        ),
        ("Neues Passwort festlegen", absolute(config, "/passwort-vergessen")),
        (questions(config),),
        reason=f"„{config.network_name}“ hat diese E-Mail automatisch verschickt, weil sich Ihre Anmeldung"
        " geändert hat.",
    )
    return message(config, to, letter)
