"""Changing who reads a question: says what will happen, then does it."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core import jobs
from learn.core.access import Forbidden, Refused, actor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.forum import audience, circles, forms, leveling, policy, queries
from learn.forum.audience import COHORT, Reader
from learn.forum.models import Question
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages


@pages.get("/forum/fragen/<int(max=2147483647):question_id>/kreis", access=policy.may_write)
def level(question_id: int) -> ResponseReturnValue:
    """Who reads it now, and the choice."""
    who, question = allowed(question_id)
    return level_page(who, question, question.level, question.cohort_id)


@pages.post("/forum/fragen/<int(max=2147483647):question_id>/kreis", access=policy.may_write)
def change_level(question_id: int) -> ResponseReturnValue:
    """Move the question with all its posts; files of pictures follow."""
    who, question = allowed(question_id)
    wanted, cohort_id = request.form.get("visibility", ""), forms.number(request.form.get("cohort"))
    klassen = circles.klassen(session(), who)
    if wanted == COHORT and cohort_id is None and len(klassen) == 1:
        cohort_id = klassen[0].id
    try:
        with writing() as db:
            leveling.change_level(db, audience.reader(db, actor()), question, wanted, cohort_id)
            jobs.enqueue(db, "settle_pictures", question_id=question.id)
    except Refused as refused:
        return level_page(who, question, wanted, cohort_id, refused.message, 422)
    flash(_("Der Kreis ist geändert. Er gilt ab jetzt überall."), "success")
    return shared.lead_to(shared.place(question))


def allowed(question_id: int) -> tuple[Reader, Question]:
    """The question for who may change its circle. Raises NotFound, Forbidden."""
    who, question = shared.readable(question_id)
    if not policy.may_change_level(who, question, mine=queries.asked(session(), who, question.id)):
        raise Forbidden
    return who, question


def level_page(
    who: Reader,
    question: Question,
    wanted: str,
    cohort_id: int | None,
    fault: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    klassen = circles.klassen(session(), who)
    return page(
        "forum/level.html",
        status,
        question=question,
        here=shared.place(question),
        readers=circles.readers(session(), question.level, question.cohort_id),
        klassen=klassen,
        levels=circles.levels(who, klassen),
        wanted=wanted,
        cohort=cohort_id,
        fault=fault,
    )
