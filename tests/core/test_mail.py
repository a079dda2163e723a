"""Mail: headers, transports, refusals, and an outbox that outlives a server that is down or silent."""

import email
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default

import pytest
from sqlalchemy import select

from learn.config import Config, ConfigError
from learn.core import clock, jobs, logs, mail
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.models import Job
from tests.conftest import make_config
from tests.core.smtp import Inbox, free_port, serving

HELLO = mail.Message("jana@example.org", "Größe der Übersicht", "Guten Tag,\nmit Umlauten: äöüß.\n")


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    """A real SMTP server on loopback and its port."""
    kept = Inbox()
    with serving(kept) as port:
        yield kept, port


def send_and_work(config: Config, message: mail.Message) -> list[Job]:
    """Send in a transaction, let the worker try once, and give what is left to do."""
    database = Database.of(config)
    with database.writing() as session:
        mail.send(session, message)
    jobs.Worker(jobs.Work(config, database), logs.logger("json")).once()
    with database.reading() as session:
        left = list(session.scalars(select(Job)))
    database.dispose()
    return left


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_mail_becomes_one_file_with_the_headers_of_automatic_mail(instance: Config) -> None:
    assert send_and_work(instance, HELLO) == []
    (file,) = (instance.instance / "mail").glob("*.eml")
    found = email.message_from_bytes(file.read_bytes(), policy=default)
    assert found["To"] == "jana@example.org"
    assert found["From"] == '"Smart Cities: Schule" <learn@localhost>'
    assert found["Subject"] == HELLO.subject
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Message-ID"] == f"<{file.stem}@localhost>"
    assert found.get_content().replace("\r\n", "\n") == HELLO.text
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_mail_reaches_a_server(instance: Config, inbox: tuple[Inbox, int]) -> None:
    kept, port = inbox
    config = replace(instance, mail_url=f"smtp://127.0.0.1:{port}")
    message = replace(HELLO, html="<p>Guten Tag</p>")
    assert send_and_work(config, message) == []
    (found,) = kept.mails
    body = found.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == HELLO.text
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_closed_port_leaves_the_mail_in_the_outbox(instance: Config) -> None:
    (job,) = send_and_work(replace(instance, mail_url=f"smtp://127.0.0.1:{free_port()}"), HELLO)
    assert (job.state, job.attempts) == ("due", 1)
    assert "refused" in job.problem.lower()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_mute_server_costs_the_worker_at_most_the_timeout(
    instance: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mail.TIMEOUT == 5.0
    monkeypatch.setattr(mail, "TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        begun = time.monotonic()
        (job,) = send_and_work(replace(instance, mail_url=f"smtp://127.0.0.1:{mute.getsockname()[1]}"), HELLO)
    assert time.monotonic() - begun < 5
    assert job.attempts == 1


def test_encryption_is_never_dropped_silently(inbox: tuple[Inbox, int], tmp_path: object) -> None:
    kept, port = inbox
    transport = mail.Smtp("127.0.0.1", port, "starttls")
    message = EmailMessage()
    with pytest.raises(OSError, match="STARTTLS"):
        transport.deliver(message)
    assert kept.mails == []


def test_a_second_try_bears_the_same_message_id(tmp_path: object, mail_config: Config) -> None:
    first = mail.build(mail_config, HELLO, "20260302.ab", clock.now())
    second = mail.build(mail_config, HELLO, "20260302.ab", clock.now())
    assert first["Message-ID"] == second["Message-ID"] == "<20260302.ab@localhost>"


def test_mail_of_a_list_says_how_to_leave_it_and_where_it_belongs(mail_config: Config) -> None:
    plain = mail.build(mail_config, replace(HELLO, settings="http://localhost/s"), "1", clock.now())
    assert plain["List-Unsubscribe"] == "<http://localhost/s>"
    assert (plain["List-Unsubscribe-Post"], plain["References"], plain["List-ID"]) == (None, None, None)
    message = replace(HELLO, unsubscribe="http://localhost/a", thread="20260302.root", list_name="forum")
    found = mail.build(mail_config, message, "1", clock.now())
    assert found["List-Unsubscribe"] == "<http://localhost/a>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (found["References"], found["List-ID"]) == ("<20260302.root@localhost>", "<forum.localhost>")
    with pytest.raises(Refused):
        replace(HELLO, unsubscribe="http://localhost/a\nBcc: x@example.org")


@pytest.mark.parametrize("words", ["a\nBcc: x@example.org", "a\r", "a\0", "a\u2028b", "a\x85b"])
def test_control_characters_in_headers_are_refused(words: str) -> None:
    with pytest.raises(Refused):
        mail.Message("jana@example.org", words, "")
    with pytest.raises(Refused):
        mail.Message(words, "Betreff", "")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 587, "starttls")),
        ("smtp://mail.example.org:25?tls=none", ("mail.example.org", 25, "none")),
        ("smtps://mail.example.org", ("mail.example.org", 465, "tls")),
        ("smtp://localhost", ("localhost", 25, "none")),
    ],
)
def test_transports_encrypt_unless_told_otherwise(
    mail_config: Config, url: str, expected: tuple[str, int, str]
) -> None:
    found = mail.transport(replace(mail_config, mail_url=url))
    assert isinstance(found, mail.Smtp)
    assert (found.host, found.port, found.tls) == expected


def test_names_and_passwords_are_decoded_and_unknown_encryption_refused(mail_config: Config) -> None:
    found = mail.transport(replace(mail_config, mail_url="smtp://a%40b:p%2Fw@mail.example.org"))
    assert isinstance(found, mail.Smtp)
    assert (found.user, found.password) == ("a@b", "p/w")
    with pytest.raises(ConfigError, match="LEARN_MAIL_URL"):
        mail.transport(replace(mail_config, mail_url="smtp://mail.example.org?tls=maybe"))


def test_console_prints(mail_config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    transport = mail.transport(replace(mail_config, mail_url="console:"))
    transport.deliver(mail.build(mail_config, HELLO, "1", clock.now()))
    assert "Subject" in capsys.readouterr().out


@pytest.fixture
def mail_config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Settings without a database behind them."""
    return make_config(tmp_path_factory.mktemp("mail") / "instance")
