"""Deciding a clash: what was changed here and in the release becomes one text again."""

from sqlalchemy.orm import Session

from learn.core.access import Actor, NotFound, Refused
from learn.workshop import copies, history, laying, merging, settling
from learn.workshop.copies import Clash
from learn.workshop.laying import Write

CAUSE = "zusammengeführt"
CHANGED = "Inzwischen wurde dieser Text wieder geändert. Sehen Sie noch einmal nach."
OPEN = "In Zeile {line} stehen noch beide Texte. Löschen Sie die Trennzeilen und was nicht bleiben soll."


def clash(session: Session, key: str) -> Clash | None:
    """The clash of one text, if there is one."""
    course_id = copies.course_of(session, key)
    found = copies.clashes(session, course_id) if course_id else ()
    return next((each for each in found if each.key == key), None)


def proposal(found: Clash) -> str:
    """Both changes in one text, with markers where they meet; else what is left of it."""
    if found.here is None or found.theirs is None:
        return found.here or found.theirs or ""
    return merging.merged(found.base or "", found.here, found.theirs).text


def decide(
    session: Session, actor: Actor, key: str, text: str | None, *, path: str, revision: int, release: int
) -> None:
    """Make `text` what both sides become, at `path`; None takes it away.

    `revision` (of the text here) and `release` (current number) name what was seen. Raises NotFound; Refused:
    409 when one is another by now, 422 while markers stand in the text, 413.
    """
    course_id = copies.course_of(session, key)
    if course_id is None:
        raise NotFound
    opened = settling.open_copy(session, course_id)
    laid = opened.holding.laid.get(key)
    if laid is None or not laid.clash or laid.row is None:
        raise NotFound
    if (laid.row.revision, opened.holding.shelf.number) != (revision, release):
        raise Refused(CHANGED, status=409)
    theirs = opened.holding.shelf.paths.get(key, "")
    if path not in {laid.path, laid.row.path, theirs}:
        raise Refused("Wählen Sie, wo der Text liegen soll.", field="path")
    line = merging.unmerged(text or "")
    if line:
        raise Refused(OPEN.format(line=line), field="body")
    if laid.sha:
        history.note_published(session, opened.work, key, theirs, opened.holding.texts[laid.sha])
    laid.row.base_path, laid.row.base_sha = theirs, laid.sha
    laying.lay(session, actor, opened, [Write(key, path, text)], CAUSE)
    settling.touched(opened.work, actor)
    session.flush()
