"""Texts folded for comparing and sorting: case, umlauts, ß and accents do not matter."""

import unicodedata

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def fold(text: str) -> str:
    """Lower case, ä ö ü ß as ae oe ue ss, no other accents, white space collapsed."""
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(UMLAUTS)
    return " ".join((lowered if lowered.isascii() else without_accents(lowered)).split())


def without_accents(text: str) -> str:
    """The letters alone."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
