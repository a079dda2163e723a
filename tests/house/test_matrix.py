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
from tests.house import rules
from tests.house.matrix import (
    ACTORS,
    TRAINERS,
    World,
    browser,
    make_world,
    outcome,
    to_everyone,
    to_experts_of_the_klasse,
    to_her_contacts,
    to_her_contacts_in_vain,
    to_her_town,
    to_no_other_author,
    to_nobody,
    to_nobody_signed_in,
    to_readers_but_the_author,
    to_readers_of_other_towns,
    to_roles,
    to_signed_in,
    to_the_asker,
    to_the_author,
    to_the_klasse,
    to_the_subject,
    to_who_comes_from_elsewhere,
    to_who_gave_the_password,
    to_who_may_judge,
    to_who_moderates,
    to_who_sent_the_course,
    to_who_sent_the_list,
)
from tests.site import sensors

COORDINATION = to_roles("coordinator")
STAFF = to_roles("coordinator", "operator")
AUTHORS = to_roles("trainer", "coordinator")
DECLARED = {
    "accounts.accept_invitation": to_nobody,
    "accounts.add_passkey": to_signed_in,
    "accounts.address": to_signed_in,
    "accounts.address_link": to_nobody_signed_in,
    "accounts.ask_address": to_signed_in,
    "accounts.ask_code": to_who_gave_the_password,
    "accounts.ask_reset": to_everyone,
    "accounts.begin_link": to_her_town,
    "accounts.begin_registration": to_everyone,
    "accounts.change_password": to_signed_in,
    "accounts.change_town": to_signed_in,
    "accounts.check_code": to_who_gave_the_password,
    "accounts.check_proof": to_signed_in,
    "accounts.check_sign_in": to_everyone,
    "accounts.choose_mails": to_signed_in,
    "accounts.close_account": to_signed_in,
    "accounts.come_back": to_everyone,
    "accounts.confirm_address": to_nobody_signed_in,
    "accounts.confirm_closing": to_signed_in,
    "accounts.confirm_registration": to_nobody,
    "accounts.confirm_removing_app": to_signed_in,
    "accounts.confirm_removing_passkey": to_the_subject,
    "accounts.confirm_return": to_nobody,
    "accounts.end_device": to_nobody_signed_in,
    "accounts.end_link": to_signed_in,
    "accounts.end_other_devices": to_signed_in,
    "accounts.export_own_data": to_signed_in,
    "accounts.forgotten": to_everyone,
    "accounts.go_to_provider": to_who_comes_from_elsewhere,
    "accounts.invitation": to_nobody,
    "accounts.leave_town": to_signed_in,
    "accounts.leaving": to_signed_in,
    "accounts.link": to_her_town,
    "accounts.look_in_mailbox": to_everyone,
    "accounts.new_passkey": to_signed_in,
    "accounts.own_data": to_signed_in,
    "accounts.own_log": to_signed_in,
    "accounts.passkey": to_the_subject,
    "accounts.password": to_signed_in,
    "accounts.profile": to_signed_in,
    "accounts.prove": to_signed_in,
    "accounts.recovery_codes": to_signed_in,
    "accounts.register": to_everyone,
    "accounts.registration_link": to_nobody,
    "accounts.remove_app": to_signed_in,
    "accounts.remove_passkey": to_the_subject,
    "accounts.rename_passkey": to_the_subject,
    "accounts.renew_codes": to_signed_in,
    "accounts.reset_link": to_nobody,
    "accounts.return_to_account": to_nobody,
    "accounts.save_profile": to_signed_in,
    "accounts.service_of_town": to_everyone,
    "accounts.set_new_password": to_nobody,
    "accounts.set_up_app": to_signed_in,
    "accounts.show_mail_choices": to_signed_in,
    "accounts.sign_in": to_everyone,
    "accounts.sign_in_methods": to_signed_in,
    "accounts.sign_in_with_passkey": to_everyone,
    "accounts.sign_out": to_signed_in,
    "accounts.stay": to_signed_in,
    "accounts.take_back_request": to_signed_in,
    "accounts.town": to_signed_in,
    "accounts.turn_on_app": to_signed_in,
    "accounts.waiting": to_everyone,
    "accounts.where_to_change_password": to_everyone,
    "courses.glossary": to_everyone,
    "courses.picture": to_nobody,
    "courses.term": to_nobody,
    "desk.accept_request": COORDINATION,
    "desk.accept_topic": COORDINATION,
    "desk.act": STAFF,
    "desk.add_cohort_town": COORDINATION,
    "desk.add_domain": COORDINATION,
    "desk.add_provider": COORDINATION,
    "desk.add_synonym": COORDINATION,
    "desk.add_topic": COORDINATION,
    "desk.approvals": COORDINATION,
    "desk.ask_action": STAFF,
    "desk.choose_approval": COORDINATION,
    "desk.ask_person": COORDINATION,
    "desk.ask_to_close_cohort_link": COORDINATION,
    "desk.ask_to_remove_cohort_town": COORDINATION,
    "desk.ask_to_remove_domain": COORDINATION,
    "desk.ask_to_renew_cohort_link": COORDINATION,
    "desk.ask_town": COORDINATION,
    "desk.audit_extract": STAFF,
    "desk.audit_file": STAFF,
    "desk.audit_log": STAFF,
    "desk.change_person_town": COORDINATION,
    "desk.change_provider": COORDINATION,
    "desk.change_roles": COORDINATION,
    "desk.change_town": COORDINATION,
    "desk.change_town_role": COORDINATION,
    "desk.check_people": COORDINATION,
    "desk.check_provider": COORDINATION,
    "desk.check_towns": COORDINATION,
    "desk.choose_course": COORDINATION,
    "desk.close_cohort_link": COORDINATION,
    "desk.cohort": COORDINATION,
    "desk.cohort_list": COORDINATION,
    "desk.confirm_removal": COORDINATION,
    "desk.create_cohort": COORDINATION,
    "desk.decline_request": COORDINATION,
    "desk.describe_cohort": COORDINATION,
    "desk.discard_people": to_who_sent_the_list,
    "desk.drop_course": COORDINATION,
    "desk.hide_reported": COORDINATION,
    "desk.import_people": to_who_sent_the_list,
    "desk.import_towns": COORDINATION,
    "desk.invitations": COORDINATION,
    "desk.invite_person": COORDINATION,
    "desk.invite_town": COORDINATION,
    "desk.join_request": COORDINATION,
    "desk.join_requests": COORDINATION,
    "desk.keep_act": COORDINATION,
    "desk.keep_reported": COORDINATION,
    "desk.moderation_act": COORDINATION,
    "desk.moderation_log": COORDINATION,
    "desk.move_course": COORDINATION,
    "desk.move_topic": COORDINATION,
    "desk.new_cohort": COORDINATION,
    "desk.new_provider": COORDINATION,
    "desk.open_cohort_link": COORDINATION,
    "desk.overview": STAFF,
    "desk.people": STAFF,
    "desk.people_list": to_who_sent_the_list,
    "desk.people_upload": COORDINATION,
    "desk.person": STAFF,
    "desk.person_town": COORDINATION,
    "desk.place_topic": COORDINATION,
    "desk.provider": STAFF,
    "desk.provider_list": STAFF,
    "desk.refuse_topic": COORDINATION,
    "desk.remove_cohort_town": COORDINATION,
    "desk.remove_domain": COORDINATION,
    "desk.remove_provider": COORDINATION,
    "desk.remove_synonym": COORDINATION,
    "desk.rename_topic": COORDINATION,
    "desk.report_case": COORDINATION,
    "desk.report_queue": COORDINATION,
    "desk.roles": COORDINATION,
    "desk.topic": COORDINATION,
    "desk.topic_list": COORDINATION,
    "desk.town": COORDINATION,
    "desk.town_list": COORDINATION,
    "desk.town_table": COORDINATION,
    "desk.town_upload": COORDINATION,
    "desk.unanswered_questions": COORDINATION,
    "desk.withdraw_invitation": COORDINATION,
    "forum.acts_of_question": to_who_moderates,
    "forum.answer": to_the_klasse,
    "forum.answer_page": to_the_klasse,
    "forum.ask": to_signed_in,
    "forum.ask_to_delete_draft": to_the_subject,
    "forum.ask_to_hide_post": to_who_moderates,
    "forum.ask_to_hide_question": to_who_moderates,
    "forum.ask_to_lock": to_who_moderates,
    "forum.ask_to_merge": COORDINATION,
    "forum.ask_to_move": COORDINATION,
    "forum.ask_to_object": to_the_subject,
    "forum.ask_to_report": to_readers_but_the_author,
    "forum.ask_to_split": COORDINATION,
    "forum.ask_to_undo": to_who_moderates,
    "forum.ask_to_withdraw": to_the_author,
    "forum.change_level": to_the_asker,
    "forum.comment": to_the_klasse,
    "forum.comment_page": to_the_klasse,
    "forum.delete_draft": to_the_subject,
    "forum.draft_list": to_signed_in,
    "forum.edit": to_the_asker,
    "forum.feed": to_everyone,
    "forum.follow": to_the_klasse,
    "forum.follow_topic": to_signed_in,
    "forum.follow_town": to_signed_in,
    "forum.helped": to_readers_of_other_towns,
    "forum.hide_post": to_who_moderates,
    "forum.hide_question": to_who_moderates,
    "forum.history": to_the_klasse,
    "forum.judge": to_who_may_judge,
    "forum.level": to_the_asker,
    "forum.lock": to_who_moderates,
    "forum.mark": to_who_may_judge,
    "forum.me_too": to_readers_of_other_towns,
    "forum.mention": to_the_klasse,
    "forum.merge": COORDINATION,
    "forum.move": COORDINATION,
    "forum.object_to": to_the_subject,
    "forum.open_draft": to_the_subject,
    "forum.own_feeds": to_signed_in,
    "forum.picture": to_the_klasse,
    "forum.post": to_the_klasse,
    "forum.question": to_the_klasse,
    "forum.question_by_number": to_the_klasse,
    "forum.questions": to_everyone,
    "forum.quote": to_the_klasse,
    "forum.read": to_the_klasse,
    "forum.renew_feed_key": to_signed_in,
    "forum.report": to_readers_but_the_author,
    "forum.save_draft": to_signed_in,
    "forum.save_edit": to_the_asker,
    "forum.send_question": to_signed_in,
    "forum.similar": to_signed_in,
    "forum.similar_helped": to_nobody_signed_in,
    "forum.split": COORDINATION,
    "forum.topic": to_everyone,
    "forum.topic_feed": to_everyone,
    "forum.town_feed": to_everyone,
    "forum.undo": to_who_moderates,
    "forum.withdraw": to_the_author,
    "health.healthz": to_everyone,
    "health.readyz": to_everyone,
    "site.accessibility": to_everyone,
    "site.ask_to_join_cohort": to_signed_in,
    "site.ask_to_leave_cohort": to_experts_of_the_klasse,
    "site.begin": to_signed_in,
    "site.cannot": to_everyone,
    "site.catalogue": to_everyone,
    "site.check": to_everyone,
    "site.choose_display": to_everyone,
    "site.cohort": to_the_klasse,
    "site.complete": to_signed_in,
    "site.course": to_everyone,
    "site.draft": AUTHORS,
    "site.draft_on_paper": AUTHORS,
    "site.easy_language": to_everyone,
    "site.finish": to_signed_in,
    "site.finish_notice": to_signed_in,
    "site.finish_notices": to_signed_in,
    "site.hand_in": to_signed_in,
    "site.help_page": to_everyone,
    "site.imprint": to_everyone,
    "site.join_cohort": to_signed_in,
    "site.leave_cohort": to_experts_of_the_klasse,
    "site.lesson": to_everyone,
    "site.list_notices": to_signed_in,
    "site.overview": to_signed_in,
    "site.own_cohorts": to_signed_in,
    "site.paper_pdf": to_everyone,
    "site.paper_source": to_everyone,
    "site.papers": to_everyone,
    "site.plan_page": to_everyone,
    "site.printed": to_everyone,
    "site.privacy": to_everyone,
    "site.register_of_processing": to_everyone,
    "site.reopen": to_signed_in,
    "site.report_barrier": to_everyone,
    "site.save_plan": to_signed_in,
    "site.search": to_everyone,
    "site.send_barrier": to_everyone,
    "site.send_trial": to_signed_in,
    "site.show_display": to_everyone,
    "site.show_paper": to_everyone,
    "site.show_unsubscribing": to_nobody,
    "site.sign_language": to_everyone,
    "site.start": to_everyone,
    "site.town": to_everyone,
    "site.towns": to_everyone,
    "site.unsubscribe": to_nobody,
    "site.workshop_help": to_everyone,
    "site.writing_help": to_everyone,
    "site.writing_section": to_everyone,
    "workshop.add_glossary": AUTHORS,
    "workshop.add_lesson": AUTHORS,
    "workshop.add_module": AUTHORS,
    "workshop.add_pictures": AUTHORS,
    "workshop.add_test": AUTHORS,
    "workshop.arrange": AUTHORS,
    "workshop.ask_for_address": AUTHORS,
    "workshop.ask_for_course": AUTHORS,
    "workshop.ask_for_edition": AUTHORS,
    "workshop.ask_removal": AUTHORS,
    "workshop.ask_to_discard": AUTHORS,
    "workshop.ask_to_merge": AUTHORS,
    "workshop.ask_to_move": AUTHORS,
    "workshop.ask_to_remove_supplement": to_her_contacts_in_vain,
    "workshop.ask_to_retire": AUTHORS,
    "workshop.ask_to_split": AUTHORS,
    "workshop.comment_lesson": AUTHORS,
    "workshop.comment_text": AUTHORS,
    "workshop.convert_pasted": AUTHORS,
    "workshop.course": AUTHORS,
    "workshop.course_releases": AUTHORS,
    "workshop.create_course": AUTHORS,
    "workshop.decide_lesson": AUTHORS,
    "workshop.decide_text": AUTHORS,
    "workshop.delete_comment": to_no_other_author,
    "workshop.describe_picture": AUTHORS,
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
    "workshop.move_lesson": AUTHORS,
    "workshop.outside_links": AUTHORS,
    "workshop.overview_page": AUTHORS,
    "workshop.picture_page": AUTHORS,
    "workshop.raise_edition": AUTHORS,
    "workshop.read_in": AUTHORS,
    "workshop.remove_picture": AUTHORS,
    "workshop.remove_supplement": to_her_contacts_in_vain,
    "workshop.rename_lesson": AUTHORS,
    "workshop.reopen_comment": AUTHORS,
    "workshop.replace_picture": AUTHORS,
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
