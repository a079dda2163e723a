"""Coordinators' and operators' pages; none shows anybody's learning."""

from learn.desk import (
    audit_log,
    cohort_parts,
    cohorts,
    importing,
    invitations,
    overview,
    people,
    person_actions,
    providers,
    requests,
    roles,
    town_import,
    towns,
)
from learn.desk.blueprint import pages

__all__ = [
    "audit_log",
    "cohort_parts",
    "cohorts",
    "importing",
    "invitations",
    "overview",
    "pages",
    "people",
    "person_actions",
    "providers",
    "requests",
    "roles",
    "town_import",
    "towns",
]
