"""Ends mails by the link in them, without signing in; and the mail that tests an address.

Mail programs send the POST by themselves (RFC 8058): it needs no session and no `csrf_token`, because the
address itself is signed, and it is answered without redirecting.
"""

from flask import current_app, flash
from flask.typing import ResponseReturnValue

from learn.accounts.moving import own
from learn.core import forms, mail
from learn.core.access import actor, learner, require, visitor
from learn.core.db import writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit, spend
from learn.core.web import page, to
from learn.forum import muting
from learn.learning import mail as lessons
from learn.learning import reminders
from learn.notices import unsubscribing
from learn.notices.mail import trial
from learn.notices.unsubscribing import Wish
from learn.site.blueprint import pages

TRIALS = Limit("trial mail", tries=3, seconds=3600)
forms.BY_LINK.add("site.unsubscribe")


@pages.get("/abmelden-mail/<token>", access=visitor)
def show_unsubscribing(token: str) -> ResponseReturnValue:
    """Ask before anything changes."""
    return page("site/unsubscribe.html", wish=wanted(token), done=False)


@pages.post("/abmelden-mail/<token>", access=visitor)
def unsubscribe(token: str) -> ResponseReturnValue:
    """End these mails; sent again it changes nothing more."""
    wish = wanted(token)
    with writing() as db:
        if wish.question_id:
            muting.mute(db, wish.person_id, wish.question_id)
        elif wish.kind == lessons.WISH:
            reminders.end_mail(db, wish.person_id)
        else:
            unsubscribing.fulfil(db, wish)
    return page("site/unsubscribe.html", wish=wish, done=True)


def wanted(token: str) -> Wish:
    """What a link asks for; NotFound for one that we did not sign."""
    return require(unsubscribing.wish(current_app.config["SECRET_KEY"], token))


@pages.post("/konto/testmail", access=learner)
def send_trial() -> ResponseReturnValue:
    """Send a mail to one's own address, whatever was refused before."""
    spend((TRIALS, str(actor().owner)))
    with writing() as db:
        mail.send(db, trial(current_app.extensions["learn.config"], own(db, actor().owner).email))
    flash(_("Die Testmail ist unterwegs. Kommt sie an, verschwindet der Hinweis."), "info")
    return to("accounts.show_mail_choices")
