"""Templates compile, import what they use, hold no inline code, and never switch escaping off."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.house import rules

TEMPLATES = sorted((rules.ROOT / "learn").rglob("templates/**/*.html"))
# A data block (https://html.spec.whatwg.org/#data-block) is no code: browsers run nothing of it.
DATA = r'\stype="application/ld\+json"'
UNSAFE = (
    rf"\|\s*safe\b|autoescape\s+false|<script(?![^>]*\bsrc=|{DATA})"
    r"|<style|\sstyle=|\son[a-z]+=|javascript:"
)


@pytest.fixture
def app(apps: Callable[[str], Flask]) -> Flask:
    """The application without a database."""
    return apps("sqlite")


def test_templates_compile_and_use_every_macro_they_import(app: Flask) -> None:
    assert len(TEMPLATES) > 20
    faults = {}
    for path in TEMPLATES:
        source = path.read_text(encoding="utf-8")
        app.jinja_env.compile(source)
        unused = rules.unused_imports(app.jinja_env, source)
        if unused:
            faults[path.name] = unused
    assert faults == {}


def test_an_unused_macro_is_noticed(app: Flask) -> None:
    source = '{% from "components/icon.html" import icon, other as mine %}{{ icon("menu") }}'
    assert rules.unused_imports(app.jinja_env, source) == ["mine"]


def test_templates_hold_no_inline_code_and_do_not_switch_escaping_off(tmp_path: Path) -> None:
    assert rules.words(TEMPLATES, UNSAFE) == []
    for number, planted in enumerate(
        ("{{ x|safe }}", "<script>1</script>", '<p style="a">', '<a onclick="x">', "{% autoescape false %}")
    ):
        path = tmp_path / f"{number}.html"
        path.write_text(planted)
        assert rules.words([path], UNSAFE) == [f"{number}.html:1"], planted


def test_every_component_says_what_it_takes() -> None:
    components = sorted((rules.ROOT / "learn" / "templates" / "components").glob("*.html"))
    silent = [
        path.name for path in components if not path.read_text(encoding="utf-8").lstrip().startswith("{#")
    ]
    assert silent == []
