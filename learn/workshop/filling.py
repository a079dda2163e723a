"""A Kommune's values for a course: what is asked for, what is entered, and storing it."""

import hashlib
import json
from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, Refused
from learn.workshop import towns
from learn.workshop.models import LocalValue

LONGEST = 200  # characters
MOST = 200  # values of one course
SHORTEN = "Kürzen Sie auf 200 Zeichen. Die Angabe hat {length}."
VISIBLE = "Schreiben Sie nur Zeichen, die man sehen kann."


class Conflict(Exception):
    """Somebody saved other values meanwhile; carries them. 409."""

    def __init__(self, current: Mapping[str, str]) -> None:
        super().__init__("outdated base_revision")
        self.current = current


def tidy(value: str) -> str:
    """A value on one line. Raises Refused for a long one, and for signs that steer the text around them."""
    value = " ".join(value.split())
    if len(value) > LONGEST:
        raise Refused(SHORTEN.format(length=len(value)))
    if not value.isprintable():
        raise Refused(VISIBLE)
    return value


def stand(values: Mapping[str, str]) -> str:
    """Names a state of all values, for `base_revision`."""
    return hashlib.sha256(json.dumps(sorted(values.items())).encode()).hexdigest()[:16]


def save(
    session: Session,
    actor: Actor,
    municipality_id: int,
    course_id: str,
    entered: Mapping[str, str],
    *,
    base: str,
) -> bool:
    """Store tidied values by name, empty ones are taken away; False when nothing differs. Raises Conflict."""
    mine = (LocalValue.municipality_id == municipality_id, LocalValue.course_id == course_id)
    rows = {row.name: row for row in session.scalars(select(LocalValue).where(*mine).with_for_update())}
    now = {name: row.value for name, row in rows.items()}
    wanted = {name: text for name, text in {**now, **entered}.items() if text}
    if wanted == now:
        return False
    if base != stand(now):
        raise Conflict(towns.values(session, municipality_id, course_id))
    gone = [name for name in now if name not in wanted]
    session.execute(delete(LocalValue).where(*mine, LocalValue.name.in_(gone)))
    for name, text in list(wanted.items())[:MOST]:
        if now.get(name) != text:
            row = LocalValue(municipality_id=municipality_id, course_id=course_id, name=name, value=text)
            row.written_by, row.written_on = actor.person_id, clock.today()
            session.merge(row)
    session.flush()
    return True
