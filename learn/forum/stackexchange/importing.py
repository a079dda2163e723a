"""The import itself: staged questions become threads of ours, some at a time; again changes nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.core.db import Database
from learn.forum import asking, counting, intake, texts
from learn.forum.audience import COHORT
from learn.forum.models import Question, QuestionLink
from learn.forum.stackexchange import markdown
from learn.forum.stackexchange.staging import Stage, Staged, Text, staged
from learn.forum.texts import Prepared
from learn.network.models import Cohort, Topic
from learn.network.vocabulary import Vocabulary, vocabulary

ORIGIN = "stackexchange:"
AT_ONCE = 20  # questions in one transaction
CLOSED = "Beim Import übernommen: in der Quelle geschlossen."
WITHOUT_WORDS = "(ohne Worte)"
CONTINUED = "(Fortsetzung)"
LONGEST_TITLE = max(asking.TITLE)
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Target:
    """Where and how a dump is taken in. `topic`: for questions of whose tags none is known."""

    level: str
    phase: str
    cohort_id: int | None = None
    topic: str = ""


@dataclass(slots=True)
class Report:
    """What a dump holds and what became of it."""

    counts: dict[str, int]
    new: int = 0
    known: int = 0
    links: int = 0
    others: int = 0
    proposals: list[str] = field(default_factory=list)
    without_topic: int = 0
    dangling: list[str] = field(default_factory=list)


def run(
    database: Database, folder: Path, target: Target, *, dry_run: bool = False, progress: Progress
) -> Report:
    """Import a dump, or with `dry_run` say what would happen. Raises Refused before anything is written.

    `progress` hears of questions done.
    """
    with staged(folder) as stage:
        with database.reading() as session:
            _check_target(session, target)
            words = vocabulary(session)
            known = _known(session)
        report = _examined(stage, words, target, known)
        if not dry_run:
            _propose(database, report.proposals)
            fresh = (one for one in stage.questions() if f"{ORIGIN}{one.id}" not in known)
            while some := list(islice(fresh, AT_ONCE)):
                _store(database, [_thread(one, words, target) for one in some])
                progress(len(some))
            report.links = _link(database, stage.links())
        return report


def _check_target(session: Session, target: Target) -> None:
    asking.check_phase(target.phase)
    if (target.level == COHORT) != (target.cohort_id is not None):
        raise Refused("Zur Stufe „klasse“ gehört --cohort, zu keiner anderen.")
    if target.cohort_id is not None and session.get(Cohort, target.cohort_id) is None:
        raise Refused(f"Die Klasse {target.cohort_id} gibt es nicht.")
    if target.topic and vocabulary(session).find(target.topic) is None:
        raise Refused(f"Das Thema „{target.topic}“ gibt es nicht.")


def _known(session: Session) -> set[str]:
    mine = select(Question.origin).where(Question.origin.startswith(ORIGIN))
    return {origin for origin in session.scalars(mine) if origin}


def _examined(stage: Stage, words: Vocabulary, target: Target, known: set[str]) -> Report:
    """Go through all questions once. Raises Refused where one would have no topic."""
    report = Report(stage.count(), others=stage.notes.others, dangling=list(stage.notes.dangling))
    used: set[str] = set()
    for question in stage.questions():
        used.update(question.tags)
        already = f"{ORIGIN}{question.id}" in known
        report.known += already
        report.new += not already
        report.without_topic += not any(words.find(tag) for tag in question.tags)
    report.links = len(stage.links())
    report.proposals = sorted(tag for tag in used if words.find(tag) is None)
    report.dangling += [f"Tags.xml: Das Schlagwort {tag} fehlt." for tag in stage.unlisted_tags(used)]
    if report.without_topic and not target.topic:
        raise Refused(
            f"Zu {report.without_topic} Fragen ist kein Thema bekannt. Nennen Sie eines mit --topic."
        )
    return report


def _propose(database: Database, tags: Sequence[str]) -> None:
    """Unknown tags become proposals for the Koordination, invisible until accepted."""
    with database.writing() as session:
        known = set(session.scalars(select(Topic.slug)))
        for tag in tags:
            slug = asking.slug_of(tag)
            if slug not in known:
                known.add(slug)
                session.add(Topic(slug=slug, name=tag[:100], accepted=False))


def _thread(question: Staged, words: Vocabulary, target: Target) -> intake.NewThread:
    """A thread of ours, its texts rendered. Raises Refused with file and line."""
    found = dict.fromkeys(slug for tag in question.tags if (slug := words.find(tag)))
    topics = list(found)[: max(asking.TOPICS)] or [words.find(target.topic) or ""]
    posts = list(_posts(question))
    return intake.NewThread(
        title=_title(question),
        posts=posts,
        topics=topics,
        phase=target.phase,
        level=target.level,
        cohort_id=target.cohort_id,
        verdict=counting.SOLVED if any(post.solution for post in posts) else "",
        locked=question.closed,
        reason=CLOSED if question.closed else "",
        origin=f"{ORIGIN}{question.id}",
    )


def _title(question: Staged) -> str:
    """A title of a length that we have; what is cut off begins the text."""
    title = " ".join(question.title.split())
    if len(title) < min(asking.TITLE):
        title = f"{title} (Frage {question.id})"
    title = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"
    try:
        return asking.clean_title(title)
    except Refused:  # hardly a character of it can be seen
        return f"Frage {question.id} ohne lesbaren Titel"


def _posts(question: Staged) -> Iterator[intake.NewPost]:
    """Question, answers and comments by time; a comment never stands before what it is about."""
    places: dict[int, int] = {}
    number = 0
    for text in _ordered(question.texts):
        about = places[text.about] if text.about is not None else None
        for part, prepared in enumerate(_prepared(question, text)):
            number += 1
            if part == 0 and text.about is None:
                places[text.id] = about_first = number
            elif part == 0:
                about_first = number
            yield intake.NewPost(
                kind=text.kind if part == 0 else "rueckfrage",
                text=prepared,
                at=text.at,
                by_name=" ".join(text.name.split())[:200],
                about=about if part == 0 else about_first,
                solution=part == 0 and text.kind == "antwort" and text.id == question.accepted,
                origin=_origin(text) if part == 0 else None,
            )


def _origin(text: Text) -> str:
    kind = "kommentar:" if text.about is not None else "beitrag:"
    return f"{ORIGIN}{kind}{text.id}"


def _ordered(found: Sequence[Text]) -> list[Text]:
    posts = {text.id: text for text in found if text.about is None}
    first = next(text for text in posts.values() if text.kind == "frage")

    def key(text: Text) -> tuple[bool, datetime, bool, int]:
        about = posts.get(text.about) if text.about is not None else None
        at = max(text.at, about.at, first.at) if about else max(text.at, first.at)
        return text is not first, at, text.about is not None, text.id

    return sorted(found, key=key)


def _prepared(question: Staged, text: Text) -> list[Prepared]:
    """The text as one post, or several where it is longer than one may be. Raises Refused."""
    found = [markdown.comment(text.body)] if text.about is not None else markdown.blocks(text.body)
    whole = " ".join(question.title.split())
    if text.kind == "frage" and len(whole) > LONGEST_TITLE:
        found = [f"**{markdown.escaped(whole)}**", *found]
    pieces = _pieces(found or [markdown.escaped(text.body).strip() or WITHOUT_WORDS])
    return [prepared for piece in pieces for prepared in _rendered(piece, text)]


def _pieces(blocks: Sequence[str]) -> list[str]:
    """Blocks in as few posts as hold them."""
    limit = texts.LONGEST - 100
    pieces: list[str] = []
    for block in (part for whole in blocks for part in _parted(whole, limit)):
        if pieces and len(pieces[-1]) + len(block) + 2 <= limit:
            pieces[-1] += f"\n\n{block}"
        else:
            pieces.append(f"{CONTINUED}\n\n{block}" if pieces else block)
    return pieces


def _parted(block: str, limit: int) -> Iterator[str]:
    """A block that is too long for a post, at the ends of lines; a listing stays one in each part."""
    if len(block) <= limit:
        yield block
        return
    lines = block.split("\n")
    fence = lines[0] if lines[0].startswith("```") and lines[-1] == lines[0] else ""
    inner = lines[1:-1] if fence else lines
    room = limit - 2 * len(fence) - 20
    some: list[str] = []
    for line in (piece for whole in inner for piece in _cut(whole, room)):
        if some and sum(map(len, some)) + len(some) + len(line) > room:
            yield _fenced(some, fence)
            some = []
        some.append(line)
    yield _fenced(some, fence)


def _cut(line: str, room: int) -> Iterator[str]:
    """A line at blanks, where it has some."""
    while len(line) > room:
        end = line.rfind(" ", room // 2, room) + 1 or room
        yield line[:end]
        line = line[end:]
    yield line


def _fenced(lines: Sequence[str], fence: str) -> str:
    return "\n".join([fence, *lines, fence]) if fence else "\n".join(lines)


def _rendered(source: str, text: Text) -> list[Prepared]:
    """A piece rendered; what is too nested or too slow stands as plain words."""
    try:
        return [intake.plain(source)]
    except Refused:
        words = markdown.escaped(source)
    try:
        return [intake.plain(piece) for piece in _pieces(words.split("\n\n"))]
    except Refused as problem:
        file = "Comments.xml" if text.about is not None else "Posts.xml"
        raise Refused(f"{file}:{text.line}: {problem.message}") from problem


def _store(database: Database, threads: Sequence[intake.NewThread]) -> None:
    with database.writing() as session:
        for thread in threads:
            if session.scalar(select(Question.id).where(Question.origin == thread.origin)) is None:
                intake.store(session, thread)


def _link(database: Database, pairs: Sequence[tuple[int, int]]) -> int:
    """Questions that the dump says are alike point at one another; how many pairs are new."""
    added = 0
    with database.writing() as session:
        named = select(Question.origin, Question.id).where(Question.origin.startswith(ORIGIN))
        ids = {row.origin: row.id for row in session.execute(named)}
        for one, other in pairs:
            first, second = ids[f"{ORIGIN}{one}"], ids[f"{ORIGIN}{other}"]
            if first != second and session.get(QuestionLink, (first, second)) is None:
                session.add(QuestionLink(question_id=first, other_id=second))
                session.add(QuestionLink(question_id=second, other_id=first))
                added += 1
    return added
