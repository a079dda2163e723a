"""Put hostile texts through every place of the application and open what comes back in Chromium.

    python -m tests.xss DIR [--every N] [--begin N] [--places lessons|others] [--without-sanitiser]

DIR: a folder with lists of texts (`.json` records or strings, `.txt` one text per line), or one such file.
The application is a real one in a temporary folder; courses are published from files, everything else is
sent through forms. No policy hinders what runs. Printed are, by place, how many pages ran something and what
stands on them that no author may write. `--without-sanitiser` is the control: both gates open, and templates
that escape nothing. It has to find much.
"""

import argparse
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pygments.token import STANDARD_TYPES

from tests.journeys.hostile import ATTRIBUTES, TAGS
from tests.xss.browser import Bench, Seen, bench, chromium
from tests.xss.control import without_sanitiser
from tests.xss.payloads import read
from tests.xss.sinks import Shown, Sinks
from tests.xss.world import World

TOGETHER = 10  # texts
HIGHLIGHT = frozenset(STANDARD_TYPES.values())
OURS = re.compile(r"\.(?:sc-[a-z_-]+|language-[\w+#.-]{1,40})")
MATH = """math mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup mtable
    mtd mtext mtr munder munderover"""
MATH_ATTRIBUTES = """accent alttext columnalign columnlines columnspacing depth display displaystyle fence
    form height largeop linethickness lspace mathvariant maxsize minsize movablelimits rowlines rowspacing
    rspace scriptlevel separator stretchy tabindex voffset width"""
HARMLESS = ("Ein Wort", "Noch ein Satz", "Wort <b>fett</b> & mehr", "[Link](https://example.org)")


class Tally:
    """What was found, by place."""

    def __init__(self) -> None:
        self.pages: Counter[str] = Counter()
        self.ran: dict[str, list[str]] = defaultdict(list)
        self.odd: dict[str, Counter[str]] = defaultdict(Counter)
        self.usual: set[str] = set()

    def learn(self, seen: Sequence[Seen]) -> None:
        """Take what harmless texts bring for what the application's own pages consist of."""
        for found in seen:
            self.usual |= found.outside

    def note(self, shown: Sequence[Shown], seen: Sequence[Seen], texts: Sequence[str], start: int) -> None:
        for (name, number, _html), found in zip(shown, seen, strict=True):
            self.pages[name] += 1
            if found.ran:
                self.ran[name].append(f"{texts[number - start]!r}: {min(found.ran)}")
            strange = {each for each in found.inside | (found.outside - self.usual) if not _authors(each)}
            self.odd[name].update([*strange, *found.odd])

    def lines(self) -> Iterator[str]:
        for name, count in sorted(self.pages.items()):
            odd = sum(self.odd[name].values())
            yield f"{name:28} {count:6} pages  {len(self.ran[name]):5} ran  {odd:5} not allowed"
        yield (
            f"{'all':28} {sum(self.pages.values()):6} pages  {sum(map(len, self.ran.values())):5} ran  "
            f"{sum(sum(each.values()) for each in self.odd.values()):5} not allowed"
        )

    def details(self, most: int = 3) -> Iterator[str]:
        for name in sorted(self.pages):
            for text in self.ran[name][:most]:
                yield f"ran, {name}: {text[:300]}"
            for what, count in self.odd[name].most_common(most):
                yield f"not allowed, {name}: {what} ({count} times)"

    @property
    def clean(self) -> bool:
        return not any(self.ran.values()) and not any(self.odd.values())


def _authors(name: str) -> bool:
    """Whether an element, `element attribute` or `.class` is one that authors' texts may bring."""
    if name.startswith("."):
        return OURS.fullmatch(name) is not None or name[1:] in HIGHLIGHT
    tag, _, attribute = name.partition(" ")
    if tag in MATH.split():
        return not attribute or attribute in MATH_ATTRIBUTES.split()
    return tag in TAGS.split() and (not attribute or attribute in ATTRIBUTES.split())


def attack(bench: Bench, sinks: Sinks, texts: Sequence[str], tally: Tally, places: str) -> None:
    """Put the texts through, some at a time."""
    for start in range(0, len(texts), TOGETHER):
        group = texts[start : start + TOGETHER]
        for part in ("lessons", "others"):
            if places in {part, ""}:
                begin = sinks.number
                shown = list(getattr(sinks, part)(group))
                tally.note(shown, bench.look([html for _, _, html in shown]), group, begin)
        print(f"{start + len(group)} of {len(texts)}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every n-th text")
    parser.add_argument("--begin", type=int, default=0, help="with the text of this number, from 0")
    parser.add_argument("--places", choices=("lessons", "others"), default="", help="only these")
    parser.add_argument("--without-sanitiser", action="store_true", help="the control")
    options = parser.parse_args()
    texts, began, tally = read(options.folder)[options.begin :: options.every], time.monotonic(), Tally()
    memory = Path("/dev/shm")  # noqa: S108 - nothing of it has to survive
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    with closing(World(folder)) as world, chromium() as browser, bench(browser) as table:
        if options.without_sanitiser:
            without_sanitiser(world.app)
        sinks = Sinks(world)
        for part, harmless in (("lessons", HARMLESS), ("others", HARMLESS), ("others", ["![](b.png)"])):
            shown = list(getattr(sinks, part)(harmless))
            tally.learn(table.look([html for _, _, html in shown]))
        attack(table, sinks, texts, tally, options.places)
    print(
        "\n".join([*tally.details(), *tally.lines(), *(f"{k} failed: {v}" for k, v in sinks.failed.items())])
    )
    print(f"{len(texts)} texts in {time.monotonic() - began:.0f} s")
    return 0 if tally.clean else 1


if __name__ == "__main__":
    sys.exit(main())
