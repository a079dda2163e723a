"""„Zurückziehen“: one's own post is hidden, its number stays."""

from flask import flash
from flask.typing import ResponseReturnValue

from learn.core.access import Forbidden, Refused, actor
from learn.core.db import writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.forum import audience, editing, policy
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages
from learn.forum.views.editing import Place, found


@pages.get("/forum/beitraege/<int(max=2147483647):post_id>/zurueckziehen", access=policy.may_write)
def ask_to_withdraw(post_id: int) -> ResponseReturnValue:
    """What will happen."""
    return withdraw_page(withdrawable(post_id))


@pages.post("/forum/beitraege/<int(max=2147483647):post_id>/zurueckziehen", access=policy.may_write)
def withdraw(post_id: int) -> ResponseReturnValue:
    """Do it; an answered question stays."""
    place = withdrawable(post_id)
    try:
        with writing() as db:
            editing.withdraw(db, audience.reader(db, actor()), place.post)
    except Refused as refused:
        return withdraw_page(place, refused.message, 422)
    flash(_("Ihr Beitrag ist zurückgezogen."), "success")
    first = place.post.number == 1
    return shared.lead_to("/forum" if first else shared.place(place.question, place.post.number))


def withdrawable(post_id: int) -> Place:
    """Raises NotFound, Forbidden."""
    place = found(post_id)
    if not policy.may_withdraw(place.who, place.post, mine=place.mine):
        raise Forbidden
    return place


def withdraw_page(place: Place, fault: str = "", status: int = 200) -> ResponseReturnValue:
    """The question before it is final."""
    here = shared.place(place.question, place.post.number)
    return page("forum/withdraw.html", status, post=place.post, here=here, fault=fault)
