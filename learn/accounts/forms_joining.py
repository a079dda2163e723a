"""Forms of joining and of one's own profile."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from learn.accounts import passwords, spelling
from learn.core.i18n import gettext

OWN_WORDS = ("name", "email", "office")  # fields whose words make a password easy to guess


def stripped(text: str | None) -> str:
    return spelling.tidy(text or "")


def an_address(_form: FlaskForm, field: Field) -> None:
    if not spelling.is_address(field.data):
        raise ValidationError(gettext("Geben Sie eine Adresse wie name@stadt.de an."))


def one_line(_form: FlaskForm, field: Field) -> None:
    if not spelling.is_line(field.data):
        raise ValidationError(gettext("Schreiben Sie höchstens 200 Zeichen in eine Zeile."))


def not_guessable(form: FlaskForm, field: Field) -> None:
    """The rules for new passwords; what the same form says of the person counts as known."""
    known = [form[name].data or "" for name in OWN_WORDS if name in form]
    weakness = passwords.weakness(field.data, *known, *form.known)
    if weakness:
        raise ValidationError(weakness)


def address(label: str) -> StringField:
    return StringField(
        label, [DataRequired(_("Geben Sie Ihre E-Mail-Adresse an.")), an_address], filters=[stripped]
    )


def name() -> StringField:
    return StringField(
        _("Name oder Funktion"),
        [DataRequired(_("Geben Sie einen Namen oder eine Funktion an.")), one_line],
        filters=[stripped],
        description=_("Statt des Namens genügt die Funktion, z. B. „Digitalisierung, Stadt Olpe“."),
    )


def new_password() -> PasswordField:
    return PasswordField(
        _("Passwort"),
        [InputRequired(_("Wählen Sie ein Passwort.")), not_guessable],
        description=passwords.HINT,
    )


class Choosing(FlaskForm):  # type: ignore[misc]
    """A form with a new password; `known` is what others know of the person beside the form's fields."""

    known: tuple[str, ...] = ()


class Invited(Choosing):
    """Accepting an invitation."""

    name = name()
    password = new_password()


class Member(Choosing):
    """An account in a town that is settled already, by a Kommune's invitation."""

    name = name()
    email = address(_("Dienstliche E-Mail-Adresse"))
    password = new_password()


class Registration(Choosing):
    """An account: name or function, address, town, password, and a word to the Koordination."""

    name = name()
    email = address(_("Dienstliche E-Mail-Adresse"))
    municipality = StringField(
        _("Kommune"), [DataRequired(_("Wählen Sie Ihre Kommune.")), Length(max=200)], filters=[stripped]
    )
    password = new_password()
    message = TextAreaField(
        _("Nachricht an die Koordination (freiwillig)"),
        [Length(max=2000, message=_("Kürzen Sie die Nachricht auf 2.000 Zeichen."))],
        description=_("Sie hilft, wenn Ihre Adresse nicht auf die Kommune lautet."),
    )


class Confirmation(FlaskForm):  # type: ignore[misc]
    """The password of the registration once more."""

    password = PasswordField(
        _("Passwort"), [InputRequired(_("Geben Sie Ihr Passwort ein.")), Length(max=1000)]
    )


class Forgotten(FlaskForm):  # type: ignore[misc]
    """Where to send the link for a new password."""

    email = address(_("E-Mail-Adresse"))


class Reset(Choosing):
    """The new password."""

    password = new_password()


class Profile(FlaskForm):  # type: ignore[misc]
    """What a person says of herself, and who may see it."""

    name = name()
    office = StringField(
        _("Funktion"),
        [one_line],
        filters=[stripped],
        description=_("Zum Beispiel „Digitalisierung“ oder „Bürgerbüro“."),
    )
    listed = BooleanField(
        _("Als Kontakt auf den Seiten meiner Kommune und Klasse zeigen"),
    )
    name_public = BooleanField(_("Besuchende sehen meinen Namen"))


class NewAddress(FlaskForm):  # type: ignore[misc]
    """Another address for one's account."""

    email = address(_("Neue E-Mail-Adresse"))


class Town(FlaskForm):  # type: ignore[misc]
    """Another town."""

    municipality = StringField(
        _("Neue Kommune"), [DataRequired(_("Wählen Sie eine Kommune.")), Length(max=200)], filters=[stripped]
    )
