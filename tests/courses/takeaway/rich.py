"""A course with every construct of the dialect, all types of pictures, odd titles and odd HTML."""

import random
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from learn.config import Config
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import publish, queries
from learn.courses.library import CourseRelease
from learn.courses.takeaway import epub, folder
from learn.courses.takeaway.book import Book, Material, make
from learn.courses.takeaway.stored import Pictures, material
from learn.markup.sanitise import AUTHORS
from tests.courses.folders import change, example, write

VALUES = ('lang="en"', 'title="x"', 'dir="rtl"', 'start="3"', 'colspan="0"', 'rowspan="2"', "open")
TITLE = "Größe & „Maß“ <b>🙂</b>"
ODD = """
<li>lose</li>

<ul>lose <li>gefasst</li></ul>

<dl><dd>ohne Wort</dd></dl>

<dl><dt>Wort</dt><dd>Erklärung</dd></dl>

<p>Vor <span><small>in</small></span> <q>Zitat</q> <abbr title="a & b">ab</abbr></p>

<p lang="en">Mind the <i>gap</i></p>

<details>

Ohne Zusammenfassung.

</details>

<figcaption>lose</figcaption>

<table><tr><td colspan="0">eins</td></tr><caption>unten</caption></table>

<del>

- gestrichen

</del>

## Über „1.2“ (α) ²

[Sprung](#über-12-α-) [daneben](https://www.example.org/a b|c?ä=[1]#x)
[Strecke](https://müller.example/weg) <span><div>Block im Satz</div></span>

$$\\sum_{i=1}^{n} \\sqrt{x_i} \\leq \\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}$$

"""
SVG = """<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<?programm sagt="etwas"?><!-- Kommentar -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
  xmlns:programm="https://programm.example/" programm:version="1" eigenes="ja" width="9" height="9">
<title>Größe</title><programm:ansicht id="b"/><metadata><programm:x/></metadata>
<style>.k { stroke: blue }</style>
<defs><g id="1 a"><rect width="4" height="2" data-x="1" class="k" fill="url(#lauf)"/></g>
<linearGradient id="lauf"><stop offset="0" stop-color="red"/></linearGradient><g id="1 a"/></defs>
<use xlink:href="#1 a"/><use href="#1 a" x="3"/><use href="#fehlt"/><rect fill="url(#fehlt)"/><unbekannt/>
<a xlink:href="#1 a"><text y="9">Größe</text></a>
<image xlink:href="data:image/png;base64,iVBORw0KGgo="/>
</svg>"""


def picture(kind: str, *, alpha: bool = False, **options: object) -> bytes:
    """A small picture of this type."""
    out = BytesIO()
    Image.new("RGBA" if alpha else "RGB", (12, 8), "#3366aa80" if alpha else "#3366aa").save(
        out, kind, **options
    )
    return out.getvalue()


PICTURES = {
    "foto.webp": picture("WEBP", quality=70),
    "zeichnung.webp": picture("WEBP", lossless=True),
    "durchsichtig.webp": picture("WEBP", alpha=True, quality=70),
    "neu.avif": picture("AVIF"),
    "bewegt.gif": picture("GIF"),
    "bild.png": picture("PNG"),
    "bild.jpg": picture("JPEG"),
    "kasten.svg": SVG.encode("iso-8859-1"),
}


def wild(seed: int, pieces: int = 60) -> str:
    """HTML that authors may write, nested without sense."""
    chance = random.Random(seed)
    names = sorted(AUTHORS - {"h1", "h2", "h3", "h4", "h5", "h6", "img", "a"})

    def piece(depth: int) -> str:
        if depth == 0 or chance.random() < 0.25:
            return chance.choice(("wort", "zwei Worte", "&amp;", ""))
        name, values = chance.choice(names), " ".join(chance.sample(VALUES, chance.randrange(3)))
        inner = "".join(piece(depth - 1) for _ in range(chance.randrange(4)))
        return f"<{name} {values}>" if name in {"br", "hr"} else f"<{name} {values}>{inner}</{name}>"

    return "\n\n".join(piece(5) for _ in range(pieces))


def written(root: Path) -> Path:
    """The example course and one lesson more, on disk."""
    course = example(root)
    change(course / "kurs.md", "titel: Sensoren im Rathaus", f"titel: '{TITLE}'")
    shown = "\n\n".join(f'![Bild {name}](bilder/{name} "Unter {name}")' for name in PICTURES)
    keys = f"id: les_zzzzzzzz\ntitel: '{TITLE} &amp;'\ndauer: 5min\nformeln: ja\nziele: [a & b, 'c < d']"
    head = f"---\n{keys}\n---\n\n"
    write(course / "02-betrieb" / "03-seltsam.md", head + shown + ODD)
    head = head.replace("les_zzzzzzzz", "les_yyyyyyyy").replace("formeln: ja\n", "")
    write(course / "02-betrieb" / "04-wild.md", head + wild(1))
    for name, data in PICTURES.items():
        write(course / "02-betrieb" / "bilder" / name, data)
    return course


@dataclass(frozen=True, slots=True)
class Course:
    """A published course and what its books are made of."""

    material: Material
    pictures: Pictures

    def epub(self) -> Book:
        return make(self.material, epub.ENDING, epub.picture_name(self.pictures))

    def folder(self) -> Book:
        return make(self.material, folder.ENDING, folder.picture_name(self.pictures))


def published(database: Database, config: Config, root: Path) -> Course:
    """The course on the shelf."""
    storage = Storage(config.storage)
    report = publish.publish(database, storage, root)
    assert report.published, [str(each) for each in report.findings if each.severity == "error"]
    with database.reading() as session:
        release = queries.course(session, "beispielkurs")
        assert isinstance(release, CourseRelease)
        return Course(material(session, config, release), Pictures(storage))
