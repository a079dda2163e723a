"""Forms for a town: what the Koordination keeps of it, its role, a mail domain."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, ValidationError

from learn.core import clock
from learn.network import parse
from learn.network.models import Municipality
from learn.network.topics import names

ROLES = (
    ("pionier", _("Pionierkommune: beantwortet Fragen zu ihren Themen und darf Kontakte nennen.")),
    ("mitglied", _("Mitglied: liest und schreibt im ganzen Netzwerk.")),
    ("gast", _("Gast: liest und schreibt nur, was öffentlich ist.")),
)
PHASES = (
    ("", _("keine Angabe")),
    ("idee", _("Idee")),
    ("konzept", _("Konzept")),
    ("vergabe", _("Vergabe")),
    ("betrieb", _("Betrieb")),
)


# The words stand in the templates; WTForms takes plain values, which its stubs do not know yet.
PHASE_VALUES: Any = ["", *parse.PHASES]
ROLE_VALUES: Any = list(parse.ROLES)


def stripped(text: str | None) -> str:
    """Copied values bring blanks along."""
    return (text or "").strip()


def topic_values() -> Any:
    """The topics there are; asked for each form."""
    return list(names())


class Details(FlaskForm):  # type: ignore[misc]
    """Mailbox, phase, topics and population of a town; all of it is public."""

    mailbox = StringField(
        _("Funktionspostfach"),
        description=_("Steht öffentlich auf der Seite der Kommune, zum Beispiel smartcity@stadt.de."),
        filters=[stripped],
    )
    phase = SelectField(_("Phase"), choices=PHASE_VALUES)
    topic = SelectMultipleField(_("Themen"), choices=topic_values)
    population = StringField(_("Einwohner"), description=_("Eine Zahl ohne Punkte."), filters=[stripped])
    population_day = StringField(
        _("Stand"), description=_("Ein Tag wie 30.06.2023; leer, wenn unbekannt."), filters=[stripped]
    )
    population_verified = BooleanField(
        _("Eine Quelle belegt die Zahl"),
        description=_("Ohne Beleg steht auf den Seiten nur die Größenklasse."),
    )

    def validate_mailbox(self, field: Field) -> None:
        try:
            parse.mailbox(field.data)
        except ValueError:
            raise ValidationError(_("Geben Sie eine Adresse wie smartcity@stadt.de ein.")) from None

    def validate_population(self, field: Field) -> None:
        try:
            parse.number(field.data)
        except ValueError:
            raise ValidationError(_("Geben Sie eine Zahl ohne Punkte ein.")) from None

    def validate_population_day(self, field: Field) -> None:
        try:
            found = day_of(field.data)
        except ValueError:
            raise ValidationError(_("Geben Sie einen Tag wie 30.06.2023 ein.")) from None
        if found is not None and found > clock.today():
            raise ValidationError(_("Der Tag liegt in der Zukunft. Prüfen Sie das Jahr."))

    def values(self) -> dict[str, Any]:
        """The columns of the town, valid."""
        return {
            "mailbox": self.mailbox.data,
            "phase": self.phase.data,
            "population": parse.number(self.population.data or ""),
            "population_day": day_of(self.population_day.data or ""),
            "population_verified": self.population_verified.data,
        }


class Role(FlaskForm):  # type: ignore[misc]
    """What a town is in the network."""

    role = RadioField(_("Rolle im Netzwerk"), choices=ROLE_VALUES, validate_choice=False)

    def validate_role(self, field: Field) -> None:
        if field.data not in parse.ROLES:
            raise ValidationError(_("Wählen Sie eine Rolle aus."))


class Domain(FlaskForm):  # type: ignore[misc]
    """A mail domain to list; the service says whether it may be."""

    domain = StringField(
        _("Domain"),
        [
            InputRequired(_("Geben Sie eine Domain ein.")),
            Length(max=200, message=_("Kürzen Sie die Domain auf 200 Zeichen.")),
        ],
        description=_("Der Teil hinter dem @, zum Beispiel stadt-beispiel.de."),
        filters=[stripped],
    )


class Upload(FlaskForm):  # type: ignore[misc]
    """A list of towns as a file."""

    datei = FileField(
        _("CSV-Datei"),
        description=_(
            "UTF-8, Komma oder Semikolon, bis 900 KB. Spalten: %(names)s.", names=", ".join(parse.COLUMNS)
        ),
    )


def filled(town: Municipality, topics: tuple[str, ...]) -> Details:
    """The form with what is stored."""
    day = town.population_day
    return Details(
        formdata=None,
        mailbox=town.mailbox,
        phase=town.phase,
        topic=list(topics),
        population="" if town.population is None else str(town.population),
        population_day=f"{day:%d.%m.%Y}" if day else "",
        population_verified=town.population_verified,
    )


def day_of(text: str) -> date | None:
    """A day as `30.06.2023` or `2023-06-30`; None for nothing. Raises ValueError."""
    if not text:
        return None
    if text.count(".") == 2:
        number, month, year = (part.strip() for part in text.split("."))
        return date.fromisoformat(f"{year:0>4}-{month:0>2}-{number:0>2}")
    return date.fromisoformat(text)
