"""Words in a drawing that stand out too little: contrast of text in SVG by WCAG 2.2, 1.4.3. Pure.

What lies behind a word is told by rectangles, circles and ellipses painted before it. A path may lie there as
well, so that a word is named only if it stands out from none of them: better silent than wrong. Drawings with
style sheets, and words or grounds whose colour is a gradient, are left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

LARGE, LARGE_BOLD = 24.0, 18.66  # CSS pixels
ENOUGH, ENOUGH_LARGE = 4.5, 3.0
MOST = 2000  # elements; a larger drawing is a map
Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
NAMED: dict[str, Colour] = {
    "black": (0, 0, 0),
    "white": WHITE,
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
}
HEX = re.compile(r"#(?:([0-9a-f]{3})|([0-9a-f]{6}))", re.IGNORECASE)
NUMBER = re.compile(r"-?\d*\.?\d+")
STYLE = re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
INHERITED = ("fill", "font-size", "font-weight", "text-anchor")
SHAPES = frozenset({"rect", "circle", "ellipse"})
PATHS = frozenset({"path", "polygon"})
TEXTS = frozenset({"text", "tspan"})


@dataclass(frozen=True, slots=True)
class Faint:
    """Words with their contrast and the one they need."""

    words: str
    ratio: float
    needed: float


@dataclass(frozen=True, slots=True)
class Ground:
    """Something painted: its colour (None: not told), and the box or oval it fills; `somewhere`: unknown."""

    colour: Colour | None
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    oval: bool = False
    somewhere: bool = False

    def under(self, x: float, y: float) -> bool:
        left, top, right, bottom = self.box
        if not self.oval:
            return left <= x <= right and top <= y <= bottom
        across, down = max((right - left) / 2, 1e-6), max((bottom - top) / 2, 1e-6)
        return ((x - left) / across - 1) ** 2 + ((y - top) / down - 1) ** 2 <= 1


@dataclass(frozen=True, slots=True)
class State:
    """What an element hands down to those in it."""

    values: dict[str, str] = field(default_factory=dict)
    turned: bool = False  # moved, so that places cannot be compared
    place: tuple[float, float] = (0.0, 0.0)


class TooMuch(Exception):
    """The drawing cannot be judged."""


class Drawing:
    """Reads a drawing in the order in which it is painted."""

    def __init__(self) -> None:
        self.open = [State()]
        self.grounds: list[Ground] = []
        self.faint: list[Faint] = []
        self.words: list[str] = []
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self.count += 1
        if self.count > MOST or name in {"style", "use", "mask", "clipPath", "filter", "image"}:
            raise TooMuch
        own = {**attributes, **dict(STYLE.findall(attributes.get("style", "")))}
        state = self._state(own)
        self.open.append(state)
        if name in SHAPES or name in PATHS:
            self.grounds.append(_ground(name, own, state))
        elif name in TEXTS:
            self._end_words(self.open[-2])

    def end(self, name: str) -> None:
        state = self.open.pop()
        if name.rpartition(":")[2] in TEXTS:
            self._end_words(state)
        else:
            self.words.clear()

    def text(self, data: str) -> None:
        self.words.append(data)

    def _state(self, own: dict[str, str]) -> State:
        above = self.open[-1]
        values = {**above.values, **{key: own[key] for key in INHERITED if key in own}}
        place = (_first(own.get("x"), above.place[0]), _first(own.get("y"), above.place[1]))
        return State(values, above.turned or "transform" in own, place)

    def _end_words(self, state: State) -> None:
        words = " ".join("".join(self.words).split())
        self.words.clear()
        colour = _colour(state.values.get("fill", "black"))
        if not words or colour is None:
            return
        size = _first(state.values.get("font-size"), 16.0)
        bold = state.values.get("font-weight", "") in {"bold", "600", "700", "800", "900"}
        needed = ENOUGH_LARGE if size >= (LARGE_BOLD if bold else LARGE) else ENOUGH
        behind = list(self._behind(state, size))
        ratio = max((contrast(colour, each) for each in behind if each), default=0.0)
        if None not in behind and ratio < needed:
            self.faint.append(Faint(words, ratio, needed))

    def _behind(self, state: State, size: float) -> Iterator[Colour | None]:
        """Colours that may lie behind a word; None: one that is not told."""
        x, y = state.place
        x += {"middle": 0.0, "end": -size / 2}.get(state.values.get("text-anchor", ""), size / 2)
        found: Colour | None = WHITE
        for ground in self.grounds:
            if ground.somewhere or state.turned:
                yield ground.colour
            elif ground.under(x, y - size / 3):
                found = ground.colour
        yield found


def faint(data: bytes) -> tuple[Faint, ...]:
    """Words of an SVG that stand out too little; none where that cannot be told."""
    drawing = Drawing()
    parser = expat.ParserCreate()
    parser.StartElementHandler = drawing.start
    parser.EndElementHandler = drawing.end
    parser.CharacterDataHandler = drawing.text
    try:
        parser.Parse(data, True)
    except (TooMuch, expat.ExpatError, ValueError, LookupError):
        return ()
    return tuple(drawing.faint)


def contrast(one: Colour, other: Colour) -> float:
    """Between two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Colour) -> float:
    """Relative luminance as WCAG defines it."""
    parts = (each / 255 for each in colour)
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _ground(name: str, own: dict[str, str], state: State) -> Ground:
    colour = _colour(state.values.get("fill", "black"))
    if own.get("fill") == "none" or state.values.get("fill") == "none":
        return Ground(WHITE, (1.0, 1.0, 0.0, 0.0))
    if "opacity" in own or "fill-opacity" in own:
        colour = None
    relative = any("%" in own.get(key, "") for key in ("x", "y", "width", "height", "cx", "cy", "r"))
    if name in PATHS or state.turned or relative:
        return Ground(colour, somewhere=True)
    x, y = _first(own.get("x")), _first(own.get("y"))
    if name == "rect":
        return Ground(colour, (x, y, x + _first(own.get("width")), y + _first(own.get("height"))))
    x, y = _first(own.get("cx")), _first(own.get("cy"))
    across, down = _first(own.get("rx") or own.get("r")), _first(own.get("ry") or own.get("r"))
    return Ground(colour, (x - across, y - down, x + across, y + down), oval=True)


def _colour(value: str) -> Colour | None:
    value = value.strip().lower()
    match = HEX.fullmatch(value)
    if match is None:
        return NAMED.get(value)
    digits = match[2] or "".join(digit * 2 for digit in match[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _first(value: str | None, missing: float = 0.0) -> float:
    """The first number of a value; percentages mean nothing here."""
    match = NUMBER.search(value or "")
    return float(match[0]) if match and "%" not in (value or "") else missing
