"""What can be searched, by name: packages above tell how their texts are indexed, a batch at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Batch:
    """How many texts were looked at, and where the next batch begins; None at the end."""

    done: int
    after: int | None = None


Source = Callable[[Session, int], Batch]
Given = TypeVar("Given", bound=Source)
SOURCES: dict[str, Source] = {}


def source(name: str) -> Callable[[Given], Given]:
    """Register a function `(session, after) -> Batch` that indexes what there is while writing."""

    def register(index: Given) -> Given:
        SOURCES[name] = index
        return index

    return register
