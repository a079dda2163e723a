"""Dumps of Stack Exchange: every word kept, people's data dropped, broken rows named, a second run idle."""

import re
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.core.db import Database
from learn.forum import counting
from learn.forum.models import Post, PostAuthor, Question, QuestionLink
from learn.forum.stackexchange import importing, markdown
from learn.forum.stackexchange.importing import Report, Target
from learn.forum.stackexchange.rows import rows
from learn.forum.stackexchange.tree import tree
from learn.markup import render
from learn.network.models import Topic
from learn.notices.models import Event
from learn.search.plain import plain

TARGET = Target("netzwerk", "betrieb")
Dump = Callable[..., Path]


@pytest.fixture
def dump(tmp_path: Path) -> Dump:
    """Writes files of rows: `dump(Posts=[{…}], Users=[{…}])`."""

    def write(**files: list[dict[str, object]]) -> Path:
        for name, found in files.items():
            lines = [
                f"  <row {' '.join(f'{key}={quoteattr(str(value))}' for key, value in row.items())} />"
                for row in found
            ]
            text = "\n".join(['<?xml version="1.0" encoding="utf-8"?>', f"<{name.lower()}>", *lines])
            (tmp_path / f"{name}.xml").write_text(f"{text}\n</{name.lower()}>\n", encoding="utf-8")
        return tmp_path

    return write


def question(number: int, **more: object) -> dict[str, object]:
    row = {
        "Id": number,
        "PostTypeId": 1,
        "CreationDate": f"2021-03-01T10:00:0{number % 10}.120",
        "Title": f"Frage mit der Nummer {number}",
        "Tags": "<lorawan>",
        "Body": f"<p>Text {number}</p>",
        "Score": 7,
        "ViewCount": 123,
        "OwnerUserId": 1,
    }
    return {**row, **more}


def answer(number: int, parent: int, **more: object) -> dict[str, object]:
    row = {"Id": number, "PostTypeId": 2, "ParentId": parent, "CreationDate": "2021-03-02T10:00:00"}
    return {**row, "Body": f"<p>Antwort {number}</p>", "OwnerUserId": 2, **more}


USERS: list[dict[str, object]] = [
    {"Id": 1, "DisplayName": "Ada L.", "Reputation": 99, "EmailHash": "abc", "LastAccessDate": "2021-01-01"},
    {"Id": 2, "DisplayName": "Bo", "Location": "Hinterstadt", "AboutMe": "geheim"},
]


def run(database: Database, folder: Path, target: Target = TARGET, *, dry_run: bool = False) -> Report:
    return importing.run(database, folder, target, dry_run=dry_run, progress=lambda _step: None)


def test_a_dump_becomes_questions_answers_and_rueckfragen(
    database: Database, db: Session, dump: Dump
) -> None:
    folder = dump(
        Posts=[
            question(1, AcceptedAnswerId=3, Tags="<lorawan><funkrecht>"),
            answer(2, 1, OwnerUserId="", OwnerDisplayName="user7"),
            answer(3, 1, CreationDate="2021-03-02T11:00:00"),
            question(4, ClosedDate="2021-05-01T00:00:00"),
            {"Id": 5, "PostTypeId": 4, "CreationDate": "2021-03-01T10:00:00", "Body": "wiki"},
        ],
        Users=USERS,
        Comments=[
            {"Id": 8, "PostId": 2, "UserId": 1, "CreationDate": "2021-03-02T09:00:00", "Text": "# Wie oft?"}
        ],
        PostLinks=[{"Id": 1, "PostId": 4, "RelatedPostId": 1, "LinkTypeId": 3}],
        Tags=[{"Id": 1, "TagName": "lorawan", "Count": 2}],
    )
    report = run(database, folder)
    assert (report.new, report.known, report.links, report.others) == (2, 0, 1, 1)
    assert report.proposals == ["funkrecht"]
    assert report.dangling == ["Tags.xml: Das Schlagwort funkrecht fehlt."]
    first, second = db.scalars(select(Question).order_by(Question.id)).all()
    assert (first.state, first.verdict, first.topic, first.listed) == (
        "beantwortet",
        "geloest",
        "sensorik",
        "netzwerk",
    )
    assert (second.locked, second.state) == (True, "offen")
    posts = db.scalars(select(Post).where(Post.question_id == first.id).order_by(Post.number)).all()
    assert [(post.kind, post.by_name, post.solution) for post in posts] == [
        ("frage", "Ada L.", False),
        ("antwort", "user7", False),
        ("rueckfrage", "Ada L.", False),
        ("antwort", "Bo", True),
    ]
    assert posts[2].about_id == posts[1].id
    assert first.quiet_number == first.top_number == 4
    assert db.scalars(select(QuestionLink.question_id)).all() == [first.id, second.id]
    assert db.get_one(Topic, "funkrecht").accepted is False
    assert db.scalar(select(func.count()).select_from(Event)) == 0
    assert db.scalar(select(func.count()).select_from(PostAuthor)) == 0
    assert not counting.refresh(db, first.id)


def test_a_second_run_changes_nothing_and_a_dry_run_writes_nothing(
    database: Database, db: Session, dump: Dump
) -> None:
    folder = dump(
        Posts=[question(1), question(4)], PostLinks=[{"PostId": 4, "RelatedPostId": 1, "LinkTypeId": 3}]
    )
    assert run(database, folder, dry_run=True).new == 2
    assert db.scalar(select(func.count()).select_from(Question)) == 0
    run(database, folder)
    again = run(database, folder)
    assert (again.new, again.known, again.links) == (0, 2, 0)
    assert db.scalar(select(func.count()).select_from(Question)) == 2


def test_what_hangs_on_nothing_is_reported(database: Database, dump: Dump) -> None:
    folder = dump(
        Posts=[question(1, AcceptedAnswerId=99, OwnerUserId=77), answer(2, 44)],
        Comments=[{"Id": 1, "PostId": 55, "CreationDate": "2021-03-02T09:00:00", "Text": "weg"}],
        PostLinks=[{"PostId": 1, "RelatedPostId": 66, "LinkTypeId": 3}],
        Users=USERS,
    )
    assert run(database, folder, dry_run=True).dangling == [
        "Posts.xml:4: Die Frage 44 zu Antwort 2 fehlt; die Antwort bleibt weg.",
        "Posts.xml:3: Die angenommene Antwort 99 zu Frage 1 fehlt.",
        "Posts.xml:3: Die Person 77 zu Beitrag 1 fehlt.",
        "Comments.xml:3: Der Beitrag 55 zu Kommentar 1 fehlt; der Kommentar bleibt weg.",
        "PostLinks.xml:3: Von den Fragen 1 und 66 fehlt eine; der Verweis bleibt weg.",
    ]


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"Id": "x"}, "Posts.xml:4: Id ist keine Zahl: x"),
        ({"CreationDate": "gestern"}, "Posts.xml:4: CreationDate ist kein Zeitpunkt: gestern"),
        ({"Body": ""}, "Posts.xml:4: Body fehlt."),
        ({"Title": " "}, "Posts.xml:4: Title fehlt."),
        ({"Id": 1}, "Posts.xml:4: Die Kennung 1 kommt zweimal vor."),
    ],
)
def test_a_broken_row_stops_everything_with_file_and_line(
    database: Database, db: Session, dump: Dump, broken: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused) as problem:
        run(database, dump(Posts=[question(1), question(2, **broken)]))
    assert str(problem.value) == sentence
    assert db.scalar(select(func.count()).select_from(Question)) == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('<!DOCTYPE p [<!ENTITY a "b">]><posts/>', "Posts.xml:1: Eine Dokumenttyp-Angabe ist nicht erlaubt."),
        ("<posts>\n<row Id='1'", "Posts.xml:2: Das ist kein gültiges XML."),
        ("<posts>\n<script/></posts>", "Posts.xml:2: Hier steht <script> statt einer Zeile <row>."),
        (f"<posts>\n<row Id='{'9' * 3_000_000}'/></posts>", "Posts.xml:2: Diese Zeile ist zu lang."),
    ],
)
def test_xml_can_do_nothing_but_rows(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "Posts.xml").write_text(text)
    with pytest.raises(Refused) as problem:
        list(rows(tmp_path / "Posts.xml"))
    assert str(problem.value) == sentence


def test_questions_without_a_known_topic_need_one(database: Database, db: Session, dump: Dump) -> None:
    folder = dump(Posts=[question(1, Tags="<quux>")])
    with pytest.raises(Refused, match="--topic"):
        run(database, folder)
    run(database, folder, Target("oeffentlich", "idee", topic="IKZ"))
    assert db.scalars(select(Question.topic)).all() == ["kooperation"]


def test_long_texts_titles_and_listings_lose_nothing(database: Database, db: Session, dump: Dump) -> None:
    words = " ".join(f"wort{number}" for number in range(6_000))
    code = "\n".join(f"zeile_{number} = {number}" for number in range(2_000))
    title = "Eine lange Überschrift " * 8
    folder = dump(Posts=[question(1, Title=title, Body=f"<p>{words}</p><pre><code>{code}</code></pre>")])
    run(database, folder)
    posts = db.scalars(select(Post).order_by(Post.number)).all()
    assert len(posts) > 2
    assert {post.about_id for post in posts[1:]} == {posts[0].id}
    whole = " ".join(part["html"] for post in posts for part in post.parts)
    found = set(re.findall(r"wort\d+|zeile_\d+", plain(whole)))
    assert len(found) == 8_000
    assert " ".join(title.split()) in " ".join(plain(whole).split())


def shown(source: str) -> str:
    return "".join(
        plain("".join(getattr(part, "html", "") for part in render(source, "beitrag").parts)).split()
    )


PIECES = some.sampled_from(
    (
        *(
            "a",
            "b c",
            "*",
            "_x_",
            "`",
            "``",
            " ",
            "\n",
            "<br>",
            "[x](y)",
            "http://x.example/a_b",
            "&amp;",
            "|",
        ),
        *(
            "&lt;b&gt;",
            "#",
            "- ",
            "1. ",
            "> ",
            "~~",
            "$x$",
            "@Olpe",
            "!",
            "[^1]",
            "\\",
            "==x==",
            "{#a}",
            "&nbsp;",
        ),
        *("www.x.example", "a@b.example", "**", "<kbd>K</kbd>", "&amp;amp;", "+ ", "<!-- q -->", "--- ", "Ä"),
    )
)
NAMES = some.sampled_from(
    (
        "p",
        "b",
        "em",
        "li",
        "ul",
        "ol",
        "blockquote",
        "pre",
        "h2",
        "div",
        "del",
        "td",
        "tr",
        "table",
        "i",
        "h4",
    )
)
HTML = some.recursive(
    PIECES,
    lambda inner: (
        some.builds(lambda name, text: f"<{name}>{text}</{name}>", NAMES, inner)
        | some.lists(inner, max_size=4).map("".join)
    ),
    max_leaves=12,
)


@given(HTML)
def test_no_html_loses_a_word(html: str) -> None:
    expected = "".join(tree(html).words().split())
    assert shown("\n\n".join(markdown.blocks(html))) == expected


def test_html_becomes_markdown() -> None:
    html = (
        "<p>Ein <strong>Satz</strong> mit <a href='https://a.example/b_c'>Link</a><br>und Umbruch</p>"
        "<ol start='3'><li>drei<ul><li>innen</li></ul></li></ol><blockquote><p>Zitat</p></blockquote>"
        "<pre><code>if a &lt; b:\n    c = `1`\n</code></pre><h1>Titel</h1><table><tr><th>a</th></tr>"
        "<tr><td>1</td></tr></table><p><img src='https://i.example/x.png' alt='Plan'></p>"
    )
    assert markdown.blocks(html) == [
        "Ein **Satz** mit [Link](<https://a.example/b_c>)\\\nund Umbruch",
        "3. drei\n\n   - innen",
        "> Zitat",
        "```\nif a < b:\n    c = `1`\n```",
        "## Titel",
        "| a |\n|---|\n| 1 |",
        "[Bild: Plan](<https://i.example/x.png>)",
    ]


@pytest.mark.parametrize("text", ["# kein Titel", "1. kein Punkt", "<b>kein Element</b>", "- kein Strich"])
def test_comments_stay_text(text: str) -> None:
    assert shown(markdown.comment(text)) == "".join(text.split())
