"""Imports foreign folders into temporary ones and says what their drafts lack.

python -m tests.foreign DIR …            for each folder: lessons, lost and moved words, links, pictures,
                                         faults by code, errors left in the drafts, seconds
python -m tests.foreign DIR … --verbose  also every lesson that lacks something
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from learn.core.access import Refused
from learn.courses import frontmatter, heads, parse, publish
from learn.courses.foreign import decoding, importing
from learn.courses.foreign.importing import Outcome
from learn.courses.foreign.reading import Source
from learn.courses.pages import of_folder
from learn.courses.surroundings import Resolver
from learn.markup import render
from tests.courses.foreign.visible import Difference, compare


def main() -> None:
    """Compare every folder named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    bad = sum(not measured(folder, verbose=given.verbose) for folder in given.folders)
    sys.exit(1 if bad else 0)


def measured(folder: Path, *, verbose: bool) -> bool:
    """Measure one folder and print it; whether nothing is lacking."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "out"
        try:
            source = importing.opened(folder)
            outcome = importing.run(source, out)
        except Refused as problem:
            print(f"{folder}: {problem}")
            return True
        imported = time.monotonic() - begun
        again = importing.run(source, out).written.nothing
        found = differences(source, out, outcome)
        errors = Counter(f.code for f in publish.examine(None, out).findings if f.severity == "error")
    _print(folder, outcome, found, errors, imported, verbose=verbose)
    if not again:
        print("  Ein zweiter Lauf ändert etwas.")
    return again and all(difference.none for difference in found.values())


def differences(source: Source, out: Path, outcome: Outcome) -> dict[str, Difference]:
    """What each draft lacks, by the path of its source."""
    content = parse.parse(out)
    places = of_folder(content)
    found = {}
    for course in outcome.courses:
        shared = places.shared(
            None, [name for c in content.courses for name, _ in c.text.head.pairs("werte")]
        )
        for draft, (path, _lines) in course.drafts.items():
            if draft.endswith(".md"):
                front = frontmatter.split((out / draft).read_text("utf-8"))
                head = heads.read(front, "lektion")
                rendered = render(front.body, "kurs", Resolver(draft, shared), title=head.text("titel"))
                text = decoding.decode(source.read(path))
                assert text is not None
                body = decoding.part(text.text).body
                found[path] = compare(body, head.text("titel"), head.items("ziele"), front.body, rendered)
    return found


def _print(
    folder: Path,
    outcome: Outcome,
    found: dict[str, Difference],
    errors: Counter[str],
    seconds: float,
    *,
    verbose: bool,
) -> None:
    lost = sum(len(one.lost) for one in found.values())
    moved = sum(len(one.moved) for one in found.values())
    links = sum(one.links[0] > one.links[1] for one in found.values())
    pictures = sum(one.pictures[0] > one.pictures[1] for one in found.values())
    print(
        f"{folder}: {len(found)} Lektionen, {lost} Wörter fehlen, {moved} stehen anders; weniger Links in "
        f"{links}, weniger Bilder in {pictures}; {seconds:.1f} s"
    )
    print(f"  Befunde: {_counted(Counter(finding.code for finding in outcome.findings))}")
    if errors:
        print(f"  Fehler in den Entwürfen: {_counted(errors)}")
    lacking = {path: one for path, one in found.items() if not one.none}
    for path, one in list(lacking.items())[: None if verbose else 3]:
        print(
            f"    {path}: fehlt {' '.join(one.lost[:12])!r}, anders {' '.join(one.moved[:12])!r}, "
            f"Links {one.links}, Bilder {one.pictures}"
        )


def _counted(codes: Counter[str]) -> str:
    return ", ".join(f"{code} {count}" for code, count in sorted(codes.items())) or "keine"


if __name__ == "__main__":
    main()
