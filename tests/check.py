"""Everything that must hold, in one command: `python -m tests.check [path of tests …]`.

Builds the front end where it is stale, then format and lint, types, imports, tests on both databases and in
the browser, benchmarks at small size. With `CI=true` nothing may be skipped.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CI = os.environ.get("CI") == "true"
PROCESSES = "2"


def main(paths: Sequence[str]) -> int:
    """Run all steps, also after one has failed; 0 when every one passed."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "tests.xml"
        steps: dict[str, list[str]] = {
            "assets": [python, "-m", "learn.assets.build"],
            "lint": [str(BIN / "ruff"), "check", "."],
            "format": [str(BIN / "ruff"), "format", "--check", "."],
            "types": [python, "-m", "mypy"],
            "imports": [str(BIN / "lint-imports"), "--no-cache"],
            "page benchmark": [python, "-m", "tests.performance.pages", "--small"],
            "town benchmark": [python, "-m", "tests.performance.towns", "--small"],
            "publishing benchmark": [python, "-m", "tests.performance.publishing", "--small"],
            "people benchmark": [python, "-m", "tests.performance.people", "--small"],
            "search benchmark": [python, "-m", "tests.performance.search", "--small"],
            "forum benchmark": [python, "-m", "tests.performance.forum", "--small"],
            "enumeration benchmark": [python, "-m", "tests.performance.enumeration", "--small"],
            "tests": [
                python,
                "-m",
                "pytest",
                "-n",
                PROCESSES,
                "--dist",
                "worksteal",
                "-rs",
                f"--junitxml={report}",
                *paths,
            ],
        }
        failed = [name for name, command in steps.items() if not passes(name, command)]
        if CI:
            failed += skipped(report)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def passes(name: str, command: Sequence[str]) -> bool:
    """Run one step and say how long it took."""
    begun = time.monotonic()
    print(f"== {name}", flush=True)
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(f"== {name}: {'ok' if code == 0 else 'failed'} after {time.monotonic() - begun:.0f} s", flush=True)
    return code == 0


def skipped(report: Path) -> list[str]:
    """Names of skipped tests; a run that says nothing about them counts as one."""
    if not report.is_file():
        return ["no report of the tests"]
    cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - written by the step before
    return [f"skipped {case.get('name')}" for case in cases if case.find("skipped") is not None]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
