"""Outgoing mail: a message becomes a job in the caller's transaction, a transport takes it to its place."""

import hashlib
import hmac
import re
import secrets
import smtplib
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy.orm import Session

from learn.config import Config, ConfigError
from learn.core import clock, jobs, storage
from learn.core.access import Refused
from learn.core.hostnames import ascii_form

# Seven bits: not every server on the way announces that it takes eight.
SMTP = SMTP_POLICY.clone(cte_type="7bit")
ACCEPTED = 250
UNKNOWN = "Der Mailserver kennt die Empfangsadresse nicht"
TIMEOUT = 5.0  # seconds; without one a silent server held a job for ever
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ATTEMPTS = 80  # three days, as mail servers among themselves
REST = timedelta(seconds=30)  # how long a server that did not answer is left alone, so that other jobs go on
AWAY: dict[tuple[str, int], datetime] = {}  # until when


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one address. Control characters in what becomes a header are refused.

    `settings`: the page on which mails of this kind are switched off, an absolute address. `unsubscribe`: an
    address whose POST does so without signing in (RFC 8058). `thread`: the number of the mail, sent or not,
    that begins the conversation. `list_name`: which list of this instance it belongs to, one word.
    """

    to: str
    subject: str
    text: str
    html: str = ""
    settings: str = ""
    unsubscribe: str = ""
    thread: str = ""
    list_name: str = ""

    def __post_init__(self) -> None:
        heads = self.to + self.subject + self.settings + self.unsubscribe + self.thread + self.list_name
        if any(not sign.isprintable() for sign in heads):
            raise Refused("Entfernen Sie Zeilenumbrüche und Steuerzeichen.")


class ServerAway(OSError):
    """The mail server has just not answered."""

    def __str__(self) -> str:
        return "Der Mailserver antwortet nicht."


class NotTaken(OSError):
    """The server does not take the address now; that may be its own trouble."""


class Transport(Protocol):
    """Takes a whole mail to its place or raises."""

    def deliver(self, mail: EmailMessage) -> None: ...


class Watcher(Protocol):
    """Keeps in mind which addresses take mail; a package above registers one."""

    def takes_mail(self, work: jobs.Work, address: str) -> bool:
        """Whether mail that somebody chose may go there; safety mails are sent all the same."""

    def heard(self, work: jobs.Work, address: str, problem: Exception | None) -> None:
        """A server took the mail, or refused the address."""


WATCHERS: list[Watcher] = []


def send(session: Session, message: Message) -> None:
    """Enqueue the mail; its Message-ID stays the same over all tries, so a second copy is recognised."""
    now = clock.now()
    number = f"{now:%Y%m%d%H%M%S}.{secrets.token_hex(8)}"
    jobs.enqueue(session, "send_mail", number=number, date=now.isoformat(), **asdict(message))


@jobs.job("send_mail", attempts=ATTEMPTS)
def deliver(work: jobs.Work, *, number: str, date: str, **parts: str) -> None:
    """Build the mail and hand it over."""
    hand_over(work, Message(**parts), number, datetime.fromisoformat(date))


def hand_over(work: jobs.Work, message: Message, number: str, date: datetime) -> bool:
    """Hand a mail to the transport of the settings; False for a chosen one that its address does not take.

    Raises what the transport raises. `number`: see `build`.
    """
    if message.settings and not all(watcher.takes_mail(work, message.to) for watcher in WATCHERS):
        return False
    mail = build(work.config, message, number, date)
    try:
        transport(work.config).deliver(mail)
    except (NotTaken, jobs.Hopeless) as problem:
        tell(work, message.to, problem)
        raise
    tell(work, message.to, None)
    return True


def tell(work: jobs.Work, address: str, problem: Exception | None) -> None:
    for watcher in WATCHERS:
        watcher.heard(work, address, problem)


def recurring(config: Config, at: datetime, *what: object) -> str:
    """The number of a mail that stays the same whenever it is built: of an instant and what it is about."""
    words = "|".join(map(str, ("mail", *what)))
    keyed = hmac.new(config.secret_key.encode(), words.encode(), hashlib.sha256).hexdigest()
    return f"{at:%Y%m%d%H%M%S}.{keyed[:32]}"


def build(config: Config, message: Message, number: str, date: datetime) -> EmailMessage:
    """Make the mail as it travels; `number` is unique and becomes its Message-ID."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((config.network_name, routable(config.mail_from)))
    mail["To"] = routable(message.to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = f"<{number}@{config.host}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.thread:
        mail["References"] = f"<{message.thread}@{config.host}>"
    if message.list_name:
        mail["List-ID"] = f"<{message.list_name}.{config.host}>"
    if message.unsubscribe:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    elif message.settings:
        # Without List-Unsubscribe-Post: a link in a mail opens a form and changes nothing by itself.
        mail["List-Unsubscribe"] = f"<{message.settings}>"
    mail.set_content(message.text)
    if message.html:
        mail.add_alternative(message.html, subtype="html")
    return mail


def routable(address: str) -> str:
    """An address with its domain in ASCII, which every server on the way understands alike."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain if domain.isascii() else ascii_form(domain)}"
    except ValueError:
        return address


def transport(config: Config) -> Transport:
    """Choose the transport of LEARN_MAIL_URL. Raises ConfigError."""
    parts = urlsplit(config.mail_url)
    if parts.scheme == "file":
        return Folder(Path(unquote(parts.path)))
    if parts.scheme == "console":
        return Console()
    host = parts.hostname or ""
    default = "none" if host in LOOPBACK else "starttls"
    tls = "tls" if parts.scheme == "smtps" else parse_qs(parts.query).get("tls", [default])[0]
    if tls not in {"tls", "starttls", "none"}:
        raise ConfigError(f"LEARN_MAIL_URL: tls ist starttls, tls oder none, nicht „{tls}“.")
    ports = {"tls": 465, "starttls": 587, "none": 25}
    return Smtp(
        host, parts.port or ports[tls], tls, unquote(parts.username or ""), unquote(parts.password or "")
    )


@dataclass(frozen=True, slots=True)
class Folder:
    """One `.eml` file per mail, named by its Message-ID."""

    folder: Path

    def deliver(self, mail: EmailMessage) -> None:
        storage.make_folder(self.folder)
        number = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        storage.write(self.folder / f"{number}.eml", mail.as_bytes())


class Console:
    """Standard output, for trying things out."""

    def deliver(self, mail: EmailMessage) -> None:
        sys.stdout.write(mail.as_string() + "\n")
        sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server; certificates are verified whenever the connection is encrypted."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = ""

    def deliver(self, mail: EmailMessage) -> None:
        place = (self.host, self.port)
        if place in AWAY and clock.now() < AWAY[place]:
            raise ServerAway
        try:
            with self.open() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            raise refusal(refused) from None
        except smtplib.SMTPResponseException:
            raise
        except OSError:
            AWAY[place] = clock.now() + REST
            raise

    def probe(self, sender: str) -> None:
        """Go as far as a mail would without sending one. Raises OSError."""
        with self.open() as server:
            server.ehlo_or_helo_if_needed()
            code, words = server.mail(routable(sender))
            if code != ACCEPTED:
                raise smtplib.SMTPSenderRefused(code, words, sender)
            server.rset()

    @contextmanager
    def open(self) -> Iterator[smtplib.SMTP]:
        """A connection. What goes wrong in taking leave is of no account: the mail was taken."""
        server = self.connect()
        try:
            yield server
        finally:
            with suppress(OSError):
                server.quit()
            server.close()

    def connect(self) -> smtplib.SMTP:
        """Connect and sign in. Raises OSError, which SMTPException is."""
        context = ssl.create_default_context()
        if self.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            if self.tls == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def refusal(refused: smtplib.SMTPRecipientsRefused) -> Exception:
    """Why a server takes no mail to an address, without the address: the words lie with the job for a while.

    By RFC 3463 5.1.x says that there is no such address; anything else may be the server's own trouble.
    """
    code, words = next(iter(refused.recipients.values()))
    status = re.search(r"\b[45]\.\d{1,3}\.\d{1,3}\b", words.decode("ascii", "replace"))
    said = f"{code} {status[0]}" if status else str(code)
    if status and status[0].startswith("5.1."):
        return jobs.Hopeless(f"{UNKNOWN} ({said}).")
    return NotTaken(f"Der Mailserver nimmt die Empfangsadresse nicht an ({said}).")
