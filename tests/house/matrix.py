"""Who the matrix of routes asks for: every role in every relation to one person, her town and her Klasse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.accounts import tickets
from learn.accounts.models import JoinRequest, Passkey, Person, Provider, Ticket, TrainerCohort
from learn.accounts.views import changes
from learn.core import clock, sessions
from learn.core.models import SignIn
from learn.core.sealing import seal
from learn.core.storage import Storage
from learn.forum import moderating
from learn.forum.models import ForumDraft, Picture, PostPicture, Report
from learn.network.models import Cohort, CohortCourse, CohortTown, MailDomain, Municipality
from learn.notices.models import Notice
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.forum.factories import make_answer, make_question, reader_of
from tests.house.holdings import CODE, certified, kept
from tests.workshop import sensors as workshop

ROLES = ("learner", "expert", "trainer", "coordinator", "operator")
TOWNS = ("same town", "same Klasse", "other Klasse", "other town")
STRANGERS = ("visitor", "disabled", "erased")
SUBJECT = "own"
PICTURE = "forum/klasse/bild.webp"  # a key in the storage
TRAINERS = ("trainer of this Klasse", "trainer of another Klasse")
ACTORS = (*STRANGERS, SUBJECT, *(f"{role}, {town}" for role in ROLES for town in TOWNS), *TRAINERS)

IN, SIGN_IN, FORBIDDEN, MISSING = "in", "to /anmelden", "403", "404"


@dataclass(frozen=True, slots=True)
class World:
    """The rows that addresses name: all of them the subject's, her town's or her Klasse's."""

    towns: Mapping[str, Municipality]  # by relation
    subject: Person
    cohort: Cohort
    numbers: Mapping[str, int]  # by the name that addresses give them

    def value(self, endpoint: str, name: str) -> object:
        """What stands in an address at this place."""
        fixed = {
            "kurs": "sensoren",
            "lektion": "messen",
            "slug": "nichts",
            "sha": "0",
            "ext": "svg",
            "name": "massnahmen",
            "way": "hoch",
            "course_id": "kur_sensoren",
            "lesson_id": workshop.LESSON,
            "domain": "ort.example",
            "ags": self.towns["same town"].ags,
            "aktion": "sperren",
            "liste": "keine",
            "abschnitt": "fragen",
            "thema": "sensorik",
            "target": "frage",
            "teil": 1,
            "key": "kein-schluessel",
            "code": CODE,
            "ausgabe": 99,
            "kind": "epub",
        }
        if endpoint == "forum.picture":
            fixed["ext"] = "webp"
        if endpoint.startswith("workshop."):
            fixed |= {"key": workshop.COURSE, "sha": workshop.PICTURE}
            fixed["what"] = "kasten"
        if endpoint == "site.badge_status":
            fixed["liste"] = 99
        if endpoint.endswith("plan_page"):
            fixed["lektion"] = "nutzen"
        if name == "token":
            return "link-eins" if endpoint.endswith("join_cohort") else "kein-solcher-link"
        return fixed[name] if name in fixed else self.numbers[name]


def make_world(session: Session) -> World:
    """Four towns: the subject's own and one of the same Klasse, one of another Klasse, one of none."""
    towns = {name: make_municipality(session, name=f"Ort {name}", role="pionier") for name in TOWNS}
    klasse, other = (
        Cohort(name=name, created_on=clock.today(), link_token=f"link-{name}") for name in ("eins", "zwei")
    )
    session.add_all([klasse, other])
    session.flush()
    members = ((klasse, "same town"), (klasse, "same Klasse"), (other, "other Klasse"))
    for cohort, town in members:
        session.add(CohortTown(cohort_id=cohort.id, municipality_id=towns[town].id, joined_on=clock.today()))
    session.add(CohortCourse(cohort_id=klasse.id, course_id="kur_sensoren"))
    own = towns["same town"].id
    session.add(MailDomain(domain="ort.example", municipality_id=own))
    subject = make_person(session, municipality=towns["same town"])
    named = numbers(session, subject, own, klasse) | of_the_forum(session, subject, klasse)
    workshop.with_texts(session)
    workshop.copy_of(session)
    named["comment_id"] = workshop.comment_of(session, subject.id)
    named |= kept(session, subject)
    certified(session, subject)
    return World(towns, subject, klasse, named)


def numbers(session: Session, subject: Person, town_id: int, cohort: Cohort) -> dict[str, int]:
    """Rows of the subject and of her town that addresses name by number."""
    passkey = Passkey(
        person_id=subject.id,
        credential_hash="0",
        credential_id="",
        public_key="",
        name="Schlüssel",
        added_on=clock.today(),
    )
    request = JoinRequest(
        kind="konto",
        email="neu@ort.example",
        email_key="neu@ort.example",
        name="Neu",
        municipality_id=town_id,
        asked_on=clock.today(),
    )
    provider = Provider(
        municipality_id=town_id,
        name="Dienst",
        issuer="http://127.0.0.1:9",
        client_id="learn",
        client_secret=seal("geheim", "0" * 64),
        group_roles={},
    )
    session.add_all([passkey, request, provider])
    session.flush()
    data: dict[str, object] = {
        "email": "",
        "name": "",
        "municipality": None,
        "roles": [],
        "topics": [],
        "by": "",
    }
    tickets.issue(session, tickets.INVITATION, timedelta(days=7), data=data)
    invitation = session.scalars(select(Ticket.id)).one()
    return {
        "person_id": subject.id,
        "cohort_id": cohort.id,
        "passkey_id": passkey.id,
        "provider_id": provider.id,
        "anfrage": request.id,
        "einladung": invitation,
    }


def of_the_forum(session: Session, subject: Person, cohort: Cohort) -> dict[str, int]:
    """A question of the subject that her Klasse reads, her own Antwort there, and what hangs on them."""
    who = reader_of(session, subject)
    question = make_question(session, who, level="klasse", cohort_id=cohort.id)
    answer = make_answer(session, who, question)
    picture = Picture(
        person_id=subject.id,
        question_id=question.id,
        key=PICTURE,
        sha="0",
        ext="webp",
        width=1,
        height=1,
        added_on=clock.today(),
    )
    draft = ForumDraft(person_id=subject.id, target="frage", fields={"title": "x"}, saved_on=clock.today())
    notice = Notice(
        person_id=subject.id,
        subject="widerspruch:1",
        kind="moderation",
        reason="moderation",
        data={},
        event_id=1,
        happened_on=clock.today(),
    )
    coordination = make_person(session, roles=["coordinator"])
    report = Report(post_id=answer.id, person_id=coordination.id, kind="werbung", reported_on=clock.today())
    session.add_all([picture, draft, notice, report])
    session.flush()
    session.add(PostPicture(post_id=answer.id, picture_id=picture.id))
    hidden = make_answer(session, who, question)
    act = moderating.hide_post(session, reader_of(session, coordination), hidden, "Das ist Werbung.")
    session.flush()
    return {
        "moderation_id": act.id,
        "question_id": question.id,
        "post_id": answer.id,
        "picture_id": picture.id,
        "draft_id": draft.id,
        "notice_id": notice.id,
    }


def browser(app: Flask, session: Session, world: World, name: str) -> CheckingClient:
    """A browser of this kind of actor; strangers with an account hold the cookie of a session that ended."""
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    client.checking = False
    for key in (PICTURE, f"{workshop.PICTURE}.webp"):
        Storage(app.extensions["learn.config"].storage).save(key, b"Bild")
    if name == "visitor":
        return client
    person = world.subject if name == SUBJECT else someone(session, world, name)
    sign_in(client, person)
    prove(client, session, person)
    if name == "disabled":
        person.active = False
        session.flush()
    elif name == "erased":
        session.execute(delete(Person).where(Person.id == person.id))
        session.flush()
    return client


def prove(client: CheckingClient, session: Session, person: Person) -> None:
    """As if she had given her password again just now, so that relations decide and not the proof."""
    number = session.scalars(select(SignIn.id).where(SignIn.person_id == person.id)).one()
    with client.session_transaction() as cookie:
        cookie[changes.PROOF] = [number, sessions.this_minute()]


def someone(session: Session, world: World, name: str) -> Person:
    """A person with the role and in the relation that the name of the actor says."""
    role, _comma, relation = name.partition(", ")
    if name in TRAINERS:
        role = "trainer"
    town = world.towns[relation or "other town"]
    roles = [role] if role in ROLES[1:] else []
    person = make_person(session, municipality=town, roles=roles)
    if name in TRAINERS:
        mine = name == TRAINERS[0]
        cohort_id = world.cohort.id if mine else world.cohort.id + 1
        session.add(TrainerCohort(person_id=person.id, cohort_id=cohort_id))
        session.flush()
    return person


def outcome(status: int, location: str | None) -> str:
    """What an answer means for who asked."""
    if status == 303 and (location or "").startswith("/anmelden?"):
        return SIGN_IN
    return {403: FORBIDDEN, 404: MISSING}.get(status, IN)


def to_her_contacts(actor: str) -> str:
    """The contacts of her town, and the Koordination."""
    acts = actor.startswith("coordinator") or actor == "expert, same town"
    return SIGN_IN if actor in STRANGERS else IN if acts else FORBIDDEN


def in_vain(rule: Callable[[str], str]) -> Callable[[str], str]:
    """The same where address and fields name nothing that exists."""

    def expected(actor: str) -> str:
        found = rule(actor)
        return MISSING if found == IN else found

    return expected


def to_no_other_author(actor: str) -> str:
    """Hers, and she writes no courses: even authors cannot take back what she wrote."""
    return SIGN_IN if actor in STRANGERS else FORBIDDEN


def to_everyone(_actor: str) -> str:
    return IN


def to_signed_in(actor: str) -> str:
    return SIGN_IN if actor in STRANGERS else IN


def to_roles(*roles: str) -> Callable[[str], str]:
    """Only these roles, whatever the relation."""

    def expected(actor: str) -> str:
        if actor in STRANGERS:
            return SIGN_IN
        return IN if actor.startswith(roles) else FORBIDDEN

    return expected


def to_the_subject(actor: str) -> str:
    """Hers alone: to everybody else it does not exist."""
    return to_signed_in(actor) if actor in (*STRANGERS, SUBJECT) else MISSING


def to_her_town(actor: str) -> str:
    """Her own and her colleagues', whatever their roles."""
    here = actor in (*STRANGERS, SUBJECT) or actor.endswith(", same town")
    return to_signed_in(actor) if here else MISSING


def to_nobody(_actor: str) -> str:
    """The address names nothing that exists, such as a link with a wrong token: no role helps."""
    return MISSING


def to_who_sent_the_list(actor: str) -> str:
    """A list of people that one coordinator has sent and not yet read in; another's does not exist."""
    found = to_roles("coordinator")(actor)
    return MISSING if found == IN else found


def to_who_sent_the_course(actor: str) -> str:
    """A course that one author has sent and not yet taken over; another's does not exist."""
    found = to_roles("trainer", "coordinator")(actor)
    return MISSING if found == IN else found


def to_nobody_signed_in(actor: str) -> str:
    """The same where one has to sign in first."""
    return SIGN_IN if actor in STRANGERS else MISSING


def to_experts_of_the_klasse(actor: str) -> str:
    """What one may do to a Klasse for the own town; others of it may look, not act."""
    found = to_the_klasse(actor)
    acts = actor.startswith("expert") and found == IN
    return found if found != IN or acts else FORBIDDEN


def to_who_comes_from_elsewhere(actor: str) -> str:
    """Out to a town's service, which does not answer here: back to where each came from."""
    return to_signed_in(actor)


def to_who_gave_the_password(_actor: str) -> str:
    """The second step of signing in: without the first it leads back there."""
    return SIGN_IN


def to_the_klasse(actor: str) -> str:
    """People of its towns, its trainers and the Koordination; to others it does not exist."""
    if actor in STRANGERS:
        return SIGN_IN
    member = actor == SUBJECT or actor.endswith((", same town", ", same Klasse"))
    accompanies = actor.startswith("trainer") and actor != TRAINERS[1]
    return IN if member or accompanies or actor.startswith("coordinator") else MISSING


def to_the_asker(actor: str) -> str:
    """Hers and the Koordination's; other readers may look, not act."""
    found = to_the_klasse(actor)
    acts = actor == SUBJECT or actor.startswith("coordinator")
    return found if found != IN or acts else FORBIDDEN


def to_the_author(actor: str) -> str:
    """Hers alone, whatever the role of other readers."""
    found = to_the_klasse(actor)
    return found if found != IN or actor == SUBJECT else FORBIDDEN


def among_readers(who: Callable[[str], bool]) -> Callable[[str], str]:
    """Some of those who may read the question of the Klasse; the others of them get 403."""

    def expected(actor: str) -> str:
        found = to_the_klasse(actor)
        return FORBIDDEN if found == IN and not who(actor) else found

    return expected


def of_her_town(actor: str) -> bool:
    return actor == SUBJECT or actor.endswith(", same town")


def staff(actor: str) -> bool:
    return actor.startswith(("trainer", "coordinator"))


to_readers_but_the_author = among_readers(lambda actor: actor != SUBJECT)
to_readers_of_other_towns = among_readers(lambda actor: not of_her_town(actor))  # her own does not count
to_who_may_judge = among_readers(lambda actor: of_her_town(actor) or staff(actor))


def to_who_moderates(actor: str) -> str:
    """The Koordination, and trainers where they accompany; who moderates nowhere is told so at once."""
    if actor in STRANGERS:
        return SIGN_IN
    return to_the_klasse(actor) if staff(actor) else FORBIDDEN
