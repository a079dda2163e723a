"""Everything that must hold, in one command: `python -m tests.check [path of tests …]`.

Builds the front end where it is stale, then format and lint, types, imports, benchmarks at small size, two at
a time; then tests on both databases and in the browser. With `CI=true` nothing may be skipped.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CI = os.environ.get("CI") == "true"
LANES = 2  # for two cores
ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}  # hundreds of processes start: compile once
PROCESSES = "3"  # of tests: they wait for browsers, servers and clocks a third of the time
BENCHMARKS = (
    "markup",
    "course_pdf",
    "pages",
    "people",
    "forum",
    "publishing",
    "towns",
    "search",
    "enumeration",
    "preview",
    "takeaway",
    "figures",
)


def main(paths: Sequence[str]) -> int:
    """Run all steps, also after one has failed; 0 when every one passed."""
    python = sys.executable
    steps: dict[str, list[str]] = {
        "lint": [str(BIN / "ruff"), "check", "."],
        "format": [str(BIN / "ruff"), "format", "--check", "."],
        "types": [python, "-m", "mypy"],
        "imports": [str(BIN / "lint-imports"), "--no-cache"],
        **{f"benchmark of {name}": benchmark(name) for name in BENCHMARKS},
    }
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(LANES) as lanes:
        report = Path(folder) / "tests.xml"
        parallel = ["-n", PROCESSES, "--dist", "worksteal"]
        tests = [python, "-m", "pytest", *parallel, "-rs", f"--junitxml={report}", *paths]
        failed = [passes("assets", [python, "-m", "learn.assets.build"])]
        failed += lanes.map(passes, steps, steps.values())
        failed += [passes("tests", tests, quiet=False)]
        if CI:
            failed += skipped(report)
    failed = [each for each in failed if each]
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def benchmark(name: str) -> list[str]:
    """At the size that shows that it runs."""
    return [sys.executable, "-m", f"tests.performance.{name}", "--small"]


def passes(name: str, command: Sequence[str], *, quiet: bool = True) -> str:
    """Run one step and say how long it took; its name where it failed. `quiet`: its words come at its end."""
    begun = time.monotonic()
    if not quiet:
        print(f"== {name}", flush=True)
    words, faults = (subprocess.PIPE, subprocess.STDOUT) if quiet else (None, None)
    done = subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT, check=False, text=True, stdout=words, stderr=faults
    )
    verdict = "failed" if done.returncode else "ok"
    said = f"== {name}\n{done.stdout}" if quiet else ""
    print(f"{said}== {name}: {verdict} after {time.monotonic() - begun:.0f} s", flush=True)
    return name if done.returncode else ""


def skipped(report: Path) -> list[str]:
    """Names of skipped tests; a run that says nothing about them counts as one."""
    if not report.is_file():
        return ["no report of the tests"]
    cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - written by the step before
    return [f"skipped {case.get('name')}" for case in cases if case.find("skipped") is not None]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
