"""Nobody is watched in the forum: what somebody reads, follows, reports or presses shows to nobody else."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import jobs
from learn.core.db import Database
from learn.forum.models import Post, Question
from tests.client import CheckingClient, sign_in
from tests.factories import make_person
from tests.forum.factories import make_answer, make_question, reader_of
from tests.house.matrix import SUBJECT, World, browser, make_world
from tests.house.test_matrix import cells
from tests.notices.helpers import mails, work_off
from tests.site import sensors
from tests.site.test_privacy import ANEW

NOON = datetime(2026, 6, 3, 10, tzinfo=UTC)  # a Wednesday
NEXT_WEEK = NOON + timedelta(days=6)
OTHERS = (
    "visitor",
    SUBJECT,
    "learner, same town",
    "expert, same Klasse",
    "trainer, same Klasse",
    "coordinator, other town",
    "operator, other town",
)
KEYS = re.compile(r'(name="key" value="|name="sequence" value=")[^"]*')
BOUNDARY = re.compile(rb"={15}\d+==")
FORBIDDEN = ("Punktestand", "Rangliste", "zuletzt online", "gelesen von", "antwortet meist")
Act = Callable[[CheckingClient], None]
Seen = dict[str, object]


class Scene:
    """A world with people who look on, in which the same story can be played more than once."""

    def __init__(self, app: Flask, db: Session, database: Database) -> None:
        sensors.publish(db)
        self.app, self.db, self.database = app, db, database
        self.work = jobs.Work(app.extensions["learn.config"], database)
        self.world: World = make_world(db)
        self.second = second(db, self.world)
        self.numbers = [self.world.numbers["question_id"], self.second]
        self.browsers = {name: browser(app, db, self.world, name) for name in OTHERS}
        self.quiet = make_person(db, name="Leise Leserin", municipality=self.world.towns["same Klasse"])
        db.flush()
        work_off(self.work)
        self.empty_mailboxes()

    def only(self, *names: str) -> None:
        """Let these people look on alone."""
        self.browsers = {name: self.browsers[name] for name in names}

    def client(self, person: Person) -> CheckingClient:
        """A browser in which this person is signed in."""
        client = self.app.test_client()
        assert isinstance(client, CheckingClient)
        client.checking = False
        sign_in(client, person)
        return client

    def played(self, act: Act, person: Person) -> Seen:
        """What everybody else sees and gets after she has done this, and after life has gone on; undone."""
        assert self.database.outer is not None
        before, numbers = self.database.outer.begin_nested(), sequences(self.database)
        act(self.client(person))
        self.go_on()
        seen = self.pages()
        with time_machine.travel(NEXT_WEEK, tick=False):
            work_off(self.work)
            seen |= self.mails(person)
        before.rollback()
        restart(self.database, numbers)
        self.db.expire_all()
        self.empty_mailboxes()
        return seen

    def empty_mailboxes(self) -> None:
        for path in (self.work.config.instance / "mail").glob("*.eml"):
            path.unlink()

    def go_on(self) -> None:
        """Somebody answers in each question, and everybody is told."""
        with self.database.writing() as session:
            who = reader_of(session, session.get_one(Person, self.world.subject.id))
            for number in self.numbers:
                make_answer(session, who, session.get_one(Question, number), "Noch etwas dazu.")
        work_off(self.work)

    def pages(self) -> Seen:
        found: Seen = {}
        for name, client in self.browsers.items():
            for endpoint, method, address in cells(self.app, self.world):
                if method == "GET" or endpoint == "accounts.export_own_data":
                    answer = client.submit(address) if method == "POST" else client.get(address)
                    if answer.status_code in {301, 302}:  # a question's address bears its title
                        answer = client.get(answer.headers["Location"])
                    text = ANEW.sub(r"\1", answer.get_data().decode("latin-1"))
                    found[f"{name}: {address}"] = answer.status_code, KEYS.sub(r"\1", text)
                    answer.close()
        return found

    def mails(self, person: Person) -> Seen:
        """Those to others, in all their bytes but the drawn line between their parts."""
        sent = [mail for mail in mails(self.work) if mail["To"] != person.email]
        return {"mails": sorted(BOUNDARY.sub(b"", mail.as_bytes()) for mail in sent)}


def second(db: Session, world: World) -> int:
    """A question that the whole network reads, asked by a colleague of the subject."""
    colleague = make_person(db, municipality=world.towns["other Klasse"])
    question = make_question(db, reader_of(db, colleague), title="Wer hat Radwege gezählt?")
    make_answer(db, reader_of(db, world.subject), question)
    return question.id


def sequences(database: Database) -> dict[str, int | None]:
    """Where PostgreSQL's numbers stand, which a rollback does not take back."""
    with database.reading() as session:
        if session.get_bind().dialect.name != "postgresql":
            return {}
        rows = session.execute(sql("SELECT sequencename, last_value FROM pg_sequences"))
        return {row.sequencename: row.last_value for row in rows}


def restart(database: Database, numbers: dict[str, int | None]) -> None:
    with database.writing() as session:
        for name, value in numbers.items():
            statement = sql("SELECT setval(:name, :value, :called)")
            session.execute(statement, {"name": name, "value": value or 1, "called": value is not None})


def differing(one: Seen, other: Seen) -> list[str]:
    return [name for name in one if one[name] != other.get(name)]


@pytest.fixture
def scene(app: Flask, db: Session, database: Database) -> Iterator[Scene]:
    with time_machine.travel(NOON, tick=False):
        yield Scene(app, db, database)


def nothing(_client: CheckingClient) -> None:
    """She does not even look."""


def test_reading_and_following_change_nothing_for_anybody_else(scene: Scene) -> None:
    def everything(client: CheckingClient) -> None:
        for _endpoint, method, address in cells(scene.app, scene.world):
            if method == "GET":
                client.get(address).close()
        for number in scene.numbers:
            client.get(f"/forum/fragen/{number}", follow_redirects=True).close()
            read = client.submit(f"/forum/fragen/{number}/gelesen", {"number": "1000"})
            followed = client.submit(f"/forum/fragen/{number}/folgen", {"level": "alles"})
            assert (read.status_code, followed.status_code) == (303, 303)
        town = scene.world.towns["same town"].ags
        for address, level in (("/forum/thema/sensorik", "alles"), (f"/kommunen/{town}", "wichtiges")):
            assert client.submit(f"{address}/folgen", {"level": level}).status_code == 303
        assert client.submit("/mitteilungen/erledigt").status_code in {303, 422}
        assert client.submit("/forum/entwuerfe/frage", {"title": "Für später"}).status_code in {200, 303}
        assert client.submit("/konto/feeds").status_code == 303

    silent, busy = scene.played(nothing, scene.quiet), scene.played(everything, scene.quiet)
    assert silent["mails"], "the control: others are told of what goes on"
    told = [where.partition(":")[0] for where, page in silent.items() if "Noch etwas dazu." in str(page)]
    assert {SUBJECT, "learner, same town", "coordinator, other town"} <= set(told)
    assert differing(silent, busy) == []
    own = own_pages(scene, nothing), own_pages(scene, everything)
    assert own[0] != own[1], "the control: it shows to herself"


def own_pages(scene: Scene, act: Act) -> list[str]:
    """What the quiet reader sees of the forum afterwards."""
    assert scene.database.outer is not None
    before = scene.database.outer.begin_nested()
    client = scene.client(scene.quiet)
    act(client)
    found = [KEYS.sub("", ANEW.sub("", client.get(path).text)) for path in ("/forum", "/forum/entwuerfe")]
    before.rollback()
    return found


def test_authors_never_learn_who_reported(scene: Scene) -> None:
    post = scene.world.numbers["post_id"]

    def report(client: CheckingClient) -> None:
        sent = client.submit(
            f"/forum/beitraege/{post}/melden", {"kind": "werbung", "text": "Das ist Werbung."}
        )
        assert sent.status_code == 303

    other = make_person(scene.db, name="Andere Leserin", municipality=scene.world.towns["same Klasse"])
    scene.db.flush()
    scene.only("visitor", SUBJECT)
    one, two = scene.played(report, scene.quiet), scene.played(report, other)
    one.pop("mails"), two.pop("mails")
    assert differing(one, two) == []


def test_reactions_show_towns_and_no_people(scene: Scene) -> None:
    number, post = scene.world.numbers["question_id"], scene.world.numbers["post_id"]

    def press(client: CheckingClient) -> None:
        for address in (f"/forum/fragen/{number}/ich-auch", f"/forum/beitraege/{post}/hilfreich"):
            assert client.submit(address).status_code == 303

    other = make_person(scene.db, name="Andere Leserin", municipality=scene.world.towns["same Klasse"])
    scene.db.flush()
    scene.only("visitor", SUBJECT, "expert, same Klasse")
    silent = scene.played(nothing, scene.quiet)
    one, two = scene.played(press, scene.quiet), scene.played(press, other)
    assert differing(silent, one), "the control: the number shows"
    one.pop("mails"), two.pop("mails")  # each leaves out her own
    assert differing(one, two) == []


def test_no_page_ranks_or_watches_anybody(scene: Scene) -> None:
    scene.go_on()
    assert scene.db.query(Post).count() > 4
    found = [
        (where, word)
        for where, page in scene.pages().items()
        for word in FORBIDDEN
        if word.casefold() in str(page).casefold() and "/was-diese-plattform" not in where
    ]
    assert found == []
