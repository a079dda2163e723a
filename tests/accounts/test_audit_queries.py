"""The audit log in words, filtered, and what it says of one person."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from learn.accounts import audit_queries, joining, reasons
from learn.accounts.audit_queries import Asked
from learn.core import audit, audit_words
from tests.factories import make_person
from tests.house import rules


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """Cursors are signed with the application's key."""
    with app.app_context():
        yield


def test_entries_are_told_in_words_with_the_names_of_today(db: Session) -> None:
    actor, subject = make_person(db, name="Karla Entwurf"), make_person(db, name="Jana Muster")
    audit.record(
        db, audit.person(actor.id), "konto.rollen", audit.person(subject.id), "aufgabe: expert, trainer"
    )
    audit.record(db, audit.COMMAND_LINE, "instanz.gesichert", audit.INSTANCE)
    latest, first = audit_queries.entries(db, Asked(), None).rows
    assert (first.actor, first.actor_name) == (f"Konto {actor.id}", "Karla Entwurf")
    assert (first.action, first.subject_name) == ("Rollen geändert", "Jana Muster")
    assert first.reason == "Ihre Aufgabe hat sich geändert: Kontakt, Lernbegleitung"
    assert (latest.actor, latest.subject, latest.actor_name) == ("Kommandozeile", "Installation", "")
    db.delete(subject)
    db.flush()
    gone = audit_queries.entries(db, Asked(person_id=subject.id), None).rows[0]
    assert (gone.subject, gone.subject_name) == (f"Konto {subject.id}", "")


def test_filters_by_day_action_and_account(db: Session) -> None:
    with time_machine.travel(datetime(2026, 3, 28, 23, 30, tzinfo=UTC), tick=False):  # the 29th in Berlin
        audit.record(db, audit.person(7), "konto.gesperrt", audit.person(8))
    with time_machine.travel(datetime(2026, 4, 2, 10, 0, tzinfo=UTC), tick=False):
        audit.record(db, audit.person(9), "konto.entsperrt", audit.person(7))

    def found(asked: Asked) -> list[str]:
        return [entry.action for entry in audit_queries.entries(db, asked, None).rows]

    both = ["Sperre aufgehoben", "Konto gesperrt"]
    assert found(Asked()) == both
    assert found(Asked(person_id=7)) == both
    assert found(Asked(person_id=8)) == both[1:]
    assert found(Asked(action="konto.entsperrt")) == both[:1]
    assert found(Asked(since=date(2026, 3, 29), until=date(2026, 3, 29))) == both[1:]
    assert found(Asked(until=date(2026, 3, 28))) == []


def test_an_extract_holds_all_pages_from_the_oldest_on(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_queries, "AT_ONCE", 10)
    for number in range(35):
        audit.record(db, audit.COMMAND_LINE, "konto.angelegt", audit.person(number))
    assert [entry.subject for entry in audit_queries.extract(db, Asked())] == [
        f"Konto {n}" for n in range(35)
    ]
    assert len(list(audit_queries.extract(db, Asked(), limit=12))) == 12
    first = audit_queries.entries(db, Asked(), None)
    rest = audit_queries.entries(db, Asked(), first.after)
    assert [len(first.rows), len(rest.rows), rest.after] == [25, 10, ""]


def test_a_person_reads_what_was_done_with_her_account_import_included(db: Session) -> None:
    person = make_person(db)
    audit.record(
        db, audit.COMMAND_LINE, "personen.eingelesen", audit.people(person.id - 1, person.id + 1), "3"
    )
    audit.record(
        db, audit.COMMAND_LINE, "personen.eingelesen", audit.people(person.id + 5, person.id + 9), "5"
    )
    audit.record(db, audit.person(1), "konto.gesperrt", audit.person(person.id), "wunsch")
    audit.record(db, audit.person(person.id), "konto.gesperrt", audit.person(person.id + 1))
    told = audit_queries.of_person(db, person.id)
    assert [entry.action for entry in told] == ["Personen eingelesen", "Konto gesperrt"]
    assert told[0].subject == f"Konten {person.id - 1} bis {person.id + 1}"


def recorded() -> set[str]:
    """Actions as the code writes them; what is filled in stands as `*`."""
    found = set()
    for _name, tree in rules.trees(rules.ROOT, "learn/"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if (
                    re.fullmatch(r"[a-z]+(\.[a-z_]+){1,2}(?<!\.md)", node.value)
                    and node.value.split(".")[0] in FAMILIES
                ):
                    found.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "*" for part in node.values]
                pattern = "".join(map(str, parts))
                if re.fullmatch(r"[a-z]+\.\*\.[a-z]+", pattern):
                    found.add(pattern)
    return found


FAMILIES = {name.split(".")[0] for name in audit_words.ACTIONS}


def test_every_recorded_action_has_words() -> None:
    written = recorded()
    assert len(written) > 20
    patterns = [re.compile(name.replace(".", r"\.").replace("*", "[a-z]+")) for name in written]
    silent = [name for name in written if "*" not in name and name not in audit_words.ACTIONS]
    unused = [name for name in audit_words.ACTIONS if not any(each.fullmatch(name) for each in patterns)]
    assert silent == []
    assert unused == []


def test_literal_calls_have_words() -> None:
    """Whatever its family: each literal third argument of `audit.record`."""
    silent = []
    for name, tree in rules.trees(rules.ROOT, "learn/"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                action = node.args[2]
                if isinstance(action, ast.Constant) and action.value not in audit_words.ACTIONS:
                    silent.append(f"{name}:{node.lineno}")
    assert silent == []


def test_reasons_of_both_lists_are_sentences() -> None:
    assert not reasons.REASONS.keys() & joining.REASONS.keys()
    assert audit_words.reason("wunsch") == "Die Person hat darum gebeten"
    assert audit_words.reason("aufgabe: keine") == "Ihre Aufgabe hat sich geändert: keine"
    assert audit_words.reason("stadt.example") == "stadt.example"
    assert audit_words.reason("kommune:05966024") == "Kommune 05966024"
    assert audit_words.reason("kur_1hyamwmr") == "Kurs kur_1hyamwmr"
