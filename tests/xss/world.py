"""A real instance in a folder, its application in this process, and browsers of people in it."""

import re
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import delete

from learn import create_app
from learn.accounts.models import Person
from learn.core import migrate
from learn.core.db import Database
from learn.core.jobs import Work, Worker
from learn.core.logs import logger
from learn.core.models import Throttle
from learn.core.storage import Storage
from learn.courses import publish
from learn.courses.report import Report
from tests.client import CheckingClient, sign_in
from tests.conftest import make_config
from tests.factories import make_municipality, make_person

SHELL = re.compile(r'<link [^>]*href="/static/[^>]*>|<script [^>]*src="/static/[^>]*></script>')


class World:
    """The instance. Tries are not limited here; faults of a course do not keep it from being published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = make_config(folder / "instance")
        self.database = Database(self.config.database_url)
        migrate.upgrade(self.database)
        self.app = create_app(self.config)
        self.app.test_client_class = CheckingClient
        self.app.extensions["learn.state"].ready = True
        Report.ok = property(lambda _self: True)  # type: ignore[assignment, method-assign]  # see above
        self.visitor = self.client()

    def client(self) -> CheckingClient:
        found = self.app.test_client()
        assert isinstance(found, CheckingClient)
        found.checking = False
        return found

    def browser(
        self, name: str, *roles: str, town: str = "Olpe", office: str = ""
    ) -> tuple[CheckingClient, int, str]:
        """The browser of a new person of a new town, her id and its AGS; both may be called anything."""
        with self.database.writing() as session:
            place = make_municipality(session, name=town)
            place.district = town
            person = make_person(session, name=name, municipality=place, roles=roles)
            person.office, person.listed = office, True
            identity, ags = person.id, place.ags
        client = self.client()
        with self.app.app_context(), self.database.reading() as session:
            found = session.get_one(Person, identity)
            sign_in(client, found)
        return client, identity, ags

    def free(self) -> None:
        """Forget who tried how often."""
        with self.database.writing() as session:
            session.execute(delete(Throttle))

    def publish(self, root: Path) -> None:
        """Publish a folder, whatever its faults."""
        publish.publish(self.database, Storage(self.config.storage), root)

    def work(self) -> None:
        """Do all jobs that are due; letters lie in files then."""
        worker = Worker(Work(self.config, self.database), logger("json"))
        worker.prepare()
        while worker.once():
            pass

    def close(self) -> None:
        self.database.dispose()
        self.app.extensions["learn.database"].current().dispose()
        shutil.rmtree(self.folder, ignore_errors=True)


def page(answer: Any) -> str:
    """The HTML of an answer, followed if it leads elsewhere, without its styles and scripts."""
    return SHELL.sub("", answer.text)
