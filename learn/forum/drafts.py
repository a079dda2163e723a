"""Drafts: one per person and target, saved in order, gone with the post they become."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, NotFound, Refused
from learn.core.cleaning import retains
from learn.core.paging import Slice, slice_of
from learn.forum.models import ForumDraft

TARGET = re.compile(r"frage(?::[a-z0-9_-]{1,40})?|(?:antwort|rueckfrage|bearbeiten):[1-9][0-9]{0,17}")
LARGEST = 200_000  # characters of all fields: more than any form may publish
LATEST = 2_000_000_000  # a sequence beyond is none of ours
STAY = timedelta(days=365)

Fields = Mapping[str, Any]  # names of a form's fields; lists where one occurs several times


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft as it was stored; the next save of this form sends a higher `sequence`."""

    id: int
    target: str
    sequence: int


class Newer(Exception):
    """Another window or device has saved since; `draft` is what it saved."""

    def __init__(self, draft: ForumDraft) -> None:
        super().__init__(draft.target)
        self.draft = draft


def target_of(text: str) -> str:
    """A target as addresses name it. Raises NotFound."""
    if not TARGET.fullmatch(text):
        raise NotFound
    return text


def draft(session: Session, actor: Actor, target: str) -> ForumDraft | None:
    """Her draft for this target."""
    mine = (ForumDraft.person_id == actor.owner) & (ForumDraft.target == target)
    return session.scalar(select(ForumDraft).where(mine))


def by_id(session: Session, actor: Actor, draft_id: int) -> ForumDraft | None:
    """Her draft of this number."""
    mine = (ForumDraft.person_id == actor.owner) & (ForumDraft.id == draft_id)
    return session.scalar(select(ForumDraft).where(mine))


def drafts(session: Session, actor: Actor, after: str | None) -> Slice[ForumDraft]:
    """Her drafts, those begun last first, 25 at a time."""
    mine = select(ForumDraft).where(ForumDraft.person_id == actor.owner)
    return slice_of(session, mine, [ForumDraft.id], after, descending=True)


def save(session: Session, actor: Actor, target: str, fields: Fields, *, sequence: int | None) -> Saved:
    """Store a draft unless a newer one is stored; one statement decides races. Raises Newer, Refused.

    `sequence` is above that of the draft the form was made from. None: a form that never saw it, which
    is stored in any case. The same text sent twice is saved once.
    """
    if len(json.dumps(dict(fields), ensure_ascii=False)) > LARGEST:
        raise Refused("Kürzen Sie den Text. Ein Entwurf fasst 200.000 Zeichen.")
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    if sequence is not None:
        sequence = min(max(sequence, 1), LATEST)
    values = {"fields": dict(fields), "saved_on": clock.today()}
    owned = {"person_id": actor.owner, "target": target}
    statement = insert(ForumDraft).values(**owned, **values, sequence=sequence or 1)
    later = statement.on_conflict_do_update(
        index_elements=[ForumDraft.person_id, ForumDraft.target],
        set_={**values, "sequence": sequence or ForumDraft.sequence + 1},
        where=None if sequence is None else ForumDraft.sequence < sequence,
    )
    row = session.execute(later.returning(ForumDraft.id, ForumDraft.sequence)).one_or_none()
    if row is not None:
        session.expire_all()  # what was read before the statement is old now
        return Saved(row.id, target, row.sequence)
    return _unchanged(session, actor, target, fields)


def _unchanged(session: Session, actor: Actor, target: str, fields: Fields) -> Saved:
    """What is stored, where it says the same. Raises Newer."""
    found = draft(session, actor, target)
    assert found is not None  # the statement met its row, which this transaction holds
    if found.fields != dict(fields):
        session.expunge(found)  # it is read after this transaction was undone
        raise Newer(found)
    return Saved(found.id, target, found.sequence)


def drop(session: Session, actor: Actor, target: str) -> None:
    """Remove a draft: its post is stored, or she wants it no more."""
    mine = (ForumDraft.person_id == actor.owner) & (ForumDraft.target == target)
    session.execute(delete(ForumDraft).where(mine))


@retains(ForumDraft)
def forgotten() -> ColumnElement[bool]:
    """A year after it was last saved."""
    return ForumDraft.saved_on < clock.today() - STAY
