"""Fahrplan."""

import pytest

from learn.markup.model import PlanCell, PlanField, PlanTable, PlanText
from tests.markup.support import faults, plan

FIELDS = "".join(f"- **Feld {number}:** x\n" for number in range(41))


def fahrplan(body: str) -> str:
    return f"<!-- fahrplan id=p -->\n\n{body}\n\n<!-- /fahrplan -->\n"


def test_list_items_are_fields_with_a_hint() -> None:
    found = plan("- **Anlass:** Was *stört*?\n- **Wen fragen wir?**\n- **Kosten**: viel")
    assert found.parts == (
        PlanField("Anlass", "Was stört?"),
        PlanField("Wen fragen wir?"),
        PlanField("Kosten", "viel"),
    )


def test_other_text_stands_between() -> None:
    found = plan("- **A:** x\n- kein Feld\n\nText\n\n- **B:** y")
    assert found.parts == (
        PlanField("A", "x"),
        PlanText("<ul>\n<li>kein Feld</li>\n</ul>\n<p>Text</p>"),
        PlanField("B", "y"),
    )


def test_empty_cells_are_fields_named_by_column_and_row() -> None:
    found = plan("| Schritt | Bis &lt;wann&gt; |\n|---|---|\n| Nutzen *klären* | |\n| | Mai |")
    assert found.parts == (
        PlanTable(
            ("Schritt", "Bis &lt;wann&gt;"),
            (
                (PlanCell(html="Nutzen <em>klären</em>"), PlanCell(label="Bis <wann>: Nutzen klären")),
                (PlanCell(label="Schritt: Zeile 2"), PlanCell(html="Mai")),
            ),
        ),
    )
    assert found.labels() == ("Bis <wann>: Nutzen klären", "Schritt: Zeile 2")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("nur Text", 1),
        (FIELDS, 1),
        ("- **A:** x\n- **A:** y", 4),
        ("- **A:** x\n\n|1|2|3|4|5|6|\n|-|-|-|-|-|-|\n|a|b|c|d|e|f|", 5),
        ("| x | A |\n|---|---|\n| r | |\n| r | |", 6),
    ],
)
def test_faults(body: str, line: int) -> None:
    assert faults(fahrplan(body)) == [("K408", line)]


def test_rows_without_cells_are_none() -> None:
    found = plan("- **A:** x\n\n<table><tr><th>Was</th></tr><tr></tr><tr><td></td></tr></table>")
    assert found.parts[1] == PlanTable(("Was",), ((PlanCell(label="Was: Zeile 1"),),))


def test_an_item_of_several_blocks_is_a_field_too() -> None:
    assert plan("- **A:** b\n\n  > c\n- **D:** e").parts == (PlanField("A", "b c"), PlanField("D", "e"))
