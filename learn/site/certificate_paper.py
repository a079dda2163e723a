"""A Nachweis as PDF: its words, the check page's address and the same as QR code."""

import re
from io import BytesIO

import segno

from learn.core import paper
from learn.core.i18n import day, minutes, ngettext
from learn.core.i18n import gettext as _
from learn.learning.certificates import Held
from learn.learning.sheets import Module
from learn.site.course import LICENSES

NO_LETTER = re.compile(r'the text `"(.+?)"` could not be displayed')  # as typst says it


def pdf(held: Held, address: str) -> bytes:
    """The paper, some 40 KB; `address` is that of the check page. Raises NotMade.

    Signs that no font has are named in brackets, but never in a name: that is refused with the sign.
    """
    sheet = held.sheet
    words = {
        "network": sheet.network,
        "name": held.name,
        "course": sheet.title,
        "outcome": sheet.outcome,
        "goals": list(sheet.goals),
        "facts": facts(held),
        "contents": contents(held),
        "modules": [module_words(module) for module in sheet.modules],
        "address": address,
        "qr": qr_code(address),
        "honest": honest(),
    }
    try:
        return paper.pdf("nachweis", words)
    except paper.NotMade as problem:
        signs = set("".join(NO_LETTER.findall(str(problem.__cause__))))
        if not signs:
            raise
        lost = "".join(sign for sign in held.name if sign in signs)
        if lost:
            sentence = _(
                "In der PDF-Datei fehlt die Schrift für diese Zeichen Ihres Namens: %(lost)s.", lost=lost
            )
            raise paper.NotMade(sentence) from problem
    return paper.pdf("nachweis", words, forgiving=True)


def facts(held: Held) -> list[tuple[str, str]]:
    """What is said of course and completion, on paper and on the check page alike; no empty values."""
    sheet = held.sheet
    found = (
        (_("Abgeschlossen am"), day(held.completed_on)),
        (_("Ausgabe des Kurses"), str(held.edition)),
        (_("Geplante Lernzeit"), duration(sheet.minutes)),
        (_("Abschlusstest"), _("bestanden") if sheet.test else ""),
        (_("Geschrieben von"), ", ".join([*sheet.authors, *filter(None, [sheet.municipality])])),
        (_("Lizenz des Kurses"), LICENSES.get(sheet.license, _("geschützt"))),
        (_("Ausgestellt am"), day(held.issued_on)),
    )
    return [(label, value) for label, value in found if value]


def contents(held: Held) -> str:
    """How much the course held, in one sentence."""
    count = held.sheet.lessons
    lessons = ngettext("%(num)s Lektion", "%(num)s Lektionen", count)
    time = duration(held.sheet.minutes)
    return _(
        "%(lessons)s in Ausgabe %(edition)s. Die geplante Lernzeit von %(time)s zählt nur Pflichtlektionen.",
        lessons=lessons,
        edition=held.edition,
        time=time,
    )


def module_words(module: Module) -> dict[str, object]:
    """A module with its lessons."""
    return {
        "title": module.title,
        "minutes": minutes(sum(lesson.minutes for lesson in module.lessons)),
        "lessons": [
            {"title": lesson.title, "minutes": minutes(lesson.minutes), "optional": not lesson.required}
            for lesson in module.lessons
        ],
    }


def duration(number: int) -> str:
    """Planned time: `45 Minuten`, from two hours on also in hours, `130 Minuten (2 Stunden 10 Minuten)`."""
    hours, rest = divmod(number, 60)
    if hours < 2:
        return minutes(number)
    spoken = ngettext("%(num)s Stunde", "%(num)s Stunden", hours)
    return f"{minutes(number)} ({f'{spoken} {minutes(rest)}' if rest else spoken})"


def honest() -> str:
    """What a Nachweis is not."""
    return _(
        "Die Lernzeit ist geplant, nicht gemessen. Dieser Nachweis ist kein Nachweis von Arbeitszeit "
        "und gleicht keinem staatlichen oder beruflichen Abschluss."
    )


def qr_code(address: str) -> str:
    """The address as SVG, black on white with a margin."""
    drawn = BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, omitsize=True, border=2, dark="#000", light="#fff")
    return drawn.getvalue().decode()
