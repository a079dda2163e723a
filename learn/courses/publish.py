"""Publishing: check, report, stage versions and pictures by hash, then switch in one transaction.

Folders and texts of the Werkstatt take the same way. A kill leaves either the old or the new state, whole:
what was staged is named by no release yet.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from learn.core.db import Database
from learn.courses import changes, check, compare, drafts, parse, planning, rehash, release, stage
from learn.courses.changes import Change, Side
from learn.courses.drafts import Draft
from learn.courses.manifest import Manifest
from learn.courses.plan import CoursePlan, Plan
from learn.courses.published import Base
from learn.courses.rendering import Progress
from learn.courses.report import CourseReport, Learners, Report
from learn.courses.storing import Storage

Affected = Callable[[Session, Manifest, Manifest], Learners]
Prepare = Callable[[Session | None], Plan]
Moment = Callable[[Session], AbstractContextManager[Any]]


def nobody(_session: Session, _before: Manifest, _after: Manifest) -> Learners:
    """Counts no learners, where there is no instance."""
    return Learners()


def examine(
    database: Database | None, folder: Path, *, affected: Affected = nobody, progress: Progress | None = None
) -> Report:
    """Check a folder and say what publishing it would do. Nothing is written."""
    return _examine(database, _folder(folder), affected, progress)[1]


def publish(
    database: Database,
    storage: Storage,
    folder: Path,
    *,
    affected: Affected = nobody,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Publish a folder unless it has errors or nothing changed (the report says so).

    Raises Refused when something was published meanwhile, or a file changed while it was read.
    """
    plan, report = _examine(database, _folder(folder), affected, progress)
    return report if dry_run else _carry_out(database, storage, plan, report)


def publish_drafts(
    database: Database,
    storage: Storage,
    given: Sequence[Draft],
    *,
    affected: Affected = nobody,
    dry_run: bool = False,
    progress: Progress | None = None,
    moment: Moment = nullcontext,
) -> Report:
    """Publish texts of the Werkstatt: the current releases with these changes, by the rules of folders.

    `dry_run` only reports, for a preview. The report's files are paths below the course folder, of several
    drafts below the content root. Texts are stored canonically (`canonical.written`); what they merely say
    again stays byte for byte. `moment` surrounds the switch in its transaction: what it writes happens with
    the release or not at all. Raises Refused: 409 when a draft's base is not the current release any more,
    422 for a path outside the course or a new course without an address.
    """

    def prepare(session: Session | None) -> Plan:
        assert session is not None
        plan = planning.compared(parse.read(drafts.tree(session, given)), session)
        drafts.unchanged_bases(plan, given)
        return plan

    plan, report = _examine(database, prepare, affected, progress)
    return report if dry_run else _carry_out(database, storage, plan, report, moment)


def _folder(folder: Path) -> Prepare:
    return lambda session: planning.prepare(folder, session)


def _carry_out(
    database: Database, storage: Storage, plan: Plan, report: Report, moment: Moment = nullcontext
) -> Report:
    """Do what was reported, unless there is nothing to do or an error."""
    if not report.ok or report.unchanged:
        return report
    stage.texts(database, plan)
    stage.pictures(storage, plan)
    versions = stage.versions(database, plan)
    with database.writing() as session, moment(session):
        stage.switch_all(session, plan, versions, storage.backend)
    return replace(report, published=True)


def _examine(
    database: Database | None, prepare: Prepare, affected: Affected, progress: Progress | None
) -> tuple[Plan, Report]:
    if database is None:
        plan = prepare(None)
        planning.render(plan, progress)
        return plan, _report(None, plan, affected)
    with database.reading() as session:
        plan = prepare(session)
    planning.render(plan, progress)
    with database.reading() as session:
        return plan, _report(session, plan, affected)


def _report(session: Session | None, plan: Plan, affected: Affected) -> Report:
    compare.findings(plan, session)
    findings = check.findings(plan)
    report = Report((), findings)
    courses = tuple(_course(session, plan, course, affected) for course in plan.courses) if report.ok else ()
    return replace(report, courses=courses)


def _course(session: Session | None, plan: Plan, course: CoursePlan, affected: Affected) -> CourseReport:
    base = course.base
    if base is None or session is None:  # without a database there is none
        return CourseReport(course.id, course.slug, None, 1)
    if course.unchanged:
        learners = affected(session, base.manifest, base.manifest)
        return CourseReport(course.id, course.slug, base.number, base.number, (), learners)
    tree = release.manifest(course, {})
    return CourseReport(
        course.id,
        course.slug,
        base.number,
        stage.next_number(session, course.id),
        _changes(session, plan, course, base, tree),
        affected(session, base.manifest, tree),
    )


def _changes(
    session: Session, plan: Plan, course: CoursePlan, base: Base, tree: Manifest
) -> tuple[Change, ...]:
    old_hashes = {key: version.content_hash for key, version in base.versions.items()}
    old_hashes |= rehash.hashes(session, plan, course)
    new_hashes = {lesson.source.id: lesson.content_hash for lesson in course.lessons}
    old = Side(base.manifest, old_hashes, _shown(plan, course, base.paths))
    return changes.between(old, Side(tree, new_hashes, _shown(plan, course, release.paths(course))))


def _shown(plan: Plan, course: CoursePlan, paths: Mapping[str, str]) -> dict[str, str]:
    """Files by id, as reports name them."""
    return {identity: plan.content.tree.shown(course.folder + path) for identity, path in paths.items()}
