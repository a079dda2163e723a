"""Numbers and texts as people type them, brought to one form (content.md section 5)."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

LONGEST = 200  # characters of a solution
_PLAIN = re.compile(r"[+-]?(\d+|\d*[.,]\d+)", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d*(\.\d{3})+", re.ASCII)
_BOTH = re.compile(r"[+-]?\d{1,3}((\.\d{3})+,|(,\d{3})+\.)\d+", re.ASCII)
_NUMBER = r"[+\-−]?\d[\d.,'’\s]*"
_RANGE = re.compile(rf"({_NUMBER})(.*?)\sbis\s+({_NUMBER})(.*)", re.DOTALL)
_TOLERANCE = re.compile(rf"({_NUMBER})(.*?)(?:±|\+/-)\s*({_NUMBER})(.*)", re.DOTALL)
_SINGLE = re.compile(rf"({_NUMBER})(.*)", re.DOTALL)
_APOSTROPHES = "'’‘ʼ"
_QUOTES = dict.fromkeys(map(ord, "\"'„“”‟‚‘’‛«»‹›"))
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}


@dataclass(frozen=True, slots=True)
class Range:
    """What a `typ=zahl` solution accepts, both ends included; `units` may follow a typed number."""

    low: Decimal
    high: Decimal
    units: tuple[str, ...] = ()

    def __contains__(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


def number(typed: str, units: tuple[str, ...] = ()) -> Decimal | None:
    """The exact decimal, None when it is none. German and English signs: 1.500 = 1500, 1,5 = 1.5."""
    text = _bare(typed)
    unit = text.lstrip("+-0123456789.,")
    if unit and _compatible(unit) not in units:
        return None
    text = text.removesuffix(unit)
    if "." in text and "," in text:
        if _BOTH.fullmatch(text) is None:
            return None
        sign = max(text.rindex("."), text.rindex(","))
        return Decimal(re.sub(r"[.,]", "", text[:sign]) + "." + text[sign + 1 :])
    if _THOUSANDS.fullmatch(text):
        return Decimal(text.replace(".", ""))
    return Decimal(text.replace(",", ".")) if _PLAIN.fullmatch(text) else None


def solution(written: str) -> Range | None:
    """What `72 Stunden`, `21 bis 23` or `21,5 ± 0,5` accepts, None when unreadable."""
    text = written.strip()
    if len(text) > LONGEST:
        return None
    for pattern in (_RANGE, _TOLERANCE):
        found = pattern.fullmatch(text)
        if found:
            return _between(found, tolerance=pattern is _TOLERANCE)
    found = _SINGLE.fullmatch(text)
    value = number(found[1]) if found and not found[2].startswith(tuple("+-–—/:")) else None
    return Range(value, value, _units(found[2])) if found and value is not None else None


def folded(typed: str) -> str:
    """A text with case, umlauts, quotation marks, dashes, white space and the end's .!? made equal."""
    text = unicodedata.normalize("NFKC", typed).casefold()
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES).translate(_DASHES).translate(_UMLAUTS)
    return " ".join(text.split()).rstrip(".!? ")


def _between(found: re.Match[str], *, tolerance: bool) -> Range | None:
    first, second = number(found[1]), number(found[3])
    if first is None or second is None:
        return None
    low, high = (first - second, first + second) if tolerance else (first, second)
    return Range(low, high, _units(found[2], found[4])) if low <= high else None


def _units(*written: str) -> tuple[str, ...]:
    """Units in the form in which the end of a typed number is compared."""
    return tuple(_compatible(_bare(unit)) for unit in written if unit.strip())


def _bare(text: str) -> str:
    """Without white space and apostrophes, with one kind of minus."""
    text = text.replace("−", "-")
    return "".join(sign for sign in text if not sign.isspace() and sign not in _APOSTROPHES)


def _compatible(unit: str) -> str:
    return unicodedata.normalize("NFKC", unit).casefold()
