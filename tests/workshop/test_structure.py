"""Steps on the tree of a course: numbers change little, links lead where they led, nobody loses progress."""

import random
import re
from collections.abc import Sequence
from posixpath import dirname, relpath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn.courses.targets import place, scan
from learn.markup import render
from learn.markup.context import TextKind
from learn.markup.model import Heading
from learn.workshop import fields, joining, layout, relinking, sections, splitting, structure
from learn.workshop.joining import Joint
from learn.workshop.layout import Change, Files
from learn.workshop.splitting import Cut

LONG = """---
id: les_aaaaaaaa
titel: Der Weg
ausgabe: 3
dauer: 12min
ziele: [planen, messen]
abschluss: [gelesen, "aufgabe:liste"]
---

# Der Weg

Anfang mit [Ende](#ende), [^a] und [Quelle][q].

## Ziel

Mitte, siehe [hier](#ziel).

```
## kein Schnitt
[Ende](#ende)
```

## Ende

### Ziel

Schluss mit [^b], [Quelle][q], [Anfang](#der-weg) und [Mitte](#ziel).

<!-- aufgabe id=liste -->
## Auch kein Schnitt
Tun.
<!-- /aufgabe -->

[^a]: Erste Note
[^b]: Zweite Note
    über zwei Zeilen
[q]: bilder/q.svg
"""
SHORT = """---
id: les_bbbbbbbb
titel: "Der Rest: kurz"
dauer: 5
ziele: [prüfen, messen, ordnen, zeigen]
ersetzt: [les_cccccccc]
abschluss: [gelesen, "aufgabe:liste"]
pflicht: nein
---
Los, siehe [Weg](01-weg.md#ende) und [^a] und [q].

## Ziel

<!-- aufgabe id=liste -->
Mehr tun.
<!-- /aufgabe -->

[^a]: Andere Note
[q]: bilder/anders.svg
"""


def outline(path: str, text: str) -> Sequence[Heading]:
    _head, body, line = fields.parts(text)
    kind: TextKind = "einfach" if path.endswith(layout.PLAIN) else "lektion"
    return render(body, "kurs", kind=kind, first_line=line).headings


def course() -> dict[str, str]:
    return {
        "kurs.md": structure.text(
            {"id": "kur_aaaaaaaa", "titel": "Kurs"},
            "[a](01-eins/01-weg.md#ende) und [b](01-eins/02-rest.md)\n",
        ),
        "01-eins/modul.md": structure.text({"id": "mod_aaaaaaaa", "titel": "Eins"}, "[a](01-weg.md)\n"),
        "01-eins/01-weg.md": LONG,
        "01-eins/01-weg.einfach.md": "---\nzu_ausgabe: 2\n---\nLeicht.\n\n## Am Ende\n\nGut.\n",
        "01-eins/02-rest.md": SHORT,
        "02-zwei/modul.md": structure.text({"id": "mod_bbbbbbbb", "titel": "Zwei"}),
        "02-zwei/01-aus.md": structure.text(
            {"id": "les_dddddddd", "titel": "Aus", "voraussetzung": ["les_aaaaaaaa"]},
            "[m](../01-eins/01-weg.md#ziel-1) `[m](../01-eins/01-weg.md)`\n\n"
            "![B](../01-eins/bilder/a%20b.svg) [l](../01-eins/02-rest.md#aufgabe-liste)\n",
        ),
        "fragen/abschluss.md": structure.text(
            {"id": "fra_aaaaaaaa", "titel": "Test"}, "### Was?\n<!-- frage id=was lektion=les_bbbbbbbb -->\n"
        ),
    }


@pytest.mark.parametrize(
    ("order", "at", "expected"),
    [
        ([1, 3, 2], 1, [1, 2, 3]),  # neighbours change places
        ([10, 30, 20], 1, [10, 15, 20]),  # there is room
        ([4, 1, 2, 3], 0, [1, 2, 3, 4]),
        ([1, 2, 1000], 2, [1, 2, 3]),  # from elsewhere to the end
        ([10, 20, 1000], 2, [10, 20, 30]),
        ([1, 1000, 2, 4], 1, [1, 2, 3, 4]),
        ([1, 2, 1000, 998, 999], 2, [1, 2, 3, 998, 999]),
        ([7, 998, 999, 1000], 3, [7, 997, 998, 999]),  # those before give way
        ([2, 2, 5], 2, [1, 2, 3]),  # numbered twice: all anew
        ([1000], 0, [1]),
    ],
)
def test_numbers_change_as_little_as_possible(order: list[int], at: int, expected: list[int]) -> None:
    assert layout.spaced(order, at) == expected


def test_a_course_grows_from_nothing() -> None:
    files: Files = structure.course("kur_aaaaaaaa", "Neu: „Kurs“", "Sie können es.", "CC-BY-4.0")
    files = structure.with_module(files, "mod_aaaaaaaa", "Über Wärme").files
    files = structure.with_module(files, "mod_bbbbbbbb", "Über Wärme").files
    folder = layout.modules(files)[0]
    values = {"id": "les_aaaaaaaa", "titel": "Eins", "dauer": "5min"}
    files = structure.with_lesson(files, folder, "eins", values).files
    files = structure.with_glossary(files, "glo_aaaaaaaa", "Begriffe").files
    files = structure.with_test(files, "fra_aaaaaaaa", "Abschlusstest").files

    assert sorted(files) == [
        *("01-ueber-waerme/01-eins.md", "01-ueber-waerme/modul.md", "02-ueber-waerme-2/modul.md"),
        *("fragen/abschluss.md", "glossar.md", "kurs.md"),
    ]
    assert fields.items(files["kurs.md"], "abschluss") == ("lektionen", "test")
    assert structure.without_module(files, "02-ueber-waerme-2").files.keys() < files.keys()


def test_a_moved_lesson_takes_its_variant_and_its_links_along() -> None:
    moved = structure.lesson_moved(course(), "01-eins/01-weg.md", "02-zwei", 1)

    assert moved.moved == {
        "01-eins/01-weg.md": "02-zwei/02-weg.md",
        "01-eins/01-weg.einfach.md": "02-zwei/02-weg.einfach.md",
    }
    weg = moved.files["02-zwei/02-weg.md"]
    assert "[q]: ../01-eins/bilder/q.svg" in weg
    assert weg.replace("../01-eins/", "") == LONG
    assert "[a](02-zwei/02-weg.md#ende) und [b](01-eins/02-rest.md)" in moved.files["kurs.md"]
    assert "[m](02-weg.md#ziel-1) `[m](../01-eins/01-weg.md)`" in moved.files["02-zwei/01-aus.md"]
    assert structure.lesson_moved(moved.files, "02-zwei/02-weg.md", "01-eins", 0).files == course()


def test_neighbours_and_modules_change_places() -> None:
    down = structure.lesson_moved(course(), "01-eins/01-weg.md", "01-eins", 1)
    assert layout.lessons(down.files) == ["01-eins/01-rest.md", "01-eins/02-weg.md", "02-zwei/01-aus.md"]
    modules = structure.module_moved(course(), "02-zwei", 0)
    assert layout.modules(modules.files) == ["01-zwei", "02-eins"]
    assert "![B](../01-eins/bilder/a%20b.svg)" in modules.files["01-zwei/01-aus.md"]
    assert "[q]: ../01-eins/bilder/q.svg" in modules.files["02-eins/01-weg.md"]
    assert structure.module_moved(modules.files, "01-zwei", 1).files == course()


def test_a_renamed_lesson_is_found_by_all_links() -> None:
    renamed = structure.renamed(course(), "01-eins/02-rest.md", "schluss")
    assert "[b](01-eins/02-schluss.md)" in renamed.files["kurs.md"]
    assert "[l](../01-eins/02-schluss.md#aufgabe-liste)" in renamed.files["02-zwei/01-aus.md"]
    unchanged = {path for path, text in course().items() if renamed.files.get(path) == text}
    assert set(course()) - unchanged == {"kurs.md", "01-eins/02-rest.md", "02-zwei/01-aus.md"}


def test_a_retired_lesson_is_named_no_more() -> None:
    assert structure.mentions(course(), "01-eins/01-weg.md") == [
        *("kurs.md", "01-eins/modul.md", "01-eins/02-rest.md", "02-zwei/01-aus.md"),
    ]
    kept = structure.retired(course(), "01-eins/01-weg.md").files
    assert "01-eins/01-weg.einfach.md" not in kept
    assert fields.items(kept["02-zwei/01-aus.md"], "voraussetzung") == ()
    test = structure.retired(course(), "01-eins/02-rest.md").files["fragen/abschluss.md"]
    assert "<!-- frage id=was -->" in test


def test_only_open_headings_of_the_second_level_are_cuts() -> None:
    assert [cut.text for cut in sections.cuts(LONG, outline("x.md", LONG))] == ["Ziel", "Ende"]


def cut(heading: str, *, carried: bool, plain: int = 0) -> Change:
    line = next(found.line for found in outline("x.md", LONG) if found.text == heading)
    ids = ("les_xxxxxxxx", "les_yyyyyyyy")
    return splitting.split(
        course(),
        "01-eins/01-weg.md",
        Cut(line, plain, ("Der Weg", "Das Ende"), (7, 5), "das-ende", ids, carried),
        outline,
    )


def test_both_parts_of_a_split_lesson_replace_it() -> None:
    found = cut("Ende", carried=True, plain=6).files
    one, two = found["01-eins/01-weg.md"], found["01-eins/02-das-ende.md"]

    assert [fields.words(part, "id") for part in (one, two)] == ["les_xxxxxxxx", "les_yyyyyyyy"]
    assert [fields.items(part, "ersetzt") for part in (one, two)] == [("les_aaaaaaaa",)] * 2
    assert [fields.value(part, "ausgabe") for part in (one, two)] == [None, None]
    assert fields.items(one, "abschluss") == ("gelesen",)
    assert fields.items(two, "abschluss") == ("gelesen", "aufgabe:liste")
    assert fields.items(found["02-zwei/01-aus.md"], "voraussetzung") == ("les_xxxxxxxx", "les_yyyyyyyy")
    assert "Leicht." in found["01-eins/01-weg.einfach.md"]
    assert found["01-eins/02-das-ende.einfach.md"] == "---\nzu_ausgabe: 1\n---\n\nGut.\n"


def test_the_links_of_a_split_lesson_lead_to_the_part_that_has_their_heading() -> None:
    found = cut("Ende", carried=False).files
    one, two = found["01-eins/01-weg.md"], found["01-eins/02-das-ende.md"]

    assert fields.words(one, "id") == "les_aaaaaaaa"
    assert fields.words(one, "ausgabe") == "3"
    assert fields.items(two, "ersetzt") == ()
    assert "[Ende](02-das-ende.md#ende), [^a] und [Quelle][q]" in one
    assert "```\n## kein Schnitt\n[Ende](#ende)\n```" in one
    assert "[Anfang](01-weg.md#der-weg) und [Mitte](01-weg.md#ziel)" in two
    assert two.count("## Ende") == 1, "a level would be left out without it"
    assert "[^a]: Erste Note\n" in one
    assert "Zweite Note" not in one
    assert "[^b]: Zweite Note\n    über zwei Zeilen\n" in two
    assert "Erste Note" not in two
    assert all("[q]: bilder/q.svg" in part for part in (one, two))
    assert "[m](../01-eins/02-das-ende.md#ziel) `[m](../01-eins/01-weg.md)`" in found["02-zwei/01-aus.md"]
    assert "[l](../01-eins/03-rest.md#aufgabe-liste)" in found["02-zwei/01-aus.md"]
    assert "[a](01-eins/02-das-ende.md#ende) und [b](01-eins/03-rest.md)" in found["kurs.md"]


def test_a_merged_lesson_counts_for_whoever_completed_either() -> None:
    files = course()
    published = frozenset({"les_aaaaaaaa", "les_bbbbbbbb"})
    first, second = "01-eins/01-weg.md", "01-eins/02-rest.md"
    assert joining.keeper(files, first, second, published) == "les_aaaaaaaa"
    joint = Joint("Weg und Rest", "les_aaaaaaaa", published)
    found = joining.merge(files, first, second, joint, outline).files
    whole = found[first]

    assert second not in found
    assert fields.items(whole, "ersetzt") == ("les_bbbbbbbb", "les_cccccccc")
    assert fields.words(whole, "dauer") == "17min"
    assert fields.words(whole, "ausgabe") == "3"
    assert fields.items(whole, "ziele") == ("planen", "messen", "prüfen", "ordnen")
    assert joining.surplus_goals(files, first, second) == ("zeigen",)
    assert fields.items(whole, "abschluss") == ("gelesen", "aufgabe:liste", "aufgabe:liste-2")
    assert "## Der Rest: kurz\n\nLos, siehe [Weg](01-weg.md#ende) und [^a-2] und [q][q-2]." in whole
    assert "\n# Weg und Rest\n" in whole
    assert "[^a-2]: Andere Note\n[q-2]: bilder/anders.svg" in whole
    assert "<!-- aufgabe id=liste-2 -->" in whole
    assert "[l](../01-eins/01-weg.md#aufgabe-liste-2)" in found["02-zwei/01-aus.md"]
    assert "[b](01-eins/01-weg.md#der-rest-kurz)" in found["kurs.md"]
    assert "lektion=les_aaaaaaaa" in found["fragen/abschluss.md"]
    faults = render(fields.parts(whole)[1], "kurs", kind="lektion").faults
    assert not [fault for fault in faults if fault.code in {"K302", "K205"}]


def test_what_had_to_be_repeated_keeps_no_id() -> None:
    files = course()
    paths = ("01-eins/01-weg.md", "01-eins/02-rest.md")
    published = frozenset({"les_aaaaaaaa", "les_bbbbbbbb"})
    files[paths[0]] = fields.with_values(LONG, {"erneut_ab": 2})
    assert joining.keeper(files, *paths, published) == "les_bbbbbbbb"
    assert joining.keeper(files, *paths, frozenset({"les_aaaaaaaa"})) == "les_aaaaaaaa"
    files[paths[1]] = fields.with_values(SHORT, {"erneut_ab": 2})
    assert joining.keeper(files, *paths, published) is None
    assert joining.keeper(files, *paths, frozenset()) == "les_aaaaaaaa"
    found = joining.merge(files, *paths, Joint("Beides", "les_zzzzzzzz", published), outline).files[paths[0]]
    assert fields.items(found, "ersetzt") == ("les_aaaaaaaa", "les_bbbbbbbb", "les_cccccccc")
    assert [fields.value(found, key) for key in ("ausgabe", "erneut_ab")] == [None, None]


def test_plain_variants_are_merged_too() -> None:
    files = course()
    files["01-eins/02-rest.einfach.md"] = "---\nzu_ausgabe: 1\n---\nAuch leicht.\n"
    joint = Joint("Weg und Rest", "les_aaaaaaaa", frozenset())
    found = joining.merge(files, "01-eins/01-weg.md", "01-eins/02-rest.md", joint, outline).files
    plain = found["01-eins/01-weg.einfach.md"]
    assert plain.startswith("---\nzu_ausgabe: 1\n---\nLeicht.")
    assert plain.endswith("## Der Rest: kurz\n\nAuch leicht.\n")


def test_an_edition_says_what_is_new() -> None:
    raised = structure.with_edition(LONG, 3, "Neue Zahlen", again=False)
    assert fields.words(raised, "ausgabe") == "4"
    assert fields.words(raised, "aenderung") == "Neue Zahlen"
    again = structure.with_edition(raised, 3, "Neue Pflicht", again=True)
    assert (fields.words(again, "ausgabe"), fields.words(again, "erneut_ab")) == ("4", "4")
    assert fields.value(structure.with_edition(again, 3, "Doch nicht", again=False), "erneut_ab") is None


def spots(files: Files) -> dict[str, list[tuple[str, str]]]:
    """Where the links of each lesson lead, as titles and headings."""
    titles = {path: fields.words(text, "titel") for path, text in files.items()}
    found = {}
    for path, text in files.items():
        led = []
        for target in scan(fields.parts(text)[1], 1):
            other, fragment = place(relinking.ROOT + path, target.text)
            led.append((titles[other.removeprefix(relinking.ROOT)], fragment))
        found[titles[path]] = led
    return found


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_whatever_moves_all_links_lead_where_they_led(dice: random.Random, sizes: list[int]) -> None:
    paths = [f"{m:02d}-m{m}/{n * 5:02d}-l{m}{n}.md" for m, size in enumerate(sizes) for n in range(size)]
    files: dict[str, str] = {}
    for path in paths:
        links = [f"[x]({relpath(other, dirname(path))}#s)" for other in dice.choices(paths, k=3)]
        files[path] = structure.text({"titel": layout.slug(path)}, f"{' '.join(links)}\n")
        files[f"{dirname(path)}/modul.md"] = structure.text({"titel": dirname(path)})
    before = spots(files)

    for _step in range(4):
        path = dice.choice(layout.lessons(files))
        folder = dice.choice(layout.modules(files))
        room = len([each for each in layout.lessons(files, folder) if each != path])
        at = dice.randint(0, room)
        if dice.random() < 0.3:
            files = structure.module_moved(files, folder, dice.randrange(len(layout.modules(files)))).files
            continue
        files = structure.lesson_moved(files, path, folder, at).files
        names = [layout.slug(each) for each in layout.lessons(files, folder)]
        assert names.index(layout.slug(path)) == at
    assert spots(files) == before
    assert all(re.fullmatch(r"[0-9]{2,3}-m\d/[0-9]{2,3}-l\d\d\.md", path) for path in layout.lessons(files))
