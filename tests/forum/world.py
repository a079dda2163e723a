"""A small network in which anything may happen, and what everybody should see of it, told from bare rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person, PersonRole, PersonTopic, TrainerCohort
from learn.core.access import VISITOR, Forbidden, NotFound, Refused
from learn.forum import (
    asking,
    audience,
    counting,
    editing,
    judging,
    leveling,
    moderating,
    moving,
    queries,
    reacting,
    reading,
    reporting,
)
from learn.forum.audience import Reader
from learn.forum.models import Moderation, Post, Question, QuestionReader
from learn.network.models import CohortTown, Municipality
from tests.factories import make_municipality, make_person
from tests.forum.factories import KEYS, make_cohort, make_topics, new_question, plain, reader_of

WORD = "Bodenfeuchte"  # stands in every title, so that a search finds all that may be found
TOPICS = ("sensorik", "klima")
ROLES = (("pionier", ("expert",)), ("mitglied", ()), ("gast", ()), ("mitglied", ("trainer",)))
Step = tuple[int, int, int, int]


@dataclass
class World:
    """Towns, Klassen and people; `happen` does one thing, allowed or not."""

    session: Session
    towns: list[Municipality] = field(default_factory=list)
    cohorts: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)

    @classmethod
    def made(cls, session: Session) -> "World":
        """Three towns, two Klassen, and somebody of each sort."""
        make_topics(session)
        world = cls(session)
        world.towns = [make_municipality(session, name=role.title(), role=role) for role, _ in ROLES[:3]]
        pioneer, member, _guest = world.towns
        world.cohorts = [make_cohort(session, pioneer, member).id, make_cohort(session, pioneer).id]
        for number, (_role, roles) in enumerate(ROLES):
            person = make_person(session, municipality=world.towns[number % 3], roles=roles)
            world.people.append(person.id)
        lonely = make_person(session, roles=["coordinator"], municipality=member)
        session.add(TrainerCohort(person_id=world.people[3], cohort_id=world.cohorts[1]))
        session.add(PersonTopic(person_id=world.people[0], topic="klima"))
        operator = make_person(session, roles=["operator"])
        operator.municipality_id = None
        world.people += [lonely.id, operator.id]
        session.flush()
        return world

    def readers(self) -> list[Reader]:
        """Everybody as she is now, a visitor last."""
        people = [self.person(number) for number in range(len(self.people))]
        return [*(reader_of(self.session, one) for one in people), audience.reader(self.session, VISITOR)]

    def person(self, number: int) -> Person:
        found = self.session.get(Person, self.people[number % len(self.people)], populate_existing=True)
        assert found is not None
        return found

    def happen(self, step: Step) -> str:
        """Do something; where one person may not, the next one tries. What is refused changes nothing."""
        what, who, first, second = step
        act = ACTS[what % len(ACTS)]
        for turn in range(len(self.people)):
            try:
                with self.session.begin_nested():
                    act(self, reader_of(self.session, self.person(who + turn)), first, second)
                    self.session.flush()
            except (Refused, Forbidden, NotFound):
                continue
            return f"{act.__name__}({who + turn}, {first}, {second})"
        return f"nobody may {act.__name__}({first}, {second})"

    def question(self, number: int) -> Question:
        found = self.session.scalars(select(Question).order_by(Question.id)).all()
        if not found:
            raise NotFound
        return found[number % len(found)]

    def post(self, number: int) -> Post:
        found = self.session.scalars(select(Post).order_by(Post.id)).all()
        if not found:
            raise NotFound
        return found[number % len(found)]


def readable(world: World, who: Reader, question: Question) -> Question:
    """Pages load what they act on first."""
    found = queries.question(world.session, who, question.id)
    if found is None:
        raise NotFound
    return found


def ask(world: World, who: Reader, first: int, second: int) -> None:
    level = audience.LEVELS[first % 3]
    cohort = world.cohorts[second % 2] if level == audience.COHORT else None
    new = new_question(f"{WORD} messen {first}", topics=(TOPICS[second % 2],), level=level, cohort_id=cohort)
    asking.ask(world.session, who, new, key=f"w{next(KEYS)}")


def answer(world: World, who: Reader, first: int, second: int) -> None:
    question = readable(world, who, world.question(first))
    quiet = second % 5 == 0
    key = f"w{next(KEYS)}"
    asking.answer(world.session, who, question, plain(WORD), attribution="name", key=key, quiet=quiet)


def comment(world: World, who: Reader, first: int, _second: int) -> None:
    post = world.post(first)
    asking.comment(world.session, who, post, plain(WORD), attribution="funktion", key=f"w{next(KEYS)}")


def edit(world: World, who: Reader, first: int, second: int) -> None:
    post = world.post(first)
    change = editing.Change(plain(f"{WORD} {second}"), topics=(TOPICS[second % 2],) if second % 3 else None)
    editing.edit(world.session, who, post, change, base_revision=post.revision, reason="Genauer")


def withdraw(world: World, who: Reader, first: int, _second: int) -> None:
    editing.withdraw(world.session, who, world.post(first))


def mark(world: World, who: Reader, first: int, second: int) -> None:
    judging.mark(world.session, who, world.post(first), on=bool(second % 3))


def judge(world: World, who: Reader, first: int, second: int) -> None:
    judging.judge(world.session, who, world.question(first), counting.VERDICTS[second % 3])


def me_too(world: World, who: Reader, first: int, second: int) -> None:
    reacting.me_too(world.session, who, world.question(first), on=bool(second % 3))


def helped(world: World, who: Reader, first: int, second: int) -> None:
    reacting.helped(world.session, who, world.post(first), on=bool(second % 3))


def read(world: World, who: Reader, first: int, second: int) -> None:
    question = readable(world, who, world.question(first))
    reading.read_to(world.session, who.actor, question, second % (question.last_number + 2))


def follow(world: World, who: Reader, first: int, second: int) -> None:
    question = readable(world, who, world.question(first))
    reading.follow(world.session, who, question, reading.FOLLOWS[second % 3])


def follow_more(world: World, who: Reader, first: int, second: int) -> None:
    reading.follow_topic(world.session, who.actor, TOPICS[first % 2], reading.FOLLOWS[second % 3])
    reading.follow_town(world.session, who.actor, world.towns[first % 3].id, reading.FOLLOWS[second % 3])


def change_level(world: World, who: Reader, first: int, second: int) -> None:
    level = audience.LEVELS[second % 3]
    cohort = world.cohorts[first % 2] if level == audience.COHORT else None
    leveling.change_level(world.session, who, world.question(first), level, cohort)


def hide_post(world: World, who: Reader, first: int, _second: int) -> None:
    moderating.hide_post(world.session, who, world.post(first), "Werbung")


def hide_question(world: World, who: Reader, first: int, _second: int) -> None:
    moderating.hide_question(world.session, who, world.question(first), "Werbung")


def lock(world: World, who: Reader, first: int, _second: int) -> None:
    moderating.lock(world.session, who, world.question(first), "Geklärt")


def move(world: World, who: Reader, first: int, second: int) -> None:
    moderating.move(world.session, who, world.question(first), [TOPICS[second % 2]], "Passt besser")


def merge(world: World, who: Reader, first: int, second: int) -> None:
    source, target = world.question(first), world.question(second)
    moving.merge(world.session, who, source.id, target.id, "Dieselbe Frage")


def split(world: World, who: Reader, first: int, second: int) -> None:
    post = world.post(first)
    target = moving.Fresh(f"{WORD} geteilt", TOPICS[:1]) if second % 2 else world.question(second).id
    moving.split(world.session, who, post.question_id, [post.number], target, "Eigenes Thema")


def undo(world: World, who: Reader, first: int, _second: int) -> None:
    acts = world.session.scalars(select(Moderation.id).order_by(Moderation.id)).all()
    if acts:
        moderating.undo(world.session, who, acts[first % len(acts)], "Doch nicht")


def report(world: World, who: Reader, first: int, _second: int) -> None:
    reporting.report(world.session, who, world.post(first), "personendaten", "Da steht ein Name.")


def change_roles(world: World, _who: Reader, first: int, second: int) -> None:
    """Roles come and go; competence in a topic counts again the night after."""
    person, role = world.person(first), ("expert", "trainer", "coordinator")[second % 3]
    held = world.session.get(PersonRole, (person.id, role))
    if held is None:
        world.session.add(PersonRole(person_id=person.id, role=role))
    else:
        world.session.execute(delete(PersonRole).filter_by(person_id=person.id, role=role))
    night(world)


def change_town(world: World, _who: Reader, first: int, second: int) -> None:
    world.person(first).municipality_id = [*(town.id for town in world.towns), None][second % 4]
    night(world)


def change_network(world: World, _who: Reader, first: int, second: int) -> None:
    """A town gets another role, or joins or leaves a Klasse."""
    town, cohort = world.towns[first % 3], world.cohorts[second % 2]
    if second % 3:
        town.role = ("pionier", "mitglied", "gast")[second % 3]
    elif world.session.get(CohortTown, (cohort, town.id)):
        world.session.execute(delete(CohortTown).filter_by(cohort_id=cohort, municipality_id=town.id))
    else:
        joined_on = world.person(0).created_on
        world.session.add(CohortTown(cohort_id=cohort, municipality_id=town.id, joined_on=joined_on))
    night(world)


def night(world: World) -> None:
    world.session.flush()
    for number in world.session.scalars(select(Question.id)).all():
        counting.refresh(world.session, number)


Act = Callable[[World, Reader, int, int], None]
ACTS: Sequence[Act] = (
    *(ask, ask, answer, answer, answer, comment, comment, edit, withdraw, mark, mark, judge, me_too, helped),
    *(read, read, follow, follow_more, change_level, hide_post, hide_question, lock, move, merge, merge),
    *(split, split, undo, undo, report, report, change_roles, change_town, change_network),
)
ASK, ANSWER, COMMENT, MARK = (ACTS.index(act) for act in (ask, answer, comment, mark))
BEGINNING: Sequence[Step] = (
    *((ASK, number, number, number) for number in range(5)),
    *((ANSWER, number, number, number + 1) for number in range(6)),
    *((COMMENT, number, 2 * number, 0) for number in range(2)),
    (MARK, 0, 6, 1),
)


# What everybody should see, from bare rows


def circles(world: World, who: Reader) -> set[str]:
    """The circles that somebody reads, by the words of the design."""
    every = {f"klasse:{number}" for number in world.cohorts}
    roles = who.actor.roles
    if "coordinator" in roles:
        return {"oeffentlich", "netzwerk", *every}
    found = {"oeffentlich"}
    town = next((one for one in world.towns if one.id == who.actor.municipality_id), None)
    if town is not None and town.role != "gast":
        joined = world.session.scalars(select(CohortTown.cohort_id).filter_by(municipality_id=town.id))
        found |= {"netzwerk", *(f"klasse:{number}" for number in joined)}
    if "trainer" in roles:
        mine = world.session.scalars(
            select(TrainerCohort.cohort_id).filter_by(person_id=who.actor.person_id)
        ).all()
        found |= {f"klasse:{number}" for number in mine} or every
    return found


def shown(world: World) -> dict[int, Question]:
    """Questions that are neither hidden nor merged, and whose own text stands."""
    gone = select(Post.question_id).where(Post.number == 1, Post.hidden != "")
    statement = select(Question).where(Question.status == "gezeigt", Question.merged_into.is_(None))
    found = world.session.scalars(statement.where(Question.id.not_in(gone)))
    return {question.id: question for question in found}


def posts(world: World, question_id: int) -> list[Post]:
    """The posts of a question that are not hidden."""
    here = select(Post).where(Post.question_id == question_id, Post.hidden == "")
    return list(world.session.scalars(here.order_by(Post.number)))


def is_solved(world: World, question: Question) -> bool:
    marked = any(post.solution and post.kind == "antwort" for post in posts(world, question.id))
    return marked and question.verdict in {"geloest", "teilweise"}


def is_unread(world: World, who: Reader, question: Question) -> bool:
    if not who.actor.signed_in:
        return False
    row = world.session.get(QuestionReader, (who.actor.person_id, question.id), populate_existing=True)
    read = max(row.last_read if row else 0, question.quiet_number)
    return any(post.number > read for post in posts(world, question.id))
