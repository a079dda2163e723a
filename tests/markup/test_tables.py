"""Tables."""

import pytest

from tests.markup.support import faults, flat, lesson

WRAP = '<div class="sc-tablewrap" role="region" tabindex="0" '


def test_a_table_is_a_named_region() -> None:
    assert flat("| a | b |\n|---|:-:|\n| 1 | 2 |") == (
        f'{WRAP}aria-label="Tabelle 1"><table><thead><tr><th scope="col">a</th>'
        '<th scope="col" class="sc-center">b</th></tr></thead>'
        '<tbody><tr><td>1</td><td class="sc-center">2</td></tr></tbody></table></div>'
    )


def test_tables_are_numbered_per_page() -> None:
    found = flat("|a|\n|-|\n|1|\n\n> |b|\n> |-|\n> |2|")
    assert 'aria-label="Tabelle 1"' in found
    assert 'aria-label="Tabelle 2"' in found


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_paragraph_before_gives_the_caption(gap: str) -> None:
    found = flat(f"Tabelle: Größen *und* Nutzen{gap}|a|\n|-|\n|1|")
    assert found.startswith(
        f'{WRAP}aria-labelledby="tab-1"><table><caption id="tab-1">Größen <em>und</em> Nutzen</caption>'
    )


def test_bold_first_cells_name_their_rows() -> None:
    found = flat("|a|b|\n|-|-:|\n|**x**|1|\n|**y**|2|")
    assert '<th scope="row">x</th><td class="sc-right">1</td>' in found
    assert "strong" not in found


def test_one_plain_first_cell_keeps_all_plain() -> None:
    assert "<td><strong>x</strong></td>" in flat("|a|\n|-|\n|**x**|\n|y|")


@pytest.mark.parametrize(
    ("source", "cells"),
    [
        ("|a|b|\n|-|-|\n|1|2|3|\n|4|", ["1", "2", "4", ""]),
        ("a|b\n-|-\n1|2", ["1", "2"]),
        ("|a|\n|-|\n|`x\\|y`|", ["<code>x|y</code>"]),
        ("|a|b|\n|-|-|\n|x\\|y|z|", ["x|y", "z"]),
        ("|a|\n|-|\n|1|\n> b", ["1"]),
        ("|a|\n|-|\n|1|\nb", ["1", "b"]),
    ],
)
def test_rows_are_cut_as_gfm_does(source: str, cells: list[str]) -> None:
    found = flat(source).split("<tbody>")[1].split("</tbody>")[0]
    assert [cell.split("</td>")[0] for cell in found.split("<td>")[1:]] == cells


@pytest.mark.parametrize("source", ["|a|b|\n|-|", "a\n-|", "|a|\n|=|", "    |a|\n|-|"])
def test_other_lines_are_no_table(source: str) -> None:
    assert "<table" not in flat(source)


def test_the_last_line_of_a_paragraph_may_be_the_head() -> None:
    assert flat("Text\n|a|\n|-|").startswith("<p>Text</p><div")


def test_an_unnamed_column_is_reported() -> None:
    assert faults("\n| | b |\n|---|---|\n| 1 | 2 |") == [("K507", 2)]


def test_cells_beyond_the_limit_are_text() -> None:
    source = "|a|b|c|d|\n|-|-|-|-|\n" + "|1|2|3|4|\n" * 600
    found = lesson(source)
    assert [(fault.code, fault.line) for fault in found.faults] == [("K601", 502)]
    assert found.text.count("|1|2|3|4|") == 101


def test_a_caption_needs_words() -> None:
    found = flat("Tabelle:\n\n| a |\n|---|\n| b |")
    assert found.startswith('<p>Tabelle:</p><div class="sc-tablewrap" role="region" tabindex="0" aria-label=')


def test_heads_in_authors_tables_get_their_scope() -> None:
    found = flat("<table><tr><th>a</th><th>b</th></tr><tr><th>c</th><td>d</td></tr></table>")
    assert '<th scope="col">a</th><th scope="col">b</th>' in found
    assert '<th scope="row">c</th>' in found
