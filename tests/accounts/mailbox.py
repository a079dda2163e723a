"""The mails of a test's instance: the worker does what is due, the file transport delivers, this reads."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask

from learn.config import Config
from learn.core import jobs, logs
from learn.core.db import Database


class Mailbox:
    """Everybody's mail; each is given out once."""

    def __init__(self, config: Config, database: Database) -> None:
        self.folder = Path(config.instance / "mail")
        self.worker = jobs.Worker(jobs.Work(config, database), logs.logger("json"))
        self.read: set[str] = set()

    @classmethod
    def of(cls, app: Flask) -> "Mailbox":
        return cls(app.extensions["learn.config"], app.extensions["learn.database"].current())

    def new(self) -> list[EmailMessage]:
        """Do all due work, then give the mails not given before."""
        while self.worker.once():
            pass
        paths = sorted(path for path in self.folder.glob("*.eml") if path.name not in self.read)
        self.read |= {path.name for path in paths}
        return [parsed(path) for path in paths]

    def one(self) -> EmailMessage:
        """The only new mail."""
        (found,) = self.new()
        return found

    def link(self) -> str:
        """The path of the only link of the only new mail that ends in a token."""
        return path_in(self.one())


def parsed(path: Path) -> EmailMessage:
    found = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def text(mail: EmailMessage) -> str:
    """The plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    found: str = body.get_content()
    return found


def path_in(mail: EmailMessage) -> str:
    """The path of its link that ends in a token."""
    (path,) = re.findall(r"http://[^/\s]+(/[a-z/]+/[\w-]{22})(?!\S)", text(mail))
    assert isinstance(path, str)
    return path
