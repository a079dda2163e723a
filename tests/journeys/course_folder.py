"""A small course as files, for stories that edit, rename and reorder it."""

from pathlib import Path

COURSE = """---
id: kur_9f8e7d6c
titel: Brunnen und Bänke
ergebnis: Sie planen einen Platz, auf dem man gern sitzt.
ziele:
  - einen Platz beschreiben
  - eine Bank aufstellen
thema: [klima]
lizenz: CC0-1.0
---

Ein kleiner Kurs über Plätze. Alles darin ist erfunden.
"""
MODULE = "---\nid: {id}\ntitel: {title}\n---\n\nEin Abschnitt.\n"
LESSON = """---
id: {id}
titel: {title}
dauer: 6min
ziele:
  - {title} erklären
  - {title} planen
---

## Worum es geht

Dies ist der Text der Lektion {title}. Er ist kurz und bleibt es.

## Kurz geprüft

<!-- quiz id=pruefung -->

### Was gehört auf den Platz?
<!-- frage id=platz -->

1. [x] Eine Bank
   > Wer sitzt, bleibt.
2. [ ] Ein Parkplatz
   > Der steht meistens schon da.

> Die Antwort steht oben.

<!-- /quiz -->
"""
MODULES = {
    "01-sehen": ("mod_1a2b3c4d", "Sehen"),
    "02-bauen": ("mod_5e6f7a8b", "Bauen"),
}
LESSONS = {
    "01-sehen/01-platz.md": ("les_0a0a0a0a", "Der Platz"),
    "01-sehen/02-schatten.md": ("les_1b1b1b1b", "Der Schatten"),
    "02-bauen/01-bank.md": ("les_2c2c2c2c", "Die Bank"),
    "02-bauen/02-brunnen.md": ("les_3d3d3d3d", "Der Brunnen"),
}


def write_course(folder: Path) -> Path:
    """Write the course below `folder` and return its folder."""
    course = folder / "brunnen-und-baenke"
    course.mkdir(parents=True)
    (course / "kurs.md").write_text(COURSE, encoding="utf-8")
    for name, (identity, title) in MODULES.items():
        (course / name).mkdir()
        (course / name / "modul.md").write_text(MODULE.format(id=identity, title=title), encoding="utf-8")
    for path, (identity, title) in LESSONS.items():
        (course / path).write_text(LESSON.format(id=identity, title=title), encoding="utf-8")
    return course


def replace_in(path: Path, old: str, new: str) -> None:
    """Edit a file; the old text must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, (path, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
