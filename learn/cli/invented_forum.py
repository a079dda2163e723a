"""The demo's forum: invented people, and the questions and answers they have written, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from learn.accounts import queries as people
from learn.accounts import service as accounts
from learn.accounts.models import Person, PersonTopic
from learn.cli.invented_posts import File, files, moments, sources
from learn.core import clock
from learn.core.db import Database
from learn.core.models import Mark
from learn.courses.models import Course, Release
from learn.forum import counting, intake, reading
from learn.forum.asking import Anchor
from learn.forum.authors import DEMO
from learn.forum.models import Helped, MeToo, Post, Question, QuestionReader
from learn.forum.texts import EMPTY
from learn.network.models import Cohort, Municipality
from learn.notices import events

DONE = "demo-forum"  # mark of an instance that once held all of it: whoever left since stays away
ACTOR = "demo"
FRESH = 6.0  # days: posts younger than this are unread, and told to those who follow


@dataclass(frozen=True, slots=True)
class Author:
    """An invented person without a password: nobody signs in as her."""

    name: str
    ags: str
    office: str
    topics: tuple[str, ...] = ()  # of a contact

    @property
    def email(self) -> str:
        return f"{'.'.join(self.name.removesuffix(' (Demo)').lower().split())}@example.org"


AUTHORS = (
    Author("Mira Platzhalter (Demo)", "05966024", "Stadtplanung (Demo)"),
    Author(
        "Theo Schablone (Demo)",
        "05962040",
        "Datenstelle (Demo)",
        ("datenplattform", "open-source", "offene-daten"),
    ),
    Author(
        "Nora Skizze (Demo)", "05974040", "Beteiligung (Demo)", ("beteiligung", "datenschutz", "mobilitaet")
    ),
    Author("Henrik Kulisse (Demo)", "05970004", "IT-Stelle (Demo)", ("it-sicherheit", "kooperation")),
    Author("Wanda Probelauf (Demo)", "05958004", "Vergabestelle (Demo)"),
    Author("Selin Fiktiv (Demo)", "05962024", "Datenschutz (Demo)"),
    Author("Bruno Attrappe (Demo)", "05958024", "Bauhof (Demo)"),
    Author("Ayla Kladde (Demo)", "05974012", "Kämmerei (Demo)"),
    Author("Lotte Modell (Demo)", "05974044", "Ordnung (Demo)"),
    Author("Paul Szenario (Demo)", "05958036", "Wirtschaft (Demo)"),
    Author("Greta Uebung (Demo)", "05970032", "Umwelt (Demo)"),
    Author("Malik Notiz (Demo)", "05966020", "Hauptamt (Demo)"),
    Author("Ida Fassung (Demo)", "05974016", "Bürgerbüro (Demo)"),
)


@dataclass(frozen=True, slots=True)
class Someone:
    """An author as the database knows her."""

    person_id: int
    town: tuple[int | None, str]


def invent_forum(database: Database) -> None:
    """Load what the instance lacks, one question in a transaction; once complete, again changes nothing."""
    with database.reading() as session:
        if session.scalar(select(exists().where(Mark.name == DONE))):
            return
        known = set(session.scalars(select(Question.origin).where(Question.origin.startswith(DEMO))))
    with database.writing() as session:
        for author in AUTHORS:
            _invent(session, author)
    for file in files():
        if file.origin in known:
            continue
        for text in sources(file):
            file.drawn[text] = intake.plain(text)
        with database.writing() as session:
            _load(session, file)
    with database.writing() as session:
        session.merge(Mark(name=DONE, value="ja"))


def _invent(session: Session, author: Author) -> None:
    if people.person(session, author.email) is not None:
        return
    made = accounts.create_user(
        session,
        by=ACTOR,
        email=author.email,
        name=author.name,
        password_hash=None,
        municipality=author.ags,
        roles=("expert",) if author.topics else (),
        office=author.office,
    )
    session.add_all(PersonTopic(person_id=made.id, topic=topic) for topic in author.topics)


def _load(session: Session, file: File) -> None:
    """Keep one question with its posts, reactions and readers."""
    at = moments(file.posts, clock.now())
    authors = {name: _someone(session, name) for name in _names(file)}
    if not all(authors[post.marks["von"]] for post in file.posts):
        return  # an author is gone: the rest would not make sense
    found = {name: one for name, one in authors.items() if one}
    fresh = [number for number, post in enumerate(file.posts, 1) if float(post.marks["vor"]) < FRESH]
    question = intake.store(session, _thread(session, file, found, at, fresh[0] if fresh else None))
    posts = session.scalars(select(Post).where(Post.question_id == question.id).order_by(Post.number)).all()
    _react(session, file, found, question, posts)
    _read(session, file, found, question, fresh)
    for number in fresh:
        post = posts[number - 1]
        ids = {"question": question.id, "post": post.id, "number": number, "before": number - 1}
        events.record(session, post.kind, f"frage:{question.id}", **ids)
    counting.refresh(session, question.id)


def _thread(
    session: Session, file: File, authors: Mapping[str, Someone], at: list[datetime], new_from: int | None
) -> intake.NewThread:
    head = file.head
    klasse = session.scalar(select(Cohort.id).where(Cohort.name == head.get("klasse")))
    return intake.NewThread(
        title=head["titel"],
        posts=[_post(file, number, authors, at[number]) for number in range(len(file.posts))],
        topics=head["thema"].split(","),
        phase=head["phase"],
        level=head["kreis"],
        cohort_id=klasse,
        tried=file.drawn[file.tried] if file.tried else EMPTY,
        verdict=head.get("ergebnis", ""),
        locked="geschlossen" in head,
        reason=head.get("geschlossen", ""),
        anchor=_anchor(session, head.get("lektion", ""), head.get("abschnitt", "")),
        origin=file.origin,
        new_from=new_from,
    )


def _post(file: File, place: int, authors: Mapping[str, Someone], at: datetime) -> intake.NewPost:
    written = file.posts[place]
    author, marks = authors[written.marks["von"]], written.marks
    hidden = place > 0 and "ausgeblendet" in marks
    return intake.NewPost(
        kind=written.kind,
        text=file.drawn[written.text],
        at=at,
        person_id=author.person_id,
        town=author.town,
        about=int(marks["zu"]) if "zu" in marks else None,
        solution="loesung" in marks,
        hidden="ausgeblendet" if hidden else "",
        reason=marks.get("ausgeblendet", "") if hidden else "",
        origin=f"{file.origin}:{place + 1}",
        earlier=[(file.drawn[marks["vorher"]], at)] if "vorher" in marks else [],
        why=marks.get("geaendert", ""),
        edited_at=at + timedelta(minutes=95) if "vorher" in marks else None,
    )


def _anchor(session: Session, lesson_id: str, heading: str) -> Anchor | None:
    """The place of a published lesson; None where the folder that was published has none of that id."""
    if not lesson_id:
        return None
    current = select(Release.manifest).join(Course, Course.release_id == Release.id)
    for manifest in session.scalars(current):
        for module in manifest["modules"]:
            for lesson in module["lessons"]:
                if lesson["id"] == lesson_id:
                    return Anchor(lesson_id, manifest["course_id"], heading, lesson["edition"])
    return None


def _names(file: File) -> set[str]:
    listed = [file.head.get("ich_auch", ""), *(post.marks.get("geholfen", "") for post in file.posts)]
    return {name for line in listed for name in line.split(",") if name} | {
        post.marks["von"] for post in file.posts
    }


def _someone(session: Session, name: str) -> Someone | None:
    found = session.execute(
        select(Person.id, Person.municipality_id, Municipality.size)
        .outerjoin(Municipality, Municipality.id == Person.municipality_id)
        .where(Person.email_key == f"{name}@example.org")
    ).one_or_none()
    return Someone(found[0], (found[1], found[2] or "")) if found else None


def _react(
    session: Session, file: File, authors: Mapping[str, Someone], question: Question, posts: Sequence[Post]
) -> None:
    """„Ich auch“ and „Hat geholfen“ of other towns than the writer's own."""
    for name in filter(None, file.head.get("ich_auch", "").split(",")):
        _say(session, MeToo, {"question_id": question.id}, authors.get(name), question.municipality_id)
    for written, post in zip(file.posts, posts, strict=True):
        for name in filter(None, written.marks.get("geholfen", "").split(",")):
            _say(session, Helped, {"post_id": post.id}, authors.get(name), post.municipality_id)


def _say(
    session: Session,
    table: type[MeToo] | type[Helped],
    what: dict[str, int],
    who: Someone | None,
    own_town: int | None,
) -> None:
    if who is not None and who.town[0] not in {None, own_town}:
        session.add(table(**what, person_id=who.person_id, municipality_id=who.town[0]))


def _read(
    session: Session, file: File, authors: Mapping[str, Someone], question: Question, fresh: list[int]
) -> None:
    """Who wrote follows, and has read all but what came lately, and her own."""
    known = fresh[0] - 1 if fresh else len(file.posts)
    mine: dict[str, int] = {}
    for number, post in enumerate(file.posts, 1):
        mine[post.marks["von"]] = number
    asker = file.posts[0].marks["von"]
    for name, number in mine.items():
        level, reason = (
            (reading.ALL, reading.ASKED) if name == asker else (reading.IMPORTANT, reading.ANSWERED)
        )
        session.add(
            QuestionReader(
                person_id=authors[name].person_id,
                question_id=question.id,
                last_read=max(known, number),
                follow=level,
                reason=reason,
            )
        )
    session.flush()
