"""A question's page: its posts by number, 20 at a time, its Lösungen, and what the reader did about them.

Numbers are dense and never given twice, so a page is a range of them: the last of thousands costs what the
first does. Eight statements, whatever the page holds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, literal, select, union_all
from sqlalchemy.orm import Session, aliased, defer

from learn.core.prepared import ask
from learn.forum import authors, lists, quotes, reading
from learn.forum.audience import Reader
from learn.forum.authors import Byline
from learn.forum.lists import Row
from learn.forum.models import Helped, MeToo, Post, Question, QuestionTopic
from learn.forum.quotes import Source
from learn.forum.reading import Following
from learn.network.models import Cohort, Topic

PER_PAGE = 20
REPEATED = 3  # Lösungen shown below the question
MOST_LINKED = 20  # further Lösungen that are linked
ME_TOO, HELPED = "ich-auch", "hilfreich"
About = aliased(Post)

# Written down once: this page costs as much in building statements as in everything else.
_PERSON, _QUESTION = bindparam("person", type_=Integer), bindparam("question", type_=Integer)
OPENED = (
    select(Question, Cohort.name)
    .outerjoin(Cohort, Cohort.id == Question.cohort_id)
    .where(Question.id == _QUESTION)
)
MARKED = (
    select(Post.number)
    .where(Post.question_id == _QUESTION, Post.solution, Post.hidden == "")
    .order_by(Post.number)
    .limit(REPEATED + MOST_LINKED)
)
POSTS = (
    select(Post, About.number)
    .outerjoin(About, (About.id == Post.about_id) & (About.question_id == Post.question_id))
    .where(
        Post.question_id == _QUESTION, Post.number.in_(bindparam("numbers", type_=Integer, expanding=True))
    )
    .options(defer(Post.body))
)
TOPICS = (
    select(QuestionTopic.topic, Topic.name)
    .outerjoin(Topic, Topic.slug == QuestionTopic.topic)
    .where(QuestionTopic.question_id == _QUESTION)
    .order_by(QuestionTopic.position)
)
REACTED = union_all(
    select(literal(ME_TOO), MeToo.question_id).where(
        MeToo.person_id == _PERSON, MeToo.question_id == _QUESTION
    ),
    select(literal(HELPED), Helped.post_id).where(
        Helped.person_id == _PERSON, Helped.post_id.in_(bindparam("ids", type_=Integer, expanding=True))
    ),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A question that somebody may read; `cohort`: the name of its Klasse, or empty."""

    question: Question
    cohort: str


@dataclass(frozen=True, slots=True)
class Own:
    """What the reader did: „Ich auch“, the posts that helped her, how she follows."""

    me_too: bool
    helped: frozenset[int]
    following: Following


@dataclass(frozen=True, slots=True)
class Thread:
    """A page of a question. `first`: its text, on every page; `posts`: of this page by number, without it.

    `about`: for each Rückfrage, by its id, the number of the post it asks about. `linked`: numbers of the
    Lösungen that are not repeated. `sources`: what quotes refer to.
    """

    question: Question
    cohort: str
    start: int
    topics: Sequence[tuple[str, str]]
    first: Post
    posts: Sequence[Post]
    solutions: Sequence[Post]
    linked: Sequence[int]
    about: Mapping[int, int]
    bylines: Mapping[int, Byline]
    sources: Mapping[int, Source]
    own: Own
    similar: Sequence[Row]

    @property
    def end(self) -> int:
        """The highest number of this page."""
        return min(self.start + PER_PAGE - 1, self.question.last_number)

    @property
    def before(self) -> int:
        """Where the page before begins; 0 on the first."""
        return max(self.start - PER_PAGE, 0)

    @property
    def after(self) -> int:
        """Where the next page begins; 0 on the last."""
        return self.start + PER_PAGE if self.end < self.question.last_number else 0

    @property
    def last(self) -> int:
        """Where the last page begins."""
        return page_of(self.question.last_number)


def opened(session: Session, who: Reader, question_id: int) -> Opened | None:
    """A question that she may read, hidden and merged ones included: one statement."""
    found = session.execute(OPENED, {"question": question_id}).one_or_none()
    if found is None or not who.reads(found[0].circle):
        return None
    return Opened(found[0], found[1] or "")


def thread(session: Session, who: Reader, found: Opened, number: int) -> Thread:
    """The page that holds this number, the nearest one where there is none."""
    question = found.question
    start = page_of(min(max(number, 1), max(question.last_number, 1)))
    marked = _solution_numbers(session, question.id)
    repeated = marked[:REPEATED] if start == 1 else ()
    numbers = {1, *range(start, start + PER_PAGE), *repeated}
    posts, about = _posts(session, question.id, numbers)
    return Thread(
        question=question,
        cohort=found.cohort,
        start=start,
        topics=_topics(session, question.id),
        first=posts[1],
        posts=[posts[at] for at in sorted(posts) if at > 1 and start <= at < start + PER_PAGE],
        solutions=[posts[at] for at in repeated if at in posts],
        linked=[at for at in marked if at not in repeated],
        about=about,
        bylines=authors.bylines(session, who, posts.values()),
        sources=_sources(session, who, question, posts.values()),
        own=_own(session, who, question, posts.values()),
        similar=lists.linked(session, who, question.id),
    )


def page_of(number: int) -> int:
    """Where the page begins that holds a number."""
    return (number - 1) // PER_PAGE * PER_PAGE + 1


def place_of(session: Session, who: Reader, post_id: int) -> tuple[Question, int] | None:
    """Where a post is read today, a moved one where it went: its question and number."""
    seen: set[int] = set()
    while post_id not in seen:
        seen.add(post_id)
        statement = select(Post.number, Post.moved_to, Question).join(
            Question, Question.id == Post.question_id
        )
        found = session.execute(statement.where(Post.id == post_id)).one_or_none()
        if found is None or not who.reads(found[2].circle):
            return None
        if found.moved_to is None:
            return found[2], found.number
        post_id = found.moved_to
    return None


def _solution_numbers(session: Session, question_id: int) -> Sequence[int]:
    return ask(session, MARKED, {"question": question_id}).scalars().all()


def _posts(session: Session, question_id: int, numbers: set[int]) -> tuple[dict[int, Post], dict[int, int]]:
    """Posts by number, and for Rückfragen by id the number of the post they ask about, if it is here."""
    found = session.execute(POSTS, {"question": question_id, "numbers": sorted(numbers)}).all()
    return {post.number: post for post, _about in found}, {post.id: at for post, at in found if at}


def _topics(session: Session, question_id: int) -> Sequence[tuple[str, str]]:
    """Slugs and names, the main topic first."""
    return [(slug, name or slug) for slug, name in ask(session, TOPICS, {"question": question_id})]


def _sources(
    session: Session, who: Reader, question: Question, posts: Collection[Post]
) -> Mapping[int, Source]:
    texts = [question.tried_parts, *(post.parts for post in posts)]
    quoting = any("quote" in part for parts in texts for part in parts)
    return quotes.sources(session, who, posts) if quoting else {}


def _own(session: Session, who: Reader, question: Question, posts: Collection[Post]) -> Own:
    """Two statements; none for visitors."""
    if not who.actor.signed_in:
        return Own(me_too=False, helped=frozenset(), following=Following())
    values = {"person": who.actor.owner, "question": question.id, "ids": [post.id for post in posts]}
    found = ask(session, REACTED, values).all()
    return Own(
        me_too=any(kind == ME_TOO for kind, _id in found),
        helped=frozenset(one for kind, one in found if kind == HELPED),
        following=reading.following_of(session, who.actor, question),
    )
