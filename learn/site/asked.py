"""Questions of the forum on other pages: a few rows beside a course, a lesson, a town or a Klasse."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from learn.core.access import actor
from learn.core.db import session
from learn.core.i18n import gettext as _
from learn.core.i18n import ngettext
from learn.courses import anchors
from learn.courses.library import LessonText
from learn.forum import audience, forms, lists, policy
from learn.forum.audience import Reader
from learn.forum.lists import Row, Wanted

FORM = "/forum/fragen/neu"


@dataclass(frozen=True, slots=True)
class Line:
    """A question in a short list, see components/asked.html. `kind`: ok, wait or empty."""

    href: str
    title: str
    place: str
    state: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Some questions; `more` leads to all of them, `ask` to the form. `may_ask`: she can write at once."""

    lines: Sequence[Line]
    more: str
    ask: str
    may_ask: bool
    may_try: bool


@dataclass(frozen=True, slots=True)
class ShortForm:
    """The short form under a lesson: its sections to choose from, and a key that makes it one post."""

    lesson: str
    sections: Sequence[tuple[str, str]]
    key: str


def reader() -> Reader:
    """Who asks, with the circles she reads."""
    return audience.reader(session(), actor())


def of_lesson(text: LessonText, limit: int = 3) -> Asked:
    """The latest questions under a lesson, those under a heading with its words: two statements."""
    names = {heading.slug: heading.text for heading in text.headings}
    rows = lists.brief(session(), reader(), lesson_id=text.lesson_id, limit=limit)
    lines = [line(row, section=names.get(row.heading) or _section(text, row)) for row in rows]
    return asked(lines, {"lektion": text.lesson_id}, {"lektion": text.lesson_id})


def _section(text: LessonText, row: Row) -> str:
    """The words of the heading a question stands under, whose slug is not among today's."""
    found = anchors.heading_of(session(), text, row.heading)
    return found.text if found else ""


def of_course(course_id: str, limit: int = 2) -> Asked:
    """The latest questions about a course: two statements."""
    rows = lists.brief(session(), reader(), course_id=course_id, limit=limit)
    return asked([line(row) for row in rows], {"kurs": course_id}, {})


def of_town(municipality_id: int, ags: str, limit: int = 3) -> Asked:
    """Solved questions of a town and with its help."""
    rows = lists.solved_with(session(), reader(), municipality_id, limit=limit)
    return asked([line(row) for row in rows], {}, {"kommune": ags})


def of_cohort(cohort_id: int, limit: int = 3) -> Asked:
    """The latest questions that only this Klasse reads."""
    found = lists.questions(session(), reader(), Wanted("neu", cohort=cohort_id), None)
    filters = {"ansicht": "neu", "klasse": str(cohort_id)}
    wish = {"visibility": "klasse", "cohort": str(cohort_id)}
    return asked([line(row) for row in found.rows[:limit]], filters, wish)


def solved_lately(limit: int = 3) -> Sequence[Line]:
    """Recently solved questions with the town that helped."""
    return [line(row, helper=True) for row in lists.brief(session(), reader(), solved=True, limit=limit)]


def own_news(limit: int = 3) -> Sequence[Line]:
    """Her own questions in which something is new for her."""
    rows = lists.brief(session(), reader(), asked_by=actor().owner, unread=True, limit=limit)
    return [line(row, note=_("Neues in Ihrer Frage") if not row.helper else "") for row in rows]


def asked(lines: Sequence[Line], filters: dict[str, str], wish: dict[str, str]) -> Asked:
    """The list with its addresses."""
    return Asked(
        lines=lines,
        more=f"/forum?{urlencode(filters)}" if filters and lines else "",
        ask=f"{FORM}?{urlencode(wish)}" if wish else FORM,
        may_ask=policy.may_write(actor()),
        may_try=policy.may_write(actor()) or not actor().signed_in,
    )


def short_form(text: LessonText) -> ShortForm:
    """The form for a question under this lesson, by sections of its second level."""
    sections = [(each.slug, each.text) for each in text.headings if each.level == 2]
    return ShortForm(text.lesson_id, [("", _("Die ganze Lektion")), *sections], forms.new_key())


def line(row: Row, *, section: str = "", helper: bool = False, note: str = "") -> Line:
    """A row in words."""
    words = {"beantwortet": _("Beantwortet"), "uebernommen": _("Übernommen")}
    solved = row.state in words
    place = [row.town, row.topic_name if not section else _("zum Abschnitt „%(section)s“", section=section)]
    if helper and row.helper:
        place = [row.topic_name, _("Antwort aus %(town)s", town=row.helper)]
        if row.helper.startswith(("Stadt ", "Gemeinde ")):
            place[1] = _("Antwort aus der %(town)s", town=row.helper)
    return Line(
        href=row.href,
        title=row.title,
        place=", ".join(filter(None, place)),
        state=words.get(row.state, _("Offen") if row.answers else _("Ohne Antwort")),
        kind="ok" if solved else "" if row.answers else "wait",
        note=note or (ngettext("%(num)s Antwort", "%(num)s Antworten", row.answers) if row.answers else ""),
    )
