"""Copies of mails go after thirty days, or with the address that they name."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from learn.config import Config
from learn.core import clock, copies, jobs, mail, storage
from learn.core.db import Database
from learn.core.mail import Message
from tests.conftest import make_config

DAY = timedelta(days=1)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_config(tmp_path / "instance")


@pytest.fixture
def work(config: Config) -> jobs.Work:
    return jobs.Work(config, Database.of(config))


def deliver(config: Config, to: str, text: str = "Text", *, number: int = 1) -> Path:
    now = clock.now()
    name = f"{now:%Y%m%d%H%M%S}.{number:016x}"
    mail.transport(config).deliver(mail.build(config, Message(to, "Betreff", text), name, now))
    return config.instance / "mail" / f"{name}.eml"


@pytest.mark.parametrize(
    ("to", "text"),
    [
        ("anna@x.example", "Text"),
        ("ANNA@X.example", "Text"),
        ("hilfe@x.example", "Antwort an: anna@x.example\n\nGrüße"),
    ],
)
def test_mails_to_and_about_an_address_go(config: Config, work: jobs.Work, to: str, text: str) -> None:
    deliver(config, to, text)
    kept = deliver(config, "joanna@x.example", "Es geht um anna@y.example", number=2)
    copies.forget_mails(work, whom=copies.keyed(config, "Anna@x.example"))
    assert list(kept.parent.glob("*.eml")) == [kept]


def test_domains_with_umlauts_are_one_however_written(config: Config, work: jobs.Work) -> None:
    deliver(config, "ännchen@grün.example")
    copies.forget_mails(work, whom=copies.keyed(config, "Ännchen@GRÜN.example"))
    assert not list((config.instance / "mail").glob("*.eml"))


def test_the_hash_differs_between_instances(config: Config, tmp_path: Path) -> None:
    other = make_config(tmp_path / "other", secret_key="1" * 64)
    assert copies.keyed(config, "a@x.de") != copies.keyed(other, "a@x.de")
    assert "a@x.de" not in copies.keyed(config, "a@x.de")


def test_copies_stay_thirty_days(config: Config, work: jobs.Work) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        path = deliver(config, "anna@x.example")
        foreign = path.with_name("notiz.eml")
        foreign.write_text("von jemand anderem")
        traveller.shift(30 * DAY - timedelta(minutes=1))
        copies.forget_old_mails(work)
        assert path.exists()
        traveller.shift(timedelta(minutes=2))
        copies.forget_old_mails(work)
    assert not path.exists()
    assert foreign.exists()


def test_unfinished_files_go_after_an_hour(config: Config, work: jobs.Work) -> None:
    fresh, old = (config.instance / "mail" / f"{storage.TEMPORARY}{name}" for name in ("a", "b"))
    for path in (fresh, old):
        path.write_text("halb")
    os.utime(old, (1, 1))
    copies.forget_old_mails(work)
    assert fresh.exists()
    assert not old.exists()


def test_with_a_server_there_are_no_copies(tmp_path: Path) -> None:
    config = make_config(tmp_path / "instance", mail_url="smtp://localhost:2525")
    assert copies.folder(config) is None
    assert copies.remove(config, "x") == 0
    copies.forget_old_mails(jobs.Work(config, Database.of(config)))


def test_bytes_that_are_no_mail_are_left_alone(config: Config, work: jobs.Work) -> None:
    broken = config.instance / "mail" / "20261121000000.0000000000000001.eml"
    broken.write_bytes(b"\xff\xfe\x00 kaputt\r\nTo: =?utf-8?b?###?=\r\n")
    copies.forget_mails(work, whom=copies.keyed(config, "anna@x.example"))
    assert broken.exists()
