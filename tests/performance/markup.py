"""Measure rendering: CPU time per KB of ordinary lessons, beside plain Python-Markdown and markdown-it-py.

    python -m tests.performance.markup            lessons of 10, 100 and 250 KB, and each construct of ours
    python -m tests.performance.markup --small    10 and 40 KB, a few constructs

To be met: a KB of a long lesson costs at most 1.6 times a KB of a short one, one of a construct repeated over
and over twice as much; profile `gfm`, without sanitisers, costs at most twice as much as markdown-it-py.
"""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial

from markdown import markdown
from markdown_it import MarkdownIt

from learn.markup import render
from tests.corpora import CONSTRUCTS, numbered
from tests.performance.publishing import lesson

SIZES = (10, 100, 250)  # KB
SMALL = (10, 40)
STEEP, STEEP_CONSTRUCT, BESIDE = 1.6, 2.0, 2.0
Renderer = Callable[[str], object]


def text(size: int) -> str:
    """Lessons of 10 KB one after the other, without front matter and repeated ids, cut at `size` KB."""
    found: list[str] = []
    while sum(map(len, found)) < size * 1024:
        number = len(found)
        body = lesson(1, number, "naechste.md").split("---\n", 2)[2]
        found.append(body.replace("id=probe", f"id=probe-{number}").replace("[^a]", f"[^{number}]"))
    return "\n\n".join(found)[: size * 1024]


def cost(work: Renderer, source: str, rounds: int) -> float:
    """The least CPU time of some rounds, in milliseconds per KB."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work(source)
        times.append(time.process_time() - began)
    return min(times) * 1_000_000 / len(source.encode())


def lessons(sizes: tuple[int, ...], rounds: int) -> bool:
    """Print a line per size and renderer; whether the limits hold."""
    reference = MarkdownIt("gfm-like")
    renderers: dict[str, Renderer] = {
        "kurs": lambda source: render(source, "kurs", formulas=True),
        "gfm": lambda source: render(source, "gfm"),
        "Python-Markdown": partial(markdown, extensions=["tables", "footnotes", "fenced_code"]),
        "markdown-it-py": reference.render,
    }
    found = {name: [cost(work, text(size), rounds) for size in sizes] for name, work in renderers.items()}
    for name, costs in found.items():
        each = ", ".join(f"{size} KB {value:.2f}" for size, value in zip(sizes, costs, strict=True))
        print(f"{name}: ms je KB: {each}; lang zu kurz {costs[-1] / costs[0]:.2f}", flush=True)
    beside = max(mine / other for mine, other in zip(found["gfm"], found["markdown-it-py"], strict=True))
    print(f"gfm neben markdown-it-py: höchstens das {beside:.2f}-Fache")
    return beside <= BESIDE and all(found[name][-1] <= STEEP * found[name][0] for name in ("kurs", "gfm"))


def constructs(names: list[str], rounds: int) -> bool:
    """The constructs whose cost per KB grows most with their number; whether the limit holds."""
    ratios = []
    for name in names:
        work = partial(render, profile="kurs", formulas=True)
        short, long = (cost(work, numbered(CONSTRUCTS[name], size), rounds) for size in (8_000, 32_000))
        ratios.append((long / short, name))
    worst = sorted(ratios, reverse=True)[:3]
    said = ", ".join(f"{name} {ratio:.2f}" for ratio, name in worst)
    print(f"{len(names)} Bausteine, viermal so viele je KB: {said}")
    return worst[0][0] <= STEEP_CONSTRUCT


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="little data")
    small = parser.parse_args().small
    fine = lessons(SMALL if small else SIZES, 2 if small else 3)
    fine &= constructs([*CONSTRUCTS][:4] if small else [*CONSTRUCTS], 2 if small else 3)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
