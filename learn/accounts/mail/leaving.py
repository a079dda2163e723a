"""Letters about the end of an account."""

from datetime import date

from learn.accounts.mail.joining import questions
from learn.config import Config
from learn.core.i18n import day
from learn.core.letters import Letter, absolute, message
from learn.core.mail import Message

OWN_WISH = (
    "Sie haben Ihr Konto geschlossen. Es ist ab sofort für niemanden mehr sichtbar.",
    "Wollen Sie es behalten? Bis dahin macht der Link die Löschung rückgängig.",
)
WITHOUT_TOWN = (
    "Ihr Konto gehört seit einem Jahr zu keiner Kommune. Deshalb ist es jetzt geschlossen.",
    "Wollen Sie es behalten? Der Link öffnet es wieder. Danach haben Sie ein weiteres Jahr für eine Kommune.",
)
STAFF = (
    "Die Koordination hat Ihr Konto geschlossen. Es ist ab sofort für niemanden mehr sichtbar.",
    "Wollen Sie es behalten? Bis dahin macht der Link die Löschung rückgängig.",
)


def closed(config: Config, to: str, *, token: str, ends: date, wish: tuple[str, str] = OWN_WISH) -> Message:
    """The account is closed and will be erased on a day; until then the link undoes that."""
    first, second = wish
    letter = Letter(
        f"Ihr Konto wird am {day(ends)} gelöscht",
        (
            first,
            f"Am {day(ends)} löschen wir es mit allem, was dazu gehört: Name, Adresse, Lernstand, Fahrpläne.",
            second,
        ),
        ("Löschung rückgängig machen", absolute(config, f"/konto-zurueck/{token}")),
        (
            "Soll das Konto gelöscht werden? Dann ist nichts zu tun.",
            f"Waren Sie das nicht? Dann öffnen Sie den Link. {questions(config)}",
        ),
        reason=f"„{config.network_name}“ hat diese E-Mail automatisch verschickt, weil Ihr Konto endet.",
    )
    return message(config, to, letter)
