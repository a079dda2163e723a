"""The JSON schemas that 1EdTech publishes for Open Badges 3.0, out of openbadgeslib's source archive.

No package installs them, and nothing of others is copied here: pip fetches the archive once into a folder
that stays, by the hashes that the tests' lock holds for it; the schemas are read from there in memory. It is
the one thing that tests fetch, in a process of its own, and validating fetches nothing more.
"""

import fcntl
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft201909Validator, FormatChecker

LOCK = Path(__file__).parents[2] / ".ci" / "requirements-test.lock"
PINNED = re.compile(r"^openbadgeslib==\S+(?: \\\n +--hash=\S+)+", re.MULTILINE)
FILES = re.compile(r"/ob_v3p0_\w+_schema\.json$")
FOLDER = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json"
CREDENTIAL = f"{FOLDER}/ob_v3p0_achievementcredential_schema.json"
PROFILE = f"{FOLDER}/ob_v3p0_profile_schema.json"
ACHIEVEMENT = f"{CREDENTIAL}#/$defs/Achievement"
FORMATS = FormatChecker(["date"])
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


@FORMATS.checks("date-time", raises=ValueError)
def instant(value: object) -> bool:
    """RFC 3339, section 5.6; what jsonschema itself would check with a further package only."""
    if not isinstance(value, str):
        return True  # of another type, which is not the format's business
    return INSTANT.fullmatch(value) is not None and bool(datetime.fromisoformat(value))


class MissingError(Exception):
    """The archive cannot be had here; says why."""


@dataclass(frozen=True, slots=True)
class Schemas:
    """The schemas of an archive by their addresses; none refers to anything outside itself."""

    documents: Mapping[str, Any]

    def faults(self, address: str, document: Any) -> Iterator[str]:
        """What a document breaks of the schema at an address: where, and which rule."""
        file, _hash, place = address.partition("#")
        schema = self.documents[file]
        if place:
            schema = {"$defs": schema["$defs"], "$ref": f"#{place}"}
        for fault in Draft201909Validator(schema, format_checker=FORMATS).iter_errors(document):
            yield f"{fault.json_path}: {fault.message}"


def published(folder: Path) -> Schemas:
    """The schemas, out of the archive that stays in this folder. Raises MissingError."""
    return read(archive(folder, pinned()))


def read(packed: bytes) -> Schemas:
    """The schemas inside an archive."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        streams = [files.extractfile(each) for each in files if FILES.search(each.name)]
        schemas = [json.load(stream) for stream in streams if stream is not None]
    return Schemas({each["$id"]: each for each in schemas})


def pinned() -> str:
    """The lines of the tests' lock that hold openbadgeslib: version and hashes of wheel and archive."""
    found = PINNED.search(LOCK.read_text("utf-8"))
    assert found is not None
    return found[0]


def archive(folder: Path, pin: str) -> bytes:
    """The archive as it was pinned, fetched where the folder lacks it; may be called by several processes."""
    with (folder / "lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        found = kept(folder, pin)
        if found is None:
            fetch(folder, pin)
            found = kept(folder, pin)
    assert found is not None, "pip hat ein anderes Archiv geholt als das festgelegte"
    return found


def kept(folder: Path, pin: str) -> bytes | None:
    """What lies in the folder and has a pinned hash."""
    packed = (path.read_bytes() for path in folder.glob("*.tar.gz"))
    return next((each for each in packed if hashlib.sha256(each).hexdigest() in pin), None)


def fetch(folder: Path, pin: str, environment: Mapping[str, str] = os.environ) -> None:
    """Have pip fetch the archive, from where pip is set to fetch; it builds once, to read the metadata.

    Raises MissingError; where something came that was not pinned, AssertionError.
    """
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{pin}\n", "utf-8")
    options = ["--no-deps", "--no-binary=openbadgeslib", "--require-hashes", "--retries=2"]
    command = [sys.executable, "-m", "pip", "download", "-q", *options, f"--dest={folder}", f"-r{wanted}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        assert "DO NOT MATCH THE HASHES" not in done.stderr, done.stderr
        fault = re.search(r"^ *ERROR: (.*)", done.stderr, re.MULTILINE)
        raise MissingError(fault[1] if fault else done.stderr.strip()[-200:])
