"""Coordinators' and operators' pages; none shows anybody's learning."""

from learn.desk import (
    audit_log,
    cohort_parts,
    cohorts,
    importing,
    invitations,
    moderation,
    overview,
    people,
    person_actions,
    providers,
    reports,
    requests,
    roles,
    topics,
    town_import,
    towns,
    waiting,
)
from learn.desk.blueprint import pages

__all__ = [
    "audit_log",
    "cohort_parts",
    "cohorts",
    "importing",
    "invitations",
    "moderation",
    "overview",
    "pages",
    "people",
    "person_actions",
    "providers",
    "reports",
    "requests",
    "roles",
    "topics",
    "town_import",
    "towns",
    "waiting",
]
