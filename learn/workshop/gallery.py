"""The pictures of a course as the library shows them: unused ones first, with what is known of each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from learn.workshop import copies, media, showing
from learn.workshop.keys import PLAIN, href, standard
from learn.workshop.media import DECORATIVE, Picture
from learn.workshop.uploading import AIM


@dataclass(frozen=True, slots=True)
class Use:
    """A text that shows a picture: its title and where it is edited."""

    title: str
    href: str
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture with what the page says of it. `twins`: paths of pictures with the same bytes."""

    picture: Picture
    uses: tuple[Use, ...]
    twins: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name without folders."""
        return PurePosixPath(self.picture.path).name

    @property
    def undescribed(self) -> bool:
        """Whether nobody has said what it shows, here or in a text."""
        return not self.picture.description

    @property
    def decorative(self) -> bool:
        return self.picture.description == DECORATIVE

    @property
    def large(self) -> bool:
        """Whether it takes more than content.md recommends (K510)."""
        return self.picture.size > AIM

    @property
    def kilobytes(self) -> int:
        return max(1, round(self.picture.size / 1024))


@dataclass(frozen=True, slots=True)
class Gallery:
    """All pictures of a course, parted."""

    unused: tuple[Shown, ...]
    used: tuple[Shown, ...]

    @property
    def undescribed(self) -> int:
        return sum(one.undescribed for one in (*self.unused, *self.used))

    @property
    def doubled(self) -> int:
        """How many pictures are there twice or more."""
        return sum(bool(one.twins) for one in (*self.unused, *self.used))


@dataclass(frozen=True, slots=True)
class Pair:
    """What belongs to a picture: its variant for narrow screens, or the path of what it is a variant of."""

    variant: Picture | None = None
    wide: str = ""


def pair(session: Session, course_id: str, path: str) -> Pair:
    """Found by their names."""
    there = media.held(session, course_id)
    wide = showing.wide(path)
    return Pair(there.get(showing.narrow(path)), wide if wide in there else "")


def gallery(session: Session, course_id: str) -> Gallery:
    """The library of a course."""
    found = tuple(_all(session, course_id))
    return Gallery(
        tuple(one for one in found if not one.uses),
        tuple(one for one in found if one.uses),
    )


def one(session: Session, course_id: str, path: str) -> Shown | None:
    """A single picture of it."""
    return next((found for found in _all(session, course_id) if found.picture.path == path), None)


def typed(picture: Picture) -> Mapping[str, str]:
    """What is known of a picture as its form's fields."""
    decorative = picture.description == DECORATIVE
    return {
        "description": "" if decorative else picture.description,
        "decorative": "ja" if decorative else "",
        "source": picture.source,
        "licence": picture.licence,
    }


def shown_name(name: str) -> str:
    """The name of a file somebody chose, fit for a sentence."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    return "".join(char if char.isprintable() else "·" for char in bare)[:80]


def _all(session: Session, course_id: str) -> Iterator[Shown]:
    found = media.pictures(session, course_id)
    copy = copies.copy(session, course_id)
    titles = dict(_titles(copy)) if copy else {}
    alike: dict[str, list[str]] = defaultdict(list)
    for picture in found:
        alike[picture.sha].append(picture.path)
    for picture in found:
        uses = tuple(_use(key, titles) for key in picture.uses)
        twins = tuple(path for path in alike[picture.sha] if path != picture.path)
        yield Shown(picture, uses, twins)


def _titles(copy: copies.Copy) -> Iterator[tuple[str, str]]:
    yield copy.kurs.key, copy.kurs.title
    for entry in copy.others:
        yield entry.key, entry.title
    for module in copy.modules:
        for entry in (module.entry, *module.lessons):
            yield entry.key, entry.title


def _use(key: str, titles: Mapping[str, str]) -> Use:
    return Use(titles.get(standard(key), key), href(key), key.endswith(PLAIN))
