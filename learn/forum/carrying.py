"""Carries posts from one question to another: numbers, stubs, pictures, who has read and who follows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.forum.models import Picture, Post, PostPicture, Question, QuestionReader

STUB = "verweis"
Moved = list[list[int]]  # post id and its old number


def content(session: Session, question_id: int) -> list[Post]:
    """The posts of a question that stand there themselves, hidden ones too, in their order."""
    mine = select(Post).where(Post.question_id == question_id, Post.kind != STUB)
    return list(session.scalars(mine.order_by(Post.number)))


def carry(session: Session, source: Question, target: Question, posts: Sequence[Post]) -> Moved:
    """Append posts to another question in their order; both are locked. Gives what undoing needs."""
    if not posts:
        return []
    moved = [[post.id, post.number] for post in posts]
    start = target.last_number
    for place, post in enumerate(posts, 1):
        post.question_id, post.number = target.id, start + place
    target.last_number = start + len(posts)
    session.flush()
    leave_stubs(session, source, moved, hidden="")
    take_pictures(session, source, target)
    shown = [(old, post.number) for post, (_id, old) in zip(posts, moved, strict=True) if not post.hidden]
    if shown:
        before = top(session, target.id, but=[post.id for post in posts])
        keep_read(session, source, target, max(old for old, _ in shown), before, max(new for _, new in shown))
    keep_following(session, source, target)
    return moved


def bring_back(
    session: Session, source: Question, target: Question, moved: Moved, numbers: Mapping[int, int]
) -> None:
    """Put carried posts back at their old numbers; `numbers`: where they stand now, by id."""
    home = {one[0]: one[1] for one in moved}
    before = top(session, source.id)
    stubs = (Post.question_id == source.id) & (Post.kind == STUB) & Post.number.in_(list(home.values()))
    session.execute(delete(Post).where(stubs))
    for post in session.scalars(select(Post).where(Post.id.in_(home))):
        post.question_id, post.number = source.id, home[post.id]
    session.flush()
    leave_stubs(session, target, [[post_id, numbers[post_id]] for post_id in home], hidden=STUB)
    take_pictures(session, target, source)
    back = select(Post.id, Post.number).where(Post.id.in_(home), Post.hidden == "")
    shown = [(numbers[row.id], row.number) for row in session.execute(back)]
    if shown:
        keep_read(session, target, source, max(old for old, _ in shown), before, max(new for _, new in shown))


def leave_stubs(session: Session, question: Question, left: Moved, *, hidden: str) -> None:
    """At each of these numbers a stub that leads to where its post is now."""
    at = dict(session.execute(select(Post.id, Post.at).where(Post.id.in_([one for one, _ in left]))).all())
    common = {"question_id": question.id, "kind": STUB, "hidden": hidden}
    rows = [{**common, "number": number, "moved_to": post_id, "at": at[post_id]} for post_id, number in left]
    session.execute(insert(Post), rows)


def take_pictures(session: Session, source: Question, target: Question) -> None:
    """Pictures belong to the question that shows them; one that both show stays."""
    shows = PostPicture.picture_id == Picture.id
    here = select(PostPicture.post_id).join(Post, Post.id == PostPicture.post_id)
    session.execute(
        update(Picture)
        .where(Picture.question_id == source.id)
        .where(here.where(shows, Post.question_id == target.id).exists())
        .where(~here.where(shows, Post.question_id == source.id).exists())
        .values(question_id=target.id)
        .execution_options(synchronize_session=False)
    )


def top(session: Session, question_id: int, but: Sequence[int] = ()) -> int:
    """The highest number that is shown and no stub."""
    statement = select(func.coalesce(func.max(Post.number), 0)).where(
        Post.question_id == question_id, Post.hidden == "", Post.kind != STUB, Post.id.not_in(but)
    )
    return session.execute(statement).scalar_one()


def keep_read(
    session: Session, source: Question, target: Question, moved: int, before: int, after: int
) -> None:
    """Who had read all of the target and all that has moved still has; to all others it is new.

    `moved`: the highest number that was shown in the source, `before` and `after` that of the target.
    """
    everybody_here, everybody_there = before <= target.quiet_number, moved <= source.quiet_number
    if everybody_here and everybody_there:
        target.quiet_number = max(target.quiet_number, after)
        return
    read_there = _readers(source, moved)
    if everybody_here:
        session.execute(_note(session, target, read_there, last_read=after))
        return
    read_here = (QuestionReader.question_id == target.id) & (QuestionReader.last_read >= before)
    if not everybody_there:
        read_here &= QuestionReader.person_id.in_(read_there)
    session.execute(
        update(QuestionReader)
        .where(read_here, QuestionReader.last_read < after)
        .values(last_read=after)
        .execution_options(synchronize_session=False)
    )


def _readers(question: Question, number: int) -> Select[Any]:
    """Who has read up to a number."""
    return select(QuestionReader.person_id).where(
        QuestionReader.question_id == question.id, QuestionReader.last_read >= number
    )


def _note(session: Session, target: Question, people: Select[Any], *, last_read: int) -> Any:
    """A row for each of these people, or their row raised."""
    rows = people.add_columns(literal(target.id), literal(last_read), literal(""), literal(""))
    columns = ["person_id", "question_id", "last_read", "follow", "reason"]
    statement = _insert(session).from_select(columns, rows)
    raised = case((QuestionReader.last_read < last_read, last_read), else_=QuestionReader.last_read)
    return _on_conflict(statement, {"last_read": raised})


def keep_following(session: Session, source: Question, target: Question) -> None:
    """Who follows the source, or wants nothing of it, does so with the target, unless she chose there."""
    rows = select(
        QuestionReader.person_id,
        literal(target.id),
        literal(0),
        QuestionReader.follow,
        QuestionReader.reason,
    ).where(QuestionReader.question_id == source.id, QuestionReader.follow != "")
    columns = ["person_id", "question_id", "last_read", "follow", "reason"]
    statement = _insert(session).from_select(columns, rows)
    free = QuestionReader.follow == ""
    session.execute(
        _on_conflict(
            statement,
            {
                "follow": case((free, statement.excluded.follow), else_=QuestionReader.follow),
                "reason": case((free, statement.excluded.reason), else_=QuestionReader.reason),
            },
        )
    )


def _insert(session: Session) -> Any:
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return kind.insert(QuestionReader)


def _on_conflict(statement: Any, changed: Mapping[str, ColumnElement[Any]]) -> Any:
    keys = [QuestionReader.person_id, QuestionReader.question_id]
    return statement.on_conflict_do_update(index_elements=keys, set_=dict(changed))
