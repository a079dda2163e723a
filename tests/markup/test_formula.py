"""Formulas."""

import pytest

from tests.markup.support import faults, flat, html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$a_1 * b_1$", '<code class="sc-math">a_1 * b_1</code>'),
        ("$$\na\n= b\n$$", '<code class="sc-math">a = b</code>'),
        ("5 $ und 6 $", "5 $ und 6 $"),
        ("$5 und 6$5", "$5 und 6$5"),
        (r"\$a$", "$a$"),
        (r"$\text{a\$b}$", r'<code class="sc-math">\text{a\$b}</code>'),
    ],
)
def test_formulas(source: str, expected: str) -> None:
    assert html(source, formulas=True) == f"<p>{expected}</p>"


def test_without_the_switch_there_are_none() -> None:
    assert flat("$a$") == "<p>$a$</p>"


def test_unbalanced_braces_are_reported() -> None:
    assert faults(r"a" "\n" r"$\frac{a}{b$", formulas=True) == [("K206", 2)]
