"""Short ways to convert a text and to name what the conversion said."""

from textwrap import dedent
from typing import Any

from learn.courses.foreign.converting import convert
from learn.courses.foreign.model import Converted, Foreign, Kind


def converted(body: str, kind: Kind = "markdown", /, **front: Any) -> Converted:
    return convert(Foreign("lektion.md", kind, front, dedent(body).strip("\n")))


def body(source: str, kind: Kind = "markdown", /, **front: Any) -> str:
    return converted(source, kind, **front).body.strip("\n")


def text(source: str) -> str:
    return dedent(source).strip("\n")


def said(found: Converted) -> list[tuple[str, int, str]]:
    """Code, line and words of every fault."""
    return [
        (fault.code, fault.line, fault.values.get("neu", fault.values["ausschnitt"]))
        for fault in found.faults
    ]
