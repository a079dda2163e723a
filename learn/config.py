"""Frozen settings from the environment; a wrong value stops the start with a sentence that names it."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, urlsplit

BADGE_ALGORITHMS = ("ES256", "Ed25519", "EdDSA", "RS256")


class ConfigError(Exception):
    """A setting with a wrong value; the message is one German sentence."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of `interface.md`. Paths are absolute; `base_url` has no slash at its end."""

    instance: Path
    database_url: str
    secret_key: str = field(repr=False)
    base_url: str
    mail_url: str = field(repr=False)
    mail_from: str
    storage: Path
    contact: str = ""
    network_name: str = "Smart Cities: Schule"
    trusted_proxies: int = 0
    log: str = "auto"
    holidays: frozenset[date] = frozenset()
    check_links: bool = False
    badge_algorithm: str = BADGE_ALGORITHMS[0]

    @classmethod
    def from_env(cls, *, port: int = 5000, instance: str | Path | None = None, create: bool = True) -> Self:
        """Read `LEARN_…`. Creates the instance folder and its secret unless `create` is false.

        Raises ConfigError.
        """
        env = os.environ  # noqa: TID251 - the one place that may ask
        folder = Path(instance or env.get("LEARN_INSTANCE") or "instance").absolute()
        if create:
            prepare(folder)
        base_url = _base_url(env.get("LEARN_BASE_URL") or f"http://127.0.0.1:{port}")
        host = urlsplit(base_url).hostname or "localhost"
        return cls(
            instance=folder,
            database_url=_database_url(env, folder),
            secret_key=env.get("LEARN_SECRET_KEY") or secret(folder, create=create),
            base_url=base_url,
            mail_url=_mail_url(env, folder),
            mail_from=_address(env, "LEARN_MAIL_FROM") or f"learn@{host}",
            storage=_storage(env, folder),
            contact=_address(env, "LEARN_CONTACT"),
            network_name=env.get("LEARN_NETWORK_NAME") or "Smart Cities: Schule",
            trusted_proxies=_proxies(env),
            log=_one_of(env, "LEARN_LOG", ("auto", "text", "json")),
            holidays=_days(env, "LEARN_HOLIDAYS"),
            check_links=_yes(env, "LEARN_CHECK_LINKS"),
            badge_algorithm=_algorithm(env, "LEARN_BADGE_ALGORITHM"),
        )

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""


def prepare(folder: Path) -> None:
    """Create the instance folder (0700) with its parts."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("files", "mail", "seiten"):
            (folder / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as problem:
        raise ConfigError(f"LEARN_INSTANCE: Der Ordner {folder} lässt sich nicht anlegen.") from problem


def secret(folder: Path, *, create: bool) -> str:
    """Read the instance's secret; draw it on first start (0600, never half written)."""
    path = folder / "secret"
    if not path.exists() and create:
        fresh = folder / f".secret-{secrets.token_hex(8)}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def _parsed(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as problem:
        raise ConfigError(f"{name}: Das ist keine gültige Adresse.") from problem  # it may hold a password
    return parts


def _base_url(value: str) -> str:
    parts = _parsed("LEARN_BASE_URL", value)
    plain = parts.scheme in {"http", "https"} and parts.hostname and not parts.query and not parts.fragment
    if not plain or parts.path not in {"", "/"} or parts.username:
        raise ConfigError(
            f"LEARN_BASE_URL: „{value}“ ist keine Adresse wie https://schule.example.org (ohne Pfad)."
        )
    return value.rstrip("/")


def _database_url(env: Mapping[str, str], folder: Path) -> str:
    value = env.get("LEARN_DATABASE_URL")
    if not value:
        return f"sqlite:///{folder / 'learn.sqlite3'}"
    scheme = value.split(":", 1)[0]
    if scheme in {"postgresql", "postgres"}:
        return "postgresql+psycopg:" + value.split(":", 1)[1]
    if scheme == "postgresql+psycopg" or value.startswith("sqlite:////"):
        return value
    raise ConfigError(
        "LEARN_DATABASE_URL: Nehmen Sie eine Adresse wie postgresql+psycopg://name@host/datenbank."
    )


def _mail_url(env: Mapping[str, str], folder: Path) -> str:
    value = env.get("LEARN_MAIL_URL") or f"file:{folder / 'mail'}"
    parts = _parsed("LEARN_MAIL_URL", value)
    good = (
        (parts.scheme == "file" and parts.path.startswith("/"))
        or value == "console:"
        or (parts.scheme in {"smtp", "smtps"} and parts.hostname)
    )
    if not good:
        raise ConfigError(
            "LEARN_MAIL_URL: Erlaubt sind smtp://host:587?tls=starttls, file:/ordner, console:."
        )
    return value


def _storage(env: Mapping[str, str], folder: Path) -> Path:
    value = env.get("LEARN_STORAGE_URL")
    if not value:
        return folder / "files"
    parts = _parsed("LEARN_STORAGE_URL", value)
    if parts.scheme != "file" or not parts.path.startswith("/"):
        raise ConfigError("LEARN_STORAGE_URL: Erlaubt ist ein Ordner wie file:///gemeinsam/dateien.")
    return Path(parts.path)


def _address(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    local, _, host = value.rpartition("@")
    if value and (not local or not host or any(c.isspace() or ord(c) < 32 for c in value)):
        raise ConfigError(f"{name}: „{value}“ ist keine E-Mail-Adresse.")
    return value


def _proxies(env: Mapping[str, str]) -> int:
    value = env.get("LEARN_TRUSTED_PROXIES") or "0"
    if not value.isascii() or not value.isdigit() or int(value) > 10:
        raise ConfigError(f"LEARN_TRUSTED_PROXIES: Erlaubt ist eine Zahl von 0 bis 10, nicht „{value}“.")
    return int(value)


def _one_of(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = env.get(name) or choices[0]
    if value not in choices:
        raise ConfigError(f"{name}: Erlaubt ist {' oder '.join(choices[1:])}, nicht „{value}“.")
    return value


def _days(env: Mapping[str, str], name: str) -> frozenset[date]:
    """Days written as 2026-02-16, parted by commas."""
    words = [word.strip() for word in env.get(name, "").split(",") if word.strip()]
    try:
        return frozenset(map(date.fromisoformat, words))
    except ValueError:
        raise ConfigError(f"{name}: Schreiben Sie Tage wie 2026-02-16, getrennt durch Kommas.") from None


def _yes(env: Mapping[str, str], name: str) -> bool:
    """A switch, off unless it says `ja`."""
    value = env.get(name) or "nein"
    if value not in {"ja", "nein"}:
        raise ConfigError(f"{name}: Erlaubt ist ja oder nein, nicht „{value}“.")
    return value == "ja"


def _algorithm(env: Mapping[str, str], name: str) -> str:
    """How new keys sign badges."""
    value = env.get(name) or BADGE_ALGORITHMS[0]
    if value not in BADGE_ALGORITHMS:
        raise ConfigError(f"{name}: Erlaubt ist {' oder '.join(BADGE_ALGORITHMS)}, nicht „{value}“.")
    return value
