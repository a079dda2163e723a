"""Links that lead outside: gathered from what is published, asked by the worker, told to authors."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Request, Response

from learn.config import Config, ConfigError
from learn.core import clock, jobs
from learn.core.access import Actor
from learn.core.db import Database
from learn.core.jobs import Work
from learn.workshop import links, outside
from learn.workshop.models import OutsideLink
from learn.workshop.outside import Endpoint
from learn.workshop.preview import Line, preview
from tests.client import CheckingClient, sign_in
from tests.courses.folders import SECOND, TEXTS, Shelf, small, write
from tests.factories import make_person
from tests.workshop.test_outside import Site, serving

AUTHOR = Actor(1, "Jana Hellweg", 1, "Musterstadt", frozenset({"trainer"}))
NAMED = (
    "Siehe [die Karte](http://schule.example/karte?a=1&b=2#unten) und [das Amt](http://schule.example/amt).\n"
)
CARD, OFFICE = "http://schule.example/karte?a=1&b=2", "http://schule.example/amt"


@pytest.fixture
def published(shelf: Shelf, tmp_path: Path) -> Path:
    """The tiny course, whose second lesson names two addresses outside."""
    course = small(tmp_path)
    write(course / SECOND, TEXTS[SECOND] + NAMED)
    assert shelf.publish(course).published
    return course


def page(request: Request) -> Response:
    return Response(status=404 if request.path == "/amt" else 200)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(page) as found:
        yield found


def states(db: Session) -> dict[str, str]:
    db.expire_all()
    return {row.address: row.state for row in db.scalars(select(OutsideLink))}


def asked(database: Database, site: Site, pauses: list[float] | None = None) -> int:
    return links.ask(database, site.resolve, (pauses if pauses is not None else []).append)


def test_addresses_are_gathered_and_go_with_their_lesson(
    shelf: Shelf, database: Database, db: Session, published: Path
) -> None:
    links.gather(database)
    assert states(db) == {CARD: "neu", OFFICE: "neu"}
    assert db.scalars(select(OutsideLink)).first().uses == ["les_bbbbbbbb"]  # type: ignore[union-attr]
    write(published / SECOND, TEXTS[SECOND] + "Siehe [das Amt](http://schule.example/amt).\n")
    assert shelf.publish(published).published
    links.gather(database)
    assert states(db) == {OFFICE: "neu"}


@pytest.mark.usefixtures("published")
def test_a_batch_is_asked_politely_and_noted(database: Database, db: Session, site: Site) -> None:
    links.gather(database)
    pauses: list[float] = []
    assert asked(database, site, pauses) == 2
    assert pauses == [links.PAUSE]
    assert states(db) == {CARD: "gut", OFFICE: "tot"}
    assert asked(database, site) == 0, "everything was asked today"


@pytest.mark.usefixtures("published")
def test_what_failed_is_asked_sooner(database: Database, db: Session, site: Site) -> None:
    links.gather(database)
    asked(database, site)
    for row in db.scalars(select(OutsideLink)):
        row.checked_on = clock.today() - timedelta(days=8)
    db.flush()
    assert asked(database, site) == 1


@pytest.mark.usefixtures("published")
def test_nothing_is_noted_while_our_own_network_is_away(database: Database, db: Session) -> None:
    def nowhere(_host: str, _port: int) -> Endpoint:
        raise outside.Unknown

    links.gather(database)
    assert links.ask(database, nowhere, list[float]().append) == 2
    assert states(db) == {CARD: "neu", OFFICE: "neu"}


@pytest.mark.usefixtures("published")
def test_the_jobs_do_nothing_unless_switched_on(database: Database, db: Session, app: Flask) -> None:
    config: Config = app.extensions["learn.config"]
    assert not config.check_links
    for job in ("collect_links", "check_links"):
        jobs.HANDLERS[job](Work(config, database))
    assert states(db) == {}
    jobs.HANDLERS["collect_links"](Work(replace(config, check_links=True), database))
    assert states(db) == {CARD: "neu", OFFICE: "neu"}


def test_the_setting_says_yes_or_no(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for value, wanted in (("", False), ("nein", False), ("ja", True)):
        monkeypatch.setenv("LEARN_CHECK_LINKS", value)
        assert Config.from_env(instance=tmp_path).check_links is wanted
    monkeypatch.setenv("LEARN_CHECK_LINKS", "vielleicht")
    with pytest.raises(ConfigError, match="LEARN_CHECK_LINKS: Erlaubt ist ja oder nein"):
        Config.from_env(instance=tmp_path)


@pytest.mark.usefixtures("published")
def test_checks_while_writing_name_dead_links(database: Database, db: Session, site: Site) -> None:
    links.gather(database)
    asked(database, site)
    found = preview(db, AUTHOR, "les_bbbbbbbb", TEXTS[SECOND] + "\n" + NAMED)
    line = TEXTS[SECOND].count("\n") + 2
    sentence = found.findings[0].sentence
    assert found.findings == (Line("warning", sentence, line, OFFICE),)
    assert sentence.startswith("Link antwortet nicht, geprüft am ")
    assert sentence.endswith("Diese Seite gibt es nicht mehr.")


@pytest.mark.usefixtures("published")
def test_the_overview_names_the_lessons(
    client: CheckingClient, database: Database, db: Session, site: Site
) -> None:
    links.gather(database)
    asked(database, site)
    sign_in(client, make_person(db, roles=["trainer"]))
    html = client.get("/werkstatt/verweise").text
    assert OFFICE in html
    assert CARD not in html
    assert "Die Abfrage ist ausgeschaltet" in html
    assert '<a href="/werkstatt/lektionen/les_bbbbbbbb">' in html
    assert "Hier steht kein Link" in client.get("/werkstatt/verweise?ansicht=umgezogen").text
