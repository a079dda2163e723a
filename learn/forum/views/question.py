"""A question with its posts: `/forum/fragen/<id>-<slug>`, and the lasting addresses of posts."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from flask import redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from learn.core import clock
from learn.core.access import NotFound, NotSignedIn, actor, visitor
from learn.core.db import session
from learn.core.i18n import day
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.courses import anchors
from learn.forum import audience, drafts, forms, policy, texts, threads
from learn.forum.audience import Reader
from learn.forum.authors import Byline
from learn.forum.forms import ReplyForm
from learn.forum.models import Post, Question
from learn.forum.threads import Opened, Thread
from learn.forum.views import rows
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages
from learn.network import sizes

ONE = "/forum/fragen/<int(max=2147483647):question_id>"
POST = "/forum/beitraege/<int(max=2147483647):post_id>"


@dataclass(frozen=True, slots=True)
class Entry:
    """A post as the template shows it. `prefix` parts the ids of a Lösung and its repetition.

    `may`: what the reader may do to it, words of MAY; `helped`: she said so; `gone`: why it is not shown.
    """

    post: Post
    byline: Byline
    initials: str
    when: str
    parts: tuple[Markup, ...]
    about: int
    gone: str
    new: bool
    helped: bool
    may: frozenset[str]

    @property
    def solved(self) -> bool:
        return self.post.solution and not self.gone


@pages.get(ONE, access=visitor)
def question_by_number(question_id: int) -> ResponseReturnValue:
    """To the address that is shown; what is hidden or merged away has no words in its own."""
    who, found = required(question_id)
    if not found.question.listed:
        return gone_page(who, found)
    return redirect(with_query(address(found.question)), 301)


@pages.get(f"{ONE}-<slug>", access=visitor)
def question(question_id: int, slug: str) -> ResponseReturnValue:
    """A page of posts."""
    who, found = required(question_id)
    if not found.question.listed:
        return gone_page(who, found)
    if slug != found.question.slug:
        return redirect(with_query(address(found.question)), 301)
    return thread_page(who, threads.thread(session(), who, found, forms.number(request.args.get("ab")) or 1))


@pages.get(POST, access=visitor)
def post(post_id: int) -> ResponseReturnValue:
    """To where a post is read today."""
    who = audience.reader(session(), actor())
    found = threads.place_of(session(), who, post_id)
    if found is None:
        raise NotFound if actor().signed_in else NotSignedIn
    return redirect(address(*found), 302)


def required(question_id: int) -> tuple[Reader, Opened]:
    """The question for who reads it; visitors may sign in and see. Raises NotFound, NotSignedIn."""
    who = audience.reader(session(), actor())
    found = threads.opened(session(), who, question_id)
    if found is None:
        raise NotFound if actor().signed_in else NotSignedIn
    return who, found


def address(question: Question, number: int = 0) -> str:
    """The address of a question, or of a post in it."""
    path = shared.path(question)
    if not number:
        return path
    start = threads.page_of(number)
    return f"{path}?ab={start}#post-{number}" if start > 1 else f"{path}#post-{number}"


def with_query(path: str) -> str:
    """The path with what this request asked for."""
    asked = request.query_string.decode("ascii", "replace")
    return f"{path}?{asked}" if asked else path


def thread_page(who: Reader, thread: Thread) -> ResponseReturnValue:
    question = thread.question
    mine = thread.bylines[thread.first.id].mine
    may_write = policy.may_answer(who, question)
    signed_in = actor().signed_in
    return page(
        "forum/question.html",
        thread=thread,
        question=question,
        here=address(question),
        head=head(thread),
        first=entry(who, thread, thread.first, mine=mine, prefix="p"),
        tried=shown(thread, question.tried_parts, "v"),
        entries=[entry(who, thread, post, mine=mine, prefix="p") for post in thread.posts],
        solutions=[entry(who, thread, post, mine=mine, prefix="l") for post in thread.solutions],
        linked=[(address(question, number), number) for number in thread.linked],
        may_solve=policy.may_solve(who, question, mine=mine) and bool(question.answers),
        may_follow=policy.may_follow(who, question) and signed_in,
        may_level=policy.may_change_level(who, question, mine=mine),
        moderates=policy.may_moderate(who, question),
        rearranges=policy.may_rearrange(actor()),
        unread=signed_in and thread.own.following.last_read < min(thread.end, question.top_number),
        reply=reply_form(question) if may_write else None,
        sign_in=f"/anmelden?weiter={quote(address(question), safe='')}",
        reason=reason(thread),
    )


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a question: its state and circumstances in words; `lesson`: where it was asked."""

    state: str
    kind: str
    phase: str
    size: str
    level: str
    towns: str
    lesson: anchors.Spot | None


def head(thread: Thread) -> Head:
    question = thread.question
    state, kind = rows.state_of(question.state, question.answers)
    if kind == "ok" and question.verdict == "teilweise":
        state = _("%(state)s, teilweise gelöst", state=state)
    return Head(
        state=state,
        kind=kind,
        phase=dict(forms.phase_names()).get(question.phase, ""),
        size=_("%(size)s Einwohner", size=sizes.size_range(question.size)) if question.size else "",
        level=readers(question, thread.cohort),
        towns=rows.towns_too(question.me_too),
        lesson=lesson(question),
    )


def readers(question: Question, cohort: str) -> str:
    """Who reads a question, in words."""
    if question.level == audience.PUBLIC:
        return _("Sichtbar für alle")
    if question.level == audience.COHORT:
        return _("Sichtbar für die Klasse „%(name)s“", name=cohort)
    return _("Sichtbar für alle im Netzwerk")


def lesson(question: Question) -> anchors.Spot | None:
    """Where the place it was asked at is read today: its heading, its lesson or, without them, its course."""
    if not question.lesson_id or not question.course_id:
        return None
    return anchors.spot(
        session(),
        question.lesson_id,
        course_id=question.course_id,
        heading=question.heading,
        edition=question.edition,
    )


def entry(who: Reader, thread: Thread, post: Post, *, mine: bool, prefix: str) -> Entry:
    """A post with its words and what the reader may do to it. `mine`: the question is hers."""
    byline = thread.bylines[post.id]
    hidden = gone(post)
    sees = not hidden or policy.may_moderate(who, thread.question)
    return Entry(
        post=post,
        byline=byline,
        initials=initials(byline),
        when=day(clock.local(post.at).date()),
        parts=shown(thread, post.parts, f"{prefix}{post.number}") if sees else (),
        about=thread.about.get(post.id, 0),
        gone=hidden,
        new=not byline.mine and 0 < thread.own.following.last_read < post.number,
        helped=post.id in thread.own.helped,
        may=frozenset(actions(who, thread.question, post, byline, mine=mine)),
    )


def shown(thread: Thread, parts: list[Mapping[str, object]], prefix: str) -> tuple[Markup, ...]:
    return texts.shown(parts, thread.sources, prefix=prefix, place=prefix)


def actions(who: Reader, question: Question, post: Post, byline: Byline, *, mine: bool) -> list[str]:
    """What the reader may do to a post."""
    shown_, foreign = not post.hidden, not own_town(who, post)
    answer = post.kind == "antwort"
    may = {
        "react": shown_ and foreign and policy.may_react(who, question) and post.kind != "rueckfrage",
        "reply": shown_ and policy.may_answer(who, question),
        "solve": shown_ and answer and policy.may_solve(who, question, mine=mine),
        "edit": policy.may_edit(who, post, mine=byline.mine) and post.kind != "verweis",
        "withdraw": policy.may_withdraw(who, post, mine=byline.mine),
        "report": shown_ and not byline.mine and policy.may_report(who, question),
        "moderate": policy.may_moderate(who, question) and post.kind != "verweis",
    }
    return [name for name, allowed in may.items() if allowed]


def own_town(who: Reader, post: Post) -> bool:
    return post.municipality_id is not None and post.municipality_id == who.actor.municipality_id


def gone(post: Post) -> str:
    """Why a post is not shown, in words; empty when it is."""
    if post.kind == "verweis":
        return _("Dieser Beitrag ist umgezogen.")
    words = {
        "zurueckgezogen": _("Zurückgezogen"),
        "gemeldet": _("Ausgeblendet, bis über eine Meldung entschieden ist"),
    }.get(post.hidden, _("Ausgeblendet") if post.hidden else "")
    return f"{words}: {post.reason}" if words and post.reason else words


def initials(byline: Byline) -> str:
    """One or two letters for the mark beside a name."""
    words = [word for word in (byline.name or byline.town).split() if word[0].isalpha()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


def reply_form(question: Question) -> ReplyForm:
    return forms.answer_form(question, drafts.draft(session(), actor(), f"antwort:{question.id}"))


def reason(thread: Thread) -> str:
    """Why she hears of this question."""
    return {
        "gefragt": _("Sie folgen, weil Sie gefragt haben."),
        "geantwortet": _("Sie folgen, weil Sie geantwortet haben."),
        "thema": _("Sie folgen dem Thema."),
        "kommune": _("Sie folgen der Kommune."),
    }.get(thread.own.following.reason, "")


def gone_page(who: Reader, found: Opened) -> ResponseReturnValue:
    """A question that is hidden or merged away: why, and where it went; moderators read it, too."""
    question = found.question
    moderates = policy.may_moderate(who, question)
    thread = threads.thread(session(), who, found, 1)
    target = threads.opened(session(), who, question.merged_into) if question.merged_into else None
    return page(
        "forum/gone.html",
        question=question,
        target=address(target.question) if target else "",
        target_title=target.question.title if target else "",
        words=away(question, thread.first),
        moderates=moderates,
        first=entry(who, thread, thread.first, mine=False, prefix="p") if moderates else None,
    )


def away(question: Question, first: Post) -> str:
    """Why the page is empty."""
    if question.merged_into:
        return _("Diese Frage ist mit einer anderen zusammengeführt.")
    if question.reason:
        return _("Ausgeblendet: %(reason)s", reason=question.reason)
    return gone(first) or _("Ausgeblendet")
