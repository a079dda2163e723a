"""Typed numbers and texts, to the letter of content.md section 5."""

from decimal import Decimal

import pytest

from learn.markup.answers import folded, number, solution


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("72", "72"),
        ("21,5", "21.5"),
        ("21.5", "21.5"),
        ("1.500", "1500"),
        ("1,500", "1.5"),
        ("0.500", "0.5"),
        ("-0.500", "-0.5"),
        ("1.5000", "1.5"),
        ("1.500.000", "1500000"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1,234,567.5", "1234567.5"),
        ("1 500", "1500"),
        ("1\N{NO-BREAK SPACE}500", "1500"),
        ("1\N{NARROW NO-BREAK SPACE}500,25", "1500.25"),
        ("1'500", "1500"),
        ("1’500", "1500"),
        ("−3", "-3"),
        ("-3", "-3"),
        ("0.1", "0.1"),
    ],
)
def test_numbers_are_exact_decimals(typed: str, value: str) -> None:
    assert number(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    ["", "viel", "1,5,0", "1.500.0", "1.2.3,4", "5,", "5²", "1e5", "٣", "5 kg", "--1", "½"],
)
def test_anything_else_is_no_number(typed: str) -> None:
    assert number(typed, ("stunden",)) is None


def test_the_unit_of_the_solution_may_follow() -> None:
    for typed in ("72", "72 Stunden", "72stunden", "72,0 Stunden"):
        assert number(typed, ("stunden",)) == 72
    found = solution("1.500 m²")
    assert found
    assert number("1500 m2", found.units) == 1500


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("72 Stunden", "72", "72"),
        ("21 bis 23", "21", "23"),
        ("-5 bis −3 °C", "-5", "-3"),
        ("21 °C bis 23 °C", "21", "23"),
        ("21,5 ± 0,5", "21", "22"),
        ("1.000 ± 50 Euro", "950", "1050"),
        ("50 %", "50", "50"),
    ],
)
def test_solutions_are_ranges_with_both_ends(written: str, low: str, high: str) -> None:
    found = solution(written)
    assert found
    assert (found.low, found.high) == (Decimal(low), Decimal(high))
    assert Decimal(low) in found
    assert Decimal(high) in found
    assert Decimal(low) - Decimal("0.001") not in found


@pytest.mark.parametrize(
    "written", ["", "viele", "5-10", "23 bis 21", "± 3", "1.2.3,4", "1" + " " * 99999 + "x"]
)
def test_unreadable_solutions_are_none(written: str) -> None:
    assert solution(written) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Personenbezug", "personenbezug."),
        ("„Personenbezug“", "»PERSONENBEZUG«!"),
        ("Größe", "groesse"),
        ("GRÖSSE", "Größe?"),
        ("Straße", "STRASSE"),
        ("zwei  Wörter", " zwei\tWörter "),
        ("Smart-City", "Smart–City"),
        ("ﬁnden", "finden"),
        ("Größe", "Gro\u0308ße"),
        ("Ende!", "Ende ..."),
    ],
)
def test_texts_that_differ_in_form_only_are_equal(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_texts_that_differ_in_words_stay_different() -> None:
    assert folded("Ort und Zeit") != folded("Ort, Zeit")
    assert folded("1.5") != folded("15")
