"""The demo's Werkstatt: invented courses in work and in review, a remark, a Kommune's supplement, once."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from learn.accounts import queries as people
from learn.core.access import Actor
from learn.core.db import Database
from learn.core.models import Mark
from learn.courses import queries as courses
from learn.workshop import comments, copies, founding, review, supplements
from learn.workshop.supplements import Anchor

DONE = "demo-werkstatt"  # mark of an instance that once held it: what somebody gave up stays away
TRAINER, COORDINATOR, CONTACT = (
    f"{name}@example.org" for name in ("tilda.vorlage", "karla.entwurf", "emre.beispiel")
)
LESSON, PLACE = "les_demosens", "01-grundlagen/01-messen.md"
IN_REVIEW = {
    "kurs.md": """---
id: kur_demosens
titel: Sensoren im Rathaus (Demo)
ergebnis: Sie wissen, was ein Raumsensor misst und wen Sie vorher fragen.
lizenz: CC0-1.0
---

Erfunden zum Ausprobieren.
""",
    "01-grundlagen/modul.md": """---
id: mod_demosens
titel: Grundlagen
---
""",
    PLACE: f"""---
id: {LESSON}
titel: Was ein Raumsensor misst
dauer: 5min
ziele:
  - Messwerte benennen
  - den Personalrat rechtzeitig fragen
---

## Was gemessen wird

| Größe | Wozu |
|---|---|
| Temperatur | Heizung abends absenken |
| CO₂ | an das Lüften erinnern |

## Wen Sie vorher fragen

Ein Sensor misst die Luft und keine Menschen. Der Personalrat erfährt trotzdem zuerst davon.

<!-- quiz id=raumluft -->
### Was misst der Sensor nicht?
<!-- frage id=menschen -->

1. [ ] die Temperatur
2. [x] wer im Zimmer ist

<!-- /quiz -->
""",
}
IN_WORK = {
    "kurs.md": """---
id: kur_demoluft
titel: Lüften nach Plan (Demo)
ergebnis: Sie lüften, wenn es nötig ist.
lizenz: CC0-1.0
---

Erfunden zum Ausprobieren.
""",
    "01-anfang/modul.md": """---
id: mod_demoluft
titel: Anfang
---
""",
    "01-anfang/01-wann.md": """---
id: les_demoluft
titel: Wann sich Lüften lohnt
dauer: 4min
ziele:
  - den richtigen Zeitpunkt erkennen
---

## Hier geht es weiter

Dieser Entwurf ist noch nicht fertig.
""",
}
SUPPLEMENT = "**Ergänzung zum Ausprobieren (Demo).** Hier nennt eine Kommune, wer im eigenen Haus hilft."


def invent_workshop(database: Database) -> None:
    """Load it in one transaction; again, or without its people, changes nothing."""
    with database.reading() as session:
        if session.scalar(select(exists().where(Mark.name == DONE))):
            return
        anchor = _anchor(session)
    text = supplements.prepare(SUPPLEMENT, anchor) if anchor else None
    with database.writing() as session:
        trainer, coordinator, contact = (_actor(session, who) for who in (TRAINER, COORDINATOR, CONTACT))
        if trainer and coordinator:
            _courses(session, trainer, coordinator)
        if anchor and text and contact and contact.municipality_id:
            town = contact.municipality_id
            supplements.save(session, contact, town, anchor, text, number=0, base_revision=0)
        session.merge(Mark(name=DONE, value="ja"))


def _anchor(session: Session) -> Anchor | None:
    """The first lesson of the second course that the catalogue shows."""
    cards = courses.cards(session, limit=2).items
    if not cards:
        return None
    release = courses.current_by_id(session, [cards[-1].id])[cards[-1].id]
    return Anchor(release.course_id, next(iter(release.manifest.lessons())).id)


def _actor(session: Session, email: str) -> Actor | None:
    found = people.person(session, email)
    return people.actors(session, [found.id])[found.id] if found else None


def _courses(session: Session, trainer: Actor, coordinator: Actor) -> None:
    founding.create(session, coordinator, "lueften-nach-plan-demo", IN_WORK)
    course_id = founding.create(session, trainer, "sensoren-im-rathaus-demo", IN_REVIEW)
    copy = copies.copy(session, course_id)
    assert copy is not None
    note = "Bitte lesen. Stimmt die Reihenfolge? (Demo)"
    review.hand_in(session, trainer, course_id, note, revision=copy.revision)
    text = IN_REVIEW[PLACE]
    line = text.split("\n").index("## Wen Sie vorher fragen") + 1
    remark = "Dieser Abschnitt gehört für mich an den Anfang. (Demo)"
    comments.write(session, coordinator, course_id, LESSON, text, line, remark)
