"""Tables of learning: what a person did, keeps for herself, and shows if she likes."""

from learn.learning.models.certificates import Certificate, CertificateStatus, SigningKey
from learn.learning.models.figures import CourseFigures
from learn.learning.models.kept import Bookmark, Note, Reminder, UnclearMark
from learn.learning.models.progress import Attempt, Enrolment, ProgressEntry, SavedPlan

__all__ = [
    "Attempt",
    "Bookmark",
    "Certificate",
    "CertificateStatus",
    "CourseFigures",
    "Enrolment",
    "Note",
    "ProgressEntry",
    "Reminder",
    "SavedPlan",
    "SigningKey",
    "UnclearMark",
]
