"""Classes of towns by their number of inhabitants."""

import pytest

from learn.network import sizes


@pytest.mark.parametrize(
    ("inhabitants", "key", "name"),
    [
        (0, "5000", "bis 5.000"),
        (5_000, "5000", "bis 5.000"),
        (5_001, "15000", "bis 15.000"),
        (25_000, "25000", "bis 25.000"),
        (50_000, "50000", "bis 50.000"),
        (100_000, "100000", "bis 100.000"),
        (100_001, "mehr", "über 100.000"),
    ],
)
def test_size_classes(inhabitants: int, key: str, name: str) -> None:
    assert (sizes.size_key(inhabitants), sizes.size_class(inhabitants)) == (key, name)


def test_a_class_says_from_where_to_where() -> None:
    assert [sizes.size_range(key) for key in sizes.KEYS] == [
        "bis 5.000",
        "5.001 bis 15.000",
        "15.001 bis 25.000",
        "25.001 bis 50.000",
        "50.001 bis 100.000",
        "über 100.000",
    ]
    assert sizes.size_key(None) == ""
