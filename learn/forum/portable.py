"""A Frage as plain data for files: what readers of its level see, no person, nothing that can be computed.

The fields are closed: `SHAPES` names all of them, and reading refuses any other.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from learn.core.access import VISITOR
from learn.forum import authors, quotes
from learn.forum.audience import NETWORK, PUBLIC, Reader
from learn.forum.models import Picture, Post, PostMention, PostPicture, PostQuote, Question, QuestionTopic
from learn.network.models import Municipality

HIDDEN_TITLE = "Ausgeblendete Frage"
PERSON = re.compile(r"\[@[^\]\n]*\]\(person:\d+\)")
SOMEBODY = "@Mitglied"  # in place of a person's name and number
NOBODY = {authors.GONE}
Data = dict[str, Any]

SHAPES: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "index": {
        "format": (int,),
        "stufe": (str,),
        "kommunen": (list,),
        "themen": (list,),
        "aehnlich": (list,),
    },
    "kommune": {"ags": (str,), "name": (str,), "art": (str,)},
    "thema": {"adresse": (str,), "name": (str,), "worte": (list,)},
    "frage": {
        "id": (int,),
        "titel": (str,),
        "adresse": (str,),
        "versucht": (str,),
        "themen": (list,),
        "phase": (str,),
        "stufe": (str,),
        "kommune": (str, type(None)),
        "groesse": (str,),
        "lektion": (str, type(None)),
        "kurs": (str, type(None)),
        "abschnitt": (str,),
        "ausgabe": (int, type(None)),
        "zustand": (str,),
        "grund": (str,),
        "geschlossen": (bool,),
        "zusammengefuehrt": (int, type(None)),
        "ergebnis": (str,),
        "gefragt_am": (str,),
        "letzte_nummer": (int,),
        "herkunft": (str, type(None)),
        "bilder": (list,),
        "beitraege": (list,),
    },
    "beitrag": {
        "id": (int,),
        "nummer": (int,),
        "art": (str,),
        "zu": (int, type(None)),
        "text": (str,),
        "fassung": (int,),
        "angabe": (str,),
        "name": (str,),
        "kommune": (str, type(None)),
        "groesse": (str,),
        "am": (str,),
        "ausgeblendet": (str,),
        "grund": (str,),
        "loesung": (bool,),
        "verschoben": (int, type(None)),
        "herkunft": (str, type(None)),
        "nennt": (list,),
        "zitiert": (list,),
        "zeigt": (list,),
    },
    "bild": {"id": (int,), "art": (str,), "breite": (int,), "hoehe": (int,), "sha256": (str,)},
}


def included(level: str) -> ColumnElement[bool]:
    """The questions of a level: by their real circle, so that hidden ones leave their placeholder."""
    return Question.circle == PUBLIC if level == PUBLIC else Question.circle.in_((PUBLIC, NETWORK))


def as_bytes(data: Mapping[str, Any]) -> bytes:
    """JSON as it stands in files: sorted keys, LF."""
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def file_name(data: Data) -> str:
    """The name of a question's files, without ending."""
    return f"{data['id']:08}-{data['adresse']}"


def questions(session: Session, level: str, some: Sequence[Question], keys: Mapping[int, str]) -> list[Data]:
    """These questions as data; `keys`: the AGS of each town by its number."""
    ids = [question.id for question in some]
    found = select(Post).where(Post.question_id.in_(ids)).order_by(Post.question_id, Post.number)
    posts = session.scalars(found).all()
    names = _names(session, [post.id for post in posts])
    reader = Reader(VISITOR, (PUBLIC,) if level == PUBLIC else (PUBLIC, NETWORK))
    words = quotes.cleared(session, reader, [post.body for post in posts])
    texts = {post.id: text for post, text in zip(posts, words, strict=True)}
    references = _references(session, level, [post.id for post in posts])
    elsewhere = _present(
        session, level, [number for post in posts for number in (post.about_id, post.moved_to)]
    )
    topics = _topics(session, ids)
    merged = _questions(session, level, [question.merged_into for question in some])
    return [
        {
            **_head(question, keys),
            "themen": topics[question.id],
            "zusammengefuehrt": question.merged_into if question.merged_into in merged else None,
            "bilder": pictures(session, question.id) if question.listed else [],
            "beitraege": [
                _post(question, post, texts[post.id], names, references, elsewhere, keys)
                for post in posts
                if post.question_id == question.id
            ],
        }
        for question in some
    ]


def markdown(data: Data, towns: Mapping[str, str]) -> str:
    """A question to read: the same as its JSON, without what is for programs. `towns`: names by key."""
    facts = (data["stufe"], data["phase"], ", ".join(data["themen"]), data["ergebnis"])
    lines = [f"# {data['titel']}", "", " · ".join(filter(None, facts)), ""]
    if data["versucht"]:
        lines += ["**Was wir schon versucht haben**", "", data["versucht"], ""]
    for post in data["beitraege"]:
        solved = "Lösung" if post["loesung"] else ""
        said = (
            post["art"].capitalize(),
            post["am"][:10],
            post["name"],
            towns.get(post["kommune"], ""),
            solved,
        )
        gone = f"({post['ausgeblendet']}: {post['grund']})" if post["ausgeblendet"] else post["text"]
        lines += ["---", "", f"**{post['nummer']} · {' · '.join(filter(None, said))}**", "", gone, ""]
    return "\n".join(lines)


def _head(question: Question, keys: Mapping[int, str]) -> Data:
    shown = bool(question.listed)
    return {
        "id": question.id,
        "titel": question.title if shown else HIDDEN_TITLE,
        "adresse": question.slug if shown else "ausgeblendet",
        "versucht": _without_people(question.tried) if shown else "",
        "phase": question.phase,
        "stufe": question.level,
        "kommune": keys.get(question.municipality_id or 0),
        "groesse": question.size,
        "lektion": question.lesson_id,
        "kurs": question.course_id,
        "abschnitt": question.heading,
        "ausgabe": question.edition,
        "zustand": question.status,
        "grund": question.reason,
        "geschlossen": question.locked,
        "ergebnis": question.verdict,
        "gefragt_am": _instant(question.asked_at),
        "letzte_nummer": question.last_number,
        "herkunft": question.origin,
    }


def _post(
    question: Question,
    post: Post,
    text: str,
    names: Mapping[int, str],
    references: Mapping[str, Mapping[int, list[Any]]],
    elsewhere: Collection[int],
    keys: Mapping[int, str],
) -> Data:
    """A post, with its text as others may read it; hidden ones leave number, kind, day and reason."""
    shown = bool(question.listed) and not post.hidden
    refers = {name: found.get(post.id, []) if shown else [] for name, found in references.items()}
    return {
        "id": post.id,
        "nummer": post.number,
        "art": post.kind,
        "zu": post.about_id if post.about_id in elsewhere else None,
        "text": _without_people(text) if shown else "",
        "fassung": post.revision,
        "angabe": post.attribution,
        "name": names[post.id] if shown and question.level == PUBLIC else "",
        "kommune": keys.get(post.municipality_id or 0) if shown else None,
        "groesse": post.size if shown else "",
        "am": _instant(post.at),
        "ausgeblendet": post.hidden,
        "grund": post.reason,
        "loesung": post.solution,
        "verschoben": post.moved_to if post.moved_to in elsewhere else None,
        "herkunft": post.origin,
        **refers,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _without_people(text: str) -> str:
    return PERSON.sub(SOMEBODY, text)


def _names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """As whom visitors see each author; nobody where she is gone or shows nothing but her town."""
    rows = session.execute(authors.authorship().where(Post.id.in_(ids)))
    found = {row.post_id: authors.byline(VISITOR, row).name for row in rows}
    return {post_id: "" if name in NOBODY else name for post_id, name in found.items()}


def _references(session: Session, level: str, ids: Sequence[int]) -> dict[str, dict[int, list[Any]]]:
    """What posts name, quote and show; quotes of what does not leave are left out."""
    found: dict[str, dict[int, list[Any]]] = {"nennt": {}, "zitiert": {}, "zeigt": {}}
    towns = select(PostMention.post_id, Municipality.ags).join(
        Municipality, Municipality.id == PostMention.municipality_id
    )
    for post_id, ags in session.execute(towns.where(PostMention.post_id.in_(ids)).order_by(Municipality.ags)):
        found["nennt"].setdefault(post_id, []).append(ags)
    quoting = select(PostQuote.post_id, PostQuote.quoted_id, PostQuote.revision)
    rows = session.execute(quoting.where(PostQuote.post_id.in_(ids)).order_by(PostQuote.quoted_id)).all()
    present = _present(session, level, [row.quoted_id for row in rows])
    for row in rows:
        if row.quoted_id in present:
            found["zitiert"].setdefault(row.post_id, []).append([row.quoted_id, row.revision])
    shown = select(PostPicture.post_id, PostPicture.picture_id).where(PostPicture.post_id.in_(ids))
    for post_id, picture_id in session.execute(shown.order_by(PostPicture.picture_id)):
        found["zeigt"].setdefault(post_id, []).append(picture_id)
    return found


def _present(session: Session, level: str, ids: Iterable[int | None]) -> set[int]:
    """Which of these posts leave, too."""
    wanted = {number for number in ids if number is not None}
    found = select(Post.id).join(Question, Question.id == Post.question_id)
    return set(session.scalars(found.where(Post.id.in_(wanted), included(level))))


def _questions(session: Session, level: str, ids: Iterable[int | None]) -> set[int]:
    wanted = {number for number in ids if number is not None}
    return set(session.scalars(select(Question.id).where(Question.id.in_(wanted), included(level))))


def _topics(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {number: [] for number in ids}
    mine = select(QuestionTopic.question_id, QuestionTopic.topic).where(QuestionTopic.question_id.in_(ids))
    for question_id, topic in session.execute(mine.order_by(QuestionTopic.position)):
        found[question_id].append(topic)
    return found


def pictures(session: Session, question_id: int) -> list[Data]:
    """Pictures that a shown post shows."""
    shown = (
        select(PostPicture.picture_id)
        .join(Post, Post.id == PostPicture.post_id)
        .where(Post.question_id == question_id, Post.hidden == "")
    )
    found = session.scalars(select(Picture).where(Picture.id.in_(shown)).order_by(Picture.id))
    return [
        {"id": one.id, "art": one.ext, "breite": one.width, "hoehe": one.height, "sha256": one.sha}
        for one in found
    ]
