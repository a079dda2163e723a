"""Reads the questions of `demo_forum/*.md`, one in each file.

Front matter (titel, thema, phase, kreis, von, vor, ich_auch, ergebnis …), the question's text, and after each
comment `<!-- antwort von=… vor=… -->` or `<!-- rueckfrage … zu=NUMMER -->` a further post. `vor` counts days
before the first start, so that the forum is as lively tomorrow as it was today.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path

from learn.core import clock
from learn.core.access import Refused
from learn.courses import frontmatter
from learn.courses.frontmatter import Mapping as Front
from learn.courses.frontmatter import Scalar, Sequence
from learn.forum.authors import DEMO
from learn.forum.texts import Prepared

FOLDER = Path(__file__).with_name("demo_forum")
COMMENT = re.compile(
    r"^<!-- (antwort|rueckfrage|versucht|vorher)((?: [a-z_]+(?:=\"[^\"]*\"|=\S+)?)*) -->$", re.MULTILINE
)
PAIR = re.compile(r" ([a-z_]+)(?:=(?:\"([^\"]*)\"|(\S+)))?")
OPENS, OFFICE_HOURS = time(8, 5), timedelta(hours=8.5)
PAUSE = timedelta(minutes=37)  # between two posts that would fall on the same moment


@dataclass(frozen=True, slots=True)
class Written:
    """One text of a file: what it is, its marks such as `von` and `vor`, and Markdown."""

    kind: str
    marks: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class File:
    """One question as written. Lists of the front matter are joined by commas."""

    name: str
    head: Mapping[str, str]
    tried: str
    posts: tuple[Written, ...]
    drawn: dict[str, Prepared] = field(default_factory=dict)  # rendered texts by source

    @property
    def origin(self) -> str:
        return f"{DEMO}{self.name}"


def files(folder: Path = FOLDER) -> Iterator[File]:
    """All questions, in the order of their file names. Raises Refused with the file."""
    for path in sorted(folder.glob("*.md")):
        yield parsed(path.stem, path.read_text(encoding="utf-8"))


def parsed(name: str, text: str) -> File:
    """A file taken apart. Raises Refused."""
    front = frontmatter.split(text)
    if front.tree is None:
        raise Refused(f"demo_forum/{name}.md: Der Kopf ist nicht lesbar.")
    head = {key: ",".join(_texts(front.tree, key)) for key in front.tree.items}
    pieces = COMMENT.split(front.body)
    posts = [Written("frage", head, pieces[0].strip())]
    tried = ""
    for kind, marks, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        if kind == "versucht":
            tried = body.strip()
        elif kind == "vorher":
            posts[-1] = Written(posts[-1].kind, {**posts[-1].marks, "vorher": body.strip()}, posts[-1].text)
        else:
            found = {key: quoted or bare for key, quoted, bare in PAIR.findall(marks)}
            posts.append(Written(kind, found, body.strip()))
    return File(name, head, tried, tuple(posts))


def moments(posts: tuple[Written, ...], now: datetime) -> list[datetime]:
    """When each post was written, counted back from now: on working days, in office hours, in order."""
    found: list[datetime] = []
    for post in posts:
        days, share = divmod(float(post.marks["vor"]), 1)
        day = clock.local(now).date() - timedelta(days=days)
        day -= timedelta(days=max(0, day.weekday() - 4))
        at = datetime.combine(day, OPENS, clock.BERLIN) + OFFICE_HOURS * (1 - share)
        found.append(max(at, found[-1] + PAUSE) if found else at)
    return found


def _texts(front: Front, key: str) -> list[str]:
    value = front.items[key]
    if isinstance(value, Sequence):
        return [item.text for item in value.items if isinstance(item, Scalar)]
    return [value.text] if isinstance(value, Scalar) else []


def sources(file: File) -> list[str]:
    earlier = [post.marks["vorher"] for post in file.posts if "vorher" in post.marks]
    return [post.text for post in file.posts] + earlier + ([file.tried] if file.tried else [])
