"""Letters about joining and forgotten passwords; none repeats what somebody typed about another."""

from collections.abc import Collection
from datetime import datetime

from learn.config import Config
from learn.core.clock import local
from learn.core.i18n import day
from learn.core.letters import Letter, absolute, message
from learn.core.mail import Message

ROLE_NAMES = {
    "expert": "Kontakt für Themen",
    "trainer": "Lernbegleitung",
    "coordinator": "Koordination",
    "operator": "Betrieb",
}
NOT_YOU = "Waren Sie das nicht? Dann löschen Sie diese E-Mail. Es geschieht nichts."


def until(instant: datetime) -> str:
    """The last day and minute of a link."""
    at = local(instant)
    return f"Der Link gilt bis {day(at.date())}, {at:%H:%M} Uhr, und nur einmal."


def questions(config: Config) -> str:
    """Whom to ask."""
    if config.contact:
        return f"Fragen beantwortet {config.contact}."
    return f"Wen Sie fragen können, steht unter {absolute(config, '/hilfe')}"


def confirm_registration(config: Config, to: str, *, town: str, token: str, ends: datetime) -> Message:
    """The link that proves the address of somebody who asked for an account."""
    letter = Letter(
        "Bestätigen Sie Ihre Adresse",
        (
            (
                f"mit dieser Adresse hat jemand ein Konto für {town} beantragt. Waren Sie das?"
                " Dann öffnen Sie den Link und geben Ihr Passwort noch einmal ein."
            ),
        ),
        ("Adresse bestätigen", absolute(config, f"/registrieren/{token}")),
        (until(ends), NOT_YOU),
    )
    return message(config, to, letter)


def already_here(config: Config, to: str) -> Message:
    """To somebody who asked for an account and has one."""
    letter = Letter(
        "Sie haben schon ein Konto",
        (
            "mit dieser Adresse hat jemand ein Konto beantragt. Es gibt schon eines: Melden Sie sich an.",
            f"Passwort vergessen? Ein neues legen Sie hier fest:\n{absolute(config, '/passwort-vergessen')}",
        ),
        ("Anmelden", absolute(config, "/anmelden")),
        (NOT_YOU,),
    )
    return message(config, to, letter)


def disabled(config: Config, to: str) -> Message:
    """To somebody whose account was disabled."""
    letter = Letter(
        "Ihr Konto ist gesperrt",
        (
            (
                "mit dieser Adresse wollte jemand ein Konto anlegen oder das Passwort neu setzen."
                " Das Konto zu dieser Adresse ist gesperrt."
            ),
            f"Die Koordination kann es wieder öffnen. {questions(config)}",
        ),
        after=(NOT_YOU,),
    )
    return message(config, to, letter)


def closed(config: Config, to: str) -> Message:
    """To somebody who has closed her account and not been erased yet."""
    letter = Letter(
        "Ihr Konto ist geschlossen",
        (
            (
                "mit dieser Adresse wollte jemand ein Konto anlegen oder das Passwort neu setzen."
                " Sie haben Ihr Konto geschlossen. Es wird bald gelöscht."
            ),
            (
                "Wollen Sie es behalten? Der Link in der E-Mail über die Löschung macht sie rückgängig."
                " Danach gilt Ihr bisheriges Passwort."
            ),
            "Nach der Löschung können Sie sich neu registrieren.",
        ),
        after=(NOT_YOU, questions(config)),
    )
    return message(config, to, letter)


def accepted(config: Config, to: str, *, town: str) -> Message:
    """The Koordination has agreed to an account."""
    letter = Letter(
        "Ihr Konto ist angelegt",
        (
            (
                f"die Koordination hat zugestimmt: Sie gehören jetzt zu {town}."
                " Melden Sie sich mit dem Passwort an, das Sie bei der Registrierung gewählt haben."
            ),
        ),
        ("Anmelden", absolute(config, "/anmelden")),
        (questions(config),),
    )
    return message(config, to, letter)


def moved(config: Config, to: str, *, town: str) -> Message:
    """The Koordination has agreed to a change of Kommune."""
    letter = Letter(
        "Sie gehören jetzt zu einer anderen Kommune",
        (
            (
                f"die Koordination hat dem Wechsel zugestimmt: Sie gehören jetzt zu {town}."
                " Ihr Lernstand ist geblieben. Melden Sie sich wieder an."
            ),
        ),
        ("Anmelden", absolute(config, "/anmelden")),
        (questions(config),),
    )
    return message(config, to, letter)


def declined(config: Config, to: str, *, reason: str) -> Message:
    """The Koordination has not agreed; `reason` is one of its fixed sentences."""
    letter = Letter(
        "Ihre Anfrage an die Koordination",
        (f"die Koordination hat Ihrer Anfrage nicht zugestimmt. {reason}",),
        after=(
            f"Alle Kurse lesen Sie auch ohne Konto: {absolute(config, '/kurse')}",
            questions(config),
        ),
    )
    return message(config, to, letter)


def invitation(
    config: Config, to: str, *, town: str, roles: Collection[str], token: str, ends: datetime
) -> Message:
    """An invitation to a person; nothing is stored about her before she accepts."""
    names = [ROLE_NAMES[role] for role in sorted(roles) if role in ROLE_NAMES]
    sentences = [
        f"die Koordination von „{config.network_name}“ lädt Sie{f' für {town}' if town else ''} ein."
    ]
    if names:
        sentences.append(f"Ihre Aufgabe im Netzwerk: {', '.join(names)}.")
    sentences.append("Öffnen Sie den Link und wählen Sie ein Passwort. Das dauert zwei Minuten.")
    letter = Letter(
        f"Einladung zu {config.network_name}",
        (
            " ".join(sentences),
            (
                "Hier lernen Kommunen von Kommunen: kurze Kurse, Fragen und Antworten."
                " Nur Sie sehen, was Sie gelernt haben."
            ),
        ),
        ("Einladung annehmen", absolute(config, f"/einladung/{token}")),
        (until(ends), f"Kein Interesse? Dann löschen Sie diese E-Mail. {questions(config)}"),
    )
    return message(config, to, letter)


def reset(config: Config, to: str, *, token: str, ends: datetime) -> Message:
    """The link for a new password."""
    letter = Letter(
        "Neues Passwort festlegen",
        ("für Ihr Konto wurde ein neues Passwort angefordert. Waren Sie das? Dann öffnen Sie den Link.",),
        ("Neues Passwort festlegen", absolute(config, f"/passwort/{token}")),
        (until(ends), "Waren Sie das nicht? Dann löschen Sie diese E-Mail. Ihr Passwort bleibt."),
    )
    return message(config, to, letter)
