"""Renders hostile and odd texts in every profile and says whether time, memory and the standard hold.

    python -m tests.corpora DIR    DIR holds commonmark.json, pathological_markdown.json, naughty_strings.json

Exits with 1 when a text raises, takes longer than 2 s of CPU time (up to 20 KB) or 20 s (256 KB), when the
rendering process passes 512 MB, or when a construct of ours costs more per character in long texts than in
short ones. How many examples of CommonMark give its HTML is told for information.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import html5lib
import psutil

from learn.markup import guard, render
from learn.markup.model import Html, Profile

PROFILES: tuple[Profile, ...] = ("kurs", "beitrag", "gfm")
SIZES = {20_000: 2.0, 256_000: 20.0}  # characters: seconds
MEMORY = 512  # megabytes
SHORT, LONG = 12_000, 48_000
STEEP = 2.0  # times the cost per character of the short text
CONSTRUCTS = {
    "Marken": "<!-- aufgabe id=a%d -->\n\nx\n\n<!-- /aufgabe -->\n\n",
    "offene Marken": "<!-- quiz id=a%d -->\n\n",
    "fremde Marken": "<!-- nichts a=%d -->\n\n",
    "Reiter": "<!-- tabs -->\n\n## a\n\nb\n\n## c\n\nd\n\n<!-- /tabs -->\n\n",
    "verschachtelte Reiter": "<!-- tabs -->\n\n### a%d\n\n",
    "Fragen": "<!-- quiz id=q%d -->\n## F\n<!-- frage id=f%d -->\n\n1. [x] a\n2. [ ] b\n\n<!-- /quiz -->\n\n",
    "Fahrpläne": "<!-- fahrplan id=p%d -->\n\n- **A%d:** b\n\n<!-- /fahrplan -->\n\n",
    "Details": "<details>\n<summary>a</summary>\n\nb\n\n</details>\n\n",
    "verschachtelte Details": "<details>\n<summary>a</summary>\n\n",
    "Tabellen": "| a | b |\n|---|---|\n| c | d |\n\n",
    "Zeilen": "|a|b|c|\n|-|-|-|\n",
    "Codeblöcke": "```python\na = [%d]\n```\n\n",
    "offene Codeblöcke": "- ```\n",
    "Fußnoten": "a[^%d]\n\n[^%d]: b\n\n",
    "Formeln": "a $x^%d$ $$y_%d$$ b\n\n",
    "rohes HTML": "<div><b><table><tr><td>\n",
    "Zäune": "::::: note %d\n\n",
    "geschlossene Zäune": "::: note\na\n:::\n\n",
    "Bilder": "![a](bilder/b%d.png 'c')\n\n",
    "Videos": "[Video: a](https://v.example/%d)\n\n",
    "Hinweise": "> [!TIP]\n> a\n\n",
    "Überschriften": "## a\n\n",
    "Aufzählungen": "- [x] a\n  - b\n",
    "Querverweise": "[a%d]: /b\n[a%d] ",
    "Adressen": "https://a.example/%d www.b.example c%d@d.example e.org ",
}


@dataclass
class Findings:
    """What goes beyond a limit."""

    faults: list[str] = field(default_factory=list)

    def expect(self, fine: bool, words: str) -> None:
        if not fine:
            self.faults.append(words)
            print(f"  {words}", flush=True)


def text(case: dict[str, Any], size: int) -> str:
    """The text of about `size` characters that a record of pathological_markdown.json describes."""
    if case["kind"] == "fixed":
        return str(case["text"])
    unit, other = str(case["unit"]), str(case["unit2"])
    frame = len(case["prefix"] + case["middle"] + case["suffix"])
    if case["kind"] == "repeat":
        times = max(1, (size - frame) // len(unit + other))
        return str(case["prefix"] + unit * times + case["middle"] + other * times + case["suffix"])
    lines: dict[str, Callable[[int], str]] = {
        "indent": lambda number: f"{'  ' * number}* a\n",
        "admon": lambda number: f"{'    ' * number}!!! note\n",
        "backticks": lambda number: "e" + "`" * (number + 1),
        "template": partial(_with, unit),
    }
    found = grown(lines[case["kind"]], size // 2 if other else size)
    rest = other * max(1, (size - len(found)) // len(other)) if other else ""
    return f"{found}{case['middle']}{rest}"


def grown(line: Callable[[int], str], size: int) -> str:
    """Lines by number until they hold `size` characters."""
    parts: list[str] = []
    left = size
    while left > 0:
        parts.append(line(len(parts)))
        left -= len(parts[-1])
    return "".join(parts)


def numbered(unit: str, size: int) -> str:
    """The unit again and again, with 0, 1, 2 … for `%d`."""
    return grown(partial(_with, unit), size)


def _with(unit: str, number: int) -> str:
    return unit.replace("%d", str(number))


# CommonMark


def normal(html: str) -> str:
    """HTML without what the standard leaves open: white space between blocks, the order of attributes."""
    tree = html5lib.parseFragment(html.strip(), namespaceHTMLElements=False)
    text = "".join(_pieces(tree, code=False))
    return re.sub(
        r"\s*(</?(?:p|[uo]l|li|h[1-6r]|blockquote|pre|table|div|section|br)\b[^>]*>)\s*", r"\1", text
    )


def _pieces(node: Element, *, code: bool) -> Iterator[str]:
    yield _words(node.text, code=code)
    for child in node:
        if isinstance(child.tag, str):
            values = (f" {name}={unquote(value)}" for name, value in sorted(child.attrib.items()))
            yield f"<{child.tag}{''.join(values)}>"
            yield from _pieces(child, code=code or child.tag == "pre")
            yield f"</{child.tag}>"
        yield _words(child.tail, code=code)


def _words(text: str | None, *, code: bool) -> str:
    return (text or "") if code else re.sub(r"\s+", " ", text or "")


def standard(folder: Path, findings: Findings) -> None:
    data = json.loads((folder / "commonmark.json").read_bytes())
    examples = data["examples"]
    equal = 0
    for example in [*examples, *data["regression"]]:
        for profile in PROFILES:
            timed(
                partial(render, example["markdown"], profile), f"Beispiel {example['example']}", 2, findings
            )
    for example in examples:
        part = render(example["markdown"], "gfm").parts[0]
        equal += isinstance(part, Html) and normal(part.html) == normal(example["html"])
    print(f"CommonMark: {len(examples)} Beispiele, {equal} ergeben genau das HTML der Norm")


def timed(work: Callable[[], object], name: str, limit: float, findings: Findings) -> float:
    """The CPU time of some work in this process."""
    began = time.process_time()
    try:
        work()
    except Exception as error:  # noqa: BLE001  # that none is raised is what we test
        findings.expect(False, f"{name}: {error!r}")
    seconds = time.process_time() - began
    findings.expect(seconds <= limit, f"{name}: {seconds:.1f} s")
    return seconds


# Texts that are slow, deep or large


def child() -> psutil.Process:
    """The rendering process."""
    guard.render("a", "kurs")
    found = guard._guard.child
    assert found is not None
    return psutil.Process(found.process.pid)


def peak(process: psutil.Process) -> float:
    """The most memory it has held, in megabytes."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def guarded(
    source: str, profile: Profile, name: str, limit: float, findings: Findings
) -> tuple[float, float]:
    """CPU seconds and peak megabytes of a text rendered as in service; refusals for size are fine."""
    process = child()
    began = sum(process.cpu_times()[:2])
    try:
        guard.render(source, profile)
    except guard.TooSlow:  # on a busy machine also what takes little
        print(f"  {name}: nach {guard.LIMITS} s abgebrochen")
        return timed(partial(render, source, profile), name, limit, findings), 0
    except guard.Refused:
        pass
    if not process.is_running():
        return 0, 0
    seconds, memory = sum(process.cpu_times()[:2]) - began, peak(process)
    findings.expect(seconds <= limit, f"{name}: {seconds:.1f} s")
    findings.expect(memory <= MEMORY, f"{name}: {memory:.0f} MB")
    return seconds, memory


def pathological(folder: Path, findings: Findings) -> None:
    cases = json.loads((folder / "pathological_markdown.json").read_bytes())["cases"]
    texts: dict[str, Callable[[int], str]] = {str(case["name"]): partial(text, case) for case in cases}
    texts |= {name: partial(numbered, unit) for name, unit in CONSTRUCTS.items()}
    for size, limit in SIZES.items():
        for profile in PROFILES:
            costs = [
                (*guarded(make(size), profile, f"{name} ({profile}, {size})", limit, findings), name)
                for name, make in texts.items()
            ]
            slowest, largest = max(costs), max(cost[1] for cost in costs)
            most = f"{slowest[0]:.1f} s („{slowest[2]}“), {largest:.0f} MB"
            print(f"{profile}, {size}: {len(costs)} Texte, höchstens {most}", flush=True)


def constructs(findings: Findings) -> None:
    """Whether each of our constructs costs as much per character in a long text as in a short one."""
    worst = (0.0, "")
    for name, unit in CONSTRUCTS.items():
        short, long = (_cost(unit, name, size, findings) for size in (SHORT, LONG))
        ratio = long / short * SHORT / LONG
        worst = max(worst, (ratio, name))
        findings.expect(ratio <= STEEP, f"{name}: je Zeichen das {ratio:.1f}-Fache")
    found = f"je Zeichen höchstens das {worst[0]:.1f}-Fache („{worst[1]}“)"
    print(f"Bausteine: {len(CONSTRUCTS)}, viermal so lang {found}")


def _cost(unit: str, name: str, size: int, findings: Findings) -> float:
    work = partial(render, numbered(unit, size), "kurs", formulas=True)
    return min(timed(work, name, SIZES[256_000], findings) for _ in range(2))


def strings(folder: Path, findings: Findings) -> None:
    found = json.loads((folder / "naughty_strings.json").read_bytes())["strings"]
    for entry in found:
        words = str(entry["string"])
        source = f"# {words}\n\n## {words}\n\n[{words}](a.md) ![{words}](b.png) {words}\n\n|{words}|\n|-|\n"
        for profile in PROFILES:
            work = partial(render, source, profile, title=words)
            timed(work, f"Zeichenkette {entry['id']}", 2, findings)
    print(f"Zeichenketten: {len(found)} als Titel, Überschrift, Text von Link und Bild")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    folder = parser.parse_args(arguments).folder
    findings = Findings()
    standard(folder, findings)
    strings(folder, findings)
    constructs(findings)
    pathological(folder, findings)
    guard.close()
    print(f"{len(findings.faults)} Verstöße" if findings.faults else "Alle Grenzen sind eingehalten.")
    return 1 if findings.faults else 0


if __name__ == "__main__":
    sys.exit(main())
