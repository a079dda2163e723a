"""An invitation: what it offers, said first; then an account, or a change for somebody who has one."""

from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from learn.accounts import forms_joining, invited, passwords
from learn.accounts.invited import Welcome
from learn.accounts.views import joining, registering
from learn.accounts.views.blueprint import pages
from learn.core.access import Refused, actor, visitor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to

FORMS: dict[str, type[FlaskForm]] = {"new": forms_joining.Invited, "member": forms_joining.Member}


@pages.get("/einladung/<token>", access=visitor)
def invitation(token: str) -> ResponseReturnValue:
    found = invited.welcome(session(), token)
    if found is None:
        return gone(invited.GONE)
    kind = FORMS.get(situation(found), FlaskForm)
    return shown(token, found, kind(formdata=None, data={"name": named(found)}))


@pages.post("/einladung/<token>", access=visitor)
def accept_invitation(token: str) -> ResponseReturnValue:
    joining.by_source()
    found = invited.welcome(session(), token)
    if found is None:
        return gone(invited.GONE)
    act = ACTS.get(situation(found))
    if act is None:
        return shown(token, found, FlaskForm(), 403)
    try:
        return act(token, found)
    except Refused as refused:
        return gone(refused.message)


def situation(found: Welcome) -> str:
    """What this browser can do about it.

    `new`: choose name and password; `member`: register for the Kommune; `join`: confirm, signed in;
    `sign_in`: do that first; `already` in this Kommune, `closed`: nothing.
    """
    who = actor()
    if found.kind == invited.KOMMUNE and not who.signed_in:
        return "member"
    if found.kind == invited.KOMMUNE:
        return "already" if found.town_id == who.municipality_id else "join"
    if found.kind == invited.KNOWN:
        mine = found.person is not None and found.person.id == who.person_id
        return "join" if mine else "sign_in"
    return "closed" if found.kind == invited.CLOSED else "new"


def become_new(token: str, found: Welcome) -> ResponseReturnValue:
    """Name and password make the account."""
    form = forms_joining.Invited()
    form.known = (joining.config().network_name, found.town, found.ticket.data["email"])
    if not form.validate():
        return shown(token, found, form, 422)
    password_hash = passwords.hashed(joining.text(form.password))
    with writing() as db:
        person_id = invited.accept(db, token, name=joining.text(form.name), password_hash=password_hash)
    return joining.arrive(person_id, _("Ihr Konto ist angelegt. Sie sind angemeldet."))


def become_member(token: str, found: Welcome) -> ResponseReturnValue:
    """As in a registration: the own address is confirmed first."""
    form = forms_joining.Member()
    form.known = (joining.config().network_name, found.town)
    if not form.validate():
        return shown(token, found, form, 422)
    registering.start(form, found.ags, invitation=found.ticket.id)
    return to(".look_in_mailbox")


def join(token: str, found: Welcome) -> ResponseReturnValue:
    """Town and roles change; this browser stays signed in."""
    owner = actor().owner
    if not FlaskForm().validate():
        return shown(token, found, FlaskForm(), 422)
    with writing() as db:
        invited.join(db, token, owner)
    return joining.stay(owner, _("Die Einladung ist angenommen."))


ACTS = {"new": become_new, "member": become_member, "join": join}


def named(found: Welcome) -> str:
    """The name that was given, to be changed by her."""
    return found.person.name if found.kind == invited.UNUSED and found.person else found.ticket.data["name"]


def shown(token: str, found: Welcome, form: FlaskForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "accounts/invitation.html",
        status,
        token=token,
        found=found,
        form=form,
        situation=situation(found),
        email=found.ticket.data["email"],
    )


def gone(sentence: str) -> ResponseReturnValue:
    return joining.gone(sentence, "/anmelden", _("Anmelden"))
