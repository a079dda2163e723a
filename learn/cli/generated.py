"""Generated course folders for measurements: the same number gives the same bytes."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

from learn.network.topics import TOPICS

MODULES, LESSONS = 2, 3
SUBJECTS = (
    *("Sensoren", "Messwerte", "Gateways", "Bodenfeuchte", "Parkraum", "Wasserstand", "Raumluft"),
    *("Zähler", "Beteiligung", "Haushalt", "Vergabe", "Datenschutz", "Schnittstellen", "Wartung"),
)
VERBS = ("planen", "auswerten", "aufstellen", "betreiben", "vergleichen", "erklären", "prüfen", "teilen")
WORDS = (
    *("die Verwaltung", "der Bauhof", "das Team", "die Nachbarkommune", "der Rat", "die Schule"),
    *("ein Messfall", "die Auswertung", "der Betrieb", "eine Frist", "das Ergebnis", "der Vertrag"),
)
DOES = (
    *("prüft den Anlass", "plant die nächsten Schritte", "hält den Aufwand klein", "nennt eine Frist"),
    *("vergleicht zwei Wege", "fragt bei den Nachbarn nach", "schreibt das Ergebnis auf"),
)
WHEN = ("am Montag", "vor der Sitzung", "nach dem Winter", "im ersten Jahr", "mit dem Bauhof", "zum Schluss")


def identity(kind: str, *parts: object) -> str:
    """An id as authors have them, always the same for the same parts."""
    digest = hashlib.sha256(repr((kind, parts)).encode()).digest()
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    return f"{kind}_" + "".join(letters[byte % 36] for byte in digest[:8])


def write_course(root: Path, number: int) -> None:
    """Write one course of six lessons below `root`."""
    chance = random.Random(number)  # noqa: S311 - no secret
    folder = root / f"messkurs-{number:05}"
    folder.mkdir(parents=True)
    (folder / "kurs.md").write_text(_course(number, chance), encoding="utf-8")
    for module in range(1, MODULES + 1):
        inside = folder / f"{module:02}-teil-{module}"
        inside.mkdir()
        (inside / "modul.md").write_text(_module(number, module, chance), encoding="utf-8")
        for lesson in range(1, LESSONS + 1):
            text = _lesson(number, (module - 1) * LESSONS + lesson, chance)
            (inside / f"{lesson:02}-lektion-{module}-{lesson}.md").write_text(text, encoding="utf-8")


def _course(number: int, chance: random.Random) -> str:
    topics = ", ".join(chance.sample(sorted(TOPICS), 2))
    return f"""---
id: {identity("kur", number)}
titel: {chance.choice(SUBJECTS)} {chance.choice(VERBS)} {number:05}
ergebnis: Sie {chance.choice(VERBS)} {chance.choice(SUBJECTS)} in der eigenen Kommune.
ziele: [den Anlass nennen, zwei Wege vergleichen]
thema: [{topics}]
zielgruppe: Mitarbeitende in Kommunen
autoren: [Erzeugte Daten]
lizenz: CC0-1.0
---

{_paragraph(chance)}
"""


def _module(number: int, module: int, chance: random.Random) -> str:
    return f"""---
id: {identity("mod", number, module)}
titel: Teil {module}
ergebnis: Sie kennen Teil {module}.
---

{_paragraph(chance)}
"""


def _lesson(number: int, lesson: int, chance: random.Random) -> str:
    title = f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)}"
    head = f"""---
id: {identity("les", number, lesson)}
titel: {title}
dauer: {chance.randrange(5, 13)}min
pflicht: {"ja" if lesson % 3 else "nein"}
ziele: [einen Anlass nennen, einen Weg wählen]
---

"""
    return head + "\n\n".join(_blocks(chance)) + "\n"


def _blocks(chance: random.Random) -> Iterator[str]:
    yield _paragraph(chance)
    for section in ("Der Anlass", "Zwei Wege", "Der Betrieb"):
        yield f"## {section}"
        yield _paragraph(chance) + "[^quelle]"
        yield "\n".join(f"- {_sentence(chance)}" for _ in range(4))
        yield _paragraph(chance)
    yield "Tabelle: Zwei Wege im Vergleich"
    rows = "\n".join(f"| **{name}** | {_sentence(chance)} | {_sentence(chance)} |" for name in SUBJECTS[:4])
    yield "| Anlass | Ohne Technik | Mit Technik |\n|---|---|---|\n" + rows
    yield f"> [!TIP]\n> {_sentence(chance)}"
    yield _quiz(chance)
    yield f"[^quelle]: {_sentence(chance)}"


def _quiz(chance: random.Random) -> str:
    right = chance.randrange(3)
    options = "\n".join(
        f"{place + 1}. [{'x' if place == right else ' '}] {_sentence(chance)}\n   > {_sentence(chance)}"
        for place in range(3)
    )
    return f"""## Kurz geprüft

<!-- quiz id=pruefung -->

### Was gilt?

<!-- frage id=gilt -->

{options}

> {_sentence(chance)}

<!-- /quiz -->"""


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(5))


def _sentence(chance: random.Random) -> str:
    who = chance.choice(WORDS)
    return f"{who[0].upper()}{who[1:]} {chance.choice(DOES)} und {chance.choice(DOES)} {chance.choice(WHEN)}."
