"""Small foreign courses, written for these tests."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from learn.courses.foreign import importing
from learn.courses.foreign.importing import Outcome

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="4" height="2"/></svg>'
WORKSHOP = {
    "config.yaml": (
        "title: 'Sensoren bauen'\nsource: 'https://github.com/example/sensoren'\nlicense: 'CC-BY 4.0'\n"
        "lang: de\nepisodes:\n- zweites.md\n- erstes.md\n"
    ),
    "README.md": "# Sensoren\n\nWie man dieses Verzeichnis benutzt.\n",
    "LICENSE.md": "Creative Commons Attribution 4.0 International (CC BY 4.0)\n",
    "index.md": "---\nsite: sandpaper\n---\n\nWorum es in diesem Kurs geht.\n",
    "episodes/erstes.md": (
        "---\ntitle: Das erste\nteaching: 10\nexercises: 5\n---\n\n:::: objectives\n\n"
        "- Messen können\n\n::::\n\n"
        "Wir messen die Luft. Siehe [das zweite](zweites.html#im-freien) und [Daten](../data/luft.csv).\n\n"
        "![](fig/kasten.svg){alt='Ein Kasten'}\n"
    ),
    "episodes/zweites.md": (
        "---\ntitle: Das zweite\n---\n\n## Im Freien\n\n"
        "Der Wind weht draußen stärker als in jedem Zimmer des Hauses.\n\n"
        "#### Zu tief\n\nMehr [im Netz](https://example.org/).\n"
    ),
    "episodes/fig/kasten.svg": SVG,
    "data/luft.csv": "1,2\n",
    "learners/setup.md": "---\ntitle: Vorbereitung\n---\n\nBringen Sie einen Rechner mit.\n",
}
SITE = {
    "hugo.toml": 'title = "Wege"\nlanguageCode = "de-de"\n',
    "content/_index.md": "+++\ntitle = 'Start'\n+++\n",
    "content/basis/_index.md": "---\ntitle: Grundlagen\nweight: 2\n---\n\nWas hier steht.\n",
    "content/basis/b.md": "---\ntitle: B\nweight: 1\n---\n\nText b mit ![Kasten](/images/kasten.svg).\n",
    "content/basis/a.md": "---\ntitle: A\nweight: 5\n---\n\nText a und [b](../b/).\n",
    "content/anfang/_index.md": "---\ntitle: Anfang\nweight: 1\n---\n",
    "content/anfang/eins.md": "# Eins\n\nDer Anfang.\n",
    "static/images/kasten.svg": SVG,
    "themes/fremd/README.md": "# Ein Thema\n",
    "layouts/shortcodes/x.html": "",
}
LESSONS = {
    "README.md": "# Ein Lehrgang\n\nUnser Verzeichnis.\n",
    "LICENSE": "MIT License\n",
    "CODE_OF_CONDUCT.md": "# Benehmen\n",
    "1-start/README.md": "# Der Start\n\nHier beginnt es.\n",
    "1-start/lessons/2-zwei/README.md": "# Zwei\n\nText zwei: [eins](../1-eins/README.md).\n",
    "1-start/lessons/1-eins/README.md": "# Eins\n\nText eins.\n\n![Fehlt](bild.png)\n",
    "1-start/lessons/1-eins/assignment.md": "# Aufgabe\n\nTun Sie etwas.\n",
    "1-start/lessons/1-eins/translations/README.fr.md": "# Un\n\nTexte.\n",
    "2-mehr/lessons/10-zehn/README.md": "# Zehn\n\nText zehn.\n",
    "2-mehr/lessons/9-neun/README.md": "# Neun\n\nText neun.\n",
    "2-mehr/lessons/9-neun/README.fr.md": "# Neuf\n\nTexte neuf.\n",
}


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a folder."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def packed(file: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a ZIP."""
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return file


def run(source: Path, out: Path) -> Outcome:
    return importing.run(importing.opened(source), out)


def drafts(out: Path) -> list[str]:
    """All visible files of OUT, sorted."""
    found = (path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    return sorted(path for path in found if "/." not in f"/{path}")


def state(out: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and times of all files."""
    return {
        path.relative_to(out).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def lesson(out: Path, name: str) -> Path:
    """The one draft whose name ends like this."""
    (found,) = out.rglob(f"*-{name}.md")
    return found


def identity(path: Path) -> str:
    return next(line[4:] for line in path.read_text().splitlines() if line.startswith("id: "))
