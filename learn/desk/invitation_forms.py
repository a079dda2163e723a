"""Forms of `/verwaltung/einladungen`."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from learn.accounts.forms_joining import address, one_line, stripped


def town() -> StringField:
    return StringField(_("Kommune"), [Length(max=200)], filters=[stripped])


class InvitePerson(FlaskForm):  # type: ignore[misc]
    """Somebody by her address; only Koordination and Betrieb come without a Kommune."""

    email = address(_("Dienstliche E-Mail-Adresse"))
    name = StringField(
        _("Name oder Funktion (freiwillig)"),
        [one_line],
        filters=[stripped],
        description=_("Die Person kann beides beim Annehmen ändern."),
    )
    municipality = town()
    roles = SelectMultipleField(_("Rollen (freiwillig)"), choices=[], validate_choice=False)
    topics = SelectMultipleField(_("Themen als Kontakt"), choices=[], validate_choice=False)


class InviteTown(FlaskForm):  # type: ignore[misc]
    """A Kommune: a link for whoever holds it."""

    municipality = StringField(
        _("Kommune"), [InputRequired(_("Wählen Sie eine Kommune.")), Length(max=200)], filters=[stripped]
    )
