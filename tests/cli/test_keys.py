"""`learn keys`: what signs Nachweise, renewed by the operator, the same after a restore."""

from pathlib import Path

import pytest
from sqlalchemy import select

from learn.cli.instance import opened
from learn.cli.keys import NONE_YET
from learn.config import Config
from learn.core import clock
from learn.core.models import AuditEntry
from learn.learning.badges import keys
from tests.cli.conftest import Learn
from tests.conftest import make_config


@pytest.fixture
def kind() -> str:
    """What the commands do in the database is tested on both in tests/learning/test_badges.py."""
    return "sqlite"


def published(config: Config) -> list[tuple[str, str]]:
    """Thumbprint and algorithm of the published keys, the one in use first."""
    with opened(config) as database, database.reading() as session:
        return [(key["kid"], key["alg"]) for key in keys.published(session)]


def test_there_is_no_key_before_one_is_needed(learn: Learn, instance: Config) -> None:
    said = learn("keys", "list", config=instance)
    assert (said.code, said.out) == (0, f"{NONE_YET}\n")
    assert published(instance) == []


def test_a_new_key_takes_the_place_of_the_old_one(learn: Learn, instance: Config) -> None:
    today = f"{clock.today():%d.%m.%Y}"
    assert learn("keys", "rotate", config=instance).code == 0
    [(first, algorithm)] = published(instance)
    said = learn("keys", "rotate", "--algorithm", "RS256", config=instance)
    [(second, other), (old, _kept)] = published(instance)
    assert (algorithm, other, old) == ("ES256", "RS256", first)
    assert said.out == f"Neuer Schlüssel: {second} (RS256)\n"
    assert learn("keys", "list", config=instance, LEARN_SECRET_KEY="").out.splitlines() == [
        f"{second}  RS256    angelegt {today}, in Gebrauch",
        f"{first}  ES256    angelegt {today}, abgelöst {today}",
    ]
    with opened(instance) as database, database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        noted = [(entry.actor, entry.action, entry.reason) for entry in entries]
    assert noted == [("kommandozeile", keys.ROTATED, name) for name in ("ES256", "RS256")]


def test_the_setting_chooses_the_algorithm_of_new_keys(learn: Learn, instance: Config) -> None:
    learn("keys", "rotate", config=instance, LEARN_BADGE_ALGORITHM="Ed25519")
    assert [name for _kid, name in published(instance)] == ["Ed25519"]
    said = learn("check", config=instance)
    assert "Unterschrieben wird noch mit Ed25519. Starten Sie „learn keys rotate“." in said.out


def test_a_wrong_algorithm_stops_the_start_with_a_sentence(learn: Learn, instance: Config) -> None:
    for wrong in ("HS256", "none", "es256"):
        said = learn("keys", "list", config=instance, LEARN_BADGE_ALGORITHM=wrong)
        sentence = f"Erlaubt ist ES256 oder Ed25519 oder EdDSA oder RS256, nicht „{wrong}“."
        assert (said.code, said.err) == (1, f"LEARN_BADGE_ALGORITHM: {sentence}\n")


def test_a_restored_instance_signs_with_the_same_key(learn: Learn, instance: Config, tmp_path: Path) -> None:
    learn("keys", "rotate", config=instance)
    before = published(instance)
    file = str(tmp_path / "backup.tar")
    assert learn("backup", file, config=instance).code == 0
    other = make_config(tmp_path / "other")
    assert learn("restore", file, config=other).code == 0
    assert published(other) == before
    assert learn("keys", "list", config=other).out.endswith(", in Gebrauch\n")


def test_a_key_of_another_secret_is_named_and_replaced(learn: Learn, instance: Config) -> None:
    learn("keys", "rotate", config=instance)
    strange = "x" * 64
    said = learn("keys", "list", config=instance, LEARN_SECRET_KEY=strange)
    assert said.out.endswith(", lässt sich nicht öffnen: „learn keys rotate“ legt einen neuen an\n")
    checked = learn("check", config=instance, LEARN_SECRET_KEY=strange)
    assert "Fehler   Nachweise: Der Schlüssel gehört zu einem anderen Geheimnis." in checked.out
    learn("keys", "rotate", config=instance, LEARN_SECRET_KEY=strange)
    assert learn("keys", "list", config=instance, LEARN_SECRET_KEY=strange).out.count("in Gebrauch") == 1
    assert len(published(instance)) == 2
