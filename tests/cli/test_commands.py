"""Commands on both databases: what they do, what they print, and with which code they end."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from learn import cli
from learn.accounts import passwords, totp
from learn.accounts.models import Person, PersonRole
from learn.config import Config
from learn.core import schema, sessions
from learn.core.db import Database
from learn.core.models import AuditEntry, Job, Mark, SignIn
from learn.network.models import Municipality
from tests.cli.conftest import Learn
from tests.factories import make_municipality
from tests.house.rules import leaves

TOWNS = schema.PACKAGE / "network" / "suedwestfalen.csv"
PASSWORD = "Brombeere und Leuchtturm\n"


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    made = Database.of(instance)
    yield made
    made.dispose()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input holds a password."""
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD))


@pytest.mark.parametrize("path", [path for path, _command in leaves(cli.learn)], ids=" ".join)
def test_every_command_has_german_help(learn: Learn, path: tuple[str, ...]) -> None:
    said = learn(*path, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Aufruf: learn {' '.join(path)}")
    assert "Diese Hilfe zeigen." in said.out
    assert "Usage" not in said.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["tanzen"], "Den Befehl tanzen gibt es nicht. Hilfe: learn --help"),
        (["db", "downgrade"], "Es fehlt 'REV'. Hilfe: learn db downgrade --help"),
        (["serve", "--port", "x"], "'--port': „x“ ist keine ganze Zahl. Hilfe: learn serve --help"),
        (["serve", "--tanzen"], "Die Option --tanzen gibt es nicht. Hilfe: learn serve --help"),
        (["user", "create"], "Es fehlt 'EMAIL'. Hilfe: learn user create --help"),
        (["restore", "/nirgends"], "'FILE': /nirgends gibt es nicht. Hilfe: learn restore --help"),
    ],
)
def test_wrong_usage_is_one_german_sentence_and_code_2(learn: Learn, words: list[str], sentence: str) -> None:
    said = learn(*words)
    assert (said.code, said.out, said.err) == (2, "", sentence + "\n")


def test_a_wrong_setting_is_named(learn: Learn, tmp_path: Path) -> None:
    said = learn("db", "current", LEARN_INSTANCE=str(tmp_path / "i"), LEARN_TRUSTED_PROXIES="viele")
    assert said.code == 1
    assert said.err == "LEARN_TRUSTED_PROXIES: Erlaubt ist eine Zahl von 0 bis 10, nicht „viele“.\n"


def test_local_holidays_are_days(learn: Learn, tmp_path: Path) -> None:
    for days, code in (("", 0), ("2026-02-16, 2026-08-08", 0), ("Rosenmontag", 1)):
        said = learn("db", "current", LEARN_INSTANCE=str(tmp_path / "i"), LEARN_HOLIDAYS=days)
        assert said.code == code
    assert said.err == "LEARN_HOLIDAYS: Schreiben Sie Tage wie 2026-02-16, getrennt durch Kommas.\n"


def test_no_password_of_a_setting_is_said(learn: Learn, tmp_path: Path) -> None:
    url = "smtp://jana:Holunder@:99999"
    said = learn("db", "current", LEARN_INSTANCE=str(tmp_path / "i"), LEARN_MAIL_URL=url)
    assert (said.code, said.err) == (1, "LEARN_MAIL_URL: Das ist keine gültige Adresse.\n")


@pytest.mark.parametrize("address", ["\udcff@example.org", "jana@example.org"])
def test_bytes_that_are_no_text_are_one_sentence(
    learn: Learn, instance: Config, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Brombeere\udcff\udcfe\n"))
    words = ("user", "create", address, "--name", "Jana", "--role", "operator", "--password-stdin")
    said = learn(*words, config=instance)
    assert (said.code, said.err) == (1, "Schreiben Sie Ihre Eingabe in UTF-8.\n")


def test_an_unreachable_database_is_one_sentence(learn: Learn, tmp_path: Path) -> None:
    url = f"postgresql+psycopg://nobody@/nothing?host={tmp_path}"
    said = learn("db", "current", LEARN_INSTANCE=str(tmp_path / "i"), LEARN_DATABASE_URL=url)
    assert said.code == 1
    assert said.err.startswith("Die Datenbank meldet: ")
    assert said.err.count("\n") == 1


def test_an_unforeseen_fault_leaves_its_traceback_in_a_file(
    learn: Learn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Config, "from_env", lambda: 1 / 0)
    said = learn("db", "current")
    assert said.code == 1
    assert said.err.startswith("Unerwarteter Fehler (ZeroDivisionError). Einzelheiten stehen in ")
    kept = Path(said.err.rsplit(" ", 1)[1].strip().rstrip("."))
    assert "Traceback" in kept.read_text(encoding="utf-8")
    kept.unlink()


def test_db_commands_move_and_name_the_state(learn: Learn, instance: Config) -> None:
    assert learn("db", "current", config=instance).out == f"{schema.head()}\n"
    assert learn("db", "downgrade", "0003", config=instance).out == "Die Datenbank steht auf 0003.\n"
    behind = learn("db", "current", config=instance)
    assert behind.out.startswith("0003\nDie Datenbank ist älter als das Programm.")
    refused = learn("user", "disable", "a@example.org", config=instance)
    assert (refused.code, refused.err) == (
        1,
        "Die Datenbank ist älter als das Programm. Starten Sie „learn db upgrade“.\n",
    )
    assert learn("db", "upgrade", config=instance).code == 0
    assert learn("db", "downgrade", "0815", config=instance).err == "Eine Migration „0815“ gibt es nicht.\n"


def test_towns_are_imported_once_and_updated(learn: Learn, instance: Config, database: Database) -> None:
    assert learn("municipality", "import", str(TOWNS), config=instance).out.startswith("59 neu")
    again = learn("municipality", "import", str(TOWNS), config=instance)
    assert again.out == "0 neu, 0 geändert, 59 unverändert.\n"
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Municipality)) == 59


def test_a_faulty_list_of_towns_imports_none_and_names_every_line(
    learn: Learn, instance: Config, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "towns.csv"
    file.write_text("ags,name\n05958004,Arnsberg\n123,Bestwig\n05958012,\n")
    said = learn("municipality", "import", str(file), config=instance)
    assert said.code == 1
    assert [line.split(":")[0] for line in said.err.splitlines()] == ["Zeile 3", "Zeile 4"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Municipality)) == 0


@pytest.mark.usefixtures("typed")
def test_people_are_created_with_roles_and_disabled(
    learn: Learn, instance: Config, database: Database
) -> None:
    learn("municipality", "import", str(TOWNS), config=instance)
    words = ("user", "create", "Jana@Example.org", "--name", "Jana Muster", "--municipality", "05958004")
    said = learn(*words, "--role", "expert", "--role", "trainer", "--password-stdin", config=instance)
    assert (said.code, said.out) == (0, "Konto angelegt: Jana@Example.org\n")
    assert learn("user", "disable", "jana@example.org", config=instance).code == 0
    with database.reading() as session:
        person = session.scalars(select(Person)).one()
        assert not person.active
        assert person.password_hash is not None
        assert person.password_hash.startswith("$argon2id$")
        assert set(session.scalars(select(PersonRole.role))) == {"expert", "trainer"}
        entries = session.execute(select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject)).all()
    subject = f"person:{person.id}"
    assert [tuple(entry) for entry in entries] == [
        ("kommandozeile", "kommunen.eingelesen", "instanz"),
        ("kommandozeile", "konto.angelegt", subject),
        ("kommandozeile", "konto.gesperrt", subject),
    ]


@pytest.mark.usefixtures("typed")
def test_a_forgotten_password_is_set_anew_and_ends_sessions(
    learn: Learn, instance: Config, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("user", "create", "jana@example.org", "--name", "Jana Muster", "--role", "operator")
    learn(*words, "--password-stdin", config=instance)
    with database.writing() as session:
        before = session.scalars(select(Person)).one()
        sessions.open_row(session, before.id, remember=False, device="Test")
    monkeypatch.setattr("sys.stdin", io.StringIO("Holunder und Hafen\n"))
    said = learn("user", "password", "jana@example.org", "--password-stdin", config=instance)
    assert (said.code, said.out) == (0, "Passwort gesetzt: jana@example.org\n")
    with database.reading() as session:
        after = session.scalars(select(Person)).one()
        assert after.password_hash != before.password_hash
        assert passwords.fits("Holunder und Hafen", after.password_hash)
        assert session.scalar(select(func.count()).select_from(SignIn)) == 0
        assert "konto.passwort" in session.scalars(select(AuditEntry.action)).all()
        [letter] = session.scalars(select(Job.arguments).where(Job.name == "send_mail")).all()
    assert letter["to"] == "jana@example.org"
    assert "Der Betrieb hat Ihr Passwort neu gesetzt" in letter["subject"]
    assert "Holunder" not in str(letter)
    assert "Gerät:" not in letter["text"]
    assert learn("user", "password", "niemand@example.org", config=instance).err.startswith("Zu niemand@")


@pytest.mark.usefixtures("typed")
def test_somebody_whose_phone_is_lost_gets_in_again(
    learn: Learn, instance: Config, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(
        *("user", "create", "jana@example.org", "--name", "Jana Muster", "--role", "operator"),
        "--password-stdin",
        config=instance,
    )
    with database.writing() as session:
        person = session.scalars(select(Person)).one()
        totp.turn_on(session, person.id, totp.drawn(), instance.secret_key)
    words = ("user", "password", "jana@example.org", "--password-stdin")
    for new, option, on in (
        ("Holunder und Hafen", (), True),
        ("Kranich und Ofen", ("--without-app",), False),
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{new}\n"))
        assert learn(*words, *option, config=instance).code == 0
        with database.reading() as session:
            assert totp.is_on(session, person.id) is on
    with database.reading() as session:
        assert "konto.zweiter_faktor" in session.scalars(select(AuditEntry.action)).all()
    monkeypatch.setattr("sys.stdin", io.StringIO("Reiher und Regenrinne\n"))
    refused = learn(*words, "--without-app", config=instance)
    assert (refused.code, refused.err) == (1, "Dieses Konto hat keine Authenticator-App.\n")


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["a@example.org"], "Geben Sie die Kommune der Person an."),
        (["a@example.org", "--role", "trainer"], "Geben Sie die Kommune der Person an."),
        (["a@example.org", "--municipality", "00000000"], "Eine Kommune mit dem Schlüssel 00000000"),
        (["keine-adresse", "--role", "operator"], "„keine-adresse“ ist keine E-Mail-Adresse."),
    ],
)
def test_people_without_a_town_or_address_are_refused(
    learn: Learn, instance: Config, words: list[str], sentence: str
) -> None:
    said = learn("user", "create", *words, "--name", "Jana Muster", config=instance)
    assert said.code == 1
    assert said.err.startswith(sentence)


@pytest.mark.usefixtures("typed")
def test_contacts_are_created_in_pioneer_towns_only(
    learn: Learn, instance: Config, database: Database
) -> None:
    with database.writing() as session:
        make_municipality(session, ags="05966024", name="Olpe", role="mitglied")
    words = ("user", "create", "jana@example.org", "--name", "Jana Muster", "--municipality", "05966024")
    refused = learn(*words, "--role", "expert", config=instance)
    assert (refused.code, refused.err) == (
        1,
        "Kontakte für Themen gibt es nur in Pionierkommunen. Olpe ist keine.\n",
    )
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.usefixtures("typed")
def test_operators_may_lack_a_town_and_an_address_is_taken_once(learn: Learn, instance: Config) -> None:
    words = ("user", "create", "ole@example.org", "--name", "Ole Probe", "--role", "operator")
    assert learn(*words, config=instance).code == 0


def test_a_short_password_and_an_unknown_account_are_refused(
    learn: Learn, instance: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("kurz\n"))
    words = ("user", "create", "ole@example.org", "--name", "Ole Probe", "--role", "operator")
    assert "mindestens 8 Zeichen" in learn(*words, config=instance).err
    assert learn("user", "disable", "nobody@example.org", config=instance).err.startswith("Zu nobody@")


def test_backup_and_restore_write_one_audit_entry_each(
    learn: Learn, instance: Config, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "all.tar"
    assert learn("backup", str(file), config=instance).out.startswith(f"Gesichert in {file}: ")
    assert learn("restore", str(file), config=instance).err.startswith("Diese Instanz ist nicht leer.")
    assert learn("restore", str(file), "--replace", config=instance).code == 0
    with database.reading() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["instanz.gesichert", "instanz.wiederhergestellt"]


def test_check_names_what_is_missing_and_fails_only_on_errors(
    learn: Learn, instance: Config, database: Database
) -> None:
    instance.instance.chmod(0o700)
    said = learn("check", config=lasting(instance))
    assert said.code == 0
    for words in ("LEARN_BASE_URL", "LEARN_CONTACT", "LEARN_MAIL_URL", "impressum.md", "Veröffentlichen Sie"):
        assert words in said.out
    with database.writing() as session:
        session.add(Mark(name="demo", value="ja"))
        job = Job(name="send_mail", arguments={}, run_at=func.now(), state="dead", problem="OSError: zu")
        session.add(job)
    said = learn("check", config=instance)
    assert said.code == 1
    assert "Fehler   Demo: " in said.out
    assert "(send_mail) ist gescheitert: OSError: zu" in said.out


def test_check_reports_tables_that_do_not_fit_and_an_instance_that_is_missing(
    learn: Learn, instance: Config, tmp_path: Path
) -> None:
    learn("db", "downgrade", "0004", config=instance)
    said = learn("check", config=instance)
    assert said.code == 1
    assert "Fehler   Migrationen: Die Datenbank ist älter als das Programm." in said.out
    nowhere = replace(instance, instance=tmp_path / "nowhere")
    assert "gibt es nicht" in learn("check", config=nowhere).out
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("kind", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_check_refuses_postgresql_that_forgets_acknowledged_writes(learn: Learn, instance: Config) -> None:
    """The cluster of the tests runs with synchronous_commit off."""
    said = learn("check", config=instance)
    assert said.code == 1
    assert "Schalten Sie synchronous_commit ein." in said.out
    assert "PostgreSQL 1" in learn("check", config=lasting(instance)).out


def lasting(config: Config) -> Config:
    """The same instance; PostgreSQL syncs each commit, which the cluster of the tests does not."""
    if config.sqlite:
        return config
    return replace(config, database_url=f"{config.database_url}&options=-csynchronous_commit%3Don")


@pytest.mark.parametrize("kind", ["sqlite"])
def test_bench_data_gives_the_same_data_for_the_same_numbers(
    learn: Learn, instance: Config, tmp_path: Path
) -> None:
    words = ("bench", "data", "--posts", "60", "--people", "240", "--courses", "2")
    second = replace(
        instance, instance=tmp_path / "b", database_url=f"sqlite:///{tmp_path / 'b/learn.sqlite3'}"
    )
    learn("db", "upgrade", config=second)
    shapes = []
    for config in (instance, second):
        said = learn(*words, config=config)
        assert (said.code, said.out) == (0, "2 Kurse, 240 Personen und 60 Beiträge sind da.\n")
        shapes.append(dump(config))
    assert shapes[0] == shapes[1]
    assert learn(*words, config=instance).code == 0
    assert dump(instance) == shapes[0]
    assert "Fehler   Demo" in learn("check", config=instance).out


@pytest.mark.parametrize("kind", ["sqlite"])
def test_bench_data_spares_real_people(
    learn: Learn, instance: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD))
    learn("user", "create", "o@example.org", "--name", "Ole", "--role", "operator", config=instance)
    said = learn("bench", "data", "--people", "1", config=instance)
    assert (said.code, said.err.startswith("Diese Instanz enthält echte Konten.")) == (1, True)


def test_commands_that_fill_an_instance_set_up_an_empty_one(learn: Learn, tmp_path: Path) -> None:
    instance = {"LEARN_INSTANCE": str(tmp_path / "instance")}
    assert learn("db", "current", **instance).out.startswith("leer")
    assert learn("municipality", "import", str(TOWNS), **instance).code == 0
    said = learn("bench", "data", "--posts", "2", **instance)
    assert (said.code, said.out) == (0, "0 Kurse, 240 Personen und 2 Beiträge sind da.\n")
    assert learn("db", "current", **instance).out.startswith("0")


def dump(config: Config) -> str:
    """Rows that must be the same each time: people, enrolments, log, texts."""
    database = Database.of(config)
    with database.reading() as session:
        connection = session.connection()
        tables = {
            name: [list(map(str, row)) for row in connection.exec_driver_sql(query)]
            for name, query in {
                "person": "SELECT id, email, name, municipality_id FROM person ORDER BY id",
                "enrolment": "SELECT person_id, course_id, day FROM enrolment ORDER BY id",
                "log": "SELECT enrolment_id, object_id, day, request_id FROM progress_entry ORDER BY id",
                "lesson": "SELECT lesson_id, content_hash FROM lesson_version ORDER BY lesson_id",
                "post": "SELECT question_id, number, kind, body, at, municipality_id FROM post ORDER BY id",
                "question": "SELECT title, topic, circle, state, waits_since FROM question ORDER BY id",
            }.items()
        }
    database.dispose()
    assert all(tables.values())
    return json.dumps(tables)
