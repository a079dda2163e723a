"""What a badge looks like: where its words stand and what is drawn, for PNG and SVG alike."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from PIL import ImageFont

from learn.core.assets import STATIC, manifest

SIDE = 640  # of the square, in pixels
LEFT = 64
WIDTH = SIDE - 2 * LEFT
BLUE, YELLOW, WHITE, INK, GREY = "#1A3DA5", "#FFC83D", "#FFFFFF", "#16213F", "#4A5470"
BAND = 176  # height of the blue part
LINE = 10  # of the yellow one below it
TITLE_SIZES = (60, 52, 46, 40, 34)
MOST_LINES = 4
LABEL, SMALL, NAME = 26, 26, 34  # sizes of the other words
NAME_LINE = 40
MARK_AT, MARK_SIZE = (LEFT, 40), 96
TWO_LINES = 2
UNKNOWN = "\uffff"  # no typeface has it

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text: its left end on the base line, size, colour, and whether it is bold."""

    x: int
    y: int
    size: int
    colour: str
    bold: bool
    text: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A polygon in one colour."""

    colour: str
    points: tuple[Point, ...]


def words(title: str, network: str, edition: int) -> list[Words]:
    """All lines of a badge, as large as they fit."""
    size, lines = fitted(title)
    height = round(size * 1.18)
    first = BAND + LINE + 92 + size
    beside = LEFT + MARK_SIZE + 24
    names = wrapped(network, NAME, SIDE - LEFT - beside, TWO_LINES)
    top = MARK_AT[1] + MARK_SIZE // 2 + 12 - (len(names) - 1) * NAME_LINE // 2
    return [
        *(Words(beside, top + row * NAME_LINE, NAME, WHITE, True, text) for row, text in enumerate(names)),
        Words(LEFT, BAND + LINE + 70, LABEL, GREY, False, "Nachweis"),
        *(Words(LEFT, first + row * height, size, INK, True, text) for row, text in enumerate(lines)),
        Words(LEFT, SIDE - 52, SMALL, GREY, False, f"Kurs abgeschlossen, Ausgabe {edition}"),
    ]


def fitted(title: str) -> tuple[int, list[str]]:
    """The largest size at which the title takes four lines at most; a longer one is cut."""
    for size in TITLE_SIZES:
        lines = wrapped(title, size, WIDTH, MOST_LINES + 1)
        if len(lines) <= MOST_LINES:
            return size, lines
    return size, wrapped(title, size, WIDTH, MOST_LINES)


def wrapped(text: str, size: int, width: int, most: int) -> list[str]:
    """Lines no wider than `width`, at most so many: the last one ends with … when there is more."""
    lines = [""]
    for word in pieces(text, size, width):
        longer = f"{lines[-1]} {word}".strip()
        if length(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and length(f"{last}…", size) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def pieces(text: str, size: int, width: int) -> list[str]:
    """The words; one that is wider than a line, in parts."""
    found: list[str] = []
    for word in text.split():
        rest = word
        while length(rest, size) > width:
            end = len(rest) - 1
            while end > 1 and length(rest[:end], size) > width:
                end -= 1
            found.append(rest[:end])
            rest = rest[end:]
        found.append(rest)
    return found


def drawable(text: str) -> str:
    """The text in signs the typeface has: others lose their accents, or become a question mark."""
    return "".join(sign if has(sign) else nearest(sign) for sign in unicodedata.normalize("NFC", text))


def nearest(sign: str) -> str:
    """What stands for a sign that cannot be drawn."""
    if sign.isspace() or unicodedata.category(sign) in {"Cc", "Cf", "Mn"}:
        return " " if sign.isspace() else ""
    base = unicodedata.normalize("NFKD", sign)[0]
    known = {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H"}.get(base, base)
    return known if has(known) else "?"


@cache
def has(sign: str) -> bool:
    """Whether the typeface draws this sign."""
    if sign == " ":
        return True
    return sign.isprintable() and drawn(sign) != drawn(UNKNOWN)


def drawn(sign: str) -> bytes:
    return bytes(face(64, bold=True).getmask(sign))


def length(text: str, size: int) -> float:
    """How wide a text is in bold letters, which are the wider ones."""
    return face(size, bold=True).getlength(drawable(text))


@cache
def face(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    """Fira Sans as the build copied it."""
    name = manifest()[f"fira-sans-{600 if bold else 400}.woff2"]
    return ImageFont.truetype(str(STATIC / name), size)


def shapes() -> list[Shape]:
    """Everything but the words: the card, its band, the mark of the school."""
    band = ((0, 0), (SIDE, 0), (SIDE, BAND), (0, BAND))
    line = ((0, BAND), (SIDE, BAND), (SIDE, BAND + LINE), (0, BAND + LINE))
    return [Shape(BLUE, band), Shape(YELLOW, line), *mark()]


@cache
def mark() -> tuple[Shape, ...]:
    """The open book whose pages are a house and a tower, in the coordinates of the badge."""
    house = ((8, 26), (8, 16), (13.5, 11.5), (19, 16), (19, 26.5))
    tower = ((21, 26.5), (21, 9), (32, 9), (32, 26))
    below = curved(((19, 26.5), (15, 24.6), (12, 24.6), (8, 26)))
    edge = curved(((32, 26), (28, 24.6), (25, 24.6), (21, 26.5)))
    left = curved(((8, 30.5), (12, 28.9), (16, 28.9), (20, 31.2)))
    right = curved(((20, 31.2), (24, 28.9), (28, 28.9), (32, 30.5)))
    wave = (*left, *right)
    book = (*((x, y - 1.3) for x, y in wave), *((x, y + 1.3) for x, y in reversed(wave)))
    windows = [((x, y), (x + 2, y), (x + 2, y + 2), (x, y + 2)) for x in (24, 27.5) for y in (13, 17)]
    return (
        Shape(WHITE, placed((*house, *below))),
        Shape(YELLOW, placed((*tower, *edge))),
        Shape(WHITE, placed(book)),
        *(Shape(BLUE, placed(window)) for window in windows),
    )


def curved(curve: Curve, steps: int = 12) -> tuple[Point, ...]:
    """Points along a Bézier curve."""
    found = []
    for step in range(steps + 1):
        t = step / steps
        shares = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
        x = sum(share * point[0] for share, point in zip(shares, curve, strict=True))
        y = sum(share * point[1] for share, point in zip(shares, curve, strict=True))
        found.append((x, y))
    return tuple(found)


def placed(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """From the 24 units that the mark fills to its place on the badge."""
    unit = MARK_SIZE / 24
    return tuple(
        (round(MARK_AT[0] + (x - 8) * unit, 1), round(MARK_AT[1] + (y - 9) * unit, 1)) for x, y in points
    )
