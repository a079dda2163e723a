"""Each sentence of the page for staff councils stands on a test that exists and runs."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from learn.site.cannot import CHAPTERS
from tests.house import rules

NOT_RUN = {"skip", "skipif", "xfail"}
OPENS = "learn.accounts.views.entering"


def claimed() -> list[str]:
    return [claim.test for chapter in CHAPTERS for claim in chapter.claims]


def unbacked(nodes: Iterable[str], root: Path = rules.ROOT) -> list[str]:
    """Node ids whose test is missing, not collected or never run."""
    return [node for node in nodes if not runs(node, root)]


def runs(node: str, root: Path) -> bool:
    """Whether pytest collects `tests/…/test_x.py::test_y` and runs it."""
    file, _colons, name = node.partition("::")
    path = root / file
    collected = file.startswith("tests/") and path.name.startswith("test_") and name.startswith("test_")
    if not collected or not path.is_file():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == name]
    return len(found) == 1 and NOT_RUN.isdisjoint({*marks(found[0].decorator_list), *module_marks(tree)})


def marks(expressions: Iterable[ast.expr]) -> Iterator[str]:
    """Names in decorators: `pytest.mark.skipif(…)` gives `skipif` among others."""
    for expression in expressions:
        for node in ast.walk(expression):
            if isinstance(node, ast.Attribute):
                yield node.attr


def module_marks(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        names = [target.id for target in getattr(node, "targets", ()) if isinstance(target, ast.Name)]
        if isinstance(node, ast.Assign) and "pytestmark" in names:
            yield from marks([node.value])


def test_every_claim_has_a_test_that_runs() -> None:
    assert len(claimed()) > 12
    assert unbacked(claimed()) == []


def test_every_claim_is_written_out() -> None:
    sentences = [claim.sentence for chapter in CHAPTERS for claim in chapter.claims]
    assert len(set(sentences)) == len(sentences)
    assert all(claim.how.endswith(".") for chapter in CHAPTERS for claim in chapter.claims)


def test_a_claim_without_a_running_test_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    mark = "pytest." + "mark"
    (folder / "test_a.py").write_text(
        f"@{mark}.postgres\ndef test_runs(): ...\n"
        f"@{mark}.skip" + "if(True)\ndef test_rests(): ...\n"
        "def helper(): ...\n"
    )
    (folder / "test_b.py").write_text(f"pytestmark = {mark}.skip" + "\ndef test_rests(): ...\n")
    (folder / "other.py").write_text("def test_never(): ...\n")
    fine = "tests/test_a.py::test_runs"
    wrong = [
        *("tests/test_a.py::test_rests", "tests/test_a.py::test_missing", "tests/test_a.py::helper"),
        *("tests/test_b.py::test_rests", "tests/other.py::test_never", "tests/test_c.py::test_gone"),
    ]
    assert unbacked([fine, *wrong], tmp_path) == wrong


def test_only_signing_in_opens_a_session() -> None:
    """No staff page, command or job can begin a session in somebody's name."""
    code = [module for module in rules.trees(rules.ROOT, "learn/") if module[0] != "learn/core/sessions.py"]
    openers = rules.attribute_uses(code, "sessions.begin", "sessions.open_row")
    assert {place.partition(":")[0] for place in openers} == {
        "learn/accounts/service.py",
        "learn/accounts/views/entering.py",
    }
    outside = [module for module in code if not module[0].startswith("learn/accounts/views/")]
    assert rules.modules_imported(outside, f"{OPENS}.enter") == []
    assert rules.attribute_uses(outside, "entering.enter", "service.sign_in") == []
    planted = ast.parse(f"from {OPENS} import enter\nentering.enter(7)\nsessions.open_row(db, 7)")
    by_hand = [("learn/desk/people.py", planted)]
    assert rules.modules_imported(by_hand, f"{OPENS}.enter") == ["learn/desk/people.py:1"]
    assert rules.attribute_uses(by_hand, "entering.enter", "sessions.open_row") == [
        "learn/desk/people.py:2",
        "learn/desk/people.py:3",
    ]
