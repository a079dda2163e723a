"""Every route × role × relation, generated from the routes: who is let in, who is sent away, who gets 404.

A route that nobody declared fails, and so does a cell that differs from its declaration.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from learn.core.db import Database
from tests.client import CheckingClient
from tests.house import declared, rules
from tests.house.matrix import (
    ACTORS,
    TRAINERS,
    World,
    browser,
    in_vain,
    make_world,
    outcome,
    to_her_contacts,
    to_no_other_author,
    to_roles,
    to_who_sent_the_course,
)
from tests.site import sensors

AUTHORS = to_roles("trainer", "coordinator")
DECLARED = {
    **declared.DECLARED,
    "site.draft": AUTHORS,
    "site.draft_on_paper": AUTHORS,
    "workshop.add_glossary": AUTHORS,
    "workshop.add_lesson": AUTHORS,
    "workshop.add_module": AUTHORS,
    "workshop.add_narrow": in_vain(AUTHORS),
    "workshop.add_pictures": AUTHORS,
    "workshop.add_test": AUTHORS,
    "workshop.arrange": in_vain(AUTHORS),
    "workshop.ask_for_address": AUTHORS,
    "workshop.ask_for_course": AUTHORS,
    "workshop.ask_for_edition": AUTHORS,
    "workshop.ask_removal": in_vain(AUTHORS),
    "workshop.ask_to_discard": AUTHORS,
    "workshop.ask_to_merge": AUTHORS,
    "workshop.ask_to_move": AUTHORS,
    "workshop.ask_to_remove_supplement": in_vain(to_her_contacts),
    "workshop.ask_to_retire": AUTHORS,
    "workshop.ask_to_split": AUTHORS,
    "workshop.comment_lesson": AUTHORS,
    "workshop.comment_text": AUTHORS,
    "workshop.convert_pasted": AUTHORS,
    "workshop.course": AUTHORS,
    "workshop.course_figures": AUTHORS,
    "workshop.course_releases": AUTHORS,
    "workshop.create_course": AUTHORS,
    "workshop.decide_lesson": AUTHORS,
    "workshop.decide_text": AUTHORS,
    "workshop.delete_comment": to_no_other_author,
    "workshop.describe_picture": in_vain(AUTHORS),
    "workshop.discard_import": to_who_sent_the_course,
    "workshop.discard_lesson": AUTHORS,
    "workshop.export_course": AUTHORS,
    "workshop.import_page": AUTHORS,
    "workshop.imported": to_who_sent_the_course,
    "workshop.insert": AUTHORS,
    "workshop.insert_form": AUTHORS,
    "workshop.insert_form_of_text": AUTHORS,
    "workshop.insert_in_text": AUTHORS,
    "workshop.keep_lesson": AUTHORS,
    "workshop.keep_text": AUTHORS,
    "workshop.lesson": AUTHORS,
    "workshop.lesson_comments": AUTHORS,
    "workshop.lesson_history": AUTHORS,
    "workshop.mark_reviewed": AUTHORS,
    "workshop.media_library": AUTHORS,
    "workshop.merge_lesson": AUTHORS,
    "workshop.merge_lessons": AUTHORS,
    "workshop.merge_text": AUTHORS,
    "workshop.move_lesson": in_vain(AUTHORS),
    "workshop.outside_links": AUTHORS,
    "workshop.overview_page": AUTHORS,
    "workshop.picture_page": in_vain(AUTHORS),
    "workshop.raise_edition": AUTHORS,
    "workshop.read_in": AUTHORS,
    "workshop.remove_picture": in_vain(AUTHORS),
    "workshop.remove_supplement": in_vain(to_her_contacts),
    "workshop.rename_lesson": AUTHORS,
    "workshop.reopen_comment": AUTHORS,
    "workshop.replace_picture": in_vain(AUTHORS),
    "workshop.restore_lesson": AUTHORS,
    "workshop.restore_text": AUTHORS,
    "workshop.retire_lesson": AUTHORS,
    "workshop.review_course": AUTHORS,
    "workshop.reviews": AUTHORS,
    "workshop.roll_back_course": AUTHORS,
    "workshop.save_course": AUTHORS,
    "workshop.save_lesson": AUTHORS,
    "workshop.save_supplement": to_her_contacts,
    "workshop.save_text": AUTHORS,
    "workshop.save_values": to_her_contacts,
    "workshop.settle_comment": AUTHORS,
    "workshop.split_lesson": AUTHORS,
    "workshop.step_of_course": AUTHORS,
    "workshop.supplement": to_her_contacts,
    "workshop.take_over": to_who_sent_the_course,
    "workshop.text": AUTHORS,
    "workshop.text_comments": AUTHORS,
    "workshop.text_history": AUTHORS,
    "workshop.town_course": to_her_contacts,
    "workshop.town_courses": to_her_contacts,
}
# The rules are the same code on both databases: PostgreSQL answers one actor of each kind.
SOME = (
    "visitor",
    "own",
    "expert, same Klasse",
    "coordinator, same town",
    "operator, other town",
    TRAINERS[1],
)


def everyone(kind: str, names: Iterable[str]) -> list[Any]:
    marks = [pytest.mark.postgres] if kind == "postgres" else []
    return [pytest.param(kind, name, marks=marks) for name in names]


Cell = tuple[str, str, str]  # endpoint, method, address


def cells(app: Flask, world: World) -> list[Cell]:
    """Each route with each method, its address filled in; signing out comes last, it ends the session."""
    bound = app.url_map.bind("localhost")
    return [
        (rule.endpoint, method, bound.build(rule.endpoint, values(rule, world), method=method))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


def values(rule: Rule, world: World) -> dict[str, object]:
    return {name: world.value(rule.endpoint, name) for name in rule.arguments}


@contextmanager
def undone(database: Database, client: CheckingClient) -> Iterator[None]:
    """What a request writes is taken back, in the database and in the browser: no cell touches another."""
    assert database.outer is not None
    before = database.outer.begin_nested()
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    yield
    before.rollback()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(kept)


def test_every_route_is_declared_and_no_other(apps: Callable[[str], Flask]) -> None:
    assert {rule.endpoint for rule in apps("sqlite").url_map.iter_rules()} == set(DECLARED)


@pytest.mark.parametrize(("kind", "name"), [*everyone("sqlite", ACTORS), *everyone("postgres", SOME)])
def test_the_matrix_holds(app: Flask, db: Session, database: Database, name: str) -> None:
    sensors.publish(db)
    world = make_world(db)
    client = browser(app, db, world, name)
    wrong = []
    for endpoint, method, address in cells(app, world):
        with undone(database, client):
            answer = client.submit(address) if method == "POST" else client.get(address)
            answer.close()
        found = outcome(answer.status_code, answer.headers.get("Location"))
        if found != DECLARED[endpoint](name):
            wrong.append((endpoint, method, found, "declared", DECLARED[endpoint](name)))
    assert wrong == []


LEARNING = ("learn.learning.models", "learn.learning.log")
READERS = ("learn/learning/", "learn/cli/bench.py")


def test_only_learning_itself_reads_anybodys_log() -> None:
    """security.md section 4.1; the other importer fills instances with invented people."""
    code = (module for module in rules.trees(rules.ROOT, "learn/") if not module[0].startswith(READERS))
    assert rules.modules_imported(code, *LEARNING) == []
    planted = ast.parse("from learn.learning import models\nfrom learn.learning.log import load")
    assert rules.modules_imported([("planted.py", planted)], *LEARNING) == ["planted.py:1", "planted.py:2"]
