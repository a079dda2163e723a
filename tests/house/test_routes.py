"""Rules about addresses: each says who may open it, none names a person."""

import ast
from collections.abc import Callable

import pytest
from flask import Flask

from learn.core.web import RULES, Pages
from tests.house import rules


@pytest.fixture
def routes(apps: Callable[[str], Flask]) -> dict[str, str]:
    """Endpoints and their addresses."""
    return {rule.endpoint: rule.rule for rule in apps("sqlite").url_map.iter_rules()}


def test_every_route_has_a_rule(routes: dict[str, str]) -> None:
    assert len(routes) > 20
    assert rules.ruleless(routes, RULES) == []
    assert rules.ruleless([*routes, "site.planted"], RULES) == ["site.planted"]


def test_a_route_without_access_fails_at_import() -> None:
    pages = Pages("planted", __name__)
    with pytest.raises(TypeError, match="access"):
        pages.get("/planted")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="access="):
        pages.route("/planted")


def test_no_address_takes_a_person_or_shows_figures_about_people(routes: dict[str, str]) -> None:
    assert rules.naming_people(routes.values()) == []
    planted = [
        "/lernen/<int:person_id>",
        "/rangliste",
        "/verwaltung/personen/statistik",
        "/kurse/<slug:kurs>",
    ]
    assert rules.naming_people(planted) == planted[:3]


def test_accounts_have_pages_at_the_desk_whose_code_reaches_no_learning() -> None:
    at_the_desk = ["/verwaltung/personen/<int:person_id>", "/verwaltung/klassen/<int:person_id>"]
    assert rules.naming_people(at_the_desk) == at_the_desk[1:]
    desk = list(rules.trees(rules.ROOT, "learn/desk/", "learn/accounts/"))
    assert len(desk) > 50
    assert rules.importers_of(desk, "learn.learning") == []
    planted = ast.parse(
        "from learn import learning\nfrom learn.learning.log import load\nimport learn.learning"
    )
    assert rules.importers_of([("planted.py", planted)], "learn.learning") == [
        "planted.py:1",
        "planted.py:2",
        "planted.py:3",
    ]
