"""A course under review: what has changed, what is wrong, what learners will notice, what comes next."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, NotFound, Refused
from learn.core.db import Database
from learn.courses.findings import Finding
from learn.courses.report import CourseReport, Report
from learn.courses.storing import Storage
from learn.learning import figures
from learn.learning.figures import Shown
from learn.workshop import (
    comments,
    copies,
    counting,
    deciding,
    four_eyes,
    holding,
    kept_report,
    keys,
    publishing,
    queries,
    review,
    steps,
)
from learn.workshop.copies import Copy, Entry
from learn.workshop.deciding import Situation
from learn.workshop.models import WorkCourse
from learn.workshop.rebase import Laid
from learn.workshop.steps import Step

SHOWN = 25  # changed texts on one page
FAULTS = 100  # of each severity
SEVERITIES = ("error", "warning", "note")
PATIENCE = timedelta(minutes=10)  # then the worker is late, and people go on without it


@dataclass(frozen=True, slots=True)
class Changed:
    """A text that differs. `kinds`: German words; `before`, `after`: whole texts, None where there is none.

    `remarks`: the page with its comments, of which `waiting` are not settled. `view`: how a lesson will look.
    """

    key: str
    title: str
    kinds: tuple[str, ...]
    href: str
    remarks: str
    view: str
    before: str | None
    after: str | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault; `href` leads to its line in the editor, empty where there is none."""

    line: int
    code: str
    message: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """Faults of one text."""

    title: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the page of a review shows.

    `report`: None while nobody knows, with `blocked` in words where something stands against it at all, or
    `checking` while the worker looks. `steps`: what may be done, the main thing first.
    """

    copy: Copy
    stand: str
    situation: Situation
    steps: tuple[str, ...]
    report: Report | None
    blocked: str
    clashes: tuple[tuple[str, str], ...]  # titles and addresses
    checking: bool
    big: bool
    planned: datetime | None
    void: bool  # the plan is for another state
    late: bool  # its time is over, and nothing has come of it
    alone: bool  # it waits, and nobody is left who may approve it
    changes: tuple[Changed, ...]
    total: int
    remarks: int  # comments on changed texts that are not settled
    beyond: int  # of changed texts, where the next page begins; 0 at the end
    groups: Mapping[str, tuple[Group, ...]]
    counts: Mapping[str, int]
    history: Sequence[Step]
    shown: Shown

    @property
    def course(self) -> CourseReport | None:
        """What publishing would do to the course."""
        found = self.report.courses if self.report else ()
        return found[0] if found else None

    @property
    def learners(self) -> str:
        """What they will notice, in words; empty before the first release and while there are errors."""
        course = self.course
        return counting.told(self.shown, course.learners) if course and course.base is not None else ""

    @property
    def returned(self) -> Step | None:
        """The step that sent it back, while nothing followed."""
        newest = self.history[0] if self.history else None
        return newest if newest is not None and newest.step == steps.RETURNED else None

    @property
    def handed_in(self) -> Step | None:
        """The step that handed it in, while it waits."""
        waits = self.stand == review.WAITING
        return next((step for step in self.history if waits and step.step == steps.SUBMITTED), None)

    @property
    def first_error(self) -> str:
        """Where the first error can be mended; empty without one that lies in a text."""
        faults = (fault for group in self.groups["error"] for fault in group.faults)
        return next((fault.href for fault in faults if fault.href), "")

    @property
    def failed(self) -> Step | None:
        """The step that says why a plan came to nothing, while nothing followed."""
        newest = self.history[0] if self.history else None
        return newest if newest is not None and newest.step == steps.FAILED else None


def assess(
    session: Session, database: Database, storage: Storage, actor: Actor, course_id: str, *, begin: int = 0
) -> Assessment:
    """A course as the actor sees it under review; writes nothing. Raises NotFound."""
    copy = copies.copy(session, course_id)
    found = holding.load(session, course_id)
    if copy is None or found is None:
        raise NotFound
    work = found.work
    stand = work.stand(found.revision) if work else review.DRAFT
    report, blocked, checking = _report(database, storage, copy, work)
    planned, now = work.publish_at if work else None, clock.now()
    eyes = four_eyes.wanted(session)
    situation = Situation(
        changed=copy.changed,
        stand=stand,
        sound=report.ok if report else (False if blocked else None),
        four_eyes=eyes,
        involved=work is not None and actor.owner in review.involved(session, course_id),
        planned=planned is not None,
        busy=planned is not None and now - PATIENCE < planned <= now,
        clashing=any(laid.clash for laid in found.laid.values()),
    )
    called = titles(copy)
    laid = [each for each in found.laid.values() if each.changed]
    waiting = comments.open_of(session, course_id)
    changes = _changes(session, laid[begin : begin + SHOWN], called, report, waiting)
    names = {each.path: each.key for each in found.laid.values()}
    findings = report.findings if report else ()
    return Assessment(
        copy=copy,
        stand=stand,
        situation=situation,
        steps=deciding.steps(situation),
        report=report,
        blocked=blocked,
        clashes=tuple(_clashes(found, called)),
        checking=checking,
        big=publishing.is_big(copy),
        planned=planned,
        void=work is not None and planned is not None and work.planned != found.revision,
        late=planned is not None and planned <= now - PATIENCE,
        alone=eyes and stand == review.WAITING and not review.somebody_left(session, course_id),
        changes=changes,
        total=len(laid),
        remarks=sum(waiting.get(each.key, 0) for each in laid),
        beyond=begin + SHOWN if len(laid) > begin + SHOWN else 0,
        groups={kind: _groups(findings, kind, names, called) for kind in SEVERITIES},
        counts={kind: sum(each.severity == kind for each in findings) for kind in SEVERITIES},
        history=steps.latest(session, course_id),
        shown=figures.shown(session, course_id),
    )


def _report(
    database: Database, storage: Storage, copy: Copy, work: WorkCourse | None
) -> tuple[Report | None, str, bool]:
    """What publishing would do, or what stands against it, or that the worker is looking."""
    if not copy.changed:
        return None, "", False
    if work is not None and work.checked == copy.revision:
        return (kept_report.loaded(work.report), "", False) if work.report else (None, "", True)
    if publishing.is_big(copy):
        return None, "", False
    try:
        return publishing.check(database, storage, copy.course_id), "", False
    except Refused as refused:
        return None, refused.message, False


def titles(copy: Copy) -> dict[str, str]:
    """What texts are called, by key."""
    entries: list[Entry] = [copy.kurs, *copy.others]
    for module in copy.modules:
        entries += [module.entry, *module.lessons]
    found = {entry.key: entry.title for entry in entries if entry.key}
    return found | {key + keys.PLAIN: f"{found.get(key, key)} (Einfache Sprache)" for key in copy.plain}


def _clashes(found: holding.Holding, called: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for laid in found.laid.values():
        if laid.clash:
            path, _, query = keys.href(laid.key).partition("?")
            yield called.get(laid.key, laid.path), f"{path}/zusammenfuehren" + (f"?{query}" if query else "")


def _changes(
    session: Session,
    some: Sequence[Laid],
    called: Mapping[str, str],
    report: Report | None,
    waiting: Mapping[str, int],
) -> tuple[Changed, ...]:
    before = queries.texts_of(session, {laid.sha for laid in some})
    kinds: dict[str, list[str]] = {}
    for course in report.courses if report else ():
        for change in course.changes:
            kinds.setdefault(change.id, []).append(change.kind)
    return tuple(
        Changed(
            key=laid.key,
            title=called.get(laid.key, laid.path),
            kinds=tuple(kinds.get(laid.key) or _kinds(laid)),
            href="" if laid.removed else keys.href(laid.key),
            remarks=comments.page_of(laid.key),
            view=_view(laid),
            before=before.get(laid.sha),
            after=None if laid.removed else (laid.text if laid.text is not None else before.get(laid.sha)),
            waiting=waiting.get(laid.key, 0),
        )
        for laid in some
    )


def _view(laid: Laid) -> str:
    """The page of a lesson as it will be; empty for other texts."""
    if laid.removed or not laid.key.startswith("les_"):
        return ""
    path, _, query = keys.href(laid.key).partition("?")
    return f"{path}/ansicht" + (f"?{query}" if query else "")


def _kinds(laid: Laid) -> Iterator[str]:
    """What became of a text that the report does not class: modules, or all while there are errors."""
    if laid.removed:
        yield "entfallen"
    elif not laid.sha:
        yield "neu"
    elif laid.text is not None:
        yield "geändert"
    if laid.moved and laid.sha:
        yield "verschoben"


def _groups(
    findings: Collection[Finding], severity: str, names: Mapping[str, str], called: Mapping[str, str]
) -> tuple[Group, ...]:
    """Faults of a severity by text, in the order of the files."""
    grouped: dict[str, list[Fault]] = {}
    for found in [each for each in findings if each.severity == severity][:FAULTS]:
        key = names.get(found.file, "")
        href = f"{keys.href(key)}#zeile-{found.line}" if key else ""
        title = called.get(key, found.file)
        grouped.setdefault(title, []).append(Fault(found.line, found.code, found.message, href))
    return tuple(Group(title, tuple(faults)) for title, faults in grouped.items())
