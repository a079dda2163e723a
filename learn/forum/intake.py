"""Takes whole threads in from elsewhere: imports and invented posts. Nobody is told, nothing is unread.

Texts are rendered before the lock is taken. Posts are numbered in their order; what lists sort by is counted
afterwards by the one function that counts, and the search index follows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.forum import asking, counting, indexing, texts
from learn.forum.audience import circle_of
from learn.forum.models import Post, PostAuthor, PostRevision, Question, QuestionTopic
from learn.forum.texts import EMPTY, Prepared
from learn.markup import guard

LONGEST = texts.LONGEST


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to take in. `about`: the number of the post that a Rückfrage is about; `by_name`: a plain name.

    `person_id` is set for people of this installation alone; `town`: id and size of her Kommune then.
    """

    kind: str
    text: Prepared
    at: datetime
    person_id: int | None = None
    by_name: str = ""
    town: tuple[int | None, str] = (None, "")
    attribution: str = "name"
    about: int | None = None
    solution: bool = False
    hidden: str = ""
    reason: str = ""
    origin: str | None = None
    earlier: Sequence[tuple[Prepared, datetime]] = ()  # revisions before this one
    why: str = ""  # reason of the last revision
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewThread:
    """A question to take in with its posts, the first of them its own text."""

    title: str
    posts: Sequence[NewPost]
    topics: Sequence[str]
    phase: str
    level: str
    cohort_id: int | None = None
    tried: Prepared = EMPTY
    verdict: str = ""
    locked: bool = False
    reason: str = ""
    anchor: asking.Anchor | None = None
    origin: str | None = None
    new_from: int | None = None  # posts from this number on are unread


def plain(source: str) -> Prepared:
    """A text from elsewhere, rendered: an @ in it names nobody here, a quote is a quote like any other.

    Raises Refused.
    """
    source = texts.tidy(source)
    try:
        rendered = guard.render(source, "beitrag")
    except guard.Refused as problem:
        raise Refused(str(problem)) from problem
    return texts.taken_apart(source, rendered, frozenset(), {})


def store(session: Session, thread: NewThread) -> Question:
    """Keep a thread in the caller's transaction."""
    question = _question(thread)
    session.add(question)
    session.flush()
    copied = {name: getattr(question, name) for name in counting.COPIED}
    session.add_all(
        QuestionTopic(question_id=question.id, topic=slug, position=position, **copied)
        for position, slug in enumerate(thread.topics)
    )
    by_number: dict[int, Post] = {}
    for number, new in enumerate(thread.posts, 1):
        by_number[number] = _post(session, question, new, number, by_number)
    finish(session, question)
    return question


def finish(session: Session, question: Question) -> None:
    """Count, and put into the search index."""
    counting.refresh(session, question.id)
    indexing.reindex(session, question.id)


def _question(thread: NewThread) -> Question:
    first, anchor = thread.posts[0], thread.anchor
    circle = circle_of(thread.level, thread.cohort_id)
    title = asking.clean_title(thread.title)
    return Question(
        title=title,
        slug=asking.slug_of(title),
        tried=thread.tried.source,
        tried_parts=thread.tried.parts,
        phase=thread.phase,
        level=thread.level,
        cohort_id=thread.cohort_id,
        circle=circle,
        listed=circle,
        municipality_id=first.town[0],
        size=first.town[1],
        topic=thread.topics[0],
        lesson_id=anchor.lesson_id if anchor else None,
        course_id=anchor.course_id if anchor else None,
        heading=anchor.heading if anchor else "",
        edition=anchor.edition if anchor else None,
        reason=thread.reason,
        locked=thread.locked,
        verdict=thread.verdict,
        state=counting.OPEN,
        last_number=len(thread.posts),
        quiet_number=len(thread.posts) if thread.new_from is None else thread.new_from - 1,
        asked_at=first.at,
        latest_at=first.at,
        waits_since=first.at,
        origin=thread.origin,
    )


def _post(
    session: Session, question: Question, new: NewPost, number: int, before: Mapping[int, Post]
) -> Post:
    about = before[new.about].id if new.about else None
    made = Post(
        question_id=question.id,
        number=number,
        kind=new.kind,
        about_id=about,
        body=new.text.source,
        parts=new.text.parts,
        renderer=new.text.renderer,
        excerpt=new.text.excerpt,
        revision=1 + len(new.earlier),
        attribution=new.attribution,
        municipality_id=new.town[0],
        size=new.town[1],
        by_name=new.by_name,
        at=new.at,
        hidden=new.hidden,
        reason=new.reason,
        solution=new.solution,
        origin=new.origin,
    )
    session.add(made)
    session.flush()
    if new.person_id is not None:
        session.add(PostAuthor(post_id=made.id, person_id=new.person_id))
    states = [*new.earlier, (new.text, new.edited_at or new.at)]
    head = {"title": question.title, "tried": question.tried} if number == 1 else {}
    session.add_all(
        PostRevision(
            post_id=made.id,
            revision=revision,
            body=text.source,
            at=at,
            reason=new.why if revision == len(states) else "",
            **head,
        )
        for revision, (text, at) in enumerate(states, 1)
    )
    return made
