"""Forms of the desk about one account."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from learn.accounts.forms_joining import stripped
from learn.accounts.reasons import REASONS
from learn.accounts.staff import Duties
from learn.core.i18n import gettext

OF_DUTIES = ("aufgabe", "wunsch", "ausgeschieden", "regeln", "versehen")
OF_TOWNS = ("wunsch", "aufgabe", "versehen")


def reason(keys: tuple[str, ...]) -> StringField:
    """Why, one of a list: the audit log must hold no names."""
    words = _("Wählen Sie einen Grund aus der Liste.")
    return StringField(
        _("Grund"),
        [InputRequired(words), AnyOf(keys, words)],
        description=_("Steht im Protokoll. Die Person kann ihn unter „Meine Daten“ lesen."),
    )


def options(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    """The reasons to choose from."""
    return [("", gettext("Grund wählen")), *((key, REASONS[key]) for key in keys)]


class DutiesForm(FlaskForm):  # type: ignore[misc]
    """Roles, the topics of a contact, the Klassen of a trainer; names that do not exist are refused later."""

    roles = SelectMultipleField(_("Rollen"), choices=[], validate_choice=False)
    topics = SelectMultipleField(_("Themen als Kontakt"), choices=[], validate_choice=False)
    cohorts = SelectMultipleField(_("Klassen als Lernbegleitung"), choices=[], validate_choice=False)
    reason = reason(OF_DUTIES)

    def duties(self) -> Duties:
        """What was ticked."""
        cohorts = (text for text in self.cohorts.data or () if text.isascii() and text.isdigit())
        return Duties(
            frozenset(self.roles.data or ()),
            frozenset(self.topics.data or ()),
            frozenset(int(text[:9]) for text in cohorts),
        )


class TownForm(FlaskForm):  # type: ignore[misc]
    """Another Kommune."""

    municipality = StringField(
        _("Neue Kommune"), [InputRequired(_("Wählen Sie eine Kommune.")), Length(max=200)], filters=[stripped]
    )
    reason = reason(OF_TOWNS)
