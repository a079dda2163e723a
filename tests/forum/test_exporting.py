"""Export and import again give the same bytes; nothing leaves that its readers do not see."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from PIL import Image
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.cli.invented_posts import files
from learn.config import Config
from learn.core import clock
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.reencoding import reencode
from learn.core.storage import Storage
from learn.forum import counting, exporting, folder, intake, pictures, portable
from learn.forum.asking import Anchor
from learn.forum.audience import NETWORK, PUBLIC
from learn.forum.intake import NewPost, NewThread
from learn.forum.models import (
    Picture,
    Post,
    PostAuthor,
    PostMention,
    PostPicture,
    PostQuote,
    PostRevision,
    Question,
    QuestionLink,
    QuestionTopic,
)
from learn.network.models import Cohort
from learn.notices.models import Event
from learn.search.models import SearchDocument
from tests.factories import make_municipality, make_person
from tests.forum.factories import make_answer, make_question, make_reader

AT = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
TABLES = (
    *(QuestionLink, PostQuote, PostMention, PostPicture, PostAuthor, PostRevision, QuestionTopic),
    *(Post, Picture, Question),
)


@dataclass(frozen=True)
class Forum:
    """A session, the storage of pictures, and where exports go."""

    session: Session
    storage: Storage
    folder: Path

    def export(self, name: str, level: str = NETWORK) -> dict[str, bytes]:
        """The exported files by name."""
        target = self.folder / name
        exporting.export(self.session, self.storage, target, level)
        return {
            path.relative_to(target).as_posix(): path.read_bytes()
            for path in sorted(target.rglob("*"))
            if path.is_file()
        }

    def empty(self) -> None:
        for document in self.session.scalars(select(SearchDocument)):
            self.session.delete(document)
        self.session.flush()
        self.session.query(Post).update({"about_id": None, "moved_to": None})
        for table in TABLES:
            self.session.execute(delete(table))
        self.session.expunge_all()


@pytest.fixture
def forum(db: Session, configs: Callable[[str], Config], kind: str, tmp_path: Path) -> Forum:
    return Forum(db, Storage(configs(kind).storage), tmp_path)


def post(kind: str = "antwort", source: str = "Ein Text.", **more: object) -> NewPost:
    return NewPost(kind=kind, text=intake.plain(source), at=AT, **more)  # type: ignore[arg-type]


def thread(*posts: NewPost, **more: object) -> NewThread:
    values: dict[str, object] = {
        "title": "Wie geht das hier weiter?",
        "topics": ("klima", "sensorik"),
        "phase": "idee",
        "level": PUBLIC,
    }
    return NewThread(posts=posts or (post("frage"),), **{**values, **more})  # type: ignore[arg-type]


def questions(found: dict[str, bytes]) -> list[dict[str, object]]:
    return [json.loads(data) for name, data in found.items() if re.fullmatch(r"fragen/.*\.json", name)]


TEXTS = some.text(some.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
POSTS = some.lists(
    some.tuples(
        some.sampled_from(("antwort", "rueckfrage")),
        TEXTS,
        some.booleans(),
        some.sampled_from(("", "", "ausgeblendet", "zurueckgezogen")),
        some.sampled_from(("", "Ada L.", "Ümit")),
        some.integers(0, 5_000),
    ),
    max_size=5,
)
THREADS = some.lists(
    some.tuples(
        POSTS,
        some.sampled_from((PUBLIC, NETWORK)),
        some.sampled_from(("", "geloest", "teilweise", "ungeloest")),
        some.booleans(),
        some.sampled_from(("gezeigt", "ausgeblendet")),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(drawn=THREADS)
def test_exported_imported_and_exported_again_gives_the_same_bytes(
    forum: Forum, tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[object, ...]]
) -> None:
    forum = Forum(forum.session, forum.storage, tmp_path_factory.mktemp("round"))
    forum.empty()
    town = make_municipality(forum.session)
    for posts, level, verdict, locked, status in drawn:
        made = [post("frage", "Frage.", town=(town.id, "15000"))]
        for kind, text, solution, hidden, name, minutes in posts:  # type: ignore[attr-defined]
            about = 1 if kind == "rueckfrage" else None
            made.append(
                NewPost(
                    kind=kind,
                    text=intake.plain(f"Wort {text}"),
                    at=AT + timedelta(minutes=minutes),
                    by_name=name,
                    about=about,
                    solution=solution and kind == "antwort",
                    hidden=hidden,
                )
            )
        question = intake.store(forum.session, thread(*made, level=level, verdict=verdict, locked=locked))
        question.status = str(status)
        intake.finish(forum.session, question)
    first = forum.export("one")
    forum.empty()
    folder.load(forum.session, forum.storage, forum.folder / "one")
    assert forum.export("two") == first
    assert not any(counting.refresh(forum.session, key) for key in forum.session.scalars(select(Question.id)))


def test_the_demo_comes_back_as_it_left(forum: Forum) -> None:
    town, now = make_municipality(forum.session), clock.now()
    for file in list(files())[:12]:
        made = [
            post(
                one.kind,
                one.text,
                town=(town.id, "15000"),
                about=int(one.marks["zu"]) if "zu" in one.marks else None,
            )
            for one in file.posts
        ]
        anchor = Anchor("les_kry3psfa", "kur_abcdefgh", "abschnitt", 2)
        intake.store(forum.session, thread(*made, title=file.head["titel"], anchor=anchor))
    first = forum.export("one")
    forum.empty()
    assert folder.load(forum.session, forum.storage, forum.folder / "one") == 12
    assert forum.export("two") == first
    question = forum.session.scalars(select(Question).order_by(Question.id)).first()
    assert question is not None
    assert (question.lesson_id, question.edition) == ("les_kry3psfa", 2)
    assert question.quiet_number == question.top_number
    assert forum.session.scalars(select(Event)).all() == []
    assert forum.session.scalars(select(SearchDocument)).first() is not None
    assert (forum.folder / "one" / exporting.INDEX).stat().st_mtime <= now.timestamp() + 3600


def test_references_between_posts_and_pictures_come_back(forum: Forum) -> None:
    town = make_municipality(forum.session, name="Olpe")
    one = intake.store(forum.session, thread(post("frage", "Erste Worte."), post()))
    two = intake.store(forum.session, thread(post("frage", "Zweite.")))
    first = forum.session.scalars(select(Post).where(Post.question_id == one.id, Post.number == 1)).one()
    second = forum.session.scalars(select(Post).where(Post.question_id == two.id)).one()
    encoded = reencode(drawn())
    picture = Picture(
        question_id=two.id,
        key=pictures.key_of(PUBLIC),
        sha=encoded.sha,
        ext="webp",
        width=encoded.width,
        height=encoded.height,
        added_on=clock.today(),
    )
    forum.session.add(picture)
    forum.session.flush()
    forum.storage.save(picture.key, encoded.data)
    second.body = (
        f"> Erste Worte.\n> <!-- zitat beitrag={first.id} fassung=1 -->\n\n"
        f"[@Stadt Olpe](kommune:{town.ags}) sehen Sie: ![Plan](bild:{picture.id})"
    )
    forum.session.add_all(
        [
            PostQuote(post_id=second.id, quoted_id=first.id, revision=1),
            PostMention(post_id=second.id, municipality_id=town.id),
            PostPicture(post_id=second.id, picture_id=picture.id),
            QuestionLink(question_id=one.id, other_id=two.id),
            QuestionLink(question_id=two.id, other_id=one.id),
        ]
    )
    forum.session.flush()
    number, before = picture.id, forum.export("one", PUBLIC)
    assert before[f"bilder/{number}.webp"] == encoded.data
    forum.empty()
    folder.load(forum.session, forum.storage, forum.folder / "one")
    assert forum.export("two", PUBLIC) == before
    again = forum.session.scalars(select(Post).where(Post.id == second.id)).one()
    html = json.dumps(again.parts)
    assert f"/medien/forum/{number}.webp" in html
    assert "Erste Worte" in html
    new = intake.store(forum.session, thread())
    assert new.id > two.id


def drawn() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


def test_no_person_leaves_the_netzwerk_and_nothing_leaves_a_klasse(forum: Forum) -> None:
    person = make_person(forum.session, name="Petra Geheim")
    person.office = "Amt für Stille"
    cohort = Cohort(name="Klasse", created_on=clock.today())
    forum.session.add(cohort)
    forum.session.flush()
    asked = post(
        "frage",
        f"[@Petra Geheim](person:{person.id}) fragt.",
        person_id=person.id,
        town=(person.municipality_id, ""),
    )
    named = post(by_name="Ada Quelle")
    intake.store(forum.session, thread(asked, named, level=NETWORK))
    intake.store(forum.session, thread(asked, named, title="Öffentlich gefragt"))
    intake.store(forum.session, thread(post("frage", "Vertraulich"), level="klasse", cohort_id=cohort.id))
    network, public = forum.export("one"), forum.export("two", PUBLIC)
    whole = b"".join(network.values()).decode() + b"".join(public.values()).decode()
    assert "Vertraulich" not in whole
    assert "Petra Geheim" not in whole
    assert "@Mitglied fragt." in whole
    assert [len(questions(found)) for found in (network, public)] == [2, 1]
    closed = next(found for found in questions(network) if found["stufe"] == NETWORK)
    assert "Amt für Stille" not in json.dumps(closed, ensure_ascii=False)
    assert "Ada Quelle" not in json.dumps(closed)
    assert closed["kommune"]
    opened = next(iter(questions(public)))
    assert [one["name"] for one in opened["beitraege"]] == ["Amt für Stille", "Ada Quelle"]  # type: ignore[attr-defined]


def test_hidden_posts_leave_a_placeholder_without_text(forum: Forum) -> None:
    hidden = post(source="Geheimnis", hidden="ausgeblendet", reason="Werbung", by_name="Ada")
    intake.store(forum.session, thread(post("frage"), hidden))
    gone = intake.store(forum.session, thread(post("frage", "Verschwunden"), title="Titel mit Geheimnis"))
    gone.status, gone.reason = "ausgeblendet", "Personenbezogene Daten"
    intake.finish(forum.session, gone)
    whole = b"".join(forum.export("one").values()).decode()
    assert "Geheimnis" not in whole
    assert "Verschwunden" not in whole
    assert "Ada" not in whole
    assert portable.HIDDEN_TITLE in whole
    assert "(ausgeblendet: Werbung)" in whole


def test_a_folder_that_is_not_empty_is_refused_and_a_failure_leaves_none(
    forum: Forum, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notiz.txt").write_text("bleibt")
    with pytest.raises(Refused, match="nicht leer"):
        forum.export("full")
    question = intake.store(forum.session, thread())
    first = forum.session.scalars(select(Post).where(Post.question_id == question.id)).one()
    lost = Picture(
        question_id=question.id,
        key="forum/x.webp",
        sha="",
        ext="webp",
        width=1,
        height=1,
        added_on=clock.today(),
    )
    forum.session.add(lost)
    forum.session.flush()
    forum.session.add(PostPicture(post_id=first.id, picture_id=lost.id))
    with pytest.raises(FileNotFoundError):
        forum.export("new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full"]


Change = Callable[[Path, dict[str, object]], None]


def changed(key: str, value: object, *, inside: bool = False) -> Change:
    def change(path: Path, data: dict[str, object]) -> None:
        holder = data["beitraege"][0] if inside else data  # type: ignore[index]
        holder[key] = value
        path.write_bytes(portable.as_bytes(data))

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (changed("aufrufe", 7), "Das Feld „aufrufe“ ist unbekannt."),
        (changed("gelesen_von", 7, inside=True), "Das Feld „gelesen_von“ ist unbekannt."),
        (changed("titel", 7), "Das Feld „titel“ fehlt oder hat einen falschen Wert."),
        (changed("geschlossen", 1), "Das Feld „geschlossen“ fehlt oder hat einen falschen Wert."),
        (changed("stufe", "klasse"), "„stufe“ kennt „klasse“ nicht."),
        (changed("art", "lied", inside=True), "„art“ kennt „lied“ nicht."),
        (changed("am", "gestern", inside=True), "gestern ist kein Zeitpunkt."),
        (changed("nummer", 2, inside=True), "Die Nummern der Beiträge steigen nicht."),
        (changed("kommune", "05966024"), "Eine Kommune fehlt in forum.json."),
        (changed("themen", ["quux"]), "Ein Thema fehlt in forum.json."),
        (changed("text", "anders", inside=True), "weicht von"),
        (lambda path, _data: path.write_text("{"), "ist kein gültiges JSON."),
        (lambda path, _data: path.with_name("x.md").write_text(""), "fragen/x.md ist zu viel oder fehlt."),
        (lambda path, _data: path.rename(path.with_name("y.json")), "der Dateiname passt nicht."),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
def test_what_no_export_holds_is_refused(forum: Forum, change: Change, sentence: str) -> None:
    intake.store(forum.session, thread(post("frage"), post()))
    forum.export("one")
    forum.empty()
    path = next((forum.folder / "one" / "fragen").glob("*.json"))
    change(path, json.loads(path.read_bytes()))
    with pytest.raises(Refused) as problem:
        folder.load(forum.session, forum.storage, forum.folder / "one")
    assert sentence in str(problem.value)
    assert forum.session.scalars(select(Question)).all() == []


def test_only_an_empty_forum_takes_a_folder(forum: Forum, database: Database) -> None:
    intake.store(forum.session, thread())
    forum.export("one")
    with pytest.raises(Refused, match="nicht leer"):
        folder.load(forum.session, forum.storage, forum.folder / "one")


def test_words_quoted_from_a_hidden_post_stay_behind(db: Session) -> None:
    who = make_reader(db)
    question = make_question(db, who)
    source = make_answer(db, who, question, "Das Moos hat geholfen.")
    reply = make_answer(db, who, question)
    reply.body = f"> Das Moos hat geholfen.\n\n<!-- zitat beitrag={source.id} fassung=1 -->\n\nMeine Worte."
    (before,) = portable.questions(db, NETWORK, [question], {})
    assert before["beitraege"][2]["text"] == reply.body
    source.hidden = "ausgeblendet"
    db.flush()
    (after,) = portable.questions(db, NETWORK, [question], {})
    assert "Moos" not in json.dumps(after)
    assert "Meine Worte." in after["beitraege"][2]["text"]
