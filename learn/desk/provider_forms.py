"""Forms for the towns' sign-in services. Secrets go in and never come out."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from learn.accounts import models, spelling
from learn.accounts.arriving import MAPPABLE
from learn.accounts.oidc import Failed
from learn.accounts.oidc.addresses import checked
from learn.accounts.provider_settings import Settings

PRINTED = Regexp(
    r"[\x21-\x7e]*\Z", message=_("Hier stehen nur Buchstaben, Ziffern und Zeichen ohne Leerzeichen.")
)
SECRET = Regexp(r"[\x20-\x7e]*\Z", message=_("Hier stehen keine Umlaute und keine Steuerzeichen."))
MOST_ROLES = 50


def stripped(text: str | None) -> str | None:
    """Copied values bring blanks along."""
    return text.strip() if text else text


def line(_form: FlaskForm, field: Field) -> None:
    """What fits into one line and its column."""
    if not spelling.is_line(field.data or ""):
        raise ValidationError(_("Nehmen Sie eine Zeile mit höchstens 200 Zeichen."))


class Provider(FlaskForm):  # type: ignore[misc]
    """Name and issuer; `local` allows loopback without TLS."""

    name = StringField(
        _("Bezeichnung"),
        [InputRequired(_("Geben Sie eine Bezeichnung ein.")), line],
        description=_("So heißt der Dienst für die Mitarbeitenden, zum Beispiel „Dienstkonto“."),
        filters=[stripped],
    )
    issuer = StringField(
        _("Adresse des Dienstes (Issuer)"),
        [InputRequired(_("Geben Sie die Adresse des Dienstes ein.")), line],
        description=_("Die IT der Kommune kennt sie. Sie beginnt mit https://."),
        filters=[stripped],
    )
    local = False

    def validate_issuer(self, field: Field) -> None:
        try:
            checked(field.data, local=self.local)
        except Failed:
            raise ValidationError(_("Das ist keine Adresse wie https://login.example.org.")) from None


class NewProvider(Provider):
    """The same with the town, by name or AGS."""

    municipality = StringField(
        _("Kommune"),
        [InputRequired(_("Geben Sie die Kommune an.")), line],
        description=_("Name oder amtlicher Schlüssel (AGS)."),
        filters=[stripped],
    )


class Credentials(Provider):
    """All settings of a provider. The secret is never shown; empty keeps the one there is."""

    client_id = StringField(_("Kennung (Client-ID)"), [line, PRINTED], filters=[stripped])
    credential_secret = PasswordField(
        _("Geheimnis (Client-Secret)"),
        [Length(max=1000, message=_("Nehmen Sie höchstens 1000 Zeichen.")), SECRET],
        filters=[stripped],
    )
    group_claim = StringField(
        _("Feld der Gruppen"),
        [InputRequired(_("Geben Sie den Namen des Feldes ein.")), line],
        description=_("Name der Angabe, in der der Dienst die Gruppen einer Person nennt."),
        filters=[stripped],
    )
    required_group = StringField(
        _("Nötige Gruppe"),
        [line],
        description=_("Nur wer in dieser Gruppe ist, kann sich anmelden. Leer: alle der Kommune."),
        filters=[stripped],
    )
    group_roles = TextAreaField(
        _("Gruppen und Rollen"),
        [Length(max=10000)],
        description=_(
            "Je Zeile „Gruppe = expert“ oder „Gruppe = trainer“. Andere Rollen gibt die Koordination."
        ),
    )
    active = BooleanField(_("Eingeschaltet"))

    def validate_group_roles(self, field: Field) -> None:
        written = lines(field.data)
        for each in written:
            group, sign, role = each.rpartition("=")
            if not (sign and group.strip() and role.strip() in MAPPABLE) or len(group) > 200:
                raise ValidationError(_("„%(line)s“ ist keine Zeile wie „Gruppe = expert“.", line=each[:60]))
        if len(written) > MOST_ROLES:
            raise ValidationError(_("Nehmen Sie höchstens 50 Zeilen."))
        if len(roles(field.data)) < len(written):
            raise ValidationError(_("Nennen Sie jede Gruppe nur einmal."))

    def settings(self) -> Settings:
        """What was entered, valid."""
        return Settings(
            name=self.name.data or "",
            issuer=self.issuer.data or "",
            client_id=self.client_id.data or "",
            secret=self.credential_secret.data or "",
            group_claim=self.group_claim.data or "",
            required_group=self.required_group.data or "",
            group_roles=roles(self.group_roles.data),
            active=self.active.data,
        )


def filled(provider: models.Provider) -> Credentials:
    """The form with what is stored, without the secret."""
    return Credentials(
        formdata=None,
        name=provider.name,
        issuer=provider.issuer,
        client_id=provider.client_id,
        group_claim=provider.group_claim,
        required_group=provider.required_group,
        group_roles="\n".join(f"{group} = {role}" for group, role in sorted(provider.group_roles.items())),
        active=provider.active,
    )


def lines(text: str | None) -> list[str]:
    return [each.strip() for each in (text or "").splitlines() if each.strip()]


def roles(text: str | None) -> dict[str, str]:
    """Groups and roles of lines such as „Gruppe = expert“."""
    parts = (each.rpartition("=") for each in lines(text))
    return {group.strip(): role.strip() for group, _sign, role in parts}
