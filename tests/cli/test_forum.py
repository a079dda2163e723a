"""`learn forum` from the command line, and generated posts whose counted columns are right."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from learn.accounts import queries as people
from learn.cli.bench_posts import KLASSEN, address
from learn.cli.generated_posts import SHORT
from learn.config import Config
from learn.core.access import Actor
from learn.core.db import Database
from learn.forum import audience, counting
from learn.forum.models import Post, Question
from learn.network.models import Cohort
from learn.notices.models import Notice
from learn.search.models import SearchDocument, SearchState
from tests.cli.conftest import Learn

POSTS = """<posts>
  <row Id="1" PostTypeId="1" CreationDate="2021-03-01T10:00:00" Title="Sendezeit bei LoRaWAN" Tags="|lorawan|"
    Body="&lt;p&gt;Wie &lt;b&gt;oft&lt;/b&gt;?&lt;/p&gt;" />
  <row Id="2" PostTypeId="2" ParentId="9" CreationDate="2021-03-01T10:00:00" Body="verwaist" />
</posts>"""


def other(instance: Config, folder: Path) -> Config:
    """A second, empty instance of its own."""
    return replace(instance, instance=folder, database_url=f"sqlite:///{folder / 'learn.sqlite3'}")


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_dump_is_imported_exported_and_taken_in_elsewhere(
    learn: Learn, instance: Config, tmp_path: Path
) -> None:
    dump = tmp_path / "dump"
    dump.mkdir()
    (dump / "Posts.xml").write_text(POSTS, encoding="utf-8")
    words = ("forum", "import", "stackexchange", str(dump), "--level", "netzwerk")
    said = learn(*words, "--dry-run", config=instance)
    assert (said.code, said.out.splitlines()[-1]) == (0, "Probelauf: Nichts wurde geschrieben.")
    said = learn(*words, config=instance)
    assert said.out.splitlines() == [
        "Fragen: 1, Antworten: 0, Kommentare: 0",
        "Neue Fragen: 1, schon da: 0",
        "Posts.xml:4: Die Frage 9 zu Antwort 2 fehlt; die Antwort bleibt weg.",
        "Übernommen.",
    ]
    assert learn(*words, config=instance).out.endswith("Nichts zu tun: Alles ist schon da.\n")
    said = learn("forum", "export", str(tmp_path / "one"), "--level", "netzwerk", config=instance)
    assert said.out == "Fragen: 1, Beiträge: 1, Bilder: 0\n"
    again = other(instance, tmp_path / "b")
    said = learn("forum", "import", "folder", str(tmp_path / "one"), config=again)
    assert (said.code, said.out) == (0, "Fragen übernommen: 1\n")
    assert learn("forum", "export", str(tmp_path / "two"), "--level", "netzwerk", config=again).code == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    said = learn("forum", "import", "folder", str(tmp_path / "one"), config=again)
    assert (said.code, said.err) == (1, "Das Forum ist nicht leer. Nehmen Sie eine leere Instanz.\n")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_level_that_needs_a_klasse_and_a_broken_dump_are_refused(
    learn: Learn, instance: Config, tmp_path: Path
) -> None:
    words = ("forum", "import", "stackexchange", str(tmp_path), "--level", "klasse")
    assert learn(*words, config=instance).err.endswith("liegt keine Posts.xml.\n")
    (tmp_path / "Posts.xml").write_text("<posts><row Id='x'/></posts>")
    assert learn(*words, config=instance).err == "Posts.xml:1: Id ist keine Zahl: x\n"
    (tmp_path / "Posts.xml").write_text(POSTS)
    said = learn(*words, config=instance)
    assert (said.code, said.err) == (1, "Zur Stufe „klasse“ gehört --cohort, zu keiner anderen.\n")


def test_generated_posts_are_counted_and_indexed_as_written_ones_are(learn: Learn, instance: Config) -> None:
    said = learn("bench", "data", "--posts", "700", config=instance)
    assert (said.code, said.out) == (0, "0 Kurse, 240 Personen und 700 Beiträge sind da.\n")
    database = Database.of(instance)
    with database.writing() as session:
        ids = session.scalars(select(Question.id)).all()
        assert [number for number in ids if counting.refresh(session, number)] == []
        assert session.scalar(select(func.count()).select_from(Post)) == 700
        rows = session.execute(select(Question.origin, Question.last_number))
        lengths = {row.origin: row.last_number for row in rows}
        assert (lengths["bench:0"], lengths["bench:1"]) == (175, SHORT)
        hidden = session.scalar(select(func.count()).select_from(Post).where(Post.hidden != ""))
        texts = session.scalar(
            select(func.count()).select_from(SearchDocument).where(SearchDocument.kind == "frage")
        )
        assert texts == 700 - (hidden or 0)
        assert session.scalar(select(SearchState.value)) is not None
        assert session.scalar(select(func.count()).select_from(Notice)) == reads(database)
    before = learn("search", "rebuild", config=instance).out
    assert learn("bench", "data", "--posts", "700", config=instance).code == 0
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 700
    assert learn("search", "rebuild", config=instance).out == before
    database.dispose()


def reads(database: Database) -> int:
    """How many questions the three measuring people follow; checks what each may read."""
    total = 0
    with database.reading() as session:
        klasse = session.scalars(select(Cohort.id).where(Cohort.name == KLASSEN[0])).one()
        for name in ("mitglied", "koordination", "einprozent"):
            person = people.person(session, address(name))
            assert person is not None
            roles = people.roles(session, person.id)
            who = audience.reader(session, Actor(person.id, person.name, person.municipality_id, "", roles))
            if name == "einprozent":
                assert who.circles == ("oeffentlich", f"klasse:{klasse}")
            total += (
                session.scalar(select(func.count()).select_from(Notice).where(Notice.person_id == person.id))
                or 0
            )
    assert total > 60
    return total
