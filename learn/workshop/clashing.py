"""Texts that were changed both in a release and in the Werkstatt since."""

from collections.abc import Iterable
from dataclasses import dataclass
from posixpath import basename

from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.workshop import holding, queries
from learn.workshop.holding import Holding
from learn.workshop.keys import beside, kind_of
from learn.workshop.rebase import Laid


@dataclass(frozen=True, slots=True)
class Clash:
    """A text changed here and in the release since. None: that side lacks it, or took it away.

    Each side with its path; `elsewhere`: both moved it, to different places. `revision` is that of the
    text here, `release` the current one's number: both name what was seen. `href`: where it is decided.
    """

    key: str
    title: str
    revision: int
    release: int
    base: str | None
    theirs: str | None
    here: str | None
    base_path: str
    their_path: str
    here_path: str
    elsewhere: bool

    @property
    def href(self) -> str:
        return beside(self.key, "zusammenfuehren")


def clashes(session: Session, course_id: str) -> tuple[Clash, ...]:
    """Texts changed both in a release and here since; publishing waits for them."""
    found = holding.load(session, course_id)
    return of(found) if found else ()


def of(found: Holding) -> tuple[Clash, ...]:
    """The clashes of a copy that is read already."""
    return tuple(_clash(found, laid) for laid in found.laid.values() if laid.clash)


def check(found: Iterable[Clash]) -> None:
    """Raises Refused (409) while there is any: nobody knows yet which text would be read."""
    names = ", ".join(f"„{clash.title}“" for clash in found)
    if names:
        raise Refused(f"Führen Sie zuerst zusammen, was hier und in Git geändert wurde: {names}.", status=409)


def _clash(found: Holding, laid: Laid) -> Clash:
    row = laid.row
    assert row is not None  # only stored texts can clash
    theirs = found.texts[laid.sha] if laid.sha else None
    mine = None if row.removed else row.text
    shown = mine or theirs or ""
    head = queries.head(shown, kind_of(laid.key))
    return Clash(
        key=laid.key,
        title=head.text("titel") or basename(laid.path),
        revision=row.revision,
        release=found.shelf.number,
        base=found.texts.get(row.base_sha),
        theirs=theirs,
        here=mine,
        base_path=row.base_path,
        their_path=found.shelf.paths.get(laid.key, ""),
        here_path=row.path if laid.elsewhere else laid.path,
        elsewhere=laid.elsewhere,
    )
