"""Coordinators' and operators' pages; none shows anybody's learning."""

from learn.desk import overview
from learn.desk.blueprint import pages

__all__ = ["overview", "pages"]
