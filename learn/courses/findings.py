"""A fault with its file, as reports list it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from learn.markup import faults
from learn.markup.model import Fault, Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in a file. `file` is the path below the checked folder, `id` the object's id or empty."""

    file: str
    line: int
    code: str
    severity: Severity
    message: str
    id: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "id": self.id or None,
            "message": self.message,
        }


def finding(file: str, fault: Fault, identity: str = "") -> Finding:
    """The finding for a fault in `file`."""
    return Finding(
        file=file,
        line=fault.line,
        code=fault.code,
        severity=faults.severity(fault.code),
        message=faults.sentence(fault),
        id=identity,
    )


def ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, by file, line and code."""
    return tuple(sorted(set(found), key=lambda entry: (entry.file, entry.line, entry.code, entry.message)))
