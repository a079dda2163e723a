"""What `learn check` says about mail: where it really goes, and what waits in the outbox."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, update

from learn.cli import check
from learn.config import Config
from learn.core import mail
from learn.core.db import Database
from learn.core.models import Job
from learn.forum.models import Question
from tests.core.smtp import Inbox, free_port, serving
from tests.forum.factories import make_question, make_reader

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


def said(config: Config) -> str:
    """The one line about mail."""
    (finding,) = check.outgoing(config)
    return str(finding)


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    found = Database.of(instance)
    yield found
    found.dispose()


def test_mail_that_goes_nowhere_is_called_so(instance: Config) -> None:
    assert f"Warnung  E-Mail: Sie landen nur als Dateien in {instance.instance}/mail." in said(instance)
    assert "Warnung  E-Mail: Sie landen nur auf der Konsole." in said(replace(instance, mail_url="console:"))


def test_a_server_is_good_when_it_takes_the_sender(instance: Config) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        config = replace(instance, mail_url=f"smtp://127.0.0.1:{port}", mail_from="schule@kreis.example")
        expected = (
            f"gut      E-Mail: 127.0.0.1:{port} auf diesem Rechner nimmt sie von schule@kreis.example an"
        )
        assert said(config) == expected
        assert "Setzen Sie LEARN_MAIL_FROM" in said(replace(config, mail_from="learn@localhost"))
    assert inbox.mails == []


def test_a_server_that_wants_a_password_first_is_a_fault(instance: Config) -> None:
    with serving(Inbox(), auth_required=True) as port:
        found = said(replace(instance, mail_url=f"smtp://127.0.0.1:{port}"))
    assert found.startswith("Fehler   E-Mail: Der Server antwortet nicht wie erwartet (")
    assert "530" in found


def test_a_server_that_is_not_there_is_a_fault(instance: Config) -> None:
    assert said(replace(instance, mail_url=f"smtp://127.0.0.1:{free_port()}")).startswith("Fehler   E-Mail:")


def test_mail_in_the_clear_to_another_machine_is_a_warning(instance: Config) -> None:
    found = check.where_mail_goes(instance, mail.Smtp("mail.example.org", 25, "none"))
    assert str(found).startswith("Warnung  E-Mail: mail.example.org:25 bekommt sie unverschlüsselt.")
    good = check.where_mail_goes(
        replace(instance, mail_from="schule@kreis.example"), mail.Smtp("mail.example.org", 587, "starttls")
    )
    assert (
        str(good)
        == "gut      E-Mail: mail.example.org:587 mit STARTTLS nimmt sie von schule@kreis.example an"
    )


def test_a_thousand_delayed_mails_are_one_line(instance: Config, database: Database) -> None:
    away = "ServerAway: Der Mailserver antwortet nicht."
    with database.writing() as session:
        session.add_all(
            Job(name="send_mail", arguments={}, run_at=func.now(), state="due", problem=away)
            for _ in range(1000)
        )
    with database.reading() as session:
        found = [str(finding) for finding in check.background(instance, session.connection())]
    assert found[0] == f"Warnung  Aufgaben: send_mail, 1000-mal wird wiederholt: {away}"


def test_a_mistyped_address_is_no_fault_of_the_instance(instance: Config, database: Database) -> None:
    with database.writing() as session:
        for problem in (f"Hopeless: {mail.UNKNOWN} (550 5.1.1).", "OSError: zu"):
            session.add(Job(name="send_mail", arguments={}, run_at=func.now(), state="dead", problem=problem))
    with database.reading() as session:
        levels = [finding.level for finding in check.background(instance, session.connection())]
    assert levels == [check.WARNING, check.ERROR]


def test_questions_with_wrong_counters_are_told(instance: Config, database: Database) -> None:
    def told() -> str:
        with database.reading() as session:
            (finding,) = check.forum(instance, session.connection())
            return str(finding)

    with database.writing() as session:
        question = make_question(session, make_reader(session))
    assert told() == "gut      Forum: Zähler und Beiträge stimmen überein"
    with database.writing() as session:
        session.execute(update(Question).where(Question.id == question.id).values(answers=3))
    assert told().startswith("Warnung  Forum: 1 Fragen haben falsche Zähler.")
