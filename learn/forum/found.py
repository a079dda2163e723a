"""What was found, as a line of a page: what it is and where, its title and address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from learn.core.i18n import gettext as _
from learn.search.finding import Hit


@dataclass(frozen=True, slots=True)
class Found:
    """`ref` names the entry (frage:12, lektion:les_…), `words` say what it is and where."""

    ref: str
    href: str
    title: str
    words: str
    excerpt: Markup


def found(hit: Hit) -> Found:
    """A hit as its line."""
    return Found(hit.ref, href(hit), hit.title, place(hit), hit.excerpt)


def href(hit: Hit) -> str:
    """Where a hit leads: an Antwort to its place in the thread."""
    found: Mapping[str, Any] = hit.detail
    if hit.kind == "frage":
        if hit.part:
            return f"/forum/beitraege/{hit.part['post']}"
        return f"/forum/fragen/{found['id']}-{found['slug']}"
    if hit.kind == "lektion":
        return f"/kurse/{found['course']}/{found['lesson']}"
    if hit.kind == "kurs":
        return f"/kurse/{found['course']}"
    if hit.kind == "pfad":
        return f"/{found['slug']}"
    return f"/vokabelheft/{found['slug']}" if hit.kind == "begriff" else f"/kommunen/{found['ags']}"


def place(hit: Hit) -> str:
    """Kind and place of a hit."""
    if hit.kind == "frage":
        return _("Frage, %(state)s", state=state(hit.detail))
    if hit.kind == "lektion":
        return _("Lektion in „%(course)s“", course=hit.detail["course_title"])
    if hit.kind == "kommune":
        district = hit.detail["district"]
        return _("Kommune in %(district)s", district=district) if district else _("Kommune")
    return {"kurs": _("Kurs"), "pfad": _("Lernpfad")}.get(hit.kind) or _("Begriff im Vokabelheft")


def state(detail: Mapping[str, Any]) -> str:
    """How far a question is."""
    words = {"beantwortet": _("beantwortet"), "uebernommen": _("übernommen")}
    return words.get(detail["state"]) or (_("offen") if detail["answered"] else _("ohne Antwort"))
