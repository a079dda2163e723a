"""What the forum holds of a person and hands out to her; `forgetting` says what stays when she leaves."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.cleaning import retained_by, retains
from learn.core.owndata import Found, Owner, erases_by, exports, keeps_back, nothing
from learn.forum.models import (
    FeedKey,
    ForumDraft,
    Helped,
    MeToo,
    Moderation,
    Picture,
    Post,
    PostAuthor,
    PostMention,
    PostPicture,
    PostQuote,
    PostRevision,
    Question,
    QuestionLink,
    QuestionReader,
    QuestionTopic,
    Report,
    SimilarHelp,
    TopicFollow,
    TownFollow,
)
from learn.network.models import Cohort, Municipality
from learn.network.topics import topic_name

YEAR = timedelta(days=365)

nothing("Verweise und Themen von Fragen", QuestionTopic, QuestionLink, PostQuote, PostPicture)
nothing("Hilfreiche Einträge", SimilarHelp)
keeps_back("Urheberschaft von Beiträgen", PostAuthor, "Person und Beitrag")
erases_by(
    QuestionReader.person_id,
    TopicFollow.person_id,
    TownFollow.person_id,
    ForumDraft.person_id,
    FeedKey.person_id,
    Report.person_id,
)
retained_by(Picture, "remove_unpublished_pictures")


@retains(ForumDraft)
def forgotten_drafts() -> ColumnElement[bool]:
    return ForumDraft.saved_on < clock.today() - YEAR


@retains(Report)
def old_reports() -> ColumnElement[bool]:
    return Report.reported_on < clock.today() - YEAR


@retains(SimilarHelp)
def old_months() -> ColumnElement[bool]:
    return SimilarHelp.month < f"{clock.today() - YEAR:%Y-%m}"


QUESTION: dict[str, Any] = {
    "Adresse": Question.id,
    "Titel": Question.title,
    "Schon versucht": Question.tried,
    "Phase": Question.phase,
    "Kreis": Question.level,
    "Klasse": Cohort.name,
    "Kommune": Municipality.name,
    "Einwohnerklasse": Question.size,
    "Thema": Question.topic,
    "Kurs": Question.course_id,
    "Lektion": Question.lesson_id,
    "Abschnitt": Question.heading,
    "Ausgabe": Question.edition,
    "Gefragt am": Question.asked_at,
    "Ergebnis": Question.verdict,
    "Zustand": Question.status,
    "Geschlossen": Question.locked,
    "Grund": Question.reason,
}
POST: dict[str, Any] = {
    "Adresse": Post.id,
    "Frage": Post.question_id,
    "Art": Post.kind,
    "Zu Beitrag": Post.about_id,
    "Veröffentlicht am": Post.at,
    "Text": Post.body,
    "Fassung": Post.revision,
    "Gezeigt mit": Post.attribution,
    "Kommune": Municipality.name,
    "Einwohnerklasse": Post.size,
    "Lösung": Post.solution,
    "Ausgeblendet": Post.hidden,
    "Grund": Post.reason,
}


@exports(Question, "fragen", "Eigene Fragen", tuple(QUESTION))
def questions(session: Session, owner: Owner) -> Found:
    statement = (
        select(*QUESTION.values())
        .join(Post, (Post.question_id == Question.id) & (Post.number == 1))
        .outerjoin(Municipality, Municipality.id == Question.municipality_id)
        .outerjoin(Cohort, Cohort.id == Question.cohort_id)
        .where(Post.id.in_(_own(owner)))
        .order_by(Question.id)
    )
    for number, *rest in session.execute(statement):
        yield _question(number), *rest


@exports(Post, "beitraege", "Eigene Beiträge", tuple(POST))
def posts(session: Session, owner: Owner) -> Found:
    statement = (
        select(*POST.values())
        .outerjoin(Municipality, Municipality.id == Post.municipality_id)
        .where(Post.id.in_(_own(owner)))
        .order_by(Post.id)
    )
    for number, question_id, kind, about_id, *rest in session.execute(statement):
        yield _post(number), _question(question_id), kind, _post(about_id) if about_id else "", *rest


@exports(
    PostRevision,
    "fassungen",
    "Frühere Fassungen eigener Beiträge",
    ("Beitrag", "Fassung", "Titel", "Schon versucht", "Text", "Gespeichert am", "Grund"),
)
def revisions(session: Session, owner: Owner) -> Found:
    columns = (
        PostRevision.post_id,
        PostRevision.revision,
        PostRevision.title,
        PostRevision.tried,
        PostRevision.body,
        PostRevision.at,
        PostRevision.reason,
    )
    statement = select(*columns).where(PostRevision.post_id.in_(_own(owner)))
    for post_id, *rest in session.execute(statement.order_by(PostRevision.post_id, PostRevision.revision)):
        yield _post(post_id), *rest


@exports(
    QuestionReader, "gelesen", "Gelesene und verfolgte Fragen", ("Frage", "Gelesen bis", "Folgen", "Grund")
)
def reading(session: Session, owner: Owner) -> Found:
    columns = (QuestionReader.question_id, QuestionReader.last_read, QuestionReader.follow)
    statement = select(*columns, QuestionReader.reason).where(QuestionReader.person_id == owner.person_id)
    for question_id, *rest in session.execute(statement.order_by(QuestionReader.question_id)):
        yield _question(question_id), *rest


@exports(TopicFollow, "verfolgte-themen", "Verfolgte Themen", ("Thema", "Folgen"))
def topics(session: Session, owner: Owner) -> Found:
    statement = select(TopicFollow.topic, TopicFollow.level).where(TopicFollow.person_id == owner.person_id)
    return [
        (topic_name(topic), level)
        for topic, level in session.execute(statement.order_by(TopicFollow.topic)).all()
    ]


@exports(TownFollow, "verfolgte-kommunen", "Verfolgte Kommunen", ("Kommune", "Folgen"))
def towns(session: Session, owner: Owner) -> Found:
    statement = select(Municipality.name, TownFollow.level).join(
        TownFollow, TownFollow.municipality_id == Municipality.id
    )
    own = statement.where(TownFollow.person_id == owner.person_id)
    return session.execute(own.order_by(Municipality.name, Municipality.id))


@exports(MeToo, "ich-auch", "„Ich auch“", ("Frage", "Kommune"))
def me_too(session: Session, owner: Owner) -> Found:
    statement = select(MeToo.question_id, Municipality.name).join(
        Municipality, Municipality.id == MeToo.municipality_id
    )
    own = statement.where(MeToo.person_id == owner.person_id).order_by(MeToo.question_id)
    return [(_question(number), town) for number, town in session.execute(own).all()]


@exports(Helped, "hat-geholfen", "„Hat geholfen“", ("Beitrag", "Kommune"))
def helped(session: Session, owner: Owner) -> Found:
    statement = select(Helped.post_id, Municipality.name).join(
        Municipality, Municipality.id == Helped.municipality_id
    )
    own = statement.where(Helped.person_id == owner.person_id).order_by(Helped.post_id)
    return [(_post(number), town) for number, town in session.execute(own).all()]


@exports(ForumDraft, "entwuerfe", "Entwürfe im Forum", ("Wofür", "Angaben", "Gespeichert am"), nested=True)
def drafts(session: Session, owner: Owner) -> Found:
    columns = (ForumDraft.target, ForumDraft.fields, ForumDraft.saved_on)
    own = select(*columns).where(ForumDraft.person_id == owner.person_id)
    return session.execute(own.order_by(ForumDraft.id))


@exports(FeedKey, "feeds", "Schlüssel für Feeds", ("Vorhanden",))
def feeds(session: Session, owner: Owner) -> Found:
    return [(True,)] if session.get(FeedKey, owner.person_id) else []


@exports(Picture, "bilder", "Eigene Bilder", ("Adresse", "Hinzugefügt am"))
def pictures(session: Session, owner: Owner) -> Found:
    statement = select(Picture.id, Picture.ext, Picture.added_on)
    own = statement.where(Picture.person_id == owner.person_id).order_by(Picture.id)
    return [(f"/medien/forum/{number}.{ext}", on) for number, ext, on in session.execute(own).all()]


@exports(PostMention, "nennungen", "Beiträge, die Sie nennen", ("Beitrag",))
def mentions(session: Session, owner: Owner) -> Found:
    own = select(PostMention.post_id).where(PostMention.person_id == owner.person_id)
    return [(_post(number),) for number in session.scalars(own.distinct().order_by(PostMention.post_id))]


@exports(
    Report,
    "meldungen",
    "Eigene Meldungen",
    ("Beitrag", "Kommune", "Art", "Text", "Gemeldet am", "Stand", "Antwort"),
)
def reports(session: Session, owner: Owner) -> Found:
    columns = (Report.kind, Report.text, Report.reported_on, Report.state, Report.answer)
    statement = select(Report.post_id, Municipality.name, *columns).outerjoin(
        Municipality, Municipality.id == Report.municipality_id
    )
    own = statement.where(Report.person_id == owner.person_id).order_by(Report.id)
    for post_id, *rest in session.execute(own):
        yield _post(post_id), *rest


@exports(
    Moderation,
    "eingriffe",
    "Eingriffe in eigene Beiträge und eigene Eingriffe",
    ("Zeitpunkt", "Von Ihnen", "Was", "Frage", "Beitrag", "Grund", "Zurückgenommen", "Ihr Widerspruch"),
)
def moderation(session: Session, owner: Owner) -> Found:
    """A whole question's moderation concerns who asked it; what others objected is theirs."""
    asked = select(Post.question_id).where(Post.number == 1, Post.id.in_(_own(owner)))
    whole = Moderation.post_id.is_(None) & Moderation.question_id.in_(asked)
    about_her = func.coalesce(Moderation.post_id.in_(_own(owner)), false()) | whole
    mine = Moderation.actor_id == owner.person_id
    statement = select(Moderation, mine, about_her).where(mine | about_her).order_by(Moderation.id)
    for row, by_her, about in session.execute(statement):
        post = _post(row.post_id) if row.post_id else ""
        said = row.objection if about else ""
        yield row.at, bool(by_her), row.action, _question(row.question_id), post, row.reason, row.undone, said


def _own(owner: Owner) -> Any:
    return select(PostAuthor.post_id).where(PostAuthor.person_id == owner.person_id)


def _question(number: int) -> str:
    return f"/forum/fragen/{number}"


def _post(number: int) -> str:
    return f"/forum/beitraege/{number}"
