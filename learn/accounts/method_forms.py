"""Forms of signing in and of its methods: codes, passwords, names of passkeys."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

ENTER_CODE = _("Geben Sie den Code ein.")


class Code(FlaskForm):  # type: ignore[misc]
    """Six digits of the app, or a recovery code."""

    code = StringField(_("Code aus der App"), [DataRequired(ENTER_CODE), Length(max=100)])

    @property
    def typed(self) -> str:
        return self.code.data or ""


class Password(FlaskForm):  # type: ignore[misc]
    """The present password, as proof."""

    password = PasswordField(
        _("Aktuelles Passwort"), [InputRequired(_("Geben Sie Ihr aktuelles Passwort ein.")), Length(max=1000)]
    )


class FirstPassword(FlaskForm):  # type: ignore[misc]
    """A password for an account without one."""

    password_new = PasswordField(
        _("Neues Passwort"), [InputRequired(_("Geben Sie ein neues Passwort ein.")), Length(max=1000)]
    )


class NewPassword(FirstPassword):
    """The present password and its successor."""

    password = PasswordField(
        _("Aktuelles Passwort"), [InputRequired(_("Geben Sie Ihr aktuelles Passwort ein.")), Length(max=1000)]
    )


class PasskeyName(FlaskForm):  # type: ignore[misc]
    """What a passkey is called in one's own list."""

    name = StringField(
        _("Name"),
        [
            DataRequired(_("Geben Sie dem Passkey einen Namen.")),
            Length(max=60, message=_("Nehmen Sie einen Namen mit höchstens 60 Zeichen.")),
        ],
    )
