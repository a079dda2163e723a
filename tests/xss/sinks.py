"""Every place where a text that somebody wrote comes back as HTML: how it gets there, and who shows it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote
from xml.etree import ElementTree as ET

from sqlalchemy import select
from werkzeug.test import TestResponse

from learn.accounts.models import Person
from learn.core import clock
from learn.forum.models import Post, Question
from learn.network.models import Cohort, CohortTown
from learn.notices import kinds, sending
from learn.notices.models import Delivery, Event
from tests.client import CheckingClient
from tests.forum.factories import make_topics
from tests.forum.writing import form_of
from tests.site.forms import forms
from tests.xss.course import WORD, body, line, write_course
from tests.xss.world import World, page

Shown = tuple[str, int, str]  # the sink, the number of the text, a page as HTML
FORM = "/forum/fragen/neu"
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass
class Someone:
    """A person whose name, office and town are the hostile text, and her browser."""

    client: CheckingClient
    person: int
    ags: str


class Sinks:
    """Puts texts, numbered from `start`, through all places, a few together."""

    def __init__(self, world: World, start: int = 1) -> None:
        self.world, self.number = world, start
        with world.database.writing() as session:
            make_topics(session)
        self.other = world.browser("Karla Kurz", "coordinator")[0]
        self.failed: dict[str, str] = {}

    def lessons(self, texts: Sequence[str]) -> Iterator[Shown]:
        """Each text alone, in all places of a course of its own."""
        numbered = list(enumerate(texts, self.number))
        self.number += len(texts)
        root = self.world.folder / f"inhalt-{numbered[0][0]}"
        for number, text in numbered:
            write_course(root, number, text)
        self.world.publish(root)
        learner = self._someone("Lea Lang")
        for number, text in numbered:
            for part in (self._reading, self._learning):
                yield from self._tried(part.__name__, part(learner, number, text))
        for name, path in (("glossary", "/vokabelheft"), ("catalogue, whole", "/kurse"), ("start", "/")):
            yield name, numbered[0][0], page(self.world.visitor.get(path))

    def others(self, texts: Sequence[str]) -> Iterator[Shown]:
        """Some texts together in everything else: what people write to each other, and forms and lists.

        Each text is also the name of a person, of her town and of a Klasse, of whom lists and pages tell.
        """
        number = self.number
        self.number += len(texts)
        people = [self._someone(text) for text in texts]
        joined = " ".join(line(text, 300) for text in texts)
        for part, text in (
            (self._testing, joined),
            (self._asking, "\n\n".join(f"> {line(text)}" for text in texts) + f"\n\n{body(texts[0])}"),
            (self._people, joined),
            (self._echoes, joined),
        ):
            yield from self._tried(part.__name__, part(people[0], number, text))
        yield from self._tried("_together", self._together(people, number))

    def _tried(self, name: str, pages: Iterator[Shown]) -> Iterator[Shown]:
        """A page that cannot be made is named, and the others go on."""
        try:
            yield from pages
        except (AssertionError, KeyError, IndexError, StopIteration, RuntimeError) as problem:
            self.failed[name] = f"{type(problem).__name__}: {str(problem)[:200]}"

    def _someone(self, text: str) -> Someone:
        name = line(text, 90)
        return Someone(*self.world.browser(name, town=name, office=name))

    def _reading(self, _who: Someone, number: int, _text: str) -> Iterator[Shown]:
        """What authors wrote, as visitors and learners read it."""
        course, visitor = f"/kurse/k{number}", self.world.visitor
        for name, path in (
            ("course", course),
            ("lesson, bare", f"{course}/zwei"),
            ("plain version", f"{course}/eins?fassung=einfach"),
            ("print", f"{course}/druck"),
            ("glossary term", f"/vokabelheft/wort{number}"),
            ("search", f"/suche?q={WORD}{number}"),
        ):
            yield name, number, page(visitor.get(path))

    def _learning(self, who: Someone, number: int, text: str) -> Iterator[Shown]:
        """What learners type into a lesson, and what it answers."""
        client, here = who.client, f"/kurse/k{number}/eins"
        lesson = client.get(here)
        yield "lesson", number, page(lesson)
        self.world.free()
        for action, fields in forms(lesson.text):
            sent = {name: value for name, value in fields.items() if name != "csrf_token"}
            if "/pruefen" in action and fields.get("question") in {"eine", "zahl"}:
                answer = "0" if fields["question"] == "eine" else f"72 {line(text)}"
                yield "self-check", number, page(client.submit(action, sent | {"answer": answer}))
            elif "/fahrplan" in action:
                typed = {f"field-{place}": body(text)[:1900] for place in range(1, 4)}
                client.submit(action, sent | typed)
                yield "Fahrplan", number, page(client.get(here))
                yield "Fahrplan, print", number, page(client.get(f"{here}/fahrplan"))

    def _testing(self, who: Someone, number: int, text: str) -> Iterator[Shown]:
        """The Abschlusstest, a Fahrplan in conflict, and what is one's own."""
        client, course = who.client, f"/kurse/k{number}"
        root = self.world.folder / f"inhalt-{number}"
        write_course(root, number, text)
        self.world.publish(root)
        self.world.free()
        client.submit(f"{course}/beginnen")
        for action, fields in forms(client.get(f"{course}/eins").text):
            if "/fahrplan" in action:
                client.submit(action, fields | {"field-1": "x"})
                typed = fields | {"field-1": body(text)[:1900]}
                yield "Fahrplan, conflict", number, page(client.submit(action, typed))
        for lesson in ("eins", "zwei"):
            client.submit(f"{course}/{lesson}/abschliessen", {"edition": "2"})
        yield "end of course", number, page(client.get(f"{course}/abschluss"))
        client.submit(f"{course}/abschluss")
        begun = client.get(f"{course}/abschluss")
        yield "test", number, page(begun)
        for action, fields in forms(begun.text):
            if action.endswith("/abschluss"):
                answers = fields | {"answer-eins": "1", "answer-zwei": line(text, 200)}
                yield "test, answered", number, page(client.submit(action, answers))
        yield "test, after", number, page(client.get(f"{course}/abschluss"))
        yield "my learning", number, page(client.get("/lernen"))

    def _asking(self, who: Someone, number: int, text: str) -> Iterator[Shown]:
        """What people write to each other, and what moderation says of it."""
        client, other = who.client, self.other
        self.world.free()
        asked = {
            "title": line(text, 110).ljust(10, "?") + f" {number}",
            "body": f"{WORD} {body(text)[:9000]}",
            "tried": body(text)[:5000],
            "topic": ["sensorik", "", ""],
            "suggested_topic": line(text, 70),
            "visibility": "oeffentlich",
            "reason": line(text, 150),
        }
        first = form_of(client.get(FORM), FORM)
        step = client.submit(FORM, first.filled(step="2", **asked))
        if step.status_code != 303:
            yield "question, refused", number, page(step)
            plain = re.sub(r"[^\w<>=]+", " ", line(text, 500))  # without what a post may not hold
            asked |= {"title": f"Ein Titel {number}", "body": f"{WORD} {plain}", "tried": ""}
            step = client.submit(FORM, first.filled(step="2", **asked))
        yield "question, preview", number, page(client.get(step.location or FORM))
        done = client.submit(FORM, first.filled(step="3", **asked))
        here = unescape(done.location or "")
        found = re.search(r"/fragen/(\d+)", here)
        if found is None:
            yield "question, refused", number, page(done)
            return
        question = int(found[1])
        yield from self._answered(client, other, question, number, text)
        yield from self._moderated(other, client, question, number, text)

    def _answered(
        self, client: CheckingClient, other: CheckingClient, question: int, number: int, text: str
    ) -> Iterator[Shown]:
        base = f"/forum/fragen/{question}"
        words = body(text)[:9000]
        yield (
            "answer, preview",
            number,
            page(client.submit(f"{base}/antworten", {"answer": words, "press": "vorschau"})),
        )
        other.submit(f"{base}/antworten", {"answer": words, "attribution": "name", "key": f"a{question}"})
        client.submit(f"{base}/antworten", {"answer": words, "attribution": "name", "key": f"b{question}"})
        posts = self._posts(question)
        about = f"/forum/beitraege/{posts[0]}"
        other.submit(f"{about}/rueckfragen", {"comment": words, "attribution": "name", "key": f"c{question}"})
        client.submit(f"/forum/entwuerfe/antwort:{question}", {"answer": words, "sequence": "1"})
        yield "question", number, page(self._opened(client, base))
        yield "question, visitor", number, page(self._opened(self.world.visitor, base))
        yield "edit", number, page(client.get(f"{about}/bearbeiten"))
        yield "quote", number, page(other.get(f"{about}/zitieren"))
        quoted = form_of(other.get(f"{about}/zitieren"), f"{base}/antworten")
        other.submit(quoted.action, quoted.filled())
        edited = form_of(client.get(f"{about}/bearbeiten"), f"{about}/bearbeiten")
        change = {"body": f"{words}\n\nGeändert", "reason": line(text, 150)}
        yield "edit, sent", number, page(client.submit(edited.action, edited.filled(**change)))
        yield "history", number, page(client.get(f"{about}/verlauf"))
        yield "question, quoted", number, page(self._opened(other, base))
        yield "drafts", number, page(client.get("/forum/entwuerfe"))

    def _moderated(
        self, other: CheckingClient, client: CheckingClient, question: int, number: int, text: str
    ) -> Iterator[Shown]:
        base, reason = f"/forum/fragen/{question}", line(text, 300)
        about = f"/forum/beitraege/{self._posts(question)[-1]}"
        report = {"kind": "anderes", "text": reason}
        client.submit(f"{about}/melden", report)
        yield (
            "report, refused",
            number,
            page(client.submit(f"{about}/melden", {"kind": reason, "text": reason})),
        )
        yield "report", number, page(other.get(f"/verwaltung/meldungen/{about.rpartition('/')[2]}"))
        yield "reports", number, page(other.get("/verwaltung/meldungen"))
        other.submit(f"{about}/ausblenden", {"reason": reason})
        other.submit(f"{base}/schliessen", {"reason": reason})
        yield "moderated question", number, page(self._opened(other, base))
        yield "acts", number, page(other.get(f"{base}/eingriffe"))
        yield "moderation log", number, page(other.get(f"/verwaltung/moderation?frage={question}"))
        for name in ("zusammenfuehren", "teilen", "verschieben"):
            sent = {"target": reason, "title": reason, "reason": "", "into": "neu", "posts": reason}
            yield f"moderation, {name}", number, page(other.submit(f"{base}/{name}", sent))

    def _people(self, who: Someone, number: int, text: str) -> Iterator[Shown]:
        """Names of people, towns, Klassen, and what they say of themselves."""
        client, other, name = who.client, self.other, line(text, 90)
        sent = {"name": line(text), "office": line(text), "kommune": line(text), "ort": line(text)}
        yield "account, sent", number, page(client.submit("/konto", sent))
        yield "own data", number, page(client.get("/konto/daten"))
        yield "town, signed in", number, page(other.get(f"/kommunen/{who.ags}"))
        yield "town, desk", number, page(other.get(f"/verwaltung/kommunen/{who.ags}"))
        described = {"mailbox": name, "description": name, "district": name, "name": name, "phase": name}
        yield "town, sent", number, page(other.submit(f"/verwaltung/kommunen/{who.ags}", described))
        lock = {"reason": line(text, 200), "confirm": "x"}
        yield (
            "person, action",
            number,
            page(other.submit(f"/verwaltung/personen/{who.person}/abmelden", lock)),
        )
        yield "people, desk", number, page(other.get(f"/verwaltung/personen?q={quote(name)}"))
        with self.world.database.writing() as session:
            klass = Cohort(name=f"{name} {number}", description=body(text)[:500], created_on=clock.today())
            session.add(klass)
            session.flush()
            town = session.scalar(select(Question.municipality_id).limit(1))
            if town:
                session.add(CohortTown(cohort_id=klass.id, municipality_id=town, joined_on=clock.today()))
            identity = klass.id
        yield "Klasse", number, page(other.get(f"/klassen/{identity}"))
        yield "Klasse, desk", number, page(other.get(f"/verwaltung/klassen/{identity}?kommune={quote(name)}"))
        changed = {"name": name, "description": body(text)[:3000]}
        yield "Klasse, sent", number, page(other.submit(f"/verwaltung/klassen/{identity}", changed))
        yield "topic", number, page(other.submit("/verwaltung/themen", {"name": line(text, 60)}))
        yield "topics", number, page(other.get("/verwaltung/themen"))

    def _echoes(self, who: Someone, number: int, text: str) -> Iterator[Shown]:
        """Pages that say again what was asked of them."""
        asked, visitor = quote(line(text)), self.world.visitor
        self.world.free()
        for name, path in (
            ("search, echo", f"/suche?q={asked}"),
            ("search, kind", f"/suche?q=x&art={asked}"),
            ("catalogue, echo", f"/kurse?q={asked}&thema={asked}&sort={asked}"),
            ("towns, echo", f"/kommunen?q={asked}&thema={asked}&kreis={asked}"),
            ("forum, echo", f"/forum?thema={asked}&phase={asked}&ansicht={asked}"),
            ("not found", f"/kurse/{asked}/{asked}"),
            ("sign-in, way back", f"/anmelden?weiter=/{asked}"),
            ("registration, echo", f"/registrieren?ort={asked}&kommune={asked}"),
            ("legend", f"/hilfe/markdown?q={asked}"),
        ):
            yield name, number, page(visitor.get(path))
        sent = {"email": line(text, 190), "password": line(text, 190), "weiter": f"/{line(text)}"}
        yield "sign-in, refused", number, page(visitor.submit("/anmelden", sent))
        lost = {"email": line(text, 190), "name": line(text), "ort": line(text), "kommune": line(text)}
        yield "registration, refused", number, page(visitor.submit("/registrieren", lost))
        yield "password, refused", number, page(visitor.submit("/passwort-vergessen", {"email": line(text)}))
        yield "similar", number, page(who.client.get(f"/forum/aehnlich?q={asked}"))
        for name, path in (
            ("audit log, echo", f"/verwaltung/protokoll?aktion={asked}&konto={asked}&von={asked}"),
            ("towns desk, echo", f"/verwaltung/kommunen?q={asked}&kreis={asked}"),
            ("people desk, echo", f"/verwaltung/personen?q={asked}&rolle={asked}&zustand={asked}"),
            ("invitation, refused", "/verwaltung/einladungen/person"),
        ):
            if "refused" in name:
                invited = {"email": line(text, 190), "name": line(text), "kommune": line(text)}
                yield name, number, page(self.other.submit(path, invited))
            else:
                yield name, number, page(self.other.get(path))

    def _together(self, people: Sequence[Someone], first: int) -> Iterator[Shown]:
        """Lists that show many texts at once, letters and feeds."""
        for name, client, path in (
            ("towns", self.world.visitor, "/kommunen"),
            ("forum", self.world.visitor, "/forum"),
            ("forum, signed in", self.other, "/forum"),
            ("notices", self.other, "/mitteilungen?ansicht=alle"),
            ("notices", people[0].client, "/mitteilungen?ansicht=alle"),
            ("audit log", self.other, "/verwaltung/protokoll"),
            ("Klassen", self.other, "/verwaltung/klassen"),
            ("moderation", self.other, "/verwaltung/moderation"),
        ):
            yield name, first, page(client.get(path))
        for who in people:
            yield "town", first, page(self.world.visitor.get(f"/kommunen/{who.ags}"))
            yield "person, desk", first, page(self.other.get(f"/verwaltung/personen/{who.person}"))
            yield "account", first, page(who.client.get("/konto"))
        yield from self._feed(first)
        self.world.work()
        yield from self._letters(first)

    def _feed(self, first: int) -> Iterator[Shown]:
        feed = self.world.visitor.get("/forum/feed").text
        try:
            tree = ET.fromstring(feed)  # noqa: S314 - our own
        except ET.ParseError as problem:
            raise AssertionError(f"the feed is no XML: {problem}") from problem
        for place in tree.iter():
            if place.get("type") == "html":
                yield "feed", first, f"<!doctype html><title>x</title><div>{place.text or ''}</div>"

    def _letters(self, first: int) -> Iterator[Shown]:
        """The letters that wait for their hour, as they will be written."""
        with self.world.database.writing() as session:
            waiting = session.execute(
                select(Delivery, Event, Person)
                .join(Event, Event.id == Delivery.event_id)
                .join(Person, Person.id == Delivery.person_id)
                .where(Delivery.state == sending.OPEN)
            ).all()
            for delivery, event, person in waiting:
                delivery.state = sending.SENT
                write = kinds.WRITERS[event.kind]
                letter = write(session, self.world.config, person, kinds.Item(event, delivery.reason))
                if letter is not None:
                    yield "letter", first, letter.html

    def _posts(self, question: int) -> list[int]:
        with self.world.database.reading() as session:
            wanted = select(Post.id).where(Post.question_id == question).order_by(Post.number)
            return list(session.scalars(wanted))

    @staticmethod
    def _opened(client: CheckingClient, path: str) -> TestResponse:
        answer = client.get(path)
        return client.get(answer.location) if answer.status_code in {301, 302, 303} else answer
