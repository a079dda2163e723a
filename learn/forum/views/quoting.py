"""Quoting a post into one's answer, and the names that may follow an @."""

from dataclasses import replace

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from learn.core.access import Forbidden, NotFound, actor
from learn.core.db import session
from learn.core.limits import Limit
from learn.core.pace import Pace
from learn.forum import comparing, drafts, forms, mentions, policy, quotes
from learn.forum.audience import Reader
from learn.forum.models import Post
from learn.forum.views import answering
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages

LOOKS = Pace(Limit("forum-mentions", tries=120, seconds=60))
QUOTED = 1000  # characters; a first paragraph is quoted whole


@pages.get("/forum/beitraege/<int(max=2147483647):post_id>/zitieren", access=policy.may_write)
def quote(post_id: int) -> ResponseReturnValue:
    """The answer form of the question with words of this post behind what was written so far."""
    who, post, question = shared.readable_post(post_id)
    if post.hidden or post.kind == "verweis":
        raise NotFound
    if not policy.may_answer(who, question):
        raise Forbidden
    draft = drafts.draft(session(), actor(), f"antwort:{question.id}")
    form = forms.answer_form(question, draft)
    if not form.rescued:
        text = f"{form.reply.text.rstrip()}\n\n{quotation(who, post)}\n\n".lstrip()
        form = replace(form, reply=replace(form.reply, text=text))
    return answering.show(answering.answer_place(question, form))


@pages.get("/forum/fragen/<int(max=2147483647):question_id>/nennen", access=policy.may_write)
def mention(question_id: int) -> ResponseReturnValue:
    """People and towns whose names begin so, as options of a list."""
    LOOKS.take(shared.source())
    who, question = shared.readable(question_id)
    found = mentions.offers(session(), who, question.circle, question.id, request.args.get("q", ""))
    return make_response(render_template("forum/_mentions.html", offers=found))


def quotation(who: Reader, post: Post) -> str:
    """The beginning of a post as a quote that names its source."""
    taken: list[str] = []
    (body,) = quotes.cleared(session(), who, [post.body])
    for paragraph in comparing.paragraphs(body):
        if taken and sum(map(len, taken)) + len(paragraph) > QUOTED:
            break
        taken.append(paragraph)
    lines = "\n\n".join(taken).split("\n")
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    return f"{quoted}\n\n<!-- zitat beitrag={post.id} fassung={post.revision} -->"
