"""The passage of a text that shows why it was found, with the found words marked; everything else escaped."""

import re
from collections.abc import Collection

from markupsafe import Markup, escape

LENGTH = 240  # characters
MOST_PLACES = 60
SHORT_STEM = 5
LETTERS = {"a": "(?:ä|ae|a)", "o": "(?:ö|oe|o)", "u": "(?:ü|ue|u)"}
BORDER = re.compile(r"\W")


def pattern(stems: Collection[str]) -> re.Pattern[str] | None:
    """Finds words in which one of these stems stands; short ones at the beginning only."""
    found = sorted({stem.removesuffix("!") for stem in stems if len(stem) > 1}, key=len, reverse=True)
    if not found:
        return None
    return re.compile("|".join(_one(stem) for stem in found), re.IGNORECASE)


def _one(stem: str) -> str:
    letters = "".join(LETTERS.get(char) or re.escape(char) for char in stem).replace("ss", "(?:ss|ß)")
    letters = f"{letters[:-1]}[sß]" if letters.endswith("s") else letters
    return rf"\b{letters}" if len(stem) < SHORT_STEM else letters


def excerpt(text: str, wanted: re.Pattern[str] | None) -> Markup:
    """About 240 characters around most of the found words."""
    places = _places(text, wanted)
    start, end = _window(text, [place for place, _ in places])
    shown = ["… " if start else ""]
    last = start
    for first, after in places:
        if last <= first and after <= end:
            shown += [str(escape(text[last:first])), "<mark>", str(escape(text[first:after])), "</mark>"]
            last = after
    shown += [str(escape(text[last:end])), " …" if end < len(text) else ""]
    return Markup("".join(shown))  # noqa: S704 - every piece of the text is escaped


def _places(text: str, wanted: re.Pattern[str] | None) -> list[tuple[int, int]]:
    """Where words stand that were found, as whole words."""
    found: list[tuple[int, int]] = []
    for match in wanted.finditer(text) if wanted else ():
        before = next((place for place in range(match.start(), 0, -1) if BORDER.match(text[place - 1])), 0)
        border = BORDER.search(text, match.end())
        place = before, border.start() if border else len(text)
        if not found or place[0] >= found[-1][1]:
            found.append(place)
        if len(found) >= MOST_PLACES:
            break
    return found


def _window(text: str, places: list[int]) -> tuple[int, int]:
    if len(text) <= LENGTH:
        return 0, len(text)
    best = max(
        places,
        key=lambda place: (sum(place <= each < place + LENGTH - 60 for each in places), -place),
        default=0,
    )
    start = max(0, best - 60)
    if start:
        start = text.rfind(" ", 0, start + 1) + 1
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 60)
    return start, end
