"""What was sent in as a course and how far it is: kept for an hour, for one person.

Beside the files lies what was found. All of it goes with the taking over, after the hour, or as soon as she
changes her mind.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import IO

from learn.config import Config
from learn.core.access import Refused
from learn.core.storage import Storage
from learn.courses import pictures
from learn.courses.foreign.reading import is_markdown, printable
from learn.workshop import archives

WAITING, READ, BROKEN = "wartet", "gelesen", "abgebrochen"
SMALL = 40  # files that a request reads itself
QUICK = 4 * 1024 * 1024  # bytes of pictures: made anew in some two seconds
NAME = 80


@dataclass(frozen=True, slots=True)
class Group:
    """Equal faults: how many, where the first stands, what to do."""

    code: str
    severity: str
    count: int
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Course:
    """A course that was read. `left`: files that stay out. `anew`: how many pictures were made anew."""

    slug: str
    foreign: bool
    faults: Sequence[Group] = ()
    left: Sequence[Group] = ()
    anew: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """How far it is. `problem`: why nothing came of it. `name`: what was sent in."""

    state: str
    name: str
    problem: str = ""
    courses: Sequence[Course] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of one person's reading lie."""

    config: Config
    person_id: int
    token: str

    @property
    def storage(self) -> Storage:
        return Storage(self.config.storage)

    def key(self, ending: str) -> str:
        return f"einlesen/kurs-{self.person_id}-{self.token}{ending}"

    @property
    def sent(self) -> str:
        return self.key(".zip")

    @property
    def laid(self) -> str:
        return self.key("-fertig.zip")

    def note(self, state: State) -> None:
        self.storage.save(self.key(".json"), json.dumps(asdict(state)).encode())

    def state(self) -> State | None:
        """How it stands; None once it is gone, or for somebody else."""
        try:
            with self.storage.open(self.key(".json")) as file:
                data = json.load(file)
        except FileNotFoundError:
            return None
        courses = [
            Course(
                **{
                    **course,
                    "faults": [Group(**group) for group in course["faults"]],
                    "left": [Group(**group) for group in course["left"]],
                }
            )
            for course in data["courses"]
        ]
        return State(data["state"], data["name"], data["problem"], courses)

    def discard(self) -> None:
        for ending in (".zip", "-fertig.zip", ".json"):
            self.storage.delete(self.key(ending))


def receive(config: Config, person_id: int, files: Sequence[tuple[str, IO[bytes]]]) -> Place:
    """Keep what was sent: one ZIP, or the files of a folder. Raises Refused at `datei`."""
    place = Place(config, person_id, secrets.token_hex(16))
    name, first = files[0]
    try:
        if len(files) == 1 and name.lower().endswith(".zip"):
            archives.keep(place.storage, place.sent, first)
        else:
            archives.collect(place.storage, place.sent, files)
    except Refused as refused:
        raise Refused(refused.message, field="datei") from refused
    stem = printable(name.replace("\\", "/").rpartition("/")[2])
    place.note(State(WAITING, stem.removesuffix(".zip")[:NAME] or "kurs"))
    return place


def is_small(place: Place) -> bool:
    """Whether reading it takes no longer than a page may. Raises Refused where it is not safe to read."""
    state = place.state()
    source = archives.Arrived(place.storage.path(place.sent), state.name if state else "")
    shown = [path for path in source.sizes if pictures.looks_like_one(path)]
    read = len(shown) + sum(map(is_markdown, source.sizes))
    return read <= SMALL and sum(source.sizes[path] for path in shown) <= QUICK
