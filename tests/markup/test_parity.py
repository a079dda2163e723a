"""Profile `gfm` beside markdown-it-py: the same counts of elements for a snippet of every construct."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parity import BLOCKS, COUNTED, both, first_difference, main, theirs

SNIPPETS = [
    "# A\n\n## B\n\nC\n===\n\nD\n---\n",
    'Text\n\n![Alt](bilder/a.svg "Titel")\n',
    "Tabelle: x\n\n| a | b |\n|---|:-:|\n| **1** | `a\\|b` |\n| 3 |\n> Zitat\n",
    "> [!TIP]\n> a\n\n> [!NOTE]\n> b\n",
    "> **Aus der Praxis: X**\n>\n> Text\nweiter\n",
    "<details>\n<summary>T</summary>\n\n- *a*\n\n</details>\n",
    "<!-- tabs -->\n\n### A\n\n1. a\n   - b\n2. c\n   ```\n   d\n   ```\n\n<!-- /tabs -->\n",
    "a[^x] b[^y] c[^x]\n\n[^x]: X\n\n    mehr\n\n[^y]: Y\n",
    "[Wort](../glossar.md#wort) [Wert](var:name) [Ref][r] [r]\n\n[r]: /x 'T'\n",
    "- [x] a\n- [ ] b\n\n  > c\n",
    "[Video: x](https://v.example/x)\n\n~~a~~ __b__ *c **d***\n",
    "```python\na\n```\n\n    b\n\n~~~\nc\n~~~\n",
    "Unter https://a.example/b_c. und www.example.org, post@example.org, README.md\n",
    "Zeile\\\nZeile  \nZeile\n***\n- a\n\n\n- b\n* c\n    - d\n      - e\n",
    "<!-- quiz id=q -->\n\n### F\n<!-- frage id=f -->\n> h\n\n1. [ ] a\n    > f\n\n> e\n\n<!-- /quiz -->\n",
    "<!-- fahrplan id=p -->\n- **A:** b\n\n| a | b |\n|---|---|\n| x | |\n| | |\n\n<!-- /fahrplan -->\n",
    "<div>\n*a*\n</div>\n\n<p>b</p>\n<!-- c\n\nd -->\ne <b>*f*</b>\n",
    "1. a\n1. b\n3) c\n\nText\n2. kein\n1. doch\n",
    "a || b\n- | -\n\n|a|b|\n|-|-|\n|c|d|\n<kein-block>\n\nText\n- \xa0\n",
    "  1. a\n    ```b\n    c\n    ```\n\n> > d\n    # e\n\n>\n     > f\n\ng |\n--\n",
    "[a]: /b\n2. c\n\n[d]: /e\n    f\n\n[g]:\n/h\n'i'\n-\n",
    "详见https://a.example/b。 //a.org/x localhost.de/y a@b.de npm@5.2.0 1.2.3 C:\\x.md install.sh<br>\n",
    "[![Raum https://a.example/b](c)](d) <a href='e'>www.f.de</a> \\<g.org> http://h:80/*i*\n",
    "> a\n|h|\n|-|\n|1|\n> ---\n",
    "a^[*Note* [b](c)] ![d](file:///e) [f](javascript:g) <file:///h> wow![^x]\n\n[^x]: y\n",
]


@pytest.mark.parametrize("source", SNIPPETS)
def test_snippets(source: str) -> None:
    ours, theirs = both(source, COUNTED)
    assert ours == theirs


# Without what markdown-it itself reads unlike CommonMark: empty items, lazy lines indented by four.
FULL = st.tuples(
    st.sampled_from(["", "", "  ", "> ", "- ", "1. "]),
    st.sampled_from(["", "", "> ", "- ", "# "]),
    st.sampled_from(["a", "b *c*", "---", "```", "d `e`", "f  ", "**g", "==="]),
).map("".join)
LINES = st.lists(st.one_of(st.just(""), st.just("|h|\n|-|\n|1|"), FULL), max_size=8).map("\n".join)


@settings(deadline=None)  # the machine may be busy; time is no matter here
@given(LINES)
def test_block_structure_of_anything(text: str) -> None:
    ours, theirs = both(text, BLOCKS)
    assert ours == theirs


def test_the_script_says_how_many_lessons_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: x\n---\n\n# A\n\n- *b*\n")
    (tmp_path / "b.md").write_bytes(b"\xff")
    assert main([str(tmp_path), "--require", "98", "--verbose"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("1 Lektionen, Struktur 100.0 %, Inline 100.0 %, 1 unlesbar")
    assert said[1:] == ["  b.md: unlesbar", "  a.md: gleich"]


def test_the_script_names_the_place_of_the_first_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_text(f"---\na: b\n---\n\n# A\n\n{'>' * 13} b\n")
    assert main([str(tmp_path), "--require", "98"]) == 1
    assert "a.md:7: nichts mehr bei uns, blockquote bei markdown-it" in capsys.readouterr().out


def test_elements_of_both_sides_carry_their_lines() -> None:
    source = "# A\n\n> b\n> *c*\n\n<div>\n<img>\n</div>\n"
    found = [(place.tag, place.line) for place in theirs(source) if place.tag in COUNTED]
    assert found == [("h1", 1), ("blockquote", 3), ("em", 4), ("img", 7)]
    assert first_difference(source, COUNTED) == "1: verschachtelt"
