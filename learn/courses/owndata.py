"""Courses name their authors, as their licence asks; nothing else in them is about persons."""

from learn.core.owndata import nothing
from learn.courses.models import (
    Asset,
    Blob,
    Course,
    CourseSlug,
    CourseTopic,
    LessonSlug,
    LessonVersion,
    PublishedId,
    Release,
    ReleaseFile,
    TakeawayFile,
    Term,
    TermUse,
)

nothing(
    "Kursmaterial",
    Asset,
    Blob,
    Course,
    CourseSlug,
    CourseTopic,
    LessonSlug,
    LessonVersion,
    PublishedId,
    Release,
    ReleaseFile,
    TakeawayFile,
    Term,
    TermUse,
)
