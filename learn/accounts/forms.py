"""The sign-in form."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length


class SignIn(FlaskForm):  # type: ignore[misc]
    """Address and password; `remember` keeps the session for 30 days."""

    email = StringField(
        _("E-Mail-Adresse"),
        [InputRequired(_("Geben Sie Ihre E-Mail-Adresse ein.")), Length(max=200)],
    )
    password = PasswordField(
        _("Passwort"), [InputRequired(_("Geben Sie Ihr Passwort ein.")), Length(max=1000)]
    )
    remember = BooleanField(_("30 Tage angemeldet bleiben"))
