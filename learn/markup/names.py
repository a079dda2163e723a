"""Sets of names written as one readable string."""


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())
