"""Forms of the joining pages."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp


class BarrierReport(FlaskForm):  # type: ignore[misc]
    """A barrier somebody met; an address for the answer is optional."""

    seite = StringField(
        _("Auf welcher Seite?"),
        [Length(max=500, message=_("Kürzen Sie die Adresse auf 500 Zeichen."))],
        filters=[lambda text: (text or "").strip()],
    )
    body = TextAreaField(
        _("Was hat Sie behindert?"),
        [
            InputRequired(_("Beschreiben Sie kurz, was nicht ging.")),
            Length(max=5000, message=_("Kürzen Sie den Text auf 5.000 Zeichen.")),
        ],
    )
    email = StringField(
        _("E-Mail-Adresse für eine Antwort"),
        [
            Optional(),
            Length(max=200, message=_("Kürzen Sie die Adresse auf 200 Zeichen.")),
            Regexp(r"^[^@\s]+@[^@\s]+$", message=_("Geben Sie eine Adresse wie name@stadt.de an.")),
        ],
        filters=[lambda text: (text or "").strip()],
    )
