"""`learn check`: what an operator should know before and while people use the instance."""

import secrets
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import click
from sqlalchemy import Connection, Select, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from learn.cli.instance import opened
from learn.config import Config, ConfigError
from learn.core import assets, clock, mail, schema
from learn.core.db import Database
from learn.core.health import SENTENCES
from learn.core.hosts import LOOPBACK
from learn.core.models import Job, Mark
from learn.core.sealing import unseal
from learn.core.storage import Storage
from learn.courses import upkeep
from learn.courses.models import Course
from learn.forum import upkeep as counters
from learn.learning.badges import keys as signing

GOOD, WARNING, ERROR = "gut", "Warnung", "Fehler"
WAL_WARNING = 64 * 1024 * 1024
SHORTEST_KEY = 32
LATE = timedelta(minutes=5)
DUTY_PAGES = ("impressum", "datenschutz", "barrierefreiheit")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: how bad, about what, and what to do."""

    level: str
    subject: str
    words: str

    def __str__(self) -> str:
        return f"{self.level:<8} {self.subject}: {self.words}"


@click.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Einstellungen, Datenbank, E-Mail, Ablage und Inhalte prüfen: je eine Zeile, und was zu tun ist."""
    config = Config.from_env(create=False)
    found = list(findings(config))
    for finding in found:
        click.echo(str(finding))
    if any(finding.level == ERROR for finding in found):
        context.exit(1)


def findings(config: Config) -> Iterator[Finding]:
    """All findings, in the order of setting up."""
    if not config.instance.is_dir():
        yield Finding(ERROR, "Instanz", f"{config.instance} gibt es nicht. Starten Sie „learn db upgrade“.")
        return
    yield from settings(config)
    yield from built()
    yield from outgoing(config)
    yield from duty_pages(config)
    yield from inside(config)


def settings(config: Config) -> Iterator[Finding]:
    """Complain about what the environment leaves open."""
    problems = []
    if stat.S_IMODE(config.instance.stat().st_mode) & 0o077:
        problems.append("Setzen Sie die Rechte des Ordners auf 0700.")
    if 0 < len(config.secret_key) < SHORTEST_KEY:
        problems.append(f"Nehmen Sie für LEARN_SECRET_KEY mindestens {SHORTEST_KEY} Zeichen.")
    if urlsplit(config.base_url).hostname in LOOPBACK:
        problems.append("Nennen Sie mit LEARN_BASE_URL die öffentliche Adresse.")
    elif not config.https:
        problems.append("Nehmen Sie für LEARN_BASE_URL https.")
    if not config.contact:
        problems.append("Nennen Sie mit LEARN_CONTACT eine Adresse für Fragen und Barrieren.")
    if not problems:
        yield Finding(GOOD, "Einstellungen", config.base_url)
    for problem in problems:
        yield Finding(WARNING, "Einstellungen", problem)


def built() -> Iterator[Finding]:
    """Styles and scripts come with the package, or from a build in a checkout."""
    try:
        number = len(assets.manifest())
    except assets.NotBuiltError as problem:
        yield Finding(ERROR, "Gestaltung", str(problem))
    else:
        yield Finding(GOOD, "Gestaltung", f"{number} gebaute Dateien")


def outgoing(config: Config) -> Iterator[Finding]:
    """Where mail goes; a mail server is reached and asked for the sender, without sending."""
    try:
        transport = mail.transport(config)
        if isinstance(transport, mail.Smtp):
            transport.probe(config.mail_from)
    except ConfigError as problem:
        yield Finding(ERROR, "E-Mail", str(problem))
    except OSError as problem:
        yield Finding(ERROR, "E-Mail", f"Der Server antwortet nicht wie erwartet ({problem}).")
    else:
        yield where_mail_goes(config, transport)


def where_mail_goes(config: Config, transport: mail.Transport) -> Finding:
    """What becomes of a mail with these settings."""
    if not isinstance(transport, mail.Smtp):
        place = (
            f"als Dateien in {transport.folder}" if isinstance(transport, mail.Folder) else "auf der Konsole"
        )
        words = f"Sie landen nur {place}. Setzen Sie LEARN_MAIL_URL auf smtp://…"
        return Finding(WARNING, "E-Mail", words)
    server = f"{transport.host}:{transport.port}"
    if transport.tls == "none" and transport.host not in LOOPBACK:
        words = f"{server} bekommt sie unverschlüsselt. Nehmen Sie in LEARN_MAIL_URL tls=starttls."
        return Finding(WARNING, "E-Mail", words)
    if config.mail_from.rpartition("@")[2] in LOOPBACK:
        words = f"Der Absender ist {config.mail_from}. Setzen Sie LEARN_MAIL_FROM auf eine echte Adresse."
        return Finding(WARNING, "E-Mail", words)
    way = {"tls": "mit TLS", "starttls": "mit STARTTLS", "none": "auf diesem Rechner"}[transport.tls]
    return Finding(GOOD, "E-Mail", f"{server} {way} nimmt sie von {config.mail_from} an")


def duty_pages(config: Config) -> Iterator[Finding]:
    """The three pages that only the operator can write."""
    missing = [name for name in DUTY_PAGES if not (config.instance / "seiten" / f"{name}.md").is_file()]
    for name in missing:
        yield Finding(WARNING, "Pflichtseiten", f"Schreiben Sie {config.instance}/seiten/{name}.md.")
    if not missing:
        yield Finding(GOOD, "Pflichtseiten", ", ".join(DUTY_PAGES))


def inside(config: Config) -> Iterator[Finding]:
    """Everything that needs the database."""
    if config.sqlite and not (config.instance / "learn.sqlite3").exists():
        yield Finding(ERROR, "Datenbank", SENTENCES["empty"])
        return
    try:
        with opened(config, check=False) as database, database.reading() as session:
            connection = session.connection()
            yield from engine(database, connection)
            fits = schema.state(connection)
            if fits != "current":
                yield Finding(ERROR, "Migrationen", SENTENCES[fits])
                return
            yield Finding(GOOD, "Migrationen", f"Stand {schema.head()}")
            for part in PARTS:
                yield from part(config, connection)
    except DBAPIError as problem:
        yield Finding(ERROR, "Datenbank", f"Sie antwortet nicht: {str(problem.orig).strip().splitlines()[0]}")


def engine(database: Database, connection: Connection) -> Iterator[Finding]:
    """Version and durability."""
    if not database.sqlite:
        version = connection.scalar(text("SHOW server_version"))
        if connection.scalar(text("SHOW synchronous_commit")) == "off":
            words = "Schalten Sie synchronous_commit ein. Sonst gehen bestätigte Eingaben verloren."
            yield Finding(ERROR, "Datenbank", words)
        else:
            yield Finding(GOOD, "Datenbank", f"PostgreSQL {version}")
        return
    version = connection.scalar(text("SELECT sqlite_version()"))
    yield Finding(GOOD, "Datenbank", f"SQLite {version}, Schreiben und Aufräumen unter einer Sperre")
    if database.wal_size() > WAL_WARNING:
        words = f"Das Änderungsprotokoll hat {database.wal_size() // 2**20} MB. Läuft der Arbeiter?"
        yield Finding(WARNING, "Datenbank", words)


def stored_files(config: Config, connection: Connection) -> Iterator[Finding]:
    """The storage takes files, and those that rows name are there."""
    store, probe = Storage(config.storage), f"probe-{secrets.token_hex(8)}"
    try:
        store.save(probe, b"")
        store.delete(probe)
    except OSError as problem:
        yield Finding(ERROR, "Ablage", f"{config.storage} nimmt keine Datei an ({problem.strerror}).")
        return
    keys = set(upkeep.picture_keys(connection))
    missing = sorted(key for key in keys if not store.exists(key))
    if missing:
        words = f"{len(missing)} Dateien fehlen, zuerst {missing[0]}. Veröffentlichen Sie deren Kurse neu."
        yield Finding(ERROR, "Ablage", words)
    else:
        yield Finding(GOOD, "Ablage", f"{len(keys)} Bilder")


def content(_config: Config, connection: Connection) -> Iterator[Finding]:
    """Courses are there to be read."""
    published = (Course.kind == "kurs") & Course.release_id.is_not(None)
    number = connection.scalar(select(func.count()).select_from(Course).where(published))
    if number:
        yield Finding(GOOD, "Inhalte", f"{number} Kurse veröffentlicht")
    else:
        yield Finding(WARNING, "Inhalte", "Veröffentlichen Sie Kurse mit „learn content publish“.")


def background(_config: Config, connection: Connection) -> Iterator[Finding]:
    """The worker keeps up, and nothing has been given up."""
    dead = connection.execute(same_fate("dead")).all()
    for job in dead:
        unknown = mail.UNKNOWN in job.problem  # a wrong address is nobody's fault here
        words = f"Nr. {job.id} ({job.name}{times(job.number)}) ist gescheitert: {job.problem}"
        yield Finding(WARNING if unknown else ERROR, "Aufgaben", words)
    for job in connection.execute(same_fate("due").where(Job.problem != "")):
        words = f"{job.name}{times(job.number)} wird wiederholt: {job.problem}"
        yield Finding(WARNING, "Aufgaben", words)
    late = (Job.state == "due") & (Job.run_at < clock.now() - LATE) & Job.lease_until.is_(None)
    if connection.scalar(select(func.count()).select_from(Job).where(late)):
        words = "Aufgaben warten seit über fünf Minuten. Starten Sie „learn serve“ oder „learn worker“."
        yield Finding(WARNING, "Aufgaben", words)
    elif not dead:
        yield Finding(GOOD, "Aufgaben", "nichts ist liegen geblieben")


def same_fate(state: str) -> Select[int, str, str, int]:
    """Jobs in this state, those with the same trouble together: an outage delays a thousand mails alike."""
    first, number = func.min(Job.id).label("id"), func.count().label("number")
    chosen = select(first, Job.name, Job.problem, number).where(Job.state == state)
    return chosen.group_by(Job.name, Job.problem).order_by(func.min(Job.id))


def times(number: int) -> str:
    """How many share a fate, where it is not one."""
    return f", {number}-mal" if number > 1 else ""


def forum(_config: Config, connection: Connection) -> Iterator[Finding]:
    """What lists sort by agrees with the posts."""
    with Session(connection, join_transaction_mode="rollback_only") as session:
        number = counters.drift(session)
    if number:
        words = f"{number} Fragen haben falsche Zähler. Der Arbeiter berichtigt sie in der nächsten Nacht."
        yield Finding(WARNING, "Forum", words)
    else:
        yield Finding(GOOD, "Forum", "Zähler und Beiträge stimmen überein")


def badges(config: Config, connection: Connection) -> Iterator[Finding]:
    """Nachweise can be signed."""
    with Session(connection, join_transaction_mode="rollback_only") as session:
        key = signing.in_use(session)
    if key is None:
        words = f"Noch kein Schlüssel; den ersten ({config.badge_algorithm}) legt der Hintergrunddienst an"
        yield Finding(GOOD, "Nachweise", words)
    elif unseal(key.private, config.secret_key) is None:
        words = (
            "Der Schlüssel gehört zu einem anderen Geheimnis. Stellen Sie LEARN_SECRET_KEY oder die Datei "
            "„secret“ wieder her, oder starten Sie „learn keys rotate“."
        )
        yield Finding(ERROR, "Nachweise", words)
    elif key.algorithm != config.badge_algorithm:
        words = f"Unterschrieben wird noch mit {key.algorithm}. Starten Sie „learn keys rotate“."
        yield Finding(WARNING, "Nachweise", words)
    else:
        yield Finding(GOOD, "Nachweise", f"unterschrieben mit {key.algorithm}")


def demo_mark(_config: Config, connection: Connection) -> Iterator[Finding]:
    """A demo must never become the real thing."""
    if connection.scalar(select(Mark.value).where(Mark.name == "demo")) is not None:
        words = (
            "Diese Instanz ist eine Demo mit erfundenen Personen. Richten Sie für den Betrieb eine neue ein."
        )
        yield Finding(ERROR, "Demo", words)


Part = Callable[[Config, Connection], Iterator[Finding]]
PARTS: tuple[Part, ...] = (stored_files, content, forum, badges, background, demo_mark)
