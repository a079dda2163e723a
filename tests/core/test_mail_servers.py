"""Letters and real mail servers: umlauts, encryption, silence, refusals; each keeps its one number."""

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask
from sqlalchemy import select, update

from learn import create_app
from learn.config import Config
from learn.core import clock, jobs, letters, logs, mail
from learn.core.db import Database
from learn.core.letters import Letter
from learn.core.models import Job
from tests.client import CheckingClient
from tests.core.smtp import Inbox, certificate, free_port, serving

LETTER = Letter(
    subject="Größe der Übersicht: „Straße“ – prüfen",
    paragraphs=("für Lüdinghausen wächst die Übersicht. Öffnen Sie sie." * 9,),
    link=("Übersicht öffnen", "http://localhost/kommunen/05558020"),
    after=("Süße Grüße 😀",),
)

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


class Outbox:
    """An instance whose mail goes to a port of loopback, and its worker."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.database = Database.of(config)
        self.worker = jobs.Worker(jobs.Work(config, self.database), logs.logger("json"))

    def to(self, port: int, scheme: str = "smtp", options: str = "", user: str = "") -> "Outbox":
        """The same with another server."""
        url = f"{scheme}://{user}127.0.0.1:{port}{options}"
        self.config = replace(self.config, mail_url=url)
        self.worker.work = jobs.Work(self.config, self.database)
        return self

    def put(self, letter: Letter = LETTER, to: str = "jana@example.org") -> None:
        with self.database.writing() as session:
            mail.send(session, letters.message(self.config, to, letter))

    def waiting(self) -> list[Job]:
        with self.database.reading() as session:
            return list(session.scalars(select(Job).where(Job.name == "send_mail")))

    def numbers(self) -> list[str]:
        """The Message-IDs that the waiting mails will bear."""
        return [f"<{job.arguments['number']}@localhost>" for job in self.waiting()]


@pytest.fixture
def outbox(instance: Config) -> Iterator[Outbox]:
    found = Outbox(instance)
    yield found
    found.database.dispose()


def test_a_letter_with_umlauts_arrives_whole(outbox: Outbox) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        outbox.to(port).put()
        (number,) = outbox.numbers()
        assert outbox.worker.once()
    assert outbox.waiting() == []
    (found,) = inbox.mails
    assert found["Subject"] == LETTER.subject
    assert found["Message-ID"] == number
    assert found["Auto-Submitted"] == "auto-generated"
    plain, page = found.get_body(("plain",)), found.get_body(("html",))
    assert plain is not None
    assert page is not None
    message = letters.message(outbox.config, "jana@example.org", LETTER)
    assert plain.get_content().replace("\r\n", "\n") == message.text
    assert page.get_content().replace("\r\n", "\n") == message.html + "\n"
    for part in (plain, page):
        assert part.get_content_charset() == "utf-8"
        assert "Lüdinghausen wächst" in part.get_content()
        assert "Süße Grüße 😀" in part.get_content()


def test_what_travels_fits_through_every_server(outbox: Outbox) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        outbox.to(port).put()
        outbox.worker.once()
    (raw,) = inbox.raw
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_mail_one_may_end_names_the_page_for_it(outbox: Outbox) -> None:
    inbox, address = Inbox(), "http://localhost/konto/mitteilungen"
    with serving(inbox) as port:
        outbox.to(port).put(replace(LETTER, settings=address))
        outbox.worker.once()
    (found,) = inbox.mails
    assert found["List-Unsubscribe"] == f"<{address}>"
    assert "List-Unsubscribe-Post" not in found


def test_an_outage_delays_and_the_mail_then_arrives_once(outbox: Outbox) -> None:
    port, inbox = free_port(), Inbox()
    with time_machine.travel(clock.now(), tick=False) as time:
        outbox.to(port).put()
        (number,) = outbox.numbers()
        for _ in range(3):
            assert outbox.worker.once()
            (job,) = outbox.waiting()
            time.move_to(job.run_at)
        with serving(inbox, port):
            assert outbox.worker.once()
            assert not outbox.worker.once()
    assert outbox.waiting() == []
    assert [found["Message-ID"] for found in inbox.mails] == [number]


def test_an_outage_of_three_days_loses_no_mail(outbox: Outbox) -> None:
    lasts = (mail.ATTEMPTS - jobs.ATTEMPTS) * jobs.LONGEST_PAUSE
    assert lasts >= timedelta(days=3)
    port, inbox = free_port(), Inbox()
    with time_machine.travel(clock.now(), tick=False) as time:
        outbox.to(port).put()
        with outbox.database.writing() as session:
            session.execute(update(Job).values(attempts=mail.ATTEMPTS - 2))
        assert outbox.worker.once()
        (job,) = outbox.waiting()
        assert (job.state, job.run_at - clock.now()) == ("due", jobs.LONGEST_PAUSE)
        time.move_to(job.run_at)
        with serving(inbox, port):
            assert outbox.worker.once()
    assert len(inbox.mails) == 1


def test_a_silent_server_holds_the_worker_once_not_for_each_mail(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT", 0.2)
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        outbox.to(mute.getsockname()[1])
        for _ in range(5):
            outbox.put()
        while outbox.worker.once():
            pass
        assert [job.attempts for job in outbox.waiting()] == [1] * 5
        assert [job.problem.partition(":")[0] for job in outbox.waiting()].count("ServerAway") == 4
        assert connections(mute) == 1


def connections(server: socket.socket) -> int:
    """How many have knocked at a server that never answers."""
    server.setblocking(False)
    number = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return number
        number += 1


def test_no_page_talks_to_the_mail_server(instance: Config) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        app = create_app(replace(instance, mail_url=f"smtp://127.0.0.1:{mute.getsockname()[1]}"))
        app.test_client_class = CheckingClient
        browser = app.test_client()
        assert isinstance(browser, CheckingClient)
        answer = browser.submit("/barriere-melden", {"body": "Größe", "seite": "/", "email": ""})
        assert answer.status_code == 303
        assert connections(mute) == 0
        assert [job.name for job in jobs_of(app)] == ["send_mail"]


def jobs_of(app: Flask) -> list[Job]:
    database = app.extensions["learn.database"].current()
    with database.reading() as session:
        found = list(session.scalars(select(Job)))
    database.dispose()
    return found


def test_a_worker_killed_after_delivery_sends_the_same_number_again(outbox: Outbox) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        outbox.to(port).put()
        (job,) = outbox.waiting()
        jobs.HANDLERS["send_mail"](outbox.worker.work, **job.arguments)  # and dies before its job is done
        outbox.worker.once()
    first, second = inbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_an_unknown_address_is_given_up_and_not_repeated_in_the_reason(outbox: Outbox) -> None:
    with serving(Inbox(refuses="550 5.1.1 <jana@example.org>: no such user")) as port:
        outbox.to(port).put()
        outbox.worker.once()
    (job,) = outbox.waiting()
    assert job.state == "dead"
    assert job.problem == "Hopeless: Der Mailserver kennt die Empfangsadresse nicht (550 5.1.1)."


@pytest.mark.parametrize(
    "answer", ["550 relay not permitted", "554 5.7.1 Relay denied", "451 4.7.1 Greylisted"]
)
def test_other_refusals_may_pass(outbox: Outbox, answer: str) -> None:
    with serving(Inbox(refuses=answer)) as port:
        outbox.to(port).put()
        outbox.worker.once()
    (job,) = outbox.waiting()
    assert job.state == "due"
    assert "jana" not in job.problem
    assert answer[:3] in job.problem


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_encrypted_servers_are_trusted_by_certificate_only(
    outbox: Outbox, scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, context = certificate(tmp_path)
    options = (
        {"ssl_context": context} if scheme == "smtps" else {"tls_context": context, "require_starttls": True}
    )
    inbox = Inbox()
    with time_machine.travel(clock.now(), tick=False) as time, serving(inbox, **options) as port:
        outbox.to(port, scheme, "?tls=starttls" if scheme == "smtp" else "").put()
        outbox.worker.once()
        (job,) = outbox.waiting()
        assert "certificate verify failed" in job.problem.lower()
        assert inbox.mails == []
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        time.shift(timedelta(minutes=1))
        outbox.worker.once()
    assert outbox.waiting() == []
    assert len(inbox.mails) == 1


def test_name_and_password_are_used_on_an_encrypted_connection(
    outbox: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    seen: list[tuple[bytes, bytes]] = []

    def check(
        _server: object, _session: object, _envelope: object, _mechanism: str, sent: LoginPassword
    ) -> AuthResult:
        seen.append((sent.login, sent.password))
        return AuthResult(success=True)

    inbox = Inbox()
    with serving(inbox, tls_context=context, authenticator=check, auth_required=True) as port:
        outbox.to(port, options="?tls=starttls", user="learn%40example.org:p%2Fw@").put()
        outbox.worker.once()
    assert outbox.waiting() == []
    assert seen == [(b"learn@example.org", b"p/w")]


@pytest.mark.parametrize(
    ("to", "arrives"),
    [
        ("jana@gießen.example", "jana@xn--gieen-nqa.example"),
        ("jürgen@gießen.example", "jürgen@xn--gieen-nqa.example"),
    ],
)
def test_addresses_with_umlauts(outbox: Outbox, to: str, arrives: str) -> None:
    inbox = Inbox()
    with serving(inbox, enable_SMTPUTF8=True) as port:
        outbox.to(port).put(to=to)
        outbox.worker.once()
    assert outbox.waiting() == []
    assert inbox.to == [arrives]
    assert inbox.mails[0]["Subject"] == LETTER.subject


def test_a_probe_asks_for_the_sender_and_sends_nothing(outbox: Outbox) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        found = mail.transport(outbox.to(port).config)
        assert isinstance(found, mail.Smtp)
        found.probe("learn@localhost")
    assert inbox.mails == []
