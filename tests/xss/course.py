"""A course in which one hostile text stands in every place that authors can write in."""

import json
import unicodedata
from pathlib import Path

from tests.courses.folders import SVG, write

LONGEST = 2_000  # characters of a text where it is repeated in many places
WORD = "Zielwort"  # found by the search, with the text around it
# In a line of its own construct; what opens a block would swallow the rest of a lesson.
INLINE = """## {}

- {}
- [ ] {}

1. {}

> {}

> [!NOTE]
> {}

> **Aus der Praxis: {}**
> {}

Tabelle: {}

| {cell} | b |
|---|---|
| {cell} | {cell} |

Text[^a] und `{code}`, **{}**, ~~{}~~ und WORT {}

[^a]: {}

[Text]({}) [Text](<{angle}>) [{}](https://example.org) [Text](https://example.org "{quoted}")

[Verweis][r] <{angle}> [{}](var:einrichtung)

[r]: {}

![{}](bilder/a.svg "{quoted}")

Ein ![{}](bilder/a.svg "{quoted}") Bild und ![Alt]({})

[Video: {}](https://example.org/v)

<details>
<summary>Abschrift {}</summary>

Text

</details>

```{}
x
```

```html
{}
```

~~~
{}
~~~

> <details>
> <summary>{}</summary>
>
> {}
>
> </details>

<p title="{double}" lang="{double}">x</p>

<a href="{double}" title='{single}'>x</a> <img src="{double}" alt="{double}"> <b title={bare}>x</b>

Formel ${code}$ und $$\\text{{{code}}}$$ und $\\href{{{code}}}{{x}}$

<!-- tabs -->

### A {}

{}

### B {}

b

<!-- /tabs -->

## {}

<!-- aufgabe id=liste -->

- {}

<!-- /aufgabe -->

## {}

<!-- fahrplan id=plan -->

- **{}:** {}
- kein Feld {}

| Was {cell} | Wann |
|---|---|
| {cell} | |

<!-- /fahrplan -->

## {}

<!-- quiz id=q -->

### {} eine
<!-- frage id=eine -->

> {}

1. [x] {}

   > {}

2. [ ] b

   > {}

> {}

### {} viele
<!-- frage id=viele -->

- [x] {}
- [x] b

### {} zahl
<!-- frage id=zahl typ=zahl -->

<details><summary>Lösung</summary>

72 {}

</details>

> {}

### {} wort
<!-- frage id=wort typ=text -->

<details><summary>Lösung</summary>

- {}
- b

</details>

### {} folge
<!-- frage id=folge typ=reihenfolge -->

1. {}
2. b
3. c

### {} paare
<!-- frage id=paare typ=zuordnung -->

| {cell} | {cell} |
|---|---|
| {cell} | {cell} |
| b | c |

<!-- /quiz -->
"""
TEST = """## {} eins
<!-- frage id=eins -->

1. [x] {}
2. [ ] b

> {}

## {} zwei
<!-- frage id=zwei typ=zahl -->

<details><summary>Lösung</summary>

72

</details>

## {} drei
<!-- frage id=drei typ=zuordnung -->

| {cell} | b |
|---|---|
| {cell} | {cell} |
| x | c |
"""


def line(text: str, limit: int = LONGEST) -> str:
    """The text on one line, at most so long, without what no field takes."""
    kept = "".join(" " if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} else char for char in text)
    return " ".join(kept.split())[:limit].strip() or "x"


def body(text: str) -> str:
    """The text as Markdown that can be stored: nothing but control characters is taken out."""
    kept = "".join(
        char if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"} else " " for char in text
    )
    return kept[:60_000]


def placed(form: str, text: str) -> str:
    """The form with the text in all its places, escaped as little as each place needs."""
    flat = line(text)
    words = {
        "cell": flat.replace("|", "\\|"),
        "code": flat.replace("`", "'").replace("$", ""),
        "angle": flat.replace(">", "").replace("<", ""),
        "quoted": flat.replace('"', "&quot;"),
        "double": flat.replace('"', "&quot;"),
        "single": flat.replace("'", "&#39;"),
        "bare": flat.replace(" ", "&#32;").replace(">", "&gt;"),
    }
    for name, value in words.items():
        form = form.replace(f"{{{name}}}", value.replace("{", "\ue000").replace("}", "\ue001"))
    form = form.replace("{{", "\ue000").replace("}}", "\ue001").replace("{}", flat)
    return form.replace("\ue000", "{").replace("\ue001", "}")


def head(**values: object) -> str:
    """Front matter; JSON is YAML."""
    rows = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    return f"---\n{rows}---\n\n"


def write_course(root: Path, number: int, text: str) -> str:
    """Write the course of this text; its slug."""
    slug, key = f"k{number}", f"{number:08d}"
    folder, short, long = root / slug, line(text, 110), line(text, 190)
    about = {"kommune": long, "quelle": long, "autoren": [short, short]}
    write(
        folder / "kurs.md",
        head(
            id=f"kur_{key}",
            titel=short,
            ergebnis=long,
            ziele=[short] * 2,
            zielgruppe=long,
            lizenz="CC0-1.0",
            abschluss=["lektionen", "test"],
            werte={"einrichtung": long},
            **about,
        )
        + body(text),
    )
    write(folder / "01-a/modul.md", head(id=f"mod_{key}", titel=short, ergebnis=long) + body(text))
    lesson = {"dauer": 5, "ausgabe": 2, "aenderung": long, "ziele": [short] * 2, "formeln": "ja", **about}
    inline = placed(INLINE.replace("WORT", f"{WORD}{number}"), text)
    write(folder / "01-a/01-eins.md", head(id=f"les_{key}", titel=short, **lesson) + inline)
    plain = head(zu_ausgabe=1, titel=short) + body(text)
    write(folder / "01-a/01-eins.einfach.md", plain)
    write(folder / "01-a/02-zwei.md", head(id=f"les_b{key[1:]}", titel=short, **lesson) + body(text))
    terms = f'## {line(text, 70)}\n<!-- begriff id=wort{number} auch="{short.replace(chr(34), "")}" -->\n\n'
    write(folder / "glossar.md", head(id=f"glo_{key}", titel=short) + terms + body(text))
    write(folder / "fragen/abschluss.md", head(id=f"fra_{key}", titel=short, bestehen=1) + placed(TEST, text))
    write(folder / "01-a/bilder/a.svg", SVG)
    return slug
