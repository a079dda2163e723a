"""Search on both databases: who finds what, in which order, with which passage; nothing from elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from learn.search import documents, lookup, rebuilding, synonyms
from learn.search.documents import Document
from learn.search.finding import Hits, search
from learn.search.models import SearchDocument, SearchPosting

PUBLIC = ("oeffentlich",)


def question(number: int, title: str, body: str = "", circle: str = "oeffentlich") -> Document:
    return Document(f"frage:{number}", "frage", circle, title, body, detail={"id": number})


def answer(number: int, about: int, body: str, circle: str = "oeffentlich") -> Document:
    return Document(f"beitrag:{number}", "frage", circle, "", body, group=f"frage:{about}")


def refs(found: Hits) -> list[str]:
    return [hit.ref for hit in found.rows]


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []
    connection = session.connection()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("SET"):
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


def test_an_answer_is_found_as_its_question(db: Session) -> None:
    documents.put(db, [question(1, "Laternen"), answer(1, 1, "Wir haben Bernsteinlicht & <b>Masten</b>.")])
    [hit] = search(db, PUBLIC, "bernsteinlicht").rows
    assert (hit.ref, hit.title) == ("frage:1", "Laternen")
    assert hit.excerpt == "Wir haben <mark>Bernsteinlicht</mark> &amp; &lt;b&gt;Masten&lt;/b&gt;."


def test_words_of_one_thread_count_together(db: Session) -> None:
    documents.put(db, [question(1, "LoRaWAN im Wald"), answer(1, 1, "Eine Antenne am Kirchturm")])
    documents.put(db, [question(2, "LoRaWAN kaufen")])
    assert refs(search(db, PUBLIC, "lorawan antennen")) == ["frage:1"]


def test_compounds_umlauts_and_inflection(db: Session) -> None:
    documents.put(db, [question(1, "Beleuchtung der Straßen"), question(2, "Straßenbeleuchtungskonzept")])
    for query in ("Straßenbeleuchtung", "strassenbeleuchtungen", "Beleuchtung Straße"):
        assert set(refs(search(db, PUBLIC, query))) == {"frage:1", "frage:2"}, query


def test_beginnings_and_insides_of_unknown_words(db: Session) -> None:
    documents.put(db, [question(1, "Xylotronbesichtigung"), question(2, "Quaxixylotron")])
    assert set(refs(search(db, PUBLIC, "xylotron"))) == {"frage:1", "frage:2"}


def test_a_synonym_finds_its_meaning(db: Session) -> None:
    documents.put(db, [question(1, "Blubberbus bestellen"), question(2, "Etwas anderes")])
    synonyms.replace(db, "begriff", [("Zuckelzug", "Blubberbus")])
    assert refs(search(db, PUBLIC, "Zuckelzüge")) == ["frage:1"]
    synonyms.replace(db, "begriff", [])
    assert refs(search(db, PUBLIC, "Zuckelzug")) == []


def test_nothing_of_other_circles_is_found_counted_or_suggested(db: Session) -> None:
    documents.put(
        db,
        [
            question(1, "Krokodilbrücke geheim", circle="netzwerk"),
            question(2, "Krokodilbrücke der Klasse", circle="klasse:7"),
            question(3, "Brücke für alle"),
        ],
    )
    for query in ("Krokodilbrücke", "Krokodilbrüke", "krokodil", "Krokodilbrücke geheim"):
        found = search(db, PUBLIC, query)
        assert "Krokodil" not in str(found), query
        assert set(refs(found)) <= {"frage:3"}
    assert refs(search(db, (*PUBLIC, "netzwerk"), "Krokodilbrücke")) == ["frage:1"]
    assert refs(search(db, ("klasse:7",), "Krokodilbrücke")) == ["frage:2"]
    assert set(refs(search(db, None, "Krokodilbrücke"))) == {"frage:1", "frage:2"}
    assert refs(search(db, (), "Krokodilbrücke")) == []


def test_what_is_taken_out_is_gone_from_everything(db: Session) -> None:
    documents.put(db, [question(1, "Brücken"), answer(5, 1, "Hinter der Zirbelwand"), question(2, "Offen")])
    documents.remove(db, ["beitrag:5"])
    assert search(db, PUBLIC, "Zirbelwand") == search(db, None, "Zirbelwand") == Hits()
    assert search(db, PUBLIC, "Zirbelwant").suggestion == ""
    documents.remove_group(db, "frage:1")
    assert db.query(SearchDocument).count() == 1
    assert {row.doc for row in db.query(SearchPosting)} == {db.query(SearchDocument.id).scalar()}


def test_moving_to_another_circle_moves_all_postings(db: Session) -> None:
    documents.put(db, [question(1, "Tangobrunnen", circle="oeffentlich")])
    documents.put(db, [question(1, "Tangobrunnen", circle="klasse:3")])
    assert refs(search(db, PUBLIC, "Tangobrunnen")) == []
    assert (
        refs(search(db, ("klasse:3",), "Tangobrunnen"))
        == refs(search(db, None, "Tangobrunnen"))
        == ["frage:1"]
    )


def test_a_changed_text_loses_its_old_words(db: Session) -> None:
    documents.put(db, [question(1, "Erste Fassung", "Pudelmütze")])
    assert documents.put(db, [question(1, "Erste Fassung", "Ohrenwärmer")]) == 1
    assert documents.put(db, [question(1, "Erste Fassung", "Ohrenwärmer")]) == 0
    assert refs(search(db, PUBLIC, "Pudelmütze")) == []
    assert refs(search(db, PUBLIC, "Ohrenwärmer")) == ["frage:1"]


def test_spelling_is_suggested_from_public_words(db: Session) -> None:
    documents.put(db, [question(1, "Mängelmelder einführen")])
    found = search(db, PUBLIC, "mengelmelder bitte")
    assert found.suggestion == "Mängelmelder bitte"
    assert refs(found) == ["frage:1"]


def test_a_term_comes_before_texts_that_mention_it(db: Session) -> None:
    documents.put(db, [Document("begriff:sensor", "begriff", "oeffentlich", "Sensor", "Misst etwas.")])
    documents.put(
        db, [question(1, "Welcher Sensor am Bach hält länger?"), question(2, "Bach", "Ein Sensor.")]
    )
    assert refs(search(db, PUBLIC, "Sensoren")) == ["begriff:sensor", "frage:1", "frage:2"]


def test_filters_keep_to_their_kind(db: Session) -> None:
    documents.put(
        db,
        [
            question(1, "Hitze"),
            Document("lektion:les_1", "lektion", "oeffentlich", "Hitze verstehen", ""),
            Document("begriff:hitze", "begriff", "oeffentlich", "Hitze", ""),
            Document("kommune:1", "kommune", "oeffentlich", "Stadt Hitze", ""),
        ],
    )
    kinds = {
        "fragen": "frage:1",
        "kurse": "lektion:les_1",
        "vokabelheft": "begriff:hitze",
        "kommunen": "kommune:1",
    }
    for kind, ref in kinds.items():
        assert refs(search(db, PUBLIC, "hitze", kind=kind)) == [ref]
    assert len(search(db, PUBLIC, "hitze").rows) == 4


def test_pages_by_cursor_repeat_and_leave_out_nothing(db: Session) -> None:
    documents.put(db, [question(number, f"Pegel {number}") for number in range(1, 61)])
    seen: list[str] = []
    found = search(db, PUBLIC, "Pegel")
    while found.rows:
        seen += refs(found)
        if found.after is None:
            break
        found = search(db, PUBLIC, "Pegel", after=found.after)
    assert sorted(seen) == sorted(f"frage:{number}" for number in range(1, 61))


def test_only_the_newest_of_a_common_word_are_ranked(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "NEWEST", 30)
    documents.put(db, [question(number, f"Pegel {number}") for number in range(1, 50)])
    documents.put(db, [question(100, "Pegel am Zwickelbach")])
    found = search(db, PUBLIC, "Pegel")
    assert found.cut
    assert not search(db, PUBLIC, "Zwickelbach").cut


def test_a_rare_word_finds_old_texts_beside_a_common_one(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "NEWEST", 30)
    documents.put(db, [question(1, "Pegel am Zwickelbach"), question(2, "Zwickelbach ohne alles")])
    documents.put(db, [question(number, f"Pegel {number}") for number in range(3, 50)])
    assert refs(search(db, PUBLIC, "pegel zwickelbach")) == ["frage:1"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "???",
        "\0",
        "\0x",
        "🚲",
        "' OR 1=1 --",
        '"a" NEAR(b) *',
        "%",
        "a" * 5000,
        "ab " * 3000,
        "(",
        "und",
        "a:b",
        "\ud800",
    ],
)
def test_any_text_is_a_query(db: Session, query: str) -> None:
    documents.put(db, [question(1, "Laternen")])
    assert isinstance(search(db, PUBLIC, query), Hits)


def test_statements_do_not_grow_with_the_rows(db: Session) -> None:
    documents.put(db, [question(1, "Pegel am Bach")])
    with statements(db) as one:
        search(db, PUBLIC, "Pegel Bach")
    documents.put(db, [question(number, f"Pegel Bach {number}") for number in range(2, 30)])
    with statements(db) as many:
        search(db, PUBLIC, "Pegel Bach")
    with statements(db) as misspelt:
        search(db, None, "Pegell Bachh Quatschwort")
    assert len(one) == len(many) == 3
    assert len(misspelt) <= 5


def test_words_that_stand_nowhere_are_dropped(db: Session) -> None:
    documents.put(db, [question(1, "Zirbelstube"), question(2, "Laterne")])
    documents.remove(db, ["frage:1"])
    db.flush()
    assert rebuilding.prune_some(db, "") == (1, "")
    kept = db.execute(text("SELECT word FROM search_word")).scalars().all()
    assert kept == ["laterne"]
    assert "zir" not in db.execute(text("SELECT gram FROM search_gram")).scalars().all()
