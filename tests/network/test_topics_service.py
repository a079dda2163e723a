"""The vocabulary is kept by the Koordination: each change is recorded once, and no word means two topics."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import audit_words
from learn.core.access import Refused
from learn.core.models import AuditEntry
from learn.network import topics, topics_service, vocabulary
from learn.network.models import Topic, TopicSynonym

BY = "person:1"


def kept(db: Session, slug: str) -> Topic:
    found = topics_service.topic(db, slug)
    assert found is not None
    return found


def entries(db: Session) -> list[tuple[str, str, str]]:
    rows = db.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.action, row.subject, row.reason) for row in rows]


def proposal(db: Session, name: str = "Smarte Parkplätze", slug: str = "smarte-parkplaetze") -> Topic:
    found = Topic(slug=slug, name=name, accepted=False)
    db.add(found)
    db.flush()
    return found


def test_a_new_topic_stands_last_and_is_found_by_its_words(db: Session) -> None:
    made = topics_service.add(db, "  Digitale   Bürgerdienste ", by=BY)
    assert (made.slug, made.name) == ("digitale-buergerdienste", "Digitale Bürgerdienste")
    words = vocabulary.vocabulary(db)
    assert list(words.topics)[-1] == made.slug
    assert words.find("digitale buergerdienste") == made.slug
    assert entries(db) == [("thema.angelegt", "thema:digitale-buergerdienste", "Digitale Bürgerdienste")]


@pytest.mark.parametrize("name", ["", "x", "!!", "a" * 61, "Um\u202ekehr"])
def test_names_are_one_readable_line(db: Session, name: str) -> None:
    with pytest.raises(Refused) as refused:
        topics_service.add(db, name, by=BY)
    assert refused.value.field == "name"
    assert entries(db) == []


@pytest.mark.parametrize("word", ["LoRaWAN", "lora-wan", "SENSORIK", "Offene Daten", "offene-daten"])
def test_no_word_means_two_topics(db: Session, word: str) -> None:
    with pytest.raises(Refused, match="bedeutet schon das Thema"):
        topics_service.add(db, word, by=BY)
    with pytest.raises(Refused, match="bedeutet schon das Thema"):
        topics_service.add_synonym(db, kept(db, "klima"), word, by=BY)


def test_a_renamed_topic_keeps_its_address_and_its_old_name(db: Session) -> None:
    found = kept(db, "klima")
    assert topics_service.rename(db, found, "Klimaanpassung", by=BY)
    assert not topics_service.rename(db, found, "Klimaanpassung", by=BY)
    words = vocabulary.vocabulary(db)
    assert words.name("klima") == "Klimaanpassung"
    assert words.find("Klima") == "klima"
    topics_service.rename(db, kept(db, "ki"), "Künstliche Intelligenz", by=BY)
    topics_service.rename(db, kept(db, "kooperation"), "IKZ", by=BY)  # its own synonym
    words = vocabulary.vocabulary(db)
    assert (words.find("Zusammenarbeit"), words.find("ikz")) == ("kooperation", "kooperation")
    assert words.topics["kooperation"].synonyms == ("Zusammenarbeit",)
    assert entries(db)[0] == ("thema.umbenannt", "thema:klima", "Klima, jetzt Klimaanpassung")
    with pytest.raises(Refused, match="Sensorik"):
        topics_service.rename(db, found, "IoT", by=BY)


def test_synonyms_come_and_go(db: Session) -> None:
    found = kept(db, "mobilitaet")
    topics_service.add_synonym(db, found, "ÖPNV", by=BY)
    assert vocabulary.vocabulary(db).find("oepnv") == "mobilitaet"
    assert topics_service.remove_synonym(db, found, "ÖPNV", by=BY)
    assert not topics_service.remove_synonym(db, found, "ÖPNV", by=BY)
    assert not topics_service.remove_synonym(db, found, "LoRaWAN", by=BY)  # another topic's
    assert [action for action, _subject, _why in entries(db)] == [
        "thema.synonym_ergaenzt",
        "thema.synonym_entfernt",
    ]


def test_a_topic_stands_under_one_other_at_most(db: Session) -> None:
    assert topics_service.place(db, kept(db, "sensorik"), "datenplattform", by=BY)
    assert not topics_service.place(db, kept(db, "sensorik"), "datenplattform", by=BY)
    for slug, parent in (("klima", "sensorik"), ("datenplattform", "ki"), ("ki", "ki"), ("ki", "nirgends")):
        with pytest.raises(Refused) as refused:
            topics_service.place(db, kept(db, slug), parent, by=BY)
        assert refused.value.field == "parent"
    assert vocabulary.vocabulary(db).topics["sensorik"].parent == "datenplattform"
    assert topics_service.place(db, kept(db, "sensorik"), "", by=BY)


def test_the_order_changes_by_one_place(db: Session) -> None:
    before = list(vocabulary.vocabulary(db).topics)
    assert topics_service.move(db, kept(db, before[2]), "hoch", by=BY)
    assert topics_service.move(db, kept(db, before[0]), "runter", by=BY)
    assert not topics_service.move(db, kept(db, before[-1]), "runter", by=BY)
    after = list(vocabulary.vocabulary(db).topics)
    assert after == [before[2], before[0], before[1], *before[3:]]


def test_a_proposal_is_seen_by_nobody_until_it_is_accepted(db: Session) -> None:
    found = proposal(db)
    assert "smarte-parkplaetze" not in vocabulary.vocabulary(db).topics
    assert [one.slug for one in topics_service.proposals(db)] == ["smarte-parkplaetze"]
    topics_service.rename(db, found, "Parken", by=BY)
    topics_service.accept(db, found, by=BY)
    assert list(vocabulary.vocabulary(db).names.values())[-1] == "Parken"
    assert vocabulary.vocabulary(db).topics["smarte-parkplaetze"].synonyms == ()
    for act in (topics_service.accept, topics_service.refuse):
        with pytest.raises(Refused) as refused:
            act(db, found, by=BY)
        assert refused.value.status == 409


def test_a_refused_proposal_may_become_a_synonym(db: Session) -> None:
    topics_service.refuse(db, proposal(db), by=BY, instead="mobilitaet")
    assert vocabulary.vocabulary(db).find("smarte Parkplätze") == "mobilitaet"
    topics_service.refuse(db, proposal(db, "Blockchain", "blockchain"), by=BY)
    assert topics_service.proposals(db) == []
    assert db.get(TopicSynonym, "blockchain") is None
    with pytest.raises(Refused):
        topics_service.refuse(db, proposal(db), by=BY, instead="nirgends")


def test_a_new_address_is_free(db: Session) -> None:
    proposal(db, "Parken", "parken")
    assert topics_service.add(db, "Parken", by=BY).slug == "parken-2"


def test_pages_show_what_the_process_knows(db: Session) -> None:
    assert topics.topic_name("klima") == "Klima"
    topics_service.rename(db, kept(db, "klima"), "Hitzeschutz", by=BY)
    vocabulary.remember(db)
    assert topics.topic_name("klima") == "Hitzeschutz"
    assert ("klima", "Hitzeschutz") in topics.by_name()
    vocabulary.forget()
    assert topics.names() == topics.TOPICS  # no session here to ask
    assert topics.topic_name("unbekannt") == "unbekannt"


def test_the_log_has_words_for_it() -> None:
    assert audit_words.who("thema:offene-daten") == "Thema offene-daten"
    assert audit_words.who("personen:3-9") == "Konten 3 bis 9"
