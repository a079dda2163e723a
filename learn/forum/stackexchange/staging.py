"""A dump read whole into a temporary database, checked and converted, before anything of ours is written.

Memory stays small however large the dump is. Scores, views, reputation, addresses and days of last access are
never read.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from learn.core.access import Refused
from learn.forum.stackexchange.rows import Row, rows

QUESTION, ANSWER, DUPLICATE = 1, 2, 3
SCHEMA = """
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE post (id INTEGER PRIMARY KEY, question INTEGER NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
  owner INTEGER, name TEXT NOT NULL, title TEXT NOT NULL, tags TEXT NOT NULL, accepted INTEGER,
  closed INTEGER NOT NULL, body TEXT NOT NULL, line INTEGER NOT NULL);
CREATE TABLE comment (id INTEGER PRIMARY KEY, post INTEGER NOT NULL, at TEXT NOT NULL, owner INTEGER,
  name TEXT NOT NULL, body TEXT NOT NULL, line INTEGER NOT NULL);
CREATE TABLE link (one INTEGER NOT NULL, other INTEGER NOT NULL, line INTEGER NOT NULL,
  PRIMARY KEY (one, other));
CREATE TABLE tag (name TEXT PRIMARY KEY);
CREATE INDEX post_question ON post (question, id);
CREATE INDEX comment_post ON comment (post, id);
"""


@dataclass(slots=True)
class Notes:
    """What was left out, as lines of a report: ids that lead nowhere, and posts of other kinds."""

    dangling: list[str] = field(default_factory=list)
    others: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A post or comment of the dump; `about` is a comment's post."""

    id: int
    kind: str
    at: datetime
    name: str
    body: str
    line: int
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Staged:
    """A question of the dump with its answers and comments, in no order."""

    id: int
    title: str
    tags: tuple[str, ...]
    accepted: int | None
    closed: bool
    texts: tuple[Text, ...]


class Stage:
    """The temporary database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.notes = Notes()

    def read(self, folder: Path) -> None:
        """Read all files. Raises Refused with file and line at the first broken row."""
        self.connection.executescript(SCHEMA)
        self.connection.execute("BEGIN")
        if not (folder / "Posts.xml").is_file():
            raise Refused(f"In {folder} liegt keine Posts.xml.")
        for name, keep in FILES.items():
            path = folder / name
            if path.is_file():
                for row in rows(path):
                    self._keep(keep, row)
        self._drop_dangling()
        self.connection.execute("COMMIT")

    def _keep(self, keep: "Callable[[Stage, Row], None]", row: Row) -> None:
        try:
            keep(self, row)
        except sqlite3.IntegrityError:
            raise row.broken(f"Die Kennung {row.text('Id')} kommt zweimal vor.") from None

    def person(self, row: Row) -> None:
        self._insert("person", row.number("Id"), row.required("DisplayName"))

    def tag(self, row: Row) -> None:
        self._insert("tag", row.required("TagName"))

    def post(self, row: Row) -> None:
        """A question or answer; other kinds of posts are counted alone."""
        number, kind = row.number("Id"), row.number("PostTypeId")
        if kind not in {QUESTION, ANSWER}:
            self.notes.others += 1
            return
        question = number if kind == QUESTION else row.number("ParentId")
        self._insert(
            "post",
            number,
            question,
            "frage" if kind == QUESTION else "antwort",
            row.moment("CreationDate").isoformat(),
            row.number_or_none("OwnerUserId"),
            row.text("OwnerDisplayName"),
            row.required("Title") if kind == QUESTION else "",
            row.text("Tags"),
            row.number_or_none("AcceptedAnswerId"),
            int(bool(row.text("ClosedDate"))),
            row.required("Body"),
            row.line,
        )

    def comment(self, row: Row) -> None:
        self._insert(
            "comment",
            row.number("Id"),
            row.number("PostId"),
            row.moment("CreationDate").isoformat(),
            row.number_or_none("UserId"),
            row.text("UserDisplayName"),
            row.required("Text"),
            row.line,
        )

    def link(self, row: Row) -> None:
        if row.number("LinkTypeId") == DUPLICATE:
            one, other = sorted((row.number("PostId"), row.number("RelatedPostId")))
            statement = "INSERT OR IGNORE INTO link VALUES (?, ?, ?)"
            self.connection.execute(statement, (one, other, row.line))

    def questions(self) -> Iterator[Staged]:
        """All questions by their ids."""
        found = self.connection.execute(
            "SELECT id, title, tags, accepted, closed FROM post WHERE kind = 'frage' ORDER BY id"
        )
        for number, title, tags, accepted, closed in found:
            names = tags.replace("><", "|").strip("<>|").split("|")
            texts = tuple(self._texts(number))
            yield Staged(number, title, tuple(filter(None, names)), accepted, bool(closed), texts)

    def count(self) -> dict[str, int]:
        """How many questions, answers and comments there are."""
        kinds = dict(self.connection.execute("SELECT kind, COUNT(*) FROM post GROUP BY kind"))
        comments = self.connection.execute("SELECT COUNT(*) FROM comment").fetchone()[0]
        return {
            "frage": kinds.get("frage", 0),
            "antwort": kinds.get("antwort", 0),
            "rueckfrage": comments,
        }

    def links(self) -> list[tuple[int, int]]:
        """Pairs of questions that the dump says are alike."""
        return list(self.connection.execute("SELECT one, other FROM link ORDER BY one, other"))

    def unlisted_tags(self, used: set[str]) -> list[str]:
        """Tags of questions that Tags.xml does not know, where there is one."""
        listed = {name for (name,) in self.connection.execute("SELECT name FROM tag")}
        return sorted(used - listed) if listed else []

    def _texts(self, question: int) -> Iterator[Text]:
        owner = "COALESCE((SELECT name FROM person WHERE person.id = owner), name)"
        posts = f"SELECT id, kind, at, {owner}, body, line, NULL FROM post WHERE question = ?"  # noqa: S608 - ours
        comments = """SELECT comment.id, 'rueckfrage', comment.at,
            COALESCE((SELECT name FROM person WHERE person.id = comment.owner), comment.name),
            comment.body, comment.line, post FROM comment JOIN post ON post.id = post WHERE question = ?"""
        for statement in (posts, comments):
            for number, kind, at, name, body, line, about in self.connection.execute(statement, (question,)):
                yield Text(number, kind, datetime.fromisoformat(at), name, body, line, about)

    def _insert(self, table: str, *values: Any) -> None:
        places = ", ".join("?" * len(values))
        self.connection.execute(f"INSERT INTO {table} VALUES ({places})", values)  # noqa: S608 - our names

    def _drop_dangling(self) -> None:
        """Note ids that lead nowhere, and leave out what hangs on them."""
        for file, what, query, drop in DANGLING:
            for line, number, missing in self.connection.execute(query).fetchall():
                self.notes.dangling.append(f"{file}:{line}: {what.format(number=number, missing=missing)}")
            if drop:
                self.connection.execute(drop)


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """A dump's stage, gone at the end."""
    with (
        TemporaryDirectory(prefix="learn-stackexchange-") as temporary,
        closing(sqlite3.connect(Path(temporary) / "stage.sqlite3", isolation_level=None)) as connection,
    ):
        stage = Stage(connection)
        stage.read(folder)
        yield stage


FILES: dict[str, Callable[[Stage, Row], None]] = {
    "Users.xml": Stage.person,
    "Tags.xml": Stage.tag,
    "Posts.xml": Stage.post,
    "Comments.xml": Stage.comment,
    "PostLinks.xml": Stage.link,
}
NO_QUESTION = "question NOT IN (SELECT id FROM post WHERE kind = 'frage')"
DANGLING = (
    (
        "Posts.xml",
        "Die Frage {missing} zu Antwort {number} fehlt; die Antwort bleibt weg.",
        f"SELECT line, id, question FROM post WHERE {NO_QUESTION} ORDER BY line",  # noqa: S608 - ours
        f"DELETE FROM post WHERE {NO_QUESTION}",  # noqa: S608 - ours
    ),
    (
        "Posts.xml",
        "Die angenommene Antwort {missing} zu Frage {number} fehlt.",
        (
            "SELECT line, id, accepted FROM post AS asked WHERE accepted IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM post WHERE post.id = asked.accepted AND post.question = asked.id) ORDER BY line"
        ),
        "",
    ),
    (
        "Posts.xml",
        "Die Person {missing} zu Beitrag {number} fehlt.",
        (
            "SELECT line, id, owner FROM post WHERE owner IS NOT NULL AND name = ''"
            " AND owner NOT IN (SELECT id FROM person) ORDER BY line"
        ),
        "",
    ),
    (
        "Comments.xml",
        "Der Beitrag {missing} zu Kommentar {number} fehlt; der Kommentar bleibt weg.",
        "SELECT line, id, post FROM comment WHERE post NOT IN (SELECT id FROM post) ORDER BY line",
        "DELETE FROM comment WHERE post NOT IN (SELECT id FROM post)",
    ),
    (
        "PostLinks.xml",
        "Von den Fragen {number} und {missing} fehlt eine; der Verweis bleibt weg.",
        (
            "SELECT line, one, other FROM link WHERE one NOT IN (SELECT id FROM post WHERE kind = 'frage')"
            " OR other NOT IN (SELECT id FROM post WHERE kind = 'frage') ORDER BY line"
        ),
        (
            "DELETE FROM link WHERE one NOT IN (SELECT id FROM post WHERE kind = 'frage')"
            " OR other NOT IN (SELECT id FROM post WHERE kind = 'frage')"
        ),
    ),
)
