"""A report of publishing as a row keeps it, and back. Pure."""

from dataclasses import asdict, replace
from typing import Any

from learn.courses.changes import Change
from learn.courses.findings import Finding
from learn.courses.report import CourseReport, Learners, Report

MOST = 2000  # findings


def dumped(report: Report) -> dict[str, Any]:
    """The report as JSON holds it; errors first where there are too many findings to keep."""
    findings = sorted(report.findings, key=lambda found: found.severity != "error")[:MOST]
    return asdict(replace(report, findings=tuple(findings)))


def loaded(stored: dict[str, Any]) -> Report:
    """The same report again."""
    return Report(
        courses=tuple(_course(course) for course in stored["courses"]),
        findings=tuple(Finding(**found) for found in stored["findings"]),
        published=stored["published"],
    )


def _course(stored: dict[str, Any]) -> CourseReport:
    changes = tuple(Change(**change) for change in stored["changes"])
    return CourseReport(**{**stored, "changes": changes, "learners": Learners(**stored["learners"])})
