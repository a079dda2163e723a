"""`/werkstatt/kurse/<id>/zahlen`: where a course is unclear, and how many people got how far; never who."""

from flask.typing import ResponseReturnValue

from learn.core.access import require
from learn.core.db import session
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.learning.figures import FEW, Figure
from learn.workshop import copies, counting, policy
from learn.workshop.counting import Sheet
from learn.workshop.views.blueprint import pages


@pages.get("/werkstatt/kurse/<course_id>/zahlen", access=policy.author)
def course_figures(course_id: str) -> ResponseReturnValue:
    """The figures as they were counted last."""
    sheet = counting.sheet(session(), course_id)
    title = sheet.title if sheet else require(copies.copy(session(), course_id)).title
    return page(
        "workshop/figures.html",
        course_id=course_id,
        title=title,
        sheet=sheet,
        said=said,
        bars=bars(sheet) if sheet else [],
    )


def said(figure: Figure) -> str:
    """The figure in words."""
    if figure.number is None:
        return _("weniger als %(few)s", few=FEW)
    return _("rund %(number)s", number=figure.number) if figure.about else str(figure.number)


def bars(sheet: Sheet) -> list[tuple[str, list[tuple[float, str]]]]:
    """For each lesson its place, and the lengths of its bars in hundredths of the longest, with words."""
    return [
        (
            str(one.place),
            [(100 * (each.number or 0) / sheet.most, said(each)) for each in (one.unclear, one.done)],
        )
        for one in sheet.lessons
    ]
