"""What reading in a course would do to the one that is there: new, changed, moved, missing, edited since.

A text or picture an author has changed since it was read in is named apart and replaced only where she says
so.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from posixpath import basename

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses.models import PublishedId
from learn.courses.published import chunks
from learn.workshop import copies, history, media, queries
from learn.workshop.copies import Text
from learn.workshop.keys import kind_of, standard
from learn.workshop.models import WorkRevision, WorkText
from learn.workshop.rebase import same

CAUSE = "eingelesen"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A course that was laid out: texts by key as (path, text), hashes of its pictures by path."""

    course_id: str
    slug: str
    foreign: bool
    texts: Mapping[str, tuple[str, str]]
    pictures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A text by its title. `before`: where it lies now, if elsewhere."""

    key: str
    path: str
    title: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What would happen. `new`: the course is not there yet. `revision`: of the copy this was seen in.

    `edited`, `altered`: authors have changed these texts, these pictures; `missing`: the course holds them,
    what arrives does not. `problem`: a sentence that forbids all of it.
    """

    course_id: str
    title: str
    new: bool
    revision: int
    added: tuple[Line, ...] = ()
    changed: tuple[Line, ...] = ()
    moved: tuple[Line, ...] = ()
    edited: tuple[Line, ...] = ()
    missing: tuple[Line, ...] = ()
    pictures: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    unchanged: int = 0
    lessons: int = 0
    modules: int = 0
    problem: str = ""

    @property
    def nothing(self) -> bool:
        """Whether the course would stay as it is."""
        parts = (
            self.added,
            self.changed,
            self.moved,
            self.edited,
            self.missing,
            self.pictures,
            self.replaced,
            self.altered,
        )
        return not self.new and not any(parts)

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        """Edited texts as something to tick: key, title, path."""
        return [(line.key, line.title, line.path) for line in self.edited]

    @property
    def picture_choices(self) -> list[tuple[str, str, str]]:
        """Altered pictures likewise: mark, name, path."""
        return [(mark(path), basename(path), path) for path in self.altered]


def mark(path: str) -> str:
    """What stands for a picture in a form: paths may hold any character."""
    return sha256(path.encode()).hexdigest()[:16]


def compare(session: Session, incoming: Incoming) -> Comparison:
    """Look at what is there; nothing is written."""
    copy = copies.copy(session, incoming.course_id)
    there = copies.texts(session, incoming.course_id)
    lines = {key: _line(key, path, text) for key, (path, text) in incoming.texts.items()}
    differing = [key for key in lines if _differs(incoming, there.get(key), key)]
    states = _read_in(session, [key for key in differing if key in there])
    pictures = _pictures(session, incoming)
    parted = _parted(incoming, there, differing, states)
    return Comparison(
        course_id=incoming.course_id,
        title=next((line.title for line in lines.values() if line.key == incoming.course_id), ""),
        new=copy is None,
        revision=copy.revision if copy else 0,
        added=_some(lines, parted["added"]),
        changed=_some(lines, parted["changed"]),
        edited=_some(lines, parted["edited"]),
        moved=_moves(incoming, there, lines, differing),
        missing=tuple(_missing(there, lines)) if copy else (),
        pictures=tuple(pictures["added"]),
        replaced=tuple(pictures["changed"]),
        altered=tuple(pictures["edited"]),
        unchanged=len(lines) - len(differing),
        lessons=sum(key.startswith("les_") and kind_of(key) == "lektion" for key in lines),
        modules=sum(key.startswith("mod_") for key in lines),
        problem=_problem(session, incoming, new=copy is None),
    )


def _pictures(session: Session, incoming: Incoming) -> dict[str, list[str]]:
    """Paths of pictures that come anew, that change, and that authors have replaced or taken out.

    Of foreign material every picture that differs may be an author's: a release of hers looks the same.
    """
    held, gone = media.held(session, incoming.course_id), media.removed(session, incoming.course_id)
    parted: dict[str, list[str]] = {"added": [], "changed": [], "edited": []}
    for path, sha in incoming.pictures.items():
        there = held.get(path)
        if there is None:
            parted["edited" if path in gone else "added"].append(path)
        elif there.sha != sha:
            parted["edited" if there.state or incoming.foreign else "changed"].append(path)
    return parted


def _line(key: str, path: str, text: str) -> Line:
    title = queries.head(text, kind_of(key)).text("titel") or basename(path)
    return Line(key, path, title)


def _some(lines: Mapping[str, Line], keys: Iterable[str]) -> tuple[Line, ...]:
    return tuple(sorted((lines[key] for key in keys), key=lambda line: line.path))


def _differs(incoming: Incoming, there: Text | None, key: str) -> bool:
    return there is None or there.removed or not same(there.text, incoming.texts[key][1])


def _parted(
    incoming: Incoming,
    there: Mapping[str, Text],
    differing: Iterable[str],
    states: Mapping[str, list[str]],
) -> dict[str, list[str]]:
    """Keys of texts that come anew, that change, and that authors have changed."""
    parted: dict[str, list[str]] = {"added": [], "changed": [], "edited": []}
    for key in differing:
        text, found = incoming.texts[key][1], there.get(key)
        if found is None:
            parted["added"].append(key)
        elif incoming.foreign and any(same(state, text) for state in states.get(key, ())[-1:]):
            continue  # the source says what it said then: what was written since stays
        elif _edited(incoming, found, states.get(key, [])):
            parted["edited"].append(key)
        else:
            parted["changed"].append(key)
    return parted


def _edited(incoming: Incoming, found: Text, states: list[str]) -> bool:
    """Whether an author has written what is there."""
    if any(same(state, found.text) for state in states):
        return False
    return found.changed or incoming.foreign


def _read_in(session: Session, keys: Iterable[str]) -> dict[str, list[str]]:
    """Texts as they were read in, oldest first."""
    found: dict[str, list[str]] = {}
    for some in chunks(keys):
        query = select(WorkRevision.key, WorkRevision.packed).order_by(WorkRevision.key, WorkRevision.number)
        wanted = WorkRevision.key.in_(some) & WorkRevision.cause.in_(history.READ_IN)
        for key, packed in session.execute(query.where(wanted)):
            found.setdefault(key, []).append(history.unpacked(packed))
    return found


def _moves(
    incoming: Incoming, there: Mapping[str, Text], lines: Mapping[str, Line], differing: Iterable[str]
) -> tuple[Line, ...]:
    """Texts that say the same at another place."""
    others = set(differing)
    found = [
        Line(key, line.path, line.title, there[key].path)
        for key, line in lines.items()
        if key not in others and there[key].path != incoming.texts[key][0]
    ]
    return tuple(sorted(found, key=lambda line: line.path))


def _missing(there: Mapping[str, Text], lines: Mapping[str, Line]) -> Iterable[Line]:
    """Texts of the course that do not arrive; no export holds questions of the Abschlusstest."""
    for key, text in sorted(there.items(), key=lambda pair: pair[1].path):
        if key not in lines and not text.removed and not key.startswith("fra_"):
            yield _line(key, text.path, text.text)


def _problem(session: Session, incoming: Incoming, *, new: bool) -> str:
    """Why nothing of it may be read in, if so: ids that other courses bear."""
    if not incoming.course_id.startswith("kur_"):
        return "kurs.md fehlt oder lässt sich nicht lesen."
    for key, owner in _owners(session, incoming.texts):
        if owner != incoming.course_id:
            return f"Die Kennung „{key}“ gehört schon zu einem anderen Kurs."
        if new:
            return f"Die Kennung „{key}“ gab es schon einmal."
    return ""


def _owners(session: Session, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Ids that are known here, with the course that has or had them."""
    for some in chunks({standard(key) for key in keys}):
        for key, owner in session.execute(
            select(WorkText.key, WorkText.course_id).where(WorkText.key.in_(some))
        ):
            yield key, owner
        published = select(PublishedId.id, PublishedId.course_id).where(PublishedId.id.in_(some))
        for key, owner in session.execute(published):
            yield key, owner
