"""Whom a post may name with @: people and towns that read it, and the names typed in a text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person, PersonRole, TrainerCohort
from learn.core.folding import fold
from learn.forum.audience import COHORT, MEMBERS, PUBLIC, Reader, visible
from learn.forum.models import Post, PostAuthor, Question
from learn.network.models import CohortTown, Municipality

WORDS = 6  # of a name
CANDIDATES = 20  # places in a text where a name may begin
KINDS = ("Stadt", "Gemeinde", "Kreis")
AT = re.compile(r"(?<![\w.+\-/@\\\[])@(?=[^\W\d_])([^\n@\[\]()<>`]{1,100}(?:\([^\n@()<>`]{1,60}\))?)")
STORED = re.compile(r"\((person:[1-9][0-9]{0,8}|kommune:[0-9]{8})\)")
END = ".,;:!?…“”\"'’)*_~"
ESCAPED = re.compile(r"([\\\[\]*_`<>&~])")


@dataclass(frozen=True, slots=True)
class Addressees:
    """Who was found: by target such as `person:12` the row's id and the words that may stand there."""

    ids: dict[str, int] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, target: str, number: int, *words: str) -> None:
        self.ids[target] = number
        self.words[target] = tuple(f"@{word}" for word in words)

    def by_name(self) -> Mapping[str, str]:
        """Target by name with @; what two of them bear means nobody."""
        found: dict[str, list[str]] = {}
        for target, words in self.words.items():
            for word in words:
                found.setdefault(word, []).append(target)
        return {word: targets[0] if len(targets) == 1 else "" for word, targets in found.items()}


def people(who: Reader, circle: str) -> ColumnElement[bool]:
    """People who read a circle and whose name `who` may know: contacts, and who wrote under their name.

    To be asked of `Person`, outer-joined with `Municipality`. In public only who allows it is named.
    """
    wrote = (
        select(PostAuthor.post_id)
        .join(Post, Post.id == PostAuthor.post_id)
        .join(Question, Question.id == Post.question_id)
        .where(PostAuthor.person_id == Person.id, Post.attribution == "name", Post.hidden == "")
        .where(visible(who))
        .exists()
    )
    named = Person.active & (Person.listed | wrote)
    return named & Person.name_public if circle == PUBLIC else named & _reads(circle)


def towns(circle: str) -> ColumnElement[bool]:
    """Towns whose people read a circle."""
    if circle == PUBLIC:
        return Municipality.id.is_not(None)
    member = Municipality.role.in_(MEMBERS)
    if not circle.startswith(COHORT):
        return member
    return member & Municipality.id.in_(_of_cohort(circle))


def addressees(session: Session, who: Reader, circle: str, source: str) -> Addressees:
    """Everybody whom a text may name, by its stored forms and by the names typed in it."""
    names = {name for place in AT.finditer(source) for name in _names(place[1])}
    targets = set(STORED.findall(source))
    found = Addressees()
    if names or targets:
        _find_towns(session, circle, names, targets, found)
        _find_people(session, who, circle, names, targets, found)
    return found


def places(source: str, known: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Where typed names stand: start, end and target, for the longest name that fits at each place."""
    for found in list(AT.finditer(source))[:CANDIDATES]:
        for name in sorted(_names(found[1]), key=len, reverse=True):
            target = known.get(f"@{name}")
            if target is not None and _ends(source, found.start(1) + len(name)):
                if target:
                    yield found.start(), found.start(1) + len(name), target
                break


def stored_form(name: str, target: str) -> str:
    """A mention as it is kept in a text."""
    words = ESCAPED.sub(r"\\\1", name)
    return f"[@{words}]({target})"


def _names(text: str) -> set[str]:
    """The names that may begin a text: its first words, with and without the sign that ends a sentence."""
    ends = [found.end() for found in re.finditer(r"\S+", text)][:WORDS]
    whole = {text[:end] for end in ends}
    return {name for one in whole for name in (one, one.rstrip(END)) if name}


def _ends(source: str, at: int) -> bool:
    """Whether no letter follows, so that „@Olper“ does not name Olpe."""
    return at >= len(source) or not source[at].isalnum()


def _find_towns(session: Session, circle: str, names: set[str], targets: set[str], found: Addressees) -> None:
    keys = [target.partition(":")[2] for target in targets if target.startswith("kommune:")]
    sorts = {fold(name) for name in names} | {fold(_bare(name)) for name in names}
    named = Municipality.ags.in_(keys) | Municipality.sort.in_(sorts)
    for town in session.scalars(select(Municipality).where(named, towns(circle))):
        words = (f"{town.kind} {town.name}".strip(), town.name)
        found.add(f"kommune:{town.ags}", town.id, *dict.fromkeys(words))


def _bare(name: str) -> str:
    kind, _, rest = name.partition(" ")
    return rest if kind in KINDS else name


def _find_people(
    session: Session, who: Reader, circle: str, names: set[str], targets: set[str], found: Addressees
) -> None:
    numbers = [int(target.partition(":")[2]) for target in targets if target.startswith("person:")]
    statement = (
        select(Person.id, Person.name)
        .outerjoin(Municipality, Municipality.id == Person.municipality_id)
        .where(Person.id.in_(numbers) | Person.name.in_(names), people(who, circle))
    )
    for number, name in session.execute(statement):
        found.add(f"person:{number}", number, name)


def _reads(circle: str) -> ColumnElement[bool]:
    """People who read a circle that is not public."""
    staff = select(PersonRole.role).where(PersonRole.person_id == Person.id)
    coordinates = staff.where(PersonRole.role == "coordinator").exists()
    if not circle.startswith(COHORT):
        return Municipality.role.in_(MEMBERS) | coordinates
    mine = select(TrainerCohort.cohort_id).where(TrainerCohort.person_id == Person.id)
    cohort_id = int(circle.partition(":")[2])
    all_or_this = ~mine.exists() | mine.where(TrainerCohort.cohort_id == cohort_id).exists()
    trains = staff.where(PersonRole.role == "trainer").exists() & all_or_this
    return towns(circle) | trains | coordinates


def _of_cohort(circle: str) -> Select[int]:
    cohort_id = int(circle.partition(":")[2])
    return select(CohortTown.municipality_id).where(CohortTown.cohort_id == cohort_id)
