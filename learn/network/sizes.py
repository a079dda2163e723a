"""Einwohnerklassen: towns of like size, and the words for them."""

SIZES = (5_000, 15_000, 25_000, 50_000, 100_000)
LARGER = "mehr"  # than the largest
KEYS = (*map(str, SIZES), LARGER)


def size_key(inhabitants: int | None) -> str:
    """The class as addresses name it: its upper limit such as `15000`, or `mehr`; empty when unknown."""
    if inhabitants is None:
        return ""
    return next((str(limit) for limit in SIZES if inhabitants <= limit), LARGER)


def size_class(inhabitants: int) -> str:
    """The class of towns of this size, such as „bis 15.000“."""
    key = size_key(inhabitants)
    return f"über {grouped(SIZES[-1])}" if key == LARGER else f"bis {grouped(int(key))}"


def size_range(key: str) -> str:
    """The towns of a class, such as „5.001 bis 15.000“."""
    if key == LARGER:
        return f"über {grouped(SIZES[-1])}"
    place = SIZES.index(int(key))
    if place == 0:
        return f"bis {grouped(SIZES[0])}"
    return f"{grouped(SIZES[place - 1] + 1)} bis {grouped(SIZES[place])}"


def grouped(number: int) -> str:
    """A number as Germans write it: `15.000`."""
    return f"{number:,}".replace(",", ".")
