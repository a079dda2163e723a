"""Blocks of a paper hold every visible word of a lesson, in order, and every construct of our Markdown."""

import re
import tomllib
from importlib import resources
from typing import Any

import pytest
from hypothesis import given

from learn.courses.takeaway import grids
from learn.courses.takeaway.blocks import Block, Levels
from learn.courses.takeaway.wellformed import parsed
from learn.markup import render
from tests.courses.takeaway.reading import blocks, kinds, notes, pieces, said, text, visible
from tests.markup.support import SHA, World, lesson
from tests.markup.test_properties import TEXTS

EXAMPLES = sorted(
    (path for path in resources.files("learn.markup.examples").iterdir() if path.name.endswith(".toml")),
    key=lambda path: path.name,
)


def made(source: str, *terms: str) -> list[Block]:
    return blocks(lesson(source), text(*terms))


def one(source: str, *terms: str) -> Any:
    (block,) = made(source, *terms)
    return block


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_no_word_of_any_construct_is_lost(path: Any) -> None:
    for example in tomllib.loads(path.read_text(encoding="utf-8"))["example"]:
        found = render(example["source"], "kurs", World(), formulas=True)
        assert said(blocks(found, text())) == visible("".join(pieces(found)))


@given(TEXTS)
def test_no_word_of_any_text_is_lost(source: str) -> None:
    found = render(source, "kurs", World(), formulas=True)
    assert said(blocks(found, text())) == visible("".join(pieces(found)))


def test_levels_of_headings_are_never_left_out() -> None:
    levels = Levels(1)
    assert [levels.next(wanted) for wanted in (5, 5, 2, 4, 9, 1)] == [2, 3, 2, 3, 4, 1]
    found = made("<h2>a</h2>\n\n<h5>b</h5>\n\n<h6>c</h6>\n")
    assert [block["level"] for block in found] == [2, 3, 4]


def test_headings_in_lists_and_cells_are_bold_lines() -> None:
    assert "h" not in kinds(made("- ## a\n\n> ## b\n"))


def test_links_inside_lead_to_places_and_links_outside_say_their_address() -> None:
    found = one("[Zwei](02-zwei.md#das-zweite) und [dort](https://www.example.org/weg?a=b)")
    inside, _and, outside, note = found["c"]
    assert (inside["to"], outside["href"]) == ("les_22222222-s-das-zweite", "https://www.example.org/weg?a=b")
    assert said(note["c"]) == "www.example.org/weg?a=b"


def test_an_address_that_is_said_already_gets_no_note() -> None:
    assert kinds(one("https://www.example.org und <mail@example.org>")).count("note") == 0


def test_the_same_address_is_written_once() -> None:
    found = one("[a](https://a.example) und [b](https://a.example)")
    assert kinds(found).count("note") == kinds(found).count("again") == 1


def test_addresses_in_heads_of_tables_stand_in_parentheses() -> None:
    found = one("| [a](https://a.example) | b |\n|---|---|\n| [c](https://c.example) | d |\n")
    head, _b, cell, _d = found["cells"]
    assert kinds(head["c"]) == ["p", "link", "address"]
    assert kinds(cell["c"])[:3] == ["p", "link", "note"]


def test_terms_lead_to_the_glossary_of_the_paper_if_they_are_there() -> None:
    source = "[Takt](../glossar.md#takt)"
    assert one(source, "takt")["c"][0]["to"] == "begriff-takt"
    assert one(source)["c"][0]["href"] == "https://lernen.example.org/vokabelheft/takt"


def test_footnotes_stand_where_they_are_used_first() -> None:
    found = made("Eins[^a], zwei[^b], eins[^a].\n\n[^a]: Erste **Note**.\n[^b]: Zweite.\n")
    assert notes(found) == ["ErsteNote.", "Zweite."]
    assert kinds(found).count("again") == 1
    assert said(found) == "Eins,zwei,eins."


def test_footnotes_of_footnotes_are_kept() -> None:
    found = made("Eins[^a].\n\n[^a]: Siehe[^b].\n[^b]: Dort.\n")
    assert notes(found) == ["Siehe2."]
    assert said(found) == "Eins.Dort."


def test_pictures_keep_text_and_size() -> None:
    found = one('![Ein Weg](bilder/a.svg "Der Weg")')
    assert found["picture"] == {"k": "picture", "name": SHA, "alt": "Ein Weg", "w": 510, "h": 157.5}
    assert found["caption"] == ["Der Weg"]
    assert one('![x](bilder/b.png "schmuck")')["picture"]["alt"] == ""


def test_a_tall_picture_fits_its_page() -> None:
    html = f'<p><img src="/medien/{SHA}.png" alt="a" width="400" height="4000"></p>'
    (found,) = text().blocks(html)
    assert (found["picture"]["w"], found["picture"]["h"]) == (56.0, 560.0)


def test_tables_tell_heads_sides_and_captions() -> None:
    found = one("Tabelle: Werte\n\n| a | b |\n|---|--:|\n| **c** | 1 |\n| **d** | 2 |\n")
    assert (found["head"], found["caption"]) == (1, ["Werte"])
    assert [(cell["x"], cell["y"], cell["head"], cell["align"]) for cell in found["cells"]] == [
        (0, 0, True, "left"),
        (1, 0, True, "right"),
        (0, 1, True, "left"),
        (1, 1, False, "right"),
        (0, 2, True, "left"),
        (1, 2, False, "right"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td rowspan=9>a</td><td colspan=2>b</td></tr><tr><td>c</td></tr>",
        "<tr><td colspan=3>a</td></tr><tr><td>b</td></tr><tr><td>c</td><td>d</td><td>e</td><td>f</td></tr>",
        "<tr><td>a</td><td rowspan=2>b</td></tr><tr><td colspan=2>c</td></tr>",
        "<tr><td colspan=900>a</td></tr><tr>" + "<td>b</td>" * 60 + "</tr>",
    ],
)
def test_cells_never_meet(rows: str) -> None:
    html = re.sub(r"=(\d+)", r'="\1"', f"<table>{rows}</table>")
    found = grids.table(parsed(html).children[0], lambda _cell, _head: [])
    columns, places = len(found["widths"]), set()
    for cell in found["cells"]:
        for x in range(cell["x"], cell["x"] + cell["across"]):
            for y in range(cell["y"], cell["y"] + cell["down"]):
                assert x < columns
                assert (x, y) not in places
                places.add((x, y))


def test_lists_callouts_details_tabs_and_videos() -> None:
    assert one("- [x] a\n- [ ] b\n")["marks"] == ["☑", "☐"]
    assert one("3. a\n4. b\n")["start"] == 3
    assert one("> [!TIP]\n> a\n")["title"] == ["Tipp"]
    town = one("> **Aus der Praxis: Stadt X**\n>\n> a\n")
    assert (town["kind"], town["title"]) == ("town", ["Aus der Praxis: Stadt X"])
    assert one("<details>\n<summary>Mehr</summary>\n\na\n\n</details>")["title"] == ["Mehr"]
    assert kinds(made("<!-- tabs -->\n\n### a\n\nb\n\n### c\n\nd\n\n<!-- /tabs -->\n"))[0] == "variant"
    video = "[Video: Bau (2:30)](https://v.example/1)\n\n<details>\n<summary>Abschrift</summary>\n\na\n\n</details>"
    assert kinds(made(video))[0] == "p"
    assert said(made(video)) == "Video:Bau(2:30)aufv.exampleAbschrifta"


def test_definitions_with_and_without_terms() -> None:
    (found,) = text().blocks("<dl><dt>a</dt><dd>b</dd><dd>c</dd><dt>d</dt><dt>e</dt></dl>")
    assert [(item["term"], said(item["c"])) for item in found["items"]] == [
        (["a"], "bc"),
        (["d"], ""),
        (["e"], ""),
    ]
    assert said(text().blocks("<dl><dd>a</dd><dt>b</dt></dl>")) == "ab"


def test_long_addresses_and_words_may_be_parted() -> None:
    found = one("`" + "a" * 100 + "` https://www.example.org/ein/sehr/langer/weg")
    assert found["c"][0]["v"].count("\u200b") == 2
    assert "org/\u200bein/\u200bsehr" in found["c"][2]["c"][0]


def test_local_values_and_formulas_are_words() -> None:
    assert said(made("[Ihre Verwaltung](var:einrichtung)")) == "IhreVerwaltung"
    found = render("Es ist $x^2$.", "kurs", World(), formulas=True)
    assert said(blocks(found, text())) == "Esistx^2."


@pytest.mark.parametrize(
    "unit", ["<div><b>a", "<span>a", "> a\n", "- a", "<table><tr><td>a", "<details>\n\na"]
)
def test_deep_nesting_keeps_the_words(unit: str) -> None:
    found = lesson(unit * 60)
    assert said(blocks(found, text())) == visible("".join(pieces(found)))
