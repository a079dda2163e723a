"""Rules about source files; each is shown to bite on a planted violation."""

import ast
from pathlib import Path

import pytest

from tests.house import rules

OURS = ("learn/", "migrations/", "wsgi.py")
REGISTRIES = "|".join(
    name.replace(".", r"\.")
    for name in (
        "pypi" + ".org",
        "python" + "hosted.org",
        "registry.npm" + "js",
        "npmjs" + ".org",
        "npmjs" + ".com",
    )
)
UNFINISHED = r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|pytest\.(mark\.)?(skip\b|x" + r"fail)"
FOREIGN = {".woff", ".woff2", ".ttf", ".otf", ".eot", ".map", ".whl", ".jar"}
PICTURES_BELONG_TO = ("content/", "learn/assets/illustrations/", "tests/")


def parsed(code: str) -> list[tuple[str, ast.Module]]:
    return [("planted.py", ast.parse(code))]


def test_every_module_begins_with_a_sentence() -> None:
    assert rules.without_docstring(rules.trees(rules.ROOT)) == []
    assert rules.without_docstring(parsed("x = 1")) == ["planted.py"]


def test_no_module_is_longer_than_400_lines(tmp_path: Path) -> None:
    assert rules.too_long(rules.files(".py")) == []
    (tmp_path / "long.py").write_text("x = 1\n" * 401)
    assert rules.too_long(rules.files(".py", root=tmp_path)) == ["long.py"]


def test_no_imports_inside_functions() -> None:
    assert rules.imports_inside_functions(rules.trees(rules.ROOT, *OURS)) == []
    assert rules.imports_inside_functions(parsed("def f():\n    import os")) == ["planted.py:2"]


def test_only_config_reads_the_environment() -> None:
    code = (module for module in rules.trees(rules.ROOT, *OURS) if module[0] != "learn/config.py")
    assert rules.attribute_uses(code, "os.environ", "os.getenv", "os.putenv") == []
    assert rules.attribute_uses(parsed("import os\nos.environ['A']"), "os.environ") == ["planted.py:2"]


def test_only_the_clock_asks_for_the_time_of_day() -> None:
    code = (module for module in rules.trees(rules.ROOT, *OURS) if module[0] != "learn/core/clock.py")
    asking = ("datetime.now", "datetime.utcnow", "date.today", "datetime.today")
    assert rules.attribute_uses(code, *asking) == []
    assert rules.attribute_uses(parsed("import datetime\ndatetime.datetime.now()"), *asking) == [
        "planted.py:2"
    ]


def test_nobody_commits_but_the_database_and_its_migrations() -> None:
    allowed = {"learn/core/db.py", "learn/core/migrate.py"}
    code = (module for module in rules.trees(rules.ROOT, *OURS) if module[0] not in allowed)
    assert rules.attribute_uses(code, ".commit") == []
    assert rules.attribute_uses(parsed("session.commit()"), ".commit") == ["planted.py:1"]


@pytest.mark.parametrize(
    ("packages", "folder"),
    [
        (("markdown", "bleach", "nh3"), "learn/markup/"),
        (("smtplib",), "learn/core/mail.py"),
        (("typst",), "learn/core/typesetting.py"),
    ],
)
def test_some_libraries_have_one_home(packages: tuple[str, ...], folder: str) -> None:
    code = (module for module in rules.trees(rules.ROOT, "learn/") if not module[0].startswith(folder))
    assert rules.imports_of(code, *packages) == []
    assert rules.imports_of(parsed(f"from {packages[0]} import x"), *packages) == ["planted.py"]


def test_no_flask_below_the_views() -> None:
    below = ("models", "queries", "policy", "service", "mail", "parse", "publish", "progress")
    code = [
        module
        for module in rules.trees(rules.ROOT, "learn/")
        if Path(module[0]).stem in below and not module[0].startswith("learn/site/")
    ]
    packages = ("flask", "flask_babel", "flask_login", "flask_wtf", "werkzeug")
    assert len(code) > 8
    assert rules.imports_of(code, *packages) == []
    assert rules.imports_of(parsed("from flask import request"), *packages) == ["planted.py"]


def test_nothing_is_left_unfinished_or_skipped(tmp_path: Path) -> None:
    mine = (path for path in rules.files(".py", ".html", ".css", ".js") if path != Path(__file__))
    allowed = {rules.ROOT / "tests" / "conftest.py", rules.ROOT / "tests" / "journeys" / "conftest.py"}
    assert rules.words((path for path in mine if path not in allowed), UNFINISHED) == []
    (tmp_path / "a.py").write_text("# TO" + "DO later\n")
    assert rules.words(rules.files(root=tmp_path), UNFINISHED) == ["a.py:1"]


def test_no_file_names_a_registry(tmp_path: Path) -> None:
    texts = [path for path in rules.files() if path.suffix in rules.TEXTS or path.parent.name == ".ci"]
    assert any(path.name == "package-lock.json" for path in texts)
    assert rules.words(texts, REGISTRIES) == []
    (tmp_path / "a.lock").write_text("https://registry.npm" + "js.example/x\n")
    assert rules.words(rules.files(root=tmp_path), REGISTRIES) == ["a.lock:1"]


def foreign(root: Path) -> list[str]:
    """Fonts, minified scripts and other people's bundles."""
    return [
        path.name
        for path in rules.files(root=root)
        if path.suffix in FOREIGN or ".min." in path.name or path.name.startswith(("htmx", "kern."))
    ]


def test_nothing_third_party_lies_in_the_repository(tmp_path: Path) -> None:
    assert foreign(rules.ROOT) == []
    (tmp_path / "htmx.min.js").touch()
    (tmp_path / "fira.woff2").touch()
    assert foreign(tmp_path) == ["fira.woff2", "htmx.min.js"]


def test_the_tests_of_a_module_stand_under_its_name() -> None:
    """`tests/core/test_jobs.py` tests `learn/core/jobs.py`; those of no package aside."""
    aside = {"house", "journeys", "faults", "performance", "xss"}
    packages = {path.name for path in (rules.ROOT / "learn").iterdir() if (path / "__init__.py").is_file()}
    folders = {path.name for path in (rules.ROOT / "tests").iterdir() if path.is_dir()} - rules.OUTSIDE
    assert folders - aside <= packages
