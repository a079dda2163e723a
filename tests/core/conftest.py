"""The application of `tests.core.pages`, made once per process and kind of database."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from learn.config import Config
from tests.client import CheckingClient
from tests.conftest import rolled_back
from tests.core import pages


@pytest.fixture(scope="session")
def small_apps(configs: Callable[[str], Config]) -> Iterator[Callable[[str], Flask]]:
    made: dict[str, Flask] = {}

    def app(kind: str) -> Flask:
        if kind not in made:
            made[kind] = pages.make_app(configs(kind))
        return made[kind]

    yield app
    for each in made.values():
        pages.close(each)


@pytest.fixture
def small(kind: str, small_apps: Callable[[str], Flask]) -> Iterator[Flask]:
    """An application with a few pages more, inside the test's transaction."""
    with rolled_back(small_apps(kind)) as app:
        yield app


@pytest.fixture
def reader(small: Flask) -> CheckingClient:
    """A browser on that application."""
    return pages.browser(small)
