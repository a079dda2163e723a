"""Mitteilungen, badge and unsubscribing: the count is the list, one statement, one click."""

from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from learn.accounts import choices
from learn.accounts.models import Person
from learn.core import jobs
from learn.core.db import Database
from learn.core.models import Job
from learn.forum import lines, moderating, reading
from learn.forum.audience import Reader
from learn.forum.mail import about_matter
from learn.forum.models import Question, QuestionReader, Report
from learn.network.models import Municipality
from learn.notices import bounces, events, unsubscribing
from learn.notices.kinds import Item
from learn.notices.models import AddressState, Event, Notice
from learn.notices.resolving import some
from learn.notices.unsubscribing import Wish
from tests.client import CheckingClient, sign_in
from tests.factories import make_person
from tests.forum.factories import make_answer, make_question, make_reader
from tests.site.test_budgets import statements

PAGE = "/mitteilungen"
COLUMNS = [each.key for each in inspect(Question).column_attrs if each.key not in {"id", "origin"}]


@pytest.fixture
def work(app: Flask, database: Database) -> jobs.Work:
    """What the worker uses, inside the test's transaction."""
    return jobs.Work(app.extensions["learn.config"], database)


def resolve(work: jobs.Work, session: Session) -> None:
    """Tell all events."""
    session.flush()
    with work.database.reading() as other:
        from_outbox = other.execute(select(Job.arguments).where(Job.name == "resolve_event")).all()
    for (arguments,) in from_outbox:
        while some(work, arguments["event_id"]):
            pass
    session.expire_all()


def browser(client: CheckingClient, session: Session, who: Reader) -> CheckingClient:
    """A browser in which this person is signed in."""
    sign_in(client, session.get_one(Person, who.actor.owner))
    return client


def open_lines(session: Session, app: Flask, who: Reader) -> list[int]:
    """All open lines over all pages, by id."""
    found: list[int] = []
    after: str | None = None
    with app.test_request_context():
        while True:
            page = lines.lines(session, who.actor, closed=False, after=after)
            found += [line.id for line in page.rows]
            if not page.after:
                return found
            after = page.after


def make_lines(session: Session, who: Reader, number: int) -> None:
    """So many questions that she follows have something new."""
    helper = make_reader(session)
    question = make_question(session, helper)
    copies = [
        Question(**{name: getattr(question, name) for name in COLUMNS}) for _number in range(number - 1)
    ]
    session.add_all(copies)
    session.flush()
    session.add_all(
        Notice(
            person_id=who.actor.owner,
            subject=f"frage:{each.id}",
            question_id=each.id,
            kind="antwort",
            reason="gewaehlt",
            data={"post": 1},
            event_id=1000 + position,
            happened_on=each.asked_at.date(),
            done=False,
        )
        for position, each in enumerate((question, *copies))
    )
    session.flush()


def test_a_line_says_what_is_new_and_why_and_leads_to_the_first_unread_post(
    client: CheckingClient, db: Session, work: jobs.Work
) -> None:
    asker = make_reader(db)
    question = make_question(db, asker, title="Wer hat Bodenfeuchte gemessen?")
    make_answer(db, make_reader(db), question)
    resolve(work, db)
    text = browser(client, db, asker).get(PAGE).text
    assert "Wer hat Bodenfeuchte gemessen?" in text
    assert "Neue Antwort, weil Sie gefragt haben" in text
    assert f'href="/forum/fragen/{question.id}-{question.slug}?ab=2#post-2"' in text
    assert "<b>neu:</b>" in text


def test_reading_closes_a_line_and_the_next_post_opens_it(
    client: CheckingClient, db: Session, app: Flask, work: jobs.Work
) -> None:
    asker = make_reader(db)
    question = make_question(db, asker)
    make_answer(db, make_reader(db), question)
    resolve(work, db)
    assert lines.standing(db, asker.actor) == (1, "")
    reading.read_to(db, asker.actor, question, 2)
    assert lines.standing(db, asker.actor) == (0, "")
    assert "Nichts Neues." in browser(client, db, asker).get(PAGE).text
    assert question.title in client.get(PAGE + "?ansicht=alle").text
    make_answer(db, make_reader(db), question)
    resolve(work, db)
    assert lines.standing(db, asker.actor)[0] == len(open_lines(db, app, asker)) == 1


def test_erledigt_closes_a_line_as_it_was_shown(client: CheckingClient, db: Session, work: jobs.Work) -> None:
    asker, other = make_reader(db), make_reader(db)
    question = make_question(db, asker)
    make_answer(db, make_reader(db), question)
    resolve(work, db)
    line = db.scalars(select(Notice)).one()
    stand = line.event_id
    path = f"{PAGE}/{line.id}/erledigt"
    assert browser(client, db, other).submit(path, {"stand": stand}).status_code == 303
    assert lines.standing(db, asker.actor)[0] == 1, "nobody closes another's"
    make_answer(db, make_reader(db), question)
    resolve(work, db)
    browser(client, db, asker).submit(path, {"stand": stand})
    assert lines.standing(db, asker.actor)[0] == 1, "something happened since"
    db.expire_all()
    client.submit(path, {"stand": db.get_one(Notice, line.id).event_id})
    assert lines.standing(db, asker.actor)[0] == 0
    assert client.submit(path, {"stand": "nichts"}).status_code == 303


def test_alle_erledigt_leaves_what_came_after_the_page(client: CheckingClient, db: Session) -> None:
    who = make_reader(db)
    make_lines(db, who, 5)
    browser(client, db, who).submit(f"{PAGE}/erledigt", {"stand": 1003})
    assert lines.standing(db, who.actor)[0] == 1


def test_the_badge_is_one_statement_and_stops_at_99(client: CheckingClient, db: Session) -> None:
    who = make_reader(db)
    make_lines(db, who, 120)
    with statements() as asked:
        assert lines.standing(db, who.actor) == (100, "")
    assert len(asked) == 1
    assert "99+" in browser(client, db, who).get(PAGE).text


@pytest.mark.parametrize("role", ["", "trainer", "coordinator"])
def test_the_count_is_the_list_whatever_becomes_of_questions(db: Session, app: Flask, role: str) -> None:
    who = make_reader(db, *([role] if role else []))
    make_lines(db, who, 60)
    assert lines.standing(db, who.actor)[0] == len(open_lines(db, app, who)) == 60
    questions = db.scalars(select(Question).order_by(Question.id)).all()
    questions[0].listed = ""
    questions[1].listed = "klasse:999"
    db.add(QuestionReader(person_id=who.actor.owner, question_id=questions[2].id, last_read=1))
    questions[3].quiet_number = 1
    db.flush()
    left = 57 if role == "coordinator" else 56
    assert lines.standing(db, who.actor)[0] == len(open_lines(db, app, who)) == left
    town = db.get_one(Municipality, who.actor.municipality_id)
    town.role = "gast"
    db.flush()
    gone = left if role == "coordinator" else 0
    assert lines.standing(db, who.actor)[0] == len(open_lines(db, app, who)) == gone


def test_lines_are_paged_newest_first_in_few_statements(
    client: CheckingClient, db: Session, app: Flask
) -> None:
    who = make_reader(db)
    make_lines(db, who, 60)
    found = open_lines(db, app, who)
    assert len(set(found)) == 60
    stands = [db.get_one(Notice, number).event_id for number in found]
    assert all(later > earlier for later, earlier in pairwise(stands))
    browser(client, db, who)
    with statements() as asked:
        text = client.get(PAGE).text
    assert len(asked) <= 6
    assert text.count("Erledigt<") >= 25
    assert "Ältere Mitteilungen" in text
    with statements() as again:
        client.get(PAGE + "?ansicht=alle")
    assert len(again) == len(asked)


def test_other_lines_stay_until_erledigt_and_duties_go_with_the_role(
    client: CheckingClient, db: Session, work: jobs.Work
) -> None:
    author, staff = make_reader(db), make_reader(db, "coordinator")
    question = make_question(db, author)
    events.record(
        db,
        "moderation",
        "moderation:5",
        moderation=5,
        question=question.id,
        people=[author.actor.owner],
        post=1,
    )
    events.record(db, "wartet", f"wartet:{question.id}", question=question.id)
    resolve(work, db)
    assert lines.standing(db, author.actor)[0] == 1
    assert (
        "Die Koordination hat einen Beitrag von Ihnen geändert" in browser(client, db, author).get(PAGE).text
    )
    assert lines.standing(db, staff.actor)[0] == 1
    former = Reader(type(staff.actor)(staff.actor.person_id, "", staff.actor.municipality_id), ())
    assert lines.standing(db, former.actor)[0] == 0


def test_a_title_is_only_for_who_may_read_it_now(
    client: CheckingClient, db: Session, app: Flask, work: jobs.Work
) -> None:
    author, staff = make_reader(db), make_reader(db, "coordinator")
    question = make_question(db, make_reader(db), title="Wer kennt Feinstaub?")
    number, here = question.id, f"/forum/fragen/{question.id}"
    act = moderating.hide_post(db, staff, make_answer(db, author, question), "Werbung")
    resolve(work, db)
    own = f"/forum/moderation/{act.id}/widersprechen"
    browser(client, db, author)

    def pages() -> tuple[str, str]:
        return client.get(PAGE).text, client.get(own).text

    assert all("Feinstaub" in text for text in pages())
    question.listed = ""  # as after hiding, or merging it into a question of a Klasse
    db.flush()
    for text in pages():
        assert f'<a href="{here}">Frage {number}</a>' in text
        assert "feinstaub" not in text.lower()
    assert client.get(here).status_code == 200
    question.circle = question.listed = "klasse:999"
    db.flush()
    for text in pages():
        assert here not in text
        assert "feinstaub" not in text.lower()
    assert "Die Koordination hat einen Beitrag von Ihnen geändert" in pages()[0]
    event = db.scalars(select(Event).where(Event.kind == "moderation")).one()
    person = db.get_one(Person, author.actor.owner)
    letter = about_matter(db, app.extensions["learn.config"], person, Item(event, "moderation"))
    assert letter is not None
    assert "feinstaub" not in f"{letter}".lower()


def test_who_reported_reads_the_decision_with_its_words(
    client: CheckingClient, db: Session, work: jobs.Work
) -> None:
    reporter = make_reader(db)
    question = make_question(db, make_reader(db))
    post = make_answer(db, make_reader(db), question)
    report = Report(
        post_id=post.id,
        person_id=reporter.actor.owner,
        kind="werbung",
        reported_on=question.asked_at.date(),
        state="verborgen",
        answer="Das war Werbung.",
    )
    db.add(report)
    db.flush()
    events.record(
        db, "entscheidung", f"meldung:{report.id}", report=report.id, question=question.id, post=post.id
    )
    resolve(work, db)
    text = browser(client, db, reporter).get(PAGE).text
    assert "Ihre Meldung: Der Beitrag ist ausgeblendet. Das war Werbung." in text


def test_one_click_ends_a_kind_without_session_or_token(
    client: CheckingClient, db: Session, app: Flask
) -> None:
    person = make_person(db)
    path = unsubscribing.PATH + unsubscribing.token("0" * 64, Wish(person.id, "eigene"))
    assert "E-Mails über Antworten auf Ihre Fragen" in client.get(path).text
    assert choices.rhythm(db, person.id, "eigene") == "sofort", "looking changes nothing"
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Erledigt." in answer.text
    db.expire_all()
    assert choices.rhythm(db, person.id, "eigene") == "nie"
    assert choices.rhythm(db, person.id, "forum") == "woche"
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_the_overview_ends_with_all_that_is_in_it(client: CheckingClient, db: Session) -> None:
    person = make_person(db)
    choices.choose(db, person.id, "forum", "sofort")
    client.post(unsubscribing.PATH + unsubscribing.token("0" * 64, Wish(person.id, "woche")))
    db.expire_all()
    chosen = {kind: choices.rhythm(db, person.id, kind) for kind in choices.KINDS}
    assert "woche" not in chosen.values()
    assert (chosen["eigene"], chosen["forum"], chosen["angesprochen"]) == ("sofort", "sofort", "nie")


def test_nichts_mehr_davon_mutes_the_question(client: CheckingClient, db: Session) -> None:
    asker, follower = make_reader(db), make_reader(db)
    question = make_question(db, asker)
    reading.follow(db, follower, question, "alles")
    path = unsubscribing.PATH + unsubscribing.token(
        "0" * 64, Wish(follower.actor.owner, question_id=question.id)
    )
    assert client.post(path).status_code == 200
    db.expire_all()
    assert reading.following_of(db, follower.actor, question).level == "nichts"
    assert reading.following_of(db, asker.actor, question).level == "alles"


@pytest.mark.parametrize("token", ["x", "W10.x", "WzEsMCwwXQ." + "A" * 43])
def test_a_token_of_ones_own_making_ends_nothing(client: CheckingClient, db: Session, token: str) -> None:
    assert client.get(unsubscribing.PATH + token).status_code == 404
    assert client.post(unsubscribing.PATH + token).status_code == 404
    foreign = unsubscribing.token("1" * 64, Wish(make_person(db).id, "eigene"))
    assert client.post(unsubscribing.PATH + foreign).status_code == 404


@pytest.mark.usefixtures("in_one_window")
def test_every_page_shows_that_mail_does_not_arrive_and_offers_a_trial(
    client: CheckingClient, db: Session
) -> None:
    who = make_reader(db)
    person = db.get_one(Person, who.actor.owner)
    browser(client, db, who)
    assert "nimmt keine E-Mails an" not in client.get("/konto").text
    bounces.refused(db, person.email, closed=True)
    db.flush()
    assert lines.standing(db, who.actor) == (0, "gesperrt")
    for page in ("/konto", "/kurse", PAGE):
        text = client.get(page).text
        assert "Ihre E-Mail-Adresse nimmt keine E-Mails an." in text
        assert 'action="/konto/testmail"' in text
        assert 'href="/konto/adresse"' in text
    answers = [client.submit("/konto/testmail").status_code for _time in range(4)]
    assert answers == [303, 303, 303, 429]
    sent = db.scalars(select(Job.arguments).where(Job.name == "send_mail")).all()
    assert [mail["to"] for mail in sent] == [person.email] * 3
    person.email, person.email_key = "neu@example.org", "neu@example.org"
    db.flush()
    assert lines.standing(db, who.actor) == (0, ""), "another address starts afresh"
    assert db.get(AddressState, person.id) is not None
