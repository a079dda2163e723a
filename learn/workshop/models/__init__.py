"""Tables of the Werkstatt."""

from learn.workshop.models.copies import Autosave, WorkCourse, WorkPicture, WorkRevision, WorkText
from learn.workshop.models.review import CourseStep, NetworkChoice, OutsideLink, ReviewComment
from learn.workshop.models.towns import LocalValue, Supplement

__all__ = [
    "Autosave",
    "CourseStep",
    "LocalValue",
    "NetworkChoice",
    "OutsideLink",
    "ReviewComment",
    "Supplement",
    "WorkCourse",
    "WorkPicture",
    "WorkRevision",
    "WorkText",
]
