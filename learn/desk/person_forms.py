"""Forms of the desk about one account."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from learn.accounts.forms_joining import stripped
from learn.accounts.staff import REASONS, Duties

OF_DUTIES = ("aufgabe", "wunsch", "ausgeschieden", "regeln", "versehen")
OF_TOWNS = ("wunsch", "aufgabe", "versehen")


def reason(keys: tuple[str, ...]) -> SelectField:
    """Why, from a list: the audit log must hold no names."""
    choices = [("", _("Grund wählen")), *((key, REASONS[key]) for key in keys)]
    return SelectField(
        _("Grund"),
        [InputRequired(_("Wählen Sie einen Grund aus der Liste."))],
        choices=choices,
        validate_choice=False,
        description=_("Steht im Protokoll."),
    )


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
