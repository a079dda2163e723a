"""Faults of texts below the front matter, and of what a release holds that the folder does not."""

from pathlib import Path

from tests.courses.damages import (
    EXERCISE,
    FIELDS,
    FINAL,
    IDS,
    MODULE,
    ONE,
    OPTIONS,
    PLAIN,
    SAYS,
    SOLUTION,
    UNDER,
    Case,
    Later,
    asked,
    both,
    edit,
    final,
    front,
    gone,
    mark,
    more,
    plain_version,
    plan,
    unlinked,
    value,
)
from tests.courses.folders import FIRST, SECOND, write

TEXTS: list[Case] = [
    ("K201", FIRST, 24, "Nehmen Sie Markdown. <font> erscheint als Text.", more("<font>rot</font>")),
    ("K201", FIRST, 25, "Nehmen Sie Markdown. <script> entfällt.", more("Text\n<script>x</script>")),
    ("K201", FIRST, 24, "Nehmen Sie Markdown. <p style> entfällt.", more('<p style="a">x</p>')),
    ("K201", FIRST, 26, "Nehmen Sie Markdown. <b onclick> entfällt.", more("Text\n\n<b onclick=x>x</b>")),
    ("K202", FIRST, 24, "Prüfen Sie „quitz“. Es wirkt hier nicht.", more("<!-- quitz id=a -->")),
    (
        "K202",
        FIRST,
        18,
        "Prüfen Sie „abgabe“. Es wirkt hier nicht.",
        edit(FIRST, "id=liste", "id=liste abgabe=ja"),
    ),
    *(
        (
            "K202",
            SECOND,
            17,
            f"Prüfen Sie „{key}“. Es wirkt hier nicht.",
            edit(SECOND, "id=probe", f"id=probe {key}=3"),
        )
        for key in ("versuche", "bestehen", "peer", "frist", "farbe")
    ),
    ("K202", SECOND, 20, "Prüfen Sie „typ=liste“. Es wirkt hier nicht.", asked(OPTIONS, "liste")),
    (
        "K202",
        SECOND,
        20,
        "Prüfen Sie „lektion“. Es wirkt hier nicht.",
        asked(OPTIONS, '"" lektion=les_aaaaaaaa'),
    ),
    *(
        ("K202", file, line, "Prüfen Sie „aufgabe“. Es wirkt hier nicht.", more(EXERCISE, file))
        for file, line in (("kurs.md", 10), (MODULE, 8), ("glossar.md", 11))
    ),
    (
        "K202",
        PLAIN,
        7,
        "Prüfen Sie „aufgabe“. Es wirkt hier nicht.",
        both(plain_version(), more(EXERCISE, PLAIN)),
    ),
    ("K202", FIRST, 24, "Prüfen Sie „begriff“. Es wirkt hier nicht.", more("<!-- begriff id=a -->")),
    ("K203", FIRST, 18, mark("aufgabe"), edit(FIRST, "<!-- /aufgabe -->", "")),
    (
        "K203",
        FIRST,
        19,
        mark("aufgabe"),
        both(front("abschluss: [gelesen, aufgabe:liste]"), edit(FIRST, "<!-- /aufgabe -->", "")),
    ),
    ("K203", SECOND, 17, mark("quiz"), edit(SECOND, "<!-- /quiz -->", "")),
    ("K203", SECOND, 24, mark("quiz"), edit(SECOND, "<!-- quiz id=probe -->\n", "")),
    ("K203", FIRST, 24, mark("fahrplan"), more("<!-- fahrplan id=plan -->\n\n- **A:** b")),
    ("K203", FIRST, 24, mark("tabs"), more("<!-- tabs -->\n\n### A\n\na")),
    ("K203", FIRST, 24, mark("tabs"), more("<!-- tabs -->\n\nkeine Überschrift\n\n<!-- /tabs -->")),
    ("K203", FIRST, 24, mark("tabs"), more("<!-- /tabs -->")),
    ("K203", FIRST, 24, mark("frage"), more("<!-- frage id=f -->")),
    ("K203", FIRST, 24, mark("aufgabe"), more("> <!-- aufgabe id=b -->")),
    ("K203", FIRST, 25, mark("tabs"), more("- a\n  <!-- tabs -->")),
    (
        "K203",
        FIRST,
        20,
        mark("tabs"),
        edit(FIRST, "Schreiben Sie eine Liste.", "<!-- tabs -->\n\nx\n\n<!-- /tabs -->"),
    ),
    ("K203", "glossar.md", 11, mark("begriff"), more("<!-- begriff id=b -->", "glossar.md")),
    ("K204", FIRST, 24, "Gliedern Sie in höchstens 12 Ebenen.", more(">" * 13 + " tief")),
    (
        "K204",
        FIRST,
        36,
        "Gliedern Sie in höchstens 12 Ebenen.",
        more("\n".join("  " * n + "- a" for n in range(13))),
    ),
    ("K205", FIRST, 24, "Ergänzen Sie Text oder Stelle der Fußnote [^a].", more("Ein Wort[^a]")),
    ("K205", FIRST, 24, "Ergänzen Sie Text oder Stelle der Fußnote [^b].", more("[^b]: Ein Text")),
    ("K206", FIRST, 25, "Prüfen Sie die Formel.", both(front("formeln: ja"), more("Hier $\\frac{1$"))),
    ("K207", FIRST, 24, "Erklären Sie „stelle“ unter „werte“ in kurs.md.", more("[Ihr Amt](var:stelle)")),
    (
        "K208",
        FIRST,
        10,
        "Gleichen Sie Titel und erste Überschrift an.",
        edit(FIRST, "## Das Erste", "# Anders\n\n## Das Erste"),
    ),
    ("K301", FIRST, 18, IDS, edit(FIRST, "aufgabe id=liste", "aufgabe")),
    ("K301", FIRST, 24, IDS, more("<!-- fahrplan -->\n\n- **A:** b\n\n<!-- /fahrplan -->")),
    ("K301", SECOND, 17, IDS, edit(SECOND, "quiz id=probe", "quiz")),
    ("K301", SECOND, 20, IDS, edit(SECOND, "frage id=zwei", 'frage id=""')),
    (
        "K302",
        FIRST,
        24,
        f"Löschen Sie liste hier oder in {FIRST}.",
        more("<!-- aufgabe id=liste -->\n\nx\n\n<!-- /aufgabe -->"),
    ),
    ("K401", SECOND, 25, UNDER, asked(OPTIONS + "\n\n### Und drei?\n\n1. [x] a\n2. [ ] b")),
    ("K401", SECOND, 22, UNDER, edit(SECOND, "### Was ist zwei?\n", "### Was ist zwei?\n\nHinweis\n")),
    ("K401", FIRST, 24, UNDER, more("<!-- quiz id=leer -->\n\n<!-- /quiz -->")),
    ("K402", SECOND, 22, ONE, asked("1. [ ] Eine Zahl\n2. [ ] Ein Wort")),
    ("K402", SECOND, 23, ONE, asked("1. [x] Eine Zahl\n2. [x] Ein Wort")),
    ("K402", SECOND, 23, ONE, asked("1. [x] Eine Zahl\n2. Ein Wort")),
    ("K402", SECOND, 22, "Setzen Sie mindestens ein [x].", asked("- [ ] Eine Zahl\n- [ ] Ein Wort")),
    *(
        ("K403", SECOND, line, SOLUTION, asked(answers, typ))
        for line, answers, typ in (
            (20, "Nur Text.", "zahl"),
            (22, "<details>\n<summary>Lösung</summary>\n\n</details>", "text"),
            (25, "<details>\n<summary>Lösung</summary>\n\nviele\n\n</details>", "zahl"),
            (25, "<details>\n<summary>Lösung</summary>\n\n5 bis 3\n\n</details>", "zahl"),
            (22, "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 2 |", "zuordnung"),
            (22, "| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n| 3 | 4 | 5 |", "zuordnung"),
        )
    ),
    (
        "K404",
        SECOND,
        24,
        "Rücken Sie das Zitat ein.",
        asked("1. [x] Eine Zahl\n\n> Genau.\n\n2. [ ] Ein Wort"),
    ),
    *(
        ("K405", SECOND, 22, f"Schreiben Sie {low} bis 8 Antworten.", asked(answers, typ))
        for low, answers, typ in (
            (2, "1. [x] Eine Zahl", ""),
            (2, "- [x] a\n" * 9, ""),
            (3, "1. a\n2. b", "reihenfolge"),
            (3, "1. a\n" * 9, "reihenfolge"),
            (2, "| a | b |\n|---|---|\n| 1 | 2 |", "zuordnung"),
            (2, "| a | b |\n|---|---|\n" + "".join(f"| x | {n} |\n" for n in range(9)), "zuordnung"),
        )
    ),
    ("K405", SECOND, 20, "Schreiben Sie 2 bis 8 Antworten.", asked("Keine.")),
    ("K408", FIRST, 24, FIELDS, plan("Nur Text.")),
    ("K408", FIRST, 24, FIELDS, plan("\n".join(f"- **Feld {number}:** x" for number in range(41)))),
    ("K408", FIRST, 27, FIELDS, plan("- **A:** x\n- **A:** y")),
    (
        "K408",
        FIRST,
        26,
        FIELDS,
        plan("| a | b | c | d | e | f |\n|---|---|---|---|---|---|\n| x | | y | z | v | w |"),
    ),
    ("K408", FIRST, 29, FIELDS, plan("| Was | Wann |\n|---|---|\n| x | |\n| x | |")),
    (
        "K501",
        FIRST,
        14,
        "Legen Sie „bilder/Kasten.svg“ an, groß und klein wie hier.",
        edit(FIRST, "kasten.svg", "Kasten.svg"),
    ),
    (
        "K501",
        FIRST,
        24,
        "Legen Sie „bilder/neu.png“ an, groß und klein wie hier.",
        more("Ein ![Bild](bilder/neu.png)"),
    ),
    ("K502", FIRST, 14, SAYS, edit(FIRST, "[Ein Kasten]", "[]")),
    *(
        ("K503", FIRST, 12, f"Prüfen Sie das Ziel „{target}“.", edit(FIRST, old, target))
        for old, target in (
            ("02-zwei.md#das-zweite", "03-drei.md"),
            ("02-zwei.md#das-zweite", "02-Zwei.md"),
            ("02-zwei.md#das-zweite", "02-zwei.md#das-dritte"),
            ("02-zwei.md#das-zweite", "#nirgends"),
            ("02-zwei.md#das-zweite", "javascript:alert"),
            ("02-zwei.md#das-zweite", "//example.org/a"),
            ("../glossar.md#takt", "../glossar.md#sendetakt"),
        )
    ),
    (
        "K504",
        FIRST,
        10,
        "Lassen Sie keine Ebene aus. Nach # folgt ##.",
        edit(FIRST, "## Das Erste", "#### Das Erste"),
    ),
    ("K504", FIRST, 24, "Lassen Sie keine Ebene aus. Nach ## folgt ###.", more("#### Tief")),
    *(
        (
            "K506",
            FIRST,
            24,
            f"Schreiben Sie statt „{text}“, wohin der Link führt.",
            more(f"[{text}](https://example.org)"),
        )
        for text in ("hier", "mehr", "Link", "")
    ),
    ("K507", FIRST, 24, "Benennen Sie jede Spalte.", more("| a | |\n|---|---|\n| 1 | 2 |")),
    (
        "K508",
        FIRST,
        24,
        "Ergänzen Sie die Abschrift des Videos.",
        more("[Video: Aufbau (2:30)](https://example.org/v)"),
    ),
    (
        "K513",
        FIRST,
        24,
        "Legen Sie das fremde Bild in bilder/.",
        more("![Ein Bild](https://example.org/a.png)"),
    ),
    ("K601", FIRST, 24, "Ersetzen Sie „[[[“. Es erscheint als Text.", more("[" * 51)),
    ("K601", FIRST, 24, f"Ersetzen Sie „{'*a* ' * 7}*a…“. Es erscheint als Text.", more("*a* " * 1300)),
]

LOST = "Setzen Sie die alte Kennung: {} war {}."
TOLD = "Heben Sie die Ausgabe, wenn Lernende davon wissen sollen."
SLIGHTLY = "Noch ein Satz mit anderen Worten über etwas ganz anderes als zuvor."
QUIZLESS = "---\nid: les_cccccccc\ntitel: Drei\ndauer: 6min\nziele: [a, b]\n---\n\n" + SLIGHTLY
PLANNED = plan("- **Anlass:** Was stört?")


def untouched(_course: Path) -> None:
    """The tiny course as it is."""


def twice(course: Path) -> None:
    """The words of the second lesson, without its question, in a new one; the old one is gone."""
    unlinked(course)
    (course / SECOND).unlink()
    write(course / "01-anfang/03-drei.md", QUIZLESS)


# What is published, then what becomes of it.
BY_RELEASE: list[Later] = [
    (
        "K303",
        "kurs.md",
        2,
        LOST.format("kur_aaaaaaaa", "der Kurs"),
        untouched,
        value("id", "kur_cccccccc", "kurs.md"),
    ),
    (
        "K303",
        MODULE,
        2,
        LOST.format("mod_aaaaaaaa", "das Modul"),
        untouched,
        value("id", "mod_cccccccc", MODULE),
    ),
    (
        "K303",
        "glossar.md",
        2,
        LOST.format("glo_aaaaaaaa", "das Glossar"),
        untouched,
        value("id", "glo_cccccccc", "glossar.md"),
    ),
    (
        "K303",
        FINAL,
        2,
        LOST.format("fra_aaaaaaaa", "der Abschlusstest"),
        final(),
        value("id", "fra_cccccccc", FINAL),
    ),
    ("K303", FIRST, 18, LOST.format("liste", "Aufgabe"), untouched, edit(FIRST, "id=liste", "id=zettel")),
    ("K303", FIRST, 24, LOST.format("plan", "Fahrplan"), PLANNED, edit(FIRST, "id=plan", "id=weg")),
    (
        "K304",
        "01-anfang/03-drei.md",
        2,
        "Behalten Sie les_bbbbbbbb oder setzen Sie „ersetzt“: „Zwei“ fehlt.",
        untouched,
        twice,
    ),
    ("K305", FIRST, 4, "Setzen Sie mindestens Ausgabe 3.", front("ausgabe: 3"), value("ausgabe", "2")),
    (
        "K305",
        FIRST,
        1,
        "Setzen Sie mindestens Ausgabe 3.",
        front("ausgabe: 3"),
        edit(FIRST, "ausgabe: 3\n", ""),
    ),
    (
        "K305",
        "kurs.md",
        4,
        "Setzen Sie mindestens Ausgabe 2.",
        front("ausgabe: 2", "kurs.md"),
        value("ausgabe", "1", "kurs.md"),
    ),
    ("K306", SECOND, 1, TOLD, untouched, asked("1. [ ] Eine Zahl\n2. [x] Ein Wort")),
    (
        "K306",
        SECOND,
        4,
        TOLD,
        front("ausgabe: 2", SECOND),
        edit(SECOND, SLIGHTLY, SLIGHTLY + " " + "Mehr davon. " * 20),
    ),
    ("K306", FINAL, 1, TOLD, final(), edit(FINAL, OPTIONS, "1. [ ] Eine Zahl\n2. [x] Ein Wort")),
    ("K407", "kurs.md", 4, "Es gelten die veröffentlichten Fragen.", final(), gone(FINAL)),
]
EPISODE = """---
title: Eins
teaching: 5
exercises: 0
objectives:
- eins sagen
- eins schreiben
---

## Erstes

Text über etwas.
"""
# What a folder of Carpentries has besides one good episode, which alone is K112 and nothing else.
FOREIGN: list[tuple[str, str, int, str, str]] = [  # the last is the file's text
    (
        "K601",
        "episodes/eins.md",
        14,
        "Ersetzen Sie „{% include x.html %}“. Es erscheint als Text.",
        EPISODE + "\n{% include x.html %}\n",
    ),
    (
        "K602",
        "episodes/eins.md",
        14,
        "Sehen Sie nach: „::: spoiler“ wurde zu einem Aufklapptext.",
        EPISODE + "\n::: spoiler\n\nText\n\n:::\n",
    ),
    (
        "K603",
        "andere/zwei.md",
        1,
        "Verschieben Sie die Datei, wenn sie eine Lektion ist.",
        "# Zwei\n\nText\n",
    ),
]
