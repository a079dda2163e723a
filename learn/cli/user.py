"""`learn user`: people, created, invited and disabled by the operator."""

import sys

import click
from sqlalchemy.orm import Session

from learn.accounts import joining, passwords, queries, service, staff
from learn.accounts.mail import safety
from learn.accounts.models import ROLES, Person
from learn.cli.instance import opened
from learn.cli.people import import_people
from learn.cli.ready import ready
from learn.config import Config
from learn.core import audit
from learn.core.access import Refused
from learn.network import queries as network


@click.group()
def user() -> None:
    """Konten anlegen und sperren, einladen, Passwörter neu setzen."""


user.add_command(import_people)


@user.command()
@click.argument("email", metavar="EMAIL")
@click.option("--name", required=True, help="Name der Person.")
@click.option("--municipality", metavar="AGS", help="Kommune; nur Koordination und Betrieb kommen ohne aus.")
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="Rolle; mehrmals möglich.")
@click.option("--password-stdin", is_flag=True, help="Das Passwort ist die erste Zeile der Standardeingabe.")
def create(
    email: str, name: str, municipality: str | None, roles: tuple[str, ...], password_stdin: bool
) -> None:
    """Ein Konto anlegen; nach dem Passwort wird gefragt."""
    config = Config.from_env()
    with ready(config) as database:
        with database.reading() as session:
            town = network.town(session, municipality) if municipality else None
            if "expert" in roles and (town is not None or not municipality):
                service.check_pioneer(session, town.id if town else None)
            known = (email, name, town.name if town else "", config.network_name)
        password_hash = ask_hash(*known, from_input=password_stdin)
        with database.writing() as session:
            person = service.create_user(
                session,
                by=audit.COMMAND_LINE,
                email=email,
                name=name,
                password_hash=password_hash,
                municipality=municipality,
                roles=roles,
            )
            address = person.email
    click.echo(f"Konto angelegt: {address}")


@user.command()
@click.argument("email", metavar="EMAIL", required=False)
@click.option("--name", default="", help="Name der Person; sie kann ihn ändern.")
@click.option("--municipality", metavar="AGS", help="Kommune; nur Koordination und Betrieb kommen ohne aus.")
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="Rolle; mehrmals möglich.")
def invite(email: str | None, name: str, municipality: str | None, roles: tuple[str, ...]) -> None:
    """Eine Person einladen, ohne EMAIL eine Kommune; der Link gilt sieben Tage, einmal."""
    config = Config.from_env()
    with ready(config) as database, database.writing() as session:
        person = queries.person(session, email) if email else None
        if person is not None and person.password_hash is None and not (municipality or roles):
            link = joining.invite_person(session, config, person.id, by=audit.COMMAND_LINE)
        else:
            link = joining.invite(
                session,
                config,
                by=audit.COMMAND_LINE,
                email=email,
                name=name,
                municipality=municipality,
                roles=roles,
            )
    click.echo(f"Einladung verschickt: {email}" if email else "Einladung für die Kommune, einmal gültig:")
    click.echo(link)


@user.command()
@click.argument("email", metavar="EMAIL")
def disable(email: str) -> None:
    """Ein Konto sperren; alle Sitzungen enden sofort."""
    with opened(Config.from_env()) as database, database.writing() as session:
        service.disable_user(session, person_of(session, email), by=audit.COMMAND_LINE)
    click.echo(f"Konto gesperrt: {email}")


@user.command()
@click.argument("email", metavar="EMAIL")
@click.option("--password-stdin", is_flag=True, help="Das Passwort ist die erste Zeile der Standardeingabe.")
@click.option("--without-app", is_flag=True, help="Auch die Authenticator-App entfernen: das Telefon fehlt.")
def password(email: str, *, password_stdin: bool, without_app: bool) -> None:
    """Ein vergessenes Passwort neu setzen; alle Sitzungen enden, die Person bekommt eine E-Mail."""
    config = Config.from_env()
    with opened(config) as database:
        with database.reading() as session:
            person = person_of(session, email)
            known = (email, person.name, network.town_name(session, person.municipality_id))
        password_hash = ask_hash(*known, config.network_name, from_input=password_stdin)
        with database.writing() as session:
            person = person_of(session, email)
            service.set_password(session, person, password_hash, by=audit.COMMAND_LINE)
            safety.tell(session, config, person, "password by staff")
            if without_app:
                staff.remove_second_factor(session, config, person.id, by=audit.COMMAND_LINE, reason="geraet")
    click.echo(f"Passwort gesetzt: {email}")


def person_of(session: Session, email: str) -> Person:
    """The person with this address. Raises Refused."""
    person = queries.person(session, email)
    if person is None:
        raise Refused(f"Zu {email} gibt es kein Konto.")
    return person


def ask_hash(*known: str, from_input: bool) -> str:
    """Ask for a new password and give its hash. Raises Refused for one that is weak or `known` suggests."""
    chosen = ask_password(from_input=from_input)
    weakness = passwords.weakness(chosen, *known)
    if weakness:
        raise Refused(weakness)
    return passwords.hashed(chosen)


def ask_password(*, from_input: bool) -> str:
    """Ask twice on a terminal, else take the first line of standard input."""
    if sys.stdin.isatty() and not from_input:
        asked: str = click.prompt(
            "Passwort", hide_input=True, confirmation_prompt="Passwort wiederholen", err=True
        )
        return asked
    return sys.stdin.readline().rstrip("\r\n")
