"""Texts folded for comparing and sorting: case, umlauts, ß and accents do not matter."""

import re
import unicodedata

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def fold(text: str) -> str:
    """Lower case, ä ö ü ß as ae oe ue ss, no other accents, white space collapsed."""
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(UMLAUTS)
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(char)
    )
    return re.sub(r"\s+", " ", plain).strip()
