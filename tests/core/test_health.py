"""Health pages, and 503 until the tables are those of this program."""

from pathlib import Path

from learn import create_app
from learn.config import Config
from learn.core import migrate
from learn.core.db import Database
from tests.client import CheckingClient


def browser(config: Config) -> CheckingClient:
    app = create_app(config)
    app.test_client_class = CheckingClient
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    client.failing = True
    return client


def test_healthy_and_ready(client: CheckingClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_a_database_behind_is_left_alone_until_it_is_upgraded(instance: Config) -> None:
    database = Database.of(instance)
    migrate.downgrade(database, "0004")
    client = browser(instance)
    assert client.get("/healthz").status_code == 200
    refused = client.get("/readyz")
    assert refused.status_code == 503
    assert "learn db upgrade" in refused.text
    page = client.get("/anmelden")
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) > 0
    migrate.upgrade(database)
    assert client.get("/readyz").status_code == 200
    assert client.get("/anmelden").status_code == 200
    database.dispose()
    client.application.extensions["learn.database"].current().dispose()


def test_an_empty_database_is_not_ready(instance: Config, tmp_path: Path) -> None:
    database = Database.of(instance)
    migrate.downgrade(database, "base")
    client = browser(instance)
    assert client.get("/").status_code == 503
    database.dispose()
    client.application.extensions["learn.database"].current().dispose()


def test_a_downgrade_under_a_running_server_is_noticed(instance: Config) -> None:
    client, database = browser(instance), Database.of(instance)
    assert client.get("/anmelden").status_code == 200
    migrate.downgrade(database, "base")
    statuses = [client.get("/vokabelheft").status_code for _ in range(2)]
    assert statuses[1] == 503
    migrate.upgrade(database)
    assert client.get("/vokabelheft").status_code == 200
    database.dispose()
    client.application.extensions["learn.database"].current().dispose()
